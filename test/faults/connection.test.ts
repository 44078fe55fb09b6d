import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { folder } from '../cli.ts'
import { Project } from '../project.ts'
import { connect } from '../servers/connection.ts'
import { type Database, eachServer } from '../servers/databases.ts'
import { startPostgres } from '../servers/postgres.ts'
import { freePort } from '../servers/server.ts'

const first = '20250101_000000_first'
const servers = ['postgres', 'mysql', 'mariadb'] as const
const chain = { [first]: 'CREATE TABLE lead_one (id integer);' }

/** Characters that URLs, shells and regular expressions treat in their own way. */
const password = `p@ss:w/rd?#%&+"'\\$ {ü}`

function changed(database: Database, change: (url: URL) => void): Database {
  const url = new URL(database.url)
  change(url)
  return { ...database, url: url.href }
}

await eachServer(
  t,
  'a refused connection ends with 6 and says which server it was',
  async (t, database) => {
    const port = String(await freePort())
    const project = new Project(
      changed(database, (url) => (url.port = port)),
      chain,
    )
    const { code, error } = await project.up()
    t.equal(code, 6)
    t.match(error, { code: 'connection', message: `127.0.0.1:${port}`, remedy: /check that the server runs/ })
    t.match(error?.message, 'connection refused')
  },
  servers,
)

await eachServer(
  t,
  'an unknown database ends with 6 and names the command that makes it',
  async (t, database) => {
    const project = new Project(
      changed(database, (url) => (url.pathname = '/sqlmig_nowhere')),
      chain,
    )
    const { code, error } = await project.up()
    t.equal(code, 6)
    t.match(error, { code: 'unknown-database', message: /sqlmig_nowhere/, remedy: /sqlmig create/ })
  },
  servers,
)

await t.test('SQLite files that cannot be opened', async (t) => {
  const place = folder({ 'text.db': 'this is no database at all, whatever its name says; '.repeat(100) })
  const database = (path: string) => ({ kind: 'sqlite', url: `sqlite:${join(place, path)}` }) as Database
  const nowhere = await new Project(database('nowhere/app.db'), chain).up()
  t.equal(nowhere.code, 6)
  t.match(nowhere.error, {
    code: 'unknown-database',
    message: /its folder does not exist/,
    remedy: /create the folder/,
  })
  const text = await new Project(database('text.db'), chain).up()
  t.equal(text.code, 6)
  t.match(text.error, { code: 'connection', message: /not a database/, remedy: /check the path/ })
})

await eachServer(
  t,
  'a wrong password ends with 6, the right one works however odd it is, and neither is ever shown',
  async (t, database) => {
    const user = await makeUser(database)
    t.teardown(() => database.query(`drop user ${user}`))
    await passwords(t, database)
  },
  ['mysql', 'mariadb'],
)

/** For every host: a server may have a nameless user of "localhost", which is nearer than "%". */
async function makeUser({ query }: Database): Promise<string> {
  const users = ['%', 'localhost'].map((host) => `'sqlmig_pw_${process.pid}'@'${host}'`)
  const literal = password.replaceAll('\\', '\\\\').replaceAll("'", "''")
  for (const user of users) {
    await query(`create user ${user} identified by '${literal}'`)
    await query(`grant all on *.* to ${user}`)
  }
  return users.join(', ')
}

const bin = process.env.SQLMIG_TEST_POSTGRES_BIN
const noServer =
  !(bin && existsSync(join(bin, 'postgres'))) && 'NOT TESTED: no PostgreSQL programs for a server with passwords'
if (noServer) console.error(`!!! ${noServer}`)

await t.test('PostgreSQL keeps passwords to itself as well', { skip: noServer }, async (t) => {
  // the server's user may not enter folders of ours
  const rules = join(process.env.SQLMIG_TEST_TMPDIR ?? tmpdir(), `sqlmig-hba-${process.pid}.conf`)
  writeFileSync(rules, `host all sqlmig_pw_${process.pid} all scram-sha-256\nhost all all all trust\n`)
  t.teardown(() => rmSync(rules))
  const server = await startPostgres(bin!, { hba_file: rules })
  t.teardown(() => server.stop())
  const connection = connect('postgres', server.url)
  t.teardown(() => connection.close())
  await connection.query(
    `create role sqlmig_pw_${process.pid} superuser login password '${password.replaceAll("'", "''")}'`,
  )
  await passwords(t, { kind: 'postgres', url: server.url, query: connection.query, drop: async () => {} })
})

async function passwords(t: Test, database: Database): Promise<void> {
  const withPassword = (text: string) =>
    changed(database, (url) => {
      url.username = `sqlmig_pw_${process.pid}`
      url.password = encodeURIComponent(text)
    })
  const wrong = new Project(withPassword(`${password}!`), chain)
  const right = new Project(withPassword(password), {
    ...chain,
    '20250102_000000_second': 'INSERT INTO nowhere VALUES (1);',
  })
  for (const format of [[], ['--json']]) {
    const refused = await wrong.run(['up', ...format])
    t.equal(refused.code, 6)
    t.match(refused.stderr, /error\[authentication\]: cannot connect to 127.0.0.1:\d+/)
    t.match(refused.stderr, /hint: check the user, the password/)
    const failed = await right.run(['up', ...format])
    t.equal(failed.code, 1)
    t.match(failed.stderr, /nowhere/)
    for (const { stdout, stderr } of [refused, failed, await right.run(['status', ...format])]) {
      for (const secret of [password, encodeURIComponent(password)]) t.notOk(`${stdout}${stderr}`.includes(secret))
    }
  }
  const rows = await database.query('select * from sqlmig_history')
  t.strictSame(
    rows.map(({ event }) => event).filter((event) => event !== 'started'),
    ['applied', 'failed', 'failed'],
  )
  t.notOk(JSON.stringify(rows).includes(password), 'nor is it in the ledger')
}

await eachServer(
  t,
  'a URL that cannot be read is not repeated',
  async (t, database) => {
    const project = new Project(database, chain)
    for (const url of [
      'postgres://me:secret-word@[broken/db',
      'mysql:/me:secret-word',
      'oracle://me:secret-word@host/db',
      'me:secret-word@host',
    ]) {
      for (const args of [
        ['up', '--database', url],
        ['up', url],
        ['status', `--database=${url}`],
      ]) {
        const { code, stdout, stderr } = await project.run(args)
        t.equal(code, 2, stderr)
        t.notMatch(stdout + stderr, /secret-word/)
      }
    }
  },
  ['sqlite'],
)
