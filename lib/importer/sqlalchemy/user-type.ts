import type { Span } from '../../python/ast.ts'
import { findInClass } from '../../python/attributes.ts'
import type { Interpreter } from '../../python/interpreter.ts'
import { BoundMethod, Func, Instance, type Kwargs, Unknown, type Value } from '../../python/values.ts'
import { rawType, type TypeSpec } from '../../schema/type-spec.ts'
import { hostFunction } from '../host-function.ts'
import { recorderOf } from '../recorder-of.ts'
import { unreadable } from '../unreadable.ts'
import { compiledText } from './compiled-types.ts'
import { givenType, isTypeValue, missing, typeFrom } from './read-type.ts'
import { SaDialect } from './sa-dialect.ts'
import { SaType, TypeClass } from './sa-type.ts'

/** Where the type that stands behind an object is kept: as TypeDecorator does, and a name that no script has. */
const implName = 'impl'
const ownName = '(type)'

/** The type of an object whose class derives from one of SQLAlchemy's. */
export function userType(vm: Interpreter, self: Instance): TypeSpec {
  const { cls } = self
  const name = `${cls.module}.${cls.name}`
  const given = givenType(vm, name)
  if (given) return given
  const base = cls.foreign.find((found) => found instanceof TypeClass)
  if (!(base instanceof TypeClass)) return unreadable(whyUnknown(self, name))
  const text = compiledText(vm, self)
  if (text !== undefined) return rawType(text)
  if (base.name === 'TypeDecorator') return converting(self, decorated(vm, self))
  const spelled = method(vm, self, 'get_col_spec', [], new Map())
  if (spelled !== undefined) return converting(self, rawType(textFrom(spelled, `get_col_spec of ${cls.name}`)))
  const own = self.map.get(ownName)?.value ?? baseObject(vm, base, self)
  return converting(self, typeFrom(vm, own))
}

const conversions = [
  'process_bind_param',
  'process_literal_param',
  'bind_processor',
  'literal_processor',
  'bind_expression',
]

function converting({ cls }: Instance, spec: TypeSpec): TypeSpec {
  return conversions.some((name) => findInClass(cls, name) instanceof Func) ? { ...spec, converts: cls.name } : spec
}

/** A value as it is stored by a type, and the type that it is written with then. */
export function boundValue(
  vm: Interpreter,
  type: Value,
  value: Value,
): { readonly value: Value; readonly type: TypeSpec } {
  const found = vm.resolve(type)
  const { converts, ...spec } = typeFrom(vm, found)
  if (found instanceof SaType)
    return {
      value: found.labels.get(vm.resolve(value)) ?? value,
      type: { ...spec, ...(converts !== undefined && { converts }) },
    }
  if (!(found instanceof Instance) || converts === undefined) return { value, type: typeFrom(vm, found) }
  const others = conversions.slice(1).some((name) => findInClass(found.cls, name) instanceof Func)
  if (others) return unreadable(`what the type ${converts} makes of a value is not known`)
  const dialect = new SaDialect(recorderOf(vm).target.dialect)
  const bound = vm.resolve(method(vm, found, 'process_bind_param', [value, dialect], new Map()) ?? value)
  if (bound instanceof Unknown) return unreadable(`what the type ${converts} makes of a value: ${bound.reason}`)
  return { value: bound, type: spec }
}

function whyUnknown({ cls }: Instance, name: string): string {
  const unknown = cls.foreign.find((base): base is Unknown => base instanceof Unknown)
  return unknown ? `${missing(name)} (it derives from ${unknown.reason})` : `${name} is no type`
}

/** A class that derives from a type with arguments of its own, made as the script makes it. */
function baseObject(vm: Interpreter, base: TypeClass, self: Instance): Value {
  const { args = [], kwargs = new Map() } = self.made ?? {}
  const ownInit = findInClass(self.cls, '__init__') !== undefined
  return new SaType(
    base.specOf(ownInit ? { args: [], kwargs: new Map(), vm, at: vm.node } : { args, kwargs, vm, at: vm.node }),
  )
}

/** TypeDecorator.load_dialect_impl, asked with the dialect that the script is read for. */
function decorated(vm: Interpreter, self: Instance): TypeSpec {
  const dialect = new SaDialect(recorderOf(vm).target.dialect)
  const loaded = method(vm, self, 'load_dialect_impl', [dialect], new Map())
  if (loaded === undefined) return typeFrom(vm, implOf(vm, self))
  const found = vm.resolve(loaded)
  if (found instanceof Unknown) return unreadable(`load_dialect_impl of ${self.cls.name}: ${found.reason}`)
  return isTypeValue(found) ? typeFrom(vm, found) : unreadable(`load_dialect_impl of ${self.cls.name} gives no type`)
}

/** What a TypeDecorator stands on: set by its `__init__`, or the `impl` of its class called with its arguments. */
function implOf(vm: Interpreter, self: Instance): Value {
  const set = self.map.get(implName)?.value
  if (set !== undefined) return set
  const impl = vm.resolve(findInClass(self.cls, implName) ?? null)
  if (impl === null) return unreadable(`the TypeDecorator ${self.cls.name} has no impl`)
  if (!(impl instanceof TypeClass)) return impl
  const ownInit = findInClass(self.cls, '__init__') !== undefined
  const { args = [], kwargs = new Map() } = (ownInit ? undefined : self.made) ?? {}
  return vm.invoke(impl, args, kwargs, vm.node)
}

function method(vm: Interpreter, self: Instance, name: string, args: readonly Value[], kwargs: Kwargs) {
  const found = findInClass(self.cls, name)
  return found instanceof Func ? vm.invoke(new BoundMethod(self, found), args, kwargs, vm.node) : undefined
}

function textFrom(value: Value, what: string): string {
  if (typeof value === 'string') return value
  return unreadable(value instanceof Unknown ? `${what}: ${value.reason}` : `${what} gives no text`)
}

/** What an object of a derived class has from SQLAlchemy's. */
export function inheritedFromType(
  base: TypeClass,
  self: Instance,
  name: string,
  vm: Interpreter,
  at: Span,
): Value | undefined {
  if (name === '__init__') return baseInit(base, self)
  if (name === implName) return base.name === 'TypeDecorator' ? implOf(vm, self) : undefined
  if (name === 'load_dialect_impl') return hostFunction(name, () => implOf(vm, self))
  return hostAttribute(self, name, vm, at)
}

function hostAttribute(self: Instance, name: string, vm: Interpreter, at: Span): Value | undefined {
  if (!['with_variant', 'create', 'drop', 'length', 'enums', 'name', 'precision', 'scale', 'item_type'].includes(name))
    return undefined
  const attribute = hostFunction(name, () => new SaType(userType(vm, self)).get(name, vm, at))
  return vm.invoke(attribute, [], new Map(), at)
}

/** `super().__init__(…)`: the arguments are those of the type behind it. */
function baseInit(base: TypeClass, self: Instance): Value {
  return hostFunction('__init__', ({ args, kwargs, vm, at }) => {
    const decorates = base.name === 'TypeDecorator'
    const impl = decorates ? vm.resolve(findInClass(self.cls, implName) ?? null) : base
    if (impl instanceof TypeClass && !['UserDefinedType', 'TypeEngine', 'SchemaType'].includes(impl.name)) {
      vm.branches.touch(self)
      const key = decorates ? implName : ownName
      self.map.set(key, { key, value: vm.invoke(impl, args, kwargs, at) })
    }
    return null
  })
}
