import { renameColumns } from './expression.ts'
import type { Column, Constraint, Index, Schema, Table, TableName } from './table.ts'
import { plainName, tableKey } from './table.ts'

/** Small steps from one table or schema to the next; nothing is changed in place. */

export function putTable(schema: Schema, table: Table): Schema {
  return { ...schema, tables: { ...schema.tables, [tableKey(table)]: table } }
}

export function removeTable(schema: Schema, name: TableName): Schema {
  const { [tableKey(name)]: _, ...tables } = schema.tables
  return { ...schema, tables }
}

export function replaceColumn(table: Table, name: string, by: (column: Column) => Column): Table {
  return { ...table, columns: table.columns.map((c) => (c.name === name ? by(c) : c)) }
}

/** The table without a column, and without what cannot stand when it is gone. */
export function removeColumn(table: Table, name: string): Table {
  const uses = (columns: readonly string[]) => columns.includes(name)
  return {
    ...table,
    columns: table.columns.filter((c) => c.name !== name),
    constraints: table.constraints.filter((c) => !uses(constraintColumns(c))),
    indexes: table.indexes.filter((i) => !uses(indexColumns(i))),
  }
}

/** MySQL takes a dropped column out of its indexes and keys, which stay as long as they have others. */
export function removeFromIndexes(table: Table, name: string): Table {
  const indexes = table.indexes.map((i) => ({ ...i, columns: i.columns.filter((c) => c !== name) }))
  const constraints = table.constraints.map((c) =>
    c.kind === 'unique' || c.kind === 'primaryKey'
      ? { ...c, columns: c.columns.filter((column) => column !== name) }
      : c,
  )
  const isLeft = (item: Constraint | Index) => !('columns' in item) || item.columns.length > 0
  return removeColumn({ ...table, indexes: indexes.filter(isLeft), constraints: constraints.filter(isLeft) }, name)
}

/** The columns that a constraint stands on; of a check only the one that it was written at. */
export function constraintColumns(constraint: Constraint): readonly string[] {
  if (constraint.kind === 'check') return constraint.column ? [constraint.column] : []
  if (constraint.kind !== 'exclude') return constraint.columns
  return constraint.elements.flatMap((e) => (e.expression.kind === 'column' ? e.expression.name : []))
}

export function indexColumns(index: Index): readonly string[] {
  return index.columns.flatMap((c) => (typeof c === 'string' ? c : c.kind === 'column' ? c.name : []))
}

export function renameColumn(table: Table, from: string, to: string): Table {
  const name = (column: string) => (column === from ? to : column)
  return {
    ...table,
    columns: table.columns.map((c) => ({ ...c, name: name(c.name) })),
    constraints: table.constraints.map((c) => renameInConstraint(c, name, table)),
    indexes: table.indexes.map((i) => ({
      ...i,
      columns: i.columns.map((c) => (typeof c === 'string' ? name(c) : renameColumns(c, name))),
    })),
  }
}

function renameInConstraint(constraint: Constraint, name: (column: string) => string, table: Table): Constraint {
  if (constraint.kind === 'check') {
    const column = constraint.column === undefined ? {} : { column: name(constraint.column) }
    return { ...constraint, ...column, expression: renameColumns(constraint.expression, name) }
  }
  if (constraint.kind === 'exclude') return constraint
  const columns = constraint.columns.map(name)
  if (constraint.kind !== 'foreignKey') return { ...constraint, columns }
  const self = tableKey(constraint.target) === tableKey(table)
  return { ...constraint, columns, targetColumns: self ? constraint.targetColumns.map(name) : constraint.targetColumns }
}

export function hasName(item: Constraint | Index, name: string): boolean {
  return plainName(item.name) === name
}

/** InnoDB renames along the keys and checks that it has named itself (`renumber`). */
export function renameTable(schema: Schema, from: TableName, to: string, renumber: boolean): Schema {
  const table = schema.tables[tableKey(from)]
  if (!table) return schema
  const constraints = renumber ? table.constraints.map((c) => renamePrefix(c, from.name, to)) : table.constraints
  const renamed = putTable(removeTable(schema, from), { ...table, constraints, name: to })
  return {
    ...renamed,
    tables: Object.fromEntries(Object.entries(renamed.tables).map(([k, t]) => [k, retarget(t, from, to)])),
  }
}

function renamePrefix(constraint: Constraint, from: string, to: string): Constraint {
  const name = plainName(constraint.name) ?? ''
  const made = name.startsWith(`${from}_ibfk_`) || name.startsWith(`${from}_chk_`)
  return made ? { ...constraint, name: to + name.slice(from.length) } : constraint
}

function retarget(table: Table, from: TableName, to: string): Table {
  const points = (c: Constraint) => c.kind === 'foreignKey' && tableKey(c.target) === tableKey(from)
  if (!table.constraints.some(points)) return table
  const constraints = table.constraints.map((c) =>
    c.kind === 'foreignKey' && points(c) ? { ...c, target: { ...c.target, name: to } } : c,
  )
  return { ...table, constraints }
}
