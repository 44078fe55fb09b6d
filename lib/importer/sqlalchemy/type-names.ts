import type { TypeOrigin } from '../../schema/type-spec.ts'

/** Which types each module of SQLAlchemy has of its own; the other names of a dialect are the common ones. */

const common = [
  'ARRAY BIGINT BINARY BLOB BOOLEAN BigInteger Boolean CHAR CLOB DATE DATETIME DECIMAL DOUBLE DOUBLE_PRECISION Date',
  'DateTime Double Enum FLOAT Float INTEGER Integer Interval JSON LargeBinary NCHAR NUMERIC NVARCHAR Numeric PickleType',
  'REAL SMALLINT SmallInteger String TEXT TIME TIMESTAMP Text Time TupleType TypeDecorator UUID Unicode UnicodeText Uuid',
  'VARBINARY VARCHAR',
]
const commonOfTypes = 'ExternalType Indexable MatchType NullType SchemaType TypeEngine UserDefinedType Concatenable'

const own: Readonly<Record<Exclude<TypeOrigin, 'sqlalchemy'>, string>> = {
  postgres: [
    'ARRAY BIT BYTEA CIDR CITEXT DATEMULTIRANGE DATERANGE DOMAIN DOUBLE_PRECISION ENUM HSTORE INET INT4MULTIRANGE',
    'INT4RANGE INT8MULTIRANGE INT8RANGE INTERVAL JSON JSONB JSONPATH MACADDR MACADDR8 MONEY NUMMULTIRANGE NUMRANGE OID',
    'REGCLASS REGCONFIG TIME TIMESTAMP TSMULTIRANGE TSQUERY TSRANGE TSTZMULTIRANGE TSTZRANGE TSVECTOR UUID',
  ].join(' '),
  mysql: [
    'BIGINT BIT CHAR DATETIME DECIMAL DOUBLE ENUM FLOAT INTEGER JSON LONGBLOB LONGTEXT MEDIUMBLOB MEDIUMINT MEDIUMTEXT',
    'NCHAR NUMERIC NVARCHAR REAL SET SMALLINT TEXT TIME TIMESTAMP TINYBLOB TINYINT TINYTEXT VARCHAR YEAR',
  ].join(' '),
  sqlite: 'DATE DATETIME JSON TIME',
  mssql: [
    'BIT DATETIME2 DATETIMEOFFSET DOUBLE_PRECISION IMAGE JSON MONEY NTEXT REAL ROWVERSION SMALLDATETIME SMALLMONEY',
    'SQL_VARIANT TIME TIMESTAMP TINYINT UNIQUEIDENTIFIER VARBINARY XML',
  ].join(' '),
  oracle:
    'BFILE BINARY_DOUBLE BINARY_FLOAT DATE DOUBLE_PRECISION INTERVAL LONG NCLOB NUMBER RAW ROWID TIMESTAMP VARCHAR2',
}

/** Another name for the same class. */
const aliases: Readonly<Record<string, string>> = { INT: 'INTEGER', NVARCHAR2: 'NVARCHAR', Binary: 'LargeBinary' }

export interface TypeName {
  readonly name: string
  readonly kind: string
  readonly origin: TypeOrigin
}

function names(words: string, origin: TypeOrigin): readonly TypeName[] {
  return words.split(' ').map((kind) => ({ name: kind, kind, origin }))
}

const aliased: readonly TypeName[] = Object.entries(aliases).map(([name, kind]) => ({
  name,
  kind,
  origin: 'sqlalchemy',
}))

export const commonTypeNames: readonly TypeName[] = [
  ...names(common.join(' '), 'sqlalchemy'),
  ...aliased.filter(({ name }) => name !== 'NVARCHAR2'),
]
export const allCommonTypeNames: readonly TypeName[] = [...commonTypeNames, ...names(commonOfTypes, 'sqlalchemy')]

/** The names in capitals are in every dialect's module, its own ones and those that it takes from the common ones. */
export function dialectTypeNames(dialect: Exclude<TypeOrigin, 'sqlalchemy'>): readonly TypeName[] {
  const mine = names(own[dialect], dialect)
  const has = new Set(mine.map(({ name }) => name))
  const shared = [...commonTypeNames, ...aliased].filter(({ name }) => name === name.toUpperCase() && !has.has(name))
  return [...mine, ...shared]
}

const parents: Readonly<Record<string, string>> = {
  ...under('Integer', 'SmallInteger BigInteger INTEGER MEDIUMINT TINYINT'),
  ...under('SmallInteger', 'SMALLINT'),
  ...under('BigInteger', 'BIGINT'),
  ...under('Numeric', 'Float NUMERIC DECIMAL NUMBER'),
  ...under('Float', 'FLOAT REAL Double BINARY_DOUBLE BINARY_FLOAT'),
  ...under('Double', 'DOUBLE DOUBLE_PRECISION'),
  ...under('String', 'Text Unicode VARCHAR CHAR Enum TINYTEXT MEDIUMTEXT LONGTEXT SET CITEXT'),
  ...under('Text', 'UnicodeText TEXT CLOB NCLOB LONG XML'),
  ...under('UnicodeText', 'NTEXT'),
  ...under('Unicode', 'NVARCHAR NCHAR'),
  ...under('VARCHAR', 'VARCHAR2'),
  ...under('Enum', 'ENUM'),
  ...under('Boolean', 'BOOLEAN MatchType BIT'),
  ...under('Date', 'DATE'),
  ...under('DateTime', 'DATETIME TIMESTAMP DATETIME2 DATETIMEOFFSET SMALLDATETIME'),
  ...under('Time', 'TIME'),
  ...under('Interval', 'INTERVAL'),
  ...under('LargeBinary', 'BLOB BYTEA IMAGE BFILE'),
  ...under('_Binary', 'LargeBinary BINARY VARBINARY TINYBLOB MEDIUMBLOB LONGBLOB RAW'),
  ...under('JSON', 'JSONB'),
  ...under('Uuid', 'UUID'),
}

function under(parent: string, kinds: string): Readonly<Record<string, string>> {
  return Object.fromEntries(kinds.split(' ').map((kind) => [kind, parent]))
}

/** `issubclass` among the types of SQLAlchemy. */
export function isTypeOf(type: Pick<TypeName, 'kind' | 'origin'>, of: Pick<TypeName, 'kind' | 'origin'>): boolean {
  if (of.kind === 'TypeEngine') return true
  if (of.kind === 'SchemaType') return ['Enum', 'ENUM', 'Boolean', 'BOOLEAN', 'DOMAIN'].includes(type.kind)
  for (let kind: string | undefined = type.kind; kind !== undefined; kind = parents[kind]) {
    if (kind === of.kind) return of.origin === 'sqlalchemy' || of.origin === type.origin
  }
  return false
}
