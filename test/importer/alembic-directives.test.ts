import t from 'tap'
import type { Operation } from '../../lib/schema/operation.ts'
import { type Done, script, upgrade } from './alembic-script.ts'

const table = { name: 't' }

/** What one line becomes; a todo as its text. */
function line(source: string, dialect: 'postgres' | 'mysql' | 'sqlite' = 'postgres'): Operation | string | undefined {
  const [first] = upgrade(source, dialect).done
  return first?.operation ?? first?.todo
}

t.test('parameters have the names of all versions of Alembic', async (t) => {
  const forms: readonly (readonly [older: string, newer: string])[] = [
    ["op.drop_index(name='i', tablename='t')", "op.drop_index('i', table_name='t')"],
    ["op.create_index(name='i', tablename='t', columns=['a'])", "op.create_index('i', 't', ['a'])"],
    [
      "op.create_foreign_key(name='f', source='t', referent='p', local_cols=['a'], remote_cols=['id'])",
      "op.create_foreign_key('f', 't', 'p', ['a'], ['id'])",
    ],
    [
      "op.create_unique_constraint(name='u', source='t', local_cols=['a'])",
      "op.create_unique_constraint('u', 't', ['a'])",
    ],
    ["op.create_primary_key(name='k', table_name='t', cols=['a'])", "op.create_primary_key('k', 't', ['a'])"],
    [
      "op.create_check_constraint(name='c', source='t', condition='a > 1')",
      "op.create_check_constraint('c', 't', 'a > 1')",
    ],
    ["op.drop_constraint(name='u', tablename='t', type='unique')", "op.drop_constraint('u', 't', type_='unique')"],
    ["op.alter_column('t', 'a', name='b')", "op.alter_column('t', 'a', new_column_name='b')"],
    ["op.create_table(name='t')", "op.create_table('t')"],
    ["op.drop_table(name='t')", "op.drop_table('t')"],
  ]
  for (const [older, newer] of forms) {
    t.type(line(newer), 'object', newer)
    t.same(line(older), line(newer), older)
  }
})

t.test('arguments that no Alembic has are for a person, with the tables they are about', async (t) => {
  const { done } = upgrade(`
op.create_index('i', 't', ['a'], where='x')
op.drop_constraint('c', 't', type_='strange')
op.drop_table('t', 's', True, 1, 2, 3, 4, 5, 6)
op.create_unique_constraint('u', 't', 'ab')
op.create_table('t', sa.Column('a', sa.Integer), autoload_with=1)`)
  t.same(done, [
    { todo: 'op.create_index: the argument where is not known', tables: ['t'] },
    { todo: 'op.drop_constraint: there is no type_ strange', tables: ['t'] },
    { todo: 'op.drop_table: it takes fewer positional arguments than 9', tables: ['s.t'] },
    { todo: 'op.create_unique_constraint: columns is a text and no list', tables: ['t'] },
    { todo: 'op.create_table: the argument autoload_with cannot be converted', tables: ['t'] },
  ])
})

t.test('what Alembic itself ignores is ignored', async (t) => {
  t.same(line("op.alter_column('t', 'a', nullable=True, unique=True, primary_key=True)"), {
    kind: 'alterColumn',
    table,
    column: 'a',
    changes: { nullable: true },
  })
  t.same(line("op.drop_column('t', 'a', mssql_drop_check=True, anything=1)"), {
    kind: 'dropColumn',
    table,
    column: 'a',
  })
})

t.test('False says nothing of a default or a comment, and None takes it away', async (t) => {
  const changes = (source: string) => (line(source) as { changes?: object }).changes
  t.same(changes("op.alter_column('t', 'a', server_default=False, comment=False, nullable=None, type_=None)"), {})
  t.same(changes("op.alter_column('t', 'a', server_default=None, comment=None)"), {
    serverDefault: null,
    comment: null,
  })
  t.same(changes("op.alter_column('t', 'a', server_default=sa.Identity(start=3))"), {
    serverDefault: { identity: { start: 3 } },
  })
})

t.test('an existing type that is not known harms only where it is looked at', async (t) => {
  const source =
    "import app\nop.alter_column('t', 'a', existing_type=app.Money(), existing_server_default=app.x, nullable=False)"
  const plain = { kind: 'alterColumn', table, column: 'a', changes: { nullable: false } }
  t.same(line(source), plain)
  t.match(line(source, 'mysql'), /op\.alter_column: .*app.*not known/)
  t.match(line(source.replace('nullable=False', 'type_=sa.Text()')), /op\.alter_column: .*app.*not known/)
})

t.test('keywords of other dialects say nothing', async (t) => {
  const source = "op.create_index('i', 't', ['a'], postgresql_using='gin', mysql_length=5, mssql_clustered=True)"
  const options = (dialect: 'postgres' | 'mysql' | 'sqlite') =>
    (line(source, dialect) as { index: { options?: object } }).index.options
  t.same(options('postgres'), { postgresql_using: 'gin' })
  t.same(options('mysql'), { mysql_length: 5 })
  t.equal(options('sqlite'), undefined)
})

t.test('directives that nobody knows are for a person, by name', async (t) => {
  t.equal(line("op.create_hypertable('t')"), 'op.create_hypertable is no directive that is known here')
  t.same(upgrade("op.create_geospatial_table('t', sa.Column('a', sa.Integer), schema='s')").done, [
    { todo: "op.create_geospatial_table is GeoAlchemy2's", tables: ['s.t'] },
  ])
  t.equal(line('op.impl.add_index(1)'), "op.impl.add_index is Alembic's inside")
  t.equal(line('op.invoke(3)'), 'op.invoke is handed an operation that is not known')
})

t.test('an implementation of the script in place of Alembic is not passed over', async (t) => {
  const { done } = upgrade(`
from alembic.operations import Operations, ops
@Operations.implementation_for(ops.DropTableOp, replace=True)
def drop_table(operations, operation):
    operations.execute('x')
op.drop_table('t')
with op.batch_alter_table('t') as b:
    b.drop_column('a')`)
  t.same(
    done.map(({ todo, operation }) => todo ?? operation?.kind),
    ['the script has its own implementation of drop_table', 'batch'],
  )
})

t.test('the context answers what the importer knows, and is unknown by name for the rest', async (t) => {
  t.same(kinds(upgrade("if not op.get_context().as_sql and not context.is_offline_mode(): op.drop_table('t')").done), [
    'dropTable',
  ])
  const asked = upgrade("if context.get_x_argument(as_dictionary=True).get('data'): op.drop_table('t')")
  t.same(asked.done, [])
  t.same(asked.notes.at(-1), "depends on what Alembic's option -x says")
  const option = upgrade("if context.config.get_main_option('sqlalchemy.url') == 'x': op.drop_table('t')")
  t.same(option.notes.at(-1), 'depends on the option sqlalchemy.url of alembic.ini')
  const unset = upgrade("if context.config.get_main_option('skip_it'): return\nop.drop_table('t')")
  t.same(kinds(unset.done), ['dropTable'], "an option of the application's own is taken as not set")
})

t.test('what cannot run inside a transaction says so', async (t) => {
  const leaves = ['leaves the transaction']
  t.same(upgrade("with op.get_context().autocommit_block():\n    op.execute('VACUUM')").notes, leaves)
  t.same(upgrade("op.execute('COMMIT')").notes, leaves)
  t.same(upgrade("op.execute('VACUUM', execution_options={'isolation_level': 'AUTOCOMMIT'})").notes, leaves)
  t.same(upgrade("op.execute('SELECT 1', execution_options={'stream_results': True})").notes, [])
})

t.test('op is found wherever a script takes it from', async (t) => {
  const { done, notes } = script(`
import alembic
import alembic.op as same
from alembic.op import drop_table
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
def upgrade():
    alembic.op.drop_table('a')
    same.drop_table('b')
    drop_table('c')
    with Operations.context(MigrationContext.configure(same.get_bind())) as op:
        op.drop_table('d')
    helper(op)
def helper(operations):
    operations.drop_table('e')
`)
  t.same(notes, [])
  t.same(
    done.map(({ operation }) => operation?.kind === 'dropTable' && operation.table.name),
    ['a', 'b', 'c', 'd', 'e'],
  )
})

t.test('plugins whose SQL is in the script are SQL', async (t) => {
  const { done } = script(`
from alembic import op
from alembic_utils.pg_function import PGFunction
from alembic_postgresql_enum import TableReference
from app import view
f = PGFunction(schema='public', signature='up(a text default \\'x\\', b int)', definition='returns text as $$ select a $$ language sql;')
def upgrade():
    op.create_entity(f)
    op.drop_entity(f, cascade=True)
    op.create_entity(view)
    op.sync_enum_values(enum_schema='public', enum_name='e', new_values=['a', 'b'], enum_values_to_rename=[('x', 'a')],
        affected_columns=[TableReference(table_schema='public', table_name='t', column_name='c', existing_server_default="'x'::e")])
    op.sync_enum_values('public', 'e', ['a'], [('t', 'c')])
    op.sync_enum_values('public', 'e', ['a'], ['a', 'b'])
`)
  t.same(
    done.map(({ operation, todo }) => (operation?.kind === 'execute' ? operation.sql : todo)),
    [
      'CREATE FUNCTION "public"."up"(a text default \'x\', b int) returns text as $$ select a $$ language sql',
      'DROP FUNCTION "public"."up"(a text, b int) CASCADE',
      'op.create_entity: the entity is not known',
      'ALTER TYPE "public"."e" RENAME TO "e_old"',
      `CREATE TYPE "public"."e" AS ENUM ('a', 'b')`,
      'ALTER TABLE "public"."t" ALTER COLUMN "c" DROP DEFAULT',
      `ALTER TABLE "public"."t" ALTER COLUMN "c" TYPE "public"."e" USING CASE WHEN "c"::text = 'x' THEN 'a'::"public"."e" ELSE "c"::text::"public"."e" END`,
      `ALTER TABLE "public"."t" ALTER COLUMN "c" SET DEFAULT 'a'::"public"."e"`,
      'DROP TYPE "public"."e_old"',
      'op.sync_enum_values: the default of t.c is not known',
      `ALTER TYPE "public"."e" ADD VALUE IF NOT EXISTS 'b'`,
    ],
  )
})

function kinds(done: readonly Done[]): readonly (string | undefined)[] {
  return done.map(({ operation, todo }) => operation?.kind ?? todo)
}
