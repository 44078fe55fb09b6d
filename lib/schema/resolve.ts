import type { ColumnDefinition, ColumnForeignKey, TableDefinition } from './definition.ts'
import { column as columnExpression, literal } from './expression.ts'
import type { Named, TableHead } from './naming.ts'
import { finalName } from './naming.ts'
import type { Check, Column, Constraint, ForeignKey, Index, PrimaryKey, Table, Unique } from './table.ts'
import { isBefore, isMariadb, type Target } from './target.ts'
import { typeFamily, typeOn } from './type-spec.ts'

/** A column definition taken apart: the column, and the constraints and indexes that it brings along. */
export interface ResolvedColumn {
  readonly column: Column
  readonly constraints: readonly Constraint[]
  readonly indexes: readonly Index[]
}

/** `sa.Table(…)` as SQLAlchemy would have the server see it: keys apart from columns, every name final. */
export function resolveTable(definition: TableDefinition, givenTarget: Target): Table {
  const target = definition.naming ? { ...givenTarget, namingConvention: definition.naming } : givenTarget
  const key = primaryKey(definition)
  const head: TableHead = { ...tableName(definition), constraints: key ? [key] : [] }
  const parts = definition.columns.map((c) => takeApart(c, definition, key, target))
  const explicit = (definition.constraints ?? []).filter(({ kind }) => kind !== 'primaryKey')
  const constraints = [...(key ? [key] : []), ...explicit, ...parts.flatMap((p) => p.constraints)]
  const indexes = [...parts.flatMap((p) => p.indexes), ...(definition.indexes ?? [])]
  return {
    ...tableName(definition),
    columns: parts.map((p) => p.column),
    constraints: constraints.filter((c) => isRendered(c, target)).map((c) => withFinalName(c, head, target)),
    indexes: indexes.map((index) => withFinalName(index, head, target)),
    ...(definition.comment !== undefined && { comment: definition.comment }),
    ...(definition.options && { options: definition.options }),
    ...(definition.prefixes && { prefixes: definition.prefixes }),
  }
}

/** The column of `op.add_column`: Alembic puts it alone into a table of that name, where the rules are applied. */
export function resolveColumn(definition: ColumnDefinition, head: TableHead, target: Target): ResolvedColumn {
  const alone: TableDefinition = { ...tableName(head), columns: [definition] }
  const table = resolveTable(alone, target)
  return {
    column: table.columns[0]!,
    constraints: table.constraints,
    indexes: table.indexes,
  }
}

export function withFinalName<T extends Named>(item: T, table: TableHead, target: Target): T {
  const name = finalName(item, table, target)
  const { name: _, byServer: __, ...rest } = item
  return (name === undefined ? rest : { ...rest, name }) as T
}

function tableName({ name, schema }: { readonly name: string; readonly schema?: string }) {
  return schema === undefined ? { name } : { name, schema }
}

/** With use_alter the constraint is left to MetaData.create_all, which a migration never calls; SQLite ignores the flag. */
function isRendered(constraint: Constraint, { dialect }: Target): boolean {
  return dialect === 'sqlite' || constraint.kind !== 'foreignKey' || constraint.useAlter !== true
}

function primaryKey(definition: TableDefinition): PrimaryKey | undefined {
  const flagged = definition.columns.filter((c) => c.primaryKey).map((c) => c.name)
  const explicit = definition.constraints?.find((c): c is PrimaryKey => c.kind === 'primaryKey')
  if (explicit) return explicit.columns.length > 0 ? explicit : withColumns(explicit, flagged)
  return flagged.length > 0 ? { kind: 'primaryKey', columns: numberedFirst(flagged, definition) } : undefined
}

function withColumns(key: PrimaryKey, columns: readonly string[]): PrimaryKey | undefined {
  return columns.length > 0 ? { ...key, columns } : undefined
}

/** PrimaryKeyConstraint.columns_autoinc_first, for keys that nobody wrote out. */
function numberedFirst(columns: readonly string[], definition: TableDefinition): readonly string[] {
  const numbered = columns.length > 1 && definition.columns.find((c) => c.primaryKey && c.autoincrement === true)
  return numbered ? [numbered.name, ...columns.filter((name) => name !== numbered.name)] : columns
}

function takeApart(
  definition: ColumnDefinition,
  table: TableDefinition,
  key: PrimaryKey | undefined,
  target: Target,
): ResolvedColumn {
  return {
    column: plainColumn(definition, table, key, target),
    constraints: columnConstraints(definition, target),
    indexes: definition.index ? [{ columns: [definition.name], unique: definition.unique ?? false }] : [],
  }
}

function plainColumn(
  definition: ColumnDefinition,
  table: TableDefinition,
  key: PrimaryKey | undefined,
  target: Target,
): Column {
  const inKey = definition.primaryKey === true || (key?.columns.includes(definition.name) ?? false)
  const { serverDefault, computed, identity, comment, options } = definition
  const numbered = isNumbered(definition, table, key) && numbersOn(definition, target)
  return {
    name: definition.name,
    type: definition.type,
    nullable: definition.nullable ?? (!inKey && identity === undefined),
    ...(serverDefault !== undefined && !numbered && { default: serverDefault }),
    ...(computed && { computed }),
    ...(identity && target.dialect === 'postgres' && { identity }),
    ...(numbered && { autoincrement: true }),
    ...(comment !== undefined && { comment }),
    ...(options && { options }),
  }
}

function columnConstraints(definition: ColumnDefinition, target: Target): readonly Constraint[] {
  const unique: readonly Unique[] =
    definition.unique && !definition.index ? [{ kind: 'unique', columns: [definition.name] }] : []
  const bound = typeCheck(definition, target)
  const inline = (definition.checks ?? []).map((c): Check => ({ ...c, kind: 'check', column: definition.name }))
  const foreign = (definition.foreignKeys ?? []).map((key) => foreignKey(definition.name, key))
  return [...unique, ...foreign, ...(bound ? [bound] : []), ...inline]
}

function foreignKey(column: string, key: ColumnForeignKey): ForeignKey {
  const { target, targetColumn, ...rest } = key
  return { kind: 'foreignKey', columns: [column], target, targetColumns: [targetColumn], ...rest }
}

/** The CHECK that Boolean and Enum make where the database has no such type (SchemaType._should_create_constraint). */
export function typeCheck(definition: Pick<ColumnDefinition, 'name' | 'type'>, target: Target): Check | undefined {
  const type = typeOn(definition.type, target.dialect)
  const { createConstraint = isBefore(target, '1.4'), name, nativeEnum = true, values = [] } = type.args ?? {}
  if (!createConstraint) return undefined
  const allowed =
    ['Boolean', 'BOOLEAN'].includes(type.kind) && target.dialect !== 'postgres'
      ? [0, 1]
      : type.kind === 'Enum' && (!nativeEnum || target.dialect === 'sqlite')
        ? values
        : undefined
  if (!allowed) return undefined
  const list = { kind: 'list', of: allowed.map(literal) } as const
  const expression = { kind: 'binary', operator: 'IN', left: columnExpression(definition.name), right: list } as const
  return { kind: 'check', expression, typeBound: true, column: definition.name, ...(name !== undefined && { name }) }
}

/** PrimaryKeyConstraint._autoincrement_column: which column of the key counts up by itself. */
function isNumbered(column: ColumnDefinition, table: TableDefinition, key: PrimaryKey | undefined): boolean {
  if (column.autoincrement === 'written') return true
  if (!key?.columns.includes(column.name)) return false
  if (column.autoincrement === true) return true
  if (key.columns.length > 1 || column.autoincrement === false) return false
  if (!['integer', 'numeric'].includes(typeFamily(column.type))) return false
  if (column.clientDefault === 'value' || column.serverDefault !== undefined) return false
  return column.autoincrement === 'ignore_fk' || !hasForeignKey(column, table)
}

function hasForeignKey(column: ColumnDefinition, table: TableDefinition): boolean {
  if (column.foreignKeys && column.foreignKeys.length > 0) return true
  return (table.constraints ?? []).some((c) => c.kind === 'foreignKey' && c.columns.includes(column.name))
}

function numbersOn({ identity, clientDefault, serverDefault }: ColumnDefinition, target: Target): boolean {
  if (target.dialect === 'postgres')
    return identity === undefined && (clientDefault ?? 'optionalSequence') === 'optionalSequence'
  if (target.dialect === 'mysql')
    return serverDefault === undefined && !(isMariadb(target) && clientDefault === 'sequence')
  return false
}
