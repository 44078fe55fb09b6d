import type { DialectName } from '../../dialects/dialect-name.ts'
import type { Schema, Table, TableName } from '../../schema/table.ts'
import { findTable, plainName } from '../../schema/table.ts'
import type { DbFact } from '../facts.ts'

/** What a schema that was kept says of a fact; undefined where it does not know. */
export function settledAt(schema: Schema, fact: DbFact, dialect: DialectName): boolean | undefined {
  if (fact.kind === 'rows') return undefined
  const table = findTable(schema, fact.table)
  if (!table) return undefined
  if (fact.kind === 'table') return true
  const alike = dialect === 'postgres' ? same : sameBlind
  const found = has(table, fact, alike)
  if (found) return true
  return table.unknown === undefined && table.assumed === undefined && fact.kind === 'column' ? false : undefined
}

function has(table: Table, fact: Exclude<DbFact, { readonly kind: 'rows' | 'table' }>, alike: typeof same): boolean {
  if (fact.kind === 'column') return table.columns.some(({ name }) => alike(name, fact.column))
  const named = fact.kind === 'index' ? table.indexes : table.constraints
  return named.some(({ name }) => plainName(name) !== undefined && alike(plainName(name)!, fact.name))
}

function same(a: string, b: string): boolean {
  return a === b
}

function sameBlind(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}

/** The table, where all of it is known. */
export function knownTable(schema: Schema, name: TableName): Table | undefined {
  const table = shapeOf(schema, name)
  return table?.assumed === undefined ? table : undefined
}

/** The table as the chain made it, also where another one may have been there before. */
export function shapeOf(schema: Schema, name: TableName): Table | undefined {
  const table = findTable(schema, name)
  return table && table.unknown === undefined ? table : undefined
}
