import t, { type Test } from 'tap'
import { Project } from '../project.ts'
import { type Database, eachServer, freshDatabase, type Kind } from '../servers/databases.ts'
import { atSlowStatement, slow } from '../slow.ts'
import { feed, noClient, startFeeding } from './client-programs.ts'

const id = (number: number) => `2025010${number}_000000_step_${number}`
const table = (number: number) => `CREATE TABLE t${number} (id integer PRIMARY KEY);`
const two = { [id(1)]: table(1), [id(2)]: table(2) }

async function scripted(t: Test, name: string, body: (t: Test, database: Database) => Promise<unknown>): Promise<void> {
  await eachServer(t, name, async (t, database) => {
    const missing = noClient(database.kind)
    if (missing) return t.pass(missing, { skip: missing })
    await body(t, database)
  })
}

async function scriptOf(project: Project, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await project.run(['script', ...args])
  if (code !== 0) throw new Error(stderr)
  return stdout
}

/** The script stops, tells this, and has changed nothing. */
async function stops(t: Test, project: Project, sql: string, ...words: RegExp[]): Promise<void> {
  const before = [await project.tables(), await ledgerOf(project)]
  const { code, output } = feed(project.database, sql)
  t.not(code, 0, output)
  for (const word of words) t.match(output, word)
  t.match(output, /nothing was run/)
  t.strictSame([await project.tables(), await ledgerOf(project)], before, 'nothing has changed')
}

async function ledgerOf(project: Project): Promise<string[]> {
  return (await project.tables()).includes('sqlmig_history') ? project.ledger() : []
}

await scripted(t, 'a script runs in another database at the same point, whatever its name', async (t, database) => {
  const staging = new Project(database, { [id(1)]: table(1) })
  await staging.up()
  const production = new Project(await freshDatabase(database.kind, t), { [id(1)]: table(1) })
  await production.up()
  staging.write(id(2), table(2))
  const { code, output } = feed(production.database, await scriptOf(staging))
  t.equal(code, 0, output)
  t.strictSame(await production.ledger(), [`applied ${id(1)}`, `applied ${id(2)}`])
  t.notOk((await staging.tables()).includes('t2'), 'the database it was made for is left alone')
})

await scripted(t, 'a second time it stops, and says where the ledger is', async (t, database) => {
  const project = new Project(database, { [id(1)]: table(1) })
  await project.up()
  project.write(id(2), table(2))
  const sql = await scriptOf(project)
  t.equal(feed(database, sql).code, 0)
  await stops(
    t,
    project,
    sql,
    /newest row being row [12], applied 20250101/,
    /row [24], applied 20250102/,
    /sqlmig script/,
  )
})

await scripted(t, 'it stops where the ledger is missing, or there against expectation', async (t, database) => {
  const empty = new Project(database, two)
  const first = await scriptOf(empty)
  const applied = new Project(await freshDatabase(database.kind, t), { [id(1)]: table(1) })
  await applied.up()
  applied.write(id(2), table(2))
  const second = await scriptOf(applied)
  await stops(t, empty, second, /sqlmig_history.* of applied migrations is expected, and not there/)
  await stops(t, applied, first, /no migration was run, and here is the table .*sqlmig_history/)
})

await scripted(t, 'without a ledger its tables tell the database', async (t, database) => {
  const empty = new Project(database, two)
  const first = await scriptOf(empty)
  const other = new Project(await freshDatabase(database.kind, t), {})
  await other.database.query('create table customers (id integer)')
  await stops(t, other, first, /made for an empty database/, /customers/, /right database/)
})

await scripted(t, 'it stops where other migrations are applied, though as many', async (t, database) => {
  const project = new Project(database, { [id(1)]: table(1), [id(3)]: table(3) })
  await project.up()
  const other = new Project(await freshDatabase(database.kind, t), { [id(2)]: table(2), [id(3)]: table(3) })
  await other.up()
  project.write(id(4), table(4))
  await stops(t, other, await scriptOf(project), /other migrations are applied here/)
})

await scripted(t, 'it stops where a migration is half done', async (t, database) => {
  const half = '-- sqlmig: no-transaction\nCREATE TABLE a (id integer);\nCREATE TABLE a (id integer);'
  const project = new Project(database, two)
  const other = new Project(await freshDatabase(database.kind, t), { [id(1)]: table(1), [id(2)]: half })
  await project.up('--to', id(1))
  await other.up()
  const sql = await scriptOf(project)
  await stops(t, other, sql, /half done/, /20250102_000000_step_2: 1 of 2 statements stand/, /sqlmig up/)
})

await scripted(t, 'a script holds the lock: another one stops at once, and up waits', async (t, database) => {
  const project = new Project(database, {
    [id(1)]: `-- sqlmig: no-transaction\nCREATE TABLE t1 (id integer PRIMARY KEY);\n${slow(database.kind, 3)}`,
    [id(2)]: `-- sqlmig: no-transaction\n${table(2)}`,
  })
  const sql = await scriptOf(project)
  const first = startFeeding(database, sql)
  await atSlowStatement(database)
  const second = feed(database, sql)
  t.not(second.code, 0)
  t.match(
    second.output,
    database.kind === 'sqlite' ? /somebody else .*is locked/s : /somebody else is running migrations/,
  )
  t.equal((await project.run(['up', '--lock-wait', '0s'])).code, 5, 'up finds the lock taken')
  const up = project.up()
  t.equal((await first.ended).code, 0)
  t.strictSame((await up).document.applied, [], 'up has waited, and finds nothing left to do')
  t.strictSame(await project.ledger(), [`applied ${id(1)}`, `applied ${id(2)}`])
})

await scripted(t, 'a script stops while up is at work', async (t, database) => {
  const project = new Project(database, {
    [id(1)]: `-- sqlmig: no-transaction\nCREATE TABLE t1 (id integer PRIMARY KEY);\n${slow(database.kind, 3)}`,
  })
  const sql = await scriptOf(project)
  const up = project.start(['up'])
  await atSlowStatement(database)
  const fed = feed(database, sql)
  t.not(fed.code, 0)
  t.match(fed.output, database.kind === 'sqlite' ? /is locked/ : /somebody else is running migrations/)
  t.equal((await up.finished).code, 0)
})

await scripted(t, 'an empty plan makes a script that shows where the database stands', async (t, database) => {
  const project = new Project(database, two)
  await project.up()
  const { code, stdout, output } = feed(database, await scriptOf(project))
  t.equal(code, 0, output)
  t.match(stdout, /nothing was left to do/)
  t.match(stdout, id(2))
  t.notMatch(stdout, id(1))
})

await scripted(t, 'it ends with what was applied', async (t, database) => {
  const project = new Project(database, two)
  const { stdout } = feed(database, await scriptOf(project))
  const [last, last2] = stdout
    .trimEnd()
    .split('\n')
    .filter((line) => /step_/.test(line))
    .slice(-2)
  for (const [index, line] of [last, last2].entries()) {
    t.match(line, new RegExp(`^\\W*\\d\\W+${id(index + 1)}\\W+20\\d\\d-\\d\\d-\\d\\dT`))
  }
})

await scripted(t, 'its head says how to run it, for what, and no password', async (t, database) => {
  const project = new Project(database, two)
  const sql = await scriptOf(project)
  const head = sql.slice(0, sql.search(/^[^-]/m))
  t.match(head, /2 migrations for/)
  t.match(head, /psql -X -f FILE\.sql|mysql --comments|sqlite3 DATABASE/)
  t.match(head, `${id(1)}: 1 statements`)
  const { password } = new URL(database.url.replace('sqlite:', 'sqlite://x'))
  if (password) t.notMatch(sql, password)
})

await scripted(t, 'status --drift knows nothing after a script, rather than call it a drift', async (t, database) => {
  const project = new Project(database, { [id(1)]: table(1) })
  await project.up()
  project.write(id(2), table(2))
  t.equal(feed(database, await scriptOf(project)).code, 0)
  t.equal((await project.run(['status', '--drift'])).code, 0)
})

await eachServer(
  t,
  'it stops where the server takes no writes, or plain names go to another schema',
  async (t, database) => {
    if (noClient(database.kind)) return t.comment('NOT TESTED: no client')
    const project = new Project(database, two)
    const sql = await scriptOf(project)
    const name = new URL(database.url).pathname.slice(1)
    await database.query('create schema elsewhere')
    await database.query(`alter database ${name} set search_path = elsewhere`)
    const elsewhere = feed(database, sql)
    t.equal(elsewhere.code, 3)
    t.match(elsewhere.output, /made for the schema public.*search_path is elsewhere.*PGOPTIONS/s)
    await database.query(`alter database ${name} set search_path = public`)
    await database.query(`alter database ${name} set default_transaction_read_only = on`)
    const readOnly = feed(database, sql)
    t.equal(readOnly.code, 3)
    t.match(readOnly.output, /takes no writes/)
    t.strictSame(await project.tables(), [])
  },
  ['postgres'],
)

await t.test('any other program stops at once', async (t) => {
  const kinds = (['postgres', 'mysql', 'mariadb', 'sqlite'] as const).filter((kind) => !noClient(kind))
  const files = { [id(1)]: 'CREATE TABLE t1 (id integer);', [id(2)]: 'CREATE TABLE t2 (id integer);' }
  const projects = new Map<Kind, Project>()
  for (const kind of kinds) projects.set(kind, new Project(await freshDatabase(kind, t), files))
  for (const from of kinds) {
    const sql = await scriptOf(projects.get(from)!)
    for (const kind of kinds) {
      if (kind === from) continue
      const project = projects.get(kind)!
      const { code, output } = feed(project.database, sql)
      t.not(code, 0, `a script for ${from} in ${kind}: ${output.slice(0, 300)}`)
      t.strictSame(await project.tables(), [])
    }
  }
})
