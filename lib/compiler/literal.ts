import type { DialectName } from '../dialects/dialect-name.ts'
import type { Literal } from '../schema/expression.ts'
import type { TypeSpec } from '../schema/type-spec.ts'
import { typeFamily } from '../schema/type-spec.ts'
import { unknowable } from '../schema/unknowable.ts'

/** A string as SQL. MySQL reads backslashes in it, the others do not (standard_conforming_strings). */
export function quoteString(text: string, dialect: DialectName): string {
  if (text.includes('\0')) return unknowable('a string with a NUL character cannot be written as SQL')
  const escaped = text.replaceAll("'", "''")
  return `'${dialect === 'mysql' ? escaped.replaceAll('\\', '\\\\') : escaped}'`
}

/** A value as the drivers of SQLAlchemy would send it; the type of the column decides where there is one. */
export function renderLiteral(value: Literal, dialect: DialectName, type?: TypeSpec): string {
  if (type) return renderTyped(value, dialect, type)
  if (value === null) return 'NULL'
  if (typeof value === 'boolean') return renderBoolean(value, dialect)
  if (typeof value === 'number') return renderNumber(value, dialect)
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'string') return quoteString(value, dialect)
  if (Array.isArray(value)) return renderList(value as readonly Literal[], dialect)
  return renderSpecial(value as Special, dialect)
}

type Special = Extract<Literal, { readonly kind: string }>

function renderBoolean(value: boolean, dialect: DialectName): string {
  return dialect === 'postgres' ? String(value) : value ? '1' : '0'
}

function renderNumber(value: number, dialect: DialectName): string {
  if (Number.isFinite(value)) return String(value)
  return dialect === 'postgres' ? `'${String(value)}'` : unknowable(`${value} cannot be written as SQL`)
}

function renderSpecial(value: Special, dialect: DialectName): string {
  switch (value.kind) {
    case 'decimal':
      return value.text
    case 'bytes':
      return dialect === 'postgres' ? `'\\x${value.hex}'` : `X'${value.hex}'`
    case 'interval':
      return dialect === 'postgres'
        ? quoteString(daysAndSeconds(value.seconds), dialect)
        : quoteString(sinceEpoch(value.seconds, dialect), dialect)
    default:
      return quoteString(value.text, dialect)
  }
}

function renderList(values: readonly Literal[], dialect: DialectName): string {
  if (dialect !== 'postgres') return unknowable(`a list cannot be a value on ${dialect}`)
  if (values.length === 0) return "'{}'"
  return `ARRAY[${values.map((value) => renderLiteral(value, dialect)).join(', ')}]`
}

function renderTyped(value: Literal, dialect: DialectName, type: TypeSpec): string {
  const family = typeFamily(type)
  if (family === 'json') return renderJson(value, dialect)
  if (value === null) return 'NULL'
  if (family === 'boolean' && isBit(value)) return renderBoolean(Number(value) === 1, dialect)
  if (family === 'uuid') return renderUuid(value, dialect, type)
  if (dialect === 'sqlite' && typeof value === 'object' && 'kind' in value) return renderSqliteMoment(value, family)
  return renderLiteral(value, dialect)
}

/** Whole numbers of a script are bigints. */
function isBit(value: Literal): value is number | bigint {
  return (typeof value === 'number' || typeof value === 'bigint') && (Number(value) === 0 || Number(value) === 1)
}

/** sa.JSON writes None as JSON's null, and a string as a JSON string. */
function renderJson(value: Literal, dialect: DialectName): string {
  if (typeof value === 'object' && value !== null && 'kind' in value) return renderLiteral(value, dialect)
  return quoteString(
    JSON.stringify(value, (_, v) => (typeof v === 'bigint' ? Number(v) : v)),
    dialect,
  )
}

/** Uuid without a native type is CHAR(32) without hyphens; `UUID` of the databases takes the usual text. */
function renderUuid(value: Literal, dialect: DialectName, type: TypeSpec): string {
  const text = typeof value === 'string' ? value : (value as { readonly text?: string }).text
  if (text === undefined) return renderLiteral(value, dialect)
  const bare = type.kind === 'Uuid' && dialect !== 'postgres'
  return quoteString(bare ? text.replaceAll('-', '') : text, dialect)
}

/** SQLite's DateTime and Time always write six digits of a second, and no offset (sqlalchemy/dialects/sqlite/base.py, DATETIME). */
function renderSqliteMoment(value: Special, family: string): string {
  if (value.kind === 'date' && family === 'datetime') return quoteString(`${value.text} 00:00:00.000000`, 'sqlite')
  if (value.kind === 'datetime' && family === 'date') return quoteString(value.text.slice(0, 10), 'sqlite')
  if (value.kind !== 'datetime' && value.kind !== 'time') return renderLiteral(value, 'sqlite')
  const [, whole = value.text, fraction = ''] =
    /^(.*?\d\d:\d\d:\d\d)(?:\.(\d+))?/.exec(value.text.replace('T', ' ')) ?? []
  return quoteString(`${whole}.${fraction.padEnd(6, '0')}`, 'sqlite')
}

/** A timedelta as psycopg2 sends it: days are not 24 hours to PostgreSQL. */
function daysAndSeconds(seconds: number): string {
  const days = Math.floor(seconds / 86400)
  return `${days} days ${Number((seconds - days * 86400).toFixed(6))} seconds`
}

function sinceEpoch(seconds: number, dialect: DialectName): string {
  const iso = new Date(Math.round(seconds * 1000)).toISOString().replace('T', ' ').replace('Z', '')
  return dialect === 'sqlite' ? `${iso}000` : iso.replace(/\.000$/, '')
}
