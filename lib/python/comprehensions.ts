import type { Comprehension, DictComp, ListComp } from './ast.ts'
import { addToSet, evaluate, normal, resultOf, setEntry } from './eval.ts'
import { assignTarget } from './exec.ts'
import type { Interpreter } from './interpreter.ts'
import { isKnown, iterate } from './iterate.ts'
import { and, type Predicate } from './predicates.ts'
import { decided } from './truth.ts'
import { Dict, Env, Guarded, Iter, List, PySet, SymSeq, type Truth, Tuple, Unknown, type Value } from './values.ts'

type Comp = ListComp | DictComp

/** One element: its value, and the conditions under which it is there. */
interface Made {
  readonly value: Value
  readonly when: Predicate
}

export function evaluateComprehension(vm: Interpreter, node: Comp): Value {
  const outer = vm.frame
  const first = iterate(vm, evaluate(vm, node.generators[0]!.iter), node)
  const env = new Env(outer.env, undefined)
  const inner = { ...outer, env }
  // A generator expression may be drawn from in another function than its own.
  const within = <T>(run: () => T): T => {
    const top = vm.frames.length - 1
    const saved = vm.frames[top]!
    vm.frames[top] = inner
    try {
      return run()
    } finally {
      vm.frames[top] = saved
    }
  }
  if (first instanceof SymSeq && node.generators.length === 1) return within(() => symbolic(vm, node, first))
  if (!isKnown(first)) return lostIn(vm, node, first instanceof SymSeq ? undefined : first, within)
  if (node.kind === 'GeneratorExp') return new Iter(lazily(vm, node, first, within))
  return within(() => collect(vm, node, walk(vm, node, 0, first, { op: 'const', value: true })))
}

/** The body is visited once, for the effects in it. */
function lostIn(vm: Interpreter, node: Comp, given: Unknown | undefined, within: <T>(run: () => T) => T): Value {
  const unknown = given ?? vm.unknown('rows of the database', node)
  within(() => {
    vm.visit(unknown, node, () => {
      assignTarget(vm, node.generators[0]!.target, unknown)
      evaluate(vm, node.kind === 'DictComp' ? node.value : node.elt)
      return { type: 'normal', value: null }
    })
  })
  return unknown
}

function element(vm: Interpreter, node: Comp): Value {
  if (node.kind !== 'DictComp') return evaluate(vm, node.elt)
  return new Tuple([evaluate(vm, node.key), evaluate(vm, node.value)])
}

function* walk(
  vm: Interpreter,
  node: Comp,
  at: number,
  items: Iterable<Value>,
  when: Predicate,
): IterableIterator<Made | Unknown> {
  const generator = node.generators[at]!
  for (const given of items) {
    vm.step()
    const item = vm.resolve(given)
    const value = item instanceof Guarded ? item.value : item
    const there = item instanceof Guarded ? decided(vm.branches.settle(item.predicate)) : true
    if (there === false) continue
    assignTarget(vm, generator.target, value)
    const truth = conditions(vm, generator, 0, there)
    if (truth === false) continue
    if (truth instanceof Unknown) {
      yield truth
      continue
    }
    const all = truth === true ? when : and([when, truth as Predicate])
    if (at === node.generators.length - 1) yield { value: element(vm, node), when: all }
    else {
      const next = iterate(vm, evaluate(vm, node.generators[at + 1]!.iter), node)
      if (isKnown(next)) yield* walk(vm, node, at + 1, next, all)
      else yield next instanceof SymSeq ? vm.unknown('rows of the database', node) : next
    }
  }
}

/** All conditions of one `for`; a later one is asked only where the earlier ones may hold. */
function conditions(vm: Interpreter, generator: Comprehension, at: number, before: Truth): Truth {
  const node = generator.ifs[at]
  if (!node || before === false || before instanceof Unknown) return before
  const truth = vm.truth(evaluate(vm, node), node)
  if (truth instanceof Unknown || truth === false) return truth
  const joined = before === true ? truth : truth === true ? before : and([before as Predicate, truth as Predicate])
  return conditions(vm, generator, at + 1, joined)
}

function collect(vm: Interpreter, node: Comp, made: Iterable<Made | Unknown>): Value {
  const list = new List()
  const set = new PySet()
  const dict = new Dict()
  for (const one of made) {
    if (one instanceof Unknown) {
      list.taint = set.taint = dict.taint = one
      continue
    }
    const value = one.when.op === 'const' ? one.value : new Guarded(one.when, one.value)
    vm.allocate(16)
    if (node.kind === 'SetComp') addToSet(vm, set, value)
    else if (node.kind !== 'DictComp') list.items.push(value)
    else {
      const [key, held] = (one.value as Tuple).items as [Value, Value]
      setEntry(vm, dict, key, one.when.op === 'const' ? held : new Guarded(one.when, held))
    }
  }
  return node.kind === 'SetComp' ? set : node.kind === 'DictComp' ? dict : list
}

/** A generator expression draws as it is asked; each draw runs in the comprehension's scope. */
function* lazily(
  vm: Interpreter,
  node: ListComp,
  first: Iterable<Value>,
  within: <T>(run: () => T) => T,
): IterableIterator<Value> {
  const made = walk(vm, node, 0, first, { op: 'const', value: true })
  for (;;) {
    const next = within(() => made.next())
    if (next.done) return
    const one = next.value
    if (one instanceof Unknown) yield one
    else yield one.when.op === 'const' ? one.value : new Guarded(one.when, one.value)
  }
}

function symbolic(vm: Interpreter, node: Comp, seq: SymSeq): Value {
  const generator = node.generators[0]!
  const unknown = vm.unknown('rows of the database', node)
  const made = vm.symbolicBody(unknown, (): SymSeq | Unknown | undefined => {
    assignTarget(vm, generator.target, seq.projection)
    const truth = conditions(vm, generator, 0, true)
    if (truth instanceof Unknown) return truth
    if (truth === false) return undefined
    const kept = truth === true ? seq : seq.where(truth as Predicate)
    return kept.map(resultOf(normal(() => element(vm, node))()))
  })
  if (made instanceof Unknown) return made
  return symbolicResult(node, made)
}

function symbolicResult(node: { readonly kind: string }, made: SymSeq | undefined): Value {
  if (node.kind === 'GeneratorExp') return made ?? new Tuple([])
  const container = node.kind === 'SetComp' ? new PySet() : node.kind === 'DictComp' ? new Dict() : new List()
  if (made) container.tails = [made]
  return container
}
