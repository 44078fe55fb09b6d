import type { AddColumn, AlterColumn, ColumnChanges, Operation } from '../schema/operation.ts'
import type { TableName } from '../schema/table.ts'
import { readColumn } from './columns.ts'
import { beginsTableItem, readTableItem } from './constraints.ts'
import { notUnderstood } from './not-understood.ts'
import type { Reader } from './reader.ts'

/** `[COLUMN] a TO b` */
export function renameColumn(reader: Reader, table: TableName): Operation {
  reader.take('COLUMN')
  const column = reader.name()
  reader.expect('TO')
  return change(table, column, { name: reader.name() })
}

/** `[COLUMN] [IF NOT EXISTS] name type …` */
export function addColumn(reader: Reader, table: TableName): AddColumn {
  reader.take('COLUMN')
  const ifNotExists = reader.dialect !== 'sqlite' && reader.take('IF', 'NOT', 'EXISTS')
  return { ...columnToAdd(reader, table), ...(ifNotExists && { ifNotExists }) }
}

export function columnToAdd(reader: Reader, table: TableName): AddColumn {
  const { column, constraints, autoincrement } = readColumn(reader)
  if (autoincrement) return notUnderstood('AUTOINCREMENT at an added column')
  return { kind: 'addColumn', table, column, ...(constraints.length > 0 && { constraints }) }
}

/** What a column becomes, and nothing besides. */
export function change(table: TableName, column: string, changes: ColumnChanges): AlterColumn {
  return { kind: 'alterColumn', table, column, changes, exact: true }
}

/** ADD with a constraint or, in MySQL, an index. */
export function addItem(reader: Reader, table: TableName): Operation | undefined {
  if (!beginsTableItem(reader)) return undefined
  const item = readTableItem(reader)
  if (item.kind === 'index') return { kind: 'createIndex', table, index: item.index }
  return { kind: 'addConstraint', table, constraint: item.constraint }
}
