import type * as ast from './ast.ts'
import { assignTarget, execBlock } from './exec.ts'
import type { Interpreter } from './interpreter.ts'
import { once } from './loops.ts'
import { mergeValues } from './merge.ts'
import { type Alternative, type Completion, done } from './outcome.ts'
import { and, atoms, type Predicate } from './predicates.ts'
import { dependsOnElement, existsIn } from './symbolic.ts'
import {
  Either,
  type Entry,
  Guarded,
  type Key,
  type Mutable,
  type Saved,
  Sym,
  SymSeq,
  Tuple,
  Unknown,
  type Value,
} from './values.ts'

/**
 * `for row in rows: if row[1] == name: return True`: the body runs once with a symbolic element. Where it leaves the loop
 * under a condition on the element, the loop is left exactly where such an element exists.
 */
export function execForSymbolic(vm: Interpreter, node: ast.For, seq: SymSeq): Completion {
  const unknown = vm.unknown('rows of the database', node)
  const base = vm.branches.path.length
  const alternatives = vm.symbolicBody(unknown, () =>
    vm.branches.separate(() =>
      once(vm, () => {
        assignTarget(vm, node.target, seq.projection)
        return execBlock(vm, node.body)
      }),
    ),
  )
  const leaves = (alternative: Alternative): boolean => !['normal', 'continue'].includes(alternative.completion.type)
  const stops = alternatives.filter(leaves)
  const through = alternatives.find((alternative) => !leaves(alternative))
  const completion = vm.branches.boundary(
    () => goOn(vm, { node, seq, base, stops, through, unknown }, 0),
    (ended) => ended.type === 'break',
  )
  return completion.type === 'break' ? done : completion
}

interface Loop {
  readonly node: ast.For
  readonly seq: SymSeq
  readonly base: number
  readonly stops: readonly Alternative[]
  readonly through: Alternative | undefined
  readonly unknown: Unknown
}

function goOn(vm: Interpreter, loop: Loop, at: number): Completion {
  const stop = loop.stops[at]
  if (!stop) return passThrough(vm, loop)
  const found = loop.seq.where(and(stop.path.slice(loop.base)))
  const leave = (): Completion => {
    vm.branches.apply(new Map([...stop.state].map(([m, saved]) => [m, atFirst(m, saved, found, loop)])))
    const { completion } = stop
    if (completion.type === 'raise') throw completion.error
    return completion.type === 'return' ? { type: 'return', value: firstOf(completion.value, found, loop) } : completion
  }
  return vm.branchOn(existsIn(vm, found, loop.node), loop.node, leave, () => goOn(vm, loop, at + 1))
}

/** The element that ended the loop is the first one found. */
function atFirst(m: Mutable, saved: Saved, found: SymSeq, loop: Loop): Saved {
  const before = m.save()
  const map = new Map<Key, Entry>()
  for (const [key, entry] of saved.map) map.set(key, { key: entry.key, value: firstOf(entry.value, found, loop) })
  const grown = saved.items.length !== before.items.length || saved.items.some((item, at) => item !== before.items[at])
  return { ...saved, map, taint: saved.taint ?? (grown ? loop.unknown : undefined) }
}

function firstOf(value: Value, found: SymSeq, loop: Loop): Value {
  if (value instanceof Sym && dependsOnElement(value))
    return new Sym({ op: 'first', seq: found.map(value), fallback: null })
  return involved(value) ? loop.unknown : value
}

function involved(value: Value): boolean {
  if (value instanceof Either) return symbolic(value.predicate) || involved(value.yes) || involved(value.no)
  if (value instanceof Guarded) return symbolic(value.predicate) || involved(value.value)
  if (value instanceof SymSeq) return false
  return (
    dependsOnElement(value) ||
    ('fact' === (value as { kind?: string } | null)?.kind && symbolic((value as { predicate: Predicate }).predicate))
  )
}

function symbolic(predicate: Predicate): boolean {
  return atoms(predicate).some((atom) => atom.type === 'sym')
}

function passThrough(vm: Interpreter, loop: Loop): Completion {
  if (loop.through) {
    vm.branches.apply(new Map([...loop.through.state].map(([m, saved]) => [m, afterAll(vm, m, saved, loop)])))
  }
  return execBlock(vm, loop.node.orelse)
}

/** What is left of the changes after all elements: each may have happened for any of them. */
function afterAll(vm: Interpreter, m: Mutable, saved: Saved, loop: Loop): Saved {
  const before = m.save()
  const map = new Map<Key, Entry>()
  for (const [key, entry] of saved.map) {
    const old = before.map.get(key)
    map.set(key, old === entry ? entry : { key: entry.key, value: ever(vm, entry.value, old?.value, loop) })
  }
  const kept = before.items.every((item, at) => item === saved.items[at])
  const added = saved.items.slice(before.items.length)
  const tails = added.map((item) => tailOf(item, loop.seq))
  if (!kept || tails.includes(undefined))
    return { ...saved, map, items: before.items, taint: saved.taint ?? loop.unknown }
  return { map, items: before.items, taint: saved.taint, tails: [...before.tails, ...(tails as SymSeq[])] }
}

function ever(vm: Interpreter, value: Value, before: Value | undefined, loop: Loop): Value {
  if (
    value instanceof Either &&
    symbolic(value.predicate) &&
    before !== undefined &&
    !involved(value.yes) &&
    !involved(value.no)
  ) {
    const [changed, other, predicate] =
      value.no === before ? [value.yes, value.no, value.predicate] : [value.no, value.yes, undefined]
    if (predicate && other === before) return where(vm, loop.seq.where(predicate), changed, before, loop)
    return loop.unknown
  }
  if (value instanceof Guarded && symbolic(value.predicate) && !involved(value.value)) {
    const truth = existsIn(vm, loop.seq.where(value.predicate), loop.node)
    if (truth === true) return value.value
    return truth === false || truth instanceof Unknown ? loop.unknown : new Guarded(truth, value.value)
  }
  if (involved(value) || before === undefined) return loop.unknown
  return where(vm, loop.seq, value, before, loop)
}

function where(vm: Interpreter, seq: SymSeq, changed: Value, before: Value, loop: Loop): Value {
  const truth = existsIn(vm, seq, loop.node)
  if (typeof truth === 'boolean') return truth ? changed : before
  return truth instanceof Unknown ? truth : mergeValues(truth, changed, before, () => loop.unknown)
}

/** An element that was added to a list, set or dict: with it, all of its kind were. */
function tailOf(item: Value, seq: SymSeq): SymSeq | undefined {
  if (item instanceof Guarded)
    return symbolic(item.predicate) ? tailOf(item.value, seq.where(item.predicate)) : undefined
  const plain = item instanceof Sym || (item instanceof Tuple && item.items.some((inner) => inner instanceof Sym))
  return plain ? seq.map(item) : undefined
}
