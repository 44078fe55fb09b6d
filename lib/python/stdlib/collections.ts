import { argument } from '../arguments.ts'
import { fillDict } from '../dict-methods.ts'
import { setEntry } from '../eval.ts'
import { findEntry } from '../indexing.ts'
import type { Interpreter } from '../interpreter.ts'
import { drawAll, drawGuarded, isKnown, iterate } from '../iterate.ts'
import { binary } from '../operators.ts'
import { Dict, Guarded, Iter, List, Property, type PyClass, SymSeq, Tuple, Unknown, type Value } from '../values.ts'
import { type Definitions, type Modules, native, type Run, standardClass } from './define.ts'

function namedTuple(vm: Interpreter, typeName: string, fields: readonly string[], defaults: readonly Value[]): PyClass {
  const cls = standardClass(typeName, 'collections')
  const from = fields.length - defaults.length
  cls.fields = fields.map((name, at) => ({ name, value: at < from ? undefined : defaults[at - from], init: true }))
  cls.make = (made, args, kwargs) => {
    const items = (made.fields ?? []).map((field, at) => argument(args, kwargs, at, field.name) ?? field.value)
    const missing = items.indexOf(undefined)
    if (missing >= 0)
      vm.raise('TypeError', `${made.name}() missing a required argument: '${made.fields?.[missing]?.name}'`)
    return new Tuple(items as Value[], made)
  }
  cls.map.set('_fields', { key: '_fields', value: new Tuple(fields) })
  return cls
}

/** `class P(NamedTuple): x: int = 0` */
export function namedTupleClass(vm: Interpreter): PyClass {
  const base = standardClass('NamedTuple', 'typing')
  base.map.set('__init_subclass__', {
    key: '__init_subclass__',
    value: new Property(
      'classmethod',
      native('init', () => null),
    ),
  })
  base.make = (cls, args, kwargs, node) => {
    if (!cls.fields) declareFields(cls)
    return namedTuple(vm, cls.name, [], []).make!(cls, args, kwargs, node)
  }
  return base
}

function declareFields(cls: PyClass): void {
  const annotations = cls.map.get('__annotations__')?.value
  const names = annotations instanceof Dict ? [...annotations.map.values()].map((entry) => String(entry.key)) : []
  cls.fields = names.map((name) => ({ name, value: cls.map.get(name)?.value, init: true }))
}

const named =
  (vm: Interpreter): Run =>
  (args, kwargs, node) => {
    const given = argument(args, kwargs, 1, 'field_names') ?? null
    const names =
      typeof given === 'string' ? given.replaceAll(',', ' ').split(/\s+/).filter(Boolean) : drawAll(vm, given, node)
    if (names instanceof Unknown) return names
    const defaults = drawAll(vm, kwargs.get('defaults') ?? new Tuple([]), node)
    return namedTuple(vm, String(args[0]), names.map(String), defaults instanceof Unknown ? [] : defaults)
  }

const defaultDict =
  (vm: Interpreter): Run =>
  (args, kwargs, node) => {
    const dict = new Dict()
    fillDict(vm, dict, args[1], kwargs, node)
    dict.factory = args[0] ?? null
    return dict
  }

const counter =
  (vm: Interpreter): Run =>
  (args, _kwargs, node) => {
    const dict = new Dict()
    dict.factory = native('int', () => 0n)
    const items = args.length === 0 ? [] : drawAll(vm, args[0]!, node)
    if (items instanceof Unknown) return items
    for (const item of items) setEntry(vm, dict, item, binary(vm, '+', findEntry(vm, dict, item, node) ?? 0n, 1n, node))
    return dict
  }

function collections(vm: Interpreter): Definitions {
  return {
    attrs: {
      OrderedDict: vm.builtins.types.get('dict')!,
      UserDict: vm.builtins.types.get('dict')!,
      deque: vm.builtins.types.get('list')!,
      defaultdict: native('defaultdict', defaultDict(vm)),
      Counter: native('Counter', counter(vm)),
      namedtuple: native('namedtuple', named(vm)),
    },
  }
}

function* chained(vm: Interpreter, lists: Iterable<Value>, node: Parameters<Run>[2]): IterableIterator<Value> {
  for (const list of lists) {
    const items = iterate(vm, list, node)
    if (isKnown(items)) yield* items
    else yield items instanceof SymSeq ? vm.unknown('rows of the database', node) : items
  }
}

function product(lists: readonly (readonly Value[])[]): Value[][] {
  return lists.reduce<Value[][]>((made, list) => made.flatMap((head) => list.map((item) => [...head, item])), [[]])
}

function combinations(items: readonly Value[], size: number): Value[][] {
  if (size === 0) return [[]]
  return items.flatMap((item, at) => combinations(items.slice(at + 1), size - 1).map((rest) => [item, ...rest]))
}

function* slice(vm: Interpreter, source: Iterable<Value>, bounds: readonly number[]): IterableIterator<Value> {
  const [start, stop, step] = bounds as [number, number, number]
  let at = 0
  if (stop <= 0) return
  for (const item of source) {
    vm.step()
    if (at >= start && (at - start) % step === 0) yield item
    if (++at >= stop) return
  }
}

function* counting(vm: Interpreter, start: Value, step: Value): IterableIterator<Value> {
  for (let at = start; ; at = binary(vm, '+', at, step, vm.node)) {
    vm.step()
    yield at
  }
}

function* repeating(vm: Interpreter, item: Value, times: number): IterableIterator<Value> {
  for (let at = 0; at < times; at++) {
    vm.step()
    yield item
  }
}

/** Bounds the size of what is multiplied out before it is made. */
function tuples(vm: Interpreter, count: number, make: () => Value[][]): Value {
  vm.allocate(count * 32)
  vm.step(count)
  return new Iter(
    make()
      .map((items): Value => new Tuple(items))
      [Symbol.iterator](),
  )
}

function itertools(vm: Interpreter): Definitions {
  const draw = (value: Value | undefined, node: Parameters<Run>[2]): Value[] => {
    const items = drawGuarded(vm, value ?? null, node)
    if (!Array.isArray(items)) return [items instanceof Unknown ? items : vm.unknown('rows of the database', node)]
    return items.map((item) =>
      item instanceof Guarded ? vm.unknown('an item that depends on the database', node) : item,
    )
  }
  const chain = native('chain', (args, _kwargs, node) => new Iter(chained(vm, args, node)))
  const fromIterable = native(
    'from_iterable',
    (args, _kwargs, node) => new Iter(chained(vm, draw(args[0], node), node)),
  )
  const chainClass = standardClass('chain', 'itertools')
  chainClass.make = (_cls, args, kwargs, node) => chain.run(args, kwargs, node)
  chainClass.map.set('from_iterable', { key: 'from_iterable', value: new Property('staticmethod', fromIterable) })
  return {
    attrs: {
      chain: chainClass,
      product: native('product', (args, kwargs, node) => {
        const times = Number(kwargs.get('repeat') ?? 1n)
        const lists = Array.from({ length: times }, () => args.map((arg) => draw(arg, node))).flat()
        return tuples(
          vm,
          lists.reduce((size, list) => size * list.length, 1),
          () => product(lists),
        )
      }),
      combinations: native('combinations', (args, _kwargs, node) => {
        const items = draw(args[0], node)
        const size = Number(args[1])
        return tuples(vm, 2 ** Math.min(items.length, 40), () => combinations(items, size))
      }),
      islice: native('islice', (args, _kwargs, node) => {
        const source = iterate(vm, args[0] ?? null, node)
        if (!isKnown(source)) return source
        const [a, b, c] = args.slice(1).map((value) => (value === null ? Number.POSITIVE_INFINITY : Number(value)))
        return new Iter(
          slice(vm, source, b === undefined ? [0, a ?? 0, 1] : [a === Number.POSITIVE_INFINITY ? 0 : a!, b, c ?? 1]),
        )
      }),
      count: native('count', (args) => new Iter(counting(vm, args[0] ?? 0n, args[1] ?? 1n))),
      repeat: native(
        'repeat',
        (args) =>
          new Iter(repeating(vm, args[0] ?? null, args[1] === undefined ? Number.POSITIVE_INFINITY : Number(args[1]))),
      ),
      zip_longest: native('zip_longest', (args, kwargs, node) => {
        const lists = args.map((arg) => draw(arg, node))
        const longest = Math.max(0, ...lists.map((list) => list.length))
        const fill = kwargs.get('fillvalue') ?? null
        return new List(Array.from({ length: longest }, (_, at) => new Tuple(lists.map((list) => list[at] ?? fill))))
      }),
    },
  }
}

export const collectionsModules: Modules = {
  collections,
  itertools,
  'collections.abc': () => ({ attrs: {}, fallback: (name) => standardClass(name, 'collections.abc') }),
}
