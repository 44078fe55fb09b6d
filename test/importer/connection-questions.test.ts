import t from 'tap'
import type { DialectName } from '../../lib/dialects/dialect-name.ts'
import { run } from './connection-script.ts'

/** What scripts ask of the catalogue and of tables, and under which condition the branch then runs. */
const questions: readonly (readonly [dialect: DialectName, condition: string, outcome: string])[] = [
  ['sqlite', '"a" in [r[1] for r in conn.execute(text("PRAGMA table_info(t)"))]', '[column t.a] X'],
  ['sqlite', '"a" in {r["name"] for r in conn.execute(text("PRAGMA table_info(\'t\')")).mappings()}', '[column t.a] X'],
  ['sqlite', 'any(r.name == "a" for r in conn.execute(text(\'PRAGMA table_info("t")\')))', '[column t.a] X'],
  ['sqlite', 'conn.execute(text("PRAGMA table_xinfo(t)")).fetchall()', '[table t] X'],
  [
    'sqlite',
    'next((r for r in conn.execute(text("PRAGMA table_info(t)")) if r[1] == "a"), None) is None',
    '[not column t.a] X',
  ],
  ['sqlite', '"ix" in [r[1] for r in conn.execute(text("PRAGMA index_list(t)"))]', '[index ix on t] X'],
  [
    'sqlite',
    'any(r[1] == "ix" and r[2] for r in conn.execute(text("PRAGMA index_list(t)")))',
    "[rows (SELECT 1 FROM pragma_index_list('t') WHERE name = 'ix' AND \"unique\" <> 0)] X",
  ],
  [
    'sqlite',
    '"a" in [r[2] for r in conn.execute(text("PRAGMA index_info(ix)"))]',
    "[rows (SELECT 1 FROM pragma_index_info('ix') WHERE name = 'a')] X",
  ],
  [
    'sqlite',
    'any(r["table"] == "u" for r in conn.execute(text("PRAGMA foreign_key_list(t)")).mappings())',
    "[rows (SELECT 1 FROM pragma_foreign_key_list('t') WHERE \"table\" = 'u')] X",
  ],
  ['sqlite', 'conn.execute(text("PRAGMA user_version")).scalar() > 3', 'todo: what PRAGMA user_version gives'],
  [
    'sqlite',
    "conn.execute(text(\"SELECT 1 FROM sqlite_master WHERE type='table' AND name='t'\")).scalar()",
    '[table t] X',
  ],
  [
    'sqlite',
    'conn.execute(text("SELECT name FROM sqlite_schema WHERE name=:n AND type=\'table\'"), {"n": "t"}).first() is not None',
    '[table t] X',
  ],
  [
    'sqlite',
    "len(conn.execute(text(\"SELECT name FROM sqlite_master WHERE type='table' AND name='t'\")).fetchall()) == 0",
    '[not table t] X',
  ],
  [
    'sqlite',
    'conn.execute(text(\'SELECT count(*) FROM sqlite_master WHERE type="table" AND name="t"\')).scalar() == 1',
    '[table t] X',
  ],
  [
    'sqlite',
    "conn.execute(text(\"SELECT name FROM sqlite_master WHERE type='index' AND tbl_name='t' AND name='ix'\")).fetchone()",
    '[index ix on t] X',
  ],
  [
    'sqlite',
    '"CHECK" in conn.execute(text("SELECT sql FROM sqlite_master WHERE name=\'t\'")).scalar()',
    'todo: rows read from sqlite_master',
  ],
  ['sqlite', "conn.execute(text(\"SELECT 1 FROM pragma_table_info('t') WHERE name='a'\")).first()", '[column t.a] X'],
  [
    'sqlite',
    'conn.execute(text("SELECT COUNT(*) FROM pragma_table_info(\'t\') WHERE name=\'a\' AND \\"notnull\\"=1")).scalar()',
    "[rows (SELECT 1 FROM pragma_table_info('t') WHERE name='a' AND \"notnull\"=1)] X",
  ],
  [
    'postgres',
    'conn.execute(text("SELECT 1 FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = \'t\'")).scalar() is None',
    '[not table t] X',
  ],
  [
    'postgres',
    "conn.execute(text(\"SELECT EXISTS (SELECT FROM information_schema.tables WHERE table_schema = 'public' AND table_name = 't')\")).scalar()",
    '[table t] X',
  ],
  [
    'postgres',
    'not conn.execute(text("SELECT EXISTS (SELECT 1 FROM information_schema.columns WHERE table_name = :t AND column_name = :c) AS there"), {"t": "t", "c": "a"}).first()[0]',
    '[not column t.a] X',
  ],
  [
    'postgres',
    "conn.execute(text(\"SELECT column_name FROM information_schema.columns WHERE table_schema = ANY(current_schemas(false)) AND lower(table_name) = lower('T') AND column_name = 'a'\")).rowcount > 0",
    '[column t.a] X',
  ],
  [
    'postgres',
    '{"a", "b"} <= {r.column_name for r in conn.execute(text("SELECT column_name FROM information_schema.columns WHERE table_name=\'t\'"))}',
    '[(column t.a and column t.b)] X',
  ],
  [
    'postgres',
    "conn.execute(text(\"SELECT 1 FROM information_schema.columns WHERE table_schema='sales' AND table_name='t' AND column_name='a'\")).first()",
    '[column sales.t.a] X',
  ],
  [
    'postgres',
    "conn.execute(text(\"SELECT is_nullable FROM information_schema.columns WHERE table_name='t' AND column_name='a'\")).scalar() == 'YES'",
    "[rows (SELECT 1 FROM information_schema.columns WHERE table_name='t' AND column_name='a' AND is_nullable = 'YES')] X",
  ],
  [
    'postgres',
    "conn.execute(text(\"SELECT data_type FROM information_schema.columns WHERE table_name='t' AND column_name='a'\")).scalar() in ('json', 'text')",
    "[(rows (SELECT 1 FROM information_schema.columns WHERE table_name='t' AND column_name='a' AND data_type = 'json') or rows (SELECT 1 FROM information_schema.columns WHERE table_name='t' AND column_name='a' AND data_type = 'text'))] X",
  ],
  [
    'postgres',
    "conn.execute(text(\"SELECT data_type FROM information_schema.columns WHERE table_name='t' AND column_name='a'\")).scalar() != 'uuid'",
    "[not rows (SELECT 1 FROM information_schema.columns WHERE table_name='t' AND column_name='a' AND data_type = 'uuid')] X",
  ],
  [
    'postgres',
    "conn.execute(text(\"SELECT column_default FROM information_schema.columns WHERE table_name='t' AND column_name='a'\")).scalar() is None",
    "[not rows (SELECT 1 FROM information_schema.columns WHERE table_name='t' AND column_name='a' AND column_default IS NOT NULL)] X",
  ],
  [
    'postgres',
    "conn.execute(text(\"SELECT constraint_name FROM information_schema.table_constraints WHERE table_name='t' AND constraint_type='FOREIGN KEY' AND constraint_name='fk'\")).first()",
    '[constraint fk on t] X',
  ],
  [
    'postgres',
    "conn.execute(text(\"SELECT 1 FROM information_schema.table_constraints WHERE table_name='t' AND constraint_type='PRIMARY KEY'\")).first()",
    "[rows (SELECT 1 FROM information_schema.table_constraints WHERE table_name='t' AND constraint_type='PRIMARY KEY')] X",
  ],
  [
    'postgres',
    "conn.execute(text(\"SELECT 1 FROM pg_indexes WHERE schemaname='public' AND tablename='t' AND indexname='ix'\")).scalar()",
    '[index ix on t] X',
  ],
  [
    'postgres',
    'conn.execute(text("SELECT indexname FROM pg_indexes WHERE indexname = \'ix\'")).fetchone() is None',
    "[not rows (SELECT 1 FROM pg_indexes WHERE indexname = 'ix')] X",
  ],
  [
    'postgres',
    "conn.execute(text(\"SELECT 1 FROM pg_constraint WHERE conname = 'c' AND conrelid = 'public.t'::regclass\")).first()",
    '[constraint c on t] X',
  ],
  ['postgres', 'conn.execute(text("SELECT to_regclass(\'t\')")).scalar() is None', '[not table t] X'],
  ['postgres', 'conn.execute(text("SELECT to_regclass(\'public.t\') IS NOT NULL")).scalar()', '[table t] X'],
  [
    'postgres',
    'conn.execute(text("SELECT 1 FROM pg_type WHERE typname = \'mood\'")).fetchone()',
    "[rows (SELECT 1 FROM pg_type WHERE typname = 'mood')] X",
  ],
  [
    'postgres',
    "conn.execute(text(\"SELECT 1 FROM pg_attribute WHERE attrelid = 't'::regclass AND attname = 'a' AND NOT attisdropped\")).first()",
    '[column t.a] X',
  ],
  [
    'postgres',
    'conn.execute(text("SELECT 1 FROM pg_extension WHERE extname = \'citext\'")).scalar()',
    "[rows (SELECT 1 FROM pg_extension WHERE extname = 'citext')] X",
  ],
  [
    'postgres',
    "conn.execute(text(\"SELECT 1 FROM pg_class WHERE relname = 'seq' AND relkind = 'S'\")).scalar()",
    "[rows (SELECT 1 FROM pg_class WHERE relname = 'seq' AND relkind = 'S')] X",
  ],
  [
    'postgres',
    'conn.execute(text("SELECT tablename FROM pg_tables WHERE tablename LIKE \'t\'")).first()',
    '[table t] X',
  ],
  [
    'postgres',
    'conn.execute(text("SELECT table_name FROM information_schema.tables WHERE table_name LIKE \'t%\'")).first()',
    "[rows (SELECT 1 FROM information_schema.tables WHERE table_name LIKE 't%')] X",
  ],
  [
    'postgres',
    "conn.execute(text(\"SELECT 1 FROM information_schema.columns WHERE table_name='t' AND (column_name='a' OR column_name='b')\")).first()",
    "[rows (SELECT 1 FROM information_schema.columns WHERE table_name='t' AND (column_name='a' OR column_name='b'))] X",
  ],
  [
    'postgres',
    'conn.execute(text("SELECT count(*) FROM information_schema.columns WHERE table_name=\'t\'")).scalar() == 3',
    'todo: how many there are in the database',
  ],
  [
    'postgres',
    '"mood" in [e["name"] for e in inspect(conn).get_enums()]',
    "[rows (SELECT 1 FROM pg_type WHERE typtype = 'e' AND typname = 'mood')] X",
  ],
  [
    'mysql',
    "conn.execute(text(\"SELECT COUNT(*) FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 't' AND COLUMN_NAME = 'a'\")).scalar() == 0",
    '[not column t.a] X',
  ],
  [
    'mysql',
    "conn.execute(text(\"SELECT COUNT(1) AS n FROM information_schema.statistics WHERE table_schema = SCHEMA() AND table_name = 't' AND index_name = 'ix'\")).first().n > 0",
    '[index ix on t] X',
  ],
  [
    'mysql',
    "conn.execute(text(\"SELECT 1 FROM information_schema.columns WHERE table_schema='app' AND table_name='t' AND column_name='a'\")).first()",
    '[column app.t.a] X',
  ],
  ['mysql', 'conn.execute(text("SHOW TABLES LIKE \'t\'")).first() is None', '[not table t] X'],
  ['mysql', '"t" in [r[0] for r in conn.execute(text("SHOW TABLES"))]', '[table t] X'],
  ['mysql', '"a" in [r[0] for r in conn.execute(text("SHOW COLUMNS FROM t"))]', '[column t.a] X'],
  ['mysql', 'conn.execute(text("SHOW COLUMNS FROM `t` WHERE Field = \'a\'")).fetchone()', '[column t.a] X'],
  ['mysql', 'conn.execute(text("SHOW FULL COLUMNS FROM t LIKE \'user_id\'")).rowcount', '[column t.user_id] X'],
  [
    'mysql',
    'any(r["Key_name"] == "ix" for r in conn.execute(text("SHOW KEYS FROM t")).mappings())',
    '[index ix on t] X',
  ],
  ['mysql', 'conn.execute(text("SHOW INDEX FROM t WHERE Key_name = \'ix\'")).fetchone()', '[index ix on t] X'],
  ['mysql', '"a" in {r[0] for r in conn.execute(text("DESCRIBE t"))}', '[column t.a] X'],
  [
    'mysql',
    '"UNIQUE" in conn.execute(text("SHOW CREATE TABLE t")).fetchone()[1]',
    'todo: what SHOW CREATE TABLE t gives',
  ],
  [
    'mysql',
    "conn.execute(text(\"SELECT constraint_name FROM information_schema.referential_constraints WHERE constraint_schema=DATABASE() AND table_name='t' AND constraint_name='fk'\")).scalar()",
    '[constraint fk on t] X',
  ],
  ['sqlite', 'inspect(conn).has_table("t")', '[table t] X'],
  ['sqlite', '"t" in inspect(conn).get_table_names()', '[table t] X'],
  ['sqlite', 'conn.dialect.has_table(conn, "t")', '[table t] X'],
  ['sqlite', 'conn.engine.has_table("t")', '[table t] X'],
  [
    'postgres',
    '"a" not in [c["name"] for c in sa.inspect(conn).get_columns("t", schema="sales")]',
    '[not column sales.t.a] X',
  ],
  [
    'postgres',
    'any(c["name"] == "a" and not c["nullable"] for c in inspect(conn).get_columns("t"))',
    "[rows (SELECT 1 FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = 't' AND column_name = 'a' AND NOT (is_nullable = 'YES'))] X",
  ],
  ['mysql', '"ix" in {i["name"] for i in inspect(conn).get_indexes("t")}', '[index ix on t] X'],
  ['postgres', 'any(f["name"] == "fk" for f in inspect(conn).get_foreign_keys("t"))', '[constraint fk on t] X'],
  [
    'mysql',
    'any(f["referred_table"] == "u" for f in inspect(conn).get_foreign_keys("t"))',
    "[rows (SELECT 1 FROM information_schema.key_column_usage WHERE table_schema = DATABASE() AND table_name = 't' AND referenced_table_name IS NOT NULL AND referenced_table_name = 'u')] X",
  ],
  ['postgres', '"uq" in [u["name"] for u in inspect(conn).get_unique_constraints("t")]', '[constraint uq on t] X'],
  ['postgres', '"ck" in [u["name"] for u in inspect(conn).get_check_constraints("t")]', '[constraint ck on t] X'],
  ['postgres', '"id" in inspect(conn).get_pk_constraint("t")["constrained_columns"]', 'todo: the primary key of t'],
  ['sqlite', 'conn.execute(text("SELECT 1 FROM users LIMIT 1")).first()', '[rows (SELECT 1 FROM users)] X'],
  [
    'sqlite',
    'conn.execute(text("SELECT COUNT(*) FROM users WHERE a = :a"), {"a": "it\'s"}).scalar() > 0',
    "[rows (SELECT 1 FROM users WHERE a = 'it''s')] X",
  ],
  [
    'sqlite',
    'conn.execute(text("SELECT COUNT(email) FROM users")).scalar()',
    '[rows (SELECT 1 FROM users WHERE email IS NOT NULL)] X',
  ],
  [
    'sqlite',
    'conn.execute(text("SELECT id FROM users GROUP BY id HAVING COUNT(*) > 1")).fetchall()',
    '[rows (SELECT 1 FROM (SELECT id FROM users GROUP BY id HAVING COUNT(*) > 1) AS q)] X',
  ],
  [
    'sqlite',
    'conn.execute(text("SELECT COUNT(*) FROM users")).scalar() > 5',
    'todo: how many there are in the database',
  ],
  [
    'sqlite',
    'conn.execute(text("SELECT name FROM users WHERE id = 1")).scalar() == "root"',
    'todo: rows read from users',
  ],
  ['sqlite', 'conn.execute(text("SELECT 0")).scalar()', ''],
  [
    'sqlite',
    'conn.execute(text("WITH x AS (SELECT 1 FROM users) SELECT * FROM x")).first()',
    '[rows (SELECT 1 FROM (WITH x AS (SELECT 1 FROM users) SELECT * FROM x) AS q)] X',
  ],
]

t.test('a question is put as the guard that says the same', async (t) => {
  for (const [dialect, condition, outcome] of questions) {
    const script = `import sqlalchemy as sa
from sqlalchemy import text, inspect
def up(conn):
    if ${condition}:
        conn.execute(text("X"))
`
    t.equal(run(script, { dialect }).join(' | '), outcome, `${dialect}: ${condition}`)
  }
})

t.test('OR binds less than AND in what a query asks', async (t) => {
  const asked = (where: string) =>
    run(`
def migrate(cursor):
    cursor.execute("SELECT 1 FROM users WHERE ${where}")
    if not cursor.fetchone():
        cursor.execute("INSERT INTO users (a) VALUES (1)")
`)
  const guarded = (where: string) => [
    `[not rows (SELECT 1 FROM users WHERE ${where})] INSERT INTO users (a) VALUES (1)`,
  ]
  t.same(asked('a = 1 AND b = 2 OR c = 3'), guarded('(a = 1 AND b = 2 OR c = 3)'))
  t.same(asked('a = 1 AND ((b = 2) OR (c = 3))'), guarded('a = 1 AND ((b = 2) OR (c = 3))'))
})
