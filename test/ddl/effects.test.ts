import t from 'tap'
import { readDdl } from '../../lib/ddl/read-ddl.ts'
import type { DialectName } from '../../lib/dialects/dialect-name.ts'

const everywhere: readonly DialectName[] = ['postgres', 'mysql', 'sqlite']

const harmless: readonly (readonly [statement: string, on?: readonly DialectName[]])[] = [
  ['SELECT 1'],
  ["-- a comment\nSELECT 'DROP TABLE x'"],
  ["INSERT INTO log VALUES ('ALTER TABLE x ADD y int')"],
  ["UPDATE t SET note = 'create table x'"],
  ['DELETE FROM t'],
  ['WITH gone AS (SELECT 1) SELECT * FROM gone'],
  ['CREATE VIEW v AS SELECT 1'],
  ['DROP VIEW IF EXISTS v'],
  ['CREATE TEMPORARY TABLE x (a int)'],
  ['CREATE TEMP TABLE x AS SELECT 1', ['postgres', 'sqlite']],
  ['CREATE TRIGGER x AFTER INSERT ON t BEGIN DELETE FROM u; END', ['sqlite']],
  ['CREATE VIRTUAL TABLE found USING fts5(body)', ['sqlite']],
  ['PRAGMA foreign_keys = ON', ['sqlite']],
  ["SET sql_mode = 'ANSI'", ['mysql']],
  ['SET search_path = public, other', ['postgres']],
  ["SELECT pg_catalog.set_config('search_path', '', false)", ['postgres']],
  ['GRANT SELECT ON t TO x', ['postgres', 'mysql']],
  ["COMMENT ON FUNCTION f() IS 'x'", ['postgres']],
  ['CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN DROP TABLE x; END $$', ['postgres']],
  ['DO $$ BEGIN UPDATE t SET a = 1; END $$', ['postgres']],
  ["PREPARE one FROM 'SELECT 1'", ['mysql']],
  ['EXECUTE one', ['mysql']],
  ['CREATE EXTENSION IF NOT EXISTS citext', ['postgres']],
  ['ALTER TABLE t OWNER TO somebody', ['postgres']],
  ['ALTER TABLE t ENGINE = InnoDB', ['mysql']],
  ['/*!40000 ALTER TABLE t DISABLE KEYS */', ['mysql']],
  ['LOCK TABLES t WRITE', ['mysql']],
  ['', everywhere],
]

t.test('what the model does not hold is no effect', async (t) => {
  for (const [statement, on = everywhere] of harmless) {
    for (const dialect of on) t.same(readDdl(statement, dialect), { kind: 'none' }, `${dialect}: ${statement}`)
  }
})

const unknown: readonly (readonly [statement: string, on: DialectName, tables: readonly string[] | 'all'])[] = [
  ['CREATE TABLE x AS SELECT 1', 'postgres', ['x']],
  ['CREATE TABLE x SELECT 1', 'mysql', ['x']],
  ['CREATE TABLE x LIKE y', 'mysql', ['x']],
  ['CREATE TABLE x (LIKE y)', 'postgres', ['x']],
  ['CREATE TABLE x (a int) INHERITS (y)', 'postgres', ['x']],
  ["CREATE TABLE x PARTITION OF y FOR VALUES IN ('a')", 'postgres', ['x']],
  ['SELECT * INTO x FROM y', 'postgres', ['x']],
  ['WITH z AS (SELECT 1) SELECT * INTO x FROM z', 'postgres', ['x']],
  ['ALTER TABLE x ATTACH PARTITION y DEFAULT', 'postgres', ['x']],
  ['ALTER TABLE x FROBNICATE', 'postgres', ['x']],
  ['ALTER TABLE x ADD COLUMN y int FROBNICATE', 'mysql', ['x']],
  ['ALTER TABLE x CONVERT TO CHARACTER SET utf8mb4', 'mysql', ['x']],
  ['ALTER TABLE x CHANGE a b int, CHANGE b a int', 'mysql', ['x']],
  ['CREATE TABLE x (id INTEGER PRIMARY KEY DESC)', 'sqlite', ['x']],
  ["CREATE TABLE x (a text DEFAULT 'open)", 'sqlite', 'all'],
  ['DROP TYPE mood CASCADE', 'postgres', 'all'],
  ['SET search_path TO tenant', 'postgres', 'all'],
  ["UPDATE sqlite_master SET sql = '' WHERE name = 'x'", 'sqlite', 'all'],
  [
    'DO $$ BEGIN ALTER TABLE x ADD y int; DROP TABLE IF EXISTS a, b; CREATE INDEX i ON c (d); END $$',
    'postgres',
    ['x', 'a', 'b', 'c'],
  ],
  ["DO $$ BEGIN CREATE TYPE mood AS ENUM ('a'); EXCEPTION WHEN duplicate_object THEN NULL; END $$", 'postgres', []],
  ["DO $$ BEGIN EXECUTE format('ALTER TABLE %I ADD y int', 'x'); END $$", 'postgres', 'all'],
  ["PREPARE one FROM 'ALTER TABLE x ADD y int'", 'mysql', 'all'],
  ["SET @one = IF(1, 'ALTER TABLE x ADD y int', 'SELECT 1')", 'mysql', 'all'],
  ["EXECUTE IMMEDIATE 'DROP TABLE x'", 'mysql', 'all'],
  ["SELECT AddGeometryColumn('x', 'g', 4326, 'POINT', 2)", 'postgres', 'all'],
]

t.test('what cannot be followed makes the tables unknown that it names, or all', async (t) => {
  for (const [statement, dialect, tables] of unknown) {
    const effect = readDdl(statement, dialect)
    const names =
      effect.kind !== 'unknown' ? effect.kind : effect.tables === 'all' ? 'all' : effect.tables.map((x) => x.name)
    t.same(names, tables, `${dialect}: ${statement}`)
  }
})

t.test('names are as the server stores them', async (t) => {
  const dropped = (statement: string, dialect: DialectName) => {
    const effect = readDdl(statement, dialect)
    return effect.kind === 'operations' ? effect.operations.map((o) => 'table' in o && o.table) : effect
  }
  t.same(dropped('DROP TABLE Users, "Mixed ""x", public.Other, Shop.Item', 'postgres'), [
    { name: 'users' },
    { name: 'Mixed "x' },
    { name: 'other' },
    { name: 'item', schema: 'shop' },
  ])
  t.same(dropped('DROP TABLE Users, `a ``b`, db.c', 'mysql'), [
    { name: 'Users' },
    { name: 'a `b' },
    { name: 'c', schema: 'db' },
  ])
  t.same(dropped('DROP TABLE [odd name]', 'sqlite'), [{ name: 'odd name' }])
  t.same(dropped("DROP TABLE main.'quoted'", 'sqlite'), [{ name: 'quoted' }])
  t.same(
    dropped(`DROP TABLE ${'é'.repeat(40)}`, 'postgres'),
    [{ name: 'é'.repeat(31) }],
    'PostgreSQL cuts names after 63 bytes',
  )
})

t.test('an added column brings what stands at it, and none of it where it is there already', async (t) => {
  const statement =
    'ALTER TABLE t ADD COLUMN IF NOT EXISTS a int NOT NULL DEFAULT 1 CHECK (a > 0) REFERENCES u (id) ON DELETE CASCADE'
  t.same(readDdl(statement, 'postgres'), {
    kind: 'operations',
    operations: [
      {
        kind: 'addColumn',
        table: { name: 't' },
        column: {
          name: 'a',
          type: { kind: 'INTEGER' },
          nullable: false,
          autoincrement: false,
          serverDefault: { kind: 'sql', text: '1' },
        },
        constraints: [
          { kind: 'check', expression: { kind: 'sql', text: 'a > 0' }, byServer: true, column: 'a' },
          {
            kind: 'foreignKey',
            columns: ['a'],
            target: { name: 'u' },
            targetColumns: ['id'],
            onDelete: 'CASCADE',
            byServer: true,
            inline: true,
          },
        ],
        ifNotExists: true,
      },
    ],
  })
})
