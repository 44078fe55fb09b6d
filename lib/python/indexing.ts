import type { Span } from './ast.ts'
import { findInClass, typeName } from './attributes.ts'
import { Bytes } from './bytes.ts'
import { callValue } from './calls.ts'
import { setEntry } from './eval.ts'
import { HostObject } from './host.ts'
import type { Interpreter } from './interpreter.ts'
import { drawGuarded } from './iterate.ts'
import { keyOf } from './keys.ts'
import { liftAll } from './lift.ts'
import { compare } from './operators.ts'
import { ofFirst } from './symbolic.ts'
import {
  BoundMethod,
  Builtin,
  Dict,
  Guarded,
  Instance,
  List,
  PyClass,
  PySet,
  Range,
  Slice,
  Sym,
  SymSeq,
  Tuple,
  Unknown,
  type Value,
} from './values.ts'

export function indexValue(vm: Interpreter, given: Value, key: Value, node: Span): Value {
  return liftAll(vm, [given, key], node, ([value, index]) => indexSettled(vm, value!, index!, node))
}

function indexSettled(vm: Interpreter, value: Value, key: Value, node: Span): Value {
  if (value instanceof Unknown) return value
  if (value instanceof HostObject) {
    const given = value.index(key, vm, node)
    return given === undefined ? vm.unknown(`an item of ${value.label}`, node, [value]) : given
  }
  if (value instanceof Sym) {
    return ofFirst(value, (first) => indexValue(vm, first, key, node)) ?? new Sym({ op: 'item', of: value.expr, key })
  }
  if (value instanceof Dict) return dictItem(vm, value, key, node)
  if (value instanceof PyClass) return classItem(vm, value, key, node)
  if (value instanceof Builtin) return value
  if (value instanceof SymSeq) return symItem(vm, value, key, node)
  if (value instanceof Instance) return instanceItem(vm, value, key, node)
  if (key instanceof Unknown) return key
  if (value instanceof List && (value.taint || value.tails.length > 0)) {
    return (
      value.taint ??
      (value.items.length === 0 && value.tails.length === 1
        ? symItem(vm, value.tails[0]!, key, node)
        : vm.unknown('a row of the database', node))
    )
  }
  if (key instanceof Slice) return sliced(vm, value, key, node)
  return sequenceItem(vm, value, key, node)
}

function dictItem(vm: Interpreter, dict: Dict, key: Value, node: Span): Value {
  const found = findEntry(vm, dict, key, node)
  if (found !== undefined) return found
  if (dict.factory !== undefined && dict.factory !== null) {
    const made = callValue(vm, dict.factory, [], new Map(), node)
    vm.branches.touch(dict)
    setEntry(vm, dict, key, made)
    return made
  }
  return vm.raiseKey(key)
}

/** The value of a key; undefined where it is sure that it is not there. */
export function findEntry(vm: Interpreter, dict: Dict, key: Value, node: Span, fallback?: Value): Value | undefined {
  const hashed = keyOf(vm, key)
  if (hashed === undefined) return key instanceof Unknown ? key : vm.unknown('an item by a key that is not known', node)
  const found = dict.map.get(hashed)
  if (found) {
    const value = vm.resolve(found.value)
    if (!(value instanceof Guarded)) return value
    const settled = vm.branches.settle(value.predicate)
    if (settled.op !== 'const') return vm.unknown('an item that is there only where a condition holds', node)
    if (settled.value) return value.value
  }
  if (dict.taint) return dict.taint
  if (dict.items.length > 0) return vm.unknown('rows of the database', node)
  if (dict.tails.length === 1) return tailItem(vm, dict.tails[0]!, key, fallback, node)
  return dict.tails.length > 0 ? vm.unknown('rows of the database', node) : undefined
}

function tailItem(vm: Interpreter, tail: SymSeq, key: Value, fallback: Value | undefined, node: Span): Value {
  if (!(tail.projection instanceof Tuple)) return vm.unknown('rows of the database', node)
  const [name, held] = tail.projection.items as [Value, Value]
  const truth = vm.truth(compare(vm, '==', name, key, node), node)
  if (truth instanceof Unknown) return truth
  const filter = typeof truth === 'boolean' ? ({ op: 'const', value: truth } as const) : truth
  return new Sym({ op: 'first', seq: tail.where(filter).map(held), fallback: fallback ?? null })
}

function classItem(vm: Interpreter, cls: PyClass, key: Value, node: Span): Value {
  if (vm.isEnum(cls)) {
    const found = findEntry(vm, vm.enumMembers(cls), key, node)
    return found ?? vm.raise('KeyError', String(key))
  }
  const hook = findInClass(cls, '__class_getitem__')
  if (hook)
    return callValue(vm, hook instanceof BoundMethod ? hook : new BoundMethod(cls, hook), [key], new Map(), node)
  return cls
}

function symItem(vm: Interpreter, seq: SymSeq, key: Value, node: Span): Value {
  if (key === 0n) return new Sym({ op: 'first', seq, fallback: null })
  return vm.unknown('a row of the database', node)
}

function instanceItem(vm: Interpreter, value: Instance, key: Value, node: Span): Value {
  const method = findInClass(value.cls, '__getitem__')
  if (method) return callValue(vm, new BoundMethod(value, method), [key], new Map(), node)
  if (value.native !== undefined) return indexValue(vm, value.native, key, node)
  if (value.cls.foreign.length > 0) return vm.unknown(`an item of a ${value.cls.name}`, node, [value])
  return vm.raise('TypeError', `'${value.cls.name}' object is not subscriptable`)
}

/** Strings are counted in code points. */
function points(text: string): readonly string[] | string {
  return /[\ud800-\udfff]/.test(text) ? [...text] : text
}

function sequenceItem(vm: Interpreter, value: Value, key: Value, node: Span): Value {
  const index = typeof key === 'boolean' ? BigInt(key) : key instanceof Instance ? key.native : key
  if (value instanceof Range && typeof index === 'bigint') return rangeItem(vm, value, index)
  const items = itemsOf(value)
  if (items === undefined) return vm.raise('TypeError', `'${typeName(value)}' object is not subscriptable`)
  if (typeof index !== 'bigint') {
    if (key instanceof Sym || key instanceof HostObject)
      return vm.unknown('an item by an index that is not known', node)
    return vm.raise('TypeError', `${typeName(value)} indices must be integers or slices, not ${typeName(key)}`)
  }
  const list = value instanceof List ? firmItems(vm, value) : items
  if (list === undefined) return vm.unknown('a list that depends on the state of the database', node)
  const at = index < 0n ? Number(index) + list.length : Number(index)
  const found = list[at]
  if (found === undefined) return vm.raise('IndexError', `${typeName(value)} index out of range`)
  return value instanceof Bytes ? BigInt((found as string).charCodeAt(0)) : vm.resolve(found)
}

/** The items, where none is there only sometimes. */
export function firmItems(vm: Interpreter, list: List): readonly Value[] | undefined {
  if (!list.items.some((item) => item instanceof Guarded)) return list.items
  const items = drawGuarded(vm, new Tuple(list.items), vm.node)
  return Array.isArray(items) && !items.some((item) => item instanceof Guarded) ? items : undefined
}

function itemsOf(value: Value): readonly Value[] | string | undefined {
  if (typeof value === 'string') return points(value)
  if (value instanceof List || value instanceof Tuple) return value.items
  return value instanceof Bytes ? value.data : undefined
}

function rangeItem(vm: Interpreter, range: Range, index: bigint): Value {
  const length = rangeLength(range)
  const at = index < 0n ? index + length : index
  if (at < 0n || at >= length) return vm.raise('IndexError', 'range object index out of range')
  return range.start + at * range.step
}

export function rangeLength({ start, stop, step }: Range): bigint {
  const span = step > 0n ? stop - start : start - stop
  const size = step > 0n ? step : -step
  return span <= 0n ? 0n : (span + size - 1n) / size
}

function sliced(vm: Interpreter, value: Value, slice: Slice, node: Span): Value {
  for (const part of [slice.lower, slice.upper, slice.step]) {
    if (part !== null && typeof part !== 'bigint' && typeof part !== 'boolean')
      return vm.unknown('a slice by something unknown', node)
  }
  if (value instanceof Range) {
    const picked = positions(vm, Number(rangeLength(value)), slice).map((at) => value.start + BigInt(at) * value.step)
    return new List(picked)
  }
  const items = value instanceof List ? firmItems(vm, value) : itemsOf(value)
  if (items === undefined) return vm.unknown('a slice of something that is not known', node)
  const picked = positions(vm, items.length, slice).map((at) => items[at]!)
  if (typeof value === 'string') return picked.join('')
  if (value instanceof Bytes) return new Bytes(picked.join(''))
  return value instanceof Tuple ? new Tuple(picked) : new List(picked)
}

export function positions(vm: Interpreter, length: number, slice: Slice): number[] {
  const step = slice.step === null ? 1 : Number(slice.step)
  if (step === 0) vm.raise('ValueError', 'slice step cannot be zero')
  const clamp = (given: Value, fallback: number): number => {
    if (given === null) return fallback
    const at = Number(given) < 0 ? Number(given) + length : Number(given)
    return step > 0 ? Math.min(Math.max(at, 0), length) : Math.min(Math.max(at, -1), length - 1)
  }
  const from = clamp(slice.lower, step > 0 ? 0 : length - 1)
  const to = clamp(slice.upper, step > 0 ? length : -1)
  const found: number[] = []
  for (let at = from; step > 0 ? at < to : at > to; at += step) found.push(at)
  vm.step(found.length)
  vm.allocate(found.length * 8)
  return found
}

export function setIndex(vm: Interpreter, given: Value, key: Value, value: Value, node: Span): void {
  const target = vm.resolve(given)
  if (target instanceof HostObject) {
    if (!target.setIndex(key, value, vm, node)) {
      vm.host.onUnknownCall?.(
        vm.unknown(`${target.label}[…] = …`, node, [target]),
        [target, key, value],
        new Map(),
        vm.site(node),
      )
    }
  } else if (target instanceof Dict) {
    vm.branches.touch(target)
    if (key instanceof Sym) target.items.push(new Tuple([key, value]))
    else setEntry(vm, target, key, value)
  } else if (target instanceof List) setListItem(vm, target, key, value, node)
  else if (target instanceof Instance) {
    const method = findInClass(target.cls, '__setitem__')
    if (method) callValue(vm, new BoundMethod(target, method), [key, value], new Map(), node)
    else if (target.native !== undefined) setIndex(vm, target.native, key, value, node)
  } else if (target === null || typeof target !== 'object' || target instanceof Tuple || target instanceof PySet) {
    vm.raise('TypeError', `'${typeName(target)}' object does not support item assignment`)
  }
}

function setListItem(vm: Interpreter, list: List, key: Value, value: Value, node: Span): void {
  vm.branches.touch(list)
  if (typeof key === 'bigint' && !list.taint && list.tails.length === 0) {
    const at = key < 0n ? Number(key) + list.items.length : Number(key)
    if (at < 0 || at >= list.items.length) vm.raise('IndexError', 'list assignment index out of range')
    list.items[at] = value
    return
  }
  if (key instanceof Slice && key.step === null && !list.taint) {
    const items = drawGuarded(vm, value, node)
    const at = positions(vm, list.items.length, new Slice(key.lower, null, null))[0] ?? list.items.length
    const count = positions(vm, list.items.length, key).length
    if (Array.isArray(items)) {
      list.items = [...list.items.slice(0, at), ...items, ...list.items.slice(at + count)]
      return
    }
  }
  list.taint ??= vm.unknown('a list that is changed at an unknown place', node)
}

export function deleteIndex(vm: Interpreter, given: Value, key: Value, node: Span): void {
  const target = vm.resolve(given)
  if (target instanceof Dict) {
    vm.branches.touch(target)
    const hashed = keyOf(vm, key)
    if (hashed === undefined || target.taint || target.tails.length > 0)
      target.taint ??= vm.unknown('a dict without a key that is not known', node)
    else if (!target.map.delete(hashed)) vm.raise('KeyError', String(key))
  } else if (target instanceof List) {
    vm.branches.touch(target)
    const at = typeof key === 'bigint' ? Number(key < 0n ? key + BigInt(target.items.length) : key) : -1
    if (key instanceof Slice) {
      const gone = new Set(positions(vm, target.items.length, key))
      target.items = target.items.filter((_, index) => !gone.has(index))
    } else if (typeof key !== 'bigint') target.taint ??= vm.unknown('a list without an item that is not known', node)
    else if (at < 0 || at >= target.items.length) vm.raise('IndexError', 'list assignment index out of range')
    else target.items.splice(at, 1)
  }
}
