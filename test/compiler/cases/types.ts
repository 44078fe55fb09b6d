import type { DialectName } from '../../../lib/dialects/dialect-name.ts'
import type { TypeSpec } from '../../../lib/schema/type-spec.ts'
import { type } from '../../../lib/schema/type-spec.ts'
import type { Case, Group } from '../case.ts'
import { col, from, id, int, str, table } from './short.ts'

type Row = readonly [python: string, spec: TypeSpec]

function oneTable(name: string, rows: readonly Row[], on?: readonly DialectName[], more: Partial<Case> = {}): Case {
  const python = rows.map(([p], n) => `    sa.Column('c${n}', ${p}),`)
  return {
    name,
    python: `op.create_table('t', sa.Column('id', sa.Integer, primary_key=True),\n${python.join('\n')}\n)`,
    operations: [table('t', [id, ...rows.map(([, spec], n) => col(`c${n}`, spec))])],
    ...(on && { on }),
    ...more,
  }
}

/** Each of these is an error somewhere: one a case. */
function each(rows: readonly Row[], on?: readonly DialectName[], more: Partial<Case> = {}): readonly Case[] {
  return rows.map((row) => oneTable(row[0].replace(/['"]/g, ''), [row], on, more))
}

const generic: readonly Row[] = [
  ['sa.Integer()', int],
  ['sa.SmallInteger()', type('SmallInteger')],
  ['sa.BigInteger()', type('BigInteger')],
  ['sa.Numeric()', type('Numeric')],
  ['sa.Numeric(10, 2)', type('Numeric', { precision: 10, scale: 2 })],
  ['sa.Numeric(12)', type('Numeric', { precision: 12 })],
  ['sa.DECIMAL(8, 3)', type('DECIMAL', { precision: 8, scale: 3 })],
  ['sa.Float()', type('Float')],
  ['sa.Float(53)', type('Float', { precision: 53 })],
  ['sa.REAL()', type('REAL')],
  ['sa.String(30)', str(30)],
  ['sa.Unicode(30)', type('Unicode', { length: 30 })],
  ['sa.Text()', type('Text')],
  ['sa.UnicodeText()', type('UnicodeText')],
  ['sa.VARCHAR(5)', type('VARCHAR', { length: 5 })],
  ['sa.CHAR(5)', type('CHAR', { length: 5 })],
  ['sa.CHAR()', type('CHAR')],
  ['sa.NCHAR(5)', type('NCHAR', { length: 5 })],
  ['sa.LargeBinary()', type('LargeBinary')],
  ['sa.Boolean()', type('Boolean')],
  ['sa.BOOLEAN()', type('BOOLEAN')],
  ['sa.Date()', type('Date')],
  ['sa.DateTime()', type('DateTime')],
  ['sa.DateTime(timezone=True)', type('DateTime', { timezone: true })],
  ['sa.TIMESTAMP()', type('TIMESTAMP')],
  ['sa.TIMESTAMP(timezone=True)', type('TIMESTAMP', { timezone: true })],
  ['sa.Time()', type('Time')],
  ['sa.Time(timezone=True)', type('Time', { timezone: true })],
  ['sa.Interval()', type('Interval')],
  ["sa.Enum('a', 'bcd', name='color')", type('Enum', { values: ['a', 'bcd'], name: 'color' })],
  ["sa.Enum('x', 'y', native_enum=False)", type('Enum', { values: ['x', 'y'], nativeEnum: false })],
  [
    "sa.Enum('x', 'y', native_enum=False, length=20)",
    type('Enum', { values: ['x', 'y'], nativeEnum: false, length: 20 }),
  ],
  ['sa.JSON()', type('JSON')],
  ['sa.PickleType()', type('PickleType')],
  ['sa.INTEGER()', type('INTEGER')],
  ['sa.SMALLINT()', type('SMALLINT')],
  ['sa.BIGINT()', type('BIGINT')],
  ['sa.FLOAT()', type('FLOAT')],
  ['sa.NUMERIC(6, 1)', type('NUMERIC', { precision: 6, scale: 1 })],
  ['sa.TEXT()', type('TEXT')],
  ['sa.DATE()', type('DATE')],
  ['sa.TIME()', type('TIME')],
  [
    "sa.Enum('it''s', 'b\"c', name='odd')".replace("'it''s'", '"it\'s"'),
    type('Enum', { values: ["it's", 'b"c'], name: 'odd' }),
  ],
  [
    "sa.String(5).with_variant(sa.Text(), 'postgresql').with_variant(mysql.LONGTEXT(), 'mysql')",
    { ...str(5), variants: { postgres: type('Text'), mysql: from('mysql', 'LONGTEXT') } },
  ],
]

const postgres: readonly Row[] = [
  ['postgresql.JSONB()', from('postgres', 'JSONB')],
  ['postgresql.JSON()', from('postgres', 'JSON')],
  ['postgresql.UUID()', from('postgres', 'UUID')],
  ['postgresql.UUID(as_uuid=True)', from('postgres', 'UUID')],
  ['postgresql.ARRAY(sa.Integer())', from('postgres', 'ARRAY', { item: int })],
  ['postgresql.ARRAY(sa.String(10), dimensions=2)', from('postgres', 'ARRAY', { item: str(10), dimensions: 2 })],
  ['sa.ARRAY(sa.Text())', type('ARRAY', { item: type('Text') })],
  [
    "postgresql.ARRAY(sa.Enum('p', 'q', name='pq'))",
    from('postgres', 'ARRAY', { item: type('Enum', { values: ['p', 'q'], name: 'pq' }) }),
  ],
  ['postgresql.TSVECTOR()', from('postgres', 'TSVECTOR')],
  ['postgresql.INET()', from('postgres', 'INET')],
  ['postgresql.CIDR()', from('postgres', 'CIDR')],
  ['postgresql.MACADDR()', from('postgres', 'MACADDR')],
  ['postgresql.MONEY()', from('postgres', 'MONEY')],
  ['postgresql.OID()', from('postgres', 'OID')],
  ['postgresql.REGCLASS()', from('postgres', 'REGCLASS')],
  ['postgresql.BIT()', from('postgres', 'BIT')],
  ['postgresql.BIT(5)', from('postgres', 'BIT', { length: 5 })],
  ['postgresql.BIT(varying=True)', from('postgres', 'BIT', { varying: true })],
  ['postgresql.BYTEA()', from('postgres', 'BYTEA')],
  ['postgresql.INT4RANGE()', from('postgres', 'INT4RANGE')],
  ['postgresql.TSTZRANGE()', from('postgres', 'TSTZRANGE')],
  ['postgresql.DOUBLE_PRECISION()', from('postgres', 'DOUBLE_PRECISION')],
  ['postgresql.TIMESTAMP(precision=3)', from('postgres', 'TIMESTAMP', { precision: 3 })],
  ['postgresql.TIMESTAMP(timezone=True, precision=0)', from('postgres', 'TIMESTAMP', { timezone: true, precision: 0 })],
  ['postgresql.TIME(precision=2)', from('postgres', 'TIME', { precision: 2 })],
  ['postgresql.INTERVAL()', from('postgres', 'INTERVAL')],
  [
    "postgresql.INTERVAL(fields='DAY TO SECOND', precision=2)",
    from('postgres', 'INTERVAL', { fields: 'DAY TO SECOND', precision: 2 }),
  ],
  ['sa.Interval(second_precision=3)', type('Interval', { precision: 3 })],
  ["postgresql.ENUM('m', 'n', name='mn')", from('postgres', 'ENUM', { values: ['m', 'n'], name: 'mn' })],
  ["sa.String(5, collation='C')", type('String', { length: 5, collation: 'C' })],
  ["sa.Text(collation='de-x-icu')", type('Text', { collation: 'de-x-icu' })],
  [
    "postgresql.ARRAY(sa.String(5, collation='C'))",
    from('postgres', 'ARRAY', { item: type('String', { length: 5, collation: 'C' }) }),
  ],
]

const mysql: readonly Row[] = [
  ['mysql.TINYINT(1)', from('mysql', 'TINYINT', { displayWidth: 1 })],
  ['mysql.TINYINT(unsigned=True)', from('mysql', 'TINYINT', { unsigned: true })],
  ['mysql.INTEGER(11)', from('mysql', 'INTEGER', { displayWidth: 11 })],
  [
    'mysql.INTEGER(10, unsigned=True, zerofill=True)',
    from('mysql', 'INTEGER', { displayWidth: 10, unsigned: true, zerofill: true }),
  ],
  ['mysql.SMALLINT(6)', from('mysql', 'SMALLINT', { displayWidth: 6 })],
  ['mysql.MEDIUMINT(unsigned=True)', from('mysql', 'MEDIUMINT', { unsigned: true })],
  ['mysql.BIGINT(20, unsigned=True)', from('mysql', 'BIGINT', { displayWidth: 20, unsigned: true })],
  ['mysql.DECIMAL(10, 2, unsigned=True)', from('mysql', 'DECIMAL', { precision: 10, scale: 2, unsigned: true })],
  ['mysql.DOUBLE()', from('mysql', 'DOUBLE')],
  ['mysql.DOUBLE(10, 3)', from('mysql', 'DOUBLE', { precision: 10, scale: 3 })],
  ['mysql.FLOAT(8, 2)', from('mysql', 'FLOAT', { precision: 8, scale: 2 })],
  ['mysql.FLOAT()', from('mysql', 'FLOAT')],
  ['mysql.BIT(4)', from('mysql', 'BIT', { length: 4 })],
  ['mysql.TINYTEXT()', from('mysql', 'TINYTEXT')],
  ["mysql.MEDIUMTEXT(charset='latin1')", from('mysql', 'MEDIUMTEXT', { charset: 'latin1' })],
  ["mysql.LONGTEXT(collation='utf8mb4_bin')", from('mysql', 'LONGTEXT', { collation: 'utf8mb4_bin' })],
  [
    "mysql.VARCHAR(20, charset='utf8mb4', collation='utf8mb4_general_ci')",
    from('mysql', 'VARCHAR', { length: 20, charset: 'utf8mb4', collation: 'utf8mb4_general_ci' }),
  ],
  ["sa.String(9, collation='utf8mb4_bin')", type('String', { length: 9, collation: 'utf8mb4_bin' })],
  ['mysql.CHAR(36)', from('mysql', 'CHAR', { length: 36 })],
  ['mysql.NVARCHAR(7)', from('mysql', 'NVARCHAR', { length: 7 })],
  ['mysql.TINYBLOB()', from('mysql', 'TINYBLOB')],
  ['mysql.MEDIUMBLOB()', from('mysql', 'MEDIUMBLOB')],
  ['mysql.LONGBLOB()', from('mysql', 'LONGBLOB')],
  ['sa.LargeBinary(300)', type('LargeBinary', { length: 300 })],
  ['sa.LargeBinary(70000)', type('LargeBinary', { length: 70000 })],
  ['sa.Text(70000)', type('Text', { length: 70000 })],
  ['mysql.YEAR()', from('mysql', 'YEAR')],
  ['mysql.DATETIME(fsp=6)', from('mysql', 'DATETIME', { fsp: 6 })],
  ['mysql.TIMESTAMP(fsp=3)', from('mysql', 'TIMESTAMP', { fsp: 3 })],
  ['mysql.TIME(fsp=2)', from('mysql', 'TIME', { fsp: 2 })],
  ["mysql.SET('a', 'b')", from('mysql', 'SET', { values: ['a', 'b'] })],
  ["mysql.ENUM('a', 'b')", from('mysql', 'ENUM', { values: ['a', 'b'] })],
  ["mysql.ENUM('a', 'b', charset='latin1')", from('mysql', 'ENUM', { values: ['a', 'b'], charset: 'latin1' })],
  ['mysql.JSON()', from('mysql', 'JSON')],
  ['mysql.VARBINARY(16)', from('mysql', 'VARBINARY', { length: 16 })],
  ['sa.BINARY(16)', type('BINARY', { length: 16 })],
]

const sqlite: readonly Row[] = [
  ['sqlite.JSON()', from('sqlite', 'JSON')],
  ['sqlite.DATETIME()', from('sqlite', 'DATETIME')],
  ['sqlite.DATE()', from('sqlite', 'DATE')],
  ['sa.BLOB()', type('BLOB')],
  ['sa.CLOB()', type('CLOB')],
  ['sa.NVARCHAR(5)', type('NVARCHAR', { length: 5 })],
  ['sa.String()', type('String')],
  ['sa.DATETIME()', type('DATETIME')],
  ["sa.String(5, collation='NOCASE')", type('String', { length: 5, collation: 'NOCASE' })],
  ['sa.VARBINARY(3)', type('VARBINARY', { length: 3 })],
]

/** What only some of the databases know. */
const strangers: readonly Row[] = [
  ['sa.String()', type('String')],
  ['sa.DATETIME()', type('DATETIME')],
  ['sa.NVARCHAR(5)', type('NVARCHAR', { length: 5 })],
  ['sa.CLOB()', type('CLOB')],
  ['sa.BLOB()', type('BLOB')],
  ['postgresql.JSONB()', from('postgres', 'JSONB')],
  ['postgresql.UUID()', from('postgres', 'UUID')],
  ['postgresql.ARRAY(sa.Integer())', from('postgres', 'ARRAY', { item: int })],
  ['sa.ARRAY(sa.Integer())', type('ARRAY', { item: int })],
  ['postgresql.TIMESTAMP()', from('postgres', 'TIMESTAMP')],
  ['postgresql.BYTEA()', from('postgres', 'BYTEA')],
  ['postgresql.INET()', from('postgres', 'INET')],
  ["postgresql.ENUM('m', 'n', name='mn')", from('postgres', 'ENUM', { values: ['m', 'n'], name: 'mn' })],
  ['postgresql.DOUBLE_PRECISION()', from('postgres', 'DOUBLE_PRECISION')],
  ['postgresql.INTERVAL()', from('postgres', 'INTERVAL')],
  ['mysql.TINYINT(1)', from('mysql', 'TINYINT', { displayWidth: 1 })],
  ['mysql.INTEGER(11)', from('mysql', 'INTEGER', { displayWidth: 11 })],
  ['mysql.VARCHAR(20)', from('mysql', 'VARCHAR', { length: 20 })],
  ['mysql.DATETIME(fsp=6)', from('mysql', 'DATETIME', { fsp: 6 })],
  ['mysql.TIMESTAMP(fsp=6)', from('mysql', 'TIMESTAMP', { fsp: 6 })],
  ['mysql.LONGTEXT()', from('mysql', 'LONGTEXT')],
  ['mysql.DOUBLE()', from('mysql', 'DOUBLE')],
  ["mysql.ENUM('a', 'b', name='mab')", from('mysql', 'ENUM', { values: ['a', 'b'], name: 'mab' })],
  ["sa.Enum('a', 'b')", type('Enum', { values: ['a', 'b'] })],
  ['sa.VARBINARY(3)', type('VARBINARY', { length: 3 })],
  ['sqlite.JSON()', from('sqlite', 'JSON')],
]

const since2: readonly Row[] = [
  ['sa.Uuid()', type('Uuid')],
  ['sa.Uuid(native_uuid=False)', type('Uuid', { nativeUuid: false })],
  ['sa.UUID()', type('UUID')],
  ['sa.Double()', type('Double')],
  ['sa.DOUBLE()', type('DOUBLE')],
  ['sa.DOUBLE_PRECISION()', type('DOUBLE_PRECISION')],
  ['postgresql.UUID()', from('postgres', 'UUID')],
  ['postgresql.CITEXT()', from('postgres', 'CITEXT')],
  ['postgresql.DOUBLE_PRECISION()', from('postgres', 'DOUBLE_PRECISION')],
  ['mysql.DOUBLE()', from('mysql', 'DOUBLE')],
  ['postgresql.JSONB()', from('postgres', 'JSONB')],
  ['postgresql.TSQUERY()', from('postgres', 'TSQUERY')],
  ['postgresql.INT4MULTIRANGE()', from('postgres', 'INT4MULTIRANGE')],
]

export const types: Group = {
  name: 'types',
  cases: [
    oneTable('the types of SQLAlchemy', generic),
    oneTable('the types of postgresql', postgres, ['postgres']),
    oneTable('the types of mysql', mysql, ['mysql']),
    oneTable('the types of sqlite', sqlite, ['sqlite']),
  ],
}

/** SQLAlchemy 2 stops at postgresql's making of a type for mysql.ENUM. */
const foreign = each(strangers).map((c): Case => (c.name.startsWith('mysql.ENUM') ? { ...c, beyond: ['postgres'] } : c))
export const foreignTypes: Group = { name: 'foreign-types', cases: foreign }
export const newTypes: Group = { name: 'new-types', cases: each(since2, undefined, { sqlalchemy: '2.0' }) }
