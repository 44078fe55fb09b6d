import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { Project } from '../project.ts'
import { eachServer, freshDatabase, type Kind } from '../servers/databases.ts'
import { feed, noClient, titles } from './client-programs.ts'

const id = (number: number) => `2025010${number}_000000_step_${number}`

const common = {
  [id(1)]:
    `CREATE TABLE one (id integer PRIMARY KEY, name varchar(60));\nINSERT INTO one VALUES (1, 'semi;colon -- and ''quotes''');`,
  [id(2)]: '-- nothing but a comment\n',
}

const body: Readonly<Record<Kind, Readonly<Record<string, string>>>> = {
  postgres: {
    [id(3)]:
      `BEGIN;\nCREATE FUNCTION twice(n integer) RETURNS integer LANGUAGE plpgsql AS $$ BEGIN RETURN 2 * n; END; $$;\nCOMMIT;\nCOPY one (id, name) FROM stdin;\n2\ttab\\tbed\n3\t\\N\n\\.\nSELECT pg_catalog.set_config('search_path', '', false);`,
    [id(6)]:
      '-- sqlmig: no-transaction\n-- sqlmig: lock-timeout 3s\nBEGIN;\nINSERT INTO one VALUES (7);\nINSERT INTO one VALUES (8);\nCOMMIT;\nVACUUM one;\nDO $$ BEGIN INSERT INTO one VALUES (9); END $$;\nCOPY one (id) FROM stdin;\n10\n\\.\nINSERT INTO one VALUES (11);',
    [id(4)]: '-- sqlmig: no-transaction\nCREATE INDEX CONCURRENTLY one_name ON one (name);',
    [id(5)]:
      '-- sqlmig: when table one exists and column one.extra absent\nALTER TABLE one ADD COLUMN extra integer;\n-- sqlmig: when table nothing exists\nDROP TABLE nothing;',
  },
  mysql: {
    [id(3)]:
      `DELIMITER //\nCREATE PROCEDURE twice(INOUT n integer)\nBEGIN\n  SET n = 2 * n; -- ; here\n  SELECT ';';\nEND//\nDELIMITER ;\nCREATE TRIGGER one_before BEFORE INSERT ON one FOR EACH ROW BEGIN SET NEW.name = CONCAT(NEW.name, '\\\\;'); END;\nINSERT INTO one VALUES (2, 'x');`,
    [id(4)]: 'SET sql_mode = \'ANSI_QUOTES\';\nCREATE TABLE "two" (id integer);\nINSERT INTO two SELECT id FROM one;',
    [id(5)]: 'INSERT INTO two VALUES (5);\nLOCK TABLES two WRITE;\nINSERT INTO two VALUES (6);\nUNLOCK TABLES;',
    [id(6)]:
      "CREATE TABLE loose (id integer) ENGINE = MyISAM;\nINSERT INTO loose VALUES (1), (2);\nSET @n = 21;\nCALL twice(@n);\nINSERT INTO one VALUES (@n, 'é \\\\ ''');\nALTER TABLE one ADD COLUMN extra integer COMMENT 'a;b';",
  },
  mariadb: {},
  sqlite: {
    [id(3)]:
      "PRAGMA foreign_keys = OFF;\nBEGIN;\nCREATE TRIGGER one_after AFTER INSERT ON one BEGIN UPDATE one SET name = CASE WHEN name IS NULL THEN ';' ELSE name END WHERE id = NEW.id; END;\nINSERT INTO one VALUES (2, NULL);\nCOMMIT;",
    [id(4)]: '-- sqlmig: no-transaction\nVACUUM;\nCREATE INDEX one_name ON one (name);',
    [id(5)]: 'ALTER TABLE one ADD COLUMN extra integer;',
    [id(6)]:
      'CREATE TABLE child (one integer REFERENCES one (id));\nINSERT INTO child VALUES (1);\nCREATE TABLE fresh (id integer PRIMARY KEY, name text);\nINSERT INTO fresh SELECT id, name FROM one;\nDROP TABLE one;\nALTER TABLE fresh RENAME TO one;',
  },
}

function chain(kind: Kind): Record<string, string> {
  return { ...common, ...body[kind === 'mariadb' ? 'mysql' : kind] }
}

const schema: Readonly<Record<Kind, string>> = {
  postgres: `select table_name as t, column_name as c, data_type as d from information_schema.columns where table_schema = 'public' and table_name <> 'sqlmig_history'
union all select tablename, indexname, indexdef from pg_indexes where schemaname = 'public' and tablename <> 'sqlmig_history' union all select proname, prosrc, '' from pg_proc where pronamespace = 'public'::regnamespace order by 1, 2`,
  mysql: `select table_name as t, column_name as c, data_type as d from information_schema.columns where table_schema = database() and table_name <> 'sqlmig_history'
union all select routine_name, routine_definition, '' from information_schema.routines where routine_schema = database() union all select trigger_name, action_statement, '' from information_schema.triggers where trigger_schema = database() order by 1, 2`,
  mariadb: '',
  sqlite: "select name as t, sql as c from sqlite_schema where tbl_name <> 'sqlmig_history' order by 1",
}

for (const kind of ['postgres', 'mysql', 'mariadb', 'sqlite'] as const) {
  await t.test(
    `the script run by ${titles[kind]} does what up does (${kind})`,
    { skip: noClient(kind) ?? false },
    async (t) => {
      await sameAsUp(t, kind)
    },
  )
}

async function sameAsUp(t: Test, kind: Kind): Promise<void> {
  const byUp = new Project(await freshDatabase(kind, t), chain(kind))
  const upped = await byUp.up()
  t.equal(upped.code, 0, upped.stderr)
  const project = new Project(await freshDatabase(kind, t), chain(kind))
  const { database } = project
  const written = await project.run(['script'])
  t.equal(written.code, 0, written.stderr)
  t.strictSame(await project.tables(), [], 'writing it writes nothing')
  const ran = feed(database, written.stdout)
  t.equal(ran.code, 0, ran.output)
  const question = schema[kind === 'mariadb' ? 'mysql' : kind]
  t.strictSame(await database.query(question), await byUp.database.query(question))
  for (const table of ['one', 'sqlmig_history']) {
    if (table === 'sqlmig_history') await byUp.database.query('update sqlmig_history set catalogue = null')
    const columns =
      table === 'one'
        ? '*'
        : 'seq, event, id, statements, done, running, running_prefix, checksum, tokens, prefix, guard, batch, body, catalogue is null as unseen, file'
    const rows = `select ${columns} from ${table} order by 1`
    t.strictSame(await database.query(rows), await byUp.database.query(rows))
  }
  t.match((await project.json(['status'])).document.summary, { applied: 6 })
  t.strictSame((await project.up()).document.applied, [])
  t.equal((await project.run(['history', '--verify'])).code, 0, 'the chain of hashes is whole')
  const again = feed(database, written.stdout)
  t.not(again.code, 0, 'a second time it stops: the ledger has moved on')
  t.equal(await project.count('sqlmig_history', "event = 'applied'"), 6)
  t.equal((await project.run(['show', id(1)])).stdout, await byUp.run(['show', id(1)]).then(({ stdout }) => stdout))
}

/** The example chain, of which most was imported from scripts: variants for each database, guards, batches. */
function example(): Record<string, string> {
  const names = readdirSync('sql').filter((name) => name.endsWith('.up.sql'))
  return Object.fromEntries(names.map((name) => [name.slice(0, -7), readFileSync(join('sql', name), 'utf8')]))
}

await eachServer(t, 'a script of the example chain does what up does', async (t, database) => {
  if (noClient(database.kind)) return t.comment('NOT TESTED: no client')
  const goal = database.kind === 'postgres' ? [] : ['--to', '20251212_160000_open_lead_view']
  const byUp = new Project(await freshDatabase(database.kind, t), example())
  const upped = await byUp.up(...goal)
  t.equal(upped.code, 0, upped.stderr)
  const project = new Project(database, example())
  const written = await project.run(['script', ...goal])
  const { code, output } = feed(database, written.stdout, project.cwd)
  t.equal(code, 0, written.stderr + output)
  t.strictSame((await project.up(...goal)).document.applied, [])
  t.strictSame(await project.ledger(), await byUp.ledger())
  t.equal((await project.run(['dump'])).stdout, (await byUp.run(['dump'])).stdout)
})

await eachServer(
  t,
  'batches are refused where the client program has no loops',
  async (t, database) => {
    const project = new Project(database, example())
    const { code, error } = await project.json(['script'])
    t.equal(code, 2)
    t.match(error, { code: 'unsupported', file: /lead_email_normal/, remedy: /--to/ })
  },
  ['mysql', 'mariadb', 'sqlite'],
)

await eachServer(
  t,
  'foreign keys that a script would break roll its migration back',
  async (t, database) => {
    if (noClient(database.kind)) return t.comment('NOT TESTED: no client')
    const project = new Project(database, {
      [id(1)]:
        'CREATE TABLE one (id integer PRIMARY KEY);\nCREATE TABLE two (one integer REFERENCES one (id));\nINSERT INTO two VALUES (5);',
      [id(2)]: 'INSERT INTO two VALUES (6);',
    })
    await database.query('create table kept (id integer)')
    const { code, output } = feed(database, (await project.run(['script'])).stdout)
    t.not(code, 0)
    t.match(output, /20250101_000000_step_1 was rolled back.*row 1 of two refers to no row of one/)
    t.strictSame(await project.ledger(), [])
    t.strictSame(await project.tables(), ['kept', 'sqlmig_history'])
  },
  ['sqlite'],
)

await eachServer(
  t,
  'a script does not run where up would have to count rows',
  async (t, database) => {
    const drop = 'PRAGMA foreign_keys = ON;\nDROP TABLE one;'
    const project = new Project(database, { [id(1)]: 'CREATE TABLE one (id integer PRIMARY KEY);', [id(2)]: drop })
    t.match((await project.json(['script'])).error, { code: 'unsupported', file: project.file(id(2)), line: 2 })
    project.write(id(2), drop.replace('ON', 'OFF'))
    t.equal((await project.run(['script'])).code, 0)
  },
  ['sqlite'],
)

await eachServer(
  t,
  'a file that says USE ties its script to the database of that name',
  async (t, database) => {
    if (noClient(database.kind)) return t.comment('NOT TESTED: no client')
    const name = new URL(database.url).pathname.slice(1)
    const files = { [id(1)]: `USE ${name};\nCREATE TABLE one (id integer);`, [id(2)]: 'CREATE TABLE two (id integer);' }
    const project = new Project(database, files)
    const { stdout } = await project.run(['script'])
    const other = new Project(await freshDatabase(database.kind, t), files)
    const wrong = feed(other.database, stdout)
    t.not(wrong.code, 0)
    t.match(wrong.output, new RegExp(`nothing was run: the script names the database ${name} itself`))
    t.strictSame([await other.tables(), await project.tables()], [[], []])
    const right = feed(database, stdout)
    t.equal(right.code, 0, right.output)
    t.strictSame((await project.up()).document.applied, [])
  },
  ['mysql', 'mariadb'],
)

await eachServer(t, 'a ledger of another name, in another schema, is written by a script', async (t, database) => {
  if (noClient(database.kind)) return t.comment('NOT TESTED: no client')
  const name = new URL(database.url).pathname.slice(1)
  const schema = { postgres: 'ops', mysql: name, mariadb: name, sqlite: 'main' }[database.kind]
  if (database.kind === 'postgres') await database.query('create schema ops')
  const flags = ['--table', `${schema}.odd "name"`]
  const project = new Project(database, common)
  const { stdout } = await project.run(['script', ...flags])
  const { code, output } = feed(database, stdout)
  t.equal(code, 0, output)
  t.strictSame((await project.up(...flags)).document.applied, [])
})

await eachServer(t, 'a script that fails leaves whole migrations, and a later one goes on', async (t, database) => {
  if (noClient(database.kind)) return t.comment('NOT TESTED: no client')
  const project = new Project(database, {
    ...common,
    [id(3)]: 'INSERT INTO one VALUES (2, NULL);\nINSERT INTO one VALUES (1, NULL);',
  })
  const { stdout } = await project.run(['script'])
  t.not(feed(database, stdout).code, 0)
  t.strictSame(await project.ledger(), [`applied ${id(1)}`, `applied ${id(2)}`])
  t.equal(await project.count('one'), 1)
  project.write(id(3), 'INSERT INTO one VALUES (3, NULL);')
  t.equal(feed(database, (await project.run(['script'])).stdout).code, 0)
  t.equal((await project.up()).document.applied.length, 0)
})
