import type { Span } from './ast.ts'
import { findInClass, typeName } from './attributes.ts'
import { Bytes } from './bytes.ts'
import { callValue } from './calls.ts'
import { HostObject } from './host.ts'
import type { Interpreter } from './interpreter.ts'
import { isKnown, iterate } from './iterate.ts'
import { keyOf } from './keys.ts'
import { compare, plain } from './operators.ts'
import { literal } from './predicates.ts'
import { existsIn, symKey, symPredicate } from './symbolic.ts'
import { allOf, anyOf, decided } from './truth.ts'
import {
  BoundMethod,
  Dict,
  Guarded,
  Instance,
  List,
  PySet,
  Range,
  Sym,
  SymSeq,
  type Truth,
  Tuple,
  Unknown,
  type Value,
} from './values.ts'

/** `item in container` */
export function contains(vm: Interpreter, container: Value, item: Value, node: Span): Truth {
  const value = plain(vm.resolve(container))
  if (value instanceof Unknown) return value
  if (value instanceof HostObject) {
    const answer = value.binary('contains', item, true, vm, node)
    if (answer !== undefined) return vm.truth(answer, node)
  }
  if (value instanceof Sym) return symPredicate({ op: 'binary', operator: 'in', left: item, right: value })
  if (value instanceof SymSeq) return inTail(vm, value, value.projection, item, node)
  if (typeof value === 'string') return inText(vm, value, item, node)
  if (value instanceof Bytes && item instanceof Bytes) return value.data.includes(item.data)
  if (value instanceof Dict || value instanceof PySet) return inMap(vm, value, item, node)
  if (value instanceof Range && typeof item === 'bigint') return inRange(value, item)
  if (value instanceof Instance) {
    const method = findInClass(value.cls, '__contains__')
    if (method) return vm.truth(callValue(vm, new BoundMethod(value, method), [item], new Map(), node), node)
  }
  return inItems(vm, value, item, node)
}

function inText(vm: Interpreter, text: string, item: Value, node: Span): Truth {
  const part = plain(item)
  if (typeof part === 'string') return text.includes(part)
  if (part instanceof Unknown) return part
  if (part instanceof Sym) {
    const expr = { op: 'binary', operator: 'in', left: part, right: text } as const
    return literal({ type: 'sym', key: symKey(expr), expr })
  }
  if (part instanceof HostObject) return vm.unknown(`whether a text contains ${part.label}`, node)
  return vm.raise('TypeError', `'in <string>' requires string as left operand, not ${typeName(item)}`)
}

function inRange({ start, stop, step }: Range, item: bigint): boolean {
  const inside = step > 0n ? item >= start && item < stop : item <= start && item > stop
  return inside && (item - start) % step === 0n
}

function inMap(vm: Interpreter, map: Dict | PySet, item: Value, node: Span): Truth {
  const key = item instanceof Sym ? undefined : keyOf(vm, item)
  const found = key === undefined ? undefined : map.map.get(key)
  if (found && !(found.value instanceof Guarded)) return true
  const here: Truth = found?.value instanceof Guarded ? decided(vm.branches.settle(found.value.predicate)) : false
  if (here === true) return true
  if (map.taint) return map.taint
  if (map.items.length > 0) return vm.unknown('rows of the database', node)
  if (key === undefined) {
    if (!(item instanceof Sym)) return item instanceof Unknown ? item : vm.unknown('a key that is not known', node)
    return anyOf([...map.map.values()].map((entry) => vm.truth(compare(vm, '==', item, entry.key, node), node)))
  }
  const tails = map.tails.map((tail) => {
    const projection =
      map instanceof Dict && tail.projection instanceof Tuple ? tail.projection.items[0]! : tail.projection
    return inTail(vm, tail, projection, item, node)
  })
  return anyOf([here, ...tails])
}

function inTail(vm: Interpreter, tail: SymSeq, projection: Value, item: Value, node: Span): Truth {
  const truth = vm.truth(compare(vm, '==', projection, item, node), node)
  if (truth instanceof Unknown || truth === false) return truth
  return existsIn(vm, truth === true ? tail : tail.where(truth), node)
}

function inItems(vm: Interpreter, value: Value, item: Value, node: Span): Truth {
  if (value instanceof List && value.taint) return value.taint
  const items = value instanceof List || value instanceof Tuple ? value.items : iterate(vm, value, node)
  if (!Array.isArray(items) && !isKnown(items))
    return items instanceof SymSeq ? inTail(vm, items, items.projection, item, node) : items
  const truths: Truth[] = []
  for (const held of items as Iterable<Value>) {
    vm.step()
    const inner = held instanceof Guarded ? held.value : held
    const equal = vm.truth(compare(vm, '==', inner, item, node), node)
    const there = held instanceof Guarded ? decided(vm.branches.settle(held.predicate)) : true
    const truth = there === true ? equal : allOf([there, equal])
    if (truth === true) return true
    if (truth !== false) truths.push(truth)
  }
  if (value instanceof List) for (const tail of value.tails) truths.push(inTail(vm, tail, tail.projection, item, node))
  return anyOf(truths)
}
