import t from 'tap'
import { folder, run } from '../cli.ts'
import { type Database, freshDatabase } from '../servers/databases.ts'
import { apply, fixture, goesRound, output, program } from './dumps.ts'

const file = ({ url }: Database) => url.replace(/^sqlite:/, '')

for (const options of ['', '--preserve-rowids', '--newlines']) {
  t.test(`what sqlite3 .dump ${options} writes goes round`, async (t) => {
    const sqlite3 = program(t, 'sqlite', 'sqlite3')
    if (sqlite3 === undefined) return
    const source = await freshDatabase('sqlite', t)
    output(sqlite3, ['-bail', file(source)], fixture('sqlite.sql'))
    const dump = (database: Database) =>
      output(sqlite3, [file(database), 'DROP TABLE IF EXISTS sqlmig_history', `.dump ${options}`])
    await goesRound(t, source, dump)
  })
}

t.test('a migration after the dump uses the virtual tables that the dump put into sqlite_schema', async (t) => {
  const dump = `PRAGMA writable_schema=ON;
INSERT INTO sqlite_schema(type,name,tbl_name,rootpage,sql) VALUES('table','found','found',0,'CREATE VIRTUAL TABLE found USING rtree(id, low, high)');
CREATE TABLE IF NOT EXISTS "found_rowid"(rowid INTEGER PRIMARY KEY,nodeno);
CREATE TABLE IF NOT EXISTS "found_node"(nodeno INTEGER PRIMARY KEY,data);
INSERT INTO found_node VALUES(1,zeroblob(1212));
CREATE TABLE IF NOT EXISTS "found_parent"(nodeno INTEGER PRIMARY KEY,parentnode);
PRAGMA writable_schema=OFF;
`
  const database = await freshDatabase('sqlite', t)
  await apply(database, dump, 'INSERT INTO found VALUES (7, 0, 10);')
  t.same(await database.query('SELECT id FROM found WHERE low < 5'), [{ id: 7 }])
})

t.test('rows of a dump that refer to nothing are told, and roll it back', async (t) => {
  const dump =
    'PRAGMA foreign_keys=OFF;\nBEGIN;\nCREATE TABLE p (id PRIMARY KEY);\nCREATE TABLE c (p REFERENCES p);\nINSERT INTO c VALUES (9);\nCOMMIT;\n'
  const database = await freshDatabase('sqlite', t)
  await t.rejects(apply(database, dump), { code: 'foreign-key', message: /row 1 of c/ })
  t.same(await database.query("SELECT name FROM sqlite_schema WHERE name IN ('p', 'c')"), [])
})

t.test("a dump's own BEGIN, COMMIT and pragma are told, not doubled", async (t) => {
  const text = 'PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\nCREATE TABLE a (b);\nCOMMIT;\n'
  const target = await freshDatabase('sqlite', t)
  const { code, stdout, stderr } = await run([
    'up',
    '--dir',
    folder({ '20250101_000000_a.up.sql': text }),
    '--database',
    target.url,
  ])
  t.equal(code, 0, stderr)
  for (const own of ['PRAGMA foreign_keys=OFF', 'BEGIN TRANSACTION', 'COMMIT'])
    t.match(stdout + stderr, `"${own}" is not run`)
})
