import { renderType } from '../../compiler/type-names.ts'
import type { DialectName } from '../../dialects/dialect-name.ts'
import type { Span } from '../../python/ast.ts'
import type { Interpreter } from '../../python/interpreter.ts'
import { List, type Value } from '../../python/values.ts'
import { type TypeArguments, type TypeSpec, typeOn } from '../../schema/type-spec.ts'
import { Unknowable } from '../../schema/unknowable.ts'
import { Arguments, textOf } from '../arguments.ts'
import { effectFunction } from '../effect-function.ts'
import { type Call, hostFunction } from '../host-function.ts'
import type { Recorder } from '../recorder.ts'
import { recorderOf } from '../recorder-of.ts'
import { typeFrom } from './read-type.ts'
import { SaType, TypeClass } from './sa-type.ts'

/** The attribute of a type's object → our argument. */
const plainAttributes: { readonly [name: string]: keyof TypeArguments } = {
  length: 'length',
  precision: 'precision',
  scale: 'scale',
  timezone: 'timezone',
  collation: 'collation',
  fsp: 'fsp',
  name: 'name',
  schema: 'schema',
  dimensions: 'dimensions',
  display_width: 'displayWidth',
  unsigned: 'unsigned',
  charset: 'charset',
  native_enum: 'nativeEnum',
  create_type: 'createType',
  create_constraint: 'createConstraint',
}

const defaults: { readonly [name: string]: Value } = {
  timezone: false,
  native_enum: true,
  create_type: true,
  create_constraint: false,
  unsigned: false,
}

export function typeAttribute(type: SaType, name: string, vm: Interpreter, at: Span): Value | undefined {
  const { spec } = type
  const key = Object.hasOwn(plainAttributes, name) ? plainAttributes[name] : undefined
  if (key) return plainValue(spec.args?.[key]) ?? defaults[name] ?? null
  switch (name) {
    case 'with_variant':
      return hostFunction('with_variant', (call) => withVariant(type, call))
    case 'create':
      return effectFunction('create', (call, recorder) => create(spec, call, recorder))
    case 'drop':
      return effectFunction('drop', (call, recorder) => drop(spec, call, recorder))
    case 'enums':
    case 'values':
      return new List([...(spec.args?.values ?? [])])
    case 'item_type':
      return spec.args?.item ? new SaType(spec.args.item) : undefined
    case 'impl':
      return type
    case 'dialect_impl':
    case 'load_dialect_impl':
      return hostFunction(name, ({ vm: inner }) => new SaType(typeOn(spec, recorderOf(inner).target.dialect)))
    case 'evaluates_none':
    case 'copy':
    case 'adapt':
      return hostFunction(name, () => type)
    case 'compile':
      return hostFunction('compile', () => renderedOn(spec, recorderOf(vm).target.dialect) ?? undefined)
    case '__class__':
      return new TypeClass(spec.kind, spec.origin)
    case '__str__':
      return renderedOn(spec, ownDialect(spec)) ?? vm.unknown(`the text of the type ${spec.kind}`, at)
    case '__visit_name__':
      return spec.kind
    default:
      return undefined
  }
}

function plainValue(value: TypeArguments[keyof TypeArguments]): Value | undefined {
  if (typeof value === 'number') return BigInt(value)
  return typeof value === 'string' || typeof value === 'boolean' ? value : undefined
}

/** `str(type)` is written by the dialect that the type comes from, the common ones by a default that is much like SQLite. */
function ownDialect({ origin }: TypeSpec): DialectName {
  return origin === 'postgres' || origin === 'mysql' ? origin : 'sqlite'
}

function renderedOn(spec: TypeSpec, dialect: DialectName): string | undefined {
  try {
    return renderType(spec, { dialect })
  } catch (error) {
    if (!(error instanceof Unknowable)) throw error
    return undefined
  }
}

const dialects: { readonly [name: string]: DialectName } = {
  postgresql: 'postgres',
  postgres: 'postgres',
  mysql: 'mysql',
  sqlite: 'sqlite',
}

/** `with_variant(type, 'mysql', …)`; SQLAlchemy 2.0 takes several names. */
function withVariant({ spec, labels }: SaType, call: Call): Value {
  const [given, ...names] = call.args
  const variant = typeFrom(call.vm, call.kwargs.get('type_') ?? given ?? null)
  const named = call.kwargs.get('dialect_name')
  const all = [...names, ...(named === undefined ? [] : [named])].map((n) => textOf(call.vm, n, 'a dialect'))
  const ours = all.flatMap((name) => (Object.hasOwn(dialects, name) ? [[dialects[name]!, variant] as const] : []))
  return new SaType({ ...spec, variants: { ...spec.variants, ...Object.fromEntries(ours) } }, labels)
}

/** Only PostgreSQL has types to create; sa.Enum asks first where it is told to, ENUM unless told. */
function create(spec: TypeSpec, call: Call, recorder: Recorder): Value {
  if (!isCreated(spec, recorder)) return null
  const checkFirst = checks(spec, call)
  recorder.perform(call.vm, { kind: 'createEnum', type: spec, checkFirst }, call.at)
  return null
}

function drop(spec: TypeSpec, call: Call, recorder: Recorder): Value {
  if (!isCreated(spec, recorder)) return null
  recorder.perform(call.vm, { kind: 'dropEnum', type: spec, checkFirst: checks(spec, call) }, call.at)
  return null
}

function isCreated(spec: TypeSpec, { target }: Recorder): boolean {
  const type = typeOn(spec, target.dialect)
  const isEnum = ['Enum', 'ENUM', 'DOMAIN'].includes(type.kind)
  return target.dialect === 'postgres' && isEnum && type.args?.nativeEnum !== false
}

function checks(spec: TypeSpec, call: Call): boolean {
  return new Arguments(call, 'bind', 'checkfirst').bool('checkfirst') ?? spec.origin === 'postgres'
}
