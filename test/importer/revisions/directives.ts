import type { Case, Group } from '../../compiler/case.ts'

type Script = Pick<Case, 'name' | 'python'> & Partial<Case>

export function scripts(name: string, cases: readonly Script[]): Group {
  return { name, cases: cases.map((one) => ({ operations: [], ...one })) }
}

const servers = ['postgres', 'mysql'] as const
const postgres = ['postgres'] as const
const mysql = ['mysql'] as const

/** Two tables that most scripts start from. */
export const start = `
op.create_table('p', sa.Column('id', sa.Integer(), nullable=False), sa.Column('n', sa.Integer()), sa.PrimaryKeyConstraint('id'))
op.create_table('t', sa.Column('id', sa.Integer(), primary_key=True), sa.Column('a', sa.String(20), nullable=False),
    sa.Column('b', sa.Integer(), server_default='3'), sa.Column('c', sa.Integer(), nullable=True))
`

export const directives = scripts('directives', [
  {
    name: 'tables',
    python: `
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('at', sa.DateTime(), server_default=sa.func.now()),
    sa.Column('u', sa.String(length=40), unique=True), sa.Column('x', sa.Integer(), index=True),
    sa.CheckConstraint('x > 0', name=op.f('ck_t_x')), comment='what t is', info={'a': 1}, mysql_engine='InnoDB', mysql_charset='utf8mb4', sqlite_autoincrement=True)
op.create_table('gone', sa.Column('id', sa.Integer, primary_key=True))
op.create_table('old', sa.Column('id', sa.Integer, primary_key=True))
op.drop_table('gone')
op.rename_table('old', 'new')
columns = [sa.Column('c%d' % n, sa.Integer) for n in range(3)]
op.create_table('wide', sa.Column('id', sa.Integer, primary_key=True), *columns, **{'mysql_row_format': 'DYNAMIC'})
op.rename_table(old_table_name='wide', new_table_name='wider')`,
  },
  {
    name: 'a schema',
    on: postgres,
    python: `
op.execute('CREATE SCHEMA s')
op.create_table('p', sa.Column('id', sa.Integer, primary_key=True), schema='s')
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.Integer), schema='s')
op.add_column('t', sa.Column('p', sa.Integer, sa.ForeignKey('s.p.id')), schema='s')
op.create_index('ix', 't', ['a'], schema='s')
op.create_index('ix2', 't', ['a'], schema='s')
op.drop_index('ix2', 't', schema='s')
op.create_unique_constraint('u', 't', ['a'], schema='s')
op.create_check_constraint('ck', 't', 'a > 1', schema='s')
op.create_table('o', sa.Column('id', sa.Integer, primary_key=True), sa.Column('t', sa.Integer))
op.create_foreign_key('fk', 'o', 't', ['t'], ['id'], referent_schema='s')
op.create_foreign_key('fk2', 't', 'o', ['a'], ['id'], source_schema='s', onupdate='CASCADE')
op.alter_column('t', 'a', new_column_name='aa', schema='s')
op.alter_column('t', 'aa', nullable=False, type_=sa.BigInteger(), schema='s')
op.drop_constraint('u', 't', schema='s')
op.drop_column('o', 't')
op.rename_table('p', 'q', schema='s')
op.create_table_comment('q', 'of s', schema='s')`,
  },
  {
    name: 'columns',
    python: `${start}
op.add_column('t', sa.Column('d', sa.Boolean(), nullable=False, server_default=sa.text('0') if op.get_bind().dialect.name != 'postgresql' else sa.text('false')))
op.add_column(table_name='t', column=sa.Column('e', sa.Date()))
op.add_column('t', column=sa.Column('f', sa.Numeric(precision=10, scale=2), index=True))
op.add_column('t', sa.Column('g', sa.String(10), comment='said'), schema=None)
op.drop_column('t', 'e')
op.drop_column(table_name='t', column_name='c', mssql_drop_check=True)`,
  },
  {
    name: 'alter columns',
    on: servers,
    python: `${start}
op.alter_column('t', 'a', existing_type=sa.String(20), type_=sa.String(length=60), existing_nullable=False)
op.alter_column('t', 'b', existing_type=sa.Integer(), server_default=None)
op.alter_column('t', 'b', existing_type=sa.INTEGER(), nullable=False)
op.alter_column('t', 'c', existing_type=sa.Integer(), server_default='7', existing_nullable=True)
op.alter_column(table_name='t', column_name='c', new_column_name='cc', existing_type=sa.Integer(), existing_server_default=sa.text('7'))
op.alter_column('t', 'a', existing_type=sa.String(60), nullable=True, comment='of a', existing_comment=None)
op.alter_column('t', 'a', existing_type=sa.String(60), comment=None, existing_comment='of a', foo='ignored', unique=True)
op.alter_column('p', 'n', type_=sa.BigInteger, existing_type=sa.Integer, nullable=False, server_default=sa.text('5'), new_column_name='nn', autoincrement=False)`,
  },
  {
    name: 'identity, computed and using',
    on: postgres,
    python: `${start}
op.alter_column('t', 'a', type_=sa.Integer(), existing_type=sa.String(20), postgresql_using='a::integer')
op.alter_column('t', 'c', nullable=False)
op.alter_column('t', 'c', server_default=sa.Identity(start=5), existing_server_default=None)
op.alter_column('t', 'c', server_default=sa.Identity(always=True, start=5), existing_server_default=sa.Identity(start=5))
op.add_column('t', sa.Column('d', sa.Integer, sa.Computed('b * 2', persisted=True)))
op.add_column('t', sa.Column('i', sa.BigInteger, sa.Identity(cycle=True)))
op.alter_column('t', 'i', server_default=None, existing_server_default=sa.Identity(cycle=True))`,
  },
  {
    name: 'autoincrement',
    on: mysql,
    python: `
op.create_table('t', sa.Column('id', mysql.INTEGER(unsigned=True), autoincrement=False, nullable=False), sa.PrimaryKeyConstraint('id'), mysql_engine='InnoDB', mysql_default_charset='utf8mb4', mysql_collate='utf8mb4_unicode_ci')
op.alter_column('t', 'id', existing_type=mysql.INTEGER(unsigned=True), autoincrement=True, existing_nullable=False)
op.alter_column('t', 'id', existing_type=mysql.INTEGER(unsigned=True), type_=mysql.BIGINT(unsigned=True), existing_autoincrement=True, existing_nullable=False)`,
  },
  {
    name: 'constraints',
    on: servers,
    python: `${start}
op.create_foreign_key('fk_b', 't', 'p', ['b'], ['id'], ondelete='CASCADE', onupdate='RESTRICT')
op.create_foreign_key(constraint_name='fk_c', source_table='t', referent_table='p', local_cols=['c'], remote_cols=['id'], ondelete='SET NULL')
op.create_foreign_key(None, 't', 't', ['c'], ['id'])
op.create_foreign_key(op.f('fk_gone'), 't', 'p', ['c'], ['id'])
op.drop_constraint(op.f('fk_gone'), 't', type_='foreignkey')
op.create_unique_constraint('uq_a', 't', ['a'])
op.create_unique_constraint(constraint_name='uq_bc', table_name='t', columns=['b', 'c'])
op.create_table('k', sa.Column('a', sa.Integer, nullable=False), sa.Column('b', sa.Integer, nullable=False))
op.create_unique_constraint('uq_gone', 't', ('a', 'b'))
op.drop_constraint('uq_gone', 't', 'unique')
op.create_check_constraint('ck_b', 'k', 'b > 0')
op.create_check_constraint('ck_n', 'p', sa.and_(sa.column('n') > 1, sa.column('n') < 9))
op.create_check_constraint('ck_gone', 'p', sa.text('n > 2'))
op.drop_constraint(constraint_name='ck_gone', table_name='p', type_='check')
op.create_primary_key('pk_k', 'k', ['a'])
op.drop_constraint('pk_k', 'k', type_='primary')
op.create_primary_key(constraint_name='pk_k2', table_name='k', columns=['a', 'b'])`,
  },
  {
    name: 'constraints of PostgreSQL',
    on: postgres,
    python: `${start}
op.create_foreign_key('fk', 't', 'p', ['b'], ['id'], deferrable=True, initially='DEFERRED', match='FULL')
op.create_unique_constraint('uq', 't', ['a'], deferrable=True, initially='IMMEDIATE')
op.create_exclude_constraint('ex', 't', ('b', '='), ('c', '='), using='gist' if False else 'btree', where='b > 1')
op.create_exclude_constraint('ex2', 't', (sa.column('b'), '='), ('c', '='), using='btree', deferrable=True)
op.create_check_constraint('ck', 't', 'b > 0', postgresql_not_valid=True)
op.drop_constraint('ck', 't')`,
  },
  {
    name: 'indexes',
    python: `${start}
op.create_index('ix_a', 't', ['a'])
op.create_index(op.f('ix_b'), 't', ['b'], unique=False)
op.create_index(index_name='ix_bc', table_name='t', columns=['b', 'c'], unique=True)
op.create_index('ix_gone', 't', [sa.text('a')])
op.create_index('ix_desc', 't', [sa.column('b').desc(), 'c'])
op.drop_index('ix_gone', table_name='t')
op.drop_index(op.f('ix_b'), 't')`,
  },
  {
    name: 'indexes of PostgreSQL',
    on: postgres,
    python: `${start}
op.add_column('t', sa.Column('j', postgresql.JSONB()))
op.create_index('ix_j', 't', ['j'], postgresql_using='gin', postgresql_ops={'j': 'jsonb_path_ops'})
op.create_index('ix_w', 't', ['b'], postgresql_where=sa.text('b > 1'), postgresql_include=['c'])
op.create_index('ix_l', 't', [sa.text('lower(a)')], unique=True, postgresql_with={'fillfactor': 50})
op.create_index('ix_f', 't', [sa.func.upper(sa.column('a'))])
op.drop_index('ix_w')`,
  },
  {
    name: 'outside of the transaction',
    on: postgres,
    python: `${start}
with op.get_context().autocommit_block():
    op.create_index('ix_c', 't', ['c'], postgresql_concurrently=True)
    op.create_index('ix_d', 't', ['b'], postgresql_concurrently=True)
    op.drop_index('ix_d', 't', postgresql_concurrently=True)`,
  },
  {
    name: 'indexes of MySQL',
    on: mysql,
    python: `${start}
op.add_column('t', sa.Column('x', sa.Text()))
op.create_index('ix_x', 't', ['x'], mysql_length=10)
op.create_index('ix_xa', 't', ['x', 'a'], mysql_length={'x': 7, 'a': 3})
op.create_index('ft', 't', ['x'], mysql_prefix='FULLTEXT')`,
  },
  {
    name: 'comments',
    beyond: ['sqlite'],
    python: `${start}
op.create_table_comment('t', 'first')
op.create_table_comment(table_name='t', comment="it's", existing_comment='first')
op.create_table_comment('p', 'gone')
op.drop_table_comment('p', existing_comment='gone')`,
  },
])
