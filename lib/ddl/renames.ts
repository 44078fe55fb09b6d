import type { Operation } from '../schema/operation.ts'
import { homeSchemas } from '../schema/stored-names.ts'
import { type TableName, tableKey } from '../schema/table.ts'
import type { Target } from '../schema/target.ts'

/** What tables and columns were called before a file. */
export class Renames {
  /** By the key of the table now. */
  private readonly tables = new Map<string, string>()
  private readonly columns = new Map<string, Map<string, string>>()

  /** @param operation in the names as the schema has them */
  follow(operation: Operation, { dialect }: Target): void {
    if (operation.kind === 'renameTable') {
      const { table, to, toSchema = table.schema } = operation
      const schema = toSchema === homeSchemas[dialect] ? undefined : toSchema
      this.move(tableKey(table), tableKey({ name: to, ...(schema !== undefined && { schema }) }))
    }
    const { kind } = operation
    if (kind === 'alterColumn' && operation.changes.name !== undefined)
      this.moveColumn(operation.table, operation.column, operation.changes.name)
    if (kind === 'createTable' || kind === 'dropTable') this.forget(tableKey(operation.table))
  }

  /** The key of a table before the file; undefined where it was not renamed. */
  tableBefore(key: string): string | undefined {
    return this.tables.get(key)
  }

  columnBefore(key: string, column: string): string | undefined {
    return this.columns.get(key)?.get(column)
  }

  private move(from: string, to: string): void {
    const origin = this.tables.get(from) ?? from
    const columns = this.columns.get(from)
    this.forget(from)
    this.forget(to)
    this.tables.set(to, origin)
    if (columns) this.columns.set(to, columns)
  }

  private moveColumn(table: TableName, from: string, to: string): void {
    if (from === to) return
    const columns = this.columns.get(tableKey(table)) ?? new Map<string, string>()
    const origin = columns.get(from) ?? from
    columns.delete(from)
    columns.set(to, origin)
    this.columns.set(tableKey(table), columns)
  }

  private forget(key: string): void {
    this.tables.delete(key)
    this.columns.delete(key)
  }
}
