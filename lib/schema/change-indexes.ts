import { addIndex } from './change-table.ts'
import { changeTable, hasName } from './edit.ts'
import { nameToDrop } from './naming.ts'
import type { CreateIndex, DropIndex, RenameIndex } from './operation.ts'
import { withFinalName } from './resolve.ts'
import { withServerIndexName } from './server-names.ts'
import type { Constraint, Index, Schema, Table, TableName } from './table.ts'
import { findTable, plainName } from './table.ts'
import type { Target } from './target.ts'

/** What operations do to indexes, whose names belong to the table in MySQL and to the whole schema elsewhere. */

export function createIndex(schema: Schema, { table, index, ifNotExists }: CreateIndex, target: Target): Schema {
  const name = plainName(index.name)
  if (ifNotExists && name !== undefined && hasIndex(schema, table, name, target)) return schema
  const around = { target, schema }
  return changeTable(schema, table, (t) => addIndex(t, withServerIndexName(withFinalName(index, t, target), t, around)))
}

/** PostgreSQL and SQLite look for the name among all that there is, MySQL in the table. */
function hasIndex(schema: Schema, table: TableName, name: string, { dialect }: Target): boolean {
  const own = findTable(schema, table)
  const tables = dialect !== 'mysql' ? Object.values(schema.tables) : own ? [own] : []
  const same = (item: Index | Constraint) =>
    dialect === 'postgres' ? hasName(item, name) : plainName(item.name)?.toLowerCase() === name.toLowerCase()
  return tables.some(
    (t) => t.indexes.some(same) || (dialect !== 'sqlite' && t.constraints.some((c) => isKeyKind(c) && same(c))),
  )
}

export function renameIndex(schema: Schema, { table, name, to }: RenameIndex): Schema {
  const owner =
    table ??
    ownerOf(schema, name) ??
    Object.values(schema.tables).find((t) => t.constraints.some((c) => isKey(c, name)))
  if (!owner) return schema
  return changeTable(schema, owner, (t) => ({
    ...t,
    indexes: t.indexes.map((i) => (hasName(i, name) ? { ...i, name: { fixed: to } } : i)),
    constraints: t.constraints.map((c) => (isKey(c, name) ? { ...c, name: { fixed: to } } : c)),
  }))
}

/** A constraint that is an index by the same name. */
function isKey(constraint: Constraint, name: string): boolean {
  return isKeyKind(constraint) && hasName(constraint, name)
}

function isKeyKind({ kind }: Constraint): boolean {
  return kind === 'primaryKey' || kind === 'unique' || kind === 'exclude'
}

export function dropIndex(schema: Schema, operation: DropIndex, target: Target): Schema {
  const name = indexToDrop(operation, target)
  const where = operation.table ?? ownerOf(schema, name)
  if (!where) return schema
  return changeTable(schema, where, (table) => ({
    ...table,
    indexes: table.indexes.filter((i) => !hasName(i, name)),
    constraints: table.constraints.filter(
      (c) => !(target.dialect === 'mysql' && c.kind === 'unique' && hasName(c, name)),
    ),
  }))
}

export function indexToDrop({ name }: DropIndex, target: Target): string {
  return nameToDrop(name, undefined, { name: '', constraints: [] }, target)
}

/** The table that has an index of this name, where names of indexes are of the whole schema. */
export function ownerOf(schema: Schema, index: string): Table | undefined {
  return Object.values(schema.tables).find((t) => t.indexes.some((i) => hasName(i, index)))
}
