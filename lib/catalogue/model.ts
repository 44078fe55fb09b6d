import type { DialectName } from '../dialects/dialect-name.ts'

/**
 * What a live database says of its schema, as data. Every text in it is the server's own rendering, so that the same thing
 * reads the same in two databases of one server version: nothing has to be understood to be compared.
 */
export interface Catalogue {
  readonly dialect: DialectName
  /** `PostgreSQL 15.3`, `MySQL 9.1.0`, `MariaDB 10.11.6`, `SQLite 3.50.1`. */
  readonly server: string
  /** In the order of their keys. */
  readonly objects: readonly CatalogueObject[]
}

/** Facts by name; what is as it is by default is left out, so that a plain thing is short. */
export type Properties = Readonly<Record<string, string>>

export interface CatalogueObject {
  readonly kind: ObjectKind
  /** undefined for the schema where unqualified names go. */
  readonly schema: string | undefined
  /** A routine's is followed by its argument types in parentheses. */
  readonly name: string
  /** The table that a trigger, a policy or a rule belongs to, as its key. */
  readonly table: string | undefined
  readonly properties: Properties
  /** Columns in their order, then keys, checks and indexes by name; the values of an enum in their order. */
  readonly parts: readonly Part[]
  /** Keys of objects that must be there before it; of PostgreSQL's, references to their parts too (see `partReference`). */
  readonly needs: readonly string[]
  /** What users may do with it, as statements, where grants are not objects of their own; making it again takes them away. */
  readonly granted?: readonly string[]
}

export interface Part {
  readonly kind: PartKind
  readonly name: string
  readonly properties: Properties
  /** What must be there before this part, where the server tells. */
  readonly needs?: readonly string[]
  /** What must be there before a column's default, which can be set later than the column is made. */
  readonly defaultNeeds?: readonly string[]
}

/** In the order in which a dump makes them where nothing else is known. */
export const objectKinds = [
  'schema',
  'extension',
  'collation',
  'enum',
  'domain',
  'type',
  'sequence',
  'function',
  'procedure',
  'aggregate',
  'operator',
  'table',
  'foreign table',
  'view',
  'materialized view',
  'rule',
  'trigger',
  'policy',
  'event',
  'statistics',
  'publication',
  'event trigger',
  'grant',
  'other',
] as const

export type ObjectKind = (typeof objectKinds)[number]

export type PartKind =
  | 'column'
  | 'primary key'
  | 'unique'
  | 'exclude'
  | 'check'
  | 'not null'
  | 'index'
  | 'foreign key'
  | 'value'
  | 'partition'

/** What tells an object from all others: `table lead`, `trigger stamp on table lead`, `function f(integer) in billing`. */
export function keyOf(object: Pick<CatalogueObject, 'kind' | 'schema' | 'name' | 'table'>): string {
  const { kind, schema, name, table } = object
  return `${kind} ${name}${table === undefined ? '' : ` on ${table}`}${schema === undefined ? '' : ` in ${schema}`}`
}

/** What `needs` calls a part: `table lead: column status`. */
export function partReference(object: string, { kind, name }: Pick<Part, 'kind' | 'name'>): string {
  return `${object}: ${kind} ${name}`
}
