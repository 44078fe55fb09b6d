import type { Group } from '../../compiler/case.ts'
import { scripts, start } from './directives.ts'

const rows = `${start}
op.create_foreign_key('fk_c', 't', 'p', ['c'], ['id']) if op.get_bind().dialect.name != 'sqlite' else None
op.execute("INSERT INTO p (id, n) VALUES (1, 1)")
op.execute("INSERT INTO t (id, a, b, c) VALUES (1, 'x', 2, 1), (2, 'y', 3, NULL)")
`

export const batches: Group = scripts('batches', [
  {
    name: 'all steps',
    python: `${rows}
with op.batch_alter_table('t', schema=None) as batch_op:
    batch_op.add_column(sa.Column('d', sa.Date(), nullable=True))
    batch_op.add_column(sa.Column('p', sa.Integer()))
    batch_op.alter_column('a', existing_type=sa.String(20), type_=sa.String(length=50), existing_nullable=False)
    batch_op.alter_column('b', existing_type=sa.Integer(), nullable=False, existing_server_default='3')
    batch_op.create_foreign_key('fk_p', 'p', ['p'], ['id'], ondelete='CASCADE')
    batch_op.create_unique_constraint('uq_ab', ['a', 'b'])
    batch_op.create_check_constraint('ck_b', sa.column('b') > 0)
    batch_op.create_index(batch_op.f('ix_t_a'), ['a'], unique=False)
    batch_op.create_table_comment('of t', existing_comment=None)
with op.batch_alter_table('t') as batch_op:
    batch_op.drop_index(batch_op.f('ix_t_a'))
    batch_op.drop_constraint('uq_ab', type_='unique')
    batch_op.drop_constraint('ck_b', type_='check')
    batch_op.drop_constraint('fk_p', type_='foreignkey')
    batch_op.drop_column('d')`,
  },
  {
    name: 'renaming and adding in place',
    on: ['sqlite'],
    python: `${rows}
with op.batch_alter_table('t', recreate='always') as b:
    b.alter_column('a', new_column_name='aa', existing_type=sa.String(20))
    b.add_column(sa.Column('z', sa.Integer(), server_default=sa.text('1')), insert_after='id')
    b.add_column(sa.Column('y', sa.Integer()), insert_before='c')
with op.batch_alter_table('t', partial_reordering=[('c', 'aa'), ('id', 'z')]) as b:
    b.add_column(sa.Column('w', sa.Integer()))
    b.drop_column('y')`,
  },
  {
    name: 'no step at all',
    python: `${rows}
with op.batch_alter_table('t') as batch_op:
    pass`,
  },
  {
    name: 'without a new table',
    python: `${rows}
with op.batch_alter_table('t', recreate='never') as b:
    b.add_column(sa.Column('d', sa.Integer()))
    b.create_index('ix_d', ['d', 'b'])`,
  },
  {
    name: 'a table given in full',
    on: ['sqlite'],
    python: `${rows}
full = sa.Table('t', sa.MetaData(), sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.String(20), nullable=False),
    sa.Column('b', sa.Integer, server_default='4'), sa.Column('c', sa.Integer))
with op.batch_alter_table('t', copy_from=full) as b:
    b.create_unique_constraint('uq', ['a'])
    b.drop_column('c')`,
  },
  {
    name: 'arguments of the new table',
    on: ['sqlite'],
    python: `${rows}
with op.batch_alter_table('t', table_args=[sa.CheckConstraint('b > 0', name='ck_b')], table_kwargs={'sqlite_autoincrement': True},
        reflect_args=[sa.Column('b', sa.Boolean(create_constraint=False))], reflect_kwargs={}) as b:
    b.drop_column('c')`,
  },
  {
    name: 'a naming convention',
    on: ['sqlite'],
    python: `
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.Integer), sa.Column('b', sa.Integer), sa.UniqueConstraint('a'))
with op.batch_alter_table('t', naming_convention={'uq': 'uq_%(table_name)s_%(column_0_name)s'}) as b:
    b.drop_constraint('uq_t_a', type_='unique')
    b.create_unique_constraint('uq_b', ['b'])`,
  },
  {
    name: 'effects between the steps',
    python: `${rows}
with op.batch_alter_table('t') as b:
    b.add_column(sa.Column('d', sa.Integer()))
    b.execute("UPDATE t SET b = 9")
    op.execute("UPDATE t SET a = 'z'")
    if b.get_bind().dialect.name == 'sqlite':
        b.create_index('ix', ['a'])
    b.create_index('ix2', ['b'])
    for name in ('e', 'f'):
        b.add_column(sa.Column(name, sa.String(5)))`,
  },
  {
    name: 'inside of another',
    python: `${rows}
with op.batch_alter_table('t') as b, op.batch_alter_table('p') as q:
    b.add_column(sa.Column('d', sa.Integer()))
    q.add_column(sa.Column('d', sa.Integer()))
    q.alter_column('n', nullable=False, existing_type=sa.Integer())`,
  },
  {
    name: 'keys',
    on: ['sqlite'],
    python: `
op.create_table('t', sa.Column('a', sa.Integer, nullable=False), sa.Column('b', sa.Integer, nullable=False))
with op.batch_alter_table('t') as b:
    b.create_primary_key('pk_t', ['a', 'b'])
with op.batch_alter_table('t') as b:
    b.add_column(sa.Column('c', sa.Integer(), unique=False, index=True))
    b.add_column(sa.Column('e', sa.Enum('x', 'y', name='ck_e', create_constraint=True)))`,
  },
])
