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
    [id(4)]: '-- sqlmig: no-transaction\nCREATE INDEX CONCURRENTLY one_name ON one (name);',
    [id(5)]:
      '-- sqlmig: when table one exists and column one.extra absent\nALTER TABLE one ADD COLUMN extra integer;\n-- sqlmig: when table nothing exists\nDROP TABLE nothing;',
  },
  mysql: {
    [id(3)]:
      `DELIMITER //\nCREATE PROCEDURE twice(INOUT n integer)\nBEGIN\n  SET n = 2 * n; -- ; here\n  SELECT ';';\nEND//\nDELIMITER ;\nCREATE TRIGGER one_before BEFORE INSERT ON one FOR EACH ROW BEGIN SET NEW.name = CONCAT(NEW.name, '\\\\;'); END;\nINSERT INTO one VALUES (2, 'x');`,
    [id(4)]: 'SET sql_mode = \'ANSI_QUOTES\';\nCREATE TABLE "two" (id integer);\nINSERT INTO two SELECT id FROM one;',
    [id(5)]: 'INSERT INTO two VALUES (5);\nLOCK TABLES two WRITE;\nINSERT INTO two VALUES (6);\nUNLOCK TABLES;',
  },
  mariadb: {},
  sqlite: {
    [id(3)]:
      "PRAGMA foreign_keys = OFF;\nBEGIN;\nCREATE TRIGGER one_after AFTER INSERT ON one BEGIN UPDATE one SET name = CASE WHEN name IS NULL THEN ';' ELSE name END WHERE id = NEW.id; END;\nINSERT INTO one VALUES (2, NULL);\nCOMMIT;",
    [id(4)]: '-- sqlmig: no-transaction\nVACUUM;\nCREATE INDEX one_name ON one (name);',
    [id(5)]: 'ALTER TABLE one ADD COLUMN extra integer;',
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
    const columns = table === 'one' ? '*' : 'seq, event, id, statements, done, running, checksum, tokens, prefix, file'
    const rows = `select ${columns} from ${table} order by 1`
    t.strictSame(await database.query(rows), await byUp.database.query(rows))
  }
  t.match((await project.json(['status'])).document.summary, { applied: 5 })
  t.strictSame((await project.up()).document.applied, [])
  const again = feed(database, written.stdout)
  t.not(again.code, 0, 'a second time it stops: the ledger has moved on')
  t.equal(await project.count('sqlmig_history'), 5)
  t.equal((await project.run(['show', id(1)])).stdout, await byUp.run(['show', id(1)]).then(({ stdout }) => stdout))
}

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
