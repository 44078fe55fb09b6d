import t from 'tap'
import { run, usersTable } from './connection-script.ts'

t.test('a table that sqlite_master lacks is made', async (t) => {
  const script = `
import sqlite3
def run():
    conn = sqlite3.connect("app.db")
    c = conn.cursor()
    c.execute("SELECT name FROM sqlite_master WHERE type='table' AND name='audit'")
    if not c.fetchone():
        c.execute("CREATE TABLE audit (id INTEGER)")
    conn.commit()
`
  t.same(run(script), ['[not table audit] CREATE TABLE audit (id INTEGER)'])
})

t.test('the else of a guard that only prints leaves nothing', async (t) => {
  const script = `
import sqlite3
def run():
    with sqlite3.connect("app.db") as conn:
        cols = [row[1] for row in conn.execute("PRAGMA table_info(users)")]
        if 'age' not in cols:
            conn.execute("ALTER TABLE users ADD COLUMN age INTEGER")
            print("added")
        else:
            print("there")
`
  t.same(run(script), ['[not column users.age] ALTER TABLE users ADD COLUMN age INTEGER'])
})

t.test('columns in a list of pairs are guarded one by one', async (t) => {
  const script = `
import sqlite3
def run():
    conn = sqlite3.connect("app.db")
    cur = conn.cursor()
    cur.execute("PRAGMA table_info(users)")
    columns = {r["name"] for r in cur.fetchall()}
    for name, ddl in [("a", "TEXT"), ("b", "INTEGER DEFAULT 0")]:
        if name in columns:
            continue
        cur.execute(f"ALTER TABLE users ADD COLUMN {name} {ddl}")
`
  t.same(run(script), [
    '[not column users.a] ALTER TABLE users ADD COLUMN a TEXT',
    '[not column users.b] ALTER TABLE users ADD COLUMN b INTEGER DEFAULT 0',
  ])
})

t.test('a query that fails where a column is missing asks for that column', async (t) => {
  const script = `
import sqlite3
def run():
    conn = sqlite3.connect("app.db")
    cur = conn.cursor()
    try:
        cur.execute("SELECT age FROM users LIMIT 1")
    except sqlite3.OperationalError:
        cur.execute("ALTER TABLE users ADD COLUMN age INTEGER")
    conn.commit()
`
  t.same(run(script), ['[not column users.age] ALTER TABLE users ADD COLUMN age INTEGER'])
})

t.test("an INSERT waits for a COUNT, and a loop over users' rows is a todo", async (t) => {
  const script = `
import sqlite3
def run():
    conn = sqlite3.connect("app.db")
    cur = conn.cursor()
    cur.execute("SELECT COUNT(*) FROM users WHERE role = ?", ("admin",))
    if cur.fetchone()[0] == 0:
        cur.execute("INSERT INTO users (name, role) VALUES (?, ?)", ("root", "admin"))
    for row in cur.execute("SELECT id, name FROM users").fetchall():
        cur.execute("UPDATE users SET slug = ? WHERE id = ?", (row[1].lower(), row[0]))
    conn.commit()
`
  t.same(run(script), [
    "[not rows (SELECT 1 FROM users WHERE role = 'admin')] INSERT INTO users (name, role) VALUES ('root', 'admin')",
    'todo: rows of the database',
  ])
})

t.test('SHOW COLUMNS and SHOW INDEX are questions about a column and an index', async (t) => {
  const script = `
from sqlalchemy import text
def run_migration(target_engine=None):
    with target_engine.begin() as conn:
        row = conn.execute(text("SHOW COLUMNS FROM leads LIKE 'flag'")).fetchone()
        if row is None:
            conn.execute(text("ALTER TABLE leads ADD flag INT"))
        idx = conn.exec_driver_sql("SHOW INDEX FROM leads WHERE Key_name = 'ix_flag'").first()
        if not idx:
            conn.execute(text("CREATE INDEX ix_flag ON leads (flag)"))
`
  t.same(run(script, { dialect: 'mysql' }), [
    '[not column leads.flag] ALTER TABLE leads ADD flag INT',
    '[not index ix_flag on leads] CREATE INDEX ix_flag ON leads (flag)',
  ])
})

t.test("PostgreSQL's catalogues are asked in five ways", async (t) => {
  const script = `
from sqlalchemy import text
def upgrade(engine):
    with engine.connect() as conn:
        exists = conn.execute(text("SELECT EXISTS (SELECT 1 FROM information_schema.tables WHERE table_schema = 'public' AND table_name = 'audit')")).scalar()
        if not exists:
            conn.execute(text("CREATE TABLE audit (id int)"))
        if conn.execute(text("SELECT to_regclass('public.other')")).scalar() is None:
            conn.execute(text("CREATE TABLE other (id int)"))
        if not conn.execute(text("SELECT 1 FROM pg_indexes WHERE indexname = 'ix_a'")).fetchone():
            conn.execute(text("CREATE INDEX ix_a ON a (b)"))
        if not conn.execute(text("SELECT 1 FROM pg_type WHERE typname = 'mood'")).scalar():
            conn.execute(text("CREATE TYPE mood AS ENUM ('a')"))
        if not conn.execute(text("SELECT 1 FROM pg_constraint WHERE conname = 'fk_a' AND conrelid = 'a'::regclass")).scalar():
            conn.execute(text("ALTER TABLE a ADD CONSTRAINT fk_a CHECK (b > 0)"))
        conn.commit()
`
  t.same(run(script, { dialect: 'postgres' }), [
    '[not table audit] CREATE TABLE audit (id int)',
    '[not table other] CREATE TABLE other (id int)',
    "[not rows (SELECT 1 FROM pg_indexes WHERE indexname = 'ix_a')] CREATE INDEX ix_a ON a (b)",
    "[not rows (SELECT 1 FROM pg_type WHERE typname = 'mood')] CREATE TYPE mood AS ENUM ('a')",
    '[not constraint fk_a on a] ALTER TABLE a ADD CONSTRAINT fk_a CHECK (b > 0)',
  ])
})

t.test('attributes of a column become questions of their own', async (t) => {
  const script = `
from sqlalchemy import text
def upgrade(engine):
    with engine.begin() as conn:
        r = conn.execute(text("SELECT data_type, character_maximum_length FROM information_schema.columns WHERE table_name = 'a' AND column_name = 'b'")).fetchone()
        if r and r[0] == 'character varying' and r[1] < 255:
            conn.execute(text("ALTER TABLE a ALTER b TYPE varchar(255)"))
        nullable = conn.execute(text("SELECT is_nullable FROM information_schema.columns WHERE table_name = 'a' AND column_name = 'b'")).scalar()
        if nullable == 'NO':
            conn.execute(text("ALTER TABLE a ALTER b DROP NOT NULL"))
`
  t.same(run(script, { dialect: 'postgres' }), [
    "[(column a.b and rows (SELECT 1 FROM information_schema.columns WHERE table_name = 'a' AND column_name = 'b' AND data_type = 'character varying') and rows (SELECT 1 FROM information_schema.columns WHERE table_name = 'a' AND column_name = 'b' AND character_maximum_length < 255))] ALTER TABLE a ALTER b TYPE varchar(255)",
    "[rows (SELECT 1 FROM information_schema.columns WHERE table_name = 'a' AND column_name = 'b' AND is_nullable = 'NO')] ALTER TABLE a ALTER b DROP NOT NULL",
  ])
})

t.test("the inspector's lists are walked, searched and drawn from", async (t) => {
  const script = `
import sqlalchemy as sa
def migrate(bind):
    insp = sa.inspect(bind)
    if "users" not in insp.get_table_names():
        return
    for col in insp.get_columns("users"):
        if col["name"] == "age":
            break
    else:
        bind.execute(sa.text("ALTER TABLE users ADD COLUMN age INTEGER"))
    if not any(ix["name"] == "ix_age" for ix in insp.get_indexes("users")):
        bind.execute(sa.text("CREATE INDEX ix_age ON users (age)"))
    col = next((c for c in insp.get_columns("users") if c["name"] == "email"), None)
    if col is not None and not col["nullable"]:
        bind.execute(sa.text("UPDATE users SET email = ''"))
`
  t.same(run(script), [
    '[(table users and not column users.age)] ALTER TABLE users ADD COLUMN age INTEGER',
    '[(table users and not index ix_age on users)] CREATE INDEX ix_age ON users (age)',
    "[(table users and column users.email and not rows (SELECT 1 FROM pragma_table_info('users') WHERE name = 'email' AND \"notnull\" = 0))] UPDATE users SET email = ''",
  ])
})

t.test('run_sync hands the connection to a function', async (t) => {
  const script = `
import asyncio
from sqlalchemy import text, inspect
from sqlalchemy.ext.asyncio import create_async_engine
engine = create_async_engine("sqlite+aiosqlite:///x.db")
def has(sync_conn):
    return "age" in [c["name"] for c in inspect(sync_conn).get_columns("users")]
async def main():
    async with engine.begin() as conn:
        if not await conn.run_sync(has):
            await conn.execute(text("ALTER TABLE users ADD COLUMN age INTEGER"))
    await engine.dispose()
`
  t.same(run(script), ['[not column users.age] ALTER TABLE users ADD COLUMN age INTEGER'])
})

t.test("an application's session runs statements, and its handler's rollback is nothing", async (t) => {
  const script = `
from app.db import SessionLocal
from sqlalchemy import text
def run_migration():
    db = SessionLocal()
    try:
        db.execute(text("UPDATE t SET a = 1"))
        db.commit()
    except Exception as e:
        db.rollback()
        raise
    finally:
        db.close()
`
  t.same(run(script), ['UPDATE t SET a = 1'])
})

t.test('executescript is split, its BEGIN and COMMIT left out, its trigger kept whole', async (t) => {
  const script = `
import sqlite3
def run():
    conn = sqlite3.connect("app.db")
    try:
        conn.execute("ALTER TABLE users ADD COLUMN age INTEGER")
    except sqlite3.OperationalError as e:
        if "duplicate column" not in str(e):
            raise
    conn.executescript("""
      BEGIN;
      CREATE TABLE a (id INTEGER);
      CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END;
      COMMIT;
    """)
`
  t.same(run(script), [
    'ALTER TABLE users ADD COLUMN age INTEGER',
    'CREATE TABLE a (id INTEGER)',
    'CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END',
  ])
})

t.test('the text of a CREATE TABLE decides nothing here', async (t) => {
  const script = `
import sqlite3
from contextlib import closing
DB = "x.db"
def run():
    with closing(sqlite3.connect(DB)) as conn:
        with closing(conn.cursor()) as cur:
            cur.execute("SELECT sql FROM sqlite_master WHERE name='t'")
            sql = cur.fetchone()[0]
            if "CHECK" not in sql:
                cur.execute("DROP TABLE t")
`
  t.same(run(script), ['todo: rows read from sqlite_master'])
})

t.test('psycopg2 outside of a transaction, with sets of columns', async (t) => {
  const script = `
import psycopg2, os
def run():
    conn = psycopg2.connect(os.environ["DATABASE_URL"])
    conn.autocommit = True
    with conn.cursor() as cur:
        cur.execute("SELECT column_name FROM information_schema.columns WHERE table_name = %s", ("t",))
        cols = {r[0] for r in cur.fetchall()}
        if "a" not in cols:
            cur.execute("ALTER TABLE t ADD COLUMN a int")
        if {"b", "c"} <= cols:
            cur.execute("UPDATE t SET b = c")
`
  t.same(run(script, { dialect: 'postgres' }), [
    'leave the transaction',
    '[not column t.a] ALTER TABLE t ADD COLUMN a int',
    '[(column t.b and column t.c)] UPDATE t SET b = c',
  ])
})

t.test("asyncpg's own methods take their parameters one by one", async (t) => {
  const script = `
import asyncpg, asyncio, os
async def main():
    conn = await asyncpg.connect(os.getenv("DATABASE_URL"))
    try:
        async with conn.transaction():
            exists = await conn.fetchval("SELECT EXISTS(SELECT 1 FROM information_schema.columns WHERE table_name=$1 AND column_name=$2)", "t", "a")
            if not exists:
                await conn.execute("ALTER TABLE t ADD COLUMN a int")
                await conn.execute("UPDATE t SET a = $1", 5)
    finally:
        await conn.close()
`
  t.same(run(script, { dialect: 'postgres' }), [
    '[not column t.a] ALTER TABLE t ADD COLUMN a int',
    '[not column t.a] UPDATE t SET a = 5',
  ])
})

t.test("pymysql's rows as dicts, SHOW TABLES and DESCRIBE", async (t) => {
  const script = `
import pymysql
def run():
    conn = pymysql.connect(host="x", cursorclass=pymysql.cursors.DictCursor)
    with conn.cursor() as cur:
        cur.execute("SELECT COUNT(*) AS c FROM information_schema.statistics WHERE table_schema=%s AND table_name=%s AND index_name=%s", ("app", "t", "ix"))
        if cur.fetchone()["c"] == 0:
            cur.execute("CREATE INDEX ix ON t (a)")
        cur.execute("SHOW TABLES LIKE 'audit'")
        if cur.rowcount == 0:
            cur.execute("CREATE TABLE audit (id int)")
        cur.execute("DESCRIBE t")
        cols = [r["Field"] for r in cur.fetchall()]
        if "z" in cols:
            cur.execute("ALTER TABLE t DROP z")
    conn.commit()
`
  t.same(run(script, { dialect: 'mysql' }), [
    '[not index ix on app.t] CREATE INDEX ix ON t (a)',
    '[not table audit] CREATE TABLE audit (id int)',
    '[column t.z] ALTER TABLE t DROP z',
  ])
})

t.test('sqlite3 has no business on MySQL', async (t) => {
  const script = `
import sqlite3
def run():
    conn = sqlite3.connect("x")
    conn.execute("ALTER TABLE t ADD x INT")
`
  t.same(run(script, { dialect: 'mysql' }), ['raised: OperationalError sqlite3 connects to SQLite only'])
})

t.test("a PRAGMA that fails on PostgreSQL leads to the handler's query", async (t) => {
  const script = `
from sqlalchemy import text
def upgrade(conn):
    try:
        rows = conn.execute(text("PRAGMA table_info(t)")).fetchall()
        cols = [r[1] for r in rows]
    except Exception:
        rows = conn.execute(text("SELECT column_name FROM information_schema.columns WHERE table_name='t'")).fetchall()
        cols = [r[0] for r in rows]
    if "a" not in cols:
        conn.execute(text("ALTER TABLE t ADD COLUMN a int"))
`
  t.same(run(script, { dialect: 'postgres' }), ['[not column t.a] ALTER TABLE t ADD COLUMN a int'])
})

t.test('a helper that asks by dialect, and the URL as a text', async (t) => {
  const script = `
from sqlalchemy import text, inspect
def column_exists(engine, t, c):
    if engine.dialect.name == "sqlite":
        with engine.connect() as conn:
            return any(r[1] == c for r in conn.execute(text(f"PRAGMA table_info({t})")))
    with engine.connect() as conn:
        r = conn.execute(text("SELECT 1 FROM information_schema.columns WHERE table_name=:t AND column_name=:c"), {"t": t, "c": c})
        return r.first() is not None
def upgrade(engine):
    if "sqlite" in str(engine.url):
        raise SystemExit(1)
    if not column_exists(engine, "t", "a"):
        with engine.begin() as conn:
            conn.execute(text("ALTER TABLE t ADD COLUMN a int"))
`
  t.same(run(script, { dialect: 'postgres' }), ['[not column t.a] ALTER TABLE t ADD COLUMN a int'])
})

t.test('what the ORM writes is a todo, what it counts is a question', async (t) => {
  const script = `
from app.db import db, SessionLocal
from app.models import User
from sqlalchemy import text
def run():
    session = SessionLocal()
    u = User(name="x")
    session.add(u)
    session.commit()
    for user in session.query(User).filter(User.a == 1).all():
        user.b = 2
    session.commit()
    session.query(User).filter_by(a=1).update({"b": 2})
    n = session.execute(text("SELECT COUNT(*) FROM users")).scalar()
    print(f"there are {n} users")
    if n > 0:
        session.execute(text("DELETE FROM users"))
`
  t.same(run(script), [
    'todo: the ORM writes rows (session.add)',
    'todo: rows of the database',
    'todo: the ORM writes rows (query.update)',
    '[rows (SELECT 1 FROM users)] DELETE FROM users',
  ])
})

t.test("a helper of the application's that is handed the connection is a todo", async (t) => {
  const script = `
from database import engine
from helpers import backfill
def run():
    with engine.begin() as conn:
        backfill(conn)
`
  t.same(run(script), ['todo: unknown call of from helpers import backfill'])
})

t.test(
  'executemany is as many statements, and an unknown name is a todo only where it changes something',
  async (t) => {
    const script = `
import sqlite3
def run():
    conn = sqlite3.connect("x.db")
    conn.execute("PRAGMA foreign_keys=OFF")
    cur = conn.cursor()
    cur.executemany("INSERT INTO t VALUES (?, ?)", [(1, "a"), (2, None)])
    table = input()
    n = conn.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]
    conn.execute(f"DROP TABLE {table}")
`
    t.same(run(script), [
      'PRAGMA foreign_keys=OFF',
      "INSERT INTO t VALUES (1, 'a')",
      'INSERT INTO t VALUES (2, NULL)',
      'todo: input() is not run',
    ])
  },
)

t.test("functions that change something are statements, and the name of the database is nobody's", async (t) => {
  const script = `
from sqlalchemy import text
def upgrade(conn):
    conn.execute(text("SELECT setval('t_id_seq', (SELECT MAX(id) FROM t))"))
    conn.execute(text("SELECT pg_advisory_lock(1)"))
    conn.execute(text("WITH x AS (SELECT 1) UPDATE t SET a = 1"))
    v = conn.execute(text("SELECT version()")).scalar()
    print(v)
    db = conn.execute(text("SELECT current_database()")).scalar()
    conn.execute(text(f"ALTER DATABASE {db} SET x = 1"))
`
  t.same(run(script, { dialect: 'postgres' }), [
    "SELECT setval('t_id_seq', (SELECT MAX(id) FROM t))",
    'WITH x AS (SELECT 1) UPDATE t SET a = 1',
    // what becomes of it is the recorder's
    'ALTER DATABASE ⟨the database⟩ SET x = 1',
  ])
})

t.test('the preamble of a script leaves nothing', async (t) => {
  const script = `
import logging, argparse, sys, os
from pathlib import Path
from dotenv import load_dotenv
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.append(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
load_dotenv()
load_dotenv(Path(__file__).parent / ".env")
logging.basicConfig(level=logging.INFO)
logger = logging.getLogger(__name__)
from sqlalchemy import create_engine, text
from app.config import settings
DATABASE_URL = os.getenv("DATABASE_URL") or settings.DATABASE_URL
if DATABASE_URL.startswith("postgres://"):
    DATABASE_URL = DATABASE_URL.replace("postgres://", "postgresql://", 1)
if not DATABASE_URL:
    raise RuntimeError("no url")
engine = create_engine(DATABASE_URL, connect_args={"check_same_thread": False} if "sqlite" in DATABASE_URL else {})
def run_migration():
    logger.info("start %s", DATABASE_URL)
    with engine.connect() as conn:
        with conn.begin():
            conn.execute(text("UPDATE t SET a = 1"))
    logger.info("done")
if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    args = parser.parse_args()
    run_migration()
`
  t.same(run(script), ['UPDATE t SET a = 1'])
})

t.test('the file of the database is there', async (t) => {
  const script = `
import os, sqlite3
DB_PATH = os.path.join(os.path.dirname(__file__), "..", "app.db")
def migrate():
    if not os.path.exists(DB_PATH):
        print("no db")
        return
    conn = sqlite3.connect(DB_PATH)
    cursor = conn.cursor()
    try:
        cursor.execute("ALTER TABLE t ADD COLUMN a INT")
        conn.commit()
        print("ok")
    except sqlite3.OperationalError as e:
        if "duplicate column name" in str(e).lower():
            print("exists")
        else:
            raise
    finally:
        conn.close()
`
  t.same(run(script), ['ALTER TABLE t ADD COLUMN a INT'])
})

t.test('helpers with bound names around SHOW', async (t) => {
  const script = `
from sqlalchemy import text
def _column_exists(conn, table, column):
    result = conn.execute(text("SHOW COLUMNS FROM \`%s\` LIKE :c" % table), {"c": column})
    return result.first() is not None
def _index_exists(conn, table, name):
    rows = conn.execute(text(f"SHOW INDEX FROM {table}")).mappings().all()
    return any(r["Key_name"] == name for r in rows)
def run_migration(target_engine=None):
    with target_engine.begin() as conn:
        if not _column_exists(conn, "leads", "flag"):
            conn.execute(text("ALTER TABLE leads ADD flag INT"))
        if not _index_exists(conn, "leads", "ix_flag"):
            conn.execute(text("CREATE INDEX ix_flag ON leads (flag)"))
`
  t.same(run(script, { dialect: 'mysql' }), [
    '[not column leads.flag] ALTER TABLE leads ADD flag INT',
    '[not index ix_flag on leads] CREATE INDEX ix_flag ON leads (flag)',
  ])
})

t.test('foreign keys and unique constraints are looked through', async (t) => {
  const script = `
import sqlalchemy as sa
def upgrade(engine):
    insp = sa.inspect(engine)
    if not insp.has_table("t"):
        return
    fks = insp.get_foreign_keys("t")
    if not any(fk["referred_table"] == "users" for fk in fks):
        with engine.begin() as c:
            c.execute(sa.text("ALTER TABLE t ADD COLUMN u INT REFERENCES users(id)"))
    uq = {u["name"] for u in insp.get_unique_constraints("t")}
    if "uq_a" not in uq:
        with engine.begin() as c:
            c.execute(sa.text("CREATE UNIQUE INDEX uq_a ON t (a)"))
`
  t.same(run(script, { dialect: 'sqlite' }), [
    "[(table t and not rows (SELECT 1 FROM pragma_foreign_key_list('t') WHERE \"table\" = 'users'))] ALTER TABLE t ADD COLUMN u INT REFERENCES users(id)",
    '[(table t and not constraint uq_a on t)] CREATE UNIQUE INDEX uq_a ON t (a)',
  ])
})

t.test('what is missing is a list first', async (t) => {
  const script = `
from sqlalchemy import inspect, text
def upgrade(conn):
    missing = [c for c in ["a", "b"] if c not in {x["name"] for x in inspect(conn).get_columns("t")}]
    for name in missing:
        conn.execute(text(f"ALTER TABLE t ADD COLUMN {name} TEXT"))
    if not missing:
        print("nothing to do")
`
  t.same(run(script, { dialect: 'postgres' }), [
    '[not column t.a] ALTER TABLE t ADD COLUMN a TEXT',
    '[not column t.b] ALTER TABLE t ADD COLUMN b TEXT',
  ])
})

t.test('a subset of tables has to be there', async (t) => {
  const script = `
from sqlalchemy import inspect, text
def upgrade(conn):
    existing = set(inspect(conn).get_table_names())
    for t in ("a", "b"):
        if t in existing:
            conn.execute(text(f"DROP TABLE {t}"))
    required = {"x", "y"}
    if not required.issubset(existing):
        raise RuntimeError("tables missing")
    conn.execute(text("UPDATE x SET a = 1"))
`
  t.same(run(script, { dialect: 'postgres' }), [
    '[table a] DROP TABLE a',
    '[table b] DROP TABLE b',
    '[(table x and table y)] UPDATE x SET a = 1',
    '[(not table x or not table y)] stops: RuntimeError tables missing',
  ])
})

t.test('labels of an enum are rows of a join', async (t) => {
  const script = `
from sqlalchemy import text
def upgrade(conn):
    labels = [r[0] for r in conn.execute(text("SELECT e.enumlabel FROM pg_enum e JOIN pg_type t ON e.enumtypid = t.oid WHERE t.typname = 'mood'"))]
    if "sad" not in labels:
        conn.execute(text("ALTER TYPE mood ADD VALUE 'sad'"))
`
  t.same(run(script, { dialect: 'postgres' }), [
    "[not rows (SELECT 1 FROM pg_enum e JOIN pg_type t ON e.enumtypid = t.oid WHERE t.typname = 'mood' AND e.enumlabel = 'sad')] ALTER TYPE mood ADD VALUE 'sad'",
  ])
})

t.test('a constraint by name is one, all others in a loop are a todo', async (t) => {
  const script = `
from sqlalchemy import text
def upgrade(conn):
    n = conn.execute(text("""
        SELECT COUNT(*)
        FROM information_schema.table_constraints
        WHERE constraint_name = :n AND table_name = 't' -- the table
          AND constraint_type = 'UNIQUE'
    """), {"n": "uq_t"}).scalar_one()
    if n:
        conn.execute(text("ALTER TABLE t DROP CONSTRAINT uq_t"))
    r = conn.execute(text("SELECT conname FROM pg_constraint WHERE conrelid = 't'::regclass AND contype = 'c'")).fetchall()
    for (name,) in r:
        if name == "ck_t":
            conn.execute(text("ALTER TABLE t DROP CONSTRAINT ck_t"))
`
  t.same(run(script, { dialect: 'postgres' }), [
    '[constraint uq_t on t] ALTER TABLE t DROP CONSTRAINT uq_t',
    'todo: rows of the database',
  ])
})

t.test('a name that is read goes into no SQL', async (t) => {
  const script = `
from sqlalchemy import text
def upgrade(conn):
    rows = conn.execute(text("SELECT conname FROM pg_constraint WHERE conrelid = 't'::regclass AND contype = 'c'")).fetchall()
    for row in rows:
        conn.execute(text(f"ALTER TABLE t DROP CONSTRAINT {row[0]}"))
`
  t.same(run(script, { dialect: 'postgres' }), ['todo: rows of the database'])
})

t.test('a seed waits for its row, and what was read from it is a todo', async (t) => {
  const script = `
from sqlalchemy import text
def upgrade(conn):
    row = conn.execute(text("SELECT id FROM roles WHERE name = 'admin'")).fetchone()
    if row is None:
        conn.execute(text("INSERT INTO roles (name) VALUES ('admin')"))
    else:
        conn.execute(text("UPDATE users SET role_id = :r"), {"r": row[0]})
`
  t.same(run(script), [
    "[not rows (SELECT 1 FROM roles WHERE name = 'admin')] INSERT INTO roles (name) VALUES ('admin')",
    "[rows (SELECT 1 FROM roles WHERE name = 'admin')] todo: rows read from roles is no value for SQL",
  ])
})

t.test('some rows are a condition, how many are not', async (t) => {
  const script = `
from sqlalchemy import text
def upgrade(conn):
    count = conn.execute(text("SELECT COUNT(*) FROM users WHERE email IS NULL")).scalar()
    if count and count > 0:
        conn.execute(text("UPDATE users SET email = ''"))
    if conn.execute(text("SELECT COUNT(*) FROM users")).scalar() > 10:
        conn.execute(text("DELETE FROM users"))
`
  t.same(run(script), [
    "[rows (SELECT 1 FROM users WHERE email IS NULL)] UPDATE users SET email = ''",
    'todo: how many there are in the database',
  ])
})

t.test("a loop over users' rows is a todo", async (t) => {
  const script = `
from sqlalchemy import text
def upgrade(conn):
    for r in conn.execute(text("SELECT id FROM users")):
        conn.execute(text("UPDATE users SET a = 1 WHERE id = :i"), {"i": r.id})
`
  t.same(run(script), ['todo: rows of the database'])
})

t.test('how many rows were changed may be printed', async (t) => {
  const script = `
from sqlalchemy import text
def upgrade(conn):
    result = conn.execute(text("UPDATE users SET a = 1"))
    print(f"{result.rowcount} rows")
    if result.rowcount == 0:
        print("none")
    conn.execute(text("DELETE FROM a WHERE id IN (SELECT id FROM b)"))
`
  t.same(run(script), ['UPDATE users SET a = 1', 'DELETE FROM a WHERE id IN (SELECT id FROM b)'])
})

t.test('sqlite3.Row, index lists, foreign keys and dicts of columns', async (t) => {
  const script = `
import sqlite3
def run(db_path="app.db"):
    conn = sqlite3.connect(db_path)
    conn.row_factory = sqlite3.Row
    cur = conn.cursor()
    indexes = [row["name"] for row in cur.execute("PRAGMA index_list('users')")]
    if "ix_users_email" not in indexes:
        cur.execute("CREATE INDEX ix_users_email ON users (email)")
    fk = cur.execute("PRAGMA foreign_key_list(users)").fetchall()
    if not any(f[2] == "orgs" and f[3] == "org_id" for f in fk):
        cur.execute("ALTER TABLE users ADD COLUMN org_id INTEGER REFERENCES orgs(id)")
    info = {row[1]: row for row in cur.execute("PRAGMA table_info(users)")}
    if "name" in info and info["name"][3] == 1:
        cur.execute("UPDATE users SET name = ''")
    if info["name"][2].upper() == "TEXT":
        cur.execute("UPDATE users SET name = 'x'")
`
  t.same(run(script), [
    '[not index ix_users_email on users] CREATE INDEX ix_users_email ON users (email)',
    "[not rows (SELECT 1 FROM pragma_foreign_key_list('users') WHERE \"table\" = 'orgs' AND \"from\" = 'org_id')] ALTER TABLE users ADD COLUMN org_id INTEGER REFERENCES orgs(id)",
    "[(column users.name and rows (SELECT 1 FROM pragma_table_info('users') WHERE name = 'name' AND \"notnull\" = 1))] UPDATE users SET name = ''",
    "[rows (SELECT 1 FROM pragma_table_info('users') WHERE name = 'name' AND upper(type) = 'TEXT')] UPDATE users SET name = 'x'",
  ])
})

t.test('sqlite_master gives lists, counts and indexes', async (t) => {
  const script = `
import sqlite3
def run():
    conn = sqlite3.connect("x")
    cur = conn.cursor()
    cur.execute("SELECT name FROM sqlite_master WHERE type='table'")
    tables = [t[0] for t in cur.fetchall()]
    if "old" in tables and "new" not in tables:
        cur.execute("ALTER TABLE old RENAME TO new")
    cur.execute("SELECT count(name) FROM sqlite_master WHERE type='table' AND name='k'")
    if cur.fetchone()[0] == 1:
        cur.execute("DROP TABLE k")
    cur.execute("SELECT 1 FROM sqlite_master WHERE type='index' AND name=?", ("ix",))
    if cur.fetchone() is None:
        cur.execute("CREATE INDEX ix ON t (a)")
    cur.execute("SELECT name FROM pragma_table_info('t') WHERE name = 'q'")
    if not cur.fetchall():
        cur.execute("ALTER TABLE t ADD COLUMN q")
`
  t.same(run(script), [
    '[(table old and not table new)] ALTER TABLE old RENAME TO new',
    '[table k] DROP TABLE k',
    "[not rows (SELECT 1 FROM sqlite_master WHERE type='index' AND name='ix')] CREATE INDEX ix ON t (a)",
    '[not column t.q] ALTER TABLE t ADD COLUMN q',
  ])
})

t.test('a handler that rolls back and a finally that closes are nothing', async (t) => {
  const script = `
import sqlite3
def run():
    conn = sqlite3.connect("x")
    try:
        cur = conn.cursor()
        cur.execute("CREATE TABLE IF NOT EXISTS t (a)")
        conn.commit()
    except Exception as e:
        conn.rollback()
        print(e)
        return False
    finally:
        conn.close()
    return True
`
  t.same(run(script), ['CREATE TABLE IF NOT EXISTS t (a)'])
})

t.test('a dry run that is off commits', async (t) => {
  const script = `
import sqlite3
def run(dry_run=False):
    conn = sqlite3.connect("x")
    conn.execute("UPDATE t SET a = 1")
    if dry_run:
        conn.rollback()
    else:
        conn.commit()
`
  t.same(run(script), ['UPDATE t SET a = 1'])
})

t.test('a rollback of what was done is a todo', async (t) => {
  const script = `
import sqlite3
def run():
    conn = sqlite3.connect("x")
    conn.execute("UPDATE t SET a = 1")
    conn.rollback()
`
  t.same(run(script), ['UPDATE t SET a = 1', 'todo: the script rolls back what it did'])
})

t.test('get_db is drawn from', async (t) => {
  const script = `
from app.db import get_db
def run():
    db = next(get_db())
    db.execute("UPDATE t SET a = 1")
    db.commit()
`
  t.same(run(script), ['UPDATE t SET a = 1'])
})

t.test("a connection of the application's, with a cursor as a context", async (t) => {
  const script = `
from app.database import get_connection
def run():
    with get_connection() as conn:
        with conn.cursor() as cur:
            cur.execute("UPDATE t SET a = %s", (1,))
`
  t.same(run(script), ['UPDATE t SET a = 1'])
})

t.test('composed SQL quotes its names', async (t) => {
  const script = `
import psycopg2
from psycopg2 import sql
def run():
    conn = psycopg2.connect("dbname=x")
    cur = conn.cursor()
    for t in ["a", "b"]:
        cur.execute(sql.SQL("ALTER TABLE {} ADD COLUMN {} int").format(sql.Identifier(t), sql.Identifier("Flag")))
    cur.execute("UPDATE a SET x = %(v)s WHERE y LIKE 'a%%'", {"v": "it's"})
    conn.commit()
`
  t.same(run(script, { dialect: 'postgres' }), [
    'ALTER TABLE "a" ADD COLUMN "Flag" int',
    'ALTER TABLE "b" ADD COLUMN "Flag" int',
    "UPDATE a SET x = 'it''s' WHERE y LIKE 'a%'",
  ])
})

t.test('the name that the database gives for itself is where one is', async (t) => {
  const script = `
import os, pymysql
def run():
    conn = pymysql.connect(host="h", db=os.getenv("DB_NAME"))
    cur = conn.cursor()
    cur.execute("SELECT DATABASE()")
    db = cur.fetchone()[0]
    cur.execute(f"SELECT COUNT(*) FROM information_schema.columns WHERE table_schema='{db}' AND table_name='t' AND column_name='a'")
    (n,) = cur.fetchone()
    if not n:
        cur.execute("ALTER TABLE t ADD a INT")
`
  t.same(run(script, { dialect: 'mysql' }), ['[not column t.a] ALTER TABLE t ADD a INT'])
})

t.test('AUTOCOMMIT leaves the transaction', async (t) => {
  const script = `
from sqlalchemy import text
def upgrade(engine):
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.execute(text("CREATE INDEX CONCURRENTLY ix ON t (a)"))
`
  t.same(run(script, { dialect: 'postgres' }), ['leave the transaction', 'CREATE INDEX CONCURRENTLY ix ON t (a)'])
})

t.test('an IN list is one question, its rows are two', async (t) => {
  const script = `
from sqlalchemy import text
def upgrade(engine):
    with engine.begin() as conn:
        names = ("a", "b")
        existing = conn.execute(text("SELECT column_name FROM information_schema.columns WHERE table_name='t' AND column_name IN ('a', 'b')")).fetchall()
        if not existing:
            conn.execute(text("ALTER TABLE t ADD a int, ADD b int"))
        have = [r.column_name for r in existing]
        if "a" in have and "b" in have:
            conn.execute(text("UPDATE t SET a = b"))
`
  t.same(run(script, { dialect: 'postgres' }), [
    "[not rows (SELECT 1 FROM information_schema.columns WHERE table_name='t' AND column_name IN ('a', 'b'))] ALTER TABLE t ADD a int, ADD b int",
    '[(column t.a and column t.b)] UPDATE t SET a = b',
  ])
})

t.test("Flask's db, inside the context of its app", async (t) => {
  const script = `
from myapp.extensions import db
from flask import current_app
def run():
    with current_app.app_context():
        db.session.execute(db.text("UPDATE t SET a = 1"))
        db.session.commit()
        db.create_all()
`
  t.same(run(script), ['UPDATE t SET a = 1', 'todo: unknown call of the connection.create_all'])
})

t.test('what is assigned to an object of the ORM is a todo', async (t) => {
  const script = `
from sqlalchemy.orm import sessionmaker
from sqlalchemy import create_engine, text
import models
engine = create_engine("sqlite:///x.db")
Session = sessionmaker(bind=engine)
def run():
    session = Session()
    for item in session.query(models.Item).all():
        item.slug = item.name.lower()
    session.commit()
`
  t.same(run(script), ['todo: rows of the database'])
})

t.test('a table that the chain made is listed as it is', async (t) => {
  const script = `
import sqlalchemy as sa
def upgrade(conn):
    insp = sa.inspect(conn)
    cols = insp.get_columns("users")
    names = ", ".join(c["name"] for c in cols)
    conn.execute(sa.text(f"INSERT INTO users_new ({names}) SELECT {names} FROM users"))
    for fk in insp.get_foreign_keys("users"):
        if fk["constrained_columns"] == ["org_id"]:
            conn.execute(sa.text(f"DROP {fk['name']} {fk['referred_table']}"))
    for ix in insp.get_indexes("users"):
        conn.execute(sa.text(f"DROP INDEX {ix['name']}"))
    print(insp.get_pk_constraint("users")["constrained_columns"])
    if insp.get_pk_constraint("users")["constrained_columns"] == ["id"]:
        conn.execute(sa.text("SELECT_PK"))
`
  t.same(run(script, { dialect: 'sqlite', schema: usersTable }), [
    'INSERT INTO users_new (id, email, org_id) SELECT id, email, org_id FROM users',
    'DROP fk_org orgs',
    'DROP INDEX ix_email',
    'SELECT_PK',
  ])
})

t.test('the columns of a known table are known by PRAGMA too', async (t) => {
  const script = `
import sqlite3
def run():
    conn = sqlite3.connect("x")
    cols = [r[1] for r in conn.execute("PRAGMA table_info(users)")]
    conn.execute(f"INSERT INTO n ({', '.join(cols)}) SELECT {', '.join(cols)} FROM users")
    if "email" not in cols:
        conn.execute("NEVER")
    for cid, name, typ, notnull, default, pk in conn.execute("PRAGMA table_info(users)"):
        if name == "email" and notnull:
            conn.execute("EMAIL IS NOT NULL")
`
  t.same(run(script, { dialect: 'sqlite', schema: usersTable }), [
    'INSERT INTO n (id, email, org_id) SELECT id, email, org_id FROM users',
    'EMAIL IS NOT NULL',
  ])
})

t.test('what is known of a table settles questions to information_schema', async (t) => {
  const script = `
from sqlalchemy import text, inspect
def upgrade(conn):
    if conn.execute(text("SELECT 1 FROM information_schema.columns WHERE table_name='users' AND column_name='email'")).first():
        conn.execute(text("YES"))
    if conn.execute(text("SELECT is_nullable FROM information_schema.columns WHERE table_name='users' AND column_name='email'")).scalar() == "YES":
        conn.execute(text("NULLABLE"))
    else:
        conn.execute(text("NOT NULLABLE"))
    if inspect(conn).has_table("users") and not inspect(conn).has_table("users", schema="public"):
        conn.execute(text("NEVER"))
    if "ix_email" in [i["name"] for i in inspect(conn).get_indexes("users")]:
        conn.execute(text("INDEXED"))
    t = {c["name"]: c["type"] for c in inspect(conn).get_columns("users")}["email"]
    if str(t) == "VARCHAR(20)":
        conn.execute(text("TYPED"))
`
  t.same(run(script, { dialect: 'postgres', schema: usersTable }), ['YES', 'NOT NULLABLE', 'INDEXED', 'TYPED'])
})

t.test('a dict of columns by name gives their attributes', async (t) => {
  const script = `
from sqlalchemy import text, inspect
def upgrade(conn):
    cols = {c["name"]: c for c in inspect(conn).get_columns("t")}
    if "a" in cols and cols["a"]["nullable"]:
        conn.execute(text("ALTER TABLE t ALTER a SET NOT NULL"))
    col = [c for c in inspect(conn).get_columns("t") if c["name"] == "b"]
    if col and isinstance(col[0]["type"], str):
        conn.execute(text("X"))
`
  t.same(run(script, { dialect: 'postgres' }), [
    "[(column t.a and rows (SELECT 1 FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = 't' AND column_name = 'a' AND is_nullable = 'YES'))] ALTER TABLE t ALTER a SET NOT NULL",
    'todo: the type of a value of the database',
  ])
})

t.test('an inspector that is asked again, and a table that may be missing in a try', async (t) => {
  const script = `
from sqlalchemy import text, inspect
def upgrade(conn):
    insp = inspect(conn)
    if "a" not in [c["name"] for c in insp.get_columns("t")]:
        conn.execute(text("ALTER TABLE t ADD a int"))
    if "b" not in [c["name"] for c in insp.get_columns("t")]:
        conn.execute(text("ALTER TABLE t ADD b int"))
    try:
        cols = insp.get_columns("z")
    except Exception:
        return
    if "c" not in [c["name"] for c in cols]:
        conn.execute(text("ALTER TABLE z ADD c int"))
`
  t.same(run(script, { dialect: 'postgres' }), [
    '[not column t.a] ALTER TABLE t ADD a int',
    '[not column t.b] ALTER TABLE t ADD b int',
    '[not column z.c] ALTER TABLE z ADD c int',
  ])
})

t.test('queries that probe for columns and tables, under a try', async (t) => {
  const script = `
from sqlalchemy import text, inspect
from sqlalchemy.exc import ProgrammingError, OperationalError
def upgrade(conn):
    try:
        conn.execute(text("SELECT a, b FROM t LIMIT 0"))
    except (ProgrammingError, OperationalError):
        conn.execute(text("ALTER TABLE t ADD a int"))
    try:
        conn.execute(text("SELECT 1 FROM q"))
        print("exists")
    except Exception:
        conn.rollback()
        conn.execute(text("CREATE TABLE q (a int)"))
`
  t.same(run(script, { dialect: 'postgres' }), [
    '[not column t.a] ALTER TABLE t ADD a int',
    '[(column t.a and not column t.b)] ALTER TABLE t ADD a int',
    '[not table q] CREATE TABLE q (a int)',
  ])
})

t.test('what changes is a statement, what only reads is none', async (t) => {
  const script = `
from sqlalchemy import text
def upgrade(conn):
    conn.execute(text("DO $$ BEGIN IF NOT EXISTS (SELECT 1) THEN ALTER TABLE t ADD a int; END IF; END $$;"))
    conn.execute(text("CREATE TABLE a (b int); CREATE TABLE c (d int);"))
    conn.execute(text("EXPLAIN SELECT 1"))
    conn.execute(text("SET lock_timeout = '5s'"))
    conn.execute(text("COMMIT"))
    conn.execute(text("VACUUM t"))
    conn.execute(text("SELECT * INTO b FROM a"))
    conn.execute(text("REFRESH MATERIALIZED VIEW v"))
    conn.execute(text("SELECT my_backfill(1)"))
    conn.execute(text("CALL p()"))
    x = conn.execute(text("INSERT INTO t (a) VALUES (1) RETURNING id")).scalar()
    conn.execute(text("UPDATE t SET b = :x"), {"x": x})
`
  t.same(run(script, { dialect: 'postgres' }), [
    'DO $$ BEGIN IF NOT EXISTS (SELECT 1) THEN ALTER TABLE t ADD a int; END IF; END $$;',
    'CREATE TABLE a (b int); CREATE TABLE c (d int);',
    "SET lock_timeout = '5s'",
    'VACUUM t',
    'SELECT * INTO b FROM a',
    'REFRESH MATERIALIZED VIEW v',
    'SELECT my_backfill(1)',
    'CALL p()',
    'INSERT INTO t (a) VALUES (1) RETURNING id',
    'todo: what a statement gave back is not known',
  ])
})

t.test("MySQL's column types and foreign keys are read", async (t) => {
  const script = `
from sqlalchemy import text
def upgrade(conn):
    def table_exists(t):
        return conn.execute(text("SHOW TABLES LIKE '%s'" % t)).fetchone() is not None
    if not table_exists("audit_log"):
        conn.execute(text("CREATE TABLE audit_log (id int)"))
    r = conn.execute(text("SELECT COLUMN_TYPE FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 't' AND COLUMN_NAME = 's'")).fetchone()
    if r and "'new'" not in r[0]:
        conn.execute(text("ALTER TABLE t MODIFY s ENUM('new')"))
    fk = conn.execute(text("SELECT CONSTRAINT_NAME FROM information_schema.KEY_COLUMN_USAGE WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 't' AND COLUMN_NAME = 'u' AND REFERENCED_TABLE_NAME IS NOT NULL")).fetchone()
    if fk:
        conn.execute(text(f"ALTER TABLE t DROP FOREIGN KEY {fk[0]}"))
    if not fk:
        conn.execute(text("ALTER TABLE t ADD CONSTRAINT x FOREIGN KEY (u) REFERENCES u (id)"))
`
  t.same(run(script, { dialect: 'mysql' }), [
    '[not table audit_log] CREATE TABLE audit_log (id int)',
    "[(column t.s and not rows (SELECT 1 FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 't' AND COLUMN_NAME = 's' AND COLUMN_TYPE LIKE '%''new''%'))] ALTER TABLE t MODIFY s ENUM('new')",
    "[rows (SELECT 1 FROM information_schema.KEY_COLUMN_USAGE WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 't' AND COLUMN_NAME = 'u' AND REFERENCED_TABLE_NAME IS NOT NULL)] todo: rows read from information_schema.KEY_COLUMN_USAGE is not known",
    "[not rows (SELECT 1 FROM information_schema.KEY_COLUMN_USAGE WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 't' AND COLUMN_NAME = 'u' AND REFERENCED_TABLE_NAME IS NOT NULL)] ALTER TABLE t ADD CONSTRAINT x FOREIGN KEY (u) REFERENCES u (id)",
  ])
})
