import t from 'tap'
import { Project, rollsBack } from '../project.ts'
import { eachServer } from '../servers/databases.ts'

const a = '20250101_000000_a'
const b = '20250102_000000_b'
const chain = { [a]: 'CREATE TABLE one (id integer);', [b]: 'INSERT INTO one VALUES (2);' }

interface Status {
  readonly migrations: readonly { readonly id: string; readonly state: string }[]
}

async function states(project: Project): Promise<string[]> {
  const { document } = await project.json<Status>(['status'])
  return document.migrations.map(({ id, state }) => `${id.at(-1)} ${state}`)
}

async function check(project: Project): Promise<number | null> {
  return (await project.run(['status', '--check'])).code
}

await eachServer(
  t,
  'a half-applied file is partial until it is finished; resolve says how far it got',
  async (t, database) => {
    const directive = rollsBack(database) ? '-- sqlmig: no-transaction\n' : ''
    const text = (third: string) =>
      `${directive}CREATE TABLE two (id integer);\nCREATE TABLE three (id integer);\n${third}\nINSERT INTO two VALUES (4);`
    const project = new Project(database, { [a]: text('CREATE TABLE two (id integer);') })
    const failed = await project.up()
    t.equal(failed.code, 1)
    t.match(failed.document.failed, { id: a, statement: 3 })
    t.match(failed.error, { state: /^statements 1 to 2 stand/, remedy: /it goes on at statement 3$/ })
    t.strictSame(await states(project), ['a partial'])
    t.equal(await check(project), 4)
    project.write(a, text('CREATE TABLE four (id integer);').replace('three', 'tree'))
    t.match((await project.up()).error, { code: 'partial', message: /edited above the point/ })
    project.write(a, text('CREATE TABLE four (id integer);'))
    t.match((await project.json(['accept', a, '--reason', 'x'])).error, { code: 'usage', message: /half applied/ })
    t.match((await project.json(['resolve', a, '--through', '9'])).error, { code: 'usage', message: /4 statements/ })
    await database.query('CREATE TABLE four (id integer)')
    t.match((await project.json(['resolve', a, '--through', '3', '--reason', 'done by hand'])).document, {
      done: 3,
      state: 'partial',
    })
    const { code, document } = await project.up()
    t.equal(code, 0)
    t.match(document.applied, [{ id: a, statements: 4 }])
    t.equal(await project.count('two'), 1)
    t.strictSame(await states(project), ['a applied'])
    t.match((await project.json(['resolve', a, '--through', '1'])).error, {
      code: 'usage',
      message: /not half applied/,
    })
  },
)

await eachServer(t, 'a file that is resolved to its end is recorded with the text it has then', async (t, database) => {
  const directive = rollsBack(database) ? '-- sqlmig: no-transaction\n' : ''
  const project = new Project(database, { [a]: `${directive}CREATE TABLE two (id integer);\nWRONG;` })
  t.equal((await project.up()).code, 1)
  const text = `${directive}CREATE TABLE two (id integer);\nCREATE TABLE three (id integer);`
  project.write(a, text)
  await database.query('CREATE TABLE three (id integer)')
  t.match((await project.json(['resolve', a, '--through', '2'])).document, { state: 'applied' })
  t.match((await project.json(['show', a])).document, { state: 'applied', recorded: text, diff: null })
})

await eachServer(
  t,
  'the ledger may have another name, and a table that is no ledger is left alone',
  async (t, database) => {
    const project = new Project(database, chain)
    await database.query('create table other (id integer)')
    await database.query('insert into other values (1)')
    for (const command of ['up', 'status', 'history']) {
      const { code, error } = await project.json([command, '--table', 'other'])
      t.equal(code, 2)
      t.match(error, { code: 'ledger-format', message: /other.* is not a ledger of sqlmig/, remedy: /--table/ })
    }
    t.strictSame(await project.tables(), ['other'])
    t.equal((await project.up('--table', 'My_Ledger')).code, 0)
    t.ok((await project.tables()).some((name) => name.toLowerCase() === 'my_ledger'))
    t.equal((await project.up('--table', 'My_Ledger')).document.applied.length, 0)
  },
)

await eachServer(
  t,
  'the ledger may live in another schema',
  async (t, database) => {
    const schema = database.kind === 'postgres' ? 'audit' : `audit_${process.pid}_${database.kind}`
    await database.query(`create schema ${schema}`)
    if (database.kind !== 'postgres') t.teardown(() => database.query(`drop schema ${schema}`))
    const project = new Project(database, chain)
    t.equal((await project.up('--table', `${schema}.history`)).code, 0)
    t.strictSame(await project.ledger(`${schema}.history`), [`applied ${a}`, `applied ${b}`])
    t.strictSame(await project.tables(), ['one'])
    const nowhere = await project.up('--table', 'nowhere.history')
    t.ok(nowhere.code === 1 || nowhere.code === 2)
    t.match(nowhere.error?.message, /the ledger .*nowhere.* cannot be made/)
    t.match(nowhere.error?.state, 'nothing was run')
  },
  ['postgres', 'mysql', 'mariadb'],
)
