import { changedColumn, isDefaultOnly } from './column-changes.ts'
import { hasName, renameColumn, replaceColumn } from './edit.ts'
import { nameToDrop } from './naming.ts'
import type {
  AddColumn,
  AddConstraint,
  AlterColumn,
  ColumnPlace,
  DropConstraint,
  RenameConstraint,
} from './operation.ts'
import { resolveColumn, typeCheck, withFinalName } from './resolve.ts'
import { type Surroundings, withServerName } from './server-names.ts'
import { storedTable } from './stored-names.ts'
import type { Column, Constraint, Index, Table } from './table.ts'
import { emptySchema, findTable, plainName, primaryKeyOf, tableKey } from './table.ts'
import { isMariadb, type Target } from './target.ts'

/** What operations do to one table. */

export function addConstraint(table: Table, constraint: Constraint, around: Surroundings): Table {
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

export function addWritten(table: Table, { constraint, usingIndex }: AddConstraint, around: Surroundings): Table {
  if (usingIndex === undefined) return addConstraint(table, withFinalName(constraint, table, around.target), around)
  const index = table.indexes.find((i) => hasName(i, usingIndex))
  if (!index || (constraint.kind !== 'unique' && constraint.kind !== 'primaryKey'))
    return { ...table, unknown: `the index ${usingIndex}, which becomes a constraint, is not known` }
  const columns = index.columns.flatMap((c) => (typeof c === 'string' ? c : []))
  const named = { ...constraint, columns, name: constraint.name ?? { fixed: usingIndex } }
  const { byServer: _, ...key } = named
  return addConstraint({ ...table, indexes: table.indexes.filter((i) => i !== index) }, key, around)
}

export function addColumn(table: Table, operation: AddColumn, around: Surroundings): Table {
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

/** SQLiteImpl.add_constraint leaves out, with a warning, the CHECK that a type would bring along. */
function isSkipped(constraint: Constraint, { dialect }: Target): boolean {
  return dialect === 'sqlite' && constraint.kind === 'check' && constraint.typeBound === true
}

/** The columns with this one at its place, the end unless told. */
export function placed(columns: readonly Column[], column: Column, place: ColumnPlace | undefined): readonly Column[] {
  const others = columns.filter((c) => c.name !== column.name)
  if (place === 'first') return [column, ...others]
  const after = place ? others.findIndex((c) => c.name.toLowerCase() === place.after.toLowerCase()) : -1
  return after < 0 ? [...others, column] : others.toSpliced(after + 1, 0, column)
}

export function alterColumn(table: Table, operation: AlterColumn, around: Surroundings): Table {
  const { column, changes } = operation
  const kept = isMariadb(around.target) ? withColumnCheck(table, operation) : table
  const changed = replaceColumn(kept, column, (c) =>
    stillInKey(table, changedColumn(c, operation, around.target), c, around.target),
  )
  const retyped = changes.type && !operation.exact ? withTypeCheck(changed, operation, around) : changed
  return changes.name && changes.name !== column ? renameColumn(retyped, column, changes.name) : retyped
}

/** A column of the primary key stays NOT NULL on MySQL, whether or not its new definition says so. */
function stillInKey(table: Table, changed: Column, before: Column, { dialect }: Target): Column {
  const inKey = table.constraints.some((c) => c.kind === 'primaryKey' && c.columns.includes(before.name))
  return dialect === 'mysql' && inKey ? { ...changed, nullable: false } : changed
}

/** In MariaDB a CHECK at a column is a part of it, and goes when the column is written anew. */
function withColumnCheck(table: Table, operation: AlterColumn): Table {
  const { column, changes, exact } = operation
  const isPart = (c: Constraint) => c.kind === 'check' && c.column === column && hasName(c, column)
  const isRewritten = exact ? changes.type !== undefined : !isDefaultOnly(operation)
  return isRewritten ? { ...table, constraints: table.constraints.filter((c) => !isPart(c)) } : table
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

export function dropConstraint(table: Table, { name, type }: DropConstraint, target: Target): Table {
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

export function renameConstraint(table: Table, { name, to }: RenameConstraint): Table {
  const constraints = table.constraints.map((c) => (hasName(c, name) ? { ...c, name: { fixed: to } } : c))
  return { ...table, constraints }
}

export function withComment(table: Table, comment: string | null): Table {
  const { comment: _, ...rest } = table
  return comment === null ? rest : { ...rest, comment }
}

export function addIndex(table: Table, index: Index): Table {
  return { ...table, indexes: [...table.indexes.filter((i) => plainName(i.name) !== plainName(index.name)), index] }
}
