import t from 'tap'
import type { DialectName } from '../../lib/dialects/dialect-name.ts'
import { convert } from '../../lib/importer/convert.ts'
import { revision } from './imported.ts'

function sqlOf(
  body: string,
  dialect: DialectName,
  types: Record<string, { [D in DialectName]?: string }> = {},
): string {
  const source = revision(body)
  const files = [{ path: 'legacy/20250101_000000_a.py', bytes: new TextEncoder().encode(source) }]
  const { scripts } = convert(files, { dialects: [dialect], types: new Map(Object.entries(types)) })
  return scripts[0]!.conversions[0]!.text
}

const made = `inspector = sa.inspect(op.get_bind())
tables = inspector.get_table_names()
if 'note' not in tables:
    op.create_table('note', sa.Column('id', sa.Integer, primary_key=True), sa.Column('title', sa.String(20)))
`
const changed = `with op.batch_alter_table('note') as batch:
    batch.alter_column('title', nullable=False)
`

t.test(
  'a table that the chain makes where it is absent is rebuilt from that shape, which is made sure of',
  async (t) => {
    const sql = sqlOf(made + changed, 'sqlite')
    t.match(sql, /-- sqlmig: when table note absent\nCREATE TABLE note/)
    t.match(
      sql,
      /-- sqlmig: expect rows \(SELECT 1 FROM pragma_table_info\('note'\).*\) absent\nCREATE TABLE _alembic_tmp_note/,
    )
    t.match(sql, `VALUES ('id', 'INTEGER', 1, 0, 1), ('title', 'VARCHAR(20)', 0, 0, 0)`)
    t.notMatch(sql, 'todo')
  },
)

t.test('once it is sure, it is not made sure of again', async (t) => {
  const sql = sqlOf(`${made}${changed}${changed}`, 'sqlite')
  t.equal(sql.split('CREATE TABLE _alembic_tmp_note').length, 3)
  t.equal(sql.split('sqlmig: expect').length, 2)
})

t.test('whether a column of it is there is still asked of the database', async (t) => {
  const sql = sqlOf(
    `${made}if 'body' not in [c['name'] for c in sa.inspect(op.get_bind()).get_columns('note')]:
    op.add_column('note', sa.Column('body', sa.Text))
${changed}`,
    'sqlite',
  )
  t.match(sql, /-- sqlmig: when column note.body absent\nALTER TABLE note ADD COLUMN body TEXT/)
  t.match(sql, `('body', 'TEXT', 0, 0, 0)`, 'the shape is the one with the column')
})

t.test('a todo about rows leaves the shape of their table as it was', async (t) => {
  const sql = sqlOf(
    `${made}import elsewhere
note = sa.table('note', sa.column('title'))
op.get_bind().execute(sa.update(note).values(title=elsewhere.title()))
${changed}`,
    'sqlite',
  )
  t.equal(sql.split('sqlmig: todo').length, 2)
  t.match(sql, 'CREATE TABLE _alembic_tmp_note')
})

t.test('the class of the type of a column is asked of the catalogue', async (t) => {
  const body = `columns = {c['name']: c for c in sa.inspect(op.get_bind()).get_columns('note')}
if isinstance(columns['title']['type'], sa.Text):
    op.execute("UPDATE note SET title = 'text'")
`
  t.match(sqlOf(body, 'postgres'), /column_name = 'title' AND data_type IN \('text'\)\) exists\nUPDATE/)
  t.match(sqlOf(body, 'mysql'), /column_name = 'title' AND data_type IN \('text'\)\) exists\nUPDATE/)
  t.match(sqlOf(body, 'sqlite'), /name = 'title' AND .*IN \('TEXT'\)/)
  const known = `op.create_table('note', sa.Column('title', sa.String(20)))\n${body}`
  t.notMatch(sqlOf(known, 'postgres'), 'UPDATE', 'where the chain made it, the answer is known')
})

t.test('an answer about one column does not grow old by what happens to others', async (t) => {
  const sql = sqlOf(
    `columns = {c['name']: c for c in sa.inspect(op.get_bind()).get_columns('note')}
if columns['a']['nullable']:
    op.alter_column('note', 'a', nullable=False)
if columns['b']['nullable']:
    op.alter_column('note', 'b', nullable=False)
`,
    'postgres',
  )
  t.notMatch(sql, 'todo')
  t.match(sql, /column_name = 'b' AND is_nullable = 'YES'\) exists\nALTER TABLE note ALTER COLUMN b SET NOT NULL/)
})

t.test('the primary key of a table that the chain makes where it is absent is made sure of', async (t) => {
  const sql = sqlOf(
    `${made}if sa.inspect(op.get_bind()).get_pk_constraint('note')['constrained_columns'] == ['id']:
    op.execute("UPDATE note SET title = 'key'")
`,
    'postgres',
  )
  t.match(
    sql,
    /-- sqlmig: expect rows \(SELECT 1 FROM information_schema.key_column_usage .*'note_pkey', 'id', 1.*absent\nUPDATE/,
  )
})

t.test('a statement under one of two conditions stands there once for each', async (t) => {
  const sql = sqlOf(
    `inspector = sa.inspect(op.get_bind())
if inspector.has_table('a') or inspector.has_table('b'):
    op.create_table('c', sa.Column('id', sa.Integer, primary_key=True))
`,
    'sqlite',
  )
  t.match(sql, /-- sqlmig: when table a exists\nCREATE TABLE c/)
  t.match(sql, /-- sqlmig: when table a absent and table b exists\nCREATE TABLE c/)
})

t.test('but not where the first one changes what the second one asks for', async (t) => {
  const sql = sqlOf(
    `inspector = sa.inspect(op.get_bind())
if inspector.has_table('a') or inspector.has_table('b'):
    op.drop_table('a')
`,
    'sqlite',
  )
  t.match(sql, 'one of several conditions')
})

t.test('an index of a table that was made a moment ago is asked for, whatever was there before', async (t) => {
  const sql = sqlOf(
    `${made}indexes = {i['name'] for i in inspector.get_indexes('note')} if 'note' in tables else set()
if 'ix_title' not in indexes:
    op.create_index('ix_title', 'note', ['title'])
`,
    'postgres',
  )
  t.match(sql, /-- sqlmig: when index ix_title on note absent\nCREATE INDEX ix_title/)
})

t.test('a statement that never runs beside the ones above it goes before them', async (t) => {
  const sql = sqlOf(
    `${made}if 'note' in tables:
    op.execute("UPDATE note SET title = 'old'")
`,
    'postgres',
  )
  t.match(
    sql,
    /-- sqlmig: when table note exists\nUPDATE note[\s\S]*-- sqlmig: when table note absent\nCREATE TABLE note/,
  )
})

t.test('what --types says of a type comes first, at every depth of its module', async (t) => {
  const body = `import pkg, sqlmodel
op.create_table('t', sa.Column('a', pkg.sub.mod.Deep(3)), sa.Column('b', sqlmodel.AutoString(length=9)), sa.Column('c', sqlmodel.sql.sqltypes.AutoString(length=9)))
`
  const sql = sqlOf(body, 'postgres', {
    'pkg.sub.mod.Deep': { postgres: 'deep' },
    'sqlmodel.AutoString': { postgres: 'plain' },
  })
  t.match(sql, 'a deep')
  t.match(sql, 'b plain')
  t.match(sql, 'c VARCHAR(9)')
})

t.test('a module that may refuse to be loaded for a reason outside is taken to be loaded', async (t) => {
  const source = revision(`from app.types import Name\nop.add_column('t', sa.Column('a', Name))`)
  const files = [{ path: 'legacy/20250101_000000_a.py', bytes: new TextEncoder().encode(source) }]
  const app = `import os
from sqlalchemy import String
if os.environ.get('MODE') == 'cloud':
    raise ValueError('not here')
Name = String(7)
`
  const readSource = (path: string) => ({ 'src/app/__init__.py': '', 'src/app/types.py': app })[path]
  const { scripts } = convert(files, { dialects: ['postgres'], readSource, sourceRoots: ['src'] })
  t.match(scripts[0]!.conversions[0]!.text, 'ADD COLUMN a VARCHAR(7)')
  t.same(scripts[0]!.conversions[0]!.todos, [])
})

t.test('a foreign key that is made anew keeps what stands at it', async (t) => {
  const sql = sqlOf(
    `op.create_table('a', sa.Column('id', sa.Integer, primary_key=True))
op.create_table('b', sa.Column('a_id', sa.Integer, sa.ForeignKey('a.id', ondelete='CASCADE')))
for key in sa.inspect(op.get_bind()).get_foreign_keys('b'):
    op.drop_constraint(key['name'], 'b', type_='foreignkey')
    op.create_foreign_key(key['name'], 'b', key['referred_table'], key['constrained_columns'], key['referred_columns'], ondelete=key['options'].get('ondelete'))
`,
    'postgres',
  )
  t.match(sql, /ADD CONSTRAINT b_a_id_fkey FOREIGN KEY\s*\(a_id\) REFERENCES a \(id\) ON DELETE CASCADE/)
})

t.test('what is expected of the database is no condition that statements below can refer to', async (t) => {
  const body = `try:
    op.create_table('note', sa.Column('id', sa.Integer))
    op.create_table('job', sa.Column('id', sa.Integer))
    op.create_index('ix_job', 'job', ['id'])
except Exception as e:
    if 'already exists' in str(e):
        print(e)
    else:
        raise e
`
  const sql = sqlOf(body, 'postgres')
  t.match(sql, /-- sqlmig: expect table note absent\nCREATE TABLE note/)
  const [above] = sql.split('when above')
  t.ok(!sql.includes('when above') || above!.includes('sqlmig: when '), sql)
})
