import type { Expression } from './expression.ts'
import type { TypeSpec } from './type-spec.ts'

/** A name as a script gives it. `fixed` is `op.f(…)`: no naming convention is applied to it, and too long a name is cut. */
export type Name = string | { readonly fixed: string }

export interface TableName {
  readonly name: string
  readonly schema?: string
}

/** A plain string becomes a string literal, everything else stands as SQL. */
export type ServerDefault = string | Expression

export interface SequenceOptions {
  readonly start?: number | bigint
  readonly increment?: number | bigint
  readonly minvalue?: number | bigint
  readonly maxvalue?: number | bigint
  readonly nominvalue?: boolean
  readonly nomaxvalue?: boolean
  readonly cycle?: boolean
  readonly cache?: number | bigint
  readonly order?: boolean
}

export interface Identity extends SequenceOptions {
  readonly always?: boolean
}

export interface Computed {
  readonly expression: Expression
  readonly persisted?: boolean
}

/** What stands in a table now. The key is a constraint, not a property of the column. */
export interface Column {
  readonly name: string
  readonly type: TypeSpec
  readonly nullable: boolean
  readonly default?: ServerDefault
  readonly computed?: Computed
  readonly identity?: Identity
  /** SERIAL, AUTO_INCREMENT: as the rules of SQLAlchemy came out when the column was made. */
  readonly autoincrement?: boolean
  readonly comment?: string
  readonly options?: Options
}

/** Dialect keywords as written: `postgresql_using`, `mysql_engine`, `sqlite_where`. */
export type Options = { readonly [keyword: string]: OptionValue }
export type OptionValue =
  | null
  | boolean
  | number
  | string
  | Expression
  | readonly (string | number)[]
  | { readonly [key: string]: string | number | boolean }

interface Deferrability {
  readonly deferrable?: boolean
  readonly initially?: string
}

/** Raw SQL that leaves the name out leaves it to the server: no naming convention has a say. */
interface MaybeNameless {
  readonly byServer?: true
}

export interface PrimaryKey extends Deferrability, MaybeNameless {
  readonly kind: 'primaryKey'
  readonly name?: Name
  readonly columns: readonly string[]
  readonly options?: Options
}

export interface Unique extends Deferrability, MaybeNameless {
  readonly kind: 'unique'
  readonly name?: Name
  readonly columns: readonly string[]
  readonly options?: Options
}

export interface ForeignKey extends Deferrability, MaybeNameless {
  readonly kind: 'foreignKey'
  readonly name?: Name
  readonly columns: readonly string[]
  readonly target: TableName
  /** None: the primary key of the target, whatever it is. */
  readonly targetColumns: readonly string[]
  readonly onDelete?: string
  readonly onUpdate?: string
  readonly match?: string
  readonly useAlter?: boolean
  readonly options?: Options
  /** Written as `col type REFERENCES …` by raw SQL: SQLAlchemy's reflection of SQLite does not see its actions. */
  readonly inline?: boolean
}

export interface Check extends Deferrability, MaybeNameless {
  readonly kind: 'check'
  readonly name?: Name
  readonly expression: Expression
  /** The column that it was written at. */
  readonly column?: string
  /** It comes from a Boolean or an Enum, and goes with that type. */
  readonly typeBound?: boolean
  readonly options?: Options
}

export interface ExcludeElement {
  readonly expression: Expression
  readonly operator: string
  readonly opclass?: string
}

export interface Exclude extends Deferrability, MaybeNameless {
  readonly kind: 'exclude'
  readonly name?: Name
  readonly elements: readonly ExcludeElement[]
  readonly using?: string
  readonly where?: Expression
}

export type Constraint = PrimaryKey | Unique | ForeignKey | Check | Exclude
export type ConstraintKind = Constraint['kind']

export interface Index extends MaybeNameless {
  readonly name?: Name
  /** Column names as strings, everything else as expressions. */
  readonly columns: readonly (string | Expression)[]
  readonly unique?: boolean
  readonly options?: Options
}

export interface Table extends TableName {
  readonly columns: readonly Column[]
  readonly constraints: readonly Constraint[]
  readonly indexes: readonly Index[]
  readonly comment?: string
  readonly options?: Options
  readonly prefixes?: readonly string[]
  /** Why the table is not known in full: something was done to it that could not be followed. */
  readonly unknown?: string
  /** Why another shape than this one may have been there: this one is what came of it where the history made it. */
  readonly assumed?: string
}

export interface EnumType extends TableName {
  readonly values: readonly string[]
}

/** All that is known of a database at one moment. Never changed in place; what did not change is shared. */
export interface Schema {
  /** By `tableKey`. */
  readonly tables: { readonly [key: string]: Table }
  readonly enums: { readonly [key: string]: EnumType }
  readonly sequences: { readonly [key: string]: TableName }
  readonly schemas: readonly string[]
}

export const emptySchema: Schema = { tables: {}, enums: {}, sequences: {}, schemas: [] }

export function tableKey(name: TableName): string {
  return name.schema ? `${name.schema}.${name.name}` : name.name
}

export function findTable(schema: Schema, name: TableName): Table | undefined {
  return Object.hasOwn(schema.tables, tableKey(name)) ? schema.tables[tableKey(name)] : undefined
}

export function plainName(name: Name | undefined): string | undefined {
  return typeof name === 'object' ? name.fixed : name
}

export function primaryKeyOf(table: Pick<Table, 'constraints'>): PrimaryKey | undefined {
  return table.constraints.find((c): c is PrimaryKey => c.kind === 'primaryKey')
}
