import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { ended, Project, rollsBack, type UpDocument } from '../project.ts'
import { connect } from '../servers/connection.ts'
import { type Database, eachServer } from '../servers/databases.ts'
import { servePostgres, startPostgres } from '../servers/postgres.ts'
import { scratch, unprivileged } from '../servers/server.ts'
import { atSlowStatement, processlist, sleepers, slow, until } from '../slow.ts'

const a = '20250101_000000_a'
const b = '20250102_000000_b'

function half(database: Database, wait: number): Record<string, string> {
  return {
    [a]: 'CREATE TABLE one (id integer);',
    [b]: `INSERT INTO one VALUES (1);\nCREATE TABLE two (id integer);\nINSERT INTO two VALUES (2);\n${wait ? slow(database.kind, wait) : 'SELECT 1;'}\nINSERT INTO one VALUES (3);`,
  }
}

const servers = ['postgres', 'mysql', 'mariadb'] as const

await eachServer(t, 'Ctrl-C ends a slow statement, rolls back and frees the lock', async (t, database) => {
  // SQLite runs inside the process, which hears of signals when the statement is done
  const project = new Project(database, half(database, database.kind === 'sqlite' ? 2 : 300))
  await project.up('--to', a)
  const running = project.start(['up', '--json'], { timeout: 120_000 })
  await atSlowStatement(database)
  running.child.kill('SIGINT')
  const { code, error, document, stderr } = ended<UpDocument>(await running.finished)
  t.equal(code, 1)
  t.match(stderr, 'stopping')
  t.match(error, { code: 'interrupted', remedy: /run "sqlmig up" again/ })
  t.match(document, { applied: [], pending: [b], failed: { id: b } })
  if (database.kind !== 'sqlite') t.strictSame(await sleepers(database), [])
  project.write(b, half(database, 0)[b]!)
  if (rollsBack(database)) t.match(error?.state, `${b} was rolled back`)
  else t.match(error?.state, /^statements 1 to 2 stand/)
  t.strictSame(await project.ledger(), [`applied ${a}`, ...(rollsBack(database) ? [] : [`started ${b} 2/5`])])
  t.equal((await project.up('--lock-wait', '0')).code, 0)
  t.strictSame([await project.count('one'), await project.count('two')], [2, 1])
})

await eachServer(
  t,
  'a lost connection is told with what the ledger says, and the next run goes on',
  async (t, database) => {
    const project = new Project(database, half(database, 300))
    const running = project.start(['up', '--json'], { timeout: 120_000 })
    await atSlowStatement(database)
    await endSession(database)
    const { code, error, document } = ended<UpDocument>(await running.finished)
    t.equal(code, 1)
    t.match(error, { code: 'lost-connection', message: /the connection was lost/, remedy: /run "sqlmig up" again/ })
    t.match(document, { applied: [{ id: a }], pending: [b], failed: { id: b } })
    if (rollsBack(database)) t.match(error?.state, `the ledger was asked: ${b} did not take effect`)
    else t.match(error?.state, `${b} is half done: 2 of its statements are recorded as done`)
    project.write(b, half(database, 0)[b]!)
    t.equal((await project.up()).code, 0)
    t.strictSame([await project.count('one'), await project.count('two')], [2, 1])
  },
  servers,
)

async function endSession(database: Database): Promise<void> {
  const [id] = await sleepers(database)
  await database.query(database.kind === 'postgres' ? `select pg_terminate_backend(${id})` : `kill ${id}`)
}

/** A migration whose second statement waits, behind a transaction that has read the table. */
async function waitingInSecond(database: Database, second: string) {
  const project = new Project(database, { [a]: 'CREATE TABLE one (id integer, note text);' })
  await project.up()
  await database.query('INSERT INTO one VALUES (0, NULL)')
  project.write(b, `INSERT INTO one (id) VALUES (1);\n${second};\nINSERT INTO one (id) VALUES (2);`)
  await database.query('begin; select * from one')
  const running = project.start(['up', '--json', '--lock-timeout', '5min'], { timeout: 120_000 })
  const waiting = `select id from ${processlist(database.kind)} where db = database() and state like '%metadata lock%'`
  await until(async () => (await database.query(waiting)).length > 0)
  const sessions = async () => (await database.query(waiting)).map(({ id }) => Number(id))
  return { project, running, sessions }
}

await eachServer(
  t,
  'DDL that was cut off before it took effect is run by the next up, unasked',
  async (t, database) => {
    const { project, running, sessions } = await waitingInSecond(
      database,
      'ALTER TABLE one ADD COLUMN name varchar(10)',
    )
    for (const id of await sessions()) await database.query(`kill ${id}`)
    t.match(ended<UpDocument>(await running.finished).error, { code: 'lost-connection', state: `${b} is half done` })
    await database.query('commit')
    t.match((await project.json(['status'])).document.summary, { partial: 1 })
    const next = await project.run(['up'])
    t.equal(next.code, 0, next.stderr)
    t.match(next.stdout + next.stderr, /statement 2, in which a former run was cut off, had no effect and is run again/)
    t.equal(await project.count('one'), 3)
    t.equal((await database.query('select name from one')).length, 3)
  },
  ['mysql', 'mariadb'],
)

await eachServer(
  t,
  'DDL that took effect after its runner was killed is not run again',
  async (t, database) => {
    const { project, running, sessions } = await waitingInSecond(
      database,
      'ALTER TABLE one ADD COLUMN name varchar(10)',
    )
    running.child.kill('SIGKILL')
    await running.finished
    t.equal((await sessions()).length, 1, 'the server goes on without its client')
    await database.query('commit')
    const next = await project.run(['up'])
    t.equal(next.code, 0, next.stderr)
    t.equal(await project.count('one'), 3)
    t.equal((await database.query('select name from one')).length, 3)
  },
  ['mysql', 'mariadb'],
)

await eachServer(
  t,
  'a statement that was cut off is not taken for another one that stands there now',
  async (t, database) => {
    const { project, running, sessions } = await waitingInSecond(
      database,
      'ALTER TABLE one ADD COLUMN name varchar(10)',
    )
    for (const id of await sessions()) await database.query(`kill ${id}`)
    await running.finished
    await database.query('commit')
    project.write(b, 'INSERT INTO one (id) VALUES (1);\nALTER TABLE one ADD COLUMN title varchar(10);')
    const asked = await project.up()
    t.equal(asked.code, 4)
    t.match(asked.error, {
      code: 'partial',
      message: `statement 2 of ${b} was edited since a run was cut off in it`,
      state: 'statements 1 to 1 stand; nothing was run now',
    })
    t.equal((await project.run(['resolve', b, '--not-started', '--reason', 'it is not there'])).code, 0)
    t.equal((await project.up()).code, 0)
    t.equal((await database.query('select title from one')).length, 2)
  },
  ['mysql', 'mariadb'],
)

await eachServer(
  t,
  'where nobody can tell what a statement did that was cut off, up asks and resolve answers',
  async (t, database) => {
    const { project, running, sessions } = await waitingInSecond(database, 'TRUNCATE TABLE one')
    for (const id of await sessions()) await database.query(`kill ${id}`)
    t.match(ended<UpDocument>(await running.finished).error, { code: 'lost-connection', state: `${b} is half done` })
    await database.query('commit')
    const asked = await project.up()
    t.equal(asked.code, 4)
    t.match(asked.error, {
      code: 'partial',
      message: `nobody knows whether statement 2 of ${b} took effect`,
      state: /statements 1 to 1 stand|statement 1 stands/,
      remedy: `sqlmig resolve ${b} --through 2`,
    })
    t.equal((await project.run(['resolve', b, '--through', '1'])).code, 0)
    t.equal((await project.up()).code, 0)
    t.equal(await project.count('one'), 1)
  },
  ['mysql', 'mariadb'],
)

await eachServer(
  t,
  'an index whose build was cut off is finished by the next run, unasked',
  async (t, database) => {
    const project = new Project(database, { [a]: 'CREATE TABLE one (id integer);\nINSERT INTO one VALUES (1);' })
    await project.up()
    project.write(
      b,
      '-- sqlmig: no-transaction\nINSERT INTO one VALUES (2);\nCREATE INDEX CONCURRENTLY one_id ON one (id);\nINSERT INTO one VALUES (3);',
    )
    // an older transaction that has written to the table keeps the build waiting
    await database.query('begin')
    await database.query('insert into one values (9)')
    const running = project.start(['up', '--json', '--lock-timeout', '5min'], { timeout: 120_000 })
    // within a transaction PostgreSQL would show its sessions as they were at the first look
    const builders =
      "select pg_stat_clear_snapshot(); select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    await until(async () => (await database.query(builders)).length > 0)
    const [builder] = await database.query(builders)
    await database.query(`select pg_terminate_backend(${builder?.pid})`)
    t.match(ended<UpDocument>(await running.finished).error, { code: 'lost-connection' })
    await database.query('rollback')
    t.match(await database.query('select indisvalid from pg_index i where i.indexrelid = to_regclass($$one_id$$)'), [
      { indisvalid: false },
    ])
    const { code, stderr } = await project.up()
    t.equal(code, 0, stderr)
    t.match(await database.query('select indisvalid from pg_index i where i.indexrelid = to_regclass($$one_id$$)'), [
      { indisvalid: true },
    ])
    t.equal(await project.count('one'), 3)
  },
  ['postgres'],
)

await eachServer(
  t,
  'a build that waits too long for its locks is cleared and tried again',
  async (t, database) => {
    const project = new Project(database, { [a]: 'CREATE TABLE one (id integer);' })
    await project.up()
    project.write(b, '-- sqlmig: no-transaction\nCREATE INDEX CONCURRENTLY one_id ON one (id);')
    await database.query('begin')
    await database.query('insert into one values (9)')
    let released: Promise<unknown> | undefined
    const { code, stderr } = await project.run(['up', '--lock-timeout', '1s'], {
      onStdout: (text) => {
        if (text.includes('retry')) released ??= database.query('commit')
      },
    })
    t.equal(code, 0, stderr)
    t.ok(released, 'a retry was told')
    t.match(await database.query('select indisvalid from pg_index i where i.indexrelid = to_regclass($$one_id$$)'), [
      { indisvalid: true },
    ])
  },
  ['postgres'],
)

await eachServer(
  t,
  'a database that takes no writes is refused before anything is tried',
  async (t, database) => {
    const [name] = await database.query('select current_database() as name')
    await database.query(`alter database ${name?.name} set default_transaction_read_only = on`)
    const project = new Project(database, half(database, 0))
    const { code, error } = await project.up()
    t.equal(code, 2)
    t.match(error, { code: 'read-only', state: 'nothing was run', remedy: /primary/ })
    t.strictSame(await project.tables(), [])
    t.equal((await project.json(['status'])).code, 0)
  },
  ['postgres'],
)

const bin = process.env.SQLMIG_TEST_POSTGRES_BIN
const noServer = !(bin && existsSync(join(bin, 'pg_basebackup'))) && 'NOT TESTED: no PostgreSQL programs for a replica'
if (noServer) console.error(`!!! ${noServer}`)

await t.test('a replica of PostgreSQL is refused, and can be asked for the status', { skip: noServer }, async (t) => {
  const primary = await startPostgres(bin!)
  t.teardown(() => primary.stop())
  const chain = { [a]: 'CREATE TABLE one (id integer);' }
  t.equal((await new Project({ kind: 'postgres', url: primary.url } as Database, chain).up()).code, 0)
  const place = scratch('standby', unprivileged('postgres'))
  t.teardown(() => place.release())
  const { user, folder } = place
  execFileSync(
    join(bin!, 'pg_basebackup'),
    ['-D', join(folder, 'data'), '-d', primary.url, '-R', '-X', 'stream', '-c', 'fast'],
    {
      ...user,
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: folder },
    },
  )
  const standby = await servePostgres(bin!, place)
  const connection = connect('postgres', standby.url)
  t.teardown(() => connection.close())
  const project = new Project(
    { kind: 'postgres', url: standby.url, query: connection.query, drop: async () => {} },
    { ...chain, [b]: 'CREATE TABLE two (id integer);' },
  )
  const { code, error } = await project.up()
  t.equal(code, 2)
  t.match(error, { code: 'read-only', message: /it is a replica/, state: 'nothing was run', remedy: /primary/ })
  t.match((await project.json(['status'])).document.summary, { applied: 1, pending: 1 })
  t.match((await project.up('--dry-run')).document.pending, [b])
})
