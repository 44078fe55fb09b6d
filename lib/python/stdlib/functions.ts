import type { Span } from '../ast.ts'
import { callValue } from '../calls.ts'
import { indexValue } from '../indexing.ts'
import type { Interpreter } from '../interpreter.ts'
import { drawAll } from '../iterate.ts'
import { binary, compare } from '../operators.ts'
import { type Builtin, Dict, Func, Instance, List, Property, PySet, Tuple, Unknown, type Value } from '../values.ts'
import { type Definitions, type Modules, native, standardClass } from './define.ts'

function partial(vm: Interpreter): Builtin {
  return native('partial', ([fn, ...first], given) =>
    native('partial', (args, kwargs, node) =>
      callValue(vm, fn ?? null, [...first, ...args], new Map([...given, ...kwargs]), node),
    ),
  )
}

/** A decorator that leaves the function as it is, with or without arguments. */
function transparent(name: string): Builtin {
  return native(name, (args) => (args[0] instanceof Func ? args[0] : native(name, ([func]) => func ?? null)))
}

function wraps(): Builtin {
  return native('wraps', ([wrapped]) =>
    native('wraps', ([wrapper]) => {
      if (wrapper instanceof Func && wrapped instanceof Func) wrapper.name = wrapped.name
      return wrapper ?? null
    }),
  )
}

function reduce(vm: Interpreter, args: readonly Value[], node: Span): Value {
  const items = drawAll(vm, args[1] ?? null, node)
  if (items instanceof Unknown) return items
  const all = args.length > 2 ? [args[2]!, ...items] : items
  if (all.length === 0) return vm.raise('TypeError', 'reduce() of empty iterable with no initial value')
  return all.slice(1).reduce<Value>((made, item) => callValue(vm, args[0]!, [made, item], new Map(), node), all[0]!)
}

function functools(vm: Interpreter): Definitions {
  return {
    attrs: {
      partial: partial(vm),
      wraps: wraps(),
      reduce: native('reduce', (args, _kwargs, node) => reduce(vm, args, node)),
      lru_cache: transparent('lru_cache'),
      cache: transparent('cache'),
      cached_property: native('cached_property', ([func]) => new Property('cached', func ?? null)),
      total_ordering: native('total_ordering', ([cls]) => cls ?? null),
    },
  }
}

function operator(vm: Interpreter): Definitions {
  const many = (args: readonly Value[], pick: (key: Value, value: Value, node: Span) => Value): Builtin =>
    native('getter', ([value], _kwargs, node) => {
      const made = args.map((key) => pick(key, value ?? null, node))
      return made.length === 1 ? made[0]! : new Tuple(made)
    })
  const two = (name: string, run: (a: Value, b: Value, node: Span) => Value): [string, Builtin] => [
    name,
    native(name, ([a, b], _kwargs, node) => run(a ?? null, b ?? null, node)),
  ]
  return {
    attrs: {
      itemgetter: native('itemgetter', (args) => many(args, (key, value, node) => indexValue(vm, value, key, node))),
      attrgetter: native('attrgetter', (args) =>
        many(args, (key, value, node) => vm.attribute(value, String(key), node)),
      ),
      ...Object.fromEntries([
        two('add', (a, b, node) => binary(vm, '+', a, b, node)),
        two('mul', (a, b, node) => binary(vm, '*', a, b, node)),
        two('or_', (a, b, node) => binary(vm, '|', a, b, node)),
        two('and_', (a, b, node) => binary(vm, '&', a, b, node)),
        two('eq', (a, b, node) => compare(vm, '==', a, b, node)),
      ]),
    },
  }
}

/** `copy.copy`, and `deepcopy` of containers; host objects are shared. */
function copied(vm: Interpreter, given: Value, deep: boolean): Value {
  const value = vm.resolve(given)
  const inner = (item: Value): Value => (deep ? vm.deeper(() => copied(vm, item, true)) : item)
  vm.step()
  if (value instanceof Tuple) return deep ? new Tuple(value.items.map(inner), value.cls) : value
  const made = emptyLike(vm, value, deep)
  if (!made || typeof value !== 'object' || value === null || !('save' in value)) return value
  const saved = value.save()
  made.load({
    ...saved,
    items: saved.items.map(inner),
    map: new Map([...saved.map].map(([key, entry]) => [key, { key: entry.key, value: inner(entry.value) }])),
  })
  return made
}

function emptyLike(vm: Interpreter, value: Value, deep: boolean) {
  if (value instanceof List) return new List()
  if (value instanceof PySet) return new PySet(value.frozen)
  if (value instanceof Instance) {
    if (vm.isEnum(value.cls)) return undefined
    const made = new Instance(value.cls)
    made.native = value.native === undefined ? undefined : copied(vm, value.native, deep)
    made.made = value.made
    return made
  }
  if (!(value instanceof Dict)) return undefined
  const made = new Dict()
  made.factory = value.factory
  return made
}

function copy(vm: Interpreter): Definitions {
  return {
    attrs: {
      copy: native('copy', (args) => copied(vm, args[0] ?? null, false)),
      deepcopy: native('deepcopy', (args) => copied(vm, args[0] ?? null, true)),
    },
  }
}

function abc(): Definitions {
  const identity = native('abstractmethod', (args) => args[0] ?? null)
  return {
    attrs: {
      ABC: standardClass('ABC', 'abc'),
      ABCMeta: standardClass('ABCMeta', 'abc'),
      abstractmethod: identity,
      abstractproperty: native('abstractproperty', ([func]) => new Property('property', func ?? null)),
    },
  }
}

function inspect(vm: Interpreter): Definitions {
  return {
    attrs: {
      isclass: native('isclass', (args) =>
        vm.callNow(vm.builtins.get('isinstance')!.value, [args[0] ?? null, vm.builtins.types.get('type')!]),
      ),
      isfunction: native('isfunction', (args) => args[0] instanceof Func),
      cleandoc: native('cleandoc', (args, _kwargs, node) =>
        typeof args[0] === 'string' ? args[0].trim() : vm.unknown('cleandoc', node),
      ),
    },
  }
}

export const functionModules: Modules = { functools, operator, copy, abc, inspect }
