import type { DialectName } from '../dialects/dialect-name.ts'
import { isBefore, type Target } from '../schema/target.ts'
import { type TypeArguments, type TypeSpec, typeOn } from '../schema/type-spec.ts'
import { unknowable } from '../schema/unknowable.ts'
import { mysqlTypes } from './mysql-types.ts'
import { postgresTypes } from './postgres-types.ts'
import { reflectTypeText } from './reflected-types.ts'
import { sqliteTypes } from './sqlite-types.ts'

/** How one kind of type is written. */
export type TypeWriter = (args: TypeArguments, target: Target, spec: TypeSpec) => string
export type TypeWriters = { readonly [kind: string]: TypeWriter }

const writers: Readonly<Record<DialectName, TypeWriters>> = {
  postgres: postgresTypes,
  mysql: mysqlTypes,
  sqlite: sqliteTypes,
}

/** A type as SQL. A type that the database does not have is unknowable, as it is an error in SQLAlchemy. */
export function renderType(spec: TypeSpec, target: Target): string {
  const { reflected = false, ...type } = typeOn(spec, target.dialect)
  const text = type.kind === 'raw' ? (type.args?.text ?? '') : renderKind(type, target)
  return reflected || spec.reflected ? reflectTypeText(text) : text
}

function renderKind(type: TypeSpec, target: Target): string {
  if (type.kind === 'Null') return unknowable('a column without a type')
  if (type.kind === 'Unknown') return unknowable(type.args?.text ?? 'a type that is not known')
  const known = writers[target.dialect]
  const writer = Object.hasOwn(known, type.kind) ? known[type.kind] : undefined
  if (!writer || isForeign(type, target)) return unknowable(`${target.dialect} has no type ${typeName(type)}`)
  return writer(type.args ?? {}, target, type)
}

/** Before 2.0 these were known to their own dialects only. */
const commonSince2 = ['UUID', 'DOUBLE', 'DOUBLE_PRECISION', 'Uuid', 'Double']
const origins: { readonly [origin: string]: DialectName } = { postgres: 'postgres', mysql: 'mysql', sqlite: 'sqlite' }

function isForeign({ kind, origin }: TypeSpec, target: Target): boolean {
  if (kind === 'ENUM' && target.dialect !== 'postgres') return isOthersEnum(origin, target.dialect)
  return (
    isBefore(target, '2.0') &&
    commonSince2.includes(kind) &&
    origins[origin ?? ''] !== target.dialect &&
    origin !== undefined
  )
}

/** mysql.ENUM is written by its own name, which SQLite has not; postgresql.ENUM makes a type, which MySQL cannot. */
function isOthersEnum(origin: string | undefined, dialect: DialectName): boolean {
  return dialect === 'sqlite' ? origin === 'mysql' : origin === 'postgres'
}

function typeName({ kind, origin }: TypeSpec): string {
  return origin && origin !== 'sqlalchemy' ? `${origin}.${kind}` : kind
}
