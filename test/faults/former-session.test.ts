import t from 'tap'
import { Project } from '../project.ts'
import { eachServer } from '../servers/databases.ts'

const a = '20250101_000000_a'

await eachServer(
  t,
  'a run that goes on has the settings that the statements before it made',
  async (t, database) => {
    const sets =
      database.kind === 'postgres'
        ? 'CREATE SCHEMA other;\nSET search_path = other;\n'
        : "SET SESSION sql_mode = 'ANSI_QUOTES';\nSET @note = 'kept';\n"
    const then = database.kind === 'postgres' ? "'kept'" : '@note'
    const text = (third: string) =>
      `-- sqlmig: no-transaction\n${sets}CREATE TABLE "two" (id integer, note varchar(10));\n${third};\nINSERT INTO "two" VALUES (1, ${then});\n`
    const project = new Project(database, { [a]: text('INSERT INTO "nowhere" VALUES (1)') })
    t.equal((await project.up()).code, 1)
    project.write(a, text('INSERT INTO "two" VALUES (0, NULL)'))
    const next = await project.up()
    t.equal(next.code, 0, next.stderr)
    const table = database.kind === 'postgres' ? 'other.two' : 'two'
    t.strictSame(
      (await database.query(`select note from ${table} order by id`)).map(({ note }) => note),
      [null, 'kept'],
    )
  },
  ['postgres', 'mysql', 'mariadb'],
)

await eachServer(
  t,
  'a value that a query put into a variable is missed by a run that goes on, not taken for NULL',
  async (t, database) => {
    const text = (more: string) =>
      `CREATE TABLE one (id integer);\nINSERT INTO one VALUES (7);\nSET @highest = (SELECT max(id) FROM one);\nCREATE TABLE two (id integer);\n${more}INSERT INTO two VALUES (@highest);\n`
    const project = new Project(database, { [a]: text('INSERT INTO nowhere VALUES (1);\n') })
    t.equal((await project.up()).code, 1)
    project.write(a, text(''))
    t.match((await project.up()).error, {
      code: 'partial',
      message: `statement 5 of ${a} needs @highest`,
      state: 'statements 1 to 4 stand; nothing was run now',
      remedy: 'sets @highest anew above line 5',
    })
    project.write(a, text('SET @highest = (SELECT max(id) FROM one);\n'))
    const next = await project.up()
    t.equal(next.code, 0, next.stderr)
    t.strictSame(
      (await database.query('select id from two')).map(({ id }) => Number(id)),
      [7],
    )
  },
  ['mysql', 'mariadb'],
)

await eachServer(
  t,
  'an edit above the point that was reached is refused, and shown',
  async (t, database) => {
    const text = (name: string, last: string) =>
      `-- sqlmig: no-transaction\nCREATE TABLE one (${name} integer);\nINSERT INTO ${last} VALUES (1);\n`
    const project = new Project(database, { [a]: text('id', 'nowhere') })
    t.equal((await project.up()).code, 1)
    project.write(a, text('other', 'one'))
    const { error } = await project.up()
    t.match(error, { code: 'partial', message: 'was edited above the point that a former run has reached' })
    t.match(error?.message, /^-CREATE TABLE one \(id integer\);$/m)
  },
  ['postgres', 'mysql', 'mariadb', 'sqlite'],
)
