import type { DialectName } from '../dialects/dialect-name.ts'
import type { TableName } from '../schema/table.ts'
import { isReserved, isReservedForTypes } from './reserved-words.ts'

/** A name as SQL: quoted only where it has to be (SQLAlchemy's IdentifierPreparer has the same rule). */
export function quoteName(name: string, dialect: DialectName): string {
  return isPlain(name) && !isReserved(name, dialect) ? name : always(name, dialect)
}

/** A table, with its schema. */
export function quoteTable({ name, schema }: TableName, dialect: DialectName): string {
  const table = quoteName(name, dialect)
  return schema === undefined ? table : `${quoteSchema(schema, dialect)}.${table}`
}

/** `a.b` names two things, a database and a schema. */
export function quoteSchema(schema: string, dialect: DialectName): string {
  return schema
    .split('.')
    .map((part) => quoteName(part, dialect))
    .join('.')
}

/** The name of a type of PostgreSQL's. */
export function quoteType({ name, schema }: TableName): string {
  const type = isPlain(name) && !isReservedForTypes(name) ? name : always(name, 'postgres')
  return schema === undefined ? type : `${quoteSchema(schema, 'postgres')}.${type}`
}

function isPlain(name: string): boolean {
  return /^[a-z_][a-z0-9_$]*$/.test(name)
}

function always(name: string, dialect: DialectName): string {
  const mark = dialect === 'mysql' ? '`' : '"'
  return mark + name.replaceAll(mark, mark + mark) + mark
}
