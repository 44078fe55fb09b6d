import t from 'tap'
import type { DialectName } from '../../lib/dialects/dialect-name.ts'
import { type Converted, convert } from '../../lib/importer/convert.ts'

function converted(script: string, dialect: DialectName = 'sqlite', path = 'legacy/20250101_000000_it.py'): Converted {
  return convert([{ path, bytes: new TextEncoder().encode(script) }], { dialects: [dialect] })
}

/** The body of the only file, without its head. */
function body(script: string, dialect?: DialectName): readonly string[] {
  const text = converted(script, dialect).scripts[0]!.conversions[0]!.text
  return text.split('\n').filter((line) => line !== '' && !/^-- sqlmig: (?:source|downgrade)/.test(line))
}

function todos(script: string, dialect?: DialectName): readonly string[] {
  return converted(script, dialect).scripts[0]!.conversions[0]!.todos.map(({ reason }) => reason)
}

t.test('the only function that works on a database is the migration, whatever it is called', async (t) => {
  const script = `
from sqlalchemy import text
def apply_paths_migration(engine):
    with engine.begin() as conn:
        conn.execute(text("CREATE TABLE a (id INTEGER)"))
def rollback_paths_migration(engine):
    with engine.begin() as conn:
        conn.execute(text("DROP TABLE a"))
`
  t.same(body(script), ['CREATE TABLE a (id INTEGER);'])
})

t.test('a method of a class is the migration where there is no function', async (t) => {
  const script = `
class Migration:
    def __init__(self, conn):
        self.conn = conn
    def up(self):
        self.conn.execute("CREATE TABLE a (id INTEGER)")
    def down(self):
        self.conn.execute("DROP TABLE a")
`
  t.same(body(script), ['CREATE TABLE a (id INTEGER);'])
})

t.test('a script that is started by hand has its options at their defaults, and says so', async (t) => {
  const script = `
import argparse, sqlite3, sys
def columns(conn):
    return [row[1] for row in conn.execute("PRAGMA table_info(t)")]
def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("db_path")
    parser.add_argument("--dry-run", action="store_true")
    parser.add_argument("--limit", type=int, default="5")
    args = parser.parse_args()
    conn = sqlite3.connect(args.db_path)
    if "a" in columns(conn):
        print("nothing to do")
        sys.exit(0)
    if "id" not in columns(conn):
        sys.exit(1)
    if args.dry_run:
        return
    conn.execute(f"ALTER TABLE t ADD COLUMN a INTEGER DEFAULT {args.limit}")
if __name__ == "__main__":
    main()
`
  t.same(body(script), [
    '-- The script is taken to be started without options: each has its default.',
    '-- sqlmig: when column t.a absent',
    '-- sqlmig: expect column t.id exists',
    'ALTER TABLE t ADD COLUMN a INTEGER DEFAULT 5;',
  ])
})

t.test('a script that only shows what it would do is told to do it', async (t) => {
  const script = `
import argparse, sqlite3
parser = argparse.ArgumentParser()
parser.add_argument("--apply", action="store_true")
def main():
    args = parser.parse_args()
    if args.apply:
        sqlite3.connect("app.db").execute("CREATE TABLE a (id INTEGER)")
if __name__ == "__main__":
    main()
`
  t.same(body(script), [
    '-- The script is taken to be started with no options but --apply.',
    'CREATE TABLE a (id INTEGER);',
  ])
})

t.test('a script that changes nothing without arguments is a todo', async (t) => {
  const script = `
import sqlite3, sys
if __name__ == "__main__":
    if len(sys.argv) > 1:
        sqlite3.connect(sys.argv[1]).execute("CREATE TABLE a (id INTEGER)")
`
  t.same(todos(script), ['without options the script changes nothing: which ones it had is not known'])
})

t.test('the function that a tool calls comes before what stands below __main__', async (t) => {
  const script = `
import sqlite3
def migrate_up(db_path):
    conn = sqlite3.connect(db_path)
    conn.execute("CREATE TABLE a (id INTEGER)")
def migrate_down(db_path):
    sqlite3.connect(db_path).execute("DROP TABLE a")
if __name__ == "__main__":
    migrate_down("app.db")
`
  t.same(body(script), ['CREATE TABLE a (id INTEGER);'])
})

t.test('op is handed over, and what else a tool hands over is a todo where it is called', async (t) => {
  const script = `
import sqlalchemy as sa
revision = "a1"
down_revision = None
def upgrade(op, tables, tester):
    op.create_table("a", sa.Column("id", sa.Integer()))
    tester.populate_table("a", [])
`
  t.same(todos(script), ['a call of the argument tester of upgrade(), of which nobody knows what it does'])
  t.match(body(script).join(' '), /CREATE TABLE a/)
})

t.test('decorators and ORM calls of the application are todos', async (t) => {
  const script = `
from app.models import Version
def migrate(migrator, database):
    @migrator.create_model
    class Lead:
        pass
    Version.update(name="a").where(True).execute()
    made = Version.get_or_create(name="b")
    found = Version.get(name="b")
`
  t.same(todos(script), [
    'a call of the argument migrator of migrate(), of which nobody knows what it does',
    'a call of from app.models import Version, of which nobody knows what it does',
    'a call of from app.models import Version, of which nobody knows what it does',
  ])
})

t.test('SQL that is handed to somebody unknown is a todo, unless it is only shown', async (t) => {
  const script = `
from app.core import client
def run():
    log = client()
    log.info("CREATE TABLE a (id INTEGER)")
    done = log.query("INSERT INTO a VALUES (1)")
    seen = log.query("SELECT 1")
`
  t.same(todos(script), ['a call of from app.core import client, of which nobody knows what it does'])
})

t.test('where several functions may be the migration, that is a todo', async (t) => {
  const script = `
def one(conn):
    conn.execute("CREATE TABLE a (id INTEGER)")
def two(conn):
    conn.execute("CREATE TABLE b (id INTEGER)")
`
  t.same(todos(script), ['which of its functions is the migration cannot be told: one(), two()'])
})

t.test('what only sees to migrations is left out, with a reason', async (t) => {
  const runner = 'import importlib\ndef run_migrations(conn):\n    importlib.import_module("a").up(conn)\n'
  const reasons = [
    [runner, 'legacy/runner.py'],
    ['from alembic import context\ndef run():\n    context.configure(url="x")\n', 'legacy/env.py'],
    ['def test_it(conn):\n    conn.execute("SELECT 1")\n', 'legacy/test_it.py'],
  ].map(([script, path]) => converted(script!, 'sqlite', path).leftOut.map(({ reason }) => reason))
  t.same(reasons, [
    ['it looks for other files to run, and is no migration itself'],
    ["it is Alembic's environment, no migration"],
    ['it is a test, no migration'],
  ])
  t.equal(converted(runner).scripts.length, 1, 'a numbered file is never left out')
})

t.test('the dialect is handed over as its name or as an object', async (t) => {
  const script = (test: string) => `
def upgrade(connection, dialect):
    if ${test}:
        connection.exec_driver_sql("CREATE TABLE a (id INTEGER)")
`
  for (const test of ['dialect == "postgresql"', 'dialect.name == "postgresql"', 'connection.is_postgres']) {
    t.same(body(script(test), 'postgres'), ['CREATE TABLE a (id INTEGER);'], test)
    t.same(body(script(test), 'sqlite'), [], test)
  }
})

t.test('rows of one table are not changed by an INSERT into another', async (t) => {
  const script = `
def up(cursor):
    cursor.execute("SELECT COUNT(*) FROM a")
    a = cursor.fetchone()[0]
    cursor.execute("SELECT COUNT(*) FROM b")
    b = cursor.fetchone()[0]
    if a == 0:
        cursor.execute("INSERT INTO a VALUES (1)")
    if b == 0:
        cursor.execute("INSERT INTO b VALUES (1)")
        cursor.execute("DELETE FROM c")
    if a == 0:
        cursor.execute("INSERT INTO c VALUES (1)")
`
  t.same(body(script).slice(0, 6), [
    '-- sqlmig: when rows (SELECT 1 FROM a) absent',
    'INSERT INTO a VALUES (1);',
    '-- sqlmig: when rows (SELECT 1 FROM b) absent',
    'INSERT INTO b VALUES (1);',
    '-- sqlmig: when above',
    'DELETE FROM c;',
  ])
  t.match(todos(script), [/it runs where this was so before: rows \(SELECT 1 FROM a\)/])
})

t.test('the text of a new UUID is made by the server, once', async (t) => {
  const script = `
import uuid
def up(cursor):
    new = str(uuid.uuid4())
    cursor.execute("INSERT INTO a (id, code) VALUES (%s, %s)", (new, uuid.uuid4().hex))
    cursor.execute("INSERT INTO b (id) VALUES (%s)", (new,))
`
  t.same(body(script, 'postgres').slice(0, 1), [
    "INSERT INTO a (id, code) VALUES (gen_random_uuid(), replace(CAST(gen_random_uuid() AS TEXT), '-', ''));",
  ])
  t.same(todos(script, 'postgres'), ['the script uses one uuid4() in several places'])
})

t.test("MySQL's own index of a foreign key is seen by the inspector, until another one serves", async (t) => {
  const script = (more: string) => `
import sqlalchemy as sa
from alembic import op
revision = "a1"
down_revision = None
def upgrade():
    op.create_table("a", sa.Column("id", sa.Integer(), primary_key=True))
    op.create_table("b", sa.Column("x", sa.Integer()), sa.ForeignKeyConstraint(["x"], ["a.id"], name="fk_x"))
    ${more}
    for index in sa.inspect(op.get_bind()).get_indexes("b"):
        op.execute("DELETE FROM %s" % index["name"])
`
  const last = (more: string) => body(script(more), 'mysql').at(-1)
  t.equal(last('pass'), 'DELETE FROM fk_x;')
  t.equal(last('op.create_index("ix_x", "b", ["x"])'), 'DELETE FROM ix_x;')
})
