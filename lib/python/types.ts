import type { Span } from './ast.ts'
import { typeName } from './attributes.ts'
import { Bytes } from './bytes.ts'
import { builtinExceptions } from './exceptions.ts'
import { HostObject } from './host.ts'
import type { Interpreter } from './interpreter.ts'
import { hasMethod, methodOf } from './methods.ts'
import type { Predicate } from './predicates.ts'
import { existsIn, symPredicate } from './symbolic.ts'
import { anyOf } from './truth.ts'
import {
  Builtin,
  Dict,
  Fact,
  Func,
  Guarded,
  Instance,
  List,
  PyClass,
  PyModule,
  PySet,
  Range,
  Sym,
  SymSeq,
  type Truth,
  Tuple,
  Unknown,
  type Value,
} from './values.ts'

const samples: Readonly<Record<string, () => Value>> = {
  str: () => '',
  int: () => 0n,
  float: () => 0,
  bool: () => false,
  bytes: () => new Bytes(''),
  list: () => new List(),
  tuple: () => new Tuple([]),
  dict: () => new Dict(),
  set: () => new PySet(),
  frozenset: () => new PySet(true),
}

const accepts: Readonly<Record<string, (value: Value) => boolean>> = {
  object: () => true,
  str: (value) => typeof value === 'string',
  int: (value) => typeof value === 'bigint' || typeof value === 'boolean',
  float: (value) => typeof value === 'number',
  bool: (value) => typeof value === 'boolean',
  bytes: (value) => value instanceof Bytes,
  list: (value) => value instanceof List,
  tuple: (value) => value instanceof Tuple,
  dict: (value) => value instanceof Dict,
  set: (value) => value instanceof PySet && !value.frozen,
  frozenset: (value) => value instanceof PySet && value.frozen,
  range: (value) => value instanceof Range,
  type: (value) => value instanceof PyClass,
  NoneType: (value) => value === null,
  function: (value) => value instanceof Func,
  module: (value) => value instanceof PyModule,
}

/** The built-in types of an interpreter, each able to make its values, and made when somebody asks for it. */
export class BuiltinTypes {
  readonly #make: (name: string) => PyClass['make']
  readonly #made = new Map<string, PyClass>()

  constructor(make: (name: string) => PyClass['make']) {
    this.#make = make
  }

  get(name: string): PyClass | undefined {
    const known = this.#made.get(name)
    if (known || !Object.hasOwn(accepts, name)) return known
    const cls = new PyClass(name, name === 'bool' ? [this.get('int')!] : [])
    cls.module = 'builtins'
    cls.accepts = accepts[name]
    cls.make = this.#make(name)
    this.#made.set(name, cls)
    return cls
  }
}

export function builtinType(vm: Interpreter, name: string): PyClass | undefined {
  const found = vm.builtins.get(name)?.value ?? vm.builtins.types.get(name)
  return found instanceof PyClass ? found : undefined
}

export function typeOf(vm: Interpreter, value: Value): Value {
  if (value instanceof Unknown) return value
  if (value instanceof Instance) return value.cls
  if (value instanceof Tuple && value.cls) return value.cls
  const name = typeName(value)
  const found = builtinType(vm, name)
  if (found) return found
  if (value instanceof HostObject) return vm.attribute(value, '__class__')
  const made = new PyClass(name, [])
  made.module = 'builtins'
  return made
}

/** `isinstance(value, cls)` */
export function isInstance(vm: Interpreter, given: Value, cls: Value, node: Span): Truth {
  const value = vm.resolve(given)
  const kind = vm.resolve(cls)
  if (kind instanceof Tuple) return anyOf(kind.items.map((item) => isInstance(vm, value, item, node)))
  if (kind instanceof Unknown) return value === null || typeof value !== 'object' ? false : kind
  if (kind instanceof HostObject && value instanceof Sym) return symInstance(vm, value, kind, node)
  if (kind instanceof HostObject)
    return (
      kind.hasInstance(value, vm) ??
      (typeof value !== 'object' ? false : vm.unknown(`whether this is a ${kind.label}`, node))
    )
  if (!(kind instanceof PyClass)) return vm.unknown('isinstance of something that is no class', node)
  if (value instanceof Unknown) return value
  if (value instanceof Sym || value instanceof Guarded || value instanceof SymSeq)
    return vm.unknown('the type of a value of the database', node)
  if (value instanceof Fact) return kind.name === 'bool' || kind.name === 'int'
  if (value instanceof Instance) return instanceOf(value, kind)
  if (value instanceof Tuple && value.cls) return value.cls === kind || kind.name === 'tuple'
  if (value instanceof HostObject)
    return (
      kind.name === 'object' || (kind.accepts ? false : vm.unknown(`whether ${value.label} is a ${kind.name}`, node))
    )
  return kind.accepts?.(value) ?? false
}

/** What an element is, the host can tell where it knows what a field of it means. */
function symInstance(vm: Interpreter, value: Sym, kind: HostObject, node: Span): Truth {
  const { expr } = value
  if (expr.op !== 'first') return symPredicate({ op: 'binary', operator: 'isinstance', left: value, right: kind })
  const itself = isInstance(vm, expr.seq.projection, kind, node)
  if (itself instanceof Unknown || expr.fallback !== null) return vm.unknown(`whether this is a ${kind.label}`, node)
  const found = existsIn(vm, itself === true ? expr.seq : expr.seq.where(truthPredicate(itself)), node)
  return itself === false ? false : found
}

function truthPredicate(truth: boolean | Predicate): Predicate {
  return typeof truth === 'boolean' ? { op: 'const', value: truth } : truth
}

function instanceOf(value: Instance, kind: PyClass): Truth {
  if (value.cls.mro.includes(kind) || kind.name === 'object') return true
  const unknown = value.cls.foreign.find((base): base is Unknown => base instanceof Unknown)
  return unknown ?? false
}

export function isSubclass(vm: Interpreter, cls: Value, of: Value, node: Span): Truth {
  const [sub, sup] = [vm.resolve(cls), vm.resolve(of)]
  if (sup instanceof Tuple) return anyOf(sup.items.map((item) => isSubclass(vm, sub, item, node)))
  if (sub instanceof PyClass && sup instanceof PyClass && (sub.mro.includes(sup) || sup.name === 'object')) return true
  if (sub instanceof PyClass && sup instanceof PyClass && sub.foreign.length === 0) return false
  return sub instanceof Unknown ? sub : vm.unknown('issubclass of classes that are not known', node)
}

/** `str.upper`, `dict.fromkeys`, `object.__setattr__`. */
export function classMethod(vm: Interpreter, cls: PyClass, name: string, node: Span): Value | undefined {
  const native = cls.mro.find((base) => samples[base.name] && base.module === 'builtins')
  if (!native) return objectMethod(vm, cls, name)
  const sample = samples[native.name]!()
  if (native.name === 'dict' && name === 'fromkeys') return vm.builtins.get('_dict_fromkeys')?.value
  if (native.name === 'str' && name === 'maketrans') return methodOf(vm, sample, name, node)
  if (!hasMethod(sample, name)) return objectMethod(vm, cls, name)
  return new Builtin(`method ${name}`, (args, kwargs, at) => {
    const method = methodOf(vm, args[0] ?? null, name, at)
    return vm.invoke(method ?? null, args.slice(1), kwargs, at)
  })
}

/** What every class has from `object`. */
export function objectMethod(vm: Interpreter, cls: PyClass, name: string): Value | undefined {
  if (name === '__setattr__') {
    return new Builtin('method __setattr__', ([self, key, value]) => {
      if (self instanceof Instance) {
        vm.branches.touch(self)
        self.map.set(key as string, { key: key as string, value: value ?? null })
      }
      return null
    })
  }
  if (name === '__init_subclass__' || name === '__init__') return new Builtin(`method ${name}`, () => null)
  if (name === '__new__') return new Builtin('__new__', ([made]) => (made instanceof PyClass ? newOf(made) : null))
  if (builtinExceptions().has(cls.name) || name.startsWith('__')) return undefined
  return undefined
}

function newOf(cls: PyClass): Instance {
  return new Instance(cls)
}
