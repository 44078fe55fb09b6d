import type { ColumnDefinition, TableDefinition } from './definition.ts'
import type { CommonTable, Expression, From, Literal, Parameters, Select } from './expression.ts'
import type { NamingConvention } from './naming.ts'
import type {
  Computed,
  Constraint,
  ConstraintKind,
  Identity,
  Index,
  Name,
  Options,
  SequenceOptions,
  ServerDefault,
  TableName,
} from './table.ts'
import type { TypeSpec } from './type-spec.ts'

export interface CreateTable {
  readonly kind: 'createTable'
  readonly table: TableDefinition
  readonly ifNotExists?: boolean
}

export interface DropTable {
  readonly kind: 'dropTable'
  readonly table: TableName
  readonly ifExists?: boolean
  readonly cascade?: boolean
}

export interface RenameTable {
  readonly kind: 'renameTable'
  readonly table: TableName
  readonly to: string
  /** Raw SQL may move it into another schema; without, it stays. */
  readonly toSchema?: string
}

/** Where raw SQL of MySQL puts a column. */
export type ColumnPlace = 'first' | { readonly after: string }

export interface AddColumn {
  readonly kind: 'addColumn'
  readonly table: TableName
  readonly column: ColumnDefinition
  readonly ifNotExists?: boolean
  /** Only inside a batch. */
  readonly insertBefore?: string
  readonly insertAfter?: string
  /** Alembic 1.16 and later: the foreign key inside ADD COLUMN, the key as well. */
  readonly inlineReferences?: boolean
  readonly inlinePrimaryKey?: boolean
  /** What raw SQL writes at the column. */
  readonly constraints?: readonly Constraint[]
  readonly place?: ColumnPlace
}

export interface DropColumn {
  readonly kind: 'dropColumn'
  readonly table: TableName
  readonly column: string
  readonly ifExists?: boolean
  readonly cascade?: boolean
}

export type ColumnDefault = ServerDefault | { readonly identity: Identity } | { readonly computed: Computed }

/** A key that is present is a change, `null` takes away. */
export interface ColumnChanges {
  readonly type?: TypeSpec
  readonly nullable?: boolean
  readonly serverDefault?: ColumnDefault | null
  readonly name?: string
  readonly comment?: string | null
  readonly autoincrement?: boolean
}

export interface AlterColumn {
  readonly kind: 'alterColumn'
  readonly table: TableName
  readonly column: string
  readonly changes: ColumnChanges
  /** `existing_…`: what the script says of the column as it is. MySQL needs it, since it knows only the whole column. */
  readonly existing?: Omit<ColumnChanges, 'name'>
  /** postgresql_using */
  readonly using?: string
  /** Raw SQL: what `changes` says, and nothing that Alembic would do besides. */
  readonly exact?: true
  readonly place?: ColumnPlace
}

export interface AddConstraint {
  readonly kind: 'addConstraint'
  readonly table: TableName
  readonly constraint: Constraint
  /** ADD CONSTRAINT … USING INDEX (PostgreSQL): the index that becomes the constraint, and gives its columns. */
  readonly usingIndex?: string
}

export interface DropConstraint {
  readonly kind: 'dropConstraint'
  readonly table: TableName
  readonly name: Name
  /** `type_`; MySQL cannot do without. */
  readonly type?: Exclude<ConstraintKind, 'exclude'>
  readonly ifExists?: boolean
  readonly cascade?: boolean
}

export interface CreateIndex {
  readonly kind: 'createIndex'
  readonly table: TableName
  readonly index: Index
  readonly ifNotExists?: boolean
}

export interface DropIndex {
  readonly kind: 'dropIndex'
  readonly name: Name
  /** MySQL needs it. */
  readonly table?: TableName
  readonly schema?: string
  readonly ifExists?: boolean
  readonly options?: Options
}

/** ALTER INDEX … RENAME, ALTER TABLE … RENAME INDEX; the index may be that of a key. */
export interface RenameIndex {
  readonly kind: 'renameIndex'
  /** MySQL has it; elsewhere names of indexes are of the whole schema. */
  readonly table?: TableName
  readonly schema?: string
  readonly name: string
  readonly to: string
}

export interface RenameConstraint {
  readonly kind: 'renameConstraint'
  readonly table: TableName
  readonly name: string
  readonly to: string
}

export interface CommentTable {
  readonly kind: 'commentTable'
  readonly table: TableName
  readonly comment: string | null
}

export interface BulkInsert {
  readonly kind: 'bulkInsert'
  readonly table: TableName
  /** The columns of the `sa.table(…)`, for their types; a column that rows do not name is left out. */
  readonly columns: readonly { readonly name: string; readonly type?: TypeSpec }[]
  readonly rows: readonly { readonly [column: string]: Literal | Expression }[]
  readonly prefixes?: readonly string[]
  readonly conflict?: OnConflict
}

/** What an INSERT does about a row that is there already. */
export type OnConflict =
  | { readonly kind: 'nothing'; readonly target?: ConflictTarget }
  | {
      readonly kind: 'update'
      readonly target?: ConflictTarget
      readonly set: readonly Assignment[]
      readonly where?: Expression
    }
  /** MySQL: ON DUPLICATE KEY UPDATE. */
  | { readonly kind: 'duplicate'; readonly set: readonly Assignment[] }

export type ConflictTarget =
  | { readonly constraint: string }
  | { readonly columns: readonly (string | Expression)[]; readonly where?: Expression }

/** One column of an UPDATE, with its type where the script has one. */
export interface Assignment {
  readonly column: string
  readonly value: Literal | Expression
  readonly type?: TypeSpec
}

/** `sa.update(…)` */
export interface Update {
  readonly kind: 'update'
  readonly table: TableName
  readonly set: readonly Assignment[]
  readonly alias?: string
  /** Other tables that the values or the condition name. */
  readonly from?: readonly From[]
  readonly where?: Expression
  readonly with?: readonly CommonTable[]
  readonly prefixes?: readonly string[]
}

/** `sa.delete(…)` */
export interface Delete {
  readonly kind: 'delete'
  readonly table: TableName
  readonly alias?: string
  readonly from?: readonly From[]
  readonly where?: Expression
  readonly with?: readonly CommonTable[]
  readonly prefixes?: readonly string[]
}

/** `sa.insert(…).from_select(…)` */
export interface InsertSelect {
  readonly kind: 'insertSelect'
  readonly table: TableName
  readonly columns: readonly string[]
  readonly select: Select
  readonly prefixes?: readonly string[]
  readonly conflict?: OnConflict
}

/** SQL as text. `:name` is a parameter and `\\:` a colon, as in `sa.text`, unless it went to the driver as it is (`raw`). */
export interface Execute {
  readonly kind: 'execute'
  readonly sql: string
  readonly raw?: boolean
  readonly parameters?: Parameters
}

export type BatchStep =
  | AddColumn
  | DropColumn
  | AlterColumn
  | AddConstraint
  | DropConstraint
  | CreateIndex
  | DropIndex
  | CommentTable

/** `with op.batch_alter_table(…)`: on SQLite most of it asks for a new table. */
export interface Batch {
  readonly kind: 'batch'
  readonly table: TableName
  readonly steps: readonly BatchStep[]
  readonly recreate?: 'auto' | 'always' | 'never'
  readonly copyFrom?: TableDefinition
  /** `table_args`: more constraints for the new table. */
  readonly tableArguments?: readonly Constraint[]
  /** `table_kwargs` */
  readonly tableOptions?: Options
  /** `reflect_args`: columns that override what reflection would find. */
  readonly reflectColumns?: readonly ColumnDefinition[]
  readonly namingConvention?: NamingConvention
  readonly partialReordering?: readonly (readonly string[])[]
}

export interface CreateEnum {
  readonly kind: 'createEnum'
  readonly type: TypeSpec
  readonly checkFirst?: boolean
}

export interface DropEnum {
  readonly kind: 'dropEnum'
  readonly type: TypeSpec
  readonly checkFirst?: boolean
}

/** ALTER TYPE of an enum (PostgreSQL). */
export interface AlterEnum {
  readonly kind: 'alterEnum'
  readonly type: TableName
  readonly change:
    | { readonly add: string; readonly before?: string; readonly after?: string; readonly ifNotExists?: boolean }
    | { readonly value: string; readonly to: string }
    | { readonly name: string }
    | { readonly schema: string }
}

export interface CreateSequence {
  readonly kind: 'createSequence'
  readonly sequence: TableName
  readonly options?: SequenceOptions
  readonly type?: TypeSpec
  readonly ifNotExists?: boolean
}

export interface DropSequence {
  readonly kind: 'dropSequence'
  readonly sequence: TableName
  readonly ifExists?: boolean
}

export interface CreateSchema {
  readonly kind: 'createSchema'
  readonly name: string
  readonly ifNotExists?: boolean
}

export interface DropSchema {
  readonly kind: 'dropSchema'
  readonly name: string
  readonly ifExists?: boolean
  readonly cascade?: boolean
}

/** Everything that a migration can do to a database, as data. */
export type Operation =
  | CreateTable
  | DropTable
  | RenameTable
  | BatchStep
  | BulkInsert
  | Update
  | Delete
  | InsertSelect
  | Execute
  | Batch
  | RenameIndex
  | RenameConstraint
  | CreateEnum
  | AlterEnum
  | DropEnum
  | CreateSequence
  | DropSequence
  | CreateSchema
  | DropSchema
