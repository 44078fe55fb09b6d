import type { DialectName } from '../dialects/dialect-name.ts'

/** The module of SQLAlchemy that a type was taken from; `sqlalchemy` for the common ones. */
export type TypeOrigin = 'sqlalchemy' | DialectName | 'mssql' | 'oracle'

/** A column type as data: the class of SQLAlchemy by its own name, and what it was called with. */
export interface TypeSpec {
  /**
   * `Integer`, `VARCHAR`, `JSONB`, …; `raw` is type text as it stands; `Null` is a column without a type; `Unknown` is a
   * type that nobody could tell, with the reason as its text.
   */
  readonly kind: string
  /** `sqlalchemy` unless told: `postgresql.UUID` and `sa.UUID` are not the same type. */
  readonly origin?: TypeOrigin
  readonly args?: TypeArguments
  /** `with_variant`: what to use instead on one dialect. */
  readonly variants?: { readonly [D in DialectName]?: TypeSpec }
  /** Values go through Python code of this type on their way to the database, so that a literal is not what is stored. */
  readonly converts?: string
  /** The type was read back from SQLite's catalogue, which keeps less than was said. */
  readonly reflected?: boolean
}

export interface TypeArguments {
  /** For `raw`: the text itself; for `Unknown`: why. */
  readonly text?: string
  readonly length?: number
  readonly precision?: number
  readonly scale?: number
  readonly timezone?: boolean
  readonly collation?: string
  /** Fractional seconds (MySQL). */
  readonly fsp?: number
  /** INTERVAL (PostgreSQL): `DAY TO SECOND`. */
  readonly fields?: string
  /** BIT (PostgreSQL). */
  readonly varying?: boolean
  /** ARRAY. */
  readonly item?: TypeSpec
  readonly dimensions?: number
  /** Enum and SET: the labels. */
  readonly values?: readonly string[]
  /** Enum, Boolean, DOMAIN: the name of the type, or of its CHECK. */
  readonly name?: string
  /** Enum, DOMAIN: the schema that the type lives in. */
  readonly schema?: string
  readonly nativeEnum?: boolean
  readonly nativeUuid?: boolean
  /** Interval(native=…). */
  readonly native?: boolean
  /** postgresql.ENUM and DOMAIN only; the common Enum has no such parameter. */
  readonly createType?: boolean
  readonly createConstraint?: boolean
  readonly unsigned?: boolean
  readonly zerofill?: boolean
  readonly displayWidth?: number
  readonly charset?: string
  readonly ascii?: boolean
  readonly unicode?: boolean
  readonly binary?: boolean
  readonly national?: boolean
  /** DOMAIN. */
  readonly dataType?: TypeSpec
  readonly default?: string
  readonly notNull?: boolean
  readonly check?: string
  readonly constraintName?: string
  /** sqlite.DATE, DATETIME, TIME: a storage format that is not text. */
  readonly formatIsText?: boolean
}

export function type(kind: string, args?: TypeArguments, origin?: TypeOrigin): TypeSpec {
  return { kind, ...(args && { args }), ...(origin && origin !== 'sqlalchemy' && { origin }) }
}

export function rawType(text: string): TypeSpec {
  return { kind: 'raw', args: { text } }
}

/** The type that holds on one dialect. */
export function typeOn(spec: TypeSpec, dialect: DialectName): TypeSpec {
  const variant = spec.variants?.[dialect]
  return variant ? typeOn(variant, dialect) : spec
}

export function unknownType(reason: string): TypeSpec {
  return { kind: 'Unknown', args: { text: reason } }
}

export type TypeFamily =
  | 'integer'
  | 'numeric'
  | 'string'
  | 'binary'
  | 'boolean'
  | 'date'
  | 'datetime'
  | 'time'
  | 'interval'
  | 'enum'
  | 'json'
  | 'uuid'
  | 'array'
  | 'other'

const families: Readonly<Record<TypeFamily, readonly string[]>> = {
  integer: ['Integer', 'SmallInteger', 'BigInteger', 'INTEGER', 'INT', 'SMALLINT', 'BIGINT', 'TINYINT', 'MEDIUMINT'],
  numeric: ['Numeric', 'NUMERIC', 'DECIMAL', 'Float', 'FLOAT', 'REAL', 'Double', 'DOUBLE', 'DOUBLE_PRECISION'],
  string: [
    ...['String', 'Unicode', 'Text', 'UnicodeText', 'VARCHAR', 'NVARCHAR', 'CHAR', 'NCHAR', 'TEXT', 'CLOB', 'NCLOB'],
    ...['TINYTEXT', 'MEDIUMTEXT', 'LONGTEXT', 'SET', 'CITEXT'],
  ],
  binary: [
    ...['LargeBinary', 'BINARY', 'VARBINARY', 'BLOB', 'TINYBLOB', 'MEDIUMBLOB', 'LONGBLOB', 'BYTEA', 'PickleType'],
  ],
  boolean: ['Boolean', 'BOOLEAN'],
  date: ['Date', 'DATE'],
  datetime: ['DateTime', 'DATETIME', 'TIMESTAMP'],
  time: ['Time', 'TIME'],
  interval: ['Interval', 'INTERVAL'],
  enum: ['Enum', 'ENUM'],
  json: ['JSON', 'JSONB'],
  uuid: ['Uuid', 'UUID'],
  array: ['ARRAY'],
  other: [],
}

const familyOfKind = new Map(
  Object.entries(families).flatMap(([family, kinds]) => kinds.map((kind) => [kind, family as TypeFamily])),
)

/** SQLAlchemy's `_type_affinity`: which types are of one kind. */
export function typeFamily(spec: TypeSpec): TypeFamily {
  if (spec.kind === 'raw') return familyOfText(spec.args?.text ?? '')
  return familyOfKind.get(spec.kind) ?? 'other'
}

function familyOfText(text: string): TypeFamily {
  const word = /^[a-z_]+/i.exec(text.trim())?.[0].toUpperCase() ?? ''
  if (/^(SMALL|BIG)?SERIAL$|INT/.test(word)) return 'integer'
  return familyOfKind.get(word) ?? 'other'
}
