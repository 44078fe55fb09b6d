import type { TypeArguments, TypeOrigin, TypeSpec } from './type-spec.ts'

/** A call of a type class as a script has it: `mysql.INTEGER(11, unsigned=True)`. */
export interface TypeCall {
  readonly kind: string
  readonly origin?: TypeOrigin
  /** Scalars, and for ARRAY and DOMAIN a TypeSpec. */
  readonly positional?: readonly unknown[]
  readonly keywords?: { readonly [name: string]: unknown }
}

/** The order of positional parameters, by class; `origin.Class` where a dialect's class has another. */
const parameters: { readonly [kind: string]: readonly string[] } = {
  ...sameFor(
    ['length', 'collation'],
    'String Unicode Text UnicodeText VARCHAR NVARCHAR CHAR NCHAR TEXT CLOB NCLOB CITEXT',
  ),
  ...sameFor(['length'], 'LargeBinary BINARY VARBINARY BLOB BYTEA TINYBLOB MEDIUMBLOB LONGBLOB'),
  ...sameFor(['precision', 'scale', 'decimal_return_scale', 'asdecimal'], 'Numeric NUMERIC DECIMAL'),
  ...sameFor(['precision', 'asdecimal', 'decimal_return_scale'], 'Float FLOAT REAL Double DOUBLE DOUBLE_PRECISION'),
  ...sameFor(['timezone'], 'DateTime DATETIME TIMESTAMP Time TIME'),
  ...sameFor(['create_constraint', 'name'], 'Boolean BOOLEAN'),
  ...sameFor(['display_width'], 'mysql.INTEGER mysql.BIGINT mysql.SMALLINT mysql.TINYINT TINYINT MEDIUMINT YEAR'),
  ...sameFor(['precision', 'scale', 'asdecimal'], 'mysql.FLOAT mysql.DOUBLE mysql.REAL mysql.NUMERIC mysql.DECIMAL'),
  ...sameFor(['timezone', 'fsp'], 'mysql.DATETIME mysql.TIMESTAMP mysql.TIME'),
  ...sameFor(['timezone', 'precision'], 'postgres.TIMESTAMP postgres.TIME'),
  ...sameFor(['as_uuid', 'native_uuid'], 'Uuid UUID'),
  ...sameFor(['none_as_null', 'astext_type'], 'JSON JSONB'),
  ARRAY: ['item_type', 'as_tuple', 'dimensions', 'zero_indexes'],
  BIT: ['length', 'varying'],
  DOMAIN: ['name', 'data_type', 'collation', 'default', 'constraint_name', 'not_null', 'check', 'create_type'],
  HSTORE: ['text_type'],
  INTERVAL: ['precision', 'fields'],
  Interval: ['native', 'second_precision', 'day_precision'],
}

function sameFor(names: readonly string[], kinds: string): { readonly [kind: string]: readonly string[] } {
  return Object.fromEntries(kinds.split(' ').map((kind) => [kind, names]))
}

/** SQLAlchemy's keyword → ours. What is not here says nothing to the database (`asdecimal`, `as_uuid`, `values_callable`). */
const known: { readonly [keyword: string]: keyof TypeArguments } = {
  ...sameNames(
    'length',
    'precision',
    'scale',
    'timezone',
    'collation',
    'fsp',
    'fields',
    'varying',
    'dimensions',
    'name',
    'schema',
  ),
  ...sameNames(
    'native',
    'unsigned',
    'zerofill',
    'charset',
    'ascii',
    'unicode',
    'binary',
    'national',
    'default',
    'check',
  ),
  item_type: 'item',
  native_enum: 'nativeEnum',
  native_uuid: 'nativeUuid',
  create_type: 'createType',
  create_constraint: 'createConstraint',
  display_width: 'displayWidth',
  data_type: 'dataType',
  not_null: 'notNull',
  constraint_name: 'constraintName',
  second_precision: 'precision',
}

function sameNames(...names: readonly (keyof TypeArguments)[]): { readonly [keyword: string]: keyof TypeArguments } {
  return Object.fromEntries(names.map((name) => [name, name]))
}

/** The type that a call makes. Enum and SET take their labels as positional arguments. */
export function typeFromCall({ kind, origin, positional = [], keywords = {} }: TypeCall): TypeSpec {
  const labelled = ['Enum', 'ENUM', 'SET'].includes(kind)
  const names = parameters[`${origin}.${kind}`] ?? parameters[kind] ?? []
  const given = labelled ? [] : positional.slice(0, names.length).map((value, i) => [names[i]!, value] as const)
  const entries = [...given, ...Object.entries(keywords)].flatMap(([name, value]) => argument(name, value))
  const args = { ...Object.fromEntries(entries), ...(labelled && { values: positional.map(String) }) } as TypeArguments
  return {
    kind,
    ...(Object.keys(args).length > 0 && { args }),
    ...(origin !== undefined && origin !== 'sqlalchemy' && { origin }),
  }
}

function argument(name: string, value: unknown): readonly (readonly [string, unknown])[] {
  const key = Object.hasOwn(known, name) ? known[name] : undefined
  return key === undefined || value === null || value === undefined ? [] : [[key, value]]
}
