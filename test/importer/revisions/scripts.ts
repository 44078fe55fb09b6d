import type { Group } from '../../compiler/case.ts'
import { scripts, start } from './directives.ts'

const postgres = ['postgres'] as const

/** Custom operations, objects of operations, data, and the ways to `op` of scripts without Alembic's runner. */
export const others: Group = scripts('scripts', [
  {
    name: 'rows',
    python: `
from datetime import date, datetime
t = op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.String(20)), sa.Column('d', sa.Date),
    sa.Column('f', sa.Boolean, default=True), sa.Column('g', sa.Integer, server_default='4'), sa.Column('j', sa.JSON))
op.bulk_insert(t, [{'id': 1, 'a': "it's", 'd': date(2020, 1, 2), 'j': {'a': [1, None]}}, {'id': 2, 'a': None, 'd': None, 'j': [], 'more': 1}])
op.bulk_insert(sa.table('t', sa.column('id', sa.Integer), sa.column('a', sa.String)), [{'id': 3, 'a': 'x'}, {'id': 4, 'a': 'y'}], multiinsert=False)
op.bulk_insert(t, [{'id': 5, 'a': op.inline_literal('z'), 'f': False}], multiinsert=False)
op.bulk_insert(t, rows=[])
op.execute(t.update().where(t.c.id == 2).values(a='b'))
op.execute(sa.text("UPDATE t SET a = 'c\\\\:d' WHERE id = 3"))
op.execute(t.insert().values(id=6, a=op.inline_literal('q')))
op.execute(t.delete().where(t.c.id == op.inline_literal(4)))
op.execute("UPDATE t SET g = g + 1", execution_options={'autocommit': True})`,
  },
  {
    name: 'directives of the script',
    python: `
from alembic.operations import Operations, MigrateOperation

class View:
    def __init__(self, name, sqltext):
        self.name = name
        self.sqltext = sqltext

class ReversibleOp(MigrateOperation):
    def __init__(self, target):
        self.target = target

    @classmethod
    def invoke_for_target(cls, operations, target):
        return operations.invoke(cls(target))

@Operations.register_operation('create_view', 'invoke_for_target')
class CreateViewOp(ReversibleOp):
    def reverse(self):
        return DropViewOp(self.target)

@Operations.register_operation('drop_view', 'invoke_for_target')
class DropViewOp(ReversibleOp):
    pass

@Operations.implementation_for(CreateViewOp)
def create_view(operations, operation):
    operations.execute('CREATE VIEW %s AS %s' % (operation.target.name, operation.target.sqltext))

@Operations.implementation_for(DropViewOp)
def drop_view(operations, operation):
    operations.execute('DROP VIEW %s' % operation.target.name)

@Operations.register_operation('add_stamps')
class AddStampsOp(MigrateOperation):
    def __init__(self, table_name):
        self.table_name = table_name

    @classmethod
    def add_stamps(cls, operations, table_name, **kw):
        return operations.invoke(cls(table_name, **kw))

@Operations.implementation_for(AddStampsOp)
def add_stamps(operations, operation):
    for name in ('made', 'changed'):
        operations.add_column(operation.table_name, sa.Column(name, sa.DateTime()))

op.create_table('t', sa.Column('id', sa.Integer, primary_key=True))
op.add_stamps('t')
one, two = View('v', 'SELECT id, made FROM t'), View('w', 'SELECT 1 AS one')
op.create_view(one)
op.create_view(two)
op.drop_view(two)`,
  },
  {
    name: 'operations as objects',
    on: ['postgres', 'mysql'],
    python: `
from alembic.operations import ops
op.invoke(ops.CreateTableOp('t', [sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.String(20)), sa.Column('b', sa.Integer)]))
op.invoke(ops.CreateTableOp('p', [sa.Column('id', sa.Integer, primary_key=True)]))
op.invoke(ops.AddColumnOp('t', sa.Column('c', sa.Integer)))
op.invoke(ops.AlterColumnOp('t', 'a', existing_type=sa.String(20), modify_type=sa.String(30), modify_nullable=False))
op.invoke(ops.AlterColumnOp('t', 'b', existing_type=sa.Integer(), modify_name='bb', modify_server_default='4'))
op.invoke(ops.CreateIndexOp('ix', 't', ['a', 'c']))
op.invoke(ops.CreateUniqueConstraintOp('uq', 't', ['c']))
op.invoke(ops.CreateForeignKeyOp('fk', 't', 'p', ['c'], ['id'], ondelete='CASCADE'))
op.invoke(ops.DropIndexOp('ix', 't'))
op.invoke(ops.ExecuteSQLOp("UPDATE t SET c = 1"))
op.invoke(ops.RenameTableOp('p', 'q'))
op.invoke(ops.DropColumnOp('t', 'bb'))`,
  },
  {
    name: 'operations on a connection',
    python: `
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext as Same
conn = op.get_bind()
mine = Operations(MigrationContext.configure(conn))
mine.create_table('t', sa.Column('id', sa.Integer, primary_key=True))
ctx = Same.configure(connection=conn, opts={'transactional_ddl': True})
Operations(ctx).add_column('t', sa.Column('a', sa.Integer))
if ctx.dialect.name == 'postgresql' and not ctx.as_sql:
    Operations(ctx).add_column('t', sa.Column('b', sa.Integer))
conn.execute(sa.text("INSERT INTO t (id, a) VALUES (1, 2)"))
ctx.impl.execute("UPDATE t SET a = 3")`,
  },
  {
    name: 'values of an enum',
    on: postgres,
    python: `
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('e', sa.Enum('a', 'b', name='kind'), nullable=False))
with op.get_context().autocommit_block():
    op.execute("ALTER TYPE kind ADD VALUE 'c'")
new = sa.Enum('x', 'y', name='other')
new.create(op.get_bind(), checkfirst=True)
op.add_column('t', sa.Column('o', new, server_default='x'))
op.alter_column('t', 'e', type_=sa.String(5), existing_type=sa.Enum(name='kind'), postgresql_using='e::text')
sa.Enum(name='kind').drop(op.get_bind(), checkfirst=False)`,
  },
  {
    name: 'one table, many columns',
    python: `${start}
for table in ('t', 'p'):
    for column in [sa.Column('made', sa.DateTime(), server_default=sa.func.now() if op.get_context().dialect.name != 'sqlite' else None), sa.Column('by', sa.String(30))]:
        op.add_column(table, column.copy() if hasattr(column, 'copy') else column)
    op.create_index(f'ix_{table}_by', table, ['by'])`,
  },
])

/** Parameters that Alembic got after 1.8. */
export const newer: Group = scripts('newer', [
  {
    name: 'if it is there',
    on: ['postgres'],
    sqlalchemy: '2.0',
    python: `${start}
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), if_not_exists=True)
op.create_index('ix', 't', ['a'], if_not_exists=True)
op.create_index('ix', 't', ['a'], if_not_exists=True)
op.drop_index('ix', if_exists=True)
op.drop_index('ix', 't', if_exists=True)
op.drop_constraint('nothing', 't', if_exists=True)
op.drop_table('nothing', if_exists=True)
op.add_column('t', sa.Column('b', sa.Integer), if_not_exists=True)
op.add_column('t', sa.Column('d', sa.Integer), if_not_exists=True)
op.drop_column('t', 'nothing', if_exists=True)
op.add_column('t', sa.Column('r', sa.Integer, sa.ForeignKey('p.id')), inline_references=True)`,
  },
  {
    name: 'run_async',
    sqlalchemy: '2.0',
    on: ['sqlite'],
    beyond: ['sqlite'],
    python: `
async def work(connection, name):
    await connection.execute(sa.text('CREATE TABLE ' + name + ' (id INTEGER)'))
op.run_async(work, 't')`,
  },
])
