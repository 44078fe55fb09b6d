import t from 'tap'
import { Project } from '../project.ts'
import { eachServer } from '../servers/databases.ts'

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
