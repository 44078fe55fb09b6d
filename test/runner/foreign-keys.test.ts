import t, { type Test } from 'tap'
import { Project } from '../project.ts'
import { type Database, eachServer } from '../servers/databases.ts'

const a = '20250101_000000_a'
const b = '20250102_000000_b'
const c = '20250103_000000_c'

const tables = `CREATE TABLE parent (id integer PRIMARY KEY, name text);
CREATE TABLE child (id integer PRIMARY KEY, parent integer REFERENCES parent (id) ON DELETE CASCADE);
INSERT INTO parent VALUES (1, 'one'), (2, 'two');
INSERT INTO child VALUES (10, 1), (20, 2);`

const rebuild = `CREATE TABLE parent_new (id integer PRIMARY KEY, name text NOT NULL);
INSERT INTO parent_new SELECT * FROM parent;
DROP TABLE parent;
ALTER TABLE parent_new RENAME TO parent;`

await eachServer(
  t,
  'a table rebuild keeps the rows that refer to it',
  async (t, database) => {
    const project = new Project(database, { [a]: tables, [b]: rebuild })
    t.equal((await project.up()).code, 0)
    t.equal(await project.count('child'), 2)
    t.strictSame(await database.query('pragma foreign_key_check'), [])
    t.match(await database.query("select sql from sqlite_schema where name = 'child'"), [
      { sql: /REFERENCES "?parent"? \(id\)/ },
    ])
  },
  ['sqlite'],
)

await eachServer(
  t,
  'a violation that a migration makes rolls it back',
  async (t, database) => {
    const project = new Project(database, {
      [a]: tables,
      [b]: 'DELETE FROM parent WHERE id = 1;\nCREATE TABLE three (id integer);',
    })
    const { code, error } = await project.up()
    t.equal(code, 1)
    t.match(error, {
      code: 'foreign-key',
      message: /row 10 of child refers to no row of parent/,
      file: project.file(b),
      state: /^20250102_000000_b was rolled back/,
    })
    t.strictSame([await project.count('parent'), await project.count('child')], [2, 2])
    t.strictSame(await project.ledger(), [`applied ${a}`])
  },
  ['sqlite'],
)

await eachServer(
  t,
  'a violation that was there before is not held against a migration',
  async (t, database) => {
    const project = new Project(database, { [a]: tables })
    await project.up()
    await database.query('pragma foreign_keys = off')
    await database.query('insert into child values (30, 99)')
    project.write(b, `INSERT INTO child VALUES (40, 1);\n${rebuild}`)
    t.equal((await project.up()).code, 0)
    project.write(c, 'INSERT INTO child VALUES (50, 98);')
    t.match((await project.up()).error, { code: 'foreign-key', message: /row 50 of child/ })
    t.equal(await project.count('child'), 4)
  },
  ['sqlite'],
)

await eachServer(
  t,
  "a file's own PRAGMA foreign_keys decides, also against a dump's order of tables",
  async (t, database) => {
    const project = new Project(database, {
      [a]: tables,
      [b]: 'PRAGMA foreign_keys = ON;\nDELETE FROM parent WHERE id = 1;',
      [c]: 'PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\nCREATE TABLE late (id integer REFERENCES later (id));\nINSERT INTO late VALUES (1);\nCREATE TABLE later (id integer PRIMARY KEY);\nINSERT INTO later VALUES (1);\nCOMMIT;',
    })
    const { code, stderr } = await project.up()
    t.equal(code, 0, stderr)
    t.equal(await project.count('child'), 1, 'with the keys on, the child goes with its parent')
    project.write('20250104_000000_d', 'PRAGMA foreign_keys = ON;\nINSERT INTO child VALUES (60, 77);')
    t.match((await project.up()).document.failed, { id: '20250104_000000_d', code: /SQLITE_CONSTRAINT/ })
  },
  ['sqlite'],
)

await eachServer(
  t,
  'a no-transaction file has the keys off as well, whatever the file before it said, unless it says so itself',
  async (t, database) => {
    const project = new Project(database, {
      [a]: tables,
      [b]: 'PRAGMA foreign_keys = ON;\nINSERT INTO child VALUES (30, 1);',
      [c]: `-- sqlmig: no-transaction\n${rebuild}`,
    })
    t.equal((await project.up()).code, 0)
    t.equal(await project.count('child'), 3)
    project.write(
      '20250104_000000_d',
      '-- sqlmig: no-transaction\nPRAGMA foreign_keys = ON;\nDELETE FROM parent WHERE id = 1;',
    )
    t.equal((await project.up()).code, 0)
    t.equal(await project.count('child'), 1)
  },
  ['sqlite'],
)

const cascading = 'PRAGMA foreign_keys = ON;\n'

/** A chain whose second file is refused since a table that it does not name lost rows; then one that says what it wants. */
async function losing(
  t: Test,
  database: Database,
  files: { before: string; loses: string; says: string; why: RegExp },
) {
  const project = new Project(database, { [a]: files.before, [b]: files.loses })
  const { code, error } = await project.up()
  t.equal(code, 1)
  t.match(error, { code: 'rows-lost', file: project.file(b), state: /^20250102_000000_b was rolled back/ })
  t.match(error?.message, files.why)
  t.match(error?.remedy, /DELETE FROM child/)
  t.equal(await project.count('child'), 2)
  t.strictSame(await project.ledger(), [`applied ${a}`])
  project.write(b, files.says)
  t.equal((await project.up()).code, 0)
}

await eachServer(
  t,
  'a rebuild with the keys on, which would empty the tables that refer to it, is rolled back',
  (t, database) =>
    losing(t, database, {
      before: tables,
      loses: cascading + rebuild,
      says: rebuild,
      why: /^child lost 2 of its 2 rows, .*: its foreign key to parent says ON DELETE CASCADE$/,
    }),
  ['sqlite'],
)

await eachServer(
  t,
  'a cascade over several tables is noticed at its end, too',
  async (t, database) => {
    const project = new Project(database, {
      [a]: `${tables}\nCREATE TABLE "Grand child" (id integer, child integer REFERENCES CHILD (id) ON DELETE CASCADE);
INSERT INTO "Grand child" VALUES (100, 10);`,
      [b]: `${cascading}CREATE INDEX child_parent ON child (parent);\n${rebuild}`,
    })
    const { error } = await project.up()
    t.match(error, { code: 'rows-lost', message: /^Grand child lost 1 of its 1 rows, .*: its foreign key to child/i })
    t.equal(await project.count('"Grand child"'), 1)
  },
  ['sqlite'],
)

const trigger = (event: string) =>
  `${tables}\nCREATE TRIGGER tidy AFTER ${event} ON parent BEGIN DELETE FROM [child] WHERE parent = old.id; END;`

await eachServer(
  t,
  'a trigger that deletes elsewhere at an UPDATE is noticed',
  (t, database) =>
    losing(t, database, {
      before: trigger('UPDATE OF name'),
      loses: "UPDATE PARENT SET name = 'x' WHERE id = 1;",
      says: "UPDATE parent SET name = 'x' WHERE id = 1;\nDELETE FROM child WHERE parent = 1;",
      why: /^child lost 1 of its 2 rows, .*: the trigger tidy of parent names it$/,
    }),
  ['sqlite'],
)

await eachServer(
  t,
  'what a DELETE takes along by a trigger on DELETE is intended',
  async (t, database) => {
    const project = new Project(database, { [a]: trigger('DELETE'), [b]: 'DELETE FROM main."parent" WHERE id = 2;' })
    t.equal((await project.up()).code, 0)
    t.equal(await project.count('child'), 1)
    project.write(c, "REPLACE INTO parent VALUES (1, 'one again');")
    t.equal((await project.up()).code, 0)
  },
  ['sqlite'],
)

await eachServer(
  t,
  'in one transaction each migration answers for its own losses',
  async (t, database) => {
    const project = new Project(database, {
      [a]: trigger('UPDATE OF name'),
      [b]: 'DELETE FROM child WHERE id = 20;',
      [c]: "UPDATE parent SET name = 'x';",
    })
    const { error } = await project.up('--atomic')
    t.match(error, { code: 'rows-lost', message: /^child lost 1 of its 1 rows/, file: project.file(c) })
    t.strictSame(await project.ledger(), [])
  },
  ['sqlite'],
)
