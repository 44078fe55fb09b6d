import t from 'tap'
import { Project } from '../project.ts'
import { connect } from '../servers/connection.ts'
import { type Database, eachServer } from '../servers/databases.ts'
import { until } from '../slow.ts'

const a = '20250101_000000_a'
const b = '20250102_000000_b'

const twins = 'CREATE TABLE one (id integer, name text);\nINSERT INTO one VALUES (1), (1);'
const unique = 'CREATE UNIQUE INDEX CONCURRENTLY one_id ON one (id)'
const alone = (sql: string) => `-- sqlmig: no-transaction\n${sql};`

/** `name: valid or INVALID` of each index of the table. */
async function indexes({ query }: Database, table = 'one'): Promise<string[]> {
  const rows = await query(
    `select c.relname as name, i.indisvalid as valid from pg_index i join pg_class c on c.oid = i.indexrelid where i.indrelid = '${table}'::regclass order by 1`,
  )
  return rows.map(({ name, valid }) => `${name}: ${valid ? 'valid' : 'INVALID'}`)
}

const untwin = 'delete from one where ctid = (select min(ctid) from one)'

await eachServer(
  t,
  'an index that could not be built concurrently is cleared away at once, and built when it can be',
  async (t, database) => {
    const project = new Project(database, {
      [a]: twins,
      [b]: alone(`INSERT INTO one VALUES (2);\n${unique};\nINSERT INTO one VALUES (3)`),
    })
    const failed = await project.up()
    t.equal(failed.code, 1)
    t.match(failed.document.failed, { id: b, statement: 2 })
    t.strictSame(await indexes(database), [])
    await database.query(untwin)
    const { code, stderr } = await project.up()
    t.equal(code, 0, stderr)
    t.strictSame(await indexes(database), ['one_id: valid'])
    t.equal(await project.count('one'), 3)
  },
  ['postgres'],
)

await eachServer(
  t,
  'an INVALID index of somebody else is reported, whether or not the statement would pass over it, and never dropped',
  async (t, database) => {
    const project = new Project(database, { [a]: twins })
    await project.up()
    await database.query(unique).catch(() => undefined)
    await database.query(untwin)
    for (const statement of [
      'CREATE INDEX CONCURRENTLY IF NOT EXISTS one_id ON one (id)',
      'CREATE INDEX CONCURRENTLY /* as ever */ "one_id" ON public.one (id)',
      'CREATE INDEX CONCURRENTLY ON ONLY one (name)',
    ]) {
      project.write(b, alone(statement))
      for (const time of ['first', 'second']) {
        const { code, error } = await project.up()
        t.equal(code, 1, `${statement}, the ${time} time`)
        t.match(error, {
          code: 'invalid-index',
          file: project.file(b),
          line: 2,
          remedy: /DROP INDEX CONCURRENTLY one_id"/,
        })
        t.match(error?.message, 'the index one_id was left INVALID, and not by this migration')
      }
      t.strictSame(await indexes(database), ['one_id: INVALID'])
      await database.query('delete from sqlmig_history where seq > 1')
    }
    project.write(b, alone('DROP INDEX CONCURRENTLY one_id'))
    t.equal((await project.up()).code, 0, 'a migration may drop it')
    t.strictSame(await indexes(database), [])
  },
  ['postgres'],
)

await eachServer(
  t,
  'an index that a session is still building is left to it',
  async (t, database) => {
    const project = new Project(database, { [a]: twins })
    await project.up()
    await database.query(untwin)
    const reader = connect('postgres', database.url)
    await reader.query('begin isolation level repeatable read')
    await reader.query('select 1 from one')
    // it waits for the end of older transactions that have seen the table
    const building = database.query(unique)
    await until(
      async () =>
        (await reader.query('select pg_stat_clear_snapshot(); select 1 from pg_stat_progress_create_index')).length > 0,
    )
    const watcher = connect('postgres', database.url)
    await until(async () => (await watcher.query("select 1 from pg_class where relname = 'one_id'")).length > 0)
    project.write(b, alone('CREATE INDEX CONCURRENTLY IF NOT EXISTS one_id ON one (id)'))
    const { error } = await project.up()
    t.match(error, {
      code: 'invalid-index',
      message: /one_id is being built by pid \d+/,
      remedy: /wait until it is built/,
    })
    await reader.query('commit')
    await building
    t.equal((await project.up()).code, 0)
    await Promise.all([reader.close(), watcher.close()])
  },
  ['postgres'],
)

/** Leaves the ledger and the database as a runner would that was killed in the last statement of its file. */
async function cutOff(
  project: Project,
  sql: string,
  leave: (database: Database) => Promise<unknown>,
  table = 'one',
): Promise<void> {
  project.write(b, alone(sql))
  const { database } = project
  // the statement waits for this one, which is older, and is killed there
  const reader = connect('postgres', database.url)
  await reader.query('begin isolation level repeatable read')
  await reader.query(`select 1 from ${table}`)
  const run = project.start(['up', '--lock-timeout', '5min'], { timeout: 120_000 })
  const at = "select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
  await until(async () => (await database.query(at)).length > 0)
  run.child.kill('SIGKILL')
  await run.finished
  await database.query(`select pg_terminate_backend(pid) from (${at}) waiting`)
  await until(async () => (await database.query(at)).length === 0)
  await reader.query('commit')
  await reader.close()
  await leave(database)
}

const whole = 'CREATE TABLE one (id integer, name text);\nINSERT INTO one VALUES (1), (2);'

for (const [statement, name] of [
  ['CREATE INDEX CONCURRENTLY one_id ON one (id)', 'one_id'],
  ['CREATE INDEX CONCURRENTLY ON one (id)', 'one_id_idx'],
  ['CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "One Id" ON ONLY public . one (id)', 'One Id'],
] as const) {
  await eachServer(
    t,
    `what a killed run left of ${statement} is dropped, and built again`,
    async (t, database) => {
      const project = new Project(database, { [a]: whole })
      await project.up()
      await cutOff(project, statement, async (database) => {
        t.strictSame(await indexes(database), [`${name}: INVALID`])
      })
      const { code, stderr } = await project.up()
      t.equal(code, 0, stderr)
      t.strictSame(await indexes(database), [`${name}: valid`])
    },
    ['postgres'],
  )
}

await eachServer(
  t,
  'what a killed run had finished but not recorded is not done again',
  async (t, database) => {
    const project = new Project(database, { [a]: whole })
    await project.up()
    await cutOff(project, 'CREATE INDEX CONCURRENTLY ON one (id)', async (database) => {
      await database.query('drop index one_id_idx')
      await database.query('create index one_id_idx on one (id)')
    })
    const { code, stderr } = await project.up()
    t.equal(code, 0, stderr)
    t.match(stderr, /statement 1, in which a former run was cut off, had taken effect/)
    t.strictSame(await indexes(database), ['one_id_idx: valid'])
  },
  ['postgres'],
)

await eachServer(
  t,
  'what REINDEX CONCURRENTLY left is dropped, and it is run again; of others it is told',
  async (t, database) => {
    const project = new Project(database, { [a]: `${whole}\nCREATE INDEX one_id ON one (id);` })
    await project.up()
    await cutOff(project, 'REINDEX TABLE CONCURRENTLY one', async (database) => {
      t.strictSame(await indexes(database), ['one_id: valid', 'one_id_ccnew: INVALID'])
    })
    t.equal((await project.up()).code, 0)
    t.strictSame(await indexes(database), ['one_id: valid'])
    await database.query('delete from sqlmig_history where seq > 1')
    await database.query("update pg_index set indisvalid = false where indexrelid = 'one_id'::regclass")
    await database.query('alter index one_id rename to one_id_ccold')
    const { code, stderr } = await project.up()
    t.equal(code, 0, stderr)
    t.match(stderr, /note .*: the index one_id_ccold was left INVALID, and not by this migration: find out who made it/)
  },
  ['postgres'],
)

await eachServer(
  t,
  'a DROP INDEX CONCURRENTLY and a DETACH that were cut off are finished',
  async (t, database) => {
    const project = new Project(database, {
      [a]: `${whole}\nCREATE INDEX one_id ON one (id);
CREATE TABLE parts (id integer) PARTITION BY LIST (id);
CREATE TABLE part_1 PARTITION OF parts FOR VALUES IN (1);`,
    })
    await project.up()
    await cutOff(project, 'DROP INDEX CONCURRENTLY one_id', async (database) => {
      t.strictSame(await indexes(database), ['one_id: INVALID'])
    })
    t.equal((await project.up()).code, 0)
    t.strictSame(await indexes(database), [])
    await database.query('delete from sqlmig_history where seq > 1')
    // its second transaction waits for those that have seen the table
    await cutOff(
      project,
      'ALTER TABLE parts DETACH PARTITION part_1 CONCURRENTLY',
      async (database) => {
        t.match(await database.query('select inhdetachpending as p from pg_inherits'), [{ p: true }])
      },
      'parts',
    )
    const { code, stderr } = await project.up()
    t.equal(code, 0, stderr)
    t.strictSame(await database.query('select 1 from pg_inherits'), [])
  },
  ['postgres'],
)

await eachServer(
  t,
  'what is open about a statement stays open, however often it is asked',
  async (t, database) => {
    const project = new Project(database, { [a]: whole })
    await project.up()
    await cutOff(project, 'CREATE INDEX CONCURRENTLY one_id ON one (id)', async () => undefined)
    project.write(b, alone('CREATE INDEX CONCURRENTLY one_name ON one (name)'))
    for (const time of ['first', 'second']) {
      t.match(
        (await project.up()).error,
        { code: 'partial', message: /was edited since a run was cut off in it/ },
        time,
      )
    }
    t.strictSame(await indexes(database), ['one_id: INVALID'])
    project.write(b, alone('CREATE INDEX CONCURRENTLY one_id ON one (id)'))
    t.equal((await project.up()).code, 0)
    t.strictSame(await indexes(database), ['one_id: valid'])
  },
  ['postgres'],
)
