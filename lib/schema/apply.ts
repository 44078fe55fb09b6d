import { batchSteps, planRebuild, shouldRecreate } from './batch.ts'
import { createIndex, dropIndex, renameIndex } from './change-indexes.ts'
import {
  addColumn,
  addConstraint,
  addIndex,
  addWritten,
  alterColumn,
  dropConstraint,
  placed,
  renameConstraint,
  withComment,
} from './change-table.ts'
import { alterEnum, applyEnum, dropSchema, without } from './change-types.ts'
import {
  changeTable,
  dropForeignKeysTo,
  hasName,
  putTable,
  removeColumn,
  removeFromIndexes,
  removeTable,
  renameTable,
  retargetColumn,
} from './edit.ts'
import { enumsOf } from './enum-types.ts'
import type {
  AddColumn,
  AlterColumn,
  CommentTable,
  CreateTable,
  DropColumn,
  DropConstraint,
  Operation,
  RenameConstraint,
  RenameTable,
} from './operation.ts'
import { resolveTable } from './resolve.ts'
import { type Surroundings, withServerIndexName } from './server-names.ts'
import { homeSchemas, inStoredNames, storedTable } from './stored-names.ts'
import type { Schema, Table, TableName } from './table.ts'
import { findTable, plainName, tableKey } from './table.ts'
import type { Target } from './target.ts'
import { Unknowable } from './unknowable.ts'

/**
 * The schema after an operation. A table that is not known stays unknown; where the effect cannot be followed
 * the table is marked so (`unknown`), and a later rebuild of it becomes a problem.
 */
export function apply(schema: Schema, operation: Operation, target: Target): Schema {
  try {
    return applyKnown(schema, operation, target)
  } catch (error) {
    if (!(error instanceof Unknowable)) throw error
    return 'table' in operation && operation.table ? markUnknown(schema, operation.table, error.message) : schema
  }
}

export function markUnknown(schema: Schema, name: TableName, reason: string): Schema {
  return changeTable(schema, name, (table) => ({ ...table, unknown: reason }))
}

/** The table as it is here may be another one in a database that had it before. */
export function markAssumed(schema: Schema, name: TableName, reason: string): Schema {
  return changeTable(schema, name, (table) => ({ ...table, assumed: table.assumed ?? reason }))
}

function applyKnown(schema: Schema, given: Operation, target: Target): Schema {
  const operation = inStoredNames(given, schema, target)
  switch (operation.kind) {
    case 'createTable':
      return createTable(schema, operation, target)
    case 'dropTable':
      return removeTable(operation.cascade ? dropForeignKeysTo(schema, operation.table) : schema, operation.table)
    case 'renameTable':
      return renameTable(schema, operation.table, movedName(operation, target), target.dialect)
    case 'batch':
      return applyBatch(schema, operation, target)
    case 'createEnum':
    case 'dropEnum':
      return applyEnum(schema, operation)
    case 'alterEnum':
      return alterEnum(schema, operation)
    case 'createSequence':
      return { ...schema, sequences: { ...schema.sequences, [tableKey(operation.sequence)]: operation.sequence } }
    case 'dropSequence':
      return { ...schema, sequences: without(schema.sequences, tableKey(operation.sequence)) }
    case 'createSchema':
      return { ...schema, schemas: [...schema.schemas.filter((s) => s !== operation.name), operation.name] }
    case 'dropSchema':
      return dropSchema(schema, operation, target)
    case 'renameIndex':
      return renameIndex(schema, operation)
    case 'addConstraint':
      return changeTable(schema, operation.table, (table) => addWritten(table, operation, { target, schema }))
    case 'dropColumn':
      return dropColumn(schema, operation, target)
    case 'dropConstraint':
      return dropFromSchema(schema, operation, target)
    case 'alterColumn':
      return alterInSchema(schema, operation, target)
    case 'createIndex':
      return createIndex(schema, operation, target)
    case 'dropIndex':
      return dropIndex(schema, operation, target)
    case 'bulkInsert':
    case 'update':
    case 'delete':
    case 'insertSelect':
    case 'execute':
      return schema
    default:
      return changeTable(schema, operation.table, (table) => applyToTable(table, operation, { target, schema }))
  }
}

function applyToTable(
  table: Table,
  operation: AddColumn | RenameConstraint | CommentTable,
  around: Surroundings,
): Table {
  switch (operation.kind) {
    case 'addColumn':
      return addColumn(table, operation, around)
    case 'renameConstraint':
      return renameConstraint(table, operation)
    case 'commentTable':
      return withComment(table, operation.comment)
  }
}

function movedName({ table, to, toSchema }: RenameTable, { dialect }: Target): TableName {
  const schema = toSchema === undefined ? table.schema : toSchema === homeSchemas[dialect] ? undefined : toSchema
  return { name: to, ...(schema !== undefined && { schema }) }
}

function createTable(schema: Schema, { table, ifNotExists }: CreateTable, target: Target): Schema {
  if (ifNotExists && findTable(schema, storedTable(schema, table, target))) return schema
  const resolved = resolveTable(table, target)
  const heir = target.dialect === 'postgres' && resolved.options?.postgresql_inherits
  const bare: Table = { ...resolved, constraints: [], indexes: [], ...(heir && { unknown: 'it inherits columns' }) }
  const around = { target, schema }
  const keyed = resolved.constraints.reduce((t, c) => addConstraint(t, c, around), bare)
  const named = resolved.indexes.reduce((t, i) => addIndex(t, withServerIndexName(i, t, around)), keyed)
  const enums = target.dialect === 'postgres' ? enumsOf(resolved.columns.map((c) => c.type)) : []
  const added = Object.fromEntries(enums.map((e) => [tableKey(e), e]))
  return { ...putTable(schema, named), enums: { ...schema.enums, ...added } }
}

function dropColumn(schema: Schema, { table, column, cascade }: DropColumn, target: Target): Schema {
  const kept = cascade ? dropForeignKeysTo(schema, table, (columns) => columns.includes(column)) : schema
  const remove = target.dialect === 'mysql' ? removeFromIndexes : removeColumn
  return changeTable(kept, table, (t) => remove(t, column, target.dialect))
}

function alterInSchema(schema: Schema, operation: AlterColumn, target: Target): Schema {
  const { table, column, changes, place } = operation
  const altered = changeTable(schema, table, (t) => {
    const changed = alterColumn(t, operation, { target, schema })
    const moved = place && changed.columns.find((c) => c.name === (changes.name ?? column))
    return moved ? { ...changed, columns: placed(changed.columns, moved, place) } : changed
  })
  return changes.name && changes.name !== column ? retargetColumn(altered, table, column, changes.name) : altered
}

/** CASCADE takes the foreign keys that stand on a key. */
function dropFromSchema(schema: Schema, operation: DropConstraint, target: Target): Schema {
  const table = findTable(schema, operation.table)
  const key = operation.cascade && table?.constraints.find((c) => hasName(c, plainName(operation.name)!))
  const own = key && (key.kind === 'primaryKey' || key.kind === 'unique') ? key.columns : undefined
  const isOwn = (columns: readonly string[]) =>
    own !== undefined && own.length === columns.length && own.every((c) => columns.includes(c))
  const kept = own ? dropForeignKeysTo(schema, operation.table, isOwn) : schema
  return changeTable(kept, operation.table, (t) => dropConstraint(t, operation, target))
}

function applyBatch(schema: Schema, batch: Extract<Operation, { readonly kind: 'batch' }>, target: Target): Schema {
  if (!shouldRecreate(batch, target)) return batchSteps(batch).reduce((s, step) => applyKnown(s, step, target), schema)
  const table = findTable(schema, batch.table)
  if (!table && !batch.copyFrom) return schema
  return putTable(schema, planRebuild(batch, table, target).table)
}
