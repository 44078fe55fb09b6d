import t from 'tap'
import { eachServer, notTested } from './databases.ts'
import { type ServerKind, serverVersion, urlVariable } from './server.ts'

const servers: Record<ServerKind, RegExp> = { postgres: /^PostgreSQL \d/, mysql: /^MySQL \d/, mariadb: /^MariaDB \d/ }

for (const kind of ['postgres', 'mysql', 'mariadb'] as const) {
  const variable = urlVariable(kind)
  t.test(
    `the server of ${variable} answers, and is what the name says`,
    { skip: notTested(kind) ?? false },
    async (t) => {
      t.match(await serverVersion(kind, process.env[variable] ?? ''), servers[kind])
    },
  )
}

await eachServer(t, 'a fresh database is empty, takes rows, and gives them back', async (t, database) => {
  await database.query('create table kept (id bigint primary key, note varchar(20))')
  await database.query("insert into kept values (1, 'one')")
  t.same(await database.query('select id, note from kept'), [{ id: 1, note: 'one' }])
  t.same(await database.query('select id from kept where id > 1'), [])
})

await eachServer(t, 'several statements at once are allowed', async (t, database) => {
  await database.query('create table a (id int); insert into a values (7); insert into a values (8)')
  t.same(await database.query('select count(*) as n from a'), [{ n: 2 }])
})
