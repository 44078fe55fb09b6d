import { precisionText } from './common-types.ts'

type Rewrite = (numbers: readonly number[]) => string

const plain =
  (name: string): Rewrite =>
  () =>
    name
const sized =
  (name: string): Rewrite =>
  ([length]) =>
    name + (length ? `(${length})` : '')
const precise =
  (name: string): Rewrite =>
  ([precision, scale]) =>
    name + precisionText(precision, scale)

/** What SQLAlchemy makes of a type name of SQLite's, and writes into the rebuilt table (dialects/sqlite/base.py, ischema_names). */
const known: { readonly [name: string]: Rewrite } = {
  BIGINT: plain('BIGINT'),
  BLOB: plain('BLOB'),
  BOOL: plain('BOOLEAN'),
  BOOLEAN: plain('BOOLEAN'),
  CHAR: sized('CHAR'),
  DATE: plain('DATE'),
  DATE_CHAR: plain('DATE'),
  DATETIME: plain('DATETIME'),
  DATETIME_CHAR: plain('DATETIME'),
  DOUBLE: plain('FLOAT'),
  DECIMAL: precise('DECIMAL'),
  FLOAT: plain('FLOAT'),
  INT: plain('INTEGER'),
  INTEGER: plain('INTEGER'),
  JSON: plain('JSON'),
  NUMERIC: precise('NUMERIC'),
  REAL: plain('REAL'),
  SMALLINT: plain('SMALLINT'),
  TEXT: sized('TEXT'),
  TIME: plain('TIME'),
  TIME_CHAR: plain('TIME'),
  TIMESTAMP: plain('TIMESTAMP'),
  VARCHAR: sized('VARCHAR'),
  NVARCHAR: sized('NVARCHAR'),
  NCHAR: sized('NCHAR'),
}

/** SQLiteDialect._resolve_type_affinity. A type without affinity (BLOB-like, none) becomes no type at all. */
export function reflectTypeText(text: string): string {
  const [, name = '', list = ''] = /^([\w ]+)(\(.*?\))?/.exec(text.toUpperCase()) ?? []
  const numbers = (list.match(/\d+/g) ?? []).map(Number)
  return (known[name] ?? byAffinity(name))(numbers)
}

function byAffinity(name: string): Rewrite {
  if (name.includes('INT')) return plain('INTEGER')
  if (/CHAR|CLOB|TEXT/.test(name)) return sized('TEXT')
  if (name.includes('BLOB') || name === '') return plain('')
  return /REAL|FLOA|DOUB/.test(name) ? plain('REAL') : precise('NUMERIC')
}
