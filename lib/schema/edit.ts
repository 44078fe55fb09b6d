import type { DialectName } from '../dialects/dialect-name.ts'
import { columnsIn, type Expression, renameColumns } from './expression.ts'
import { columnsInText, renameInText } from './sql-text.ts'
import type { Column, Constraint, Index, Options, Schema, Table, TableName } from './table.ts'
import { findTable, plainName, tableKey } from './table.ts'

/** Small steps from one table or schema to the next; nothing is changed in place. */

export function putTable(schema: Schema, table: Table): Schema {
  return { ...schema, tables: { ...schema.tables, [tableKey(table)]: table } }
}

export function changeTable(schema: Schema, name: TableName, change: (table: Table) => Table): Schema {
  const table = findTable(schema, name)
  return table ? putTable(schema, change(table)) : schema
}

export function removeTable(schema: Schema, name: TableName): Schema {
  const { [tableKey(name)]: _, ...tables } = schema.tables
  return { ...schema, tables }
}

export function replaceColumn(table: Table, name: string, by: (column: Column) => Column): Table {
  return { ...table, columns: table.columns.map((c) => (c.name === name ? by(c) : c)) }
}

/** The table without a column, and without what cannot stand when it is gone. */
export function removeColumn(table: Table, name: string, dialect: DialectName): Table {
  const goes = (c: Constraint) =>
    c.kind === 'check'
      ? mentions(c.expression, name) || (c.column === name && dialect !== 'postgres')
      : constraintColumns(c).includes(name)
  return {
    ...table,
    columns: table.columns.filter((c) => c.name !== name),
    constraints: table.constraints.filter((c) => !goes(c)),
    indexes: table.indexes.filter(
      (i) => !indexColumns(i).includes(name) && !expressionsOf(i).some((expression) => mentions(expression, name)),
    ),
  }
}

function mentions(expression: Expression, column: string): boolean {
  if (expression.kind === 'sql') return columnsInText(expression.text, [column]).length > 0
  if (expression.kind === 'suffix') return mentions(expression.of, column)
  return columnsIn(expression).includes(column)
}

/** What an index says that is more than a name: its expressions, and which rows it holds. */
function expressionsOf({ columns, options = {} }: Index): readonly Expression[] {
  const where = ['postgresql_where', 'sqlite_where'].map((keyword) => options[keyword])
  const all = [...columns, ...where]
  return all.flatMap((item) =>
    typeof item === 'object' && item !== null && 'kind' in item ? [item as Expression] : [],
  )
}

/** MySQL takes a dropped column out of its indexes and keys, which stay as long as they have others. */
export function removeFromIndexes(table: Table, name: string, dialect: DialectName): Table {
  const indexes = table.indexes.map((i) => ({ ...i, columns: i.columns.filter((c) => c !== name) }))
  const constraints = table.constraints.map((c) =>
    c.kind === 'unique' || c.kind === 'primaryKey'
      ? { ...c, columns: c.columns.filter((column) => column !== name) }
      : c,
  )
  const isLeft = (item: Constraint | Index) => !('columns' in item) || item.columns.length > 0
  return removeColumn(
    { ...table, indexes: indexes.filter(isLeft), constraints: constraints.filter(isLeft) },
    name,
    dialect,
  )
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
  const renaming: Renaming = {
    name: (column) => (column === from ? to : column),
    expression: (expression) => renameInExpression(expression, from, to),
  }
  return {
    ...table,
    columns: table.columns.map((c) => renameInColumn(c, renaming)),
    constraints: table.constraints.map((c) => renameInConstraint(c, renaming, table)),
    indexes: table.indexes.map((i) => renameInIndex(i, renaming)),
  }
}

interface Renaming {
  readonly name: (column: string) => string
  readonly expression: (expression: Expression) => Expression
}

function renameInExpression(expression: Expression, from: string, to: string): Expression {
  if (expression.kind === 'sql') return { kind: 'sql', text: renameInText(expression.text, from, to) }
  if (expression.kind === 'suffix') return { ...expression, of: renameInExpression(expression.of, from, to) }
  return renameColumns(expression, (column) => (column === from ? to : column))
}

function renameInColumn(column: Column, { name, expression }: Renaming): Column {
  const computed = column.computed && { ...column.computed, expression: expression(column.computed.expression) }
  return { ...column, name: name(column.name), ...(computed && { computed }) }
}

function renameInIndex(index: Index, { name, expression }: Renaming): Index {
  const renamed: Options = Object.fromEntries(
    Object.entries(index.options ?? {}).map(([keyword, value]) =>
      typeof value === 'object' && value !== null && 'kind' in value
        ? [keyword, expression(value as Expression)]
        : [keyword, value],
    ),
  )
  const columns = index.columns.map((c) => (typeof c === 'string' ? name(c) : expression(c)))
  return { ...index, columns, ...(index.options && { options: renamed }) }
}

function renameInConstraint(constraint: Constraint, { name, expression }: Renaming, table: Table): Constraint {
  if (constraint.kind === 'check') {
    const column = constraint.column === undefined ? {} : { column: name(constraint.column) }
    return { ...constraint, ...column, expression: expression(constraint.expression) }
  }
  if (constraint.kind === 'exclude') {
    const elements = constraint.elements.map((e) => ({ ...e, expression: expression(e.expression) }))
    return { ...constraint, elements, ...(constraint.where && { where: expression(constraint.where) }) }
  }
  const columns = constraint.columns.map(name)
  if (constraint.kind !== 'foreignKey') return { ...constraint, columns }
  const self = tableKey(constraint.target) === tableKey(table)
  return { ...constraint, columns, targetColumns: self ? constraint.targetColumns.map(name) : constraint.targetColumns }
}

export function hasName(item: Constraint | Index, name: string): boolean {
  return plainName(item.name) === name
}

/** InnoDB renames along the keys and checks that it has named itself. */
export function renameTable(schema: Schema, from: TableName, to: TableName, dialect: DialectName): Schema {
  const table = schema.tables[tableKey(from)]
  if (!table) return schema
  const constraints =
    dialect === 'mysql' ? table.constraints.map((c) => renamePrefix(c, from.name, to.name)) : table.constraints
  const { schema: _, ...rest } = table
  const renamed = putTable(removeTable(schema, from), { ...rest, ...to, constraints })
  return {
    ...renamed,
    tables: Object.fromEntries(Object.entries(renamed.tables).map(([k, t]) => [k, retarget(t, from, to, dialect)])),
  }
}

function renamePrefix(constraint: Constraint, from: string, to: string): Constraint {
  const name = plainName(constraint.name) ?? ''
  const made = name.startsWith(`${from}_ibfk_`) || name.startsWith(`${from}_chk_`)
  return made ? { ...constraint, name: to + name.slice(from.length) } : constraint
}

/** The foreign keys of other tables follow a column that the server renames. */
export function retargetColumn(schema: Schema, target: TableName, from: string, to: string): Schema {
  const points = (c: Constraint) =>
    c.kind === 'foreignKey' && tableKey(c.target) === tableKey(target) && c.targetColumns.includes(from)
  const follow = (c: Constraint): Constraint =>
    c.kind === 'foreignKey' && points(c)
      ? { ...c, targetColumns: c.targetColumns.map((column) => (column === from ? to : column)) }
      : c
  const tables = Object.entries(schema.tables).map(([key, table]) =>
    table.constraints.some(points) ? [key, { ...table, constraints: table.constraints.map(follow) }] : [key, table],
  )
  return { ...schema, tables: Object.fromEntries(tables) }
}

/** CASCADE takes the foreign keys that stand on what is dropped. */
export function dropForeignKeysTo(
  schema: Schema,
  target: TableName,
  standsOn: (columns: readonly string[]) => boolean = () => true,
): Schema {
  const goes = (c: Constraint) =>
    c.kind === 'foreignKey' && tableKey(c.target) === tableKey(target) && standsOn(c.targetColumns)
  const tables = Object.entries(schema.tables).map(([key, table]) =>
    table.constraints.some(goes)
      ? [key, { ...table, constraints: table.constraints.filter((c) => !goes(c)) }]
      : [key, table],
  )
  return { ...schema, tables: Object.fromEntries(tables) }
}

/** A foreign key of SQLite may call a table, there or not yet, in any case. */
function retarget(table: Table, from: TableName, to: TableName, dialect: DialectName): Table {
  const key = (name: TableName) => (dialect === 'sqlite' ? tableKey(name).toLowerCase() : tableKey(name))
  const points = (c: Constraint) => c.kind === 'foreignKey' && key(c.target) === key(from)
  if (!table.constraints.some(points)) return table
  const constraints = table.constraints.map((c) => (c.kind === 'foreignKey' && points(c) ? { ...c, target: to } : c))
  return { ...table, constraints }
}
