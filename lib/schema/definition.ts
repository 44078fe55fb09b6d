import type { NamingConvention } from './naming.ts'
import type { Check, Computed, Constraint, Identity, Index, Name, Options, ServerDefault, TableName } from './table.ts'
import type { TypeSpec } from './type-spec.ts'

/** `sa.ForeignKey("schema.table.column", …)` inside a column. */
export interface ColumnForeignKey {
  readonly target: TableName
  /** Without one: the column of the same name (a table object was given). */
  readonly targetColumn: string
  readonly name?: Name
  readonly onDelete?: string
  readonly onUpdate?: string
  readonly deferrable?: boolean
  readonly initially?: string
  readonly match?: string
  readonly useAlter?: boolean
}

/** A column as a script writes it, `sa.Column(…)`, before SQLAlchemy's rules are applied. */
export interface ColumnDefinition {
  readonly name: string
  readonly type: TypeSpec
  /** Without: true, unless it is in the primary key. */
  readonly nullable?: boolean
  readonly primaryKey?: boolean
  readonly unique?: boolean
  readonly index?: boolean
  readonly serverDefault?: ServerDefault
  /** `default=` is the application's business, but it switches the automatic numbering off; a Sequence has rules of its own. */
  readonly clientDefault?: 'value' | 'sequence' | 'optionalSequence'
  /** `auto` unless told; `written` is raw SQL's, where no rule of SQLAlchemy has a say. */
  readonly autoincrement?: boolean | 'auto' | 'ignore_fk' | 'written'
  readonly computed?: Computed
  readonly identity?: Identity
  readonly comment?: string
  readonly foreignKeys?: readonly ColumnForeignKey[]
  readonly checks?: readonly Omit<Check, 'kind' | 'column' | 'typeBound'>[]
  readonly options?: Options
}

/** A table as a script writes it, `op.create_table(…)` or `sa.Table(…)`. */
export interface TableDefinition extends TableName {
  readonly columns: readonly ColumnDefinition[]
  readonly constraints?: readonly Constraint[]
  readonly indexes?: readonly Index[]
  readonly comment?: string
  readonly options?: Options
  readonly prefixes?: readonly string[]
  /** The convention of the table's own MetaData, where that is not the target's. */
  readonly naming?: NamingConvention
}
