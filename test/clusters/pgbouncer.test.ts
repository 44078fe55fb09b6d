import t, { type Test } from 'tap'
import { type Ended, ended, Project, type UpDocument } from '../project.ts'
import { connect } from '../servers/connection.ts'
import { type Database, freshDatabase, notTested } from '../servers/databases.ts'
import { behind, noPgbouncer, type PoolMode, startPgbouncer } from '../servers/pgbouncer.ts'
import { type Server, urlVariable } from '../servers/server.ts'
import { until } from '../slow.ts'

const skip = notTested('postgres') ?? (await noPgbouncer()) ?? false
const variable = urlVariable('postgres')
const id = (number: number) => `2025010${number}_000000_step_${number}`
const steps = [1, 2, 3, 4, 5, 6, 7, 8]

/** Every kind of file; each leaves a row in a table that would take it twice. */
const files: Readonly<Record<string, string>> = {
  [id(1)]: `CREATE TABLE done (step integer NOT NULL);
SET lock_timeout = '7s';
SET search_path = pg_catalog;
SELECT pg_catalog.set_config('work_mem', '3MB', false);
INSERT INTO public.done VALUES (1);`,
  [id(2)]: `CREATE TEMPORARY TABLE kept AS SELECT 2 AS step;
INSERT INTO done SELECT step FROM kept;`,
  [id(3)]: `-- sqlmig: no-transaction
INSERT INTO done VALUES (3);
CREATE INDEX CONCURRENTLY done_step ON done (step);
-- sqlmig: when index done_step on done exists
CREATE TABLE copied (step integer NOT NULL);
BEGIN;
SET LOCAL work_mem = '4MB';
INSERT INTO copied VALUES (0);
COMMIT;
COPY copied (step) FROM STDIN;
1
2
\\.
DO $$ BEGIN PERFORM 1; END $$;
VACUUM done;`,
  [id(4)]: `-- sqlmig: when table copied exists
INSERT INTO done VALUES (4);
COPY copied (step) FROM STDIN;
3
\\.
-- sqlmig: when table nowhere exists
INSERT INTO done VALUES (40);`,
  [id(5)]: 'INSERT INTO done VALUES (5);',
  [id(6)]: '-- sqlmig: no-transaction\nINSERT INTO done VALUES (6);\nREINDEX INDEX CONCURRENTLY done_step;',
  [id(7)]: 'INSERT INTO done VALUES (7);',
  [id(8)]: `CREATE TABLE keyed (step integer PRIMARY KEY);
INSERT INTO keyed SELECT generate_series(6, 10);
-- sqlmig: batch 1 by keyed.step
INSERT INTO done SELECT step FROM keyed WHERE step BETWEEN :batch_from AND :batch_to AND step = 8;`,
}

async function bouncer(t: Test, mode: PoolMode, settings: Readonly<Record<string, string>> = {}): Promise<Server> {
  const server = await startPgbouncer(process.env[variable]!, mode, settings)
  t.teardown(() => server.stop())
  return server
}

const through = (server: Server, { url }: Database) => ({ env: { DATABASE_URL: behind(server, url) } })

async function eachOnce(t: Test, project: Project): Promise<void> {
  const rows = await project.database.query('select step from done order by step')
  t.strictSame(
    rows.map(({ step }) => step),
    steps,
  )
  t.strictSame(
    await project.ledger(),
    steps.map((step) => `applied ${id(step)}`),
  )
}

/** What stands in the server's sessions behind a pooler that was not there when they began. */
async function leftBehind(url: string): Promise<unknown[]> {
  const sessions = Array.from({ length: 4 }, () => connect('postgres', url))
  try {
    // open transactions, so that each has a session of the server
    await Promise.all(sessions.map((session) => session.query('begin')))
    const asked = sessions.map((session) =>
      session.query(`select name, setting from pg_settings where source = 'session'
        and name not in ('application_name', 'client_encoding', 'DateStyle', 'TimeZone', 'standard_conforming_strings', 'IntervalStyle')
        union all select 'temporary table', relname from pg_class where relpersistence = 't' and relkind = 'r' and pg_table_is_visible(oid)`),
    )
    return (await Promise.all(asked)).flat()
  } finally {
    await Promise.all(sessions.map((session) => session.close()))
  }
}

for (const mode of ['transaction', 'session'] as const) {
  t.test(`every kind of file works behind a pooler in ${mode} mode`, { skip }, async (t) => {
    const database = await freshDatabase('postgres', t)
    const pooler = await bouncer(t, mode)
    const project = new Project(database, files)
    const { code, stderr } = await project.json<UpDocument>(['up'], through(pooler, database))
    t.equal(code, 0, stderr)
    await eachOnce(t, project)
    t.equal(await project.count('copied'), 4)
    t.strictSame(await leftBehind(behind(pooler, database.url)), [], 'nothing is left in the sessions of the server')
    t.equal(await project.count('sqlmig_history_lock', "token <> 'challenge'"), 0, 'the lease was given back')
    const again = await project.json<UpDocument>(['up'], through(pooler, database))
    t.strictSame([again.code, again.document.applied], [0, []])
  })
}

t.test('a whole plan in one transaction works behind a pooler', { skip }, async (t) => {
  const database = await freshDatabase('postgres', t)
  const pooler = await bouncer(t, 'transaction')
  const project = new Project(database, {
    [id(1)]: "CREATE TABLE done (step integer NOT NULL);\nSET search_path = 'pg_catalog';",
    [id(2)]: 'INSERT INTO done VALUES (2);\nCOPY done (step) FROM STDIN;\n3\n\\.',
    [id(3)]: 'INSERT INTO done VALUES (4);\nSELECT 1 / 0;',
  })
  const failed = await project.json<UpDocument>(['up', '--atomic'], through(pooler, database))
  t.equal(failed.error?.code, 'statement')
  t.match(failed.error?.message, /division by zero/)
  t.strictSame(await project.ledger(), [])
  project.write(id(3), 'INSERT INTO done VALUES (4);')
  const { code, stderr } = await project.json<UpDocument>(['up', '--atomic'], through(pooler, database))
  t.equal(code, 0, stderr)
  t.equal(await project.count('done'), 3)
  t.strictSame(await leftBehind(behind(pooler, database.url)), [])
})

t.test(
  'of twelve runs at once, some behind a pooler and some not, each migration is run by one',
  { skip },
  async (t) => {
    const database = await freshDatabase('postgres', t)
    const pooler = await bouncer(t, 'transaction')
    const project = new Project(database, files)
    const all = await Promise.all(
      Array.from({ length: 12 }, (_, number) =>
        project.json<UpDocument>(['up', '--lock-wait', '5min'], number % 3 === 0 ? {} : through(pooler, database)),
      ),
    )
    for (const { code, stderr } of all) t.equal(code, 0, stderr)
    await eachOnce(t, project)
    const told = all.flatMap(({ document }) => document.applied.map((one) => one.id)).sort()
    t.strictSame(told, steps.map(id), 'each is told as applied by the run that did it')
  },
)

t.test('a run waits for what the server still does for one that was killed behind a pooler', { skip }, async (t) => {
  const database = await freshDatabase('postgres', t)
  const pooler = await bouncer(t, 'transaction')
  const project = new Project(database, {
    [id(1)]: 'CREATE TABLE done (step integer NOT NULL);',
    [id(2)]:
      '-- sqlmig: no-transaction\nINSERT INTO done VALUES (2);\nCREATE INDEX CONCURRENTLY done_step ON done (step);',
  })
  // who has a snapshot keeps a concurrent index waiting
  await database.query('begin isolation level repeatable read; select 1')
  const holder = project.start(['up'], { ...through(pooler, database), timeout: 300_000 })
  const watcher = connect('postgres', database.url)
  t.teardown(() => watcher.close())
  const building =
    "select 1 from pg_stat_activity where query like 'CREATE INDEX CONCURRENTLY%' and state = 'active' and datname = current_database()"
  await until(async () => (await watcher.query(building)).length > 0)

  const direct = await project.up('--lock-wait', '1')
  t.equal(direct.code, 5)
  const named = new RegExp(`another sqlmig .*pid ${holder.child.pid}\\), user \\w+, since \\d{4}-`)
  t.match(direct.error, { code: 'lock', message: named }, 'a run without the pooler is kept out, too')

  const next = project.start(['up', '--json', '--lock-wait', '5min'], {
    ...through(pooler, database),
    timeout: 300_000,
  })
  holder.child.kill('SIGKILL')
  await holder.finished
  const expired = 'select 1 from sqlmig_history_lock where id = 1 and expires < now()'
  await until(async () => (await watcher.query(expired)).length > 0)
  t.equal((await watcher.query(building)).length, 1, 'the server goes on with what nobody waits for')
  t.strictSame(await watcher.query("select event from sqlmig_history where id like '%_2'"), [{ event: 'started' }])
  await database.query('commit')
  const { code, stderr } = ended<UpDocument>(await next.finished) as Ended<UpDocument>
  t.equal(code, 0, stderr)
  t.strictSame(await project.ledger(), [`applied ${id(1)}`, `applied ${id(2)}`])
  t.equal(await project.count('done'), 1)
  t.strictSame(await watcher.query("select indisvalid from pg_index where indexrelid = 'done_step'::regclass"), [
    { indisvalid: true },
  ])
})

t.test('what cannot work behind a pooler is refused, with the cure', { skip }, async (t) => {
  const database = await freshDatabase('postgres', t)
  const pooler = await bouncer(t, 'transaction', { ignore_startup_parameters: 'search_path' })
  const options = through(pooler, database)

  const set = new Project(database, {
    [id(1)]: "-- sqlmig: no-transaction\nSET maintenance_work_mem = '1GB';\nCREATE TABLE done (id integer);",
  })
  const refused = await set.json<UpDocument>(['up'], options)
  t.match(refused.error, {
    code: 'unsupported',
    line: 2,
    message: /statement 1 .* stay for another program/,
    remedy: /itself/,
  })
  t.strictSame(await set.ledger(), [])

  const project = new Project(database, files)
  const path = { env: { DATABASE_URL: `${behind(pooler, database.url)}?search_path=elsewhere` } }
  t.match((await project.json(['up'], path)).error, {
    code: 'unsupported',
    message: /search_path/,
    remedy: /ALTER ROLE/,
  })
  const unknown = { env: { DATABASE_URL: `${behind(pooler, database.url)}?role=someone` } }
  t.match((await project.json(['up'], unknown)).error, { code: 'connection', message: /role/, remedy: /ALTER ROLE/ })

  const statements = await bouncer(t, 'statement')
  const { error, code } = await project.json(['up'], through(statements, database))
  t.equal(code, 2)
  t.match(error, { code: 'unsupported', message: /each statement/, remedy: /pool_mode/ })
  t.equal((await project.json(['status'], through(statements, database))).code, 0, 'reading is possible')
})
