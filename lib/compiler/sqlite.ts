import { apply } from '../schema/apply.ts'
import { planRebuild, type Rebuild, shouldRecreate, type Transfer, temporaryName } from '../schema/batch.ts'
import { indexToDrop } from '../schema/change-indexes.ts'
import type {
  AddColumn,
  AddConstraint,
  AlterColumn,
  Batch,
  DropConstraint,
  DropIndex,
  Operation,
} from '../schema/operation.ts'
import { resolveColumn } from '../schema/resolve.ts'
import type {
  Column,
  Constraint,
  ForeignKey,
  Index,
  PrimaryKey,
  Schema,
  ServerDefault,
  Table,
  TableName,
  Unique,
} from '../schema/table.ts'
import { findTable } from '../schema/table.ts'
import { typeFamily } from '../schema/type-spec.ts'
import { unknowable } from '../schema/unknowable.ts'
import { Compiler } from './base.ts'
import { quoteName } from './quote.ts'
import { rebuildStatements } from './rebuild.ts'

/** SQLiteImpl and SQLiteDDLCompiler (alembic/ddl/sqlite.py, sqlalchemy/dialects/sqlite/base.py). */
export class SqliteCompiler extends Compiler {
  readonly dialect = 'sqlite'

  protected with(schema: Schema): Compiler {
    return new SqliteCompiler(schema, this.target)
  }

  protected override columnText(column: Column, table?: Table): string {
    const conflict = (name: string) => this.conflict(column.options?.[`sqlite_on_conflict_${name}`])
    const numbered = table && isAutoincrement(column, table)
    return [
      this.quote(column.name),
      ...this.typeText(column.type),
      ...this.defaultText(column.default),
      ...(column.nullable ? [] : [`NOT NULL${conflict('not_null')}`]),
      ...(numbered ? [`PRIMARY KEY${conflict('primary_key')} AUTOINCREMENT`] : []),
      ...this.computedText(column),
    ].join(' ')
  }

  private conflict(value: unknown): string {
    return value === undefined || value === null ? '' : ` ON CONFLICT ${value}`
  }

  /** An expression as a default has to stand in parentheses; SQL text stands as the script has it. */
  protected override defaultValue(value: ServerDefault): string {
    const text = super.defaultValue(value)
    return typeof value === 'string' || value.kind === 'sql' ? text : `(${text})`
  }

  protected override constraintText(constraint: Constraint, table: TableName): string | undefined {
    if (constraint.kind === 'primaryKey' && 'columns' in table && this.keyIsInColumn(constraint, table as Table))
      return undefined
    const text = super.constraintText(constraint, table)
    if (text === undefined || constraint.kind === 'exclude' || constraint.kind === 'foreignKey') return text
    const own = constraint.options?.sqlite_on_conflict ?? this.columnConflict(constraint, table)
    return text + this.conflict(own)
  }

  private keyIsInColumn(key: PrimaryKey, table: Table): boolean {
    return table.columns.some((c) => key.columns.includes(c.name) && isAutoincrement(c, table))
  }

  private columnConflict(constraint: Constraint, table: TableName): unknown {
    if (constraint.kind !== 'primaryKey' && constraint.kind !== 'unique') return undefined
    if (constraint.columns.length !== 1 || !('columns' in table)) return undefined
    const column = (table as Table).columns.find((c) => c.name === (constraint as Unique).columns[0])
    return column?.options?.[`sqlite_on_conflict_${constraint.kind === 'unique' ? 'unique' : 'primary_key'}`]
  }

  /** A key into another schema (an attached file) is left out, and the schema of the same one is not written. */
  protected override foreignKeyText(key: ForeignKey, table: TableName): string | undefined {
    if (key.target.schema !== table.schema) return undefined
    return super.foreignKeyText({ ...key, target: { name: key.target.name } }, table)
  }

  protected override tableOptions({ options }: Table): string {
    const words = [
      ...(options?.sqlite_with_rowid === false ? ['WITHOUT ROWID'] : []),
      ...(options?.sqlite_strict === true ? ['STRICT'] : []),
    ]
    return words.length > 0 ? ` ${words.join(', ')}` : ''
  }

  override indexText(index: Index, table: TableName, ifNotExists = false): string {
    const where = index.options?.sqlite_where
    const schema = table.schema === undefined ? '' : `${quoteName(table.schema, 'sqlite')}.`
    const unique = index.unique ? 'UNIQUE ' : ''
    const name = `${ifNotExists ? 'IF NOT EXISTS ' : ''}${schema}${this.indexName(index)}`
    const text = `CREATE ${unique}INDEX ${name} ON ${this.quote(table.name)} (${this.indexColumns(index).join(', ')})`
    if (where === undefined || where === null) return text
    return `${text} WHERE ${typeof where === 'object' && 'kind' in where ? this.expression(where as never) : where}`
  }

  protected dropIndex(operation: DropIndex): string {
    const schema = operation.table?.schema ?? operation.schema
    const name = this.name({ name: indexToDrop(operation, this.target), ...(schema !== undefined && { schema }) })
    return `DROP INDEX ${operation.ifExists ? 'IF EXISTS ' : ''}${name}`
  }

  protected override renameTable(operation: Extract<Operation, { readonly kind: 'renameTable' }>): readonly string[] {
    return super.renameTable(operation)
  }

  protected override addColumn(operation: AddColumn): readonly string[] {
    const { column, table } = operation
    const resolved = resolveColumn(column, { ...table, constraints: [] }, this.target)
    const isHard = (c: Constraint) => c.kind === 'unique' || (c.kind === 'foreignKey' && !operation.inlineReferences)
    if (resolved.constraints.some(isHard)) return this.rebuildFor(operation)
    if (resolved.constraints.some((c) => c.kind === 'check' && c.typeBound)) {
      this.notes.push(`the CHECK of the type of ${column.name} is left out, as Alembic does on SQLite`)
    }
    const { createConstraint: _, ...args } = column.type.args ?? {}
    const type = { ...column.type, args: { ...args, createConstraint: false } }
    return super.addColumn({ ...operation, column: { ...column, type } })
  }

  protected alterColumn(operation: AlterColumn): readonly string[] {
    const { name, comment: _, ...rest } = operation.changes
    const { table, column } = operation
    if (Object.keys(rest).length > 0) return this.rebuildFor(operation)
    if (name === undefined) return []
    return [`${this.alter(table)} RENAME COLUMN ${this.quote(column)} TO ${this.quote(name)}`]
  }

  protected override addConstraint(operation: AddConstraint): readonly string[] {
    return this.rebuildFor(operation)
  }

  protected override dropConstraint(operation: DropConstraint): readonly string[] {
    return this.rebuildFor(operation)
  }

  /** Outside of a batch Alembic gives up here; the table as it is known lets us rebuild it without loss. */
  private rebuildFor(operation: AddColumn | AddConstraint | AlterColumn | DropConstraint): readonly string[] {
    const old = findTable(this.schema, operation.table)
    if (!old || old.unknown)
      return unknowable(`SQLite has to rebuild the table ${operation.table.name}, whose shape is not known`)
    const table = findTable(apply(this.schema, operation, this.target), operation.table)
    if (!table || table === old || table.unknown)
      return unknowable(table?.unknown ?? `nothing to change in ${operation.table.name}`)
    const renamed = operation.kind === 'alterColumn' ? operation.changes.name : undefined
    const copy = old.columns
      .filter((c) => !c.computed)
      .map(
        (c): Transfer => ({
          from: c.name,
          to: operation.kind === 'alterColumn' && c.name === operation.column ? (renamed ?? c.name) : c.name,
        }),
      )
    return this.rebuild({ table, copy, lost: [] }, old)
  }

  protected override batch(operation: Batch): readonly string[] {
    if (!shouldRecreate(operation, this.target)) return super.batch(operation)
    const old = findTable(this.schema, operation.table)
    return this.rebuild(planRebuild(operation, old, this.target), operation.copyFrom ? undefined : old)
  }

  private rebuild(plan: Rebuild, old: Table | undefined): readonly string[] {
    this.rebuilt = old
    this.notes.push(...plan.lost.map((what) => `Alembic's rebuild loses ${what}, and so does this`))
    const temporary = { ...plan.table, name: temporaryName(plan.table.name) }
    return rebuildStatements(plan, {
      create: this.tableText(temporary),
      temporary: this.name(temporary),
      indexes: plan.table.indexes.map((index) => this.indexText(index, plan.table)),
      target: this.target,
    })
  }
}

/** `sqlite_autoincrement=True` counts for a key of one integer column that is no foreign key. */
function isAutoincrement(column: Column, table: Table): boolean {
  const key = table.constraints.find((c): c is PrimaryKey => c.kind === 'primaryKey')
  if (!table.options?.sqlite_autoincrement || key?.columns.length !== 1 || key.columns[0] !== column.name) return false
  const foreign = table.constraints.some((c) => c.kind === 'foreignKey' && c.columns.includes(column.name))
  return typeFamily(column.type) === 'integer' && !foreign
}
