import { batchSteps, planRebuild, shouldRecreate } from './batch.ts'
import { changedColumn } from './column-changes.ts'
import {
  dropForeignKeysTo,
  hasName,
  putTable,
  removeColumn,
  removeFromIndexes,
  removeTable,
  renameColumn,
  renameTable,
  replaceColumn,
  retargetColumn,
} from './edit.ts'
import { enumsOf } from './enum-types.ts'
import { nameToDrop } from './naming.ts'
import type {
  AddColumn,
  AddConstraint,
  AlterColumn,
  AlterEnum,
  ColumnPlace,
  CommentTable,
  CreateIndex,
  CreateTable,
  DropColumn,
  DropConstraint,
  DropIndex,
  DropSchema,
  Operation,
  RenameConstraint,
  RenameIndex,
  RenameTable,
} from './operation.ts'
import { resolveColumn, resolveTable, typeCheck, withFinalName } from './resolve.ts'
import { type Surroundings, withServerIndexName, withServerName } from './server-names.ts'
import { inStoredNames, storedTable } from './stored-names.ts'
import type { Column, Constraint, EnumType, Index, Schema, Table, TableName } from './table.ts'
import { emptySchema, findTable, plainName, primaryKeyOf, tableKey } from './table.ts'
import { isMariadb, type Target } from './target.ts'
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

function applyKnown(schema: Schema, given: Operation, target: Target): Schema {
  const operation = inStoredNames(given, schema, target)
  switch (operation.kind) {
    case 'createTable':
      return createTable(schema, operation, target)
    case 'dropTable':
      return removeTable(operation.cascade ? dropForeignKeysTo(schema, operation.table) : schema, operation.table)
    case 'renameTable':
      return renameTable(schema, operation.table, movedName(operation), target.dialect === 'mysql')
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
  operation: AddColumn | DropConstraint | RenameConstraint | CommentTable,
  around: Surroundings,
): Table {
  switch (operation.kind) {
    case 'addColumn':
      return addColumn(table, operation, around)
    case 'dropConstraint':
      return dropConstraint(table, operation, around.target)
    case 'renameConstraint':
      return renameConstraint(table, operation)
    case 'commentTable':
      return withComment(table, operation.comment)
  }
}

function movedName({ table, to, toSchema = table.schema }: RenameTable): TableName {
  return { name: to, ...(toSchema !== undefined && { schema: toSchema }) }
}

function changeTable(schema: Schema, name: TableName, change: (table: Table) => Table): Schema {
  const table = findTable(schema, name)
  return table ? putTable(schema, change(table)) : schema
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

function addConstraint(table: Table, constraint: Constraint, around: Surroundings): Table {
  const { target } = around
  if (isDoubtful(constraint, target)) return { ...table, unknown: table.unknown ?? inlineReferences }
  const constraints = [
    ...table.constraints,
    withTargetColumns(withServerName(constraint, table, around), table, around),
  ]
  if (constraint.kind !== 'primaryKey') return { ...table, constraints }
  const columns = table.columns.map((c) => (constraint.columns.includes(c.name) ? { ...c, nullable: false } : c))
  return { ...table, constraints, columns: target.dialect === 'sqlite' ? table.columns : columns }
}

const inlineReferences = 'REFERENCES at a column means nothing to MySQL before 9.0, and a foreign key to it since'

function isDoubtful(constraint: Constraint, target: Target): boolean {
  return (
    constraint.kind === 'foreignKey' && constraint.inline === true && target.dialect === 'mysql' && !isMariadb(target)
  )
}

/** PostgreSQL settles at once which columns `REFERENCES t` means; to SQLite it is the key that the table has later. */
function withTargetColumns(
  constraint: Constraint,
  table: Table,
  { target, schema = emptySchema }: Surroundings,
): Constraint {
  if (constraint.kind !== 'foreignKey') return constraint
  const name = storedTable(schema, constraint.target, target)
  if (constraint.targetColumns.length > 0 || target.dialect !== 'postgres') return { ...constraint, target: name }
  const isSelf = tableKey(name) === tableKey(table)
  const key = primaryKeyOf(isSelf ? table : (findTable(schema, name) ?? { constraints: [] }))
  return { ...constraint, target: name, targetColumns: key?.columns ?? [] }
}

function addWritten(table: Table, { constraint, usingIndex }: AddConstraint, around: Surroundings): Table {
  if (usingIndex === undefined) return addConstraint(table, withFinalName(constraint, table, around.target), around)
  const index = table.indexes.find((i) => hasName(i, usingIndex))
  if (!index || (constraint.kind !== 'unique' && constraint.kind !== 'primaryKey'))
    return { ...table, unknown: `the index ${usingIndex}, which becomes a constraint, is not known` }
  const columns = index.columns.flatMap((c) => (typeof c === 'string' ? c : []))
  const named = { ...constraint, columns, name: constraint.name ?? { fixed: usingIndex } }
  const { byServer: _, ...key } = named
  return addConstraint({ ...table, indexes: table.indexes.filter((i) => i !== index) }, key, around)
}

export function addIndex(table: Table, index: Index): Table {
  return { ...table, indexes: [...table.indexes.filter((i) => plainName(i.name) !== plainName(index.name)), index] }
}

function addColumn(table: Table, operation: AddColumn, around: Surroundings): Table {
  const { target } = around
  if (operation.ifNotExists && table.columns.some((c) => c.name === operation.column.name)) return table
  const resolved = resolveColumn(operation.column, table, target)
  const added: Table = { ...table, columns: placed(table.columns, resolved.column, operation.place) }
  const keep = (c: Constraint) =>
    c.kind === 'primaryKey' ? operation.inlinePrimaryKey === true : !isSkipped(c, target)
  const written = (operation.constraints ?? []).map((c) => withFinalName(c, table, target))
  const constraints = [...resolved.constraints.filter(keep), ...written]
  const constrained = constraints.reduce((t, c) => addConstraint(t, c, around), added)
  return resolved.indexes.reduce(addIndex, constrained)
}

/** The columns with this one at its place, the end unless told. */
function placed(columns: readonly Column[], column: Column, place: ColumnPlace | undefined): readonly Column[] {
  const others = columns.filter((c) => c.name !== column.name)
  if (place === 'first') return [column, ...others]
  const after = place ? others.findIndex((c) => c.name.toLowerCase() === place.after.toLowerCase()) : -1
  return after < 0 ? [...others, column] : others.toSpliced(after + 1, 0, column)
}

function dropColumn(schema: Schema, { table, column, cascade }: DropColumn, target: Target): Schema {
  const kept = cascade ? dropForeignKeysTo(schema, table, [column]) : schema
  const remove = target.dialect === 'mysql' ? removeFromIndexes : removeColumn
  return changeTable(kept, table, (t) => remove(t, column))
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

/** PostgreSQL and SQLite look for the name among all that there is, MySQL in the table. */
function createIndex(schema: Schema, { table, index, ifNotExists }: CreateIndex, target: Target): Schema {
  const name = plainName(index.name)
  const own = findTable(schema, table)
  const owner = name === undefined || target.dialect === 'mysql' ? own : ownerOf(schema, name)
  if (ifNotExists && name !== undefined && owner?.indexes.some((i) => hasName(i, name))) return schema
  const around = { target, schema }
  return changeTable(schema, table, (t) => addIndex(t, withServerIndexName(withFinalName(index, t, target), t, around)))
}

function renameIndex(schema: Schema, { table, name, to }: RenameIndex): Schema {
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
  return ['primaryKey', 'unique', 'exclude'].includes(constraint.kind) && hasName(constraint, name)
}

function renameConstraint(table: Table, { name, to }: RenameConstraint): Table {
  const constraints = table.constraints.map((c) => (hasName(c, name) ? { ...c, name: { fixed: to } } : c))
  return { ...table, constraints }
}

/** SQLiteImpl.add_constraint leaves out, with a warning, the CHECK that a type would bring along. */
function isSkipped(constraint: Constraint, { dialect }: Target): boolean {
  return dialect === 'sqlite' && constraint.kind === 'check' && constraint.typeBound === true
}

function alterColumn(table: Table, operation: AlterColumn, around: Surroundings): Table {
  const { column, changes } = operation
  const changed = replaceColumn(table, column, (c) => changedColumn(c, operation, around.target))
  const retyped = changes.type && !operation.exact ? withTypeCheck(changed, operation, around) : changed
  return changes.name && changes.name !== column ? renameColumn(retyped, column, changes.name) : retyped
}

/** Alembic drops the CHECK of the old type only where the script names that type, and adds the new one after a change of type. */
function withTypeCheck(table: Table, { column, changes, existing }: AlterColumn, around: Surroundings): Table {
  const { target } = around
  if (target.dialect === 'sqlite') return table
  const dropped = existing?.type !== undefined && target.dialect !== 'mysql'
  const kept = dropped
    ? table.constraints.filter((c) => !(c.kind === 'check' && c.typeBound && c.column === column))
    : table.constraints
  const check = changes.type && typeCheck({ name: column, type: changes.type }, target)
  const bare = { ...table, constraints: kept }
  return check ? addConstraint(bare, withFinalName(check, table, target), around) : bare
}

function dropConstraint(table: Table, { name, type }: DropConstraint, target: Target): Table {
  const dropped = nameToDrop(name, type, table, target)
  const isMysql = target.dialect === 'mysql'
  const isIt = (c: Constraint) =>
    (hasName(c, dropped) && (!isMysql || type === undefined || sharesNames(c.kind, type))) ||
    (type === 'primaryKey' && c.kind === 'primaryKey' && isMysql)
  const isIndex = isMysql && (type === undefined || type === 'unique')
  const indexes = isIndex ? table.indexes.filter((i) => !hasName(i, dropped)) : table.indexes
  return { ...table, constraints: table.constraints.filter((c) => !isIt(c)), indexes }
}

/** To MySQL the names of keys, of foreign keys and of checks are three kinds of their own. */
function sharesNames(kind: Constraint['kind'], dropped: NonNullable<DropConstraint['type']>): boolean {
  const keys = ['primaryKey', 'unique']
  return kind === dropped || (keys.includes(kind) && keys.includes(dropped))
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

function alterEnum(schema: Schema, { type, change }: AlterEnum): Schema {
  const key = tableKey(type)
  const known = Object.hasOwn(schema.enums, key) ? schema.enums[key] : undefined
  if (!known) return schema
  const changed = alteredEnum(known, change)
  return { ...schema, enums: { ...without(schema.enums, key), [tableKey(changed)]: changed } }
}

function alteredEnum(type: EnumType, change: AlterEnum['change']): EnumType {
  if ('name' in change) return { ...type, name: change.name }
  if ('schema' in change) return { ...type, schema: change.schema }
  if ('value' in change) return { ...type, values: type.values.map((v) => (v === change.value ? change.to : v)) }
  const { add, before, after } = change
  if (type.values.includes(add)) return type
  const at =
    before !== undefined ? type.values.indexOf(before) : after !== undefined ? type.values.indexOf(after) + 1 : -1
  return { ...type, values: at < 0 ? [...type.values, add] : type.values.toSpliced(at, 0, add) }
}

/** With a schema go its tables: in MySQL always, in PostgreSQL where CASCADE says so. */
function dropSchema(schema: Schema, { name, cascade }: DropSchema, { dialect }: Target): Schema {
  const schemas = schema.schemas.filter((s) => s !== name)
  if (!cascade && dialect !== 'mysql') return { ...schema, schemas }
  const inside = Object.values(schema.tables).filter((t) => t.schema === name)
  const outside = <T extends TableName>(things: { readonly [key: string]: T }) =>
    Object.fromEntries(Object.entries(things).filter(([, thing]) => thing.schema !== name))
  const bare = inside.reduce((s, t) => removeTable(dialect === 'mysql' ? s : dropForeignKeysTo(s, t), t), schema)
  return { ...bare, schemas, enums: outside(schema.enums), sequences: outside(schema.sequences) }
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
