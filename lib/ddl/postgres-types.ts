import { rawType, type TypeSpec, type } from '../schema/type-spec.ts'
import type { Reader } from './reader.ts'
import type { ReadType } from './types.ts'

/** Names without arguments, by the kinds that they are. */
const plain: { readonly [name: string]: string } = {
  int: 'INTEGER',
  integer: 'INTEGER',
  int4: 'INTEGER',
  smallint: 'SMALLINT',
  int2: 'SMALLINT',
  bigint: 'BIGINT',
  int8: 'BIGINT',
  text: 'TEXT',
  date: 'DATE',
  real: 'REAL',
  float4: 'REAL',
  float8: 'DOUBLE_PRECISION',
  json: 'JSON',
}

/** The same, but known to the dialect of PostgreSQL alone. */
const own = new Set(
  'uuid jsonb bytea inet cidr macaddr macaddr8 money oid tsvector tsquery hstore citext int4range int8range numrange daterange tsrange tstzrange'.split(
    ' ',
  ),
)

const serials: { readonly [name: string]: string } = {
  serial: 'INTEGER',
  serial4: 'INTEGER',
  bigserial: 'BIGINT',
  serial8: 'BIGINT',
  smallserial: 'SMALLINT',
  serial2: 'SMALLINT',
}

export function postgresType(reader: Reader): ReadType {
  const from = reader.mark
  const serial = reader.token.kind === 'word' ? serials[reader.token.text.toLowerCase()] : undefined
  if (serial !== undefined) {
    reader.next()
    return { type: type(serial), serial: true }
  }
  const scalar = scalarType(reader)
  const dimensions = arrayDimensions(reader)
  const spec = dimensions > 0 ? type('ARRAY', { item: scalar, dimensions }, 'postgres') : scalar
  if (!reader.take('COLLATE')) return { type: spec }
  const collation = reader.path()
  const isText = ['TEXT', 'VARCHAR', 'CHAR'].includes(spec.kind) && collation.length === 1
  return { type: isText ? { ...spec, args: { ...spec.args, collation: collation[0]! } } : rawType(reader.text(from)) }
}

/** PostgreSQL forgets how many dimensions were written, and their sizes; the number is kept for what is shown. */
function arrayDimensions(reader: Reader): number {
  if (reader.take('ARRAY')) {
    if (reader.sees('[')) brackets(reader)
    return 1
  }
  let dimensions = 0
  for (; reader.sees('['); dimensions++) brackets(reader)
  return dimensions
}

function brackets(reader: Reader): void {
  reader.expect('[')
  if (!reader.sees(']')) reader.integer()
  reader.expect(']')
}

function scalarType(reader: Reader): TypeSpec {
  const from = reader.mark
  if (reader.sees('PG_CATALOG', '.')) {
    reader.next()
    reader.next()
    return scalarType(reader)
  }
  if (reader.token.kind === 'word' && !reader.ahead(1).text.startsWith('.')) {
    const known = standardType(reader)
    if (known) return known
    reader.back(from)
  }
  const plainName = reader.path()
  const name = plainName.length === 1 ? plainName[0]! : ''
  if (!reader.sees('(')) {
    if (own.has(name)) return type(name.toUpperCase(), undefined, 'postgres')
    if (Object.hasOwn(plain, name)) return type(plain[name]!)
  } else reader.skipGroup()
  return rawType(reader.text(from))
}

function standardType(reader: Reader): TypeSpec | undefined {
  const national = reader.take('NATIONAL')
  const word = reader.next().upper
  switch (word) {
    case 'DOUBLE':
      return reader.take('PRECISION') ? type('DOUBLE_PRECISION') : undefined
    case 'VARCHAR':
      return withLength(reader, 'VARCHAR')
    case 'CHARACTER':
    case 'CHAR':
    case 'NCHAR':
      return withLength(reader, reader.take('VARYING') ? 'VARCHAR' : 'CHAR')
    case 'BPCHAR':
      return reader.sees('(') ? withLength(reader, 'CHAR') : undefined
    case 'BOOLEAN':
    case 'BOOL':
      return type('BOOLEAN', { createConstraint: false })
    case 'NUMERIC':
    case 'DECIMAL':
    case 'DEC':
      return precise(reader)
    case 'FLOAT':
      return float(reader)
    case 'BIT':
      return bits(reader)
    case 'TIME':
    case 'TIMESTAMP':
      return moment(reader, word)
    case 'TIMETZ':
    case 'TIMESTAMPTZ':
      return moment(reader, word.slice(0, -2) as 'TIME' | 'TIMESTAMP', true)
    case 'INTERVAL':
      return interval(reader)
    default:
      return national ? reader.wrong('a type') : undefined
  }
}

function numbers(reader: Reader): readonly number[] {
  if (!reader.take('(')) return []
  const found = reader.list(() => reader.integer())
  reader.expect(')')
  return found
}

function withLength(reader: Reader, kind: string): TypeSpec {
  const [length] = numbers(reader)
  return length === undefined ? type(kind) : type(kind, { length })
}

function precise(reader: Reader): TypeSpec {
  const [precision, scale] = numbers(reader)
  if (precision === undefined) return type('NUMERIC')
  return type('NUMERIC', { precision, ...(scale !== undefined && { scale }) })
}

/** gram.y, opt_float: up to 24 bits are a REAL. */
function float(reader: Reader): TypeSpec {
  const [precision] = numbers(reader)
  return type(precision !== undefined && precision < 25 ? 'REAL' : 'DOUBLE_PRECISION')
}

function bits(reader: Reader): TypeSpec {
  const varying = reader.take('VARYING')
  const [length] = numbers(reader)
  return type('BIT', { ...(varying && { varying }), ...(length !== undefined && { length }) }, 'postgres')
}

function moment(reader: Reader, kind: 'TIME' | 'TIMESTAMP', short = false): TypeSpec {
  const [precision] = numbers(reader)
  const timezone = short || reader.take('WITH', 'TIME', 'ZONE')
  if (!timezone) reader.take('WITHOUT', 'TIME', 'ZONE')
  if (precision === undefined) return type(kind, timezone ? { timezone } : undefined)
  return type(kind, { precision, ...(timezone && { timezone }) }, 'postgres')
}

const units = ['YEAR', 'MONTH', 'DAY', 'HOUR', 'MINUTE', 'SECOND'] as const

function interval(reader: Reader): TypeSpec {
  const from = reader.mark
  if (reader.takeOne(...units) && reader.take('TO')) reader.takeOne(...units)
  const fields = reader.text(from).replace(/\s+/g, ' ').toUpperCase()
  const [precision] = numbers(reader)
  const args = { ...(fields !== '' && { fields }), ...(precision !== undefined && { precision }) }
  return type('INTERVAL', Object.keys(args).length > 0 ? args : undefined, 'postgres')
}
