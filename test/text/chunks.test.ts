import { deepStrictEqual, strictEqual } from 'node:assert'
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import t from 'tap'
import type { Dialect } from '../../lib/dialects/dialect.ts'
import { mysql } from '../../lib/dialects/mysql.ts'
import { postgres } from '../../lib/dialects/postgres.ts'
import { sqlite } from '../../lib/dialects/sqlite.ts'
import { Splitter } from '../../lib/text/split.ts'
import { holds } from './property.ts'

const common = [
  'SELECT 1',
  "INSERT INTO t VALUES ('a;b', 'it''s', '-- no', '/* no')",
  'UPDATE "t;1" SET a = b * 2 - 1 WHERE c <> 3.5e-1',
  "SELECT '日本;😀' AS x",
  'DELETE FROM t WHERE a = 1 AND (b = 2 OR c IN (1, 2, 3))',
  '-- sqlmig: when table t exists\nDROP TABLE t',
]
const own: [Dialect, string[]][] = [
  [
    postgres,
    [
      ...common,
      'CREATE FUNCTION f() RETURNS int AS $b$ BEGIN; x $$ END $b$ LANGUAGE plpgsql',
      "SELECT E'a\\';b', U&'c;', $1 /* /* ; */ */ + 1",
      'COPY t FROM stdin;\n1\ta;b\n\\N\t\\\\.\n\\.',
      'CREATE RULE r AS ON INSERT TO t DO ALSO (SELECT 1; SELECT 2)',
    ],
  ],
  [
    mysql,
    [
      ...common.filter((one) => !one.includes('"')),
      'SELECT \'a\\\';b\', `c;d`, "e\\";f" /*!50001 + 1 */',
      'CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW BEGIN SET NEW.a = 1; END',
      'DELIMITER $$\nCREATE PROCEDURE p() BEGIN SELECT 1; END$$\nDELIMITER ;\nSELECT 2',
    ],
  ],
  [
    sqlite,
    [...common, 'CREATE TRIGGER x AFTER INSERT ON t BEGIN SELECT CASE WHEN 1 THEN 2 END; END', 'SELECT [a;b], `c;d`'],
  ],
]

function fileOf(statements: readonly string[]): fc.Arbitrary<string> {
  const separator = fc.constantFrom('\n', '\n\n', '\n-- a; comment\n', '\n/* a; comment */\n')
  return fc
    .array(fc.tuple(fc.constantFrom(...statements), separator), { minLength: 1, maxLength: 12 })
    .map((parts) => parts.map(([one, gap]) => `${one}${one.endsWith('\\.') ? '' : ';'}${gap}`).join(''))
}

function read(chunks: Iterable<string>, dialect: Dialect): unknown[] {
  return Array.from(new Splitter(chunks, dialect.lexis()), ({ text, place, words, directives, data, dataPlace }) => ({
    text,
    place,
    words,
    directives,
    data: data && [...data].join(''),
    dataPlace,
  }))
}

function tokens(sql: string, dialect: Dialect): string {
  const hash = createHash('sha256')
  for (const { data } of new Splitter([sql], dialect.lexis(), (piece) => hash.update(piece)))
    for (const _ of data ?? []);
  return hash.digest('hex')
}

for (const [dialect, statements] of own) {
  t.test(`${dialect.title}: how a file is cut into chunks changes nothing`, async (t) => {
    const cut = fc.tuple(fileOf(statements), fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }))
    holds(
      t,
      fc.property(cut, ([sql, sizes]) => {
        const chunks: string[] = []
        for (let at = 0, i = 0; at < sql.length; i++) {
          const size = sizes[i % sizes.length]!
          chunks.push(sql.slice(at, (at += size)))
        }
        deepStrictEqual(read(chunks, dialect), read([sql], dialect))
      }),
      400,
    )
  })

  t.test(`${dialect.title}: every place leads back to its statement`, async (t) => {
    holds(
      t,
      fc.property(fileOf(statements), (sql) => {
        const lines = sql.split('\n')
        for (const { text, place } of new Splitter([sql], dialect.lexis())) {
          const rest = [...lines.slice(place.line - 1).join('\n')].slice(place.column - 1).join('')
          strictEqual(rest.startsWith(text), true, `${JSON.stringify(text)} at ${place.line}:${place.column}`)
        }
      }),
      200,
    )
  })

  t.test(
    `${dialect.title}: comments, white space, line ends and the case of keywords do not change the token checksum`,
    async () => {
      holds(
        t,
        fc.property(fileOf(statements), (sql) => {
          if (sql.includes('DELIMITER') || sql.includes('$b$')) return
          const before = tokens(sql, dialect)
          strictEqual(tokens(`\n\n/* x */ -- y\n${sql}\n-- end`, dialect), before)
          strictEqual(
            tokens(sql.replaceAll(/\bSELECT\b/g, 'select').replaceAll(/\bUPDATE\b/g, 'Update'), dialect),
            before,
          )
          strictEqual(
            tokens(sql.replaceAll('(1, 2, 3)', '( 1,2\n, /* c */ 3 )').replaceAll('b * 2', 'b*2'), dialect),
            before,
          )
          if (!sql.includes('\\.')) strictEqual(tokens(sql.replaceAll('\n', '\r\n'), dialect), before)
        }),
        200,
      )
    },
  )
}

t.test('any change of code changes the token checksum', async (t) => {
  const changes: [Dialect, string, string][] = [
    [postgres, "SELECT 'a'", "SELECT 'A'"],
    [postgres, "SELECT 'a  b'", "SELECT 'a b'"],
    [postgres, 'SELECT "a"', 'SELECT "A"'],
    [postgres, 'SELECT $$a$$', 'SELECT $$a $$'],
    [postgres, 'SELECT 1', 'SELECT 2'],
    [postgres, 'SELECT 12', 'SELECT 1 2'],
    [postgres, "SELECT 'a' 'b'", "SELECT 'a''b'"],
    [postgres, 'SELECT a >= b', 'SELECT a > = b'],
    [postgres, 'SELECT /*+ SeqScan(t) */ 1', 'SELECT 1'],
    [postgres, 'SELECT 1; SELECT 2', 'SELECT 2; SELECT 1'],
    [postgres, '-- sqlmig: lock-timeout 5s\nSELECT 1', '-- sqlmig: lock-timeout 6s\nSELECT 1'],
    [postgres, '-- sqlmig: no-transaction\nSELECT 1', 'SELECT 1'],
    [postgres, 'COPY t FROM stdin;\n1\n\\.', 'COPY t FROM stdin;\n2\n\\.'],
    [mysql, '/*!50001 SELECT 1 */', '/*!50002 SELECT 1 */'],
    [mysql, 'SELECT 1 /*!50001 + 1 */', 'SELECT 1 /* 50001 + 1 */'],
    [mysql, 'SELECT * FROM Users', 'SELECT * FROM users'],
    [sqlite, 'CREATE TABLE Users (a)', 'CREATE TABLE users (a)'],
  ]
  for (const [dialect, a, b] of changes) t.not(tokens(a, dialect), tokens(b, dialect), `${a} | ${b}`)
  t.equal(tokens('SELECT A FROM T', postgres), tokens('select a from t', postgres))
  t.equal(tokens('SELECT 1', sqlite), tokens('select 1;', sqlite))
})
