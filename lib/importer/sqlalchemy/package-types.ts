import type { Interpreter } from '../../python/interpreter.ts'
import type { Value } from '../../python/values.ts'
import type { Target } from '../../schema/target.ts'
import { rawType, type TypeSpec, type as typeSpec } from '../../schema/type-spec.ts'
import { Arguments } from '../arguments.ts'
import type { Call } from '../host-function.ts'
import type { Names } from '../modules.ts'
import { recorderOf } from '../recorder-of.ts'
import { unreadable } from '../unreadable.ts'
import { typeFrom } from './read-type.ts'
import { TypeClass } from './sa-type.ts'
import { allCommonTypeNames } from './type-names.ts'

/** Types of well-known packages, as far as what they are in a database is documented and does not depend on settings. */

type Read = (call: Call, target: Target) => TypeSpec

/** A type class of a package: what it is in the database is told by its call and the target. */
export class PackageType extends TypeClass {
  readonly #read: Read
  readonly #plain: boolean

  /** `plain`: values are stored as they are given. */
  constructor(name: string, read: Read, plain: boolean) {
    super(name)
    this.#read = read
    this.#plain = plain
  }

  override specOf(call: Call): TypeSpec {
    const spec = this.#read(call, recorderOf(call.vm).target)
    return this.#plain ? spec : { ...spec, converts: this.name }
  }
}

const always =
  (spec: TypeSpec): Read =>
  () =>
    spec

const onPostgres =
  (postgres: TypeSpec, otherwise: TypeSpec): Read =>
  (_call, { dialect }) =>
    dialect === 'postgres' ? postgres : otherwise

const uuid = typeSpec('UUID', undefined, 'postgres')
const text = (length?: number) => typeSpec('Unicode', length === undefined ? undefined : { length })

/** sqlmodel.sql.sqltypes.AutoString: MySQL needs a length. */
export function autoString(vm: Interpreter, length: number | undefined): TypeSpec {
  const { dialect } = recorderOf(vm).target
  const size = length ?? (dialect === 'mysql' ? 255 : undefined)
  return typeSpec('String', size === undefined ? undefined : { length: size })
}

const sized =
  (parameter: string, usual: number, ...before: readonly string[]): Read =>
  (call) =>
    text(new Arguments(call, ...before, parameter).number(parameter) ?? usual)

const uuidType: Read = (call, { dialect }) => {
  const given = new Arguments(call, 'binary', 'native')
  if (dialect === 'postgres' && (given.bool('native') ?? true)) return uuid
  return (given.bool('binary') ?? true) ? typeSpec('BINARY', { length: 16 }) : typeSpec('CHAR', { length: 32 })
}

const choiceType: Read = (call) => {
  const impl = new Arguments(call, 'choices', 'impl').given('impl')
  return impl === undefined ? text(255) : typeFrom(call.vm, impl)
}

/** A TypeDecorator that only hands its arguments to the type behind it. */
const around =
  (kind: string, ...own: readonly string[]): Read =>
  ({ args, kwargs, vm, at }) =>
    new TypeClass(kind).specOf({
      args: args.slice(own.length),
      kwargs: new Map([...kwargs].filter(([name]) => !own.includes(name))),
      vm,
      at,
    })

/** A type of an extension of PostgreSQL; elsewhere there is none. */
const extension =
  (name: string, parameter?: string): Read =>
  (call, { dialect }) => {
    if (dialect !== 'postgres') return unreadable(`${dialect} has no type ${name}`)
    const size = parameter === undefined ? undefined : new Arguments(call, parameter).number(parameter)
    return rawType(size === undefined ? name : `${name}(${size})`)
  }

/** The index that GeoAlchemy adds is no part of the script, and needs PostGIS to be judged. */
const spatial =
  (name: string): Read =>
  (call, { dialect }) => {
    const given = new Arguments(call, 'geometry_type', 'srid', 'dimension', 'spatial_index', 'use_N_D_index')
    if (dialect !== 'postgres') return unreadable(`a ${name} of GeoAlchemy on ${dialect}`)
    if (given.bool('spatial_index') ?? true)
      return unreadable(`GeoAlchemy adds an index to a ${name} by itself where spatial_index is not False`)
    if (given.has('geometry_type') && given.value('geometry_type') === null) return rawType(name)
    const shape = given.optionalText('geometry_type') ?? 'GEOMETRY'
    return rawType(`${name}(${shape.toUpperCase()},${given.number('srid') ?? -1})`)
  }

const plainTypes = ['AutoString', 'TIMESTAMPAware', 'CIText', 'LtreeType', 'CountryType', 'TSVectorType']

function classes(reads: Readonly<Record<string, Read>>): Names {
  return Object.fromEntries(
    Object.entries(reads).map(([name, read]): [string, Value] => [
      name,
      new PackageType(name, read, plainTypes.includes(name)),
    ]),
  )
}

const utils = classes({
  UUIDType: uuidType,
  URLType: always(typeSpec('UnicodeText')),
  EmailType: sized('length', 255),
  ChoiceType: choiceType,
  JSONType: onPostgres(typeSpec('JSON', undefined, 'postgres'), typeSpec('UnicodeText')),
  ArrowType: around('DateTime'),
  EnrichedDateTimeType: around('DateTime', 'datetime_processor'),
  IPAddressType: sized('max_length', 50),
  PhoneNumberType: sized('max_length', 20, 'region'),
  ColorType: sized('max_length', 20),
  CountryType: always(typeSpec('String', { length: 2 })),
  CurrencyType: always(typeSpec('String', { length: 3 })),
  LocaleType: always(text(10)),
  TimezoneType: always(text(50)),
  ScalarListType: always(typeSpec('UnicodeText')),
  TSVectorType: always(typeSpec('TSVECTOR', undefined, 'postgres')),
  LtreeType: extension('LTREE'),
  StringEncryptedType: around('String', 'type_in', 'key', 'engine', 'padding'),
  EncryptedType: around('LargeBinary', 'type_in', 'key', 'engine', 'padding'),
})

const vectors = classes({
  Vector: extension('VECTOR', 'dim'),
  VECTOR: extension('VECTOR', 'dim'),
  HALFVEC: extension('HALFVEC', 'dim'),
  SPARSEVEC: extension('SPARSEVEC', 'dim'),
})

const shapes = classes({ Geometry: spatial('geometry'), Geography: spatial('geography') })

const users = classes({
  GUID: onPostgres(uuid, typeSpec('CHAR', { length: 36 })),
  TIMESTAMPAware: around('TIMESTAMP'),
})

const sqlmodelTypes: Names = {
  ...classes({
    AutoString: ({ args, kwargs, vm, at }) => {
      const spec = new TypeClass('String').specOf({ args, kwargs, vm, at })
      return spec.args?.length === undefined ? autoString(vm, undefined) : spec
    },
    GUID: onPostgres(uuid, typeSpec('CHAR', { length: 32 })),
  }),
}

/** The module has SQLAlchemy's types by this name, and scripts take them from there. */
const handedOn: Names = Object.fromEntries(allCommonTypeNames.map(({ name, kind }) => [name, new TypeClass(kind)]))

const inner = [
  ...[
    'arrow',
    'choice',
    'color',
    'country',
    'currency',
    'email',
    'encrypted',
    'encrypted.encrypted_type',
    'ip_address',
  ],
  ...['json', 'locale', 'ltree', 'phone_number', 'scalar_list', 'timezone', 'ts_vector', 'url', 'uuid'],
]

export const packageTypeModules: Readonly<Record<string, Names>> = {
  sqlalchemy_utils: utils,
  'sqlalchemy_utils.types': utils,
  ...Object.fromEntries(inner.map((name) => [`sqlalchemy_utils.types.${name}`, utils])),
  'pgvector.sqlalchemy': vectors,
  'pgvector.sqlalchemy.vector': vectors,
  geoalchemy2: shapes,
  'geoalchemy2.types': shapes,
  'fastapi_users_db_sqlalchemy.generics': users,
  fastapi_users_db_sqlalchemy: users,
  'sqlmodel.sql.sqltypes': sqlmodelTypes,
  'sqlmodel.sql.sqltypes.types': handedOn,
  citext: classes({ CIText: extension('CITEXT') }),
  sqlalchemy_utc: classes({ UtcDateTime: always(typeSpec('DateTime', { timezone: true })) }),
  'sqlalchemy_utc.sqltypes': classes({ UtcDateTime: always(typeSpec('DateTime', { timezone: true })) }),
}
