import t from 'tap'
import { ended, Project, type UpDocument } from '../project.ts'
import { connect } from '../servers/connection.ts'
import type { Database } from '../servers/databases.ts'
import { noGalera, startGalera } from '../servers/galera.ts'
import { until } from '../slow.ts'

const skip = (await noGalera()) ?? false
const id = (number: number) => `202501${String(number).padStart(2, '0')}_000000_step_${number}`
const steps = [1, 2, 3, 4, 5, 6, 7, 8]

/** DDL, rows, both in one file; each leaves a row in a table that would take it twice. */
const files: Readonly<Record<string, string>> = {
  [id(1)]:
    'CREATE TABLE done (id integer AUTO_INCREMENT PRIMARY KEY, step integer NOT NULL);\nINSERT INTO done (step) VALUES (1);',
  [id(2)]: 'INSERT INTO done (step) VALUES (2);',
  [id(3)]:
    'CREATE TABLE other (id integer PRIMARY KEY);\nINSERT INTO done (step) VALUES (3);\nALTER TABLE other ADD COLUMN name varchar(10);',
  [id(4)]: 'INSERT INTO done (step) VALUES (4);\nINSERT INTO other VALUES (4, NULL);',
  [id(5)]: '-- sqlmig: no-transaction\nINSERT INTO done (step) VALUES (5);\nCREATE INDEX done_step ON done (step);',
  [id(6)]: 'UPDATE done SET step = step WHERE step > 0;\nINSERT INTO done (step) VALUES (6);',
  [id(7)]:
    '-- sqlmig: when column other.name exists\nALTER TABLE other DROP COLUMN name;\nINSERT INTO done (step) VALUES (7);',
  [id(8)]: 'INSERT INTO done (step) VALUES (8);',
}

t.test('a cluster of three nodes that all take writes', { skip }, async (t) => {
  const nodes = await startGalera(3)
  t.teardown(() => nodes[0]!.stop())
  let made = 0

  /** A new database, as each of the nodes has it. */
  const fresh = async (): Promise<readonly Database[]> => {
    const name = `sqlmig_${++made}`
    const first = connect('mariadb', nodes[0]!.url)
    await first.query(`create database ${name}`)
    await first.close()
    return nodes.map(({ url }) => {
      const own = `${url}${name}`
      let connection: ReturnType<typeof connect> | undefined
      const database: Database = {
        kind: 'mariadb',
        url: own,
        query: (sql) => (connection ??= connect('mariadb', own)).query(sql),
        drop: async () => connection?.close(),
      }
      t.teardown(() => database.drop())
      return database
    })
  }
  const at = ({ url }: Database) => ({ env: { DATABASE_URL: url }, timeout: 200_000 })

  await t.test('sixteen runs over all nodes, one killed while it holds the lock: each migration once', async (t) => {
    const databases = await fresh()
    const gated = 'INSERT INTO done (step) VALUES (2);\nSELECT * FROM gate FOR UPDATE;'
    const project = new Project(databases[0]!, { ...files, [id(2)]: gated })
    t.equal((await project.up('--steps', '1')).code, 0)
    // row locks are those of one node: this one keeps the run there waiting in the middle of a migration
    await databases[0]!.query('create table gate (id integer primary key); insert into gate values (1)')
    await databases[0]!.query('begin; select * from gate for update')
    const killed = project.start(['up', '--lock-timeout', '5min'], at(databases[0]!))
    const waiting =
      "select 1 from information_schema.processlist where info like '%gate FOR UPDATE%' and id <> connection_id()"
    const watcher = connect('mariadb', databases[0]!.url)
    t.teardown(() => watcher.close())
    await until(async () => (await watcher.query(waiting)).length > 0)

    const impatient = await project.run(['up', '--json', '--lock-wait', '1'], at(databases[1]!))
    const named = new RegExp(`another sqlmig .*pid ${killed.child.pid}\\), user \\w+, since \\d{4}-`)
    t.match(
      ended<UpDocument>(impatient).error,
      { code: 'lock', message: named },
      'who waits on another node is told who',
    )

    const all = Array.from({ length: 15 }, (_, number) =>
      project.start(['up', '--json', '--lock-wait', '3min'], at(databases[number % 3]!)),
    )
    killed.child.kill('SIGKILL')
    await killed.finished
    // the statement of the killed run goes on when another one has the lock
    const token = async () => (await watcher.query('select token from sqlmig_history_lock where id = 1'))[0]?.token
    const left = await token()
    await until(async () => (await token()) !== left)
    await databases[0]!.query('commit')
    const outcomes = (await Promise.all(all.map(({ finished }) => finished))).map((one) => ended<UpDocument>(one))
    for (const { code, stderr } of outcomes) t.equal(code, 0, stderr)
    const told = outcomes.flatMap(({ document }) => document.applied.map((one) => one.id)).sort()
    t.strictSame(told, steps.slice(1).map(id), 'each is told as applied by the run that did it')
    await sameEverywhere(t, databases)
  })

  // the nodes abort each other's statements at other moments each time
  for (let round = 1; round <= 10; round++) {
    await t.test(`runs that start together on all nodes share the work, time ${round}`, async (t) => {
      const databases = await fresh()
      const project = new Project(databases[0]!, files)
      const all = await Promise.all(
        Array.from({ length: 6 }, (_, number) =>
          project.run(['up', '--json', '--lock-wait', '3min'], at(databases[number % 3]!)),
        ),
      )
      for (const { code, stderr } of all) t.equal(code, 0, stderr)
      await sameEverywhere(t, databases)
    })
  }

  await t.test('a run keeps its lease for as long as a statement lasts', async (t) => {
    const databases = await fresh()
    const project = new Project(databases[0]!, {
      [id(1)]: 'CREATE TABLE done (id integer AUTO_INCREMENT PRIMARY KEY, step integer NOT NULL);',
      // while DDL runs all other writes of the cluster wait, the beats of the lease too, which lives for 20 s
      [id(2)]: `CREATE TABLE slow (id integer PRIMARY KEY);
INSERT INTO slow SELECT seq FROM seq_1_to_250;
ALTER TABLE slow ADD COLUMN hash varchar(200) DEFAULT (SHA2(REPEAT(CHAR(65 + id % 9), 16000000), 512)), ALGORITHM = COPY;
INSERT INTO done (step) VALUES (2);`,
    })
    const first = project.start(['up', '--json'], at(databases[0]!))
    const watcher = connect('mariadb', databases[0]!.url)
    t.teardown(() => watcher.close())
    const altering =
      "select 1 from information_schema.processlist where info like '%ALTER TABLE slow ADD%' and id <> connection_id()"
    await until(async () => (await watcher.query(altering)).length > 0)
    const second = project.start(['up', '--json', '--lock-wait', '3min'], at(databases[1]!))
    const outcomes = (await Promise.all([first.finished, second.finished])).map((one) => ended<UpDocument>(one))
    for (const { code, stderr } of outcomes) t.equal(code, 0, stderr)
    t.equal(await project.count('done'), 1)
    t.strictSame(
      outcomes.map(({ document }) => document.applied.length),
      [2, 0],
    )
  })
})

async function sameEverywhere(t: import('tap').Test, databases: readonly Database[]): Promise<void> {
  for (const { query } of databases) {
    await query('set session wsrep_sync_wait = 15')
    const rows = await query('select step from done order by step')
    t.strictSame(
      rows.map(({ step }) => Number(step)),
      steps,
    )
    const ledger = await query("select event, id from sqlmig_history where event = 'applied' order by seq")
    t.strictSame(
      ledger.map(({ event, id }) => `${event} ${id}`),
      steps.map((step) => `applied ${id(step)}`),
    )
    const [table] = await query('show create table done')
    t.match(table?.['Create Table'], /KEY `done_step`/)
    const columns = await query(
      "select column_name as name from information_schema.columns where table_schema = database() and table_name = 'other'",
    )
    t.strictSame(columns, [{ name: 'id' }])
    t.strictSame(await query("select 1 from sqlmig_history_lock where token <> 'challenge'"), [])
  }
}
