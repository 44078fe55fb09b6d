import type { Span } from './ast.ts'
import { findAttribute, typeName } from './attributes.ts'
import { Bytes } from './bytes.ts'
import { callValue, runGenerator } from './calls.ts'
import { HostObject } from './host.ts'
import type { Interpreter } from './interpreter.ts'
import { PyRaise } from './outcome.ts'
import {
  Dict,
  Either,
  Generator,
  Guarded,
  Instance,
  Iter,
  List,
  PyClass,
  PyModule,
  PySet,
  Range,
  Sym,
  SymSeq,
  Tuple,
  Unknown,
  type Value,
} from './values.ts'

/** What a loop goes through: values one by one (some of them Guarded), symbolic rows, or nobody knows. */
export type Iterated = Iterable<Value> | SymSeq | Unknown

export function isKnown(iterated: Iterated): iterated is Iterable<Value> {
  return !(iterated instanceof SymSeq) && !(iterated instanceof Unknown)
}

export function iterate(vm: Interpreter, given: Value, node: Span): Iterated {
  const value = vm.resolve(given)
  if (typeof value === 'string') return [...value]
  if (value instanceof List) return contents(vm, value, live(vm, value), node)
  if (value instanceof Tuple) return value.items
  if (value instanceof Dict) return contents(vm, value, guardedKeys(value), node)
  if (value instanceof PySet)
    return contents(
      vm,
      value,
      [...value.map.values()].map((entry) => entry.value),
      node,
    )
  if (value instanceof Range) return rangeValues(vm, value)
  if (value instanceof Iter) return { [Symbol.iterator]: () => value.source }
  if (value instanceof Generator) return generated(vm, value, node)
  if (value instanceof SymSeq || value instanceof Unknown) return value
  if (value instanceof Bytes) return [...value.data].map((character) => BigInt(character.charCodeAt(0)))
  if (value instanceof HostObject)
    return value.iterate(vm, node) ?? vm.unknown(`what ${value.label} contains`, node, [value])
  if (value instanceof Either) return vm.unknown('a list that depends on the state of the database', node)
  if (value instanceof Sym || value instanceof Guarded) return vm.unknown('rows of the database', node)
  if (value instanceof PyClass && vm.isEnum(value))
    return [...vm.enumMembers(value).map.values()].map((entry) => entry.value)
  if (value instanceof Instance) return instanceValues(vm, value, node)
  if (value instanceof PyModule) return vm.unknown(`what ${value.name} contains`, node)
  return vm.raise('TypeError', `'${typeName(value)}' object is not iterable`)
}

function contents(vm: Interpreter, container: List | Dict | PySet, values: Iterable<Value>, node: Span): Iterated {
  if (container.taint) return container.taint
  if (container.tails.length === 0) return values
  if (container.items.length + container.map.size === 0 && container.tails.length === 1) return container.tails[0]!
  return vm.unknown('rows of the database', node)
}

/** A list may grow while it is walked. */
function* live(vm: Interpreter, list: List): Generator_<Value> {
  for (let at = 0; at < list.items.length; at++) yield vm.resolve(list.items[at]!)
}
type Generator_<T> = IterableIterator<T>

function guardedKeys(dict: Dict): Value[] {
  return [...dict.map.values()].map(({ key, value }) =>
    value instanceof Guarded ? new Guarded(value.predicate, key) : key,
  )
}

function* rangeValues(vm: Interpreter, range: Range): Generator_<Value> {
  const { start, stop, step } = range
  for (let at = start; step > 0n ? at < stop : at > stop; at += step) {
    vm.step()
    yield at
  }
}

function generated(vm: Interpreter, generator: Generator, node: Span): Iterable<Value> {
  if (!generator.rest) {
    const found = generator.started ? [] : runGenerator(vm, generator, node)
    generator.rest = new Iter(found[Symbol.iterator]())
  }
  const { source } = generator.rest
  return { [Symbol.iterator]: () => source }
}

function instanceValues(vm: Interpreter, value: Instance, node: Span): Iterated {
  const iter = findAttribute(vm, value, '__iter__', node)
  if (iter !== undefined && !(iter instanceof Unknown)) {
    const made = callValue(vm, iter, [], new Map(), node)
    if (made !== value && !(made instanceof Instance)) return iterate(vm, made, node)
    return drawn(vm, made, node)
  }
  if (value.native !== undefined) return iterate(vm, value.native, node)
  if (iter instanceof Unknown) return iter
  return vm.raise('TypeError', `'${value.cls.name}' object is not iterable`)
}

/** An instance with `__next__`. */
function* drawn(vm: Interpreter, value: Value, node: Span): Generator_<Value> {
  for (;;) {
    let next: Value
    try {
      next = callValue(vm, vm.attribute(value, '__next__', node), [], new Map(), node)
    } catch (error) {
      if (error instanceof PyRaise && error.exc.cls.name === 'StopIteration') return
      throw error
    }
    yield next
  }
}

/** All values of an iterable, or why they are not known; a value that is there only sometimes makes them unknown. */
export function drawAll(vm: Interpreter, value: Value, node: Span): Value[] | Unknown {
  const found = drawGuarded(vm, value, node)
  if (!Array.isArray(found)) return found instanceof SymSeq ? vm.unknown('rows of the database', node) : found
  const guarded = found.find((item) => item instanceof Guarded)
  return guarded ? vm.unknown('what is in it depends on the state of the database', node) : found
}

/** As `drawAll`, with the values that are there only sometimes, and symbolic sequences as they are. */
export function drawGuarded(vm: Interpreter, value: Value, node: Span): Value[] | SymSeq | Unknown {
  const iterated = iterate(vm, value, node)
  if (!isKnown(iterated)) return iterated
  const found: Value[] = []
  for (const given of iterated) {
    vm.step()
    const item = vm.resolve(given)
    if (item instanceof Guarded && vm.branches.settle(item.predicate).op === 'const') continue
    found.push(item)
  }
  vm.allocate(found.length * 8)
  return found
}
