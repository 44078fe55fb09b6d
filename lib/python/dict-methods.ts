import type { Span } from './ast.ts'
import { mergeDict, setEntry } from './eval.ts'
import { deleteIndex, findEntry } from './indexing.ts'
import type { Interpreter } from './interpreter.ts'
import { drawGuarded } from './iterate.ts'
import { keyOf } from './keys.ts'
import type { Method, Methods } from './methods.ts'
import { Dict, type Entry, Guarded, type Kwargs, List, PySet, SymSeq, Tuple, Unknown, type Value } from './values.ts'

function changing(run: Method<Dict>): Method<Dict> {
  return (vm, self, args, kwargs, node) => {
    vm.branches.touch(self)
    return run(vm, self, args, kwargs, node)
  }
}

/** A list of what `pick` makes of each entry; entries that are there only sometimes stay so. */
function listed(self: Dict, pick: (entry: Entry) => Value, tail: (projection: Value) => Value): List {
  const list = new List()
  for (const entry of self.map.values()) {
    const { value } = entry
    if (value instanceof Guarded)
      list.items.push(new Guarded(value.predicate, pick({ key: entry.key, value: value.value })))
    else list.items.push(pick(entry))
  }
  list.taint = self.taint
  list.tails = self.tails.map((seq) => seq.map(tail(seq.projection)))
  return list
}

function part(at: number): (projection: Value) => Value {
  return (projection) => (projection instanceof Tuple ? (projection.items[at] ?? null) : projection)
}

/** The keys are a set, for `-`, `&` and `in`. */
const keys: Method<Dict> = (_vm, self) => {
  const set = new PySet()
  for (const [key, entry] of self.map) {
    const { value } = entry
    set.map.set(key, {
      key: entry.key,
      value: value instanceof Guarded ? new Guarded(value.predicate, entry.key) : entry.key,
    })
  }
  set.taint = self.taint
  set.tails = self.tails.map((seq) => seq.map(part(0)(seq.projection)))
  return set
}

const get: Method<Dict> = (vm, self, args, kwargs, node) => {
  const fallback = args[1] ?? kwargs.get('default') ?? null
  const entry = self.map.get(keyOf(vm, args[0] ?? null) ?? '?')
  // Where it is there only under a condition, the condition chooses.
  if (entry?.value instanceof Guarded && !self.taint) {
    const { predicate, value } = entry.value
    const done = (made: Value) => () => ({ type: 'normal', value: made }) as const
    const chosen = vm.branches.branch(predicate, done(value), done(fallback))
    return chosen.type === 'normal' ? chosen.value : null
  }
  return findEntry(vm, self, args[0] ?? null, node, fallback) ?? fallback
}

const pop: Method<Dict> = (vm, self, args, _kwargs, node) => {
  const found = findEntry(vm, self, args[0] ?? null, node)
  if (found === undefined) return args.length > 1 ? args[1]! : vm.raiseKey(args[0] ?? null)
  deleteIndex(vm, self, args[0] ?? null, node)
  return found
}

const setdefault: Method<Dict> = (vm, self, args, _kwargs, node) => {
  const found = findEntry(vm, self, args[0] ?? null, node)
  if (found !== undefined) return found
  setEntry(vm, self, args[0] ?? null, args[1] ?? null)
  return args[1] ?? null
}

/** `dict(…)` and `update(…)`: a mapping or pairs, then keywords. */
export function fillDict(vm: Interpreter, dict: Dict, given: Value | undefined, kwargs: Kwargs, node: Span): void {
  const value = given === undefined ? undefined : vm.resolve(given)
  if (value instanceof Dict || value instanceof Unknown) mergeDict(vm, dict, value)
  else if (value !== undefined && value !== null) {
    const pairs = drawGuarded(vm, value, node)
    if (pairs instanceof Unknown) dict.taint ??= pairs
    else if (pairs instanceof SymSeq) dict.tails = [...dict.tails, pairs]
    else for (const pair of pairs) addPair(vm, dict, pair, node)
  }
  for (const [name, held] of kwargs) setEntry(vm, dict, name, held)
}

function addPair(vm: Interpreter, dict: Dict, pair: Value, node: Span): void {
  const items = pair instanceof Guarded ? undefined : drawGuarded(vm, pair, node)
  if (Array.isArray(items) && items.length === 2) setEntry(vm, dict, items[0]!, items[1]!)
  else if (Array.isArray(items)) vm.raise('ValueError', 'dictionary update sequence element has the wrong length')
  else dict.taint ??= vm.unknown('a dict whose entries are not known', node)
}

const popitem: Method<Dict> = (vm, self) => {
  const last = [...self.map].at(-1)
  if (self.taint) return self.taint
  if (!last) return vm.raise('KeyError', 'popitem(): dictionary is empty')
  self.map.delete(last[0])
  return new Tuple([last[1].key, last[1].value])
}

const mostCommon: Method<Dict> = (_vm, self, args) => {
  const entries = [...self.map.values()].sort((a, b) => Number(b.value) - Number(a.value))
  const limit = typeof args[0] === 'bigint' ? Number(args[0]) : entries.length
  return new List(entries.slice(0, limit).map(({ key, value }) => new Tuple([key, value])))
}

export const dictMethods: Methods<Dict> = {
  keys,
  values: (_vm, self) => listed(self, (entry) => entry.value, part(1)),
  items: (_vm, self) =>
    listed(
      self,
      (entry) => new Tuple([entry.key, entry.value]),
      (projection) => projection,
    ),
  get,
  pop: changing(pop),
  setdefault: changing(setdefault),
  update: changing((vm, self, args, kwargs, node) => {
    fillDict(vm, self, args[0], kwargs, node)
    return null
  }),
  clear: changing((_vm, self) => {
    self.load({ items: [], map: new Map(), taint: undefined, tails: [] })
    return null
  }),
  copy: (_vm, self) => {
    const dict = new Dict()
    dict.load(self.save())
    dict.factory = self.factory
    return dict
  },
  popitem: changing(popitem),
  most_common: mostCommon,
}
