import t, { type Test } from 'tap'
import { Project } from '../project.ts'
import { type Database, eachServer, freshDatabase } from '../servers/databases.ts'
import { until } from '../slow.ts'
import { feed, noClient, startFeeding } from './client-programs.ts'

const id = (number: number) => `2025010${number}_000000_step_${number}`

const start = {
  [id(1)]: `CREATE TABLE one (a integer, b text, n integer NOT NULL DEFAULT 0, PRIMARY KEY (a, b));
INSERT INTO one SELECT g / 10, chr(97 + g % 10) || '''', 0 FROM generate_series(1, 95) g;
CREATE TABLE other (id integer PRIMARY KEY, n integer NOT NULL DEFAULT 0);
INSERT INTO other SELECT g * 3 FROM generate_series(1, 1000) g;`,
}
const slowly = 'AND (SELECT count(pg_sleep(0.3)) FROM gate) >= 0'
const files = {
  ...start,
  [id(2)]: `UPDATE one SET n = 5;
-- sqlmig: batch 10 by one.(a, b)
UPDATE one SET n = n + 1 WHERE (a, b) >= :batch_from AND (a, b) <= :batch_to;
-- sqlmig: batch 100 by other.id
UPDATE other SET n = n + 1 WHERE id BETWEEN :batch_from AND :batch_to ${slowly};
-- sqlmig: when table nothing exists
-- sqlmig: batch 100 by other.id
DELETE FROM other WHERE id BETWEEN :batch_from AND :batch_to;
UPDATE other SET n = n * 2;`,
}
const rows =
  "select event, id, statements, done, running, checksum, tokens, prefix, guard, batch from sqlmig_history where event not in ('failed', 'resumed') order by seq"
const locks =
  "select 1 from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())"

async function scripted(t: Test, name: string, body: (t: Test, database: Database) => Promise<unknown>): Promise<void> {
  const run = async (t: Test, database: Database) => {
    const missing = noClient(database.kind)
    if (missing) return t.pass(missing, { skip: missing })
    await database.query('create table gate (n integer)')
    await body(t, database)
  }
  await eachServer(t, name, run, ['postgres'])
}

async function scriptOf(project: Project): Promise<string> {
  const { code, stdout, stderr } = await project.run(['script'])
  if (code !== 0) throw new Error(stderr)
  return stdout
}

/** Each row was met once, and the ledger is as `up` leaves it. */
async function done(t: Test, project: Project): Promise<void> {
  t.equal(await project.count('one', 'n = 6'), 95)
  t.equal(await project.count('other', 'n = 2'), 1000)
  const byUp = new Project(await freshDatabase('postgres', t), files)
  await byUp.database.query('create table gate (n integer)')
  t.equal((await byUp.up()).code, 0)
  t.strictSame(await project.database.query(rows), await byUp.database.query(rows))
}

await scripted(t, 'batches run in a script, of a key of one column and of several', async (t, database) => {
  const project = new Project(database, files)
  const { code, output } = feed(database, await scriptOf(project))
  t.equal(code, 0, output)
  await done(t, project)
})

for (const by of ['up', 'a script made anew'] as const) {
  await scripted(t, `batches of a script that was killed are finished by ${by}`, async (t, database) => {
    await database.query('insert into gate values (1)')
    const project = new Project(database, files)
    const fed = startFeeding(database, await scriptOf(project))
    const begun = () => database.query("select 1 from sqlmig_history where batch like '%other%'")
    await until(async () => (await project.tables()).includes('sqlmig_history') && (await begun()).length > 0)
    fed.child.kill('SIGKILL')
    await fed.ended
    await database.query('delete from gate')
    await until(async () => (await database.query(locks)).length === 0)
    // it may have gone on for a while, until the server missed its client
    t.match(await database.query("select batch from sqlmig_history where event = 'started'"), [{ batch: /other/ }])
    if (by === 'up') t.equal((await project.up()).code, 0)
    else {
      const { code, output } = feed(database, await scriptOf(project))
      t.equal(code, 0, output)
    }
    await done(t, project)
  })
}

await scripted(t, 'a key that is not unique stops the script', async (t, database) => {
  const project = new Project(database, {
    ...start,
    [id(2)]: '-- sqlmig: batch 10 by other.n\nDELETE FROM other WHERE n BETWEEN :batch_from AND :batch_to;',
  })
  const { code, output } = feed(database, await scriptOf(project))
  t.not(code, 0)
  t.match(output, /batches cannot go by other\.n/)
  t.equal(await project.count('other'), 1000)
})
