import { call, sql } from '../../../lib/schema/expression.ts'
import type { AlterColumn, ColumnChanges, Operation } from '../../../lib/schema/operation.ts'
import { type } from '../../../lib/schema/type-spec.ts'
import type { Case, Group } from '../case.ts'
import { col, from, id, int, start, startPython, str, t, table } from './short.ts'

function alter(column: string, changes: ColumnChanges, rest: Partial<AlterColumn> = {}): Operation {
  return { kind: 'alterColumn', table: t, column, changes, ...rest }
}

function add(column: Parameters<typeof col>): Operation {
  return { kind: 'addColumn', table: t, column: col(...column) }
}

const s20 = { type: str(20) }
const wide = table('t', [
  id,
  col('a', str(20), { nullable: false, serverDefault: 'x' }),
  col('b', int, { comment: 'said' }),
  col('d', type('DateTime'), { serverDefault: call('now') }),
])
const widePython = `op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.String(20), nullable=False, server_default='x'),
    sa.Column('b', sa.Integer, comment='said'), sa.Column('d', sa.DateTime, server_default=sa.func.now()))
`

const both = ['postgres', 'mysql'] as const
const beyond = ['sqlite'] as const

const adds: Case = {
  name: 'add columns',
  beyond: ['mariadb'],
  python: `${startPython}
op.add_column('t', sa.Column('b', sa.Integer))
op.add_column('t', sa.Column('c', sa.String(5), nullable=False, server_default='x'))
op.add_column('t', sa.Column('d', sa.Boolean, server_default=sa.text('1') if op.get_bind().dialect.name != 'postgresql' else sa.text('true')))
op.add_column('t', sa.Column('e', sa.Integer, index=True))
op.add_column('t', sa.Column('f', sa.Integer, sa.CheckConstraint('f > 1', name='ck_f')))
op.add_column('t', sa.Column('g', sa.Numeric(5, 2), server_default='0'))
op.drop_column('t', 'b')`,
  operations: [
    start,
    add(['b', int]),
    add(['c', str(5), { nullable: false, serverDefault: 'x' }]),
    add(['d', type('Boolean'), { serverDefault: { kind: 'constant', value: true } }]),
    add(['e', int, { index: true }]),
    add(['f', int, { checks: [{ expression: sql('f > 1'), name: 'ck_f' }] }]),
    add(['g', type('Numeric', { precision: 5, scale: 2 }), { serverDefault: '0' }]),
    { kind: 'dropColumn', table: t, column: 'b' },
  ],
}

export const alterations: Group = {
  name: 'alter',
  cases: [
    adds,
    {
      name: 'add columns with keys',
      beyond,
      python: `${startPython}
op.create_table('p', sa.Column('id', sa.Integer, primary_key=True))
op.add_column('t', sa.Column('p1', sa.Integer, sa.ForeignKey('p.id')))
op.add_column('t', sa.Column('p2', sa.Integer, sa.ForeignKey('p.id', name='fk_p2', ondelete='SET NULL')))
op.add_column('t', sa.Column('u', sa.Integer, unique=True))
op.add_column('t', sa.Column('ui', sa.Integer, unique=True, index=True))`,
      operations: [
        start,
        table('p', [id]),
        add(['p1', int, { foreignKeys: [{ target: { name: 'p' }, targetColumn: 'id' }] }]),
        add([
          'p2',
          int,
          { foreignKeys: [{ target: { name: 'p' }, targetColumn: 'id', name: 'fk_p2', onDelete: 'SET NULL' }] },
        ]),
        add(['u', int, { unique: true }]),
        add(['ui', int, { unique: true, index: true }]),
      ],
    },
    {
      name: 'add a key column',
      on: both,
      python: `op.create_table('t', sa.Column('a', sa.Integer))
op.add_column('t', sa.Column('id', sa.Integer, primary_key=True, autoincrement=False))`,
      operations: [table('t', [col('a', int)]), add(['id', int, { primaryKey: true, autoincrement: false }])],
    },
    {
      name: 'add a counting key column',
      on: ['postgres'],
      python: `op.create_table('t', sa.Column('a', sa.Integer))
op.add_column('t', sa.Column('id', sa.Integer, primary_key=True))
op.add_column('t', sa.Column('n', sa.Integer, sa.Identity()))`,
      operations: [
        table('t', [col('a', int)]),
        add(['id', int, { primaryKey: true }]),
        add(['n', int, { identity: {} }]),
      ],
    },
    {
      name: 'add a Boolean with its check',
      python: `${startPython}
op.add_column('t', sa.Column('b', sa.Boolean(create_constraint=True, name='ck_b')))`,
      operations: [start, add(['b', type('Boolean', { createConstraint: true, name: 'ck_b' })])],
    },
    {
      name: 'nullability',
      beyond,
      python: `${startPython}
op.alter_column('t', 'a', nullable=False, existing_type=sa.String(20))
op.add_column('t', sa.Column('b', sa.String(20), nullable=False, server_default=''))
op.alter_column('t', 'b', nullable=True, existing_type=sa.String(20))`,
      operations: [
        start,
        alter('a', { nullable: false }, { existing: s20 }),
        add(['b', str(20), { nullable: false, serverDefault: '' }]),
        alter('b', { nullable: true }, { existing: s20 }),
      ],
    },
    {
      name: 'what MySQL forgets',
      beyond,
      python: `${widePython}
op.alter_column('t', 'a', type_=sa.String(40), existing_type=sa.String(20))
op.alter_column('t', 'b', nullable=False, existing_type=sa.Integer())
op.alter_column('t', 'd', nullable=False, existing_type=sa.DateTime())`,
      operations: [
        wide,
        alter('a', { type: str(40) }, { existing: s20 }),
        alter('b', { nullable: false }, { existing: { type: int } }),
        alter('d', { nullable: false }, { existing: { type: type('DateTime') } }),
      ],
    },
    {
      name: 'what MySQL is told to keep',
      beyond,
      python: `${widePython}
op.alter_column('t', 'a', type_=sa.String(40), existing_type=sa.String(20), existing_nullable=False, existing_server_default='x')
op.alter_column('t', 'b', nullable=False, existing_type=sa.Integer(), existing_comment='said')
op.alter_column('t', 'd', nullable=False, existing_type=sa.DateTime(), existing_server_default=sa.func.now())`,
      operations: [
        wide,
        alter('a', { type: str(40) }, { existing: { ...s20, nullable: false, serverDefault: 'x' } }),
        alter('b', { nullable: false }, { existing: { type: int, comment: 'said' } }),
        alter('d', { nullable: false }, { existing: { type: type('DateTime'), serverDefault: call('now') } }),
      ],
    },
    {
      name: 'defaults alone',
      beyond,
      python: `${widePython}
op.alter_column('t', 'a', server_default='y')
op.alter_column('t', 'b', server_default=sa.text('5'), existing_type=sa.Integer())
op.alter_column('t', 'a', server_default=None)
op.alter_column('t', 'd', server_default=None, existing_type=sa.DateTime())`,
      operations: [
        wide,
        alter('a', { serverDefault: 'y' }),
        alter('b', { serverDefault: sql('5') }, { existing: { type: int } }),
        alter('a', { serverDefault: null }),
        alter('d', { serverDefault: null }, { existing: { type: type('DateTime') } }),
      ],
    },
    {
      name: 'default of a DateTime',
      on: both,
      python: `${widePython}
op.add_column('t', sa.Column('e', sa.DateTime))
op.alter_column('t', 'e', server_default=sa.func.now(), existing_type=sa.DateTime())
op.alter_column('t', 'e', type_=sa.DateTime(timezone=True), existing_type=sa.DateTime(), existing_nullable=True)`,
      operations: [
        wide,
        add(['e', type('DateTime')]),
        alter('e', { serverDefault: call('now') }, { existing: { type: type('DateTime') } }),
        alter(
          'e',
          { type: type('DateTime', { timezone: true }) },
          { existing: { type: type('DateTime'), nullable: true } },
        ),
      ],
    },
    {
      name: 'types and using',
      on: ['postgres'],
      python: `${widePython}
op.alter_column('t', 'a', server_default=None)
op.alter_column('t', 'a', type_=sa.Integer(), postgresql_using='a::integer')
op.alter_column('t', 'b', type_=sa.BigInteger(), nullable=False, server_default='7', comment='now', new_column_name='bb')
op.alter_column('t', 'bb', comment=None)`,
      operations: [
        wide,
        alter('a', { serverDefault: null }),
        alter('a', { type: int }, { using: 'a::integer' }),
        alter('b', { type: type('BigInteger'), nullable: false, serverDefault: '7', comment: 'now', name: 'bb' }),
        alter('bb', { comment: null }),
      ],
    },
    {
      name: 'identity by ALTER',
      on: ['postgres'],
      python: `op.create_table('t', sa.Column('id', sa.Integer, sa.Identity(), primary_key=True), sa.Column('n', sa.Integer, nullable=False), sa.Column('m', sa.Integer, sa.Identity(start=3)))
op.alter_column('t', 'n', server_default=sa.Identity(always=True, start=4), existing_server_default=None)
op.alter_column('t', 'id', server_default=None, existing_server_default=sa.Identity())
op.alter_column('t', 'm', server_default=sa.Identity(always=True, start=5, increment=2), existing_server_default=sa.Identity(start=3))`,
      operations: [
        table('t', [
          col('id', int, { primaryKey: true, identity: {} }),
          col('n', int, { nullable: false }),
          col('m', int, { identity: { start: 3 } }),
        ]),
        alter('n', { serverDefault: { identity: { always: true, start: 4 } } }),
        alter('id', { serverDefault: null }, { existing: { serverDefault: { identity: {} } } }),
        alter(
          'm',
          { serverDefault: { identity: { always: true, start: 5, increment: 2 } } },
          { existing: { serverDefault: { identity: { start: 3 } } } },
        ),
      ],
    },
    {
      name: 'rename a column',
      python: `${startPython}
op.create_index('ix', 't', ['a'])
op.alter_column('t', 'a', new_column_name='b', existing_type=sa.String(20))`,
      operations: [
        start,
        { kind: 'createIndex', table: t, index: { name: 'ix', columns: ['a'] } },
        alter('a', { name: 'b' }, { existing: s20 }),
      ],
    },
    {
      name: 'autoincrement by ALTER',
      on: ['mysql'],
      python: `op.create_table('t', sa.Column('id', sa.Integer, primary_key=True, autoincrement=False), sa.Column('a', sa.Integer))
op.alter_column('t', 'id', existing_type=sa.Integer(), autoincrement=True, existing_nullable=False)
op.alter_column('t', 'id', existing_type=sa.Integer(), type_=sa.BigInteger(), existing_autoincrement=True, nullable=False)`,
      operations: [
        table('t', [col('id', int, { primaryKey: true, autoincrement: false }), col('a', int)]),
        alter('id', { autoincrement: true }, { existing: { type: int, nullable: false } }),
        alter('id', { type: type('BigInteger'), nullable: false }, { existing: { type: int, autoincrement: true } }),
      ],
    },
    {
      name: 'columns of MySQL in full',
      on: ['mysql'],
      python: `${widePython}
op.alter_column('t', 'a', new_column_name='aa', existing_type=mysql.VARCHAR(20), existing_nullable=False, comment='c')
op.alter_column('t', 'b', existing_type=mysql.INTEGER(display_width=11), type_=sa.Boolean(), existing_nullable=True)
op.alter_column('t', 'd', existing_type=mysql.DATETIME(), type_=mysql.TIMESTAMP(), server_default=sa.text('CURRENT_TIMESTAMP'), nullable=False)
op.alter_column('t', 'b', existing_type=sa.Boolean(), comment='x')`,
      operations: [
        wide,
        alter(
          'a',
          { name: 'aa', comment: 'c' },
          { existing: { type: from('mysql', 'VARCHAR', { length: 20 }), nullable: false } },
        ),
        alter(
          'b',
          { type: type('Boolean') },
          { existing: { type: from('mysql', 'INTEGER', { displayWidth: 11 }), nullable: true } },
        ),
        alter(
          'd',
          { type: from('mysql', 'TIMESTAMP'), serverDefault: sql('CURRENT_TIMESTAMP'), nullable: false },
          { existing: { type: from('mysql', 'DATETIME') } },
        ),
        alter('b', { comment: 'x' }, { existing: { type: type('Boolean') } }),
      ],
    },
    {
      name: 'no type known',
      on: ['mysql'],
      beyond: ['mysql'],
      python: `${startPython}op.alter_column('t', 'a', nullable=False)`,
      operations: [start, alter('a', { nullable: false })],
    },
    {
      name: 'checks of types by ALTER',
      on: both,
      python: `op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.Enum('x', 'y', name='ck', native_enum=False, create_constraint=True)))
op.alter_column('t', 'a', type_=sa.Enum('x', 'y', 'zz', name='ck2', native_enum=False, create_constraint=True), existing_type=sa.Enum('x', 'y', name='ck', native_enum=False, create_constraint=True))`,
      operations: [
        table('t', [
          id,
          col('a', type('Enum', { values: ['x', 'y'], name: 'ck', nativeEnum: false, createConstraint: true })),
        ]),
        alter(
          'a',
          { type: type('Enum', { values: ['x', 'y', 'zz'], name: 'ck2', nativeEnum: false, createConstraint: true }) },
          {
            existing: {
              type: type('Enum', { values: ['x', 'y'], name: 'ck', nativeEnum: false, createConstraint: true }),
            },
          },
        ),
      ],
    },
  ],
}
