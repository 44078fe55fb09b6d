import type { Span } from './ast.ts'
import { Bytes } from './bytes.ts'
import { callValue } from './calls.ts'
import { HostObject } from './host.ts'
import type { Interpreter } from './interpreter.ts'
import { lift } from './lift.ts'
import { methodOf } from './methods.ts'
import { ofFirst } from './symbolic.ts'
import {
  BoundMethod,
  Builtin,
  Dict,
  Fact,
  Func,
  Generator,
  Instance,
  List,
  Property,
  PyClass,
  PyModule,
  PySet,
  Sym,
  SymSeq,
  Tuple,
  Unknown,
  type Value,
} from './values.ts'

/** `value.name`, or AttributeError where it is sure that there is none. */
export function getAttribute(vm: Interpreter, given: Value, name: string, node: Span): Value {
  return lift(vm, given, node, (value) => {
    const found = findAttribute(vm, value, name, node)
    if (found !== undefined) return found
    return vm.raise('AttributeError', missing(value, name))
  })
}

function missing(value: Value, name: string): string {
  if (value instanceof PyModule) return `module '${value.name}' has no attribute '${name}'`
  if (value instanceof PyClass) return `type object '${value.name}' has no attribute '${name}'`
  return `'${typeName(value)}' object has no attribute '${name}'`
}

/** undefined where it is sure that there is no such attribute. */
export function findAttribute(vm: Interpreter, value: Value, name: string, node: Span): Value | undefined {
  if (value instanceof Unknown) return new Unknown(value.reason, value.place, value.carries)
  if (value instanceof HostObject) {
    const given = value.get(name, vm, node)
    if (given instanceof HostObject) given.owner ??= value
    return given === undefined ? vm.unknown(`${value.label}.${name}`, node, [value]) : given
  }
  if (value instanceof PyModule) return moduleAttribute(vm, value, name, node)
  if (value instanceof Instance) return instanceAttribute(vm, value, name, node)
  if (value instanceof PyClass) return classAttribute(vm, value, name, node)
  if (value instanceof Sym) {
    return (
      ofFirst(value, (first) => getAttribute(vm, first, name, node)) ?? new Sym({ op: 'attr', of: value.expr, name })
    )
  }
  if (value instanceof Func) return functionAttribute(value, name)
  if (value instanceof Property) return propertyAttribute(value, name)
  if (value instanceof SymSeq)
    return methodOf(vm, new List(), name, node) ? symSeqMethod(vm, value, name, node) : undefined
  if (value instanceof Tuple && value.cls) {
    const at = value.cls.fields?.findIndex((field) => field.name === name) ?? -1
    if (at >= 0) return value.items[at]
    const method = findInClass(value.cls, name)
    if (method) return bind(vm, method, value, value.cls, node)
  }
  if (name === '__class__') return vm.typeOf(value)
  if (name === '__name__' && value instanceof Builtin) return value.name
  return methodOf(vm, value, name, node)
}

/** A list of rows that is only known symbolically has the methods of a list that has it as its content. */
function symSeqMethod(vm: Interpreter, seq: SymSeq, name: string, node: Span): Value | undefined {
  const list = new List()
  list.tails = [seq]
  return methodOf(vm, list, name, node)
}

function moduleAttribute(vm: Interpreter, module: PyModule, name: string, node: Span): Value | undefined {
  const found = module.map.get(name)
  if (found) return vm.resolve(found.value)
  if (name === '__dict__') return namespace(module.map)
  return module.fallback?.(name, node)
}

function namespace(map: PyModule['map']): Dict {
  const dict = new Dict()
  for (const [key, entry] of map) dict.map.set(`s${String(key)}`, entry)
  return dict
}

function instanceAttribute(vm: Interpreter, self: Instance, name: string, node: Span): Value | undefined {
  const inClass = findInClass(self.cls, name)
  if (inClass instanceof Property && inClass.type === 'property')
    return callValue(vm, inClass.get, [self], new Map(), node)
  const own = self.map.get(name)
  if (own) return vm.resolve(own.value)
  if (inClass !== undefined) return bind(vm, inClass, self, self.cls, node)
  if (name === '__class__') return self.cls
  if (name === '__dict__') return namespace(self.map)
  if (name === '__doc__') return null
  const getter = findInClass(self.cls, '__getattr__')
  if (getter) return callValue(vm, new BoundMethod(self, getter), [name], new Map(), node)
  if (self.native !== undefined) {
    const inherited = methodOf(vm, self.native, name, node)
    if (inherited !== undefined) return inherited
  }
  if (self.taint) return self.taint
  return inheritedFrom(vm, self.cls, self, name, node) ?? methodOf(vm, self, name, node)
}

/** What a base class that is not Python's here may provide. */
function inheritedFrom(vm: Interpreter, cls: PyClass, self: Value, name: string, node: Span): Value | undefined {
  if (cls.foreign.length === 0) return undefined
  for (const base of cls.foreign) {
    const found = base instanceof HostObject ? base.inherited(self, name, vm, node) : undefined
    if (found !== undefined) return found
  }
  const unknown = cls.foreign.find((base): base is Unknown => base instanceof Unknown)
  return vm.unknown(unknown?.reason ?? `${cls.name}.${name}`, node, [self])
}

export function bind(vm: Interpreter, found: Value, self: Value, cls: PyClass, node: Span): Value {
  if (found instanceof Func || (found instanceof Builtin && found.name.startsWith('method ')))
    return new BoundMethod(self, found)
  if (!(found instanceof Property)) return vm.resolve(found)
  if (found.type === 'staticmethod') return found.get
  if (found.type === 'classmethod') return new BoundMethod(cls, found.get)
  const value = callValue(vm, found.get, [self], new Map(), node)
  if (found.type === 'cached' && self instanceof Instance && found.get instanceof Func) {
    vm.branches.touch(self)
    self.map.set(found.get.name, { key: found.get.name, value })
  }
  return value
}

function classAttribute(vm: Interpreter, cls: PyClass, name: string, node: Span): Value | undefined {
  const found = findInClass(cls, name)
  if (found instanceof Property) {
    if (found.type === 'classmethod') return new BoundMethod(cls, found.get)
    return found.type === 'staticmethod' ? found.get : found
  }
  if (found !== undefined) return vm.resolve(found)
  if (name === '__name__' || name === '__qualname__') return cls.name
  if (name === '__doc__') return null
  if (name === '__module__') return cls.module
  if (name === '__bases__') return new Tuple(cls.bases)
  if (name === '__mro__') return new Tuple(cls.mro)
  if (name === '__dict__') return namespace(cls.map)
  if (name === '__members__' && vm.isEnum(cls)) return vm.enumMembers(cls)
  if (name === '__init__' || name === '__new__') return new Builtin(`method ${name}`, () => null)
  if (cls.taint) return cls.taint
  const inherited = inheritedFrom(vm, cls, cls, name, node)
  if (inherited !== undefined) return inherited
  return vm.classMethod(cls, name, node)
}

export function findInClass(cls: PyClass, name: string): Value | undefined {
  for (const base of cls.mro) {
    const found = base.map.get(name)
    if (found) return found.value
  }
  return undefined
}

function functionAttribute(func: Func, name: string): Value | undefined {
  const own = func.attrs.get(name)
  if (own !== undefined) return own
  if (name === '__name__' || name === '__qualname__') return func.name
  if (name === '__doc__' || name === '__wrapped__') return null
  if (name === '__module__') return func.module.name
  if (name === '__dict__' || name === '__annotations__') return new Dict()
  return undefined
}

function propertyAttribute(property: Property, name: string): Value | undefined {
  const again = (get: Value, set: Value): Value => new Property('property', get, set)
  if (name === 'setter') return new Builtin('setter', (args) => again(property.get, args[0] ?? null))
  if (name === 'getter') return new Builtin('getter', (args) => again(args[0] ?? null, property.set))
  if (name === 'deleter') return new Builtin('deleter', () => property)
  return name === 'fget' ? property.get : undefined
}

export function typeName(value: Value): string {
  if (value === null) return 'NoneType'
  switch (typeof value) {
    case 'boolean':
      return 'bool'
    case 'bigint':
      return 'int'
    case 'number':
      return 'float'
    case 'string':
      return 'str'
    default:
  }
  if (value instanceof Bytes) return 'bytes'
  if (value instanceof Instance) return value.cls.name
  if (value instanceof HostObject) return value.label
  if (value instanceof PyClass) return 'type'
  if (value instanceof PySet) return value.frozen ? 'frozenset' : 'set'
  if (value instanceof Tuple && value.cls) return value.cls.name
  if (value instanceof Fact) return 'bool'
  if (value instanceof Generator) return value.coroutine ? 'coroutine' : 'generator'
  return (value as { kind: string }).kind
}

export function setAttribute(vm: Interpreter, given: Value, name: string, value: Value, node: Span): void {
  const target = vm.resolve(given)
  if (target instanceof HostObject) {
    if (!target.set(name, value, vm, node)) reportSet(vm, target, name, value, node)
    return
  }
  if (target instanceof Func) {
    target.attrs.set(name, value)
    return
  }
  if (target instanceof Instance) {
    const property = findInClass(target.cls, name)
    if (property instanceof Property && property.type === 'property' && property.set !== null) {
      callValue(vm, property.set, [target, value], new Map(), node)
      return
    }
    const setter = findInClass(target.cls, '__setattr__')
    if (setter instanceof Func) {
      callValue(vm, new BoundMethod(target, setter), [name, value], new Map(), node)
      return
    }
    if (target.cls.frozen) vm.raise('AttributeError', `cannot assign to field '${name}'`)
  }
  if (target instanceof Instance || target instanceof PyModule || (target instanceof PyClass && !target.make)) {
    vm.branches.touch(target)
    target.map.set(name, { key: name, value })
    return
  }
  if (target instanceof Unknown || target instanceof Sym) return
  if (target === null || typeof target !== 'object') vm.raise('AttributeError', missing(target, name))
}

/** A host object that does not know the attribute: the host is told, as of an unknown call. */
function reportSet(vm: Interpreter, target: HostObject, name: string, value: Value, node: Span): void {
  const callee = vm.unknown(`${target.label}.${name} = …`, node, [target])
  vm.host.onUnknownCall?.(callee, [target, value], new Map(), vm.site(node))
}
