import t from 'tap'
import { type Catalogue, keyOf } from '../../lib/catalogue/model.ts'
import { readCatalogue } from '../../lib/catalogue/read.ts'
import { dumpSqlite } from '../../lib/catalogue/sqlite-dump.ts'
import { readTable } from '../../lib/catalogue/sqlite-table.ts'
import { sqlite } from '../../lib/dialects/sqlite.ts'
import { Splitter } from '../../lib/text/split.ts'
import { built, everything, inMemory } from './sqlite-schemas.ts'

/** As a file of it would be split. */
function statementsOf(catalogue: Catalogue): readonly string[] {
  const text = dumpSqlite(catalogue)
    .map(({ sql }) => `${sql};\n`)
    .join('\n')
  return Array.from(new Splitter([text], sqlite.lexis()), (statement) => statement.text)
}

function partsOf(catalogue: Catalogue, table: string): readonly string[] {
  const object = catalogue.objects.find(({ kind, name }) => kind === 'table' && name === table)
  return object?.parts.map(({ kind, name, properties }) => `${kind} ${name}: ${JSON.stringify(properties)}`) ?? []
}

t.test('a dump makes the same schema, and the same dump', async (t) => {
  const catalogue = await built(everything)
  const statements = statementsOf(catalogue)
  const again = await built(statements)
  t.same(again, catalogue)
  t.same(statementsOf(again), statements)
  t.equal(catalogue.objects.length, everything.length - 2, 'all but the indexes are objects')
})

t.test('every table but a virtual one is understood', async (t) => {
  const { objects } = await built(everything)
  const texts = objects.filter(({ kind, properties }) => kind === 'table' && 'definition' in properties)
  t.same(texts.map(keyOf), ['table words'])
})

t.test('the manner of writing says nothing', async (t) => {
  const plain = await built([
    `CREATE TABLE a (id INTEGER PRIMARY KEY, n TEXT NOT NULL COLLATE NOCASE DEFAULT 'x' UNIQUE, m INT DEFAULT -1 CHECK (m > 0 AND n <> 'A'), b REFERENCES a (id))`,
    'CREATE INDEX i ON a (m, n DESC) WHERE m IS NOT NULL',
  ])
  const other = await built([
    `create table [a] ("id" Integer, \`n\` text default ('x') collate nocase not null, m int default (- 1), "b" /* up */,
     unique("N" asc), check("m">0 and N<>'A'), primary key(ID), foreign key (B) references "A")`,
    'create index i on a ("m", [N] desc)\n  where M is not null',
  ])
  t.same(other, plain)
})

t.test('what says something is read', async (t) => {
  const one = async (...columns: readonly string[]) =>
    partsOf(await built([`CREATE TABLE a (${columns.join(', ')})`]), 'a')
  const base = await one('id INTEGER PRIMARY KEY', "n TEXT CHECK (n <> 'a')")
  for (const columns of [
    ['id INTEGER PRIMARY KEY DESC', "n TEXT CHECK (n <> 'a')"],
    ['id INTEGER PRIMARY KEY AUTOINCREMENT', "n TEXT CHECK (n <> 'a')"],
    ['id INTEGER PRIMARY KEY ON CONFLICT IGNORE', "n TEXT CHECK (n <> 'a')"],
    ['id INT PRIMARY KEY', "n TEXT CHECK (n <> 'a')"],
    ['id INTEGER PRIMARY KEY', "n TEXT CHECK (n <> 'A')"],
    ['id INTEGER PRIMARY KEY', "n TEXT CONSTRAINT c CHECK (n <> 'a')"],
    ['id INTEGER PRIMARY KEY', "n TEXT DEFAULT 'x' CHECK (n <> 'a')"],
    ['id INTEGER PRIMARY KEY', "n TEXT NOT NULL CHECK (n <> 'a')"],
    ['id INTEGER PRIMARY KEY', "n TEXT NOT NULL ON CONFLICT FAIL CHECK (n <> 'a')"],
    ['id INTEGER PRIMARY KEY', "n TEXT COLLATE RTRIM CHECK (n <> 'a')"],
    ['id INTEGER PRIMARY KEY', "n TEXT UNIQUE CHECK (n <> 'a')"],
    ['id INTEGER PRIMARY KEY', "n TEXT AS (id) CHECK (n <> 'a')"],
    ['id INTEGER PRIMARY KEY', "n TEXT REFERENCES a CHECK (n <> 'a')"],
  ])
    t.notSame(await one(...columns), base, columns.join(', '))
})

t.test('what may be a string in double quotes is left as it is', async (t) => {
  // an SQLite that is built to take them for strings has files with such a text
  const text = readTable('CREATE TABLE a (b CHECK (b <> "zero" AND "b" <> 1))')
  t.match(text?.constraints, [{ kind: 'check', expression: '(b <> "zero" AND b <> 1)' }])
})

t.test('a table that SQLite reads otherwise than we do is carried as its text', async (t) => {
  await inMemory(async (session) => {
    await session.exec([
      'CREATE TABLE a (b INT, c TEXT)',
      'PRAGMA writable_schema = ON',
      // the columns in memory are still two
      "UPDATE sqlite_schema SET sql = 'CREATE TABLE a (b INT, c TEXT, d INT)' WHERE name = 'a'",
    ])
    const { objects } = await readCatalogue(session, 'sqlite', 'SQLite', { without: [], grants: false })
    t.match(objects, [{ properties: { definition: 'CREATE TABLE a (b INT, c TEXT, d INT)' }, parts: { length: 2 } }])
  })
})

t.test('what is told to be left out is left out, with its indexes and triggers', async (t) => {
  await inMemory(async (session) => {
    await session.exec([
      'CREATE TABLE sqlmig (a)',
      'CREATE INDEX i ON sqlmig (a)',
      'CREATE TRIGGER t AFTER INSERT ON sqlmig BEGIN SELECT 1; END',
      'CREATE TABLE stays (a)',
      'CREATE TEMP TABLE passing (a)',
    ])
    const without = [{ schema: 'main', name: 'SQLMIG' }]
    const { objects } = await readCatalogue(session, 'sqlite', 'SQLite', { without, grants: false })
    t.same(objects.map(keyOf), ['table stays'])
  })
})
