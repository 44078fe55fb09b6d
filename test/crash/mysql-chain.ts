import type { Piece, Statement } from './chain.ts'

const body = `CREATE PROCEDURE bump(IN step_ integer) BEGIN
  INSERT INTO trace VALUES (step_, 1);
  INSERT INTO trace VALUES (step_, 2);
END`
const procedure: Statement = { sql: body, written: `DELIMITER //\n${body}//\nDELIMITER ;` }

/** DDL of many kinds, each of which commits by itself. */
export const mysqlKinds: readonly Piece[] = [
  'CREATE TABLE kinds (id integer AUTO_INCREMENT PRIMARY KEY, a integer, b varchar(20), old integer)',
  "INSERT INTO kinds (id, a, b) VALUES (1, 1, 'x'), (2, 2, 'y')",
  'ALTER TABLE kinds ADD COLUMN c integer NOT NULL DEFAULT 7',
  "ALTER TABLE kinds MODIFY COLUMN b varchar(60) NOT NULL COMMENT 'a name'",
  'ALTER TABLE kinds ADD COLUMN more integer, ADD INDEX (more)',
  // a second index of the same columns, to which the server gives a name
  'ALTER TABLE kinds ADD INDEX (more)',
  'ALTER TABLE kinds RENAME COLUMN a TO amount',
  'ALTER TABLE kinds DROP COLUMN old',
  'ALTER TABLE kinds ALTER COLUMN c SET DEFAULT 8',
  'CREATE UNIQUE INDEX kinds_b ON kinds (b)',
  'ALTER TABLE kinds ADD CONSTRAINT kinds_team FOREIGN KEY (amount) REFERENCES teams (id) ON DELETE CASCADE',
  'ALTER TABLE kinds ADD CONSTRAINT kinds_check CHECK (c > 0)',
  'UPDATE kinds SET c = c + 1',
  'ALTER TABLE kinds DROP FOREIGN KEY kinds_team',
  'DROP INDEX kinds_b ON kinds',
  "ALTER TABLE kinds COMMENT = 'of many kinds'",
  // leaves nothing to see
  'ALTER TABLE kinds FORCE',
  'RENAME TABLE kinds TO sorts',
  'CREATE VIEW sorted AS SELECT id, amount FROM sorts',
  'CREATE OR REPLACE VIEW sorted AS SELECT id, amount, b FROM sorts',
  procedure,
  'CREATE TRIGGER sorts_insert AFTER INSERT ON sorts FOR EACH ROW INSERT INTO trace VALUES (71, NEW.id)',
  "INSERT INTO sorts (id, amount, b, c) VALUES (3, 3, 'z', 1)",
  'CREATE TABLE spare (id integer PRIMARY KEY)',
  'INSERT INTO spare VALUES (1), (2)',
  'TRUNCATE TABLE spare',
  'CREATE TABLE copied AS SELECT id, amount FROM sorts',
  'CREATE TABLE alike LIKE sorts',
  'RENAME TABLE spare TO kept, alike TO spare',
  'INSERT INTO trace VALUES (7, 1)',
  'DROP TRIGGER sorts_insert',
  'DROP VIEW sorted',
  'DROP PROCEDURE bump',
  'DROP TABLE copied, kept',
  'INSERT INTO trace VALUES (7, 2)',
]
