import t from 'tap'
import type { Dialect } from '../../lib/dialects/dialect.ts'
import { mysql } from '../../lib/dialects/mysql.ts'
import { postgres } from '../../lib/dialects/postgres.ts'
import { sqlite } from '../../lib/dialects/sqlite.ts'
import { SqlmigError } from '../../lib/errors.ts'
import { Splitter } from '../../lib/text/split.ts'

function texts(dialect: Dialect, sql: string, modes?: string): string[] {
  return Array.from(new Splitter([sql], dialect.lexis(modes)), ({ text }) => text)
}

function refusal(dialect: Dialect, sql: string): SqlmigError {
  try {
    texts(dialect, sql)
  } catch (error) {
    if (error instanceof SqlmigError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

function copied(sql: string): { text: string; data: string | undefined }[] {
  return Array.from(new Splitter([sql], postgres.lexis()), ({ text, data }) => ({
    text,
    data: data && [...data].join(''),
  }))
}

t.test('a statement has a place: line and column in code points, from 1', async (t) => {
  const places = (sql: string) =>
    Array.from(new Splitter([sql], postgres.lexis()), ({ place }) => [place.line, place.column])
  t.same(places("SELECT 1; SELECT '😀'; SELECT 2;\n\n  SELECT 3"), [
    [1, 1],
    [1, 11],
    [1, 23],
    [3, 3],
  ])
})

t.test('files without statements have none', async (t) => {
  for (const sql of ['', '\n', ';;;', '-- only', '/* only; */', ' -- a\n/* b */ ; -- c'])
    t.same(texts(postgres, sql), [], sql)
})

t.test('what is not closed is refused where it begins', async (t) => {
  const cases: [Dialect, string, number, number][] = [
    [postgres, "SELECT 1;\nSELECT 'open", 2, 8],
    [postgres, 'SELECT "open', 1, 8],
    [postgres, 'SELECT 1; /* open /* */', 1, 11],
    [postgres, 'SELECT $a$ open $b$', 1, 8],
    [postgres, 'CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1;', 1, 1],
    [mysql, 'SELECT `open', 1, 8],
    [mysql, '/*!50001 SELECT 1;', 1, 1],
    [mysql, 'CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW BEGIN SET @a = 1;', 1, 1],
    [sqlite, 'SELECT [open', 1, 8],
    [sqlite, 'CREATE TRIGGER x AFTER INSERT ON t BEGIN SELECT 1;', 1, 1],
    [postgres, 'COPY t FROM stdin;\n1\n', 2, 1],
  ]
  for (const [dialect, sql, line, column] of cases) {
    t.match(refusal(dialect, sql), { code: 'unterminated', at: { line, column }, remedy: String }, sql)
  }
})

t.test('PostgreSQL: a COPY block is data, not SQL', async (t) => {
  const sql =
    "COPY t (a, b) FROM stdin;\n1\tit's; -- x\n\\.x\n2\t\\N\n\\.\nSELECT 1;\ncopy u from STDIN with (format csv);\n\\.\n"
  t.same(copied(sql), [
    { text: 'COPY t (a, b) FROM stdin', data: "1\tit's; -- x\n\\.x\n2\t\\N\n" },
    { text: 'SELECT 1', data: undefined },
    { text: 'copy u from STDIN with (format csv)', data: '' },
  ])
  t.same(copied('COPY t FROM stdin;\r\n1\r\n\\.\r\nSELECT 1'), [
    { text: 'COPY t FROM stdin', data: '1\r\n' },
    { text: 'SELECT 1', data: undefined },
  ])
  t.same(copied("COPY t FROM '/tmp/stdin'; COPY t TO '/x'").length, 2, 'a file on the server has no block')
})

t.test('PostgreSQL: commands of psql are refused with their line, those of pg_dump passed over', async (t) => {
  t.same(texts(postgres, '\\restrict abc\nSELECT 1;\n\\unrestrict abc\n'), ['SELECT 1'])
  t.match(refusal(postgres, 'SELECT 1;\n\\connect other'), {
    code: 'client-command',
    at: { line: 2, column: 1 },
    remedy: /one database/,
  })
  t.match(refusal(postgres, 'SELECT 1 \\gset'), { code: 'client-command', at: { line: 1, column: 10 } })
  t.match(refusal(postgres, '\\i other.sql'), { code: 'client-command' })
})

t.test('PostgreSQL: standard_conforming_strings is followed', async (t) => {
  const sql =
    "SET standard_conforming_strings = off; SELECT 'a\\';b'; SET standard_conforming_strings TO on; SELECT 'c\\'; SELECT 1"
  t.same(texts(postgres, sql).length, 5)
  t.same(texts(postgres, "SELECT 'a\\'; SELECT 1").length, 2)
  t.same(texts(postgres, "SELECT 'a\\'; SELECT 1'", 'off').length, 1)
})

t.test('MySQL: strings, names and comments of its own', async (t) => {
  t.same(texts(mysql, 'SELECT \'a\\\';b\', "c\\";d", `e;f`; # g; h\nSELECT 1 -- ;\n; SELECT 2--1;'), [
    'SELECT \'a\\\';b\', "c\\";d", `e;f`',
    'SELECT 1',
    'SELECT 2--1',
  ])
  t.same(texts(mysql, "SELECT 'a\\'; SELECT 1", 'NO_BACKSLASH_ESCAPES').length, 2)
  t.same(texts(mysql, 'SELECT "a\\"; SELECT 1', 'ANSI_QUOTES').length, 2)
  t.same(texts(mysql, 'SELECT "a\\"; SELECT 1"').length, 1)
})

t.test('MySQL: sql_mode is followed through a file, its restoring too', async (t) => {
  const sql = `SET @saved = @@sql_mode, sql_mode = 'NO_BACKSLASH_ESCAPES'; SELECT 'a\\';
/*!50003 SET @saved2 = @@sql_mode */ ; SET sql_mode = @saved; SELECT 'b\\';c'; SET SESSION sql_mode = @saved2; SELECT 'd\\'; SELECT 1`
  t.equal(texts(mysql, sql).length, 8)
})

t.test('MySQL: conditional comments are code', async (t) => {
  const sql =
    "/*!40101 SET NAMES utf8 */;\n/*!50001 CREATE VIEW v AS SELECT ';' */;\n/* plain; */ SELECT 1 /*!50001 + 1 */;"
  t.same(texts(mysql, sql), [
    '/*!40101 SET NAMES utf8 */',
    "/*!50001 CREATE VIEW v AS SELECT ';' */",
    'SELECT 1 /*!50001 + 1 */',
  ])
})

t.test('MySQL: DELIMITER is obeyed, and stays out of the statements', async (t) => {
  const sql =
    'DELIMITER $$\nCREATE PROCEDURE p() BEGIN SELECT 1; SELECT 2; END$$\nSELECT 3 $$\ndelimiter ;\nSELECT 4;\nDELIMITER //\nSELECT 5//\nDELIMITER ;;\nSELECT 6;;\n'
  t.same(texts(mysql, sql), [
    'CREATE PROCEDURE p() BEGIN SELECT 1; SELECT 2; END',
    'SELECT 3',
    'SELECT 4',
    'SELECT 5',
    'SELECT 6',
  ])
  t.match(refusal(mysql, 'SELECT 1 \\G'), { code: 'client-command' })
})

t.test('MySQL: stored programs need no DELIMITER', async (t) => {
  const programs = [
    'CREATE TRIGGER t1 BEFORE INSERT ON t FOR EACH ROW SET NEW.a = IF(NEW.b, 1, 2)',
    'CREATE TRIGGER t2 BEFORE INSERT ON t FOR EACH ROW BEGIN IF NEW.a THEN SET NEW.b = 1; ELSEIF NEW.c THEN SET NEW.b = 2; ELSE SET NEW.b = 3; END IF; END',
    'CREATE TRIGGER t3 AFTER UPDATE ON t FOR EACH ROW IF NEW.a THEN INSERT INTO l VALUES (1); END IF',
    'CREATE DEFINER=`root`@`%` TRIGGER t4 BEFORE DELETE ON t FOR EACH ROW FOLLOWS t3 BEGIN END',
    'CREATE DEFINER = event@localhost PROCEDURE IF NOT EXISTS p1(IN a INT) BEGIN WHILE a > 0 DO SET a = a - 1; END WHILE; END',
    'CREATE PROCEDURE p2() l: LOOP LEAVE l; END LOOP l',
    'CREATE PROCEDURE p3() BEGIN REPEAT SET @x = REPEAT("a", 2); UNTIL @x > 1 END REPEAT; END',
    'CREATE PROCEDURE p4() BEGIN DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; END; CASE 1 WHEN 1 THEN IF (1) THEN SELECT 1; END IF; ELSE BEGIN END; END CASE; END',
    'CREATE FUNCTION f1(a INT) RETURNS INT DETERMINISTIC RETURN CASE WHEN a THEN 1 ELSE 2 END',
    "CREATE FUNCTION f2(a INT) RETURNS INT READS SQL DATA COMMENT 'x;' BEGIN DECLARE b INT; SELECT CASE a WHEN 1 THEN IF(a, 2, 3) END INTO b; RETURN b; END",
    'CREATE EVENT e1 ON SCHEDULE EVERY 1 DAY DO BEGIN DELETE FROM t; DELETE FROM u; END',
    'CREATE EVENT e2 ON SCHEDULE EVERY 1 DAY DO DELETE FROM t',
    'ALTER EVENT e2 DO BEGIN SELECT 1; END',
    "CREATE FUNCTION u RETURNS STRING SONAME 'u.so'",
    'CREATE PROCEDURE p5() BEGIN SELECT t.end, `begin`, t.case FROM t WHERE t.end > 1; SELECT 1; END',
    'BEGIN NOT ATOMIC IF 1 THEN SELECT 1; END IF; END',
    'CREATE TABLE event (begin INT, end INT)',
    'CREATE TABLE trigger_log (a INT)',
  ]
  t.same(texts(mysql, programs.map((one) => `${one};\n`).join('')), programs)
})

t.test('SQLite: triggers, brackets, and the dot commands of its shell', async (t) => {
  const trigger =
    "CREATE TEMP TRIGGER x AFTER UPDATE ON t BEGIN UPDATE t SET a = CASE WHEN b THEN 1 ELSE 2 END; SELECT ';'; END"
  t.same(texts(sqlite, `${trigger}; SELECT [a;b], "c;d", \`e;f\`; SELECT 1`), [
    trigger,
    'SELECT [a;b], "c;d", `e;f`',
    'SELECT 1',
  ])
  t.match(refusal(sqlite, 'SELECT 1;\n.mode csv\n'), { code: 'client-command', at: { line: 2, column: 1 } })
  t.same(texts(sqlite, "CREATE TABLE trigger_x (a); SELECT 'end'; "), ['CREATE TABLE trigger_x (a)', "SELECT 'end'"])
})

t.test('a line of a hundred thousand statements is read in one pass', async (t) => {
  let chunks = 0
  function* source(): Generator<string> {
    for (; chunks < 1000; chunks++) yield 'SELECT 1; '.repeat(100)
  }
  const splitter = new Splitter(source(), postgres.lexis())
  let count = 0
  let last = 0
  for (const { place } of splitter) {
    count++
    last = place.column
  }
  t.equal(count, 100_000)
  t.equal(last, 999_991)
})

t.test('memory does not grow with the file', async (t) => {
  const chunk = `${"INSERT INTO t VALUES (1, 'some text to fill the row');\n".repeat(2000)}`
  function* source(): Generator<string> {
    for (let i = 0; i < 1500; i++) yield chunk
  }
  let most = 0
  let count = 0
  for (const _ of new Splitter(source(), postgres.lexis())) {
    if (++count % 100_000 === 0) most = Math.max(most, process.memoryUsage().heapUsed)
  }
  t.equal(count, 3_000_000)
  t.ok(
    most < 200 * 1024 * 1024,
    `${Math.round(most / 1048576)} MB for ${Math.round((chunk.length * 1500) / 1048576)} MB of SQL`,
  )
})
