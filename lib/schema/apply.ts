import { batchSteps, planRebuild, shouldRecreate } from './batch.ts'
import { changedColumn } from './column-changes.ts'
import {
  hasName,
  putTable,
  removeColumn,
  removeFromIndexes,
  removeTable,
  renameColumn,
  renameTable,
  replaceColumn,
} from './edit.ts'
import { enumsOf } from './enum-types.ts'
import { nameToDrop } from './naming.ts'
import type { AddColumn, AlterColumn, CreateTable, DropConstraint, DropIndex, Operation } from './operation.ts'
import { resolveColumn, resolveTable, typeCheck, withFinalName } from './resolve.ts'
import { withServerName } from './server-names.ts'
import type { Constraint, Index, Schema, Table, TableName } from './table.ts'
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

function applyKnown(schema: Schema, operation: Operation, target: Target): Schema {
  switch (operation.kind) {
    case 'createTable':
      return createTable(schema, operation, target)
    case 'dropTable':
      return removeTable(schema, operation.table)
    case 'renameTable':
      return renameTable(schema, operation.table, operation.to, target.dialect === 'mysql')
    case 'batch':
      return applyBatch(schema, operation, target)
    case 'createEnum':
    case 'dropEnum':
      return applyEnum(schema, operation)
    case 'createSequence':
      return { ...schema, sequences: { ...schema.sequences, [tableKey(operation.sequence)]: operation.sequence } }
    case 'dropSequence':
      return { ...schema, sequences: without(schema.sequences, tableKey(operation.sequence)) }
    case 'createSchema':
      return { ...schema, schemas: [...schema.schemas.filter((s) => s !== operation.name), operation.name] }
    case 'dropSchema':
      return { ...schema, schemas: schema.schemas.filter((s) => s !== operation.name) }
    case 'dropIndex':
      return dropIndex(schema, operation, target)
    case 'bulkInsert':
    case 'update':
    case 'delete':
    case 'insertSelect':
    case 'execute':
      return schema
    default:
      return changeTable(schema, operation.table, (table) => applyToTable(table, operation, target))
  }
}

function applyToTable(
  table: Table,
  operation: Exclude<Extract<Operation, { readonly table: TableName }>, { readonly kind: 'batch' | 'createTable' }>,
  target: Target,
): Table {
  switch (operation.kind) {
    case 'addColumn':
      return addColumn(table, operation, target)
    case 'dropColumn':
      return target.dialect === 'mysql'
        ? removeFromIndexes(table, operation.column)
        : removeColumn(table, operation.column)
    case 'alterColumn':
      return alterColumn(table, operation, target)
    case 'addConstraint':
      return addConstraint(table, withFinalName(operation.constraint, table, target), target)
    case 'dropConstraint':
      return dropConstraint(table, operation, target)
    case 'createIndex':
      return addIndex(table, withFinalName(operation.index, table, target))
    case 'commentTable':
      return withComment(table, operation.comment)
    default:
      return table
  }
}

function changeTable(schema: Schema, name: TableName, change: (table: Table) => Table): Schema {
  const table = findTable(schema, name)
  return table ? putTable(schema, change(table)) : schema
}

function createTable(schema: Schema, { table, ifNotExists }: CreateTable, target: Target): Schema {
  if (ifNotExists && findTable(schema, table)) return schema
  const resolved = resolveTable(table, target)
  const heir = target.dialect === 'postgres' && resolved.options?.postgresql_inherits
  const bare: Table = { ...resolved, constraints: [], ...(heir && { unknown: 'it inherits columns' }) }
  const named = resolved.constraints.reduce((t, c) => addConstraint(t, c, target), bare)
  const enums = target.dialect === 'postgres' ? enumsOf(resolved.columns.map((c) => c.type)) : []
  const added = Object.fromEntries(enums.map((e) => [tableKey(e), e]))
  return { ...putTable(schema, named), enums: { ...schema.enums, ...added } }
}

export function addConstraint(table: Table, constraint: Constraint, target: Target): Table {
  const constraints = [...table.constraints, withServerName(constraint, table, target)]
  if (constraint.kind !== 'primaryKey') return { ...table, constraints }
  const columns = table.columns.map((c) => (constraint.columns.includes(c.name) ? { ...c, nullable: false } : c))
  return { ...table, constraints, columns: target.dialect === 'sqlite' ? table.columns : columns }
}

export function addIndex(table: Table, index: Index): Table {
  return { ...table, indexes: [...table.indexes.filter((i) => plainName(i.name) !== plainName(index.name)), index] }
}

function addColumn(table: Table, operation: AddColumn, target: Target): Table {
  if (operation.ifNotExists && table.columns.some((c) => c.name === operation.column.name)) return table
  const resolved = resolveColumn(operation.column, table, target)
  const added: Table = { ...table, columns: [...table.columns, resolved.column] }
  const keep = (c: Constraint) =>
    c.kind === 'primaryKey' ? operation.inlinePrimaryKey === true : !isSkipped(c, target)
  const constrained = resolved.constraints.filter(keep).reduce((t, c) => addConstraint(t, c, target), added)
  return resolved.indexes.reduce(addIndex, constrained)
}

/** SQLiteImpl.add_constraint leaves out, with a warning, the CHECK that a type would bring along. */
function isSkipped(constraint: Constraint, { dialect }: Target): boolean {
  return dialect === 'sqlite' && constraint.kind === 'check' && constraint.typeBound === true
}

function alterColumn(table: Table, operation: AlterColumn, target: Target): Table {
  const { column, changes } = operation
  const changed = replaceColumn(table, column, (c) => changedColumn(c, operation, target))
  const retyped = changes.type ? withTypeCheck(changed, operation, target) : changed
  return changes.name && changes.name !== column ? renameColumn(retyped, column, changes.name) : retyped
}

/** Alembic drops the CHECK of the old type only where the script names that type, and adds the new one after a change of type. */
function withTypeCheck(table: Table, { column, changes, existing }: AlterColumn, target: Target): Table {
  if (target.dialect === 'sqlite') return table
  const dropped = existing?.type !== undefined && target.dialect !== 'mysql'
  const kept = dropped
    ? table.constraints.filter((c) => !(c.kind === 'check' && c.typeBound && c.column === column))
    : table.constraints
  const check = changes.type && typeCheck({ name: column, type: changes.type }, target)
  const bare = { ...table, constraints: kept }
  return check ? addConstraint(bare, withFinalName(check, table, target), target) : bare
}

function dropConstraint(table: Table, { name, type }: DropConstraint, target: Target): Table {
  const dropped = nameToDrop(name, type, table, target)
  const isIt = (c: Constraint) =>
    hasName(c, dropped) || (type === 'primaryKey' && c.kind === 'primaryKey' && target.dialect === 'mysql')
  const indexes = target.dialect === 'mysql' ? table.indexes.filter((i) => !hasName(i, dropped)) : table.indexes
  return { ...table, constraints: table.constraints.filter((c) => !isIt(c)), indexes }
}

function dropIndex(schema: Schema, operation: DropIndex, target: Target): Schema {
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

function withComment(table: Table, comment: string | null): Table {
  const { comment: _, ...rest } = table
  return comment === null ? rest : { ...rest, comment }
}

function applyEnum(
  schema: Schema,
  operation: Extract<Operation, { readonly kind: 'createEnum' | 'dropEnum' }>,
): Schema {
  const [type] = enumsOf([operation.type], 'even those not created')
  if (!type) return schema
  if (operation.kind === 'dropEnum') return { ...schema, enums: without(schema.enums, tableKey(type)) }
  return { ...schema, enums: { ...schema.enums, [tableKey(type)]: type } }
}

function without<T>(record: { readonly [key: string]: T }, key: string): { readonly [key: string]: T } {
  const { [key]: _, ...rest } = record
  return rest
}

function applyBatch(schema: Schema, batch: Extract<Operation, { readonly kind: 'batch' }>, target: Target): Schema {
  if (!shouldRecreate(batch, target)) return batchSteps(batch).reduce((s, step) => applyKnown(s, step, target), schema)
  const table = findTable(schema, batch.table)
  if (!table && !batch.copyFrom) return schema
  return putTable(schema, planRebuild(batch, table, target).table)
}
