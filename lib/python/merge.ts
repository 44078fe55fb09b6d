import { Bytes } from './bytes.ts'
import { and, atoms, not, or, type Predicate, size } from './predicates.ts'
import { Either, type Entry, Fact, Guarded, type Key, type Saved, Tuple, type Unknown, type Value } from './values.ts'

const maxEither = 24

type Lost = (predicate: Predicate) => Unknown

/** One value out of two: the first where the predicate holds. */
export function mergeValues(predicate: Predicate, a: Value, b: Value, lost: Lost): Value {
  if (predicate.op === 'const') return predicate.value ? a : b
  if (same(a, b)) return a
  const found = atoms(predicate)
  if (found.some((atom) => atom.type === 'unknown')) return lost(predicate)
  if (found.some((atom) => atom.type === 'sym')) return new Either(predicate, a, b)
  const [pa, pb] = [asPredicate(a), asPredicate(b)]
  if (pa && pb) return new Fact(or([and([predicate, pa]), and([not(predicate), pb])]))
  if (weight(a) + weight(b) + size(predicate) > maxEither) return lost(predicate)
  return new Either(predicate, a, b)
}

function asPredicate(value: Value): Predicate | undefined {
  if (typeof value === 'boolean') return { op: 'const', value }
  return value instanceof Fact ? value.predicate : undefined
}

function weight(value: Value): number {
  if (value instanceof Either) return size(value.predicate) + weight(value.yes) + weight(value.no)
  return value instanceof Fact ? size(value.predicate) : 1
}

/** The same for sure, without asking Python code. */
export function same(a: Value, b: Value): boolean {
  if (a === b) return true
  if (a instanceof Tuple && b instanceof Tuple) {
    return a.items.length === b.items.length && a.items.every((item, at) => same(item, b.items[at]!))
  }
  if (a instanceof Bytes && b instanceof Bytes) return a.data === b.data
  return a instanceof Fact && b instanceof Fact && JSON.stringify(keyed(a)) === JSON.stringify(keyed(b))
}

function keyed(fact: Fact): unknown {
  const visit = (p: Predicate): unknown =>
    p.op === 'const' ? p.value : p.op === 'is' ? [p.atom.key, p.holds] : [p.op, ...p.of.map(visit)]
  return visit(fact.predicate)
}

export function mergeSaved(predicate: Predicate, a: Saved, b: Saved, lost: Lost): Saved {
  if (predicate.op === 'const') return predicate.value ? a : b
  const unknown = atoms(predicate).some((atom) => atom.type === 'unknown')
  const items = mergeItems(predicate, a.items, b.items)
  const taint = a.taint ?? b.taint
  const listLost =
    items === undefined || (unknown && a.items.length + b.items.length > 0 && !sameItems(a.items, b.items))
  const tailsLost = a.tails !== b.tails
  return {
    items: listLost ? b.items : items,
    map: mergeMaps(predicate, a.map, b.map, lost),
    taint: taint ?? (listLost || tailsLost ? lost(predicate) : undefined),
    tails: b.tails,
  }
}

function sameItems(a: readonly Value[], b: readonly Value[]): boolean {
  return a.length === b.length && a.every((item, at) => same(item, b[at]!))
}

/** What both begin with stays; what one of them has after that is there under its condition. */
function mergeItems(predicate: Predicate, a: readonly Value[], b: readonly Value[]): Value[] | undefined {
  let common = 0
  while (common < a.length && common < b.length && same(a[common]!, b[common]!)) common++
  const guard = (p: Predicate) => (value: Value) => guarded(p, value)
  if (a.length - common + (b.length - common) > 200 || size(predicate) > largest) return undefined
  return [
    ...a.slice(0, common),
    ...a.slice(common).map(guard(predicate)),
    ...b.slice(common).map(guard(not(predicate))),
  ]
}

function guarded(predicate: Predicate, value: Value): Guarded {
  if (value instanceof Guarded) return new Guarded(and([predicate, value.predicate]), value.value)
  return new Guarded(predicate, value)
}

function mergeMaps(
  predicate: Predicate,
  a: ReadonlyMap<Key, Entry>,
  b: ReadonlyMap<Key, Entry>,
  lost: Lost,
): ReadonlyMap<Key, Entry> {
  const merged = new Map(b)
  for (const [key, entry] of a) {
    const other = b.get(key)
    if (other === entry) continue
    const value = other ? mergeEntry(predicate, entry.value, other.value, lost) : absentIn(predicate, entry.value)
    merged.set(key, { key: entry.key, value })
  }
  for (const [key, entry] of b) {
    if (!a.has(key)) merged.set(key, { key: entry.key, value: absentIn(not(predicate), entry.value) })
  }
  return merged
}

function absentIn(predicate: Predicate, value: Value): Value {
  return guarded(predicate, value)
}

function mergeEntry(predicate: Predicate, a: Value, b: Value, lost: Lost): Value {
  if (a instanceof Guarded || b instanceof Guarded) {
    const [pa, pb] = [a instanceof Guarded ? a.predicate : undefined, b instanceof Guarded ? b.predicate : undefined]
    const present = or([and([predicate, pa ?? yes]), and([not(predicate), pb ?? yes])])
    const [va, vb] = [a instanceof Guarded ? a.value : a, b instanceof Guarded ? b.value : b]
    const value = mergeValues(pa && !pb ? and([predicate, pa]) : predicate, va, vb, lost)
    if (present.op === 'const') return value
    return size(present) > largest ? lost(present) : new Guarded(present, value)
  }
  return mergeValues(predicate, a, b, lost)
}

const yes: Predicate = { op: 'const', value: true }

/** Whether something is there that depends on more conditions than this is not kept: in a loop they would double with each turn. */
const largest = 24
