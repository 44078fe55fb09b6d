import type { Interpreter } from '../../python/interpreter.ts'
import { Dict, Instance, PyClass, type Value } from '../../python/values.ts'
import { typeFromCall } from '../../schema/type-call.ts'
import { type TypeArguments, type TypeSpec, unknownType } from '../../schema/type-spec.ts'
import { known } from '../arguments.ts'
import type { Call } from '../host-function.ts'
import { Unreadable, unreadable } from '../unreadable.ts'
import { enumSpec } from './enum-call.ts'
import { isTypeValue, typeFrom } from './read-type.ts'
import { SaExpression } from './sa-expression.ts'
import type { TypeClass } from './sa-type.ts'

/** An argument that cannot be read; it matters only where the type is written with it. */
class Lost {
  readonly reason: string

  constructor(reason: string) {
    this.reason = reason
  }
}

const abstract = ['TypeDecorator', 'TypeEngine', 'UserDefinedType', 'TupleType', 'SchemaType', 'ExternalType']

/** `sa.Numeric(10, 2)` */
export function specOfCall(type: Pick<TypeClass, 'name' | 'origin'>, call: Call): TypeSpec {
  const { name: kind, origin } = type
  if (abstract.includes(kind)) return unreadable(`${kind} is no type of its own`)
  if (kind === 'NullType') return { kind: 'Null' }
  if (kind === 'Enum' || kind === 'ENUM') return enumSpec(type, call)
  const { vm, args, kwargs } = call
  const spec = typeFromCall({
    kind,
    origin,
    positional: args.map((value) => plain(vm, value)),
    keywords: Object.fromEntries([...kwargs].map(([name, value]) => [name, plain(vm, value)])),
  })
  if (kind === 'BIT' && origin !== 'postgres') return withoutPostgres(readable(spec))
  return origin === 'sqlite' ? sqliteMoment(withFormat(readable(spec), call)) : readable(spec)
}

/** PostgreSQL's BIT is another one, which SQLAlchemy does not take this for. */
function withoutPostgres(spec: TypeSpec): TypeSpec {
  return { ...spec, variants: { postgres: unknownType(`PostgreSQL has no BIT of ${spec.origin}`) } }
}

const commonMoments: { readonly [kind: string]: string } = { DATETIME: 'DateTime', DATE: 'Date', TIME: 'Time' }

/** SQLite's DATE, DATETIME and TIME are the common ones to other databases. */
function sqliteMoment(spec: TypeSpec): TypeSpec {
  const kind = commonMoments[spec.kind]
  return kind === undefined ? spec : { ...spec, variants: { postgres: { kind }, mysql: { kind } } }
}

/** sqlite.DATETIME(storage_format=…, truncate_microseconds=…): whether what is stored is still text. */
function withFormat(spec: TypeSpec, { kwargs }: Call): TypeSpec {
  if (!kwargs.has('storage_format') && !kwargs.has('regexp')) return spec
  return unreadable(`the storage format of sqlite.${spec.kind} is not followed`)
}

export function readable(spec: TypeSpec): TypeSpec {
  for (const value of Object.values((spec.args ?? {}) as TypeArguments)) {
    if (value instanceof Lost) unreadable(value.reason)
  }
  return spec
}

/** A scalar, or the type that the value is. */
export function plain(vm: Interpreter, given: Value): unknown {
  try {
    const value = known(vm, given)
    if (value === null || typeof value === 'boolean' || typeof value === 'string') return value
    if (typeof value === 'bigint' || typeof value === 'number') return Number(value)
    if (isTypeValue(value)) return typeFrom(vm, value)
    if (value instanceof SaExpression && value.expression.kind === 'sql') return value.expression.text
    if (value instanceof Instance && value.native !== undefined) return plain(vm, value.native)
    if (value instanceof PyClass || value instanceof Dict) return new Lost('an argument of a type is no plain value')
    return new Lost('an argument of a type is no plain value')
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    return new Lost(error.message)
  }
}
