import type { Span } from './ast.ts'
import { contains } from './containing.ts'
import type { Interpreter } from './interpreter.ts'
import { and } from './predicates.ts'
import { decided, negated } from './truth.ts'
import { Guarded, PySet, type Truth, Unknown, type Value } from './values.ts'

/** `a - b`, `a & b`, `a | b`, `a ^ b`: what is known of a stays, under the condition that b settles for each. */
export function setOperation(vm: Interpreter, op: string, a: PySet, b: PySet, node: Span): Value | undefined {
  if (op === '|') return union(a, b)
  if (op === '-') return picked(vm, a, (item) => negated(contains(vm, b, item, node)), node)
  if (op === '&') {
    const [known, other] = a.tails.length > 0 || a.taint ? [b, a] : [a, b]
    return picked(vm, known, (item) => contains(vm, other, item, node), node)
  }
  if (op !== '^') return undefined
  const [left, right] = [setOperation(vm, '-', a, b, node), setOperation(vm, '-', b, a, node)]
  return left instanceof PySet && right instanceof PySet ? union(left, right) : left
}

function union(a: PySet, b: PySet): PySet {
  const set = new PySet(a.frozen)
  set.map = new Map([...b.map, ...a.map])
  for (const [key, entry] of b.map) if (!(entry.value instanceof Guarded)) set.map.set(key, entry)
  set.items = [...a.items, ...b.items]
  set.taint = a.taint ?? b.taint
  set.tails = [...a.tails, ...b.tails]
  return set
}

function picked(vm: Interpreter, from: PySet, keep: (item: Value) => Truth, node: Span): Value {
  const set = new PySet(from.frozen)
  if (from.taint) return from.taint
  if (from.tails.length > 0 || from.items.length > 0) {
    set.taint = vm.unknown('rows of the database', node)
    return set
  }
  for (const [key, entry] of from.map) {
    vm.step()
    const truth = keep(entry.key)
    if (truth === false) continue
    if (truth instanceof Unknown) return truth
    const there = entry.value instanceof Guarded ? entry.value.predicate : undefined
    const both = truth === true ? there : there ? and([there, truth]) : truth
    const settled = both === undefined ? true : decided(both)
    if (settled === true) set.map.set(key, { key: entry.key, value: entry.key })
    else if (settled !== false) set.map.set(key, { key: entry.key, value: new Guarded(settled, entry.key) })
  }
  return set
}
