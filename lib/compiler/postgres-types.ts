import { type TypeArguments, typeOn } from '../schema/type-spec.ts'
import { unknowable } from '../schema/unknowable.ts'
import { commonTypes, enumAsVarchar, plain, same } from './common-types.ts'
import { quoteType } from './quote.ts'
import { renderType, type TypeWriters } from './type-names.ts'

const {
  DATETIME: _1,
  CLOB: _2,
  NCLOB: _3,
  NVARCHAR: _4,
  BLOB: _5,
  BINARY: _6,
  VARBINARY: _7,
  DOUBLE: _8,
  ...common
} = commonTypes

const moment =
  (name: string): TypeWriters[string] =>
  ({ precision, timezone }) =>
    `${name}${precision === undefined ? '' : `(${precision})`} ${timezone ? 'WITH' : 'WITHOUT'} TIME ZONE`

const float: TypeWriters[string] = ({ precision }) => (precision ? `FLOAT(${precision})` : 'FLOAT')

function interval({ fields, precision }: TypeArguments): string {
  return `INTERVAL${fields === undefined ? '' : ` ${fields}`}${precision === undefined ? '' : ` (${precision})`}`
}

function namedType({ name, schema }: TypeArguments): string {
  if (name === undefined) return unknowable('an ENUM of PostgreSQL needs a name')
  return quoteType(schema === undefined ? { name } : { name, schema })
}

function bits({ varying, length }: TypeArguments): string {
  const size = length === undefined ? '' : `(${length})`
  return varying ? `BIT VARYING${size}` : `BIT(${length ?? 1})`
}

const asItself = [
  ...['TSVECTOR', 'TSQUERY', 'INET', 'CIDR', 'MACADDR', 'MACADDR8', 'MONEY', 'OID', 'REGCLASS', 'REGCONFIG', 'HSTORE'],
  ...[
    'JSONB',
    'JSONPATH',
    'BYTEA',
    'CITEXT',
    'INT4RANGE',
    'INT8RANGE',
    'NUMRANGE',
    'DATERANGE',
    'TSRANGE',
    'TSTZRANGE',
  ],
  ...['INT4MULTIRANGE', 'INT8MULTIRANGE', 'NUMMULTIRANGE', 'DATEMULTIRANGE', 'TSMULTIRANGE', 'TSTZMULTIRANGE'],
]

/** PGTypeCompiler (sqlalchemy/dialects/postgresql/base.py). */
export const postgresTypes: TypeWriters = {
  ...common,
  ...Object.fromEntries(asItself.map((kind) => [kind, plain(kind)])),
  ...same('BYTEA', 'LargeBinary', 'PickleType'),
  ...same('DOUBLE PRECISION', 'Double', 'DOUBLE_PRECISION'),
  DateTime: moment('TIMESTAMP'),
  TIMESTAMP: moment('TIMESTAMP'),
  Time: moment('TIME'),
  TIME: moment('TIME'),
  Float: float,
  FLOAT: float,
  Interval: ({ precision, native = true }) =>
    native
      ? interval(precision === undefined ? {} : { precision })
      : moment('TIMESTAMP')!({}, { dialect: 'postgres' }, { kind: 'TIMESTAMP' }),
  INTERVAL: interval,
  BIT: bits,
  Uuid: ({ nativeUuid = true }) => (nativeUuid ? 'UUID' : 'CHAR(32)'),
  Enum: (args) => (args.nativeEnum === false ? enumAsVarchar(args) : namedType(args)),
  ENUM: (args) => (args.nativeEnum === false ? enumAsVarchar(args) : namedType(args)),
  DOMAIN: namedType,
  ARRAY: ({ item, dimensions = 1 }, target) => {
    const inner = renderType(typeOn(item ?? unknowable('an ARRAY without its item type'), 'postgres'), target)
    return inner.replace(/( COLLATE.*)?$/, (collation) => '[]'.repeat(dimensions) + collation)
  },
}
