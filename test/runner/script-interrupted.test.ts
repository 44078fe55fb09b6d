import t, { type Test } from 'tap'
import { Project } from '../project.ts'
import { type Database, eachServer, freshDatabase, type Kind } from '../servers/databases.ts'
import { atSlowStatement, sleepers, slow, until } from '../slow.ts'
import { feed, noClient, startFeeding } from './client-programs.ts'

const id = (number: number) => `2025010${number}_000000_step_${number}`
const insert = (number: number) => `INSERT INTO one VALUES (${number});`

/** What is slow stands in a migration that can be rolled back, or in one that is journaled. */
function chain(journaled: boolean, slowly: string): Record<string, string> {
  const head = journaled ? '-- sqlmig: no-transaction\n' : ''
  return {
    [id(1)]: `CREATE TABLE one (id integer PRIMARY KEY);\n${insert(1)}`,
    [id(2)]: `${head}${insert(2)}\n${slowly}\n${insert(3)}`,
    [id(3)]: insert(4),
  }
}

const rows = `select event, id, statements, done, running, checksum, tokens, prefix, guard, batch, file
from sqlmig_history where event not in ('failed', 'resumed') order by seq`

async function scripted(t: Test, name: string, body: (t: Test, database: Database) => Promise<unknown>): Promise<void> {
  await eachServer(t, name, async (t, database) => {
    const missing = noClient(database.kind)
    if (missing) return t.pass(missing, { skip: missing })
    await body(t, database)
  })
}

async function scriptOf(project: Project): Promise<string> {
  const { code, stdout, stderr } = await project.run(['script'])
  if (code !== 0) throw new Error(stderr)
  return stdout
}

/** Takes its time while there is a row in `gate`: the test opens it after the interruption. */
function gated(kind: Kind): string {
  if (kind === 'postgres') return 'SELECT pg_sleep(4) FROM gate;'
  if (kind !== 'sqlite') return 'SELECT 1 FROM gate WHERE SLEEP(4);'
  return slow(kind, 4).replace('SELECT 1 UNION', 'SELECT 1 FROM gate UNION')
}

async function gate(database: Database, isShut: boolean): Promise<void> {
  await database.query('create table gate (n integer)')
  if (isShut) await database.query('insert into gate values (1)')
}

/** The ledger is as if `up` had run all of it. */
async function sameLedger(t: Test, project: Project, files: Record<string, string>): Promise<void> {
  const byUp = new Project(await freshDatabase(project.database.kind, t), files)
  await gate(byUp.database, false)
  t.equal((await byUp.up()).code, 0)
  t.strictSame(await project.database.query(rows), await byUp.database.query(rows))
  t.strictSame(
    await project.database.query('select id from one order by id'),
    [1, 2, 3, 4].map((id) => ({ id })),
  )
}

for (const signal of ['SIGINT', 'SIGKILL'] as const) {
  for (const journaled of [false, true]) {
    const where = journaled ? 'in a journaled migration' : 'in a transaction'
    await scripted(t, `a script ended by ${signal} ${where} is finished by up`, async (t, database) => {
      const files = chain(journaled, gated(database.kind))
      const project = new Project(database, files)
      await gate(database, true)
      const fed = startFeeding(database, await scriptOf(project))
      await slowly(project, journaled)
      fed.child.kill(signal)
      // sqlite3 ends with 0 where SIGINT finds it between two statements
      t.notMatch((await fed.ended).output, /done: 3 of 3/)
      await database.query('delete from gate')
      const { code, document, stderr } = await project.up()
      t.equal(code, 0, stderr)
      t.strictSame(
        document.applied.map((one) => one.id),
        [id(2), id(3)],
      )
      await sameLedger(t, project, files)
    })
  }
}

/** At the slow statement, and not at something before it. */
async function slowly(project: Project, journaled: boolean): Promise<void> {
  const { database } = project
  const before = journaled ? `started ${id(2)} 1/3` : `applied ${id(1)}`
  const isThere = async () => (await project.tables()).includes('sqlmig_history')
  if (database.kind === 'sqlite')
    await until(async () => (await isThere()) && (await project.ledger()).includes(before))
  await atSlowStatement(database)
}

await scripted(t, 'what was interrupted is finished by a script made anew, in the middle', async (t, database) => {
  const files = chain(true, gated(database.kind))
  const project = new Project(database, files)
  await gate(database, true)
  const fed = startFeeding(database, await scriptOf(project))
  await slowly(project, true)
  fed.child.kill('SIGKILL')
  await fed.ended
  await database.query('delete from gate')
  if (database.kind !== 'sqlite') await until(async () => (await sleepers(database)).length === 0)
  const sql = await scriptOf(project)
  t.match(sql, /step_2: statements 2 to 3/)
  const { code, output } = feed(database, sql)
  t.equal(code, 0, output)
  await sameLedger(t, project, files)
  t.strictSame((await project.up()).document.applied, [])
})

await scripted(t, 'a script that goes on in the middle stops where it is no longer there', async (t, database) => {
  const files = chain(true, 'INSERT INTO none VALUES (1);')
  const project = new Project(database, files)
  t.not(feed(database, await scriptOf(project)).code, 0)
  t.strictSame(await project.ledger(), [`applied ${id(1)}`, `started ${id(2)} 1/3`])
  project.write(id(2), files[id(2)]!.replace('INTO none VALUES (1)', 'INTO one VALUES (5)'))
  const sql = await scriptOf(project)
  t.equal((await project.run(['resolve', id(2), '--through', '2'])).code, 0)
  const { code, output } = feed(database, sql)
  t.not(code, 0)
  t.match(output, /nothing was run/)
  t.equal(await project.count('one'), 2)
})

await scripted(t, 'a failing statement leaves what was done before it, truthfully recorded', async (t, database) => {
  const files = chain(true, 'INSERT INTO none VALUES (1);')
  const project = new Project(database, files)
  const { code, output } = feed(database, await scriptOf(project))
  t.not(code, 0)
  t.match(output, /none/)
  t.strictSame(await project.ledger(), [`applied ${id(1)}`, `started ${id(2)} 1/3`])
  t.equal(await project.count('one'), 2)
  project.write(id(2), files[id(2)]!.replace('INSERT INTO none VALUES (1);', 'SELECT 1;'))
  t.equal((await project.up()).code, 0)
  t.equal(await project.count('one'), 4)
})

await scripted(t, 'where nobody knows what a statement did, no script is written', async (t, database) => {
  const project = new Project(database, {
    [id(1)]: `-- sqlmig: no-transaction\nCREATE TABLE one (id integer);\n${insert(1)}`,
  })
  t.equal((await project.up()).code, 0)
  await database.query("update sqlmig_history set event = 'started', done = 1, running = 2")
  const { code, error } = await project.json(['script'])
  t.equal(code, 4)
  t.match(error, { code: 'partial', remedy: /sqlmig (up|resolve)/ })
})
