import { deepStrictEqual, strictEqual } from 'node:assert'
import fc from 'fast-check'
import t from 'tap'
import type { Dialect } from '../../lib/dialects/dialect.ts'
import { mysql } from '../../lib/dialects/mysql.ts'
import { postgres } from '../../lib/dialects/postgres.ts'
import { sqlite } from '../../lib/dialects/sqlite.ts'
import { CanonicalText } from '../../lib/text/canonical.ts'
import { Lexer } from '../../lib/text/lexer.ts'
import { Splitter } from '../../lib/text/split.ts'
import { holds } from './property.ts'

const common = [
  'SELECT 1',
  "INSERT INTO t VALUES ('a;b', 'it''s', '-- no', '/* no')",
  'UPDATE "t;1" SET a = b * 2 - 1 WHERE c <> 3.5e-1',
  "SELECT '日本;😀' AS x",
  'DELETE FROM t WHERE a = 1 AND (b = 2 OR c IN (1, 2, 3))',
  '-- sqlmig: when table t exists\nDROP TABLE t',
  ...[
    "(1, 'x', NULL)",
    "(-2,'it''s' , null),\n\t(3e+5, '', NULL)",
    "(1.5e-3, 0xFF, -- c\n 'a''', NULL )",
    '(- 5, 1 - 2, f(1, 2), (3))',
  ].map((values) => `INSERT INTO t (a, b, c) VALUES ${values}`),
  "insert INTO t VALUES (1, 'a long text that goes on and on, with ''quotes''; and no end of it for quite a while', 1)",
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
  return canonical([sql], dialect)
}

function canonical(chunks: Iterable<string>, dialect: Dialect): string {
  let pieces = ''
  const splitter = new Splitter(chunks, dialect.lexis(), (piece) => {
    pieces += piece
  })
  for (const { data } of splitter) for (const _ of data ?? []);
  return pieces
}

/** The canonical text of one statement, each token told apart; undefined where one has no end. */
function tokenByToken(sql: string, dialect: Dialect): string | undefined {
  const lexer = new Lexer(dialect.lexis())
  const text = new CanonicalText(lexer.lexis.caseBlind)
  for (let at = 0, kind = lexer.next(sql, 0, false); kind !== 'end'; kind = lexer.next(sql, at, false)) {
    if (kind === 'unterminated') return undefined
    if (kind !== 'space' && kind !== 'comment') text.token(sql, at, lexer.end, kind)
    at = lexer.end
  }
  return `${text.finish(sql)};\n`
}

/** What may stand among values, some of it only nearly plain. */
const odd = [
  ...[
    '1',
    '-1',
    '- 1',
    '1e5',
    '1e+5',
    '1E-5x',
    '.5',
    '1.',
    '0xAb',
    '1_000',
    'NULL',
    'null',
    'NULLS',
    'NULL + 1',
    'Nil',
  ],
  ...[
    "'a'",
    "'it''s'",
    "''''",
    "'a' 'b'",
    "'\\\\'",
    "'--'",
    "'/*'",
    "'a''\n''b'",
    "'é😀'",
    "E'a'",
    "x'ab'",
    "_utf8 'a'",
  ],
  ...[
    '(',
    ')',
    ',',
    ' ',
    '\n',
    '\t ',
    '-- c\n',
    '/* c */',
    '--1\n',
    '-',
    '+',
    '::int',
    'now()',
    'TRUE',
    '"a"',
    '= ',
    '*',
  ],
  `'${'long '.repeat(20)}'`,
  `'${"it''s ".repeat(20)}'`,
]

for (const [dialect] of own) {
  t.test(`${dialect.title}: values are stepped over exactly as they are told apart`, async (t) => {
    const values = fc.array(fc.constantFrom(...odd), { maxLength: 30 }).map((parts) => parts.join(''))
    const statement = fc.tuple(
      fc.constantFrom('INSERT INTO t VALUES (', 'REPLACE INTO T (a) values ( 1,', 'SELECT ('),
      values,
    )
    holds(
      t,
      fc.property(
        fc.array(statement, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 60 }),
        (parts, size) => {
          // some odd things make a comment of the rest of the line
          const statements = parts.map(([head, rest]) => `${head}${rest}\n)`)
          const sql = statements.map((one) => `${one};\n`).join('')
          const chunks = sql.match(new RegExp(`[^]{1,${size}}`, 'g'))!
          const each = statements.map((one) => tokenByToken(one, dialect))
          fc.pre(!each.includes(undefined))
          const told = each.join('')
          strictEqual(canonical(chunks, dialect), told)
          strictEqual(canonical([sql], dialect), told)
          const [whole, cut] = [read([sql], dialect), read(chunks, dialect)]
          deepStrictEqual(cut, whole)
          strictEqual(whole.length, statements.length)
        },
      ),
      1000,
    )
  })
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
        strictEqual(canonical(chunks, dialect), canonical([sql], dialect))
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
