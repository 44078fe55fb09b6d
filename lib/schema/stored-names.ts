import type { Expression } from './expression.ts'
import type { Operation } from './operation.ts'
import type { Constraint, Index, Name, Schema, Table, TableName } from './table.ts'
import { findTable, plainName, tableKey } from './table.ts'
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
  if (operation.kind === 'createTable') return inOwnNames(operation, target)
  if (operation.kind === 'dropIndex' && operation.table === undefined && isCaseBlind(target))
    return { ...operation, name: storedName(operation.name, Object.values(schema.tables)) }
  if (!('table' in operation) || operation.table === undefined) return operation
  const name = storedTable(schema, operation.table, target)
  const table = findTable(schema, name)
  const known = table && isCaseBlind(target) ? inTable(operation, table) : operation
  return name === operation.table ? known : ({ ...known, table: name } as Operation)
}

/** Names of columns have no case on SQLite and MySQL. */
function isCaseBlind({ dialect }: Target): boolean {
  return dialect !== 'postgres'
}

type Stored = (name: string) => string

function storedIn(columns: readonly string[]): Stored {
  return (name) => columns.find((column) => column.toLowerCase() === name.toLowerCase()) ?? name
}

function inOwnNames(operation: Extract<Operation, { readonly kind: 'createTable' }>, target: Target): Operation {
  const { table } = operation
  if (!isCaseBlind(target)) return operation
  const stored = storedIn(table.columns.map((c) => c.name))
  const constraints = table.constraints?.map((c) => constraintIn(c, stored))
  const indexes = table.indexes?.map((i) => indexIn(i, stored))
  return { ...operation, table: { ...table, ...(constraints && { constraints }), ...(indexes && { indexes }) } }
}

/** The name of an index or a constraint as one of the tables has it; only raw SQL's is taken for the server's. */
function storedName(name: Name, tables: readonly Table[]): Name {
  if (typeof name === 'string') return name
  const all = tables.flatMap((t) => [...t.indexes, ...t.constraints]).flatMap((item) => plainName(item.name) ?? [])
  return { fixed: storedIn(all)(name.fixed) }
}

function inTable(operation: Operation, table: Table): Operation {
  const stored = storedIn(table.columns.map((c) => c.name))
  switch (operation.kind) {
    case 'dropIndex':
    case 'dropConstraint':
      return { ...operation, name: storedName(operation.name, [table]) }
    case 'renameIndex':
      return { ...operation, name: plainName(storedName({ fixed: operation.name }, [table]))! }
    case 'dropColumn':
    case 'alterColumn':
      return { ...operation, column: stored(operation.column) }
    case 'createIndex':
      return { ...operation, index: indexIn(operation.index, stored) }
    case 'addConstraint':
      return { ...operation, constraint: constraintIn(operation.constraint, stored) }
    default:
      return operation
  }
}

function constraintIn(constraint: Constraint, stored: Stored): Constraint {
  if (constraint.kind === 'check' || constraint.kind === 'exclude') return constraint
  return { ...constraint, columns: constraint.columns.map(stored) }
}

function indexIn(index: Index, stored: Stored): Index {
  return { ...index, columns: index.columns.map((c) => (typeof c === 'string' ? stored(c) : elementIn(c, stored))) }
}

function elementIn(of: Expression, stored: Stored): Expression {
  if (of.kind === 'column') return { ...of, name: stored(of.name) }
  return of.kind === 'suffix' ? { ...of, of: elementIn(of.of, stored) } : of
}
