import type { Operation } from './operation.ts'
import type { Schema, Table, TableName } from './table.ts'
import { findTable, tableKey } from './table.ts'
import type { Target } from './target.ts'

/** The schema that a name without one belongs to. */
export const homeSchemas = { postgres: 'public', mysql: undefined, sqlite: 'main' } as const

/** The name of a table as the schema knows it: with or without the home schema, on SQLite in whatever case. */
export function storedTable(schema: Schema, name: TableName, { dialect }: Target): TableName {
  if (findTable(schema, name)) return name
  const key = (table: TableName) => {
    const at = table.schema === homeSchemas[dialect] ? table.name : tableKey(table)
    return dialect === 'sqlite' ? at.toLowerCase() : at
  }
  const wanted = key(name)
  const found = Object.values(schema.tables).find((table) => key(table) === wanted)
  return found ? { name: found.name, ...(found.schema !== undefined && { schema: found.schema }) } : name
}

/** The operation on the table and the columns as the schema knows them. */
export function inStoredNames(operation: Operation, schema: Schema, target: Target): Operation {
  if (!('table' in operation) || operation.table === undefined || operation.kind === 'createTable') return operation
  const name = storedTable(schema, operation.table, target)
  const table = findTable(schema, name)
  const known = table ? inStoredColumns(operation, table, target) : operation
  return name === operation.table ? known : ({ ...known, table: name } as Operation)
}

/** Names of columns have no case on SQLite and MySQL. */
function inStoredColumns(operation: Operation, table: Table, { dialect }: Target): Operation {
  if (dialect === 'postgres') return operation
  const stored = (name: string) => table.columns.find((c) => c.name.toLowerCase() === name.toLowerCase())?.name ?? name
  switch (operation.kind) {
    case 'dropColumn':
    case 'alterColumn':
      return { ...operation, column: stored(operation.column) }
    case 'createIndex': {
      const columns = operation.index.columns.map((c) => (typeof c === 'string' ? stored(c) : c))
      return { ...operation, index: { ...operation.index, columns } }
    }
    case 'addConstraint': {
      const { constraint } = operation
      if (constraint.kind === 'check' || constraint.kind === 'exclude') return operation
      return { ...operation, constraint: { ...constraint, columns: constraint.columns.map(stored) } }
    }
    default:
      return operation
  }
}
