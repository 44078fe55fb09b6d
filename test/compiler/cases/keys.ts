import { sql } from '../../../lib/schema/expression.ts'
import type { DropConstraint, Operation } from '../../../lib/schema/operation.ts'
import type { Constraint, Name, Options } from '../../../lib/schema/table.ts'
import type { Case, Group } from '../case.ts'
import { col, id, int, str, t, table } from './short.ts'

const add = (constraint: Constraint): Operation => ({ kind: 'addConstraint', table: t, constraint })
const drop = (name: Name, type?: DropConstraint['type']): Operation => ({
  kind: 'dropConstraint',
  table: t,
  name,
  ...(type && { type }),
})
const index = (
  name: Name | undefined,
  columns: readonly (string | { kind: 'sql'; text: string })[],
  rest: object = {},
): Operation => ({
  kind: 'createIndex',
  table: t,
  index: { ...(name !== undefined && { name }), columns, ...rest },
})
const withOptions = (options: Options) => ({ options })

const base = [table('p', [id]), table('t', [id, col('a', str(20)), col('b', int), col('c', int)])]
const basePython = `op.create_table('p', sa.Column('id', sa.Integer, primary_key=True))
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.String(20)), sa.Column('b', sa.Integer), sa.Column('c', sa.Integer))
`
const fk: Constraint = { kind: 'foreignKey', columns: ['b'], target: { name: 'p' }, targetColumns: ['id'] }
const beyond = ['sqlite'] as const

const convention = {
  ix: 'ix_%(column_0_label)s',
  uq: 'uq_%(table_name)s_%(column_0_name)s',
  ck: 'ck_%(table_name)s_%(constraint_name)s',
  fk: 'fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s',
  pk: 'pk_%(table_name)s',
}

const all = {
  ix: 'idx_%(table_name)s_%(column_0_N_name)s',
  uq: 'uq_%(column_0N_name)s_x',
  ck: 'ck_%(table_name)s_%(column_0_name)s',
  fk: 'fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s_x',
  pk: 'pk_%(table_name)s_%(column_0_name)s',
}
const long = 'x'.repeat(70)

export const constraints: Group = {
  name: 'constraints',
  cases: [
    {
      name: 'add and drop constraints',
      beyond,
      python: `${basePython}
op.create_foreign_key('fk_b', 't', 'p', ['b'], ['id'], ondelete='CASCADE', onupdate='RESTRICT')
op.create_unique_constraint('uq_a', 't', ['a', 'b'])
op.create_check_constraint('ck_c', 't', 'c > 0')
op.create_check_constraint('ck_d', 't', sa.column('c') < 10)
op.create_unique_constraint('uq_c', 't', ['c'])
op.drop_constraint('uq_c', 't', type_='unique')
op.drop_constraint('ck_c', 't', type_='check')
op.create_foreign_key('fk_c', 't', 'p', ['c'], ['id'])
op.drop_constraint('fk_c', 't', type_='foreignkey')`,
      operations: [
        ...base,
        add({ ...fk, name: 'fk_b', onDelete: 'CASCADE', onUpdate: 'RESTRICT' }),
        add({ kind: 'unique', name: 'uq_a', columns: ['a', 'b'] }),
        add({ kind: 'check', name: 'ck_c', expression: sql('c > 0') }),
        add({
          kind: 'check',
          name: 'ck_d',
          expression: {
            kind: 'binary',
            operator: '<',
            left: { kind: 'column', name: 'c' },
            right: { kind: 'literal', value: 10 },
          },
        }),
        add({ kind: 'unique', name: 'uq_c', columns: ['c'] }),
        drop('uq_c', 'unique'),
        drop('ck_c', 'check'),
        add({ ...fk, columns: ['c'], name: 'fk_c' }),
        drop('fk_c', 'foreignKey'),
      ],
    },
    {
      name: 'nameless constraints',
      beyond,
      python: `${basePython}
op.create_foreign_key(None, 't', 'p', ['b'], ['id'])
op.create_unique_constraint(None, 't', ['a'])
op.create_check_constraint(None, 't', 'c > 0')`,
      operations: [
        ...base,
        add(fk),
        add({ kind: 'unique', columns: ['a'] }),
        add({ kind: 'check', expression: sql('c > 0') }),
      ],
    },
    {
      name: 'nameless constraints dropped by the names of the server',
      on: ['postgres'],
      python: `${basePython}
op.create_foreign_key(None, 't', 'p', ['b'], ['id'])
op.create_unique_constraint(None, 't', ['a', 'b'])
op.drop_constraint('t_a_b_key', 't')
op.drop_constraint('t_b_fkey', 't', type_='foreignkey')
op.drop_constraint('t_pkey', 't', type_='primary')
op.create_primary_key('pk_t', 't', ['id', 'b'])`,
      operations: [
        ...base,
        add(fk),
        add({ kind: 'unique', columns: ['a', 'b'] }),
        drop('t_a_b_key'),
        drop('t_b_fkey', 'foreignKey'),
        drop('t_pkey', 'primaryKey'),
        add({ kind: 'primaryKey', name: 'pk_t', columns: ['id', 'b'] }),
      ],
    },
    {
      name: 'nameless constraints dropped by the names of MySQL',
      on: ['mysql'],
      python: `${basePython}
op.create_foreign_key(None, 't', 'p', ['b'], ['id'])
op.create_unique_constraint(None, 't', ['a', 'c'])
op.drop_constraint('a', 't', type_='unique')
op.drop_constraint('t_ibfk_1', 't', type_='foreignkey')
op.create_table('n', sa.Column('x', sa.Integer, primary_key=True, autoincrement=False), sa.Column('y', sa.Integer, nullable=False))
op.drop_constraint('whatever', 'n', type_='primary')
op.create_primary_key('pk_n', 'n', ['y'])`,
      operations: [
        ...base,
        add(fk),
        add({ kind: 'unique', columns: ['a', 'c'] }),
        drop('a', 'unique'),
        drop('t_ibfk_1', 'foreignKey'),
        table('n', [col('x', int, { primaryKey: true, autoincrement: false }), col('y', int, { nullable: false })]),
        { kind: 'dropConstraint', table: { name: 'n' }, name: 'whatever', type: 'primaryKey' },
        {
          kind: 'addConstraint',
          table: { name: 'n' },
          constraint: { kind: 'primaryKey', name: 'pk_n', columns: ['y'] },
        },
      ],
    },
    {
      name: 'drop without a type',
      on: ['mysql'],
      beyond: ['mysql'],
      python: `${basePython}
op.create_unique_constraint('uq_a', 't', ['a'])
op.drop_constraint('uq_a', 't')`,
      operations: [...base, add({ kind: 'unique', name: 'uq_a', columns: ['a'] }), drop('uq_a')],
    },
    {
      name: 'deferrable, match, not valid',
      on: ['postgres'],
      python: `${basePython}
op.create_foreign_key('fk_b', 't', 'p', ['b'], ['id'], deferrable=True, initially='DEFERRED', match='FULL')
op.create_foreign_key('fk_c', 't', 'p', ['c'], ['id'], postgresql_not_valid=True, use_alter=True)
op.create_unique_constraint('uq_a', 't', ['a'], deferrable=True, initially='DEFERRED')
op.create_check_constraint('ck_c', 't', 'c > 0', postgresql_not_valid=True)`,
      operations: [
        ...base,
        add({ ...fk, name: 'fk_b', deferrable: true, initially: 'DEFERRED', match: 'FULL' }),
        add({ ...fk, name: 'fk_c', columns: ['c'], options: { postgresql_not_valid: true }, useAlter: true }),
        add({ kind: 'unique', name: 'uq_a', columns: ['a'], deferrable: true, initially: 'DEFERRED' }),
        add({ kind: 'check', name: 'ck_c', expression: sql('c > 0'), options: { postgresql_not_valid: true } }),
      ],
    },
  ],
}

const named: readonly Case[] = [
  {
    name: 'a naming convention',
    beyond: ['mariadb'],
    convention,
    python: `
op.create_table('p', sa.Column('id', sa.Integer, primary_key=True))
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.String(20), unique=True), sa.Column('b', sa.Integer, sa.ForeignKey('p.id'), index=True),
    sa.Column('c', sa.Integer, sa.CheckConstraint('c > 1', name='one')),
    sa.Column('d', sa.Boolean(create_constraint=True, name='bool')),
    sa.CheckConstraint('c < 5', name='five'), sa.CheckConstraint('c < 6', name=op.f('six')), sa.UniqueConstraint('b', 'c', name='kept'))`,
    operations: [
      table('p', [id]),
      table(
        't',
        [
          id,
          col('a', str(20), { unique: true }),
          col('b', int, { foreignKeys: [{ target: { name: 'p' }, targetColumn: 'id' }], index: true }),
          col('c', int, { checks: [{ expression: sql('c > 1'), name: 'one' }] }),
          col('d', { kind: 'Boolean', args: { createConstraint: true, name: 'bool' } }),
        ],
        [
          { kind: 'check', expression: sql('c < 5'), name: 'five' },
          { kind: 'check', expression: sql('c < 6'), name: { fixed: 'six' } },
          { kind: 'unique', columns: ['b', 'c'], name: 'kept' },
        ],
      ),
    ],
  },
  {
    name: 'a naming convention on ALTER',
    on: ['postgres', 'mysql'],
    convention,
    python: `${basePython}
op.create_foreign_key(None, 't', 'p', ['b'], ['id'])
op.create_unique_constraint(None, 't', ['a', 'b'])
op.create_check_constraint('pos', 't', 'c > 0')
op.create_check_constraint('neg', 't', 'c > -1')
op.drop_constraint('pos', 't', type_='check')
op.drop_constraint(op.f('ck_t_neg'), 't', type_='check')
op.create_index(None, 't', ['c'])
op.add_column('t', sa.Column('d', sa.Integer, sa.ForeignKey('p.id'), unique=True))`,
    operations: [
      ...base,
      add(fk),
      add({ kind: 'unique', columns: ['a', 'b'] }),
      add({ kind: 'check', name: 'pos', expression: sql('c > 0') }),
      add({ kind: 'check', name: 'neg', expression: sql('c > -1') }),
      drop('pos', 'check'),
      drop({ fixed: 'ck_t_neg' }, 'check'),
      index(undefined, ['c']),
      {
        kind: 'addColumn',
        table: t,
        column: col('d', int, { foreignKeys: [{ target: { name: 'p' }, targetColumn: 'id' }], unique: true }),
      },
    ],
  },
  {
    name: 'tokens of all kinds',
    convention: all,
    python: `
op.create_table('p', sa.Column('id', sa.Integer, primary_key=True))
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.String(20)), sa.Column('b', sa.Integer, sa.ForeignKey('p.id')), sa.Column('c', sa.Integer, index=True), sa.UniqueConstraint('a', 'b'), sa.CheckConstraint(sa.column('c') > 5))
op.create_index(None, 't', ['a', 'b'])`,
    operations: [
      table('p', [id]),
      table(
        't',
        [
          id,
          col('a', str(20)),
          col('b', int, { foreignKeys: [{ target: { name: 'p' }, targetColumn: 'id' }] }),
          col('c', int, { index: true }),
        ],
        [
          { kind: 'unique', columns: ['a', 'b'] },
          {
            kind: 'check',
            expression: {
              kind: 'binary',
              operator: '>',
              left: { kind: 'column', name: 'c' },
              right: { kind: 'literal', value: 5 },
            },
          },
        ],
      ),
      index(undefined, ['a', 'b']),
    ],
  },
  {
    name: 'a check that the convention cannot name',
    convention,
    python: `op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.CheckConstraint('id > 0'))`,
    operations: [table('t', [id], [{ kind: 'check', expression: sql('id > 0') }])],
  },
  {
    name: 'names too long: fixed ones are cut',
    on: ['postgres', 'mysql'],
    python: `${basePython}
op.create_unique_constraint(op.f('${long}'), 't', ['a'])
op.create_index(op.f('ix_${long}'), 't', ['b'])`,
    operations: [
      ...base,
      add({ kind: 'unique', columns: ['a'], name: { fixed: long } }),
      index({ fixed: `ix_${long}` }, ['b']),
    ],
  },
  {
    name: 'names too long: plain ones are refused',
    on: ['postgres', 'mysql'],
    python: `${basePython}op.create_index('ix_${long}', 't', ['b'])`,
    operations: [...base, index(`ix_${long}`, ['b'])],
  },
  {
    name: 'names too long: by the default convention',
    on: ['postgres', 'mysql'],
    python: `op.create_table('t${'y'.repeat(40)}', sa.Column('id', sa.Integer, primary_key=True), sa.Column('c${'z'.repeat(40)}', sa.Integer, index=True))`,
    operations: [table(`t${'y'.repeat(40)}`, [id, col(`c${'z'.repeat(40)}`, int, { index: true })])],
  },
]

export const naming: Group = { name: 'naming', cases: named }

export const indexes: Group = {
  name: 'indexes',
  cases: [
    {
      name: 'plain and unique indexes',
      python: `${basePython}
op.create_index('ix_a', 't', ['a'])
op.create_index('ix_bc', 't', ['b', 'c'], unique=True)
op.create_index('ix_gone', 't', ['c'])
op.drop_index('ix_gone', 't')
op.create_index(op.f('ix_t_b'), 't', ['b'])
op.create_index('ix_desc', 't', [sa.text('b DESC'), 'c'])
op.drop_index(op.f('ix_t_b'), table_name='t')`,
      operations: [
        ...base,
        index('ix_a', ['a']),
        index('ix_bc', ['b', 'c'], { unique: true }),
        index('ix_gone', ['c']),
        { kind: 'dropIndex', name: 'ix_gone', table: t },
        index({ fixed: 'ix_t_b' }, ['b']),
        index('ix_desc', [sql('b DESC') as { kind: 'sql'; text: string }, 'c']),
        { kind: 'dropIndex', name: { fixed: 'ix_t_b' }, table: t },
      ],
    },
    {
      name: 'indexes of expressions',
      on: ['postgres', 'sqlite'],
      python: `${basePython}
op.create_index('ix_lower', 't', [sa.text('lower(a)')])
op.create_index('ix_func', 't', [sa.func.lower(sa.column('a')), 'b'], unique=True)
op.create_index('ix_sum', 't', [sa.text('(b + c)')])`,
      operations: [
        ...base,
        index('ix_lower', [sql('lower(a)') as { kind: 'sql'; text: string }]),
        {
          kind: 'createIndex',
          table: t,
          index: {
            name: 'ix_func',
            unique: true,
            columns: [{ kind: 'function', name: 'lower', args: [{ kind: 'column', name: 'a' }] }, 'b'],
          },
        },
        index('ix_sum', [sql('(b + c)') as { kind: 'sql'; text: string }]),
      ],
    },
    {
      name: 'partial indexes',
      on: ['postgres', 'sqlite'],
      python: `${basePython}
op.create_index('ix_part', 't', ['a'], unique=True, postgresql_where=sa.text('b IS NULL'), sqlite_where=sa.text('b IS NULL'))`,
      operations: [
        ...base,
        index('ix_part', ['a'], {
          unique: true,
          ...withOptions({ postgresql_where: sql('b IS NULL'), sqlite_where: sql('b IS NULL') }),
        }),
      ],
    },
    {
      name: 'indexes of PostgreSQL',
      on: ['postgres'],
      python: `${basePython}
op.create_index('ix_inc', 't', ['a'], postgresql_include=['b', 'c'])
op.create_index('ix_nulls', 't', [sa.text('b DESC NULLS LAST')])
op.create_index('ix_ops', 't', ['a', 'b'], postgresql_ops={'a': 'varchar_pattern_ops'})
op.create_index('ix_with', 't', ['b'], postgresql_using='hash')
op.create_index('ix_fill', 't', ['b'], postgresql_with={'fillfactor': 50})
op.create_index('ix_brin', 't', ['b'], postgresql_using='BRIN', postgresql_with={'pages_per_range': 4})`,
      operations: [
        ...base,
        index('ix_inc', ['a'], withOptions({ postgresql_include: ['b', 'c'] })),
        index('ix_nulls', [sql('b DESC NULLS LAST') as { kind: 'sql'; text: string }]),
        index('ix_ops', ['a', 'b'], withOptions({ postgresql_ops: { a: 'varchar_pattern_ops' } })),
        index('ix_with', ['b'], withOptions({ postgresql_using: 'hash' })),
        index('ix_fill', ['b'], withOptions({ postgresql_with: { fillfactor: 50 } })),
        index('ix_brin', ['b'], withOptions({ postgresql_using: 'BRIN', postgresql_with: { pages_per_range: 4 } })),
      ],
    },
    {
      name: 'concurrently',
      on: ['postgres'],
      python: `${basePython}
with context.autocommit_block():
    op.create_index('ix_c', 't', ['c'], postgresql_concurrently=True)
    op.create_index('ix_d', 't', ['c'], postgresql_concurrently=True)
    op.drop_index('ix_d', table_name='t', postgresql_concurrently=True)`,
      operations: [
        ...base,
        index('ix_c', ['c'], withOptions({ postgresql_concurrently: true })),
        index('ix_d', ['c'], withOptions({ postgresql_concurrently: true })),
        { kind: 'dropIndex', name: 'ix_d', table: t, options: { postgresql_concurrently: true } },
      ],
    },
    {
      name: 'indexes of MySQL',
      on: ['mysql'],
      python: `op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.Text), sa.Column('b', sa.String(50)), sa.Column('c', sa.Integer))
op.create_index('ix_len', 't', ['a', 'b'], mysql_length={'a': 10})
op.create_index('ix_all', 't', ['a', 'b'], mysql_length=7)
op.create_index('ix_full', 't', ['a'], mysql_prefix='FULLTEXT')
op.create_index('ix_hash', 't', ['c'], mysql_using='btree')
op.create_unique_constraint('uq', 't', ['c'])
op.drop_index('uq', 't')`,
      operations: [
        table('t', [id, col('a', { kind: 'Text' }), col('b', str(50)), col('c', int)]),
        index('ix_len', ['a', 'b'], withOptions({ mysql_length: { a: 10 } })),
        index('ix_all', ['a', 'b'], withOptions({ mysql_length: 7 })),
        index('ix_full', ['a'], withOptions({ mysql_prefix: 'FULLTEXT' })),
        index('ix_hash', ['c'], withOptions({ mysql_using: 'btree' })),
        add({ kind: 'unique', name: 'uq', columns: ['c'] }),
        { kind: 'dropIndex', name: 'uq', table: t },
      ],
    },
    {
      name: 'columns dropped out of indexes',
      on: ['postgres', 'mysql'],
      python: `${basePython}
op.create_index('ix_bc', 't', ['b', 'c'])
op.create_unique_constraint('uq_ab', 't', ['a', 'b'])
op.create_index('ix_b', 't', ['b'])
op.drop_column('t', 'b')`,
      operations: [
        ...base,
        index('ix_bc', ['b', 'c']),
        add({ kind: 'unique', name: 'uq_ab', columns: ['a', 'b'] }),
        index('ix_b', ['b']),
        { kind: 'dropColumn', table: t, column: 'b' },
      ],
    },
    {
      name: 'drop an index without its table',
      on: ['postgres', 'sqlite'],
      python: `${basePython}
op.create_index('ix_a', 't', ['a'])
op.drop_index('ix_a')`,
      operations: [...base, index('ix_a', ['a']), { kind: 'dropIndex', name: 'ix_a' }],
    },
  ],
}
