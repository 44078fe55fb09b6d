import type { AlterColumn, Operation } from '../schema/operation.ts'
import type { TableName } from '../schema/table.ts'
import { mysqlAction } from './alter-mysql.ts'
import { postgresActions } from './alter-postgres.ts'
import { addColumn, renameColumn } from './changes.ts'
import { isTemporary } from './create-table.ts'
import { type DdlEffect, none, operations } from './effect.ts'
import { notUnderstood } from './not-understood.ts'
import type { Reader } from './reader.ts'

/** ALTER TABLE, from the words behind TABLE on. */
export function alterTable(reader: Reader): DdlEffect {
  reader.take('IF', 'EXISTS')
  if (reader.dialect === 'postgres' && reader.take('ALL', 'IN', 'TABLESPACE')) return none
  reader.take('ONLY')
  const table = reader.table()
  if (isTemporary(table, reader)) return none
  if (reader.dialect === 'postgres') reader.take('*')
  if (reader.dialect === 'mysql') reader.takeOne('WAIT', 'NOWAIT')
  const done = actions(reader, table)
  reader.finish()
  return operations(...done)
}

function actions(reader: Reader, table: TableName): readonly Operation[] {
  switch (reader.dialect) {
    case 'postgres':
      return postgresActions(reader, table)
    case 'mysql':
      return reader.atEnd ? [] : mysqlActions(reader, table)
    case 'sqlite':
      return sqliteAction(reader, table)
  }
}

/** MySQL lets the comma between options of the table out. */
function mysqlActions(reader: Reader, table: TableName): readonly Operation[] {
  const done: Operation[] = []
  while (!reader.atEnd) {
    done.push(...mysqlAction(reader, table))
    reader.take(',')
  }
  const renamed = done.flatMap((o) => (o.kind === 'alterColumn' ? renaming(o) : []))
  if (renamed.some(({ to }) => renamed.some(({ from }) => from === to)))
    return notUnderstood('columns take the names of others')
  const dropped = done.flatMap((o) => (o.kind === 'dropColumn' ? [o.column.toLowerCase()] : []))
  // the server keeps the keys of the dropped column for the new one
  if (done.some((o) => o.kind === 'addColumn' && dropped.includes(o.column.name.toLowerCase())))
    return notUnderstood('a column is dropped and added anew')
  const added = done.flatMap((o) => (o.kind === 'addColumn' ? [o.column.name.toLowerCase()] : []))
  return done.toSorted((a, b) => mysqlPass(a, added) - mysqlPass(b, added))
}

function renaming({
  column,
  changes: { name },
}: AlterColumn): readonly { readonly from: string; readonly to: string }[] {
  const [from, to] = [column.toLowerCase(), name?.toLowerCase() ?? '']
  return name === undefined || from === to ? [] : [{ from, to }]
}

/** MariaDB takes ALTER COLUMN … DEFAULT also of a column that the statement adds, wherever that stands. */
function mysqlPass(operation: Operation, added: readonly string[]): number {
  const { kind } = operation
  if (kind === 'dropColumn' || kind === 'dropConstraint' || kind === 'dropIndex') return 0
  if (kind === 'alterColumn') {
    const isOfAdded = operation.changes.name === undefined && added.includes(operation.column.toLowerCase())
    return isOfAdded ? 2 : 1
  }
  if (kind === 'addColumn') return 1
  return kind === 'renameTable' ? 4 : 3
}

function sqliteAction(reader: Reader, table: TableName): readonly Operation[] {
  if (reader.take('RENAME', 'TO')) return [{ kind: 'renameTable', table, to: reader.name() }]
  if (reader.take('RENAME')) return [renameColumn(reader, table)]
  if (reader.take('ADD')) return [addColumn(reader, table)]
  if (!reader.take('DROP')) return reader.wrong('an action')
  reader.take('COLUMN')
  return [{ kind: 'dropColumn', table, column: reader.name() }]
}
