import { call, type Expression, type Literal, literal } from '../../../lib/schema/expression.ts'
import { type } from '../../../lib/schema/type-spec.ts'
import type { Case, Group } from '../case.ts'
import { col, from, id, int, str, t, table, text } from './short.ts'

const inTable = (name: string): Expression => ({ kind: 'column', name, table: 't' })
const compare = (name: string, operator: string, value: Literal): Expression => ({
  kind: 'binary',
  operator,
  left: inTable(name),
  right: literal(value),
})
const is = (name: string, value: boolean | null): Expression => ({
  kind: 'binary',
  operator: 'IS',
  left: inTable(name),
  right: { kind: 'constant', value },
})

const kinds: Case = {
  name: 'rows of all kinds',
  python: `
import datetime as d, decimal
x = op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('s', sa.String(50)), sa.Column('n', sa.Numeric(10, 3)),
    sa.Column('f', sa.Float), sa.Column('b', sa.Boolean), sa.Column('da', sa.Date), sa.Column('dt', sa.DateTime), sa.Column('ti', sa.Time),
    sa.Column('j', sa.JSON), sa.Column('bin', sa.LargeBinary), sa.Column('e', sa.Enum('a', 'b', name='ab')), sa.Column('big', sa.BigInteger))
op.bulk_insert(x, [
    {'id': 1, 's': "it's a \\\\\\\\ back", 'n': decimal.Decimal('12.340'), 'f': 1.5, 'b': True, 'da': d.date(2024, 1, 2), 'dt': d.datetime(2024, 1, 2, 3, 4, 5),
     'ti': d.time(1, 2, 3), 'j': {'k': [1, None, "q'"]}, 'bin': b'\\\\x00\\\\x41', 'e': 'a', 'big': 9007199254740993},
    {'id': 2, 's': None, 'n': None, 'f': None, 'b': None, 'da': None, 'dt': None, 'ti': None, 'j': None, 'bin': None, 'e': None, 'big': None},
    {'id': 3, 's': '50% :x\\n 日本', 'n': 5, 'f': -1e-7, 'b': False, 'da': None, 'dt': None, 'ti': None, 'j': 'str', 'bin': b'', 'e': 'b', 'big': -1},
])`
    .replaceAll('\\\\\\\\', '\\\\')
    .replaceAll('\\\\x', '\\x'),
  operations: [
    table('t', [
      id,
      col('s', str(50)),
      col('n', type('Numeric', { precision: 10, scale: 3 })),
      col('f', type('Float')),
      col('b', type('Boolean')),
      col('da', type('Date')),
      col('dt', type('DateTime')),
      col('ti', type('Time')),
      col('j', type('JSON')),
      col('bin', type('LargeBinary')),
      col('e', type('Enum', { values: ['a', 'b'], name: 'ab' })),
      col('big', type('BigInteger')),
    ]),
    {
      kind: 'bulkInsert',
      table: t,
      columns: [
        { name: 'id', type: int },
        { name: 's', type: str(50) },
        { name: 'n', type: type('Numeric') },
        { name: 'f', type: type('Float') },
        { name: 'b', type: type('Boolean') },
        { name: 'da', type: type('Date') },
        { name: 'dt', type: type('DateTime') },
        { name: 'ti', type: type('Time') },
        { name: 'j', type: type('JSON') },
        { name: 'bin', type: type('LargeBinary') },
        { name: 'e', type: type('Enum') },
        { name: 'big', type: type('BigInteger') },
      ],
      rows: [
        {
          id: 1,
          s: "it's a \\ back",
          n: { kind: 'decimal', text: '12.340' },
          f: 1.5,
          b: true,
          da: { kind: 'date', text: '2024-01-02' },
          dt: { kind: 'datetime', text: '2024-01-02 03:04:05' },
          ti: { kind: 'time', text: '01:02:03' },
          j: { kind: 'json', text: '{"k": [1, null, "q\'"]}' },
          bin: { kind: 'bytes', hex: '0041' },
          e: 'a',
          big: 9007199254740993n,
        },
        {
          id: 2,
          s: null,
          n: null,
          f: null,
          b: null,
          da: null,
          dt: null,
          ti: null,
          j: null,
          bin: null,
          e: null,
          big: null,
        },
        {
          id: 3,
          s: '50% :x\n 日本',
          n: 5,
          f: -1e-7,
          b: false,
          da: null,
          dt: null,
          ti: null,
          j: 'str',
          bin: { kind: 'bytes', hex: '' },
          e: 'b',
          big: -1,
        },
      ],
    },
  ],
}

export const data: Group = {
  name: 'data',
  cases: [
    kinds,
    {
      name: 'rows without types, and too few columns',
      python: `
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.String(20), server_default='q'), sa.Column('b', sa.String(20)))
op.bulk_insert(sa.table('t', sa.column('a'), sa.column('b'), sa.column('id')), [{'id': 1, 'b': 'x'}, {'id': 2, 'b': 'y'}])
op.bulk_insert(sa.table('t', sa.column('id', sa.Integer), sa.column('b', sa.String)), [{'id': 3, 'b': sa.func.lower('ABC')}], multiinsert=False)
op.bulk_insert(sa.table('t', sa.column('id')), [])`,
      operations: [
        table('t', [id, col('a', str(20), { serverDefault: 'q' }), col('b', str(20))]),
        {
          kind: 'bulkInsert',
          table: t,
          columns: [{ name: 'a' }, { name: 'b' }, { name: 'id' }],
          rows: [
            { id: 1, b: 'x' },
            { id: 2, b: 'y' },
          ],
        },
        {
          kind: 'bulkInsert',
          table: t,
          columns: [
            { name: 'id', type: int },
            { name: 'b', type: type('String') },
          ],
          rows: [{ id: 3, b: call('lower', { kind: 'literal', value: 'ABC' }) }],
        },
        { kind: 'bulkInsert', table: t, columns: [{ name: 'id' }], rows: [] },
      ],
    },
    {
      name: 'rows of PostgreSQL',
      on: ['postgres'],
      python: `
import uuid, datetime as d
x = op.create_table('t', sa.Column('id', postgresql.UUID(as_uuid=True), primary_key=True), sa.Column('a', postgresql.ARRAY(sa.String(5))), sa.Column('n', postgresql.ARRAY(sa.Integer)), sa.Column('j', postgresql.JSONB), sa.Column('i', sa.Interval), sa.Column('z', sa.DateTime(timezone=True)))
op.bulk_insert(x, [{'id': uuid.UUID('12345678-1234-5678-1234-567812345678'), 'a': ['x', "y'z"], 'n': [], 'j': [1, {'a': None}], 'i': d.timedelta(days=1, seconds=5), 'z': d.datetime(2024, 1, 2, 3, 4, 5, 600, tzinfo=d.timezone.utc)}])`,
      operations: [
        table('t', [
          col('id', from('postgres', 'UUID'), { primaryKey: true }),
          col('a', from('postgres', 'ARRAY', { item: str(5) })),
          col('n', from('postgres', 'ARRAY', { item: int })),
          col('j', from('postgres', 'JSONB')),
          col('i', type('Interval')),
          col('z', type('DateTime', { timezone: true })),
        ]),
        {
          kind: 'bulkInsert',
          table: t,
          columns: [
            { name: 'id', type: from('postgres', 'UUID') },
            { name: 'a', type: from('postgres', 'ARRAY', { item: str(5) }) },
            { name: 'n', type: from('postgres', 'ARRAY', { item: int }) },
            { name: 'j', type: from('postgres', 'JSONB') },
            { name: 'i', type: type('Interval') },
            { name: 'z', type: type('DateTime', { timezone: true }) },
          ],
          rows: [
            {
              id: { kind: 'uuid', text: '12345678-1234-5678-1234-567812345678' },
              a: ['x', "y'z"],
              n: [],
              j: { kind: 'json', text: '[1, {"a": null}]' },
              i: { kind: 'interval', seconds: 86405 },
              z: { kind: 'datetime', text: '2024-01-02 03:04:05.000600+00:00' },
            },
          ],
        },
      ],
    },
    {
      name: 'SQL with parameters and colons',
      python: `
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.Text))
op.execute(sa.text("INSERT INTO t (id, a) VALUES (:id, :a)").bindparams(id=1, a="it's"))
op.execute("INSERT INTO t (id, a) VALUES (2, '12\\\\:30 100% x')")
op.execute("UPDATE t SET a = 'q' WHERE id = 2 AND a LIKE '%nothing%'")`,
      operations: [
        table('t', [id, col('a', text)]),
        { kind: 'execute', sql: 'INSERT INTO t (id, a) VALUES (:id, :a)', parameters: { id: 1, a: "it's" } },
        { kind: 'execute', sql: "INSERT INTO t (id, a) VALUES (2, '12\\:30 100% x')" },
        { kind: 'execute', sql: "UPDATE t SET a = 'q' WHERE id = 2 AND a LIKE '%nothing%'" },
      ],
    },
    {
      name: 'casts of PostgreSQL are no parameters',
      on: ['postgres'],
      python: `
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.Text))
op.execute("INSERT INTO t (id, a) VALUES ('3'::integer, 'x'::text)")`,
      operations: [
        table('t', [id, col('a', text)]),
        { kind: 'execute', sql: "INSERT INTO t (id, a) VALUES ('3'::integer, 'x'::text)" },
      ],
    },
    {
      name: 'update, delete, insert from select',
      python: `
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.String(9)), sa.Column('b', sa.Boolean))
x = sa.table('t', sa.column('id', sa.Integer), sa.column('a', sa.String), sa.column('b', sa.Boolean))
op.bulk_insert(x, [{'id': 1, 'a': 'p', 'b': None}, {'id': 2, 'a': None, 'b': True}, {'id': 3, 'a': 'r', 'b': False}])
op.execute(x.update().values(a=sa.func.upper(x.c.a), b=False).where(sa.and_(x.c.b == None, x.c.id < 5)))
op.execute(x.delete().where(sa.or_(x.c.a.is_(None), x.c.id.in_([7, 8]))))
op.execute(x.insert().from_select(['id', 'a'], sa.select(*[(x.c.id + 10).label('n'), x.c.a]).where(x.c.b == sa.false())))
op.execute(x.update().values(a='z').where(x.c.id == 13))`,
      operations: [
        table('t', [id, col('a', str(9)), col('b', type('Boolean'))]),
        {
          kind: 'bulkInsert',
          table: t,
          columns: [
            { name: 'id', type: int },
            { name: 'a', type: type('String') },
            { name: 'b', type: type('Boolean') },
          ],
          rows: [
            { id: 1, a: 'p', b: null },
            { id: 2, a: null, b: true },
            { id: 3, a: 'r', b: false },
          ],
        },
        {
          kind: 'update',
          table: t,
          set: [
            { column: 'a', value: call('upper', inTable('a')) },
            { column: 'b', value: false, type: type('Boolean') },
          ],
          where: { kind: 'junction', operator: 'AND', of: [is('b', null), compare('id', '<', 5)] },
        },
        {
          kind: 'delete',
          table: t,
          where: {
            kind: 'junction',
            operator: 'OR',
            of: [
              is('a', null),
              {
                kind: 'binary',
                operator: 'IN',
                left: inTable('id'),
                right: { kind: 'list', of: [literal(7), literal(8)] },
              },
            ],
          },
        },
        {
          kind: 'insertSelect',
          table: t,
          columns: ['id', 'a'],
          select: {
            columns: [{ expression: compare('id', '+', 10), label: 'n' }, { expression: inTable('a') }],
            from: [t],
            where: { kind: 'binary', operator: '=', left: inTable('b'), right: { kind: 'constant', value: false } },
          },
        },
        { kind: 'update', table: t, set: [{ column: 'a', value: 'z' }], where: compare('id', '=', 13) },
      ],
    },
    {
      name: 'a parameter without a value',
      python: `op.execute("SELECT :x")`,
      operations: [{ kind: 'execute', sql: 'SELECT :x' }],
    },
    {
      name: 'sequences',
      on: ['postgres'],
      python: `
op.execute(sa.schema.CreateSequence(sa.Sequence('s', start=5, increment=2)))
op.create_table('t', sa.Column('id', sa.Integer, sa.Sequence('s'), server_default=sa.Sequence('s').next_value(), primary_key=True))
op.execute(sa.schema.CreateSequence(sa.Sequence('u')))
op.execute(sa.schema.DropSequence(sa.Sequence('u')))`,
      operations: [
        { kind: 'createSequence', sequence: { name: 's' }, options: { start: 5, increment: 2 } },
        table('t', [
          col('id', int, {
            primaryKey: true,
            clientDefault: 'sequence',
            serverDefault: { kind: 'nextValue', sequence: 's' },
          }),
        ]),
        { kind: 'createSequence', sequence: { name: 'u' } },
        { kind: 'dropSequence', sequence: { name: 'u' } },
      ],
    },
  ],
}
