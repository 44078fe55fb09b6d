import { call, column, type Expression, type Literal, literal, sql } from '../../../lib/schema/expression.ts'
import type { Operation } from '../../../lib/schema/operation.ts'
import { type } from '../../../lib/schema/type-spec.ts'
import type { Group } from '../case.ts'
import { col, from, id, int, str, t, table } from './short.ts'

const binary = (left: Expression, operator: string, right: Expression): Expression => ({
  kind: 'binary',
  operator,
  left,
  right,
})
const list = (...values: readonly Literal[]): Expression => ({ kind: 'list', of: values.map(literal) })
const check = (name: string, expression: Expression) => ({ kind: 'check', name, expression }) as const
const onT = (operation: object): Operation => ({ ...operation, table: t }) as Operation

/** Ways of writing that were seen in histories. */
export const wild: Group = {
  name: 'wild',
  cases: [
    {
      name: 'defaults of PostgreSQL',
      on: ['postgres'],
      python: `
op.create_table('t', sa.Column('id', postgresql.UUID(as_uuid=True), server_default=sa.text('gen_random_uuid()'), nullable=False),
    sa.Column('j', postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False),
    sa.Column('k', postgresql.JSONB(), server_default='{}'),
    sa.Column('a', postgresql.ARRAY(sa.String()), server_default='{}', nullable=False),
    sa.Column('b', sa.Boolean(), server_default='true', nullable=False),
    sa.Column('c', sa.Boolean(), server_default=sa.text('FALSE')),
    sa.Column('u', postgresql.UUID(), server_default=sa.func.gen_random_uuid()),
    sa.Column('d', sa.DateTime(timezone=True), server_default=sa.text("(now() at time zone 'utc')")),
    sa.Column('e', sa.Enum('A', 'B', name='Mixed'), server_default='A'),
    sa.PrimaryKeyConstraint('id'))
op.add_column('t', sa.Column('n', sa.Integer(), server_default=sa.text("nextval('x')") if False else sa.text('0'), nullable=False))`,
      operations: [
        table(
          't',
          [
            col('id', from('postgres', 'UUID'), { serverDefault: sql('gen_random_uuid()'), nullable: false }),
            col('j', from('postgres', 'JSONB'), { serverDefault: sql("'{}'::jsonb"), nullable: false }),
            col('k', from('postgres', 'JSONB'), { serverDefault: '{}' }),
            col('a', from('postgres', 'ARRAY', { item: type('String') }), { serverDefault: '{}', nullable: false }),
            col('b', type('Boolean'), { serverDefault: 'true', nullable: false }),
            col('c', type('Boolean'), { serverDefault: sql('FALSE') }),
            col('u', from('postgres', 'UUID'), { serverDefault: call('gen_random_uuid') }),
            col('d', type('DateTime', { timezone: true }), { serverDefault: sql("(now() at time zone 'utc')") }),
            col('e', type('Enum', { values: ['A', 'B'], name: 'Mixed' }), { serverDefault: 'A' }),
          ],
          [{ kind: 'primaryKey', columns: ['id'] }],
        ),
        onT({ kind: 'addColumn', column: col('n', int, { serverDefault: sql('0'), nullable: false }) }),
      ],
    },
    {
      name: 'defaults of MySQL',
      on: ['mysql'],
      python: `
op.create_table('t', sa.Column('id', mysql.INTEGER(display_width=11), autoincrement=True, nullable=False),
    sa.Column('a', mysql.TIMESTAMP(), server_default=sa.text('CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP'), nullable=False),
    sa.Column('b', mysql.DATETIME(fsp=6), server_default=sa.text('CURRENT_TIMESTAMP(6)'), nullable=False),
    sa.Column('c', mysql.TINYINT(display_width=1), server_default=sa.text("'0'"), autoincrement=False, nullable=True),
    sa.Column('d', sa.String(36), server_default=sa.text('(uuid())')),
    sa.Column('e', sa.Boolean(), server_default='1', nullable=False),
    sa.Column('f', mysql.VARCHAR(length=20), server_default=sa.text("'x'")),
    sa.Column('g', mysql.DECIMAL(precision=10, scale=2), server_default='0.00'),
    sa.Column('h', sa.TIMESTAMP(), nullable=True),
    sa.Column('i', sa.DateTime(), server_default=sa.text('now()')),
    sa.PrimaryKeyConstraint('id'), mysql_collate='utf8mb4_unicode_ci', mysql_default_charset='utf8mb4', mysql_engine='InnoDB')`,
      operations: [
        table(
          't',
          [
            col('id', from('mysql', 'INTEGER', { displayWidth: 11 }), { autoincrement: true, nullable: false }),
            col('a', from('mysql', 'TIMESTAMP'), {
              serverDefault: sql('CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP'),
              nullable: false,
            }),
            col('b', from('mysql', 'DATETIME', { fsp: 6 }), {
              serverDefault: sql('CURRENT_TIMESTAMP(6)'),
              nullable: false,
            }),
            col('c', from('mysql', 'TINYINT', { displayWidth: 1 }), {
              serverDefault: sql("'0'"),
              autoincrement: false,
              nullable: true,
            }),
            col('d', str(36), { serverDefault: sql('(uuid())') }),
            col('e', type('Boolean'), { serverDefault: '1', nullable: false }),
            col('f', from('mysql', 'VARCHAR', { length: 20 }), { serverDefault: sql("'x'") }),
            col('g', from('mysql', 'DECIMAL', { precision: 10, scale: 2 }), { serverDefault: '0.00' }),
            col('h', type('TIMESTAMP'), { nullable: true }),
            col('i', type('DateTime'), { serverDefault: sql('now()') }),
          ],
          [{ kind: 'primaryKey', columns: ['id'] }],
          {
            options: { mysql_collate: 'utf8mb4_unicode_ci', mysql_default_charset: 'utf8mb4', mysql_engine: 'InnoDB' },
          },
        ),
      ],
    },
    {
      name: 'a function as default of MySQL',
      on: ['mysql'],
      sqlalchemy: '2.0',
      python: `op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.String(36), server_default=sa.text('uuid()')), sa.Column('b', sa.DateTime, server_default=sa.func.now()), sa.Column('c', sa.JSON, server_default=sa.text('json_object()')))`,
      operations: [
        table('t', [
          id,
          col('a', str(36), { serverDefault: sql('uuid()') }),
          col('b', type('DateTime'), { serverDefault: call('now') }),
          col('c', type('JSON'), { serverDefault: sql('json_object()') }),
        ]),
      ],
    },
    {
      name: 'checks and indexes as expressions',
      on: ['postgres', 'sqlite'],
      python: `
a, b = sa.column('a', sa.String), sa.column('b', sa.Integer)
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.String(20)), sa.Column('b', sa.Integer),
    sa.CheckConstraint(a.in_(['x', "y'z"]), name='c1'),
    sa.CheckConstraint(sa.and_(b > 1, sa.or_(b < 9, a == None)), name='c2'),
    sa.CheckConstraint(sa.func.length(a) >= 3, name='c3'),
    sa.CheckConstraint(b.between(1, 5), name='c4'),
    sa.CheckConstraint(sa.not_(b == 7), name='c5'),
    sa.CheckConstraint((b + 1) * 2 > 4, name='c6'), sa.CheckConstraint(b.notin_([7, 8]), name='c7'),
    sa.CheckConstraint(sa.case(*([(b == 1, 2)] if sa.__version__ >= '2' else [[(b == 1, 2)]]), else_=3) < 9, name='c8'),
    sa.CheckConstraint(b - (b - 1) == 1, name='c9'), sa.CheckConstraint(sa.not_(sa.or_(b == 11, a.like('q'), a == None)), name='c10'),
    sa.Index('ix_table', 'a', 'b', unique=True))
op.create_index('ix_desc', 't', [sa.column('b').desc(), 'a'])
op.create_index('ix_co', 't', [sa.func.coalesce(sa.column('a'), sa.text("''")), 'b'])
op.create_index('ix_where', 't', ['a'], postgresql_where=sa.and_(b > 1, a != None), sqlite_where=sa.and_(b > 1, a != None))`,
      operations: [
        table(
          't',
          [id, col('a', str(20)), col('b', int)],
          [
            check('c1', binary(column('a'), 'IN', list('x', "y'z"))),
            check('c2', {
              kind: 'junction',
              operator: 'AND',
              of: [
                binary(column('b'), '>', literal(1)),
                {
                  kind: 'junction',
                  operator: 'OR',
                  of: [
                    binary(column('b'), '<', literal(9)),
                    binary(column('a'), 'IS', { kind: 'constant', value: null }),
                  ],
                },
              ],
            }),
            check('c3', binary(call('length', column('a')), '>=', literal(3))),
            check('c4', { kind: 'between', of: column('b'), low: literal(1), high: literal(5) }),
            check('c5', { kind: 'not', of: binary(column('b'), '=', literal(7)) }),
            check('c7', binary(column('b'), 'NOT IN', list(7, 8))),
            check(
              'c8',
              binary(
                {
                  kind: 'case',
                  when: [{ condition: binary(column('b'), '=', literal(1)), value: literal(2) }],
                  otherwise: literal(3),
                },
                '<',
                literal(9),
              ),
            ),
            check('c9', binary(binary(column('b'), '-', binary(column('b'), '-', literal(1))), '=', literal(1))),
            check('c10', {
              kind: 'not',
              of: {
                kind: 'junction',
                operator: 'OR',
                of: [
                  binary(column('b'), '=', literal(11)),
                  binary(column('a'), 'LIKE', literal('q')),
                  binary(column('a'), 'IS', { kind: 'constant', value: null }),
                ],
              },
            }),
            check('c6', binary(binary(binary(column('b'), '+', literal(1)), '*', literal(2)), '>', literal(4))),
          ],
          { indexes: [{ name: 'ix_table', columns: ['a', 'b'], unique: true }] },
        ),
        onT({
          kind: 'createIndex',
          index: { name: 'ix_desc', columns: [{ kind: 'suffix', of: column('b'), suffix: 'DESC' }, 'a'] },
        }),
        onT({
          kind: 'createIndex',
          index: { name: 'ix_co', columns: [call('coalesce', column('a'), sql("''")), 'b'] },
        }),
        onT({
          kind: 'createIndex',
          index: {
            name: 'ix_where',
            columns: ['a'],
            options: { postgresql_where: partial(), sqlite_where: partial() },
          },
        }),
      ],
    },
    {
      name: 'enums of MySQL changed',
      on: ['mysql'],
      python: `
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.Enum('x', 'y', name='e'), nullable=False, server_default='x'))
op.alter_column('t', 'a', existing_type=mysql.ENUM('x', 'y'), type_=sa.Enum('x', 'y', 'z', name='e'), existing_nullable=False, existing_server_default=sa.text("'x'"))
op.add_column('t', sa.Column('b', sa.Integer, sa.ForeignKey('t.id', ondelete='SET NULL'), nullable=True))
op.create_index(op.f('ix_t_b'), 't', ['b'], unique=False)
op.drop_constraint('t_ibfk_1', 't', type_='foreignkey')
op.drop_index(op.f('ix_t_b'), table_name='t')
op.drop_column('t', 'b')`,
      operations: [
        table('t', [
          id,
          col('a', type('Enum', { values: ['x', 'y'], name: 'e' }), { nullable: false, serverDefault: 'x' }),
        ]),
        onT({
          kind: 'alterColumn',
          column: 'a',
          changes: { type: type('Enum', { values: ['x', 'y', 'z'], name: 'e' }) },
          existing: { type: from('mysql', 'ENUM', { values: ['x', 'y'] }), nullable: false, serverDefault: sql("'x'") },
        }),
        onT({
          kind: 'addColumn',
          column: col('b', int, {
            foreignKeys: [{ target: t, targetColumn: 'id', onDelete: 'SET NULL' }],
            nullable: true,
          }),
        }),
        onT({ kind: 'createIndex', index: { name: { fixed: 'ix_t_b' }, columns: ['b'], unique: false } }),
        onT({ kind: 'dropConstraint', name: 't_ibfk_1', type: 'foreignKey' }),
        onT({ kind: 'dropIndex', name: { fixed: 'ix_t_b' } }),
        onT({ kind: 'dropColumn', column: 'b' }),
      ],
    },
    {
      name: 'NULLS NOT DISTINCT',
      on: ['postgres'],
      sqlalchemy: '2.0',
      python: `
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.Integer), sa.UniqueConstraint('a', name='uq', postgresql_nulls_not_distinct=True))
op.create_index('ix', 't', ['a'], unique=True, postgresql_nulls_not_distinct=True)
op.create_unique_constraint('uq2', 't', ['a', 'id'], postgresql_nulls_not_distinct=True)`,
      operations: [
        table(
          't',
          [id, col('a', int)],
          [{ kind: 'unique', columns: ['a'], name: 'uq', options: { postgresql_nulls_not_distinct: true } }],
        ),
        onT({
          kind: 'createIndex',
          index: { name: 'ix', columns: ['a'], unique: true, options: { postgresql_nulls_not_distinct: true } },
        }),
        onT({
          kind: 'addConstraint',
          constraint: {
            kind: 'unique',
            name: 'uq2',
            columns: ['a', 'id'],
            options: { postgresql_nulls_not_distinct: true },
          },
        }),
      ],
    },
    {
      name: 'tables with keys into themselves and each other',
      python: `
op.create_table('node', sa.Column('id', sa.Integer, primary_key=True), sa.Column('parent_id', sa.Integer), sa.Column('name', sa.String(10), nullable=False),
    sa.ForeignKeyConstraint(['parent_id'], ['node.id'], ), sa.PrimaryKeyConstraint('id'), sa.UniqueConstraint('name'))
op.create_table('link', sa.Column('a', sa.Integer, nullable=False), sa.Column('b', sa.Integer, nullable=False),
    sa.ForeignKeyConstraint(['a'], ['node.id'], ondelete='CASCADE'), sa.ForeignKeyConstraint(['b'], ['node.id'], ondelete='CASCADE'), sa.PrimaryKeyConstraint('a', 'b'))
with op.batch_alter_table('node', schema=None) as batch_op:
    batch_op.add_column(sa.Column('size', sa.Integer(), nullable=True))
    batch_op.create_index(batch_op.f('ix_node_size'), ['size'], unique=False)`,
      operations: [
        table(
          'node',
          [id, col('parent_id', int), col('name', str(10), { nullable: false })],
          [
            { kind: 'foreignKey', columns: ['parent_id'], target: { name: 'node' }, targetColumns: ['id'] },
            { kind: 'primaryKey', columns: ['id'] },
            { kind: 'unique', columns: ['name'] },
          ],
        ),
        table(
          'link',
          [col('a', int, { nullable: false }), col('b', int, { nullable: false })],
          [
            {
              kind: 'foreignKey',
              columns: ['a'],
              target: { name: 'node' },
              targetColumns: ['id'],
              onDelete: 'CASCADE',
            },
            {
              kind: 'foreignKey',
              columns: ['b'],
              target: { name: 'node' },
              targetColumns: ['id'],
              onDelete: 'CASCADE',
            },
            { kind: 'primaryKey', columns: ['a', 'b'] },
          ],
        ),
        {
          kind: 'batch',
          table: { name: 'node' },
          steps: [
            { kind: 'addColumn', table: { name: 'node' }, column: col('size', int, { nullable: true }) },
            {
              kind: 'createIndex',
              table: { name: 'node' },
              index: { name: { fixed: 'ix_node_size' }, columns: ['size'], unique: false },
            },
          ],
        },
      ],
    },
  ],
}

function partial(): Expression {
  return {
    kind: 'junction',
    operator: 'AND',
    of: [binary(column('b'), '>', literal(1)), binary(column('a'), 'IS NOT', { kind: 'constant', value: null })],
  }
}
