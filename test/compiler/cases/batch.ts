import { call, sql } from '../../../lib/schema/expression.ts'
import type { Batch, BatchStep, Operation } from '../../../lib/schema/operation.ts'
import { type } from '../../../lib/schema/type-spec.ts'
import type { Case, Group } from '../case.ts'
import { col, id, int, str, t, table } from './short.ts'

type Step = BatchStep extends infer S ? (S extends BatchStep ? Omit<S, 'table'> : never) : never

function batch(steps: readonly Step[], rest: Partial<Batch> = {}): Operation {
  return { kind: 'batch', table: t, steps: steps.map((step) => ({ ...step, table: t }) as BatchStep), ...rest }
}

/** A table with some of everything, and rows in it. */
const full: readonly Operation[] = [
  table('p', [id]),
  table(
    't',
    [
      id,
      col('a', str(20), { nullable: false, serverDefault: 'x' }),
      col('b', int, { serverDefault: sql('5') }),
      col('c', int, { foreignKeys: [{ target: { name: 'p' }, targetColumn: 'id' }] }),
      col('d', type('DateTime'), { serverDefault: call('now') }),
      col('e', type('Enum', { values: ['x', 'yy'], name: 'ck_e', createConstraint: true })),
      col('f', type('Boolean', { createConstraint: true })),
      col('g', type('Numeric', { precision: 8, scale: 2 })),
    ],
    [
      { kind: 'unique', columns: ['a', 'b'] },
      { kind: 'unique', columns: ['b', 'g'], name: 'uq_bg' },
      { kind: 'check', expression: sql('b > 0') },
      { kind: 'check', expression: sql('b < 100'), name: 'ck_b' },
      {
        kind: 'foreignKey',
        columns: ['b'],
        target: { name: 'p' },
        targetColumns: ['id'],
        name: 'fk_b',
        onDelete: 'CASCADE',
      },
    ],
  ),
  { kind: 'createIndex', table: t, index: { name: 'ix_a', columns: ['a'] } },
  {
    kind: 'createIndex',
    table: t,
    index: { name: 'ix_part', columns: ['g'], unique: true, options: { sqlite_where: sql('g > 1') } },
  },
  { kind: 'bulkInsert', table: { name: 'p' }, columns: [{ name: 'id' }], rows: [{ id: 3 }, { id: 4 }] },
  {
    kind: 'bulkInsert',
    table: t,
    columns: [{ name: 'id' }, { name: 'a' }, { name: 'b' }, { name: 'e' }, { name: 'g' }],
    rows: [
      { id: 1, a: '10', b: 3, e: 'x', g: 1.5 },
      { id: 2, a: 'y', b: 4, e: 'yy', g: null },
    ],
  },
]
const fullPython = `
op.create_table('p', sa.Column('id', sa.Integer, primary_key=True))
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True),
    sa.Column('a', sa.String(20), nullable=False, server_default='x'),
    sa.Column('b', sa.Integer, server_default=sa.text('5')),
    sa.Column('c', sa.Integer, sa.ForeignKey('p.id')),
    sa.Column('d', sa.DateTime, server_default=sa.func.now()),
    sa.Column('e', sa.Enum('x', 'yy', name='ck_e', create_constraint=True)),
    sa.Column('f', sa.Boolean(create_constraint=True)),
    sa.Column('g', sa.Numeric(8, 2)),
    sa.UniqueConstraint('a', 'b'), sa.UniqueConstraint('b', 'g', name='uq_bg'),
    sa.CheckConstraint('b > 0'), sa.CheckConstraint('b < 100', name='ck_b'),
    sa.ForeignKeyConstraint(['b'], ['p.id'], name='fk_b', ondelete='CASCADE'))
op.create_index('ix_a', 't', ['a'])
op.create_index('ix_part', 't', ['g'], unique=True, sqlite_where=sa.text('g > 1'))
op.bulk_insert(sa.table('p', sa.column('id')), [{'id': 3}, {'id': 4}])
op.bulk_insert(sa.table('t', sa.column('id'), sa.column('a'), sa.column('b'), sa.column('e'), sa.column('g')),
    [{'id': 1, 'a': '10', 'b': 3, 'e': 'x', 'g': 1.5}, {'id': 2, 'a': 'y', 'b': 4, 'e': 'yy', 'g': None}])
`

function onFull(name: string, python: string, steps: readonly Step[], rest: Partial<Batch> & Partial<Case> = {}): Case {
  const { on, beyond = [], ...more } = { on: ['sqlite'] as const, ...rest }
  const args = pythonArguments(more)
  const body = python
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n')
  return {
    name,
    on,
    beyond,
    setup: full.length,
    python: `${fullPython}with op.batch_alter_table('t'${args}) as b:\n${body}`,
    operations: [...full, batch(steps, more)],
  }
}

function pythonArguments({ recreate, namingConvention, partialReordering }: Partial<Batch>): string {
  return [
    recreate ? `, recreate='${recreate}'` : '',
    namingConvention ? `, naming_convention=${JSON.stringify(namingConvention)}` : '',
    partialReordering ? `, partial_reordering=${JSON.stringify(partialReordering)}` : '',
  ].join('')
}

const add = (...column: Parameters<typeof col>): Step => ({ kind: 'addColumn', column: col(...column) })
const placed = (name: string, place: object): Step => ({ kind: 'addColumn', column: col(name, int), ...place })
const alter = (column: string, changes: object, existing?: object): Step =>
  ({ kind: 'alterColumn', column, changes, ...(existing && { existing }) }) as Step
const drop = (column: string): Step => ({ kind: 'dropColumn', column })
const lose = (name: string, kind?: 'unique' | 'check' | 'foreignKey' | 'primaryKey'): Step =>
  ({ kind: 'dropConstraint', name, ...(kind && { type: kind }) }) as Step

const convention = {
  uq: 'uq_%(table_name)s_%(column_0_name)s',
  fk: 'fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s',
  pk: 'pk_%(table_name)s',
}

export const batches: Group = {
  name: 'batch',
  cases: [
    onFull('recreate and no more', 'pass', [], { recreate: 'always' }),
    onFull(
      'add plain columns by ALTER',
      "b.add_column(sa.Column('n', sa.Integer))\nb.create_index('ix_n', ['n'])\nb.drop_index('ix_a')",
      [
        add('n', int),
        { kind: 'createIndex', index: { name: 'ix_n', columns: ['n'] } },
        { kind: 'dropIndex', name: 'ix_a' },
      ],
    ),
    onFull(
      'add a column with an expression as default',
      "b.add_column(sa.Column('n', sa.Boolean, nullable=False, server_default=sa.text('0')))\nb.add_column(sa.Column('m', sa.DateTime, server_default=sa.func.now()))",
      [
        add('n', type('Boolean'), { nullable: false, serverDefault: sql('0') }),
        add('m', type('DateTime'), { serverDefault: call('now') }),
      ],
    ),
    onFull(
      'change nullability, type, default',
      "b.alter_column('a', nullable=True, existing_type=sa.String(20))\nb.alter_column('c', type_=sa.String(30), existing_type=sa.Integer())\nb.alter_column('d', server_default=None)\nb.alter_column('g', server_default='7')",
      [
        alter('a', { nullable: true }, { type: str(20) }),
        alter('c', { type: str(30) }, { type: int }),
        alter('d', { serverDefault: null }),
        alter('g', { serverDefault: '7' }),
      ],
    ),
    onFull(
      'cast text to numbers',
      "b.alter_column('a', type_=sa.Integer(), server_default=None, existing_type=sa.String(20))\nb.alter_column('g', type_=sa.Float(), existing_type=sa.Numeric(8, 2))",
      [
        alter('a', { type: int, serverDefault: null }, { type: str(20) }),
        alter('g', { type: type('Float') }, { type: type('Numeric', { precision: 8, scale: 2 }) }),
      ],
    ),
    onFull(
      'rename columns',
      "b.alter_column('a', new_column_name='aa')\nb.alter_column('c', new_column_name='cc', nullable=True, existing_type=sa.Integer())\nb.alter_column('d', new_column_name='dd')",
      [
        alter('a', { name: 'aa' }),
        alter('c', { name: 'cc', nullable: true }, { type: int }),
        alter('d', { name: 'dd' }),
      ],
    ),
    onFull('drop columns', "b.drop_column('d')\nb.drop_column('f')", [drop('d'), drop('f')]),
    onFull('drop a column with constraints', "b.drop_index('ix_part')\nb.drop_column('g')\nb.drop_column('c')", [
      { kind: 'dropIndex', name: 'ix_part' },
      drop('g'),
      drop('c'),
    ]),
    onFull('drop a column that an index still needs', "b.drop_column('g')", [drop('g')], { beyond: ['sqlite'] }),
    onFull(
      'drop constraints',
      "b.drop_constraint('uq_bg', type_='unique')\nb.drop_constraint('ck_b', type_='check')\nb.drop_constraint('fk_b', type_='foreignkey')\nb.drop_constraint('ck_e', type_='check')",
      [lose('uq_bg', 'unique'), lose('ck_b', 'check'), lose('fk_b', 'foreignKey'), lose('ck_e', 'check')],
    ),
    onFull('drop a constraint that is not there', "b.drop_constraint('nope', type_='unique')", [
      lose('nope', 'unique'),
    ]),
    onFull(
      'add constraints',
      "b.create_unique_constraint('uq_n', ['a', 'g'])\nb.create_foreign_key('fk_g', 'p', ['g'], ['id'], ondelete='SET NULL')\nb.create_check_constraint('ck_g', 'g > 1')\nb.create_foreign_key('fk_self', 't', ['d'], ['id'])",
      [
        { kind: 'addConstraint', constraint: { kind: 'unique', name: 'uq_n', columns: ['a', 'g'] } },
        {
          kind: 'addConstraint',
          constraint: {
            kind: 'foreignKey',
            name: 'fk_g',
            columns: ['g'],
            target: { name: 'p' },
            targetColumns: ['id'],
            onDelete: 'SET NULL',
          },
        },
        { kind: 'addConstraint', constraint: { kind: 'check', name: 'ck_g', expression: sql('g > 1') } },
        {
          kind: 'addConstraint',
          constraint: { kind: 'foreignKey', name: 'fk_self', columns: ['d'], target: t, targetColumns: ['id'] },
        },
      ],
    ),
    onFull('a nameless constraint', "b.create_unique_constraint(None, ['a'])", [
      { kind: 'addConstraint', constraint: { kind: 'unique', columns: ['a'] } },
    ]),
    onFull(
      'add a column with a named key',
      "b.add_column(sa.Column('n', sa.Integer, sa.ForeignKey('p.id', name='fk_n')))",
      [add('n', int, { foreignKeys: [{ target: { name: 'p' }, targetColumn: 'id', name: 'fk_n' }] })],
    ),
    onFull('add a column with a nameless key', "b.add_column(sa.Column('n', sa.Integer, sa.ForeignKey('p.id')))", [
      add('n', int, { foreignKeys: [{ target: { name: 'p' }, targetColumn: 'id' }] }),
    ]),
    onFull(
      'add a column and its key',
      "b.add_column(sa.Column('n', sa.Integer))\nb.create_foreign_key('fk_n', 'p', ['n'], ['id'])\nb.create_index(b.f('ix_t_n'), ['n'], unique=False)",
      [
        add('n', int),
        {
          kind: 'addConstraint',
          constraint: {
            kind: 'foreignKey',
            name: 'fk_n',
            columns: ['n'],
            target: { name: 'p' },
            targetColumns: ['id'],
          },
        },
        { kind: 'createIndex', index: { name: { fixed: 'ix_t_n' }, columns: ['n'], unique: false } },
      ],
    ),
    onFull(
      'an index flag on a new column',
      "b.add_column(sa.Column('n', sa.Integer, index=True))\nb.alter_column('a', nullable=True)",
      [add('n', int, { index: true }), alter('a', { nullable: true })],
    ),
    onFull(
      'a Boolean with its check on a new column',
      "b.add_column(sa.Column('n', sa.Boolean(create_constraint=True, name='ck_n')))",
      [add('n', type('Boolean', { createConstraint: true, name: 'ck_n' }))],
    ),
    onFull(
      'a Boolean with a nameless check on a new column',
      "b.add_column(sa.Column('n', sa.Boolean(create_constraint=True)))",
      [add('n', type('Boolean', { createConstraint: true }))],
    ),
    onFull(
      'a column with its own check',
      "b.add_column(sa.Column('n', sa.Integer, sa.CheckConstraint('n > 1', name='ck_n')))\nb.alter_column('a', nullable=True)",
      [add('n', int, { checks: [{ expression: sql('n > 1'), name: 'ck_n' }] }), alter('a', { nullable: true })],
    ),
    onFull(
      'a type with its check',
      "b.alter_column('a', type_=sa.Enum('x', 'y', '10', name='ck_a', create_constraint=True), existing_type=sa.String(20))",
      [
        alter(
          'a',
          { type: type('Enum', { values: ['x', 'y', '10'], name: 'ck_a', createConstraint: true }) },
          { type: str(20) },
        ),
      ],
    ),
    onFull(
      'more labels',
      "b.alter_column('e', type_=sa.Enum('x', 'yy', 'zzz', name='ck_e', create_constraint=True), existing_type=sa.Enum('x', 'yy', name='ck_e', create_constraint=True))",
      [
        alter(
          'e',
          { type: type('Enum', { values: ['x', 'yy', 'zzz'], name: 'ck_e', createConstraint: true }) },
          { type: type('Enum', { values: ['x', 'yy'], name: 'ck_e', createConstraint: true }) },
        ),
      ],
    ),
    onFull(
      'places for new columns',
      "b.add_column(sa.Column('n1', sa.Integer), insert_after='a')\nb.add_column(sa.Column('n2', sa.Integer), insert_before='c')\nb.add_column(sa.Column('n3', sa.Integer))\nb.add_column(sa.Column('n4', sa.Integer), insert_after='n1')",
      [
        placed('n1', { insertAfter: 'a' }),
        placed('n2', { insertBefore: 'c' }),
        placed('n3', {}),
        placed('n4', { insertAfter: 'n1' }),
      ],
      { recreate: 'always' },
    ),
    onFull('columns in a new order', 'pass', [], {
      recreate: 'always',
      partialReordering: [
        ['g', 'f', 'e'],
        ['b', 'a'],
      ],
    }),
    onFull(
      'names by convention',
      "b.drop_constraint('uq_t_a', type_='unique')\nb.drop_constraint('fk_t_c_p', type_='foreignkey')",
      [lose('uq_t_a', 'unique'), lose('fk_t_c_p', 'foreignKey')],
      { namingConvention: convention },
    ),
    onFull('another key', "b.create_primary_key('pk_t', ['id', 'a'])", [
      { kind: 'addConstraint', constraint: { kind: 'primaryKey', name: 'pk_t', columns: ['id', 'a'] } },
    ]),
    onFull(
      'constraints on a renamed column',
      "b.alter_column('a', new_column_name='aa')\nb.create_unique_constraint('uq_aa', ['aa'])",
      [
        alter('a', { name: 'aa' }),
        { kind: 'addConstraint', constraint: { kind: 'unique', name: 'uq_aa', columns: ['aa'] } },
      ],
    ),
    onFull('a computed column', "b.add_column(sa.Column('n', sa.Integer, sa.Computed('b * 2', persisted=True)))", [
      add('n', int, { computed: { expression: sql('b * 2'), persisted: true } }),
    ]),
    onFull(
      'an index on a new table',
      "b.alter_column('a', nullable=True)\nb.create_index('ix_new', ['a', 'b'], unique=True)\nb.drop_index('ix_a')",
      [
        alter('a', { nullable: true }),
        { kind: 'createIndex', index: { name: 'ix_new', columns: ['a', 'b'], unique: true } },
        { kind: 'dropIndex', name: 'ix_a' },
      ],
    ),
    onFull(
      'never',
      "b.alter_column('a', new_column_name='aa')\nb.drop_column('d')",
      [alter('a', { name: 'aa' }), drop('d')],
      { recreate: 'never' },
    ),
    onFull(
      'on servers that can alter',
      "b.alter_column('a', nullable=True, existing_type=sa.String(20))\nb.add_column(sa.Column('n', sa.Integer, nullable=False, server_default='3'))\nb.drop_column('d')\nb.drop_constraint('fk_b', type_='foreignkey')\nb.drop_constraint('uq_bg', type_='unique')\nb.create_index('ix_n', ['n'])\nb.create_foreign_key('fk_n', 'p', ['n'], ['id'])",
      [
        alter('a', { nullable: true }, { type: str(20) }),
        add('n', int, { nullable: false, serverDefault: '3' }),
        drop('d'),
        lose('fk_b', 'foreignKey'),
        lose('uq_bg', 'unique'),
        { kind: 'createIndex', index: { name: 'ix_n', columns: ['n'] } },
        {
          kind: 'addConstraint',
          constraint: {
            kind: 'foreignKey',
            name: 'fk_n',
            columns: ['n'],
            target: { name: 'p' },
            targetColumns: ['id'],
          },
        },
      ],
      { on: ['postgres', 'mysql'] },
    ),
    onFull(
      'a place without a new table',
      "b.add_column(sa.Column('n', sa.Integer), insert_after='a')",
      [placed('n', { insertAfter: 'a' })],
      { on: ['postgres', 'mysql', 'sqlite'] },
    ),
    ...others(),
  ],
}

function others(): readonly Case[] {
  return [
    {
      name: 'types that reflection changes',
      on: ['sqlite'],
      python: `
op.execute('''CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, a UUID, b VARCHAR, c TINYINT(1), d DOUBLE PRECISION, e MEDIUMTEXT, f BLOB, g INTEGER DEFAULT 0, h TEXT DEFAULT 'q', i DATETIME DEFAULT (datetime('now')), j FOO BAR(3, 4), k VARCHAR(9) COLLATE NOCASE)''')
with op.batch_alter_table('t', recreate='always') as b:
    b.add_column(sa.Column('n', sa.Integer))`,
      operations: [
        table('t', [
          col('id', { kind: 'raw', args: { text: 'INTEGER' } }, { primaryKey: true, nullable: false }),
          ...(['a UUID', 'b VARCHAR', 'c TINYINT(1)', 'd DOUBLE PRECISION', 'e MEDIUMTEXT', 'f BLOB'] as const).map(
            (c) => col(c[0]!, { kind: 'raw', args: { text: c.slice(2) } }),
          ),
          col('g', { kind: 'raw', args: { text: 'INTEGER' } }, { serverDefault: sql('0') }),
          col('h', { kind: 'raw', args: { text: 'TEXT' } }, { serverDefault: sql("'q'") }),
          col('i', { kind: 'raw', args: { text: 'DATETIME' } }, { serverDefault: sql("(datetime('now'))") }),
          col('j', { kind: 'raw', args: { text: 'FOO BAR(3, 4)' } }),
          col('k', { kind: 'raw', args: { text: 'VARCHAR(9)' } }),
        ]),
        batch([add('n', int)], { recreate: 'always' }),
      ],
    },
    {
      name: 'indexes and keys that reflection does not see',
      on: ['sqlite'],
      python: `
op.create_table('p', sa.Column('id', sa.Integer, primary_key=True))
op.execute('''CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INTEGER REFERENCES p (id) ON DELETE CASCADE, c INTEGER UNIQUE)''')
op.create_index('ix_lower', 't', [sa.text('lower(a)')])
op.create_index('ix_desc', 't', [sa.text('a DESC')])
with op.batch_alter_table('t', recreate='always') as b:
    b.add_column(sa.Column('n', sa.Integer))`,
      operations: [
        table('p', [id]),
        table(
          't',
          [
            col('id', int, { primaryKey: true, nullable: true }),
            col('a', type('TEXT')),
            col('b', int),
            col('c', int, { unique: true }),
          ],
          [
            {
              kind: 'foreignKey',
              columns: ['b'],
              target: { name: 'p' },
              targetColumns: ['id'],
              onDelete: 'CASCADE',
              inline: true,
            },
          ],
        ),
        { kind: 'createIndex', table: t, index: { name: 'ix_lower', columns: [sql('lower(a)')] } },
        { kind: 'createIndex', table: t, index: { name: 'ix_desc', columns: [sql('a DESC')] } },
        batch([add('n', int)], { recreate: 'always' }),
      ],
    },
    {
      name: 'deferrable keys and options over a rebuild',
      on: ['sqlite'],
      python: `
op.create_table('p', sa.Column('id', sa.Integer, primary_key=True))
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.Integer, sa.ForeignKey('p.id', name='fk_a', deferrable=True, initially='DEFERRED', ondelete='CASCADE', onupdate='NO ACTION')), sa.Column('w', sa.Integer), sqlite_autoincrement=True)
op.execute("INSERT INTO t (id, w) VALUES (1, 2)")
with op.batch_alter_table('t', recreate='always', table_kwargs={'sqlite_autoincrement': True}) as b:
    b.add_column(sa.Column('n', sa.Integer))
with op.batch_alter_table('p', recreate='always', table_args=(sa.CheckConstraint('id > 0', name='ck'),)) as b:
    b.add_column(sa.Column('n', sa.Integer))`,
      operations: [
        table('p', [id]),
        table(
          't',
          [
            id,
            col('a', int, {
              foreignKeys: [
                {
                  target: { name: 'p' },
                  targetColumn: 'id',
                  name: 'fk_a',
                  deferrable: true,
                  initially: 'DEFERRED',
                  onDelete: 'CASCADE',
                  onUpdate: 'NO ACTION',
                },
              ],
            }),
            col('w', int),
          ],
          [],
          { options: { sqlite_autoincrement: true } },
        ),
        { kind: 'execute', sql: 'INSERT INTO t (id, w) VALUES (1, 2)' },
        batch([add('n', int)], { recreate: 'always', tableOptions: { sqlite_autoincrement: true } }),
        {
          kind: 'batch',
          table: { name: 'p' },
          recreate: 'always',
          tableArguments: [{ kind: 'check', name: 'ck', expression: sql('id > 0') }],
          steps: [{ kind: 'addColumn', table: { name: 'p' }, column: col('n', int) }],
        },
      ],
    },
    {
      name: 'a computed column over a rebuild',
      on: ['sqlite'],
      beyond: ['sqlite'],
      python: `
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('w', sa.Integer), sa.Column('x', sa.Integer, sa.Computed('w * 2', persisted=True)))
op.execute("INSERT INTO t (id, w) VALUES (1, 2)")
with op.batch_alter_table('t') as b:
    b.alter_column('w', nullable=False)`,
      operations: [
        table('t', [id, col('w', int), col('x', int, { computed: { expression: sql('w * 2'), persisted: true } })]),
        { kind: 'execute', sql: 'INSERT INTO t (id, w) VALUES (1, 2)' },
        batch([alter('w', { nullable: false })]),
      ],
    },
    {
      name: 'copy_from',
      on: ['sqlite'],
      python: `
op.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b BOOLEAN)")
known = sa.Table('t', sa.MetaData(), sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.String(30), nullable=False), sa.Column('b', sa.Boolean), sa.UniqueConstraint('a', name='uq'), sa.Index('ix', 'b'))
with op.batch_alter_table('t', copy_from=known) as b:
    b.alter_column('b', new_column_name='bb')`,
      operations: [
        { kind: 'execute', sql: 'CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b BOOLEAN)' },
        batch([alter('b', { name: 'bb' })], {
          copyFrom: {
            name: 't',
            columns: [id, col('a', str(30), { nullable: false }), col('b', type('Boolean'))],
            constraints: [{ kind: 'unique', columns: ['a'], name: 'uq' }],
            indexes: [{ name: 'ix', columns: ['b'] }],
          },
        }),
      ],
    },
    {
      name: 'a table that nobody has seen',
      on: ['sqlite'],
      beyond: [],
      python: "with op.batch_alter_table('t') as b:\n    b.drop_column('x')",
      operations: [batch([drop('x')])],
    },
    {
      name: 'a key over several rebuilds',
      on: ['sqlite'],
      python: `
op.create_table('t', sa.Column('id', sa.Integer, nullable=False), sa.Column('a', sa.String(5)), sa.PrimaryKeyConstraint('id', name='pk_t'))
with op.batch_alter_table('t') as b:
    b.alter_column('a', nullable=False)
with op.batch_alter_table('t') as b:
    b.alter_column('a', type_=sa.Text(), server_default='q')
    b.drop_constraint('pk_t', type_='primary')`,
      operations: [
        table(
          't',
          [col('id', int, { nullable: false }), col('a', str(5))],
          [{ kind: 'primaryKey', columns: ['id'], name: 'pk_t' }],
        ),
        batch([alter('a', { nullable: false })]),
        batch([alter('a', { type: type('Text'), serverDefault: 'q' }), lose('pk_t', 'primaryKey')]),
      ],
    },
  ]
}
