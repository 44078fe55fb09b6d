import { call, sql } from '../../../lib/schema/expression.ts'
import { type } from '../../../lib/schema/type-spec.ts'
import type { Case, Group } from '../case.ts'
import { col, from, id, int, str, table, text } from './short.ts'

const now = call('now')
const everyDefault: Case = {
  name: 'server defaults of all kinds',
  python: `
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True),
    sa.Column('a', sa.String(20), server_default='it''s'),
    sa.Column('b', sa.Integer, server_default='0'),
    sa.Column('c', sa.Integer, server_default=sa.text('42')),
    sa.Column('d', sa.DateTime, server_default=sa.func.now()),
    sa.Column('e', sa.DateTime, server_default=sa.text('CURRENT_TIMESTAMP')),
    sa.Column('f', sa.Boolean, server_default=sa.true(), nullable=False),
    sa.Column('g', sa.Boolean, server_default=sa.false()),
    sa.Column('h', sa.Boolean, server_default=sa.text('false')),
    sa.Column('i', sa.Numeric(5, 2), server_default=sa.text('1.50')),
    sa.Column('j', sa.String(20), server_default=''),
    sa.Column('k', sa.String(20), server_default=sa.text("'x'")),
    sa.Column('l', sa.DateTime, server_default=sa.func.current_timestamp()),
    sa.Column('m', sa.String(30), server_default='a\\\\b'),
    sa.Column('n', sa.Integer, server_default=sa.text('(1 + 2)')),
)`.replace("'it''s'", '"it\'s"'),
  operations: [
    table('t', [
      id,
      col('a', str(20), { serverDefault: "it's" }),
      col('b', int, { serverDefault: '0' }),
      col('c', int, { serverDefault: sql('42') }),
      col('d', type('DateTime'), { serverDefault: now }),
      col('e', type('DateTime'), { serverDefault: sql('CURRENT_TIMESTAMP') }),
      col('f', type('Boolean'), { serverDefault: { kind: 'constant', value: true }, nullable: false }),
      col('g', type('Boolean'), { serverDefault: { kind: 'constant', value: false } }),
      col('h', type('Boolean'), { serverDefault: sql('false') }),
      col('i', type('Numeric', { precision: 5, scale: 2 }), { serverDefault: sql('1.50') }),
      col('j', str(20), { serverDefault: '' }),
      col('k', str(20), { serverDefault: sql("'x'") }),
      col('l', type('DateTime'), { serverDefault: call('current_timestamp') }),
      col('m', str(30), { serverDefault: 'a\\b' }),
      col('n', int, { serverDefault: sql('(1 + 2)') }),
    ]),
  ],
}

const keys: readonly Case[] = [
  {
    name: 'which key counts by itself',
    python: `
op.create_table('a', sa.Column('id', sa.BigInteger, primary_key=True))
op.create_table('b', sa.Column('id', sa.SmallInteger, primary_key=True))
op.create_table('c', sa.Column('id', sa.Integer, primary_key=True, autoincrement=False))
op.create_table('d', sa.Column('id', sa.Integer, primary_key=True, server_default='1'))
op.create_table('e', sa.Column('id', sa.Integer, primary_key=True, default=5))
op.create_table('f', sa.Column('id', sa.Integer, sa.ForeignKey('a.id') if False else sa.ForeignKey('c.id'), primary_key=True))
op.create_table('g', sa.Column('x', sa.Integer, primary_key=True), sa.Column('y', sa.Integer, primary_key=True))
op.create_table('h', sa.Column('x', sa.String(5)), sa.Column('id', sa.Integer, nullable=False), sa.PrimaryKeyConstraint('id'))
op.create_table('i', sa.Column('id', sa.Integer, nullable=False), sa.PrimaryKeyConstraint('id', name='pk_i'))
op.create_table('j', sa.Column('id', sa.Integer), sa.Column('p', sa.Integer), sa.PrimaryKeyConstraint('id'), sa.ForeignKeyConstraint(['id'], ['c.id']))
op.create_table('k', sa.Column('id', sa.String(10), primary_key=True), sa.Column('p', sa.Integer))
op.create_table('l', sa.Column('id', sa.Integer, primary_key=True, nullable=True))
op.create_table('m', sa.Column('p', sa.Integer))
op.create_table('n', sa.Column('id', sa.Integer, sa.ForeignKey('c.id'), primary_key=True, autoincrement='ignore_fk'))
op.create_table('o', sa.Column('id', sa.Numeric(10), primary_key=True, autoincrement=False))
`,
    operations: [
      table('a', [col('id', type('BigInteger'), { primaryKey: true })]),
      table('b', [col('id', type('SmallInteger'), { primaryKey: true })]),
      table('c', [col('id', int, { primaryKey: true, autoincrement: false })]),
      table('d', [col('id', int, { primaryKey: true, serverDefault: '1' })]),
      table('e', [col('id', int, { primaryKey: true, clientDefault: 'value' })]),
      table('f', [col('id', int, { primaryKey: true, foreignKeys: [{ target: { name: 'c' }, targetColumn: 'id' }] })]),
      table('g', [col('x', int, { primaryKey: true }), col('y', int, { primaryKey: true })]),
      table('h', [col('x', str(5)), col('id', int, { nullable: false })], [{ kind: 'primaryKey', columns: ['id'] }]),
      table('i', [col('id', int, { nullable: false })], [{ kind: 'primaryKey', columns: ['id'], name: 'pk_i' }]),
      table(
        'j',
        [col('id', int), col('p', int)],
        [
          { kind: 'primaryKey', columns: ['id'] },
          { kind: 'foreignKey', columns: ['id'], target: { name: 'c' }, targetColumns: ['id'] },
        ],
      ),
      table('k', [col('id', str(10), { primaryKey: true }), col('p', int)]),
      table('l', [col('id', int, { primaryKey: true, nullable: true })]),
      table('m', [col('p', int)]),
      table('n', [
        col('id', int, {
          primaryKey: true,
          autoincrement: 'ignore_fk',
          foreignKeys: [{ target: { name: 'c' }, targetColumn: 'id' }],
        }),
      ]),
      table('o', [col('id', type('Numeric', { precision: 10 }), { primaryKey: true, autoincrement: false })]),
    ],
  },
  {
    name: 'a composite key that counts in its second column',
    on: ['postgres', 'mysql'],
    python: `op.create_table('t', sa.Column('x', sa.Integer, primary_key=True), sa.Column('y', sa.Integer, primary_key=True, autoincrement=True))`,
    operations: [
      table('t', [col('x', int, { primaryKey: true }), col('y', int, { primaryKey: true, autoincrement: true })]),
    ],
  },
  {
    name: 'sequences of a column',
    on: ['postgres', 'mysql'],
    python: `
op.create_table('t', sa.Column('id', sa.Integer, sa.Sequence('t_seq'), primary_key=True))
op.create_table('u', sa.Column('id', sa.Integer, sa.Sequence('u_seq', optional=True), primary_key=True))`,
    operations: [
      table('t', [col('id', int, { primaryKey: true, clientDefault: 'sequence' })]),
      table('u', [col('id', int, { primaryKey: true, clientDefault: 'optionalSequence' })]),
    ],
  },
]

const constraints: readonly Case[] = [
  {
    name: 'constraints of a table, named and nameless',
    beyond: ['mariadb'],
    python: `
op.create_table('p', sa.Column('id', sa.Integer, primary_key=True), sa.Column('k', sa.Integer), sa.UniqueConstraint('id', 'k'))
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True),
    sa.Column('a', sa.String(20), unique=True),
    sa.Column('b', sa.Integer, sa.ForeignKey('p.id')),
    sa.Column('c', sa.Integer, sa.ForeignKey('p.id', name='fk_c', ondelete='CASCADE', onupdate='SET NULL')),
    sa.Column('d', sa.Integer, index=True),
    sa.Column('e', sa.Integer, index=True, unique=True),
    sa.Column('f', sa.Integer, sa.CheckConstraint('f > 0')),
    sa.Column('g', sa.Integer, sa.CheckConstraint('g > 0', name='ck_g')),
    sa.UniqueConstraint('c', 'd', name='uq_cd'),
    sa.UniqueConstraint('f'),
    sa.CheckConstraint('f < g'),
    sa.CheckConstraint('f < 100', name='ck_f'),
    sa.ForeignKeyConstraint(['b', 'd'], ['p.id', 'p.k']),
)`,
    operations: [
      table('p', [id, col('k', int)], [{ kind: 'unique', columns: ['id', 'k'] }]),
      table(
        't',
        [
          id,
          col('a', str(20), { unique: true }),
          col('b', int, { foreignKeys: [{ target: { name: 'p' }, targetColumn: 'id' }] }),
          col('c', int, {
            foreignKeys: [
              { target: { name: 'p' }, targetColumn: 'id', name: 'fk_c', onDelete: 'CASCADE', onUpdate: 'SET NULL' },
            ],
          }),
          col('d', int, { index: true }),
          col('e', int, { index: true, unique: true }),
          col('f', int, { checks: [{ expression: sql('f > 0') }] }),
          col('g', int, { checks: [{ expression: sql('g > 0'), name: 'ck_g' }] }),
        ],
        [
          { kind: 'unique', columns: ['c', 'd'], name: 'uq_cd' },
          { kind: 'unique', columns: ['f'] },
          { kind: 'check', expression: sql('f < g') },
          { kind: 'check', expression: sql('f < 100'), name: 'ck_f' },
          { kind: 'foreignKey', columns: ['b', 'd'], target: { name: 'p' }, targetColumns: ['id', 'k'] },
        ],
      ),
    ],
  },
  {
    name: 'deferrable keys',
    on: ['postgres', 'sqlite'],
    python: `
op.create_table('p', sa.Column('id', sa.Integer, primary_key=True))
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True),
    sa.Column('b', sa.Integer, sa.ForeignKey('p.id', deferrable=True, initially='DEFERRED')),
    sa.Column('c', sa.Integer, sa.ForeignKey('p.id', use_alter=True, name='later')))`,
    operations: [
      table('p', [id]),
      table('t', [
        id,
        col('b', int, {
          foreignKeys: [{ target: { name: 'p' }, targetColumn: 'id', deferrable: true, initially: 'DEFERRED' }],
        }),
        col('c', int, { foreignKeys: [{ target: { name: 'p' }, targetColumn: 'id', useAlter: true, name: 'later' }] }),
      ]),
    ],
  },
  {
    name: 'MATCH FULL',
    python: `
op.create_table('p', sa.Column('id', sa.Integer, primary_key=True))
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('b', sa.Integer),
    sa.ForeignKeyConstraint(['b'], ['p.id'], match='FULL', ondelete='CASCADE'))`,
    operations: [
      table('p', [id]),
      table(
        't',
        [id, col('b', int)],
        [
          {
            kind: 'foreignKey',
            columns: ['b'],
            target: { name: 'p' },
            targetColumns: ['id'],
            match: 'FULL',
            onDelete: 'CASCADE',
          },
        ],
      ),
    ],
  },
  {
    name: 'exclusion, deferrable unique',
    on: ['postgres'],
    python: `
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('during', postgresql.TSRANGE()), sa.Column('c', sa.Integer),
    postgresql.ExcludeConstraint((sa.column('during'), '&&'), name='no_overlap', where=sa.text('c > 0')),
    sa.UniqueConstraint('c', deferrable=True, initially='IMMEDIATE'))
op.create_exclude_constraint('again', 't', ('during', '&&'), using='gist', where='c > 5')`,
    operations: [
      table(
        't',
        [id, col('during', from('postgres', 'TSRANGE')), col('c', int)],
        [
          {
            kind: 'exclude',
            name: 'no_overlap',
            elements: [{ expression: { kind: 'column', name: 'during' }, operator: '&&' }],
            where: sql('c > 0'),
          },
          { kind: 'unique', columns: ['c'], deferrable: true, initially: 'IMMEDIATE' },
        ],
      ),
      {
        kind: 'addConstraint',
        table: { name: 't' },
        constraint: {
          kind: 'exclude',
          name: 'again',
          using: 'gist',
          elements: [{ expression: sql('during'), operator: '&&' }],
          where: sql('c > 5'),
        },
      },
    ],
  },
]

const more: readonly Case[] = [
  {
    name: 'checks of Boolean and Enum where asked for',
    python: `
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True),
    sa.Column('a', sa.Boolean(create_constraint=True)),
    sa.Column('b', sa.Boolean(create_constraint=True, name='ck_b')),
    sa.Column('c', sa.Enum('x', 'yy', native_enum=False, create_constraint=True)),
    sa.Column('d', sa.Enum('x', 'yy', name='ck_d', create_constraint=True)))`,
    operations: [
      table('t', [
        id,
        col('a', type('Boolean', { createConstraint: true })),
        col('b', type('Boolean', { createConstraint: true, name: 'ck_b' })),
        col('c', type('Enum', { values: ['x', 'yy'], nativeEnum: false, createConstraint: true })),
        col('d', type('Enum', { values: ['x', 'yy'], name: 'ck_d', createConstraint: true })),
      ]),
    ],
  },
  {
    name: 'enum types are made once, and left behind',
    python: `
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.Enum('x', 'y', name='xy')), sa.Column('b', sa.Enum('x', 'y', name='xy')))
op.create_table('u', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.Enum('x', 'y', name='xy')))
op.drop_table('t')`,
    operations: [
      table('t', [
        id,
        col('a', type('Enum', { values: ['x', 'y'], name: 'xy' })),
        col('b', type('Enum', { values: ['x', 'y'], name: 'xy' })),
      ]),
      table('u', [id, col('a', type('Enum', { values: ['x', 'y'], name: 'xy' }))]),
      { kind: 'dropTable', table: { name: 't' } },
    ],
  },
  {
    name: 'enum types made by hand',
    on: ['postgres'],
    python: `
kind = postgresql.ENUM('x', 'y', name='kind', create_type=False)
kind.create(op.get_bind(), checkfirst=True)
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', kind))
op.add_column('t', sa.Column('b', kind, server_default='x', nullable=False))
other = sa.Enum('m', name='other')
other.create(op.get_bind())
op.add_column('t', sa.Column('o', other))
op.drop_column('t', 'o')
other.drop(op.get_bind(), checkfirst=False)`,
    operations: [
      {
        kind: 'createEnum',
        type: from('postgres', 'ENUM', { values: ['x', 'y'], name: 'kind', createType: false }),
        checkFirst: true,
      },
      table('t', [id, col('a', from('postgres', 'ENUM', { values: ['x', 'y'], name: 'kind', createType: false }))]),
      {
        kind: 'addColumn',
        table: { name: 't' },
        column: col('b', from('postgres', 'ENUM', { values: ['x', 'y'], name: 'kind', createType: false }), {
          serverDefault: 'x',
          nullable: false,
        }),
      },
      { kind: 'createEnum', type: type('Enum', { values: ['m'], name: 'other' }) },
      { kind: 'addColumn', table: { name: 't' }, column: col('o', type('Enum', { values: ['m'], name: 'other' })) },
      { kind: 'dropColumn', table: { name: 't' }, column: 'o' },
      { kind: 'dropEnum', type: type('Enum', { values: ['m'], name: 'other' }) },
    ],
  },
  {
    name: 'add_column makes no enum type',
    on: ['postgres'],
    python: `
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True))
op.add_column('t', sa.Column('a', sa.Enum('x', 'y', name='xy')))`,
    operations: [
      table('t', [id]),
      { kind: 'addColumn', table: { name: 't' }, column: col('a', type('Enum', { values: ['x', 'y'], name: 'xy' })) },
    ],
  },
  {
    name: 'identity and computed columns',
    on: ['postgres'],
    python: `
op.create_table('t', sa.Column('id', sa.Integer, sa.Identity(), primary_key=True),
    sa.Column('n', sa.BigInteger, sa.Identity(always=True, start=10, increment=5, cycle=True)),
    sa.Column('w', sa.Integer), sa.Column('area', sa.Integer, sa.Computed('w * w')))`,
    operations: [
      table('t', [
        col('id', int, { primaryKey: true, identity: {} }),
        col('n', type('BigInteger'), { identity: { always: true, start: 10, increment: 5, cycle: true } }),
        col('w', int),
        col('area', int, { computed: { expression: sql('w * w') } }),
      ]),
    ],
  },
  {
    name: 'computed columns, identity ignored',
    on: ['mysql', 'sqlite'],
    python: `
op.create_table('t', sa.Column('id', sa.Integer, sa.Identity(), primary_key=True),
    sa.Column('w', sa.Integer), sa.Column('a', sa.Integer, sa.Computed('w * w')),
    sa.Column('b', sa.Integer, sa.Computed('w + 1', persisted=True)), sa.Column('c', sa.Integer, sa.Computed('w + 2', persisted=False)))`,
    operations: [
      table('t', [
        col('id', int, { primaryKey: true, identity: {} }),
        col('w', int),
        col('a', int, { computed: { expression: sql('w * w') } }),
        col('b', int, { computed: { expression: sql('w + 1'), persisted: true } }),
        col('c', int, { computed: { expression: sql('w + 2'), persisted: false } }),
      ]),
    ],
  },
  {
    name: 'comments',
    beyond: ['sqlite'],
    python: `
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.String(5), comment="it's"), comment='all of them')
op.add_column('t', sa.Column('b', sa.Integer, comment='later'))
op.create_table_comment('t', 'other')
op.create_table('u', sa.Column('id', sa.Integer, primary_key=True), comment='gone')
op.drop_table_comment('u', existing_comment='gone')`,
    operations: [
      table('t', [id, col('a', str(5), { comment: "it's" })], [], { comment: 'all of them' }),
      { kind: 'addColumn', table: { name: 't' }, column: col('b', int, { comment: 'later' }) },
      { kind: 'commentTable', table: { name: 't' }, comment: 'other' },
      table('u', [id], [], { comment: 'gone' }),
      { kind: 'commentTable', table: { name: 'u' }, comment: null },
    ],
  },
  {
    name: 'options of MySQL',
    on: ['mysql'],
    python: `
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.String(20)), mysql_engine='MyISAM', mysql_collate='utf8mb4_bin', mysql_default_charset='utf8mb4', mysql_row_format='DYNAMIC')
op.create_table('u', sa.Column('id', sa.Integer, primary_key=True), mysql_charset='latin1', comment="it's")
op.create_table('v', sa.Column('id', sa.Integer, primary_key=True), mysql_partition_by='HASH(id)', mysql_partitions='4', postgresql_tablespace='x')`,
    operations: [
      table('t', [id, col('a', str(20))], [], {
        options: {
          mysql_engine: 'MyISAM',
          mysql_collate: 'utf8mb4_bin',
          mysql_default_charset: 'utf8mb4',
          mysql_row_format: 'DYNAMIC',
        },
      }),
      table('u', [id], [], { options: { mysql_charset: 'latin1' }, comment: "it's" }),
      table('v', [id], [], {
        options: { mysql_partition_by: 'HASH(id)', mysql_partitions: '4', postgresql_tablespace: 'x' },
      }),
    ],
  },
  {
    name: 'options of PostgreSQL',
    on: ['postgres'],
    python: `
op.create_table('p', sa.Column('id', sa.Integer), sa.Column('d', sa.Date), postgresql_partition_by='RANGE (d)')
op.create_table('q', sa.Column('id', sa.Integer))
op.create_table('r', sa.Column('x', sa.Integer), postgresql_inherits='q')
op.create_table('s', sa.Column('x', sa.Integer), prefixes=['UNLOGGED'], postgresql_tablespace='pg_default')`,
    operations: [
      table('p', [col('id', int), col('d', type('Date'))], [], { options: { postgresql_partition_by: 'RANGE (d)' } }),
      table('q', [col('id', int)]),
      table('r', [col('x', int)], [], { options: { postgresql_inherits: 'q' } }),
      table('s', [col('x', int)], [], { prefixes: ['UNLOGGED'], options: { postgresql_tablespace: 'pg_default' } }),
    ],
  },
  {
    name: 'options of SQLite',
    on: ['sqlite'],
    python: `
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.String(5), nullable=False, sqlite_on_conflict_not_null='FAIL'), sqlite_autoincrement=True)
op.create_table('u', sa.Column('id', sa.String(5), primary_key=True), sqlite_with_rowid=False)
op.create_table('v', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.Integer), sa.UniqueConstraint('a', name='uq', sqlite_on_conflict='IGNORE'))`,
    operations: [
      table('t', [id, col('a', str(5), { nullable: false, options: { sqlite_on_conflict_not_null: 'FAIL' } })], [], {
        options: { sqlite_autoincrement: true },
      }),
      table('u', [col('id', str(5), { primaryKey: true })], [], { options: { sqlite_with_rowid: false } }),
      table(
        'v',
        [id, col('a', int)],
        [{ kind: 'unique', columns: ['a'], name: 'uq', options: { sqlite_on_conflict: 'IGNORE' } }],
      ),
    ],
  },
  {
    name: 'schemas',
    on: ['postgres'],
    python: `
op.execute('CREATE SCHEMA app')
op.create_table('p', sa.Column('id', sa.Integer, primary_key=True), sa.Column('e', sa.Enum('a', name='ae', schema='app')), schema='app')
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('p', sa.Integer, sa.ForeignKey('app.p.id'), index=True), schema='app')
op.rename_table('t', 'tt', schema='app')
op.add_column('tt', sa.Column('c', sa.Integer, comment='c'), schema='app')
op.drop_index('ix_app_t_p', table_name='tt', schema='app')`,
    operations: [
      { kind: 'createSchema', name: 'app' },
      table('p', [id, col('e', type('Enum', { values: ['a'], name: 'ae', schema: 'app' }))], [], { schema: 'app' }),
      table(
        't',
        [
          id,
          col('p', int, { index: true, foreignKeys: [{ target: { name: 'p', schema: 'app' }, targetColumn: 'id' }] }),
        ],
        [],
        {
          schema: 'app',
        },
      ),
      { kind: 'renameTable', table: { name: 't', schema: 'app' }, to: 'tt' },
      { kind: 'addColumn', table: { name: 'tt', schema: 'app' }, column: col('c', int, { comment: 'c' }) },
      { kind: 'dropIndex', name: 'ix_app_t_p', table: { name: 'tt', schema: 'app' } },
    ],
  },
  {
    name: 'names that have to be quoted',
    python: `
op.create_table('order', sa.Column('Id', sa.Integer, primary_key=True), sa.Column('group', sa.String(5)), sa.Column('a b', sa.String(5)), sa.Column('user', sa.Integer), sa.Column('rank', sa.Integer), sa.Column('offset', sa.Integer), sa.Column('value', sa.Integer), sa.UniqueConstraint('a b', name='Uq Odd'))
op.create_index('ix order', 'order', ['group', 'a b'])`,
    operations: [
      table(
        'order',
        [
          col('Id', int, { primaryKey: true }),
          col('group', str(5)),
          col('a b', str(5)),
          ...['user', 'rank', 'offset', 'value'].map((n) => col(n, int)),
        ],
        [{ kind: 'unique', columns: ['a b'], name: 'Uq Odd' }],
      ),
      { kind: 'createIndex', table: { name: 'order' }, index: { name: 'ix order', columns: ['group', 'a b'] } },
    ],
  },
  {
    name: 'rename and drop tables',
    python: `
op.create_table('a', sa.Column('id', sa.Integer, primary_key=True))
op.create_table('b', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.Integer, sa.ForeignKey('a.id')))
op.rename_table('a', 'c')
op.rename_table('b', 'e')
op.create_table('d', sa.Column('id', sa.Text))
op.drop_table('d')`,
    operations: [
      table('a', [id]),
      table('b', [id, col('a', int, { foreignKeys: [{ target: { name: 'a' }, targetColumn: 'id' }] })]),
      { kind: 'renameTable', table: { name: 'a' }, to: 'c' },
      { kind: 'renameTable', table: { name: 'b' }, to: 'e' },
      table('d', [col('id', text)]),
      { kind: 'dropTable', table: { name: 'd' } },
    ],
  },
]

export const tables: Group = { name: 'tables', cases: [everyDefault, ...keys, ...constraints, ...more] }
