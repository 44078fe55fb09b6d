import type { AlterColumn, ColumnDefault } from './operation.ts'
import type { Column } from './table.ts'
import type { Target } from './target.ts'
import { typeFamily } from './type-spec.ts'

/** The column as an ALTER leaves it. MySQL writes the whole column anew, and so forgets what the script does not repeat. */
export function changedColumn(column: Column, operation: AlterColumn, target: Target): Column {
  return target.dialect === 'mysql' && !operation.exact
    ? mysqlChanged(column, operation)
    : withChanges(column, operation)
}

function withChanges(column: Column, { changes }: Pick<AlterColumn, 'changes'>): Column {
  const { type, nullable, serverDefault, comment, autoincrement } = changes
  const { default: _d, comment: _c, identity: _i, computed: _g, ...rest } = column
  return {
    ...rest,
    ...(serverDefault === undefined ? keptDefault(column) : newDefault(serverDefault)),
    ...(comment === undefined ? pick(column, 'comment') : comment === null ? {} : { comment }),
    ...(type && { type }),
    ...(nullable !== undefined && { nullable }),
    ...(autoincrement !== undefined && { autoincrement }),
  }
}

function keptDefault(column: Column): Partial<Column> {
  return { ...pick(column, 'default'), ...pick(column, 'identity'), ...pick(column, 'computed') }
}

function newDefault(value: ColumnDefault | null): Partial<Column> {
  if (value === null) return {}
  if (typeof value === 'string' || 'kind' in value) return { default: value }
  return 'identity' in value ? { identity: value.identity } : { computed: value.computed }
}

function pick<T, K extends keyof T>(from: T, key: K): Partial<Pick<T, K>> {
  return from[key] === undefined ? {} : ({ [key]: from[key] } as Pick<T, K>)
}

/** How MySQLImpl.alter_column does it: only a default alone leaves the rest of the column as it is. */
export function isDefaultOnly({ changes, existing }: AlterColumn): boolean {
  const { name, type, nullable, autoincrement, comment, serverDefault } = changes
  const others = [name, type, nullable, autoincrement, comment].some((change) => change !== undefined)
  const functional = existing?.type !== undefined && serverDefault !== null && typeFamily(existing.type) === 'datetime'
  return !others && !functional
}

/** The whole column that MySQL's CHANGE or MODIFY has to be given (alembic/ddl/mysql.py, MySQLChangeColumn). */
export function mysqlColumn(operation: AlterColumn, known: Column | undefined): Column | undefined {
  const { changes, existing = knownAs(known) } = operation
  const type = changes.type ?? existing.type ?? known?.type
  if (!type) return undefined
  const said = existing.type || changes.type ? existing : { ...knownAs(known), ...existing }
  const merged = { ...said, ...changes }
  const { nullable = true, serverDefault, comment, autoincrement } = merged
  return {
    name: changes.name ?? operation.column,
    type,
    nullable,
    ...(serverDefault !== undefined && newDefault(serverDefault)),
    ...(comment && { comment }),
    ...(autoincrement && { autoincrement }),
  }
}

function knownAs(column: Column | undefined): NonNullable<AlterColumn['existing']> {
  if (!column) return {}
  const { type, nullable, default: serverDefault, comment, autoincrement } = column
  return {
    type,
    nullable,
    ...(serverDefault !== undefined && { serverDefault }),
    ...(comment !== undefined && { comment }),
    ...(autoincrement && { autoincrement }),
  }
}

function mysqlChanged(column: Column, operation: AlterColumn): Column {
  if (isDefaultOnly(operation)) return withChanges(column, operation)
  return { ...(mysqlColumn(operation, column) ?? column), name: column.name }
}
