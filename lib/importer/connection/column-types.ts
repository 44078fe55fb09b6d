import { renderType } from '../../compiler/type-names.ts'
import type { DialectName } from '../../dialects/dialect-name.ts'
import type { Column } from '../../schema/table.ts'
import type { Target } from '../../schema/target.ts'
import { type TypeOrigin, type TypeSpec, typeOn } from '../../schema/type-spec.ts'
import { Unknowable } from '../../schema/unknowable.ts'
import { isTypeOf } from '../sqlalchemy/type-names.ts'

/** A class of SQLAlchemy's types, as a script names it in `isinstance`. */
export interface TypeClassName {
  readonly kind: string
  readonly origin: TypeOrigin
}

type Names = { readonly [name: string]: string }

/** What the inspector makes of the names that the catalogues have for types (`ischema_names` of each dialect). */
const postgres: Names = {
  bigint: 'BIGINT',
  bit: 'BIT',
  'bit varying': 'BIT',
  boolean: 'BOOLEAN',
  bytea: 'BYTEA',
  character: 'CHAR',
  'character varying': 'VARCHAR',
  date: 'DATE',
  'double precision': 'DOUBLE_PRECISION',
  inet: 'INET',
  integer: 'INTEGER',
  interval: 'INTERVAL',
  json: 'JSON',
  jsonb: 'JSONB',
  numeric: 'NUMERIC',
  real: 'REAL',
  smallint: 'SMALLINT',
  text: 'TEXT',
  'time with time zone': 'TIME',
  'time without time zone': 'TIME',
  'timestamp with time zone': 'TIMESTAMP',
  'timestamp without time zone': 'TIMESTAMP',
  tsvector: 'TSVECTOR',
  uuid: 'UUID',
  ARRAY: 'ARRAY',
}

const mysql: Names = Object.fromEntries(
  `bigint binary bit blob char date datetime decimal double float json longblob longtext mediumblob mediumint mediumtext
smallint text time timestamp tinyblob tinyint tinytext varbinary varchar year enum set`
    .split(/\s+/)
    .map((name) => [name, name.toUpperCase()] as const)
    .concat([['int', 'INTEGER']]),
)

const sqlite: Names = {
  ...Object.fromEntries(
    `BIGINT BLOB BOOLEAN CHAR DATE DATETIME DECIMAL FLOAT INTEGER JSON NUMERIC REAL SMALLINT TEXT TIME TIMESTAMP VARCHAR
NVARCHAR NCHAR`
      .split(/\s+/)
      .map((name) => [name, name] as const),
  ),
  BOOL: 'BOOLEAN',
  DATE_CHAR: 'DATE',
  DATETIME_CHAR: 'DATETIME',
  TIME_CHAR: 'TIME',
  DOUBLE: 'FLOAT',
  INT: 'INTEGER',
}

const catalogues: { readonly [D in DialectName]: Names } = { postgres, mysql, sqlite }

/** Types that each dialect has in its own module, so that the common class of the same name is only their parent. */
const ownKinds: { readonly [D in DialectName]: readonly string[] } = {
  postgres: 'BIT BYTEA DOUBLE_PRECISION ENUM INET INTERVAL JSON JSONB TIME TIMESTAMP TSVECTOR UUID ARRAY'.split(' '),
  mysql: Object.values(mysql).filter((kind) => !['BINARY', 'BLOB', 'DATE', 'VARBINARY'].includes(kind)),
  sqlite: ['JSON'],
}

function typeNamed(kind: string, dialect: DialectName): TypeClassName {
  return { kind, origin: ownKinds[dialect].includes(kind) ? dialect : 'sqlalchemy' }
}

/** What the inspector would give for the type of a column that the chain made; undefined where that is not certain. */
export function reflectedType(column: Column, target: Target): TypeSpec | undefined {
  const { dialect } = target
  const text = renderedType(column, target)
  if (text === undefined) return undefined
  const [name, ...numbers] = namesIn(text, dialect)
  const kind = name === undefined ? undefined : catalogues[dialect][name]
  if (kind === undefined) return enumOn(column, dialect)
  const { origin } = typeNamed(kind, dialect)
  return { kind, ...(origin !== 'sqlalchemy' && { origin }), ...argumentsOf(kind, numbers, text) }
}

/** What the catalogue calls a column's type (`data_type`); undefined where that is not certain. */
export function catalogueName(column: Column, target: Target): string | undefined {
  const { dialect } = target
  const text = renderedType(column, target)
  const [name] = text === undefined ? [] : namesIn(text, dialect)
  if (name !== undefined && Object.hasOwn(catalogues[dialect], name)) return name
  return enumOn(column, dialect) ? 'USER-DEFINED' : undefined
}

/** A native enum of PostgreSQL, by whatever name. */
function enumOn(column: Column, dialect: DialectName): TypeSpec | undefined {
  const spec = typeOn(column.type, dialect)
  const isEnum = dialect === 'postgres' && ['Enum', 'ENUM'].includes(spec.kind)
  return isEnum ? { ...spec, kind: 'ENUM', origin: 'postgres' } : undefined
}

/** A column's type as SQL; undefined where it cannot be written. */
export function renderedType({ type }: Column, target: Target): string | undefined {
  try {
    return renderType(typeOn(type, target.dialect), target)
  } catch (error) {
    if (!(error instanceof Unknowable)) throw error
    return undefined
  }
}

const postgresAliases: Names = {
  int: 'integer',
  int4: 'integer',
  serial: 'integer',
  int8: 'bigint',
  bigserial: 'bigint',
  int2: 'smallint',
  smallserial: 'smallint',
  varchar: 'character varying',
  char: 'character',
  bool: 'boolean',
  decimal: 'numeric',
  float: 'double precision',
  float8: 'double precision',
  float4: 'real',
  timestamp: 'timestamp without time zone',
  timestamptz: 'timestamp with time zone',
  time: 'time without time zone',
  timetz: 'time with time zone',
}

/** The name that the catalogue has for a type as it is written, then its numbers. */
function namesIn(text: string, dialect: DialectName): readonly string[] {
  const numbers = /\(([\d\s,]+)\)/.exec(text)?.[1]?.split(',') ?? []
  const bare = text
    .replace(/\([^)]*\)/g, '')
    .replace(/\s+/g, ' ')
    .trim()
  if (dialect === 'sqlite') return [bare.toUpperCase(), ...numbers]
  const name = bare.toLowerCase()
  if (dialect === 'mysql') return [mysqlName(name), ...numbers]
  if (/\[\]$/.test(name)) return ['ARRAY']
  // FLOAT(24) is another type than FLOAT
  if (name === 'float' && numbers.length > 0) return [Number(numbers[0]) <= 24 ? 'real' : 'double precision']
  return [postgresAliases[name] ?? name, ...numbers]
}

function mysqlName(name: string): string {
  const [first = ''] = name.split(' ')
  return { integer: 'int', bool: 'tinyint', boolean: 'tinyint', numeric: 'decimal' }[first] ?? first
}

function argumentsOf(kind: string, numbers: readonly string[], text: string): Pick<TypeSpec, 'args'> {
  const [first, second] = numbers.map(Number)
  if (/^(N?VARCHAR|N?CHAR|TEXT|VARBINARY|BINARY)$/.test(kind))
    return first === undefined ? {} : { args: { length: first } }
  if (/^(NUMERIC|DECIMAL)$/.test(kind) && first !== undefined) return { args: { precision: first, scale: second ?? 0 } }
  if (/^(TIMESTAMP|TIME)$/.test(kind)) return { args: { timezone: /with time zone|tz$/i.test(text) } }
  return {}
}

/** `isinstance(column['type'], sa.Text)` as a condition on the catalogue's row of the column; undefined where it is none ever. */
export function typeCondition(of: TypeClassName, dialect: DialectName): string | undefined {
  const covered = Object.entries(catalogues[dialect]).filter(([, kind]) => isTypeOf(typeNamed(kind, dialect), of))
  const names = covered.map(([name]) => `'${name}'`)
  if (dialect === 'sqlite') return sqliteCondition(of, names)
  const parts = names.length > 0 ? [`data_type IN (${names.join(', ')})`] : []
  // the catalogue says of an enum only that somebody defined it
  if (dialect === 'postgres' && isTypeOf({ kind: 'ENUM', origin: 'postgres' }, of))
    parts.push(`udt_name IN (SELECT typname FROM pg_type WHERE typtype = 'e')`)
  if (parts.length === 0) return undefined
  return parts.length === 1 ? parts[0] : `(${parts.join(' OR ')})`
}

const bare = "upper(trim(substr(type || '(', 1, instr(type || '(', '(') - 1)))"

/** A name that SQLAlchemy does not know is one of these by its affinity (SQLiteDialect._resolve_type_affinity). */
const affinities: readonly (readonly [kind: string, like: readonly string[]])[] = [
  ['INTEGER', ['INT']],
  ['TEXT', ['CHAR', 'CLOB', 'TEXT']],
  ['NullType', ['BLOB']],
  ['REAL', ['REAL', 'FLOA', 'DOUB']],
]

function sqliteCondition(of: TypeClassName, names: readonly string[]): string | undefined {
  const others = Object.keys(sqlite).map((name) => `'${name}'`)
  const foreign = `${bare} NOT IN (${others.join(', ')})`
  const like = (words: readonly string[]) => words.map((word) => `${bare} LIKE '%${word}%'`).join(' OR ')
  const before: string[] = []
  const parts = names.length > 0 ? [`${bare} IN (${names.join(', ')})`] : []
  for (const [kind, words] of affinities) {
    const found = [foreign, ...before.map((condition) => `NOT (${condition})`), `(${like(words)})`]
    if (isTypeOf({ kind, origin: 'sqlalchemy' }, of)) parts.push(`(${found.join(' AND ')})`)
    before.push(like(words))
  }
  if (isTypeOf({ kind: 'NUMERIC', origin: 'sqlalchemy' }, of))
    parts.push(`(${[foreign, `${bare} <> ''`, ...before.map((condition) => `NOT (${condition})`)].join(' AND ')})`)
  return parts.length === 0 ? undefined : parts.length === 1 ? parts[0]! : `(${parts.join(' OR ')})`
}
