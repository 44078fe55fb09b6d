import t from 'tap'
import type { Dialect } from '../../lib/dialects/dialect.ts'
import { mysql } from '../../lib/dialects/mysql.ts'
import { postgres } from '../../lib/dialects/postgres.ts'
import { sqlite } from '../../lib/dialects/sqlite.ts'
import { Splitter } from '../../lib/text/split.ts'

// What each statement does to the transaction around it.

function effects(dialect: Dialect, statements: readonly string[]): unknown[] {
  return Array.from(new Splitter([statements.join(';\n')], dialect.lexis()), (statement) => {
    const effect = dialect.effect(statement)
    return typeof effect === 'object' ? 'refused' : effect
  })
}

const table: [Dialect, Record<string, readonly string[]>][] = [
  [
    postgres,
    {
      plain: [
        'CREATE TABLE a (b int)',
        'CREATE INDEX i ON a (b)',
        "ALTER TYPE t ADD VALUE 'x'",
        'INSERT INTO a VALUES (1)',
        'SAVEPOINT s',
        'ROLLBACK TO SAVEPOINT s',
        "SET client_encoding = 'UTF8'",
        "SET NAMES 'utf8'",
        'SET search_path = a',
        'REFRESH MATERIALIZED VIEW CONCURRENTLY v',
        'REINDEX TABLE a',
        'PREPARE p AS SELECT 1',
        'CREATE TABLE concurrently_x (index int)',
      ],
      alone: [
        'CREATE INDEX CONCURRENTLY i ON a (b)',
        'CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON a (b)',
        'DROP INDEX CONCURRENTLY i',
        'REINDEX TABLE CONCURRENTLY a',
        'REINDEX DATABASE d',
        'VACUUM',
        'VACUUM FULL a',
        'CREATE DATABASE d',
        'DROP TABLESPACE s',
        'ALTER SYSTEM SET a = 1',
        'ALTER TABLE a DETACH PARTITION b CONCURRENTLY',
        'DISCARD ALL',
      ],
      opaque: ['CALL p()', 'DO $$ BEGIN END $$'],
      begin: ['BEGIN', 'BEGIN ISOLATION LEVEL SERIALIZABLE', 'START TRANSACTION READ WRITE'],
      commit: ['COMMIT', 'END', 'COMMIT WORK'],
      refused: [
        'ROLLBACK',
        'ABORT',
        "PREPARE TRANSACTION 'x'",
        'COPY a TO STDOUT',
        "SET client_encoding = 'LATIN1'",
        "SET NAMES 'latin1'",
        'SET client_encoding TO sql_ascii',
      ],
    },
  ],
  [
    mysql,
    {
      plain: [
        'INSERT INTO a VALUES (1)',
        'REPLACE INTO a VALUES (1)',
        'UPDATE a SET b = 1',
        'WITH c AS (SELECT 1) SELECT * FROM c',
        'SET @a = 1',
        '/*!40101 SET NAMES utf8 */',
        'USE d',
        'CREATE TEMPORARY TABLE t (a int)',
        'DROP TEMPORARY TABLE t',
        'ROLLBACK TO s',
        "LOAD DATA INFILE 'x' INTO TABLE a",
        'PREPARE s FROM @a',
      ],
      autocommit: [
        'CREATE TABLE a (b int)',
        '/*!50001 CREATE VIEW v AS SELECT 1 */',
        'ALTER TABLE a ADD c int',
        'TRUNCATE a',
        'RENAME TABLE a TO b',
        'LOCK TABLES a WRITE',
        'UNLOCK TABLES',
        'GRANT SELECT ON a TO b',
        'ANALYZE TABLE a',
        'FLUSH TABLES',
        "SET PASSWORD = 'x'",
        '/*!40000 ALTER TABLE `a` DISABLE KEYS */',
      ],
      opaque: ['CALL p()', 'EXECUTE s'],
      begin: ['BEGIN', 'START TRANSACTION'],
      commit: ['COMMIT'],
      skip: ['SET autocommit = 0'],
      refused: ['ROLLBACK'],
    },
  ],
  [
    sqlite,
    {
      plain: [
        'CREATE TABLE a (b)',
        'INSERT INTO a VALUES (1)',
        'PRAGMA user_version = 3',
        'PRAGMA defer_foreign_keys = ON',
        'SAVEPOINT s',
        'RELEASE s',
        'ROLLBACK TO s',
        'REINDEX',
      ],
      alone: ['VACUUM', "ATTACH 'x' AS y", 'DETACH y', 'PRAGMA journal_mode = WAL', 'PRAGMA main.synchronous = OFF'],
      begin: ['BEGIN', 'BEGIN IMMEDIATE TRANSACTION'],
      commit: ['COMMIT', 'END TRANSACTION'],
      skip: ['PRAGMA foreign_keys = OFF', 'pragma foreign_keys=on'],
      refused: ['ROLLBACK'],
    },
  ],
]

for (const [dialect, groups] of table) {
  for (const [effect, statements] of Object.entries(groups)) {
    t.test(`${dialect.title}: ${effect}`, async (t) => {
      t.same(
        effects(dialect, statements),
        statements.map(() => effect),
      )
    })
  }
}
