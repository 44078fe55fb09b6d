import type { Span } from '../../python/ast.ts'
import type { Interpreter } from '../../python/interpreter.ts'
import type { Unknown } from '../../python/values.ts'
import type { ColumnDefinition, TableDefinition } from '../../schema/definition.ts'
import { type Column, findTable, type Table, type TableName, tableKey } from '../../schema/table.ts'
import { recorderOf } from '../recorder-of.ts'

/** `autoload_with=…`: the table as the history has made it, or unknown where it was made outside. */
export function reflectedParts(vm: Interpreter, name: TableName, at: Span): TableDefinition | Unknown {
  const table = findTable(recorderOf(vm).schema, name)
  if (!table) return vm.unknown(`the columns of ${tableKey(name)}, which is read from the database,`, at)
  if (table.unknown !== undefined) return vm.unknown(`the table ${tableKey(name)}: ${table.unknown}`, at)
  if (table.assumed !== undefined) return vm.unknown(`the table ${tableKey(name)}: ${table.assumed}`, at)
  return definitionOf(table)
}

function definitionOf(table: Table): TableDefinition {
  const { name, schema, constraints, indexes, comment } = table
  return {
    name,
    ...(schema !== undefined && { schema }),
    columns: table.columns.map(columnOf),
    constraints,
    indexes,
    ...(comment !== undefined && { comment }),
  }
}

function columnOf({ default: serverDefault, autoincrement, ...column }: Column): ColumnDefinition {
  return {
    ...column,
    ...(serverDefault !== undefined && { serverDefault }),
    ...(autoincrement !== undefined && { autoincrement }),
  }
}
