import t, { type Test } from 'tap'
import { Project } from '../project.ts'
import { type Database, eachServer, freshDatabase } from '../servers/databases.ts'
import { feed, noClient } from './client-programs.ts'

const id = (number: number) => `2025010${number}_000000_step_${number}`

async function scripted(
  t: Test,
  name: string,
  body: (t: Test, database: Database) => Promise<unknown>,
  only?: readonly Database['kind'][],
): Promise<void> {
  const guarded = async (t: Test, database: Database) => {
    const missing = noClient(database.kind)
    if (missing) return t.pass(missing, { skip: missing })
    await body(t, database)
  }
  await (only ? eachServer(t, name, guarded, only) : eachServer(t, name, guarded))
}

const rows = `select seq, event, id, statements, done, running, checksum, tokens, prefix, guard, file
from sqlmig_history order by seq`

const guards = (head: string) => `${head}-- sqlmig: when table one exists and column one.extra absent
ALTER TABLE one ADD COLUMN extra integer;
-- sqlmig: when above
UPDATE one SET extra = 1;
-- sqlmig: when table nothing exists and rows (SELECT 1 FROM nothing) exists
DROP TABLE nothing;
-- sqlmig: when above
DELETE FROM one;
-- sqlmig: when table one exists
-- sqlmig: expect column one.extra exists and rows (SELECT 1 FROM one WHERE id = 1) exists
UPDATE one SET name = 'a;b -- ''c'' :name $$ \\"d"' WHERE id = 1;
-- sqlmig: when table nothing exists
-- sqlmig: expect table never exists
DROP TABLE nothing;
-- sqlmig: when rows (SELECT 1 FROM one WHERE id = 7) absent
INSERT INTO one (id, extra) VALUES (7, 7);
CREATE TABLE last (id integer);
`

for (const head of ['', '-- sqlmig: no-transaction\n']) {
  const how = head ? 'without a transaction' : 'in one migration'
  for (const before of ['', 'ALTER TABLE one ADD COLUMN extra integer;']) {
    const which = before ? 'do not hold' : 'hold'
    await scripted(t, `guards that ${which} are obeyed as up does, ${how}`, async (t, database) => {
      const files = {
        [id(1)]:
          `CREATE TABLE one (id integer PRIMARY KEY, name varchar(60));\nINSERT INTO one (id) VALUES (1);\n${before}`,
        [id(2)]: guards(head),
      }
      const byUp = new Project(await freshDatabase(database.kind, t), files)
      const upped = await byUp.up()
      t.equal(upped.code, 0, upped.stderr)
      const project = new Project(database, files)
      const { stdout, stderr } = await project.run(['script'])
      const { code, output } = feed(database, stdout, project.cwd)
      t.equal(code, 0, stderr + output)
      t.strictSame(await database.query('select * from one'), await byUp.database.query('select * from one'))
      t.strictSame(await database.query(rows), await byUp.database.query(rows))
      t.ok((await project.tables()).includes('last'))
      t.strictSame((await project.up()).document.applied, [])
    })
  }
}

await scripted(t, 'an expectation that is not met stops the script, with its words', async (t, database) => {
  const project = new Project(database, {
    [id(1)]: 'CREATE TABLE one (id integer PRIMARY KEY);',
    [id(2)]: 'INSERT INTO one VALUES (1);\n-- sqlmig: expect table missing exists\nDELETE FROM one;',
  })
  const { code, output } = feed(database, (await project.run(['script'])).stdout, project.cwd)
  t.not(code, 0)
  t.match(output, /statement 2 of 20250102_000000_step_2 expects what is not so: table missing exists/)
  t.equal((await project.ledger())[0], `applied ${id(1)}`)
  t.equal(await project.count('one'), 0, 'the migration was rolled back')
})

await scripted(
  t,
  'what the mysql program cannot run under a condition is refused, with its place',
  async (t, database) => {
    const trigger = 'CREATE TRIGGER tr BEFORE INSERT ON one FOR EACH ROW SET NEW.id = 1;'
    const files = {
      [id(1)]: 'CREATE TABLE one (id integer);',
      [id(2)]: `-- sqlmig: when table one exists\n${trigger}`,
    }
    const project = new Project(database, files)
    const { code, error } = await project.json(['script'])
    t.equal(code, 2)
    t.match(error, { code: 'unsupported', file: project.file(id(2)), line: 2, remedy: /sqlmig up/ })
  },
  ['mysql'],
)

await scripted(
  t,
  'the mariadb program runs any statement under a condition',
  async (t, database) => {
    const body = 'BEGIN SET @a = 1; SET NEW.id = @a; END'
    const trigger = `DELIMITER //\nCREATE TRIGGER tr BEFORE INSERT ON one FOR EACH ROW ${body}//\nDELIMITER ;`
    const files = {
      [id(1)]: 'CREATE TABLE one (id integer);',
      [id(2)]: trigger.replace('CREATE', '-- sqlmig: when table one exists\nCREATE'),
    }
    const project = new Project(database, files)
    const { code, output } = feed(database, (await project.run(['script'])).stdout)
    t.equal(code, 0, output)
    t.equal(
      await project.count('information_schema.triggers', "trigger_schema = database() and trigger_name = 'tr'"),
      1,
    )
  },
  ['mariadb'],
)

await scripted(
  t,
  'COPY under a condition is refused: psql would read its data as SQL',
  async (t, database) => {
    const copy = "COPY one FROM stdin;\n1\tit's\n\\.\n"
    const project = new Project(database, {
      [id(1)]: 'CREATE TABLE one (id integer, name text);',
      [id(2)]: `-- sqlmig: when table one exists\n${copy}`,
    })
    t.match((await project.json(['script'])).error, { code: 'unsupported', file: project.file(id(2)), line: 2 })
  },
  ['postgres'],
)

await scripted(
  t,
  'psql puts nothing of its own into a statement',
  async (t, database) => {
    const project = new Project(database, {
      [id(1)]:
        'CREATE TABLE one (a integer[], "USER" integer, port integer);\nINSERT INTO one VALUES (ARRAY[1,2,3], 2, 2);',
      [id(2)]: 'CREATE TABLE two AS SELECT a[1:port] AS x, a[1:"USER"] AS y, a::text AS z FROM one;',
    })
    const script = (await project.run(['script'])).stdout.replace(
      '\n\\set ON_ERROR_STOP',
      '\n\\set port 3\n\\set ON_ERROR_STOP',
    )
    const { code, output } = feed(database, script)
    t.equal(code, 0, output)
    t.strictSame(await database.query('select x::text, y::text, z from two'), [
      { x: '{1,2}', y: '{1,2}', z: '{1,2,3}' },
    ])
  },
  ['postgres'],
)
