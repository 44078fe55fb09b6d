import t from 'tap'
import { type Targets, targetsOf } from '../../lib/ddl/read-ddl.ts'
import type { DialectName } from '../../lib/dialects/dialect-name.ts'
import { tableKey } from '../../lib/schema/table.ts'

const cases: readonly (readonly [string, Targets['verb'], readonly string[], DialectName?])[] = [
  [
    'SELECT * FROM a, b AS x, c y JOIN d ON d.id = c.id LEFT JOIN s.e USING (id) WHERE f = 1',
    'select',
    ['a', 'b', 'c', 'd', 's.e'],
  ],
  ['SELECT (SELECT max(id) FROM a) FROM (SELECT 1 FROM b) x', 'select', ['a', 'b']],
  ['WITH x AS (SELECT * FROM a), y (n) AS (SELECT 1 FROM x) SELECT * FROM y JOIN b ON true', 'select', ['a', 'b']],
  ['WITH x AS (DELETE FROM a RETURNING id) SELECT * FROM x', 'delete', ['a']],
  ['WITH x AS (SELECT 1) INSERT INTO a SELECT * FROM b', 'insert', ['a', 'b']],
  ['(SELECT 1 FROM a) UNION SELECT 2 FROM b', 'select', ['a', 'b']],
  ['SELECT * FROM generate_series(1, 3) n JOIN a ON a.n = n', 'select', ['a']],
  ['SELECT * FROM a FOR UPDATE', 'select', ['a']],
  ["INSERT INTO a (id, name) SELECT id, 'FROM x' FROM b", 'insert', ['a', 'b']],
  ['INSERT OR REPLACE INTO a VALUES (1)', 'insert', ['a'], 'sqlite'],
  ['INSERT IGNORE a (id) VALUES (1)', 'insert', ['a'], 'mysql'],
  ['REPLACE INTO a VALUES (1)', 'insert', ['a'], 'mysql'],
  ['INSERT INTO a VALUES (1) ON CONFLICT DO UPDATE SET x = 1', 'insert', ['a']],
  ['UPDATE a SET x = b.x FROM b WHERE a.id = b.id', 'update', ['a', 'b']],
  ['UPDATE a JOIN b ON a.id = b.id SET a.x = 1', 'update', ['a', 'b'], 'mysql'],
  ['UPDATE a, b SET a.x = 1', 'update', ['a', 'b'], 'mysql'],
  ['DELETE FROM a USING b WHERE a.id = b.id', 'delete', ['a', 'b']],
  ['TRUNCATE TABLE a, b', 'delete', ['a', 'b']],
  ['COPY a (id) FROM stdin', 'insert', ['a']],
  ['ALTER TABLE a RENAME TO b', 'ddl', ['a', 'b']],
  ['CREATE TABLE a (b int)', 'ddl', ['a']],
  ['CREATE TABLE a AS SELECT * FROM b', 'ddl', ['a']],
  ['CREATE VIEW a AS SELECT * FROM b', 'ddl', []],
  ['VACUUM', 'other', []],
]

t.test('a statement tells which tables it reads and changes', async (t) => {
  for (const [statement, verb, tables, dialect = 'postgres'] of cases) {
    const found = targetsOf(statement, dialect)
    t.same([found.verb, found.tables.map(tableKey).toSorted()], [verb, tables.toSorted()], `${dialect}: ${statement}`)
  }
})
