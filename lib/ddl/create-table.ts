import type { ColumnDefinition, TableDefinition } from '../schema/definition.ts'
import type { Constraint, Index, Options, TableName } from '../schema/table.ts'
import { readColumn } from './columns.ts'
import { beginsTableItem, readTableItem } from './constraints.ts'
import { type DdlEffect, none, operations } from './effect.ts'
import { notUnderstood } from './not-understood.ts'
import type { Reader } from './reader.ts'
import { readTableOptions, type TableOptions } from './table-options.ts'

interface Body {
  readonly columns: ColumnDefinition[]
  readonly constraints: Constraint[]
  readonly indexes: Index[]
  autoincrement: boolean
}

/** CREATE TABLE, from the words between CREATE and TABLE on. */
export function createTable(reader: Reader, replaces: boolean): DdlEffect {
  const words = prefixes(reader)
  reader.expect('TABLE')
  const ifNotExists = reader.take('IF', 'NOT', 'EXISTS')
  if (words.includes('TEMPORARY')) return none
  const table = reader.table()
  if (isTemporary(table, reader)) return none
  if (!reader.sees('(')) return notUnderstood('it takes its columns from somewhere else')
  const body = readBody(reader)
  const options = readTableOptions(reader)
  const definition = tableOf(table, body, options, reader)
  const prefixed = words.length > 0 ? { ...definition, prefixes: words } : definition
  const create = { kind: 'createTable', table: prefixed, ...(ifNotExists && { ifNotExists }) } as const
  return replaces ? operations({ kind: 'dropTable', table, ifExists: true }, create) : operations(create)
}

function prefixes(reader: Reader): readonly string[] {
  const words: string[] = []
  for (;;) {
    if (reader.takeOne('TEMP', 'TEMPORARY')) words.push('TEMPORARY')
    else if (reader.take('UNLOGGED')) words.push('UNLOGGED')
    else if (!reader.takeOne('GLOBAL', 'LOCAL')) return words
  }
}

export function isTemporary({ schema }: TableName, { dialect }: Reader): boolean {
  if (dialect === 'mysql' || schema === undefined) return false
  return dialect === 'sqlite' ? schema.toLowerCase() === 'temp' : schema.startsWith('pg_temp')
}

function readBody(reader: Reader): Body {
  const body: Body = { columns: [], constraints: [], indexes: [], autoincrement: false }
  reader.expect('(')
  if (reader.take(')')) return body
  if (reader.sees('SELECT') || reader.sees('WITH')) return notUnderstood('it takes its columns from a query')
  // SQLite lets the commas between constraints out
  while (readItem(reader, body)) if (!reader.take(',') && !beginsTableItem(reader)) break
  reader.expect(')')
  return body
}

function readItem(reader: Reader, body: Body): boolean {
  if (beginsTableItem(reader)) {
    const item = readTableItem(reader)
    if (item.kind === 'constraint') body.constraints.push(item.constraint)
    else body.indexes.push(item.index)
    return true
  }
  if (reader.sees('LIKE') && reader.dialect !== 'sqlite')
    return notUnderstood('it takes its columns from another table')
  if (reader.take('PERIOD', 'FOR')) return notUnderstood('it has a PERIOD')
  const { column, constraints, autoincrement } = readColumn(reader)
  body.columns.push(column)
  body.constraints.push(...constraints)
  body.autoincrement ||= autoincrement
  return true
}

function tableOf(table: TableName, body: Body, rest: TableOptions, reader: Reader): TableDefinition {
  const marked = body.constraints.some((c) => c.kind === 'primaryKey' && c.options?.sqlite_autoincrement === true)
  const options: Options = { ...rest.options, ...((body.autoincrement || marked) && { sqlite_autoincrement: true }) }
  const unmarked = body.constraints.map(withoutMark)
  const constraints = reader.dialect === 'postgres' ? withoutDoubles(unmarked) : unmarked
  return {
    ...table,
    columns: withKeyRules(body.columns, constraints, options),
    constraints,
    ...(body.indexes.length > 0 && { indexes: body.indexes }),
    ...(rest.comment !== undefined && { comment: rest.comment }),
    ...(Object.keys(options).length > 0 && { options }),
  }
}

function withoutMark(constraint: Constraint): Constraint {
  if (constraint.kind !== 'primaryKey' || !constraint.options?.sqlite_autoincrement) return constraint
  const { options, ...rest } = constraint
  const { sqlite_autoincrement: _, ...others } = options
  return Object.keys(others).length > 0 ? { ...rest, options: others } : rest
}

/** PostgreSQL makes one index of keys that say the same (transformIndexConstraints in parse_utilcmd.c). */
function withoutDoubles(constraints: readonly Constraint[]): readonly Constraint[] {
  const kept: Constraint[] = []
  const keysFirst = constraints.toSorted((a, b) => Number(b.kind === 'primaryKey') - Number(a.kind === 'primaryKey'))
  for (const constraint of keysFirst) {
    const twin = kept.findIndex((other) => saysTheSame(other, constraint))
    if (twin < 0) kept.push(constraint)
    else if (kept[twin]!.name === undefined && constraint.name !== undefined) {
      const { byServer: _, ...other } = kept[twin]!
      kept[twin] = { ...other, name: constraint.name }
    }
  }
  return kept
}

function saysTheSame(one: Constraint, other: Constraint): boolean {
  if (one.kind !== 'primaryKey' && one.kind !== 'unique') return false
  if (other.kind !== 'unique') return false
  const said = ({ columns, deferrable, initially, options }: typeof other | typeof one) =>
    JSON.stringify([columns, deferrable, initially, options])
  return said(one) === said(other)
}

/** What a key makes of its columns; in SQLite only where the table is not kept by row numbers, or strict. */
function withKeyRules(
  columns: readonly ColumnDefinition[],
  constraints: readonly Constraint[],
  options: Options,
): readonly ColumnDefinition[] {
  const bare = options.sqlite_with_rowid === false
  if (!bare && options.sqlite_strict !== true) return columns
  const key = constraints.find((c) => c.kind === 'primaryKey')
  const inKey = (c: ColumnDefinition) => key?.kind === 'primaryKey' && key.columns.includes(c.name)
  const isRowId = (c: ColumnDefinition) =>
    key?.kind === 'primaryKey' && key.columns.length === 1 && c.type.kind === 'INTEGER'
  return columns.map((c) => (inKey(c) && (bare || !isRowId(c)) ? { ...c, nullable: false } : c))
}
