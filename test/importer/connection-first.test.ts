import t from 'tap'
import { run } from './connection-script.ts'

t.test('a column that PRAGMA table_info lacks is added under that condition', async (t) => {
  t.same(
    run(`
import sqlite3
def column_exists(cur, table, column):
    cur.execute(f"PRAGMA table_info({table})")
    return any(row[1] == column for row in cur.fetchall())
def run():
    conn = sqlite3.connect("app.db")
    cur = conn.cursor()
    if not column_exists(cur, "users", "age"):
        cur.execute("ALTER TABLE users ADD COLUMN age INTEGER")
    conn.commit()
    conn.close()
`),
    ['[not column users.age] ALTER TABLE users ADD COLUMN age INTEGER'],
  )
})

t.test('information_schema with bound names is the same question', async (t) => {
  t.same(
    run(
      `
from sqlalchemy import create_engine, text
import os
engine = create_engine(os.getenv("DATABASE_URL"))
def run_migration(target_engine=None):
    with (target_engine or engine).begin() as conn:
        found = conn.exec_driver_sql("SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = %s AND column_name = %s", ("leads", "flag")).scalar()
        if found == 0:
            conn.execute(text("ALTER TABLE leads ADD COLUMN flag BOOLEAN"))
`,
      { dialect: 'mysql' },
    ),
    ['[not column leads.flag] ALTER TABLE leads ADD COLUMN flag BOOLEAN'],
  )
})

t.test('the inspector is asked as a set, and keeps what it read', async (t) => {
  t.same(
    run(`
import sqlalchemy as sa
from database import engine
def migrate():
    inspector = sa.inspect(engine)
    columns = {c["name"] for c in inspector.get_columns("users")}
    with engine.begin() as conn:
        if "age" not in columns:
            conn.execute(sa.text("ALTER TABLE users ADD COLUMN age INTEGER"))
        if "age" not in columns:
            conn.execute(sa.text("UPDATE users SET age = 0"))
`),
    [
      '[not column users.age] ALTER TABLE users ADD COLUMN age INTEGER',
      '[not column users.age] UPDATE users SET age = 0',
    ],
  )
})
