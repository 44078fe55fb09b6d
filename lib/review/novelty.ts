import type { Operation } from '../schema/operation.ts'
import { findTable, plainName, type Schema, type TableName, tableKey } from '../schema/table.ts'

type Names = ReadonlySet<string>

/** What files that have not landed have made: nobody relies on it yet, and nobody waits for it. */
export class Novelty {
  private readonly tables: Names
  private readonly columns: Names
  private readonly indexes: Names

  constructor(tables: Names = new Set(), columns: Names = new Set(), indexes: Names = new Set()) {
    this.tables = tables
    this.columns = columns
    this.indexes = indexes
  }

  hasTable(table: TableName): boolean {
    return this.tables.has(key(table))
  }

  hasColumn(table: TableName, column: string): boolean {
    return this.columns.has(columnKey(table, column))
  }

  hasIndex(name: string): boolean {
    return this.indexes.has(name.toLowerCase())
  }

  /** @param made a table besides those that the operations make */
  after(operations: readonly Operation[], before: Schema, made: TableName | undefined): Novelty {
    if (operations.length === 0 && made === undefined) return this
    const tables = made ? added(this.tables, key(made)) : this.tables
    const start = new Novelty(tables, this.columns, this.indexes)
    return operations.reduce((novelty, operation) => novelty.afterOne(operation, before), start)
  }

  private afterOne(operation: Operation, before: Schema): Novelty {
    const { tables, columns, indexes } = this
    switch (operation.kind) {
      case 'createTable':
        if (operation.ifNotExists && findTable(before, operation.table)) return this
        return new Novelty(added(tables, key(operation.table)), columns, indexes)
      case 'dropTable':
        return new Novelty(removed(tables, key(operation.table)), columns, indexes)
      case 'renameTable':
        return this.renamed(operation.table, { ...operation.table, name: operation.to })
      case 'addColumn':
        return new Novelty(tables, added(columns, columnKey(operation.table, operation.column.name)), indexes)
      case 'alterColumn': {
        const { name } = operation.changes
        if (name === undefined) return this
        return new Novelty(tables, added(columns, columnKey(operation.table, name)), indexes)
      }
      case 'createIndex': {
        const name = plainName(operation.index.name)
        return name === undefined ? this : new Novelty(tables, columns, added(indexes, name.toLowerCase()))
      }
      default:
        return this
    }
  }

  /** A table keeps its age under another name. */
  private renamed(from: TableName, to: TableName): Novelty {
    const without = removed(removed(this.tables, key(from)), key(to))
    return new Novelty(this.hasTable(from) ? added(without, key(to)) : without, this.columns, this.indexes)
  }
}

function key(table: TableName): string {
  return tableKey(table).toLowerCase()
}

function columnKey(table: TableName, column: string): string {
  return `${key(table)}.${column.toLowerCase()}`
}

function added(names: Names, name: string): Names {
  return names.has(name) ? names : new Set([...names, name])
}

function removed(names: Names, name: string): Names {
  return names.has(name) ? new Set([...names].filter((other) => other !== name)) : names
}
