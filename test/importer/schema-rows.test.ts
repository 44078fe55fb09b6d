import t from 'tap'
import type { DialectName } from '../../lib/dialects/dialect-name.ts'
import { convert } from '../../lib/importer/convert.ts'
import { imported, revision } from './imported.ts'

const tables = `
op.create_table('note', sa.Column('id', sa.Integer, primary_key=True), sa.Column('made', sa.DateTime), sa.Column('title', sa.String(20)))
op.create_table('job', sa.Column('ended', mysql.DATETIME(fsp=6)), sa.Column('begun', sa.DateTime, nullable=False))
`

function after(loop: string, dialect: DialectName = 'mysql', made = tables) {
  const { statements, todos } = imported(revision(`${made}conn = op.get_bind()\n${loop}`), { dialect })
  return { done: statements.filter((sql) => !/CREATE (TABLE|UNIQUE)|^SELECT 1$/.test(sql)), todos }
}

function through(where: string, dialect: DialectName = 'mysql', made = tables) {
  const loop = `for table, column in conn.execute(sa.text("""SELECT table_name, column_name FROM information_schema.columns WHERE ${where}""")).fetchall():
    op.execute(f'DELETE FROM {table} WHERE {column} IS NULL')
`
  return after(loop, dialect, made)
}

const found = (...columns: readonly string[]) => ({
  done: columns.map((name) => {
    const [table, column] = name.split('.')
    return `DELETE FROM ${table} WHERE ${column} IS NULL`
  }),
  todos: [],
})

t.test('a script goes through the columns of a type as the chain has made them', async (t) => {
  const own = 'table_schema = DATABASE() AND '
  t.same(through(`${own}data_type = 'datetime'`), found('job.ended', 'job.begun', 'note.made'))
  t.same(through(`${own}data_type='datetime' AND \`COLUMN_TYPE\` = 'datetime';`), found('job.begun', 'note.made'))
  t.same(through(`${own}column_type <> 'datetime' AND data_type = 'datetime'`), found('job.ended'))
  t.same(through(`${own}column_type LIKE 'datetime(%'`), found('job.ended'))
  t.same(through(`${own}column_type IN ('varchar(20)', 'datetime(6)')`), found('job.ended', 'note.title'))
  t.same(through(`${own}data_type NOT IN ('int', 'varchar') AND is_nullable = 'NO'`), found('job.begun'))
  t.same(through(`${own}(data_type = 'varchar' OR column_type = 'datetime(6)')`), found('job.ended', 'note.title'))
  t.same(through(`${own}table_name LIKE 'no%' AND data_type NOT LIKE 'date%'`), found('note.id', 'note.title'))
  t.same(through(`${own}data_type = 'json'`), found(), 'none is an answer too')
})

t.test('PostgreSQL has names of its own', async (t) => {
  const own = "table_schema = 'public' AND "
  const made = tables.replace('mysql.DATETIME(fsp=6)', 'sa.DateTime(timezone=True)')
  t.same(through(`${own}data_type = 'timestamp without time zone'`, 'postgres', made), found('job.begun', 'note.made'))
  t.same(through(`${own}data_type = 'TIMESTAMP'`, 'postgres', made), found())
})

t.test('what is not certain on MySQL and MariaDB alike stays a todo', async (t) => {
  for (const where of [
    "table_schema = DATABASE() AND column_type = 'int'",
    "table_schema = DATABASE() AND column_type LIKE 'int(%'",
    "table_schema = DATABASE() AND data_type = 'DATETIME'",
    'table_schema = DATABASE() AND column_default IS NULL',
    "table_schema = DATABASE() AND collation_name = 'utf8mb4_bin'",
    "table_schema = DATABASE() AND lower(data_type) = 'datetime'",
    "table_schema = DATABASE() AND data_type = 'datetime' ORDER BY column_name DESC",
    "table_schema = DATABASE() AND data_type = 'datetime' LIMIT 1",
    "data_type = 'datetime'",
  ]) {
    const { done, todos } = through(where)
    t.same(done, [], where)
    t.equal(todos.length, 1, where)
  }
})

t.test('it stays a todo where of a table not all is known', async (t) => {
  const made = `${tables}import elsewhere\nop.add_column('note', sa.Column('more', elsewhere.kind()))\n`
  const { done, todos } = through("table_schema = DATABASE() AND data_type = 'datetime'", 'mysql', made)
  t.same(done, [])
  t.equal(todos.length, 2)
})

t.test('a column whose type is not certain matters only where it decides', async (t) => {
  const made = `${tables}op.create_table('data', sa.Column('a', sa.JSON), sa.Column('b', sa.Float))\n`
  const own = 'table_schema = DATABASE() AND '
  t.same(through(`${own}column_type = 'datetime'`, 'mysql', made), found('job.begun', 'note.made'))
  t.equal(through(`${own}data_type = 'longtext'`, 'mysql', made).todos.length, 1)
})

t.test('tables are gone through by their names', async (t) => {
  const loop = `rows = conn.execute("SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name LIKE 'n%'").fetchall()
for row in rows:
    op.execute(f'TRUNCATE {row.name}')
`
  t.same(after(loop), { done: ['TRUNCATE note'], todos: [] })
})

t.test('that the database has these rows and no others is expected of it', async (t) => {
  const query =
    "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = DATABASE() AND (data_type = 'date' OR data_type = 'time')"
  const body = `op.create_table('note', sa.Column('day', sa.Date))
for table, column in op.get_bind().execute(sa.text("${query}")):
    op.execute(f'DELETE FROM {table} WHERE {column} IS NULL')
`
  const files = [{ path: 'legacy/20250101_000000_a.py', bytes: new TextEncoder().encode(revision(body)) }]
  const { scripts } = convert(files, { dialects: ['mysql'] })
  const own = `FROM information_schema.columns WHERE (table_schema = DATABASE()) AND (data_type = 'date' OR data_type = 'time') AND table_name NOT IN ('alembic_version', 'sqlmig_history')`
  t.match(
    scripts[0]!.conversions[0]!.text,
    `-- sqlmig: expect rows (SELECT 1 ${own} AND (table_name, column_name) NOT IN (('note', 'day')) UNION ALL SELECT 1 FROM (SELECT count(*) AS n ${own}) AS k WHERE n <> 1) absent\nDELETE FROM note WHERE day IS NULL;`,
  )
})
