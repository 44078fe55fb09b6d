import type { DialectName } from '../../dialects/dialect-name.ts'
import type { Span } from '../../python/ast.ts'
import type { Interpreter } from '../../python/interpreter.ts'
import type { Unknown } from '../../python/values.ts'
import type { ColumnDefinition, TableDefinition } from '../../schema/definition.ts'
import { type Column, findTable, primaryKeyOf, type Table, type TableName, tableKey } from '../../schema/table.ts'
import { recorderOf } from '../recorder-of.ts'

/** `autoload_with=…`: the table as the history has made it, or unknown where it was made outside. */
export function reflectedParts(vm: Interpreter, name: TableName, at: Span): TableDefinition | Unknown {
  const table = findTable(recorderOf(vm).schema, name)
  if (!table) return vm.unknown(`the columns of ${tableKey(name)}, which is read from the database,`, at)
  if (table.unknown !== undefined) return vm.unknown(`the table ${tableKey(name)}: ${table.unknown}`, at)
  if (table.assumed !== undefined) return vm.unknown(`the table ${tableKey(name)}: ${table.assumed}`, at)
  return definitionOf(table)
}

/** All tables, where each that is known is known in full; that there are no others is expected of the database. */
export function reflectedTables(vm: Interpreter): readonly TableDefinition[] | undefined {
  const recorder = recorderOf(vm)
  const { dialect } = recorder.target
  const tables = Object.values(recorder.schema.tables).filter(({ schema }) => schema === undefined)
  if (!recorder.assume || tables.some(({ unknown }) => unknown !== undefined)) return undefined
  const names = [...tables.map(({ name }) => name), 'alembic_version', 'sqlmig_history']
  const list = names.map((name) => `'${name.replaceAll("'", "''")}'`).join(', ')
  recorder.assume(vm, { kind: 'rows', select: `${allTables[dialect]} NOT IN (${list})` }, false)
  return tables.map((table) => definitionOf(table)).sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** Up to the names that it may not be. */
const allTables: Readonly<Record<DialectName, string>> = {
  postgres: 'SELECT 1 FROM pg_tables WHERE schemaname = current_schema() AND tablename',
  mysql:
    "SELECT 1 FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE' AND table_name",
  sqlite: "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name",
}

function definitionOf(table: Table): TableDefinition {
  const { name, schema, constraints, indexes, comment } = table
  return {
    name,
    ...(schema !== undefined && { schema }),
    columns: table.columns.map((column) => columnOf(column, primaryKeyOf(table)?.columns ?? [])),
    constraints,
    indexes,
    ...(comment !== undefined && { comment }),
  }
}

function columnOf(
  { default: serverDefault, autoincrement, ...column }: Column,
  key: readonly string[],
): ColumnDefinition {
  return {
    ...column,
    ...(key.includes(column.name) && { primaryKey: true }),
    ...(serverDefault !== undefined && { serverDefault }),
    ...(autoincrement !== undefined && { autoincrement }),
  }
}
