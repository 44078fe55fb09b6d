import type { DialectName } from '../../lib/dialects/dialect-name.ts'

/** What a rule finds, and what is near it that it must not find: one file each, or several that go out together. */
export interface Case {
  readonly rule: string
  readonly dialect: DialectName
  /** Files that have landed before. */
  readonly landed: readonly string[]
  readonly finds: readonly (string | readonly string[])[]
  readonly passes: readonly (string | readonly string[])[]
}

const tables = `
  CREATE TABLE customer (id integer PRIMARY KEY, name varchar(100));
  CREATE TABLE lead_entry (id integer PRIMARY KEY, email varchar(100), score integer);
`

/** What holds in every dialect. */
const everywhere: readonly Omit<Case, 'dialect' | 'landed'>[] = [
  {
    rule: 'drop-table',
    finds: [
      'DROP TABLE lead_entry;',
      'DROP TABLE IF EXISTS table_of_before;',
      'DROP TABLE lead_entry; CREATE TABLE lead_entry (id integer);',
    ],
    passes: [
      'CREATE TABLE visit (id integer); DROP TABLE visit;',
      'DROP TABLE IF EXISTS visit; CREATE TABLE visit (id integer);',
      'CREATE TABLE lead_new (id integer); INSERT INTO lead_new SELECT id FROM lead_entry; DROP TABLE lead_entry; ALTER TABLE lead_new RENAME TO lead_entry;',
      'DROP VIEW leads;',
      'CREATE TABLE kept (id integer); INSERT INTO kept SELECT id FROM lead_entry; DROP TABLE lead_entry; CREATE TABLE lead_entry (id integer); INSERT INTO lead_entry SELECT id FROM kept;',
    ],
  },
  {
    rule: 'drop-column',
    finds: ['ALTER TABLE lead_entry DROP COLUMN score;'],
    passes: [
      'ALTER TABLE lead_entry ADD COLUMN rank1 integer; ALTER TABLE lead_entry DROP COLUMN rank1;',
      'CREATE TABLE visit (id integer, n integer); ALTER TABLE visit DROP COLUMN n;',
      // what was filled before takes the place
      'ALTER TABLE lead_entry DROP COLUMN score; ALTER TABLE lead_entry RENAME COLUMN email TO score;',
    ],
  },
  {
    rule: 'rename-table',
    finds: ['ALTER TABLE lead_entry RENAME TO enquiry;'],
    passes: [
      'ALTER TABLE lead_entry RENAME TO enquiry; CREATE VIEW lead_entry AS SELECT * FROM enquiry;',
      'CREATE TABLE visit_new (id integer); ALTER TABLE visit_new RENAME TO visit;',
      'CREATE TABLE lead_new (id integer); ALTER TABLE lead_entry RENAME TO lead_old; ALTER TABLE lead_new RENAME TO lead_entry;',
    ],
  },
  {
    rule: 'rename-column',
    finds: ['ALTER TABLE lead_entry RENAME COLUMN score TO points;'],
    passes: [
      'CREATE TABLE visit (id integer); ALTER TABLE visit RENAME COLUMN id TO number;',
      'ALTER TABLE lead_entry ADD COLUMN a integer; ALTER TABLE lead_entry RENAME COLUMN a TO b;',
      'ALTER TABLE lead_entry DROP COLUMN score; ALTER TABLE lead_entry RENAME COLUMN email TO score;',
    ],
  },
  {
    rule: 'whole-table-write',
    finds: [
      'UPDATE lead_entry SET score = 0;',
      'DELETE FROM lead_entry;',
      'UPDATE lead_entry SET score = 0 WHERE 1 = 1;',
      'UPDATE table_of_before SET a = (SELECT max(b) FROM other WHERE c = 1);',
      'ALTER TABLE lead_entry ADD COLUMN rank1 integer; UPDATE lead_entry SET rank1 = 1 WHERE rank1 IS NULL;',
    ],
    passes: [
      'UPDATE lead_entry SET score = 0 WHERE id = 7;',
      'UPDATE lead_entry SET score = 0 WHERE score IS NULL;',
      'DELETE FROM lead_entry WHERE email IS NULL;',
      '-- sqlmig: batch 1000 by lead_entry.id\nUPDATE lead_entry SET score = 0;',
      'CREATE TABLE visit (id integer); INSERT INTO visit SELECT id FROM lead_entry; UPDATE visit SET id = id + 1;',
      'CREATE TEMPORARY TABLE found AS SELECT 1 AS id; UPDATE found SET id = 2; DELETE FROM found;',
      "INSERT INTO customer (id, name) VALUES (1, 'DELETE FROM lead_entry');",
    ],
  },
  {
    rule: 'not-null-without-default',
    finds: ['ALTER TABLE lead_entry ADD COLUMN region varchar(10) NOT NULL;'],
    passes: [
      "ALTER TABLE lead_entry ADD COLUMN region varchar(10) NOT NULL DEFAULT 'eu';",
      'ALTER TABLE lead_entry ADD COLUMN region varchar(10);',
      'CREATE TABLE visit (id integer); ALTER TABLE visit ADD COLUMN region varchar(10) NOT NULL;',
      'DELETE FROM lead_entry;\nALTER TABLE lead_entry ADD COLUMN region varchar(10) NOT NULL;',
    ],
  },
  {
    rule: 'if-not-exists',
    finds: ['CREATE TABLE IF NOT EXISTS lead_entry (id integer, other integer);'],
    passes: [
      'CREATE TABLE IF NOT EXISTS visit (id integer);',
      '-- sqlmig: when table lead_entry absent\nCREATE TABLE IF NOT EXISTS lead_entry (id integer);',
      'DROP TABLE lead_entry; CREATE TABLE IF NOT EXISTS lead_entry (id integer);',
    ],
  },
]

/** What holds in two of them. */
const some: readonly Case[] = [
  {
    rule: 'truncate',
    dialect: 'postgres',
    landed: [tables],
    finds: ['TRUNCATE lead_entry;', 'TRUNCATE TABLE ONLY customer, lead_entry RESTART IDENTITY CASCADE;'],
    passes: ['CREATE TABLE visit (id integer); TRUNCATE visit;'],
  },
  {
    rule: 'truncate',
    dialect: 'mysql',
    landed: [tables],
    finds: ['TRUNCATE TABLE lead_entry;'],
    passes: ['CREATE TABLE visit (id integer); TRUNCATE visit;'],
  },
  {
    rule: 'not-followed',
    dialect: 'postgres',
    landed: [tables],
    finds: ["DO $$ BEGIN EXECUTE format('ALTER TABLE %I ADD a int', 'lead_entry'); END $$;"],
    passes: ['SET search_path TO app;', 'CREATE TABLE visit AS SELECT 1 AS n;'],
  },
  {
    rule: 'not-followed',
    dialect: 'mysql',
    landed: [tables],
    finds: ['CALL add_columns();'],
    passes: ['SET @a = 1;'],
  },
  {
    rule: 'not-followed',
    dialect: 'sqlite',
    landed: [tables],
    finds: ["UPDATE sqlite_schema SET sql = 'CREATE TABLE lead_entry (id)' WHERE name = 'lead_entry';"],
    passes: ['CREATE TABLE visit AS SELECT 1 AS n;'],
  },
]

export const commonCases: readonly Case[] = [
  ...(['postgres', 'mysql', 'sqlite'] as const).flatMap((dialect) =>
    everywhere.map((one) => ({ ...one, dialect, landed: [tables] })),
  ),
  ...some,
]
