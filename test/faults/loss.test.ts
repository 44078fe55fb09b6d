import t from 'tap'
import { CuttingProxy } from '../crash/proxy.ts'
import { saysWhereItStands } from '../crash/says.ts'
import { gone } from '../crash/trial.ts'
import { ended, Project, type UpDocument } from '../project.ts'
import { type Database, eachServer } from '../servers/databases.ts'
import { slow } from '../slow.ts'

const a = '20250101_000000_a'

const long = 'long '.repeat(500)

const slowly = ({ kind }: Database) => ({
  // where there are several in one message, the server tells how far it is, and hears that nobody listens
  [a]: `INSERT INTO one VALUES (1);\n${slow(kind, 1)}\nINSERT INTO one VALUES (length('${long}'));`,
})

/** Cuts the connection when the message with the statements of the migration is with the server. */
async function cutOff(database: Database, files: Readonly<Record<string, string>>) {
  if (database.kind === 'sqlite') throw new Error('SQLite has no connection')
  await database.query('create table one (id integer)')
  const proxy = await CuttingProxy.open(database.kind, database.url, {
    fate: ({ from, length }) => (from === 'client' && length > long.length ? 'all' : undefined),
  })
  const run = await new Project(database, files).run(['up', '--json', '--lock-timeout', '5min'], {
    env: { DATABASE_URL: proxy.url },
  })
  await proxy.close()
  return ended<UpDocument>(run)
}

await eachServer(
  t,
  'what the server commits after the connection was lost is waited for, and told as applied',
  async (t, database) => {
    const run = await cutOff(database, slowly(database))
    t.equal(run.code, 1)
    t.match(run.error, { code: 'lost-connection', state: /nothing is left to do; 1 migration applied by this run/ })
    t.match(run.document, { applied: [{ id: a }], pending: [] })
    await gone(database)
    t.equal(await saysWhereItStands(database, run), undefined)
  },
  ['postgres', 'mysql', 'mariadb'],
)
