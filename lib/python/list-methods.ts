import type { Span } from './ast.ts'
import { typeName } from './attributes.ts'
import { callValue } from './calls.ts'
import { firmItems } from './indexing.ts'
import type { Interpreter } from './interpreter.ts'
import { drawGuarded } from './iterate.ts'
import type { Method, Methods } from './methods.ts'
import { compare, ordering, plain } from './operators.ts'
import { Dict, Guarded, type Kwargs, List, SymSeq, Tuple, Unknown, type Value } from './values.ts'

/** A method that changes the list. */
function changing(run: Method<List>): Method<List> {
  return (vm, self, args, kwargs, node) => {
    vm.branches.touch(self)
    return run(vm, self, args, kwargs, node)
  }
}

function extend(vm: Interpreter, self: List, value: Value, node: Span): void {
  const items = drawGuarded(vm, value, node)
  if (items instanceof Unknown) self.taint ??= items
  else if (items instanceof SymSeq) self.tails = [...self.tails, items]
  else for (const item of items) self.items.push(item)
}

function position(vm: Interpreter, self: List | Tuple, item: Value, node: Span): number | Unknown {
  const items = self instanceof List ? firmList(vm, self, node) : self.items
  if (items instanceof Unknown) return items
  for (const [at, held] of items.entries()) {
    const equal = vm.truth(compare(vm, '==', held, item, node), node)
    if (equal === true) return at
    if (equal !== false) return vm.unknown('a place in a list that is not known', node)
  }
  return -1
}

function firmList(vm: Interpreter, list: List, node: Span): readonly Value[] | Unknown {
  if (list.taint) return list.taint
  if (list.tails.length > 0) return vm.unknown('rows of the database', node)
  return firmItems(vm, list) ?? vm.unknown('a list that depends on the state of the database', node)
}

const remove: Method<List> = (vm, self, args, _kwargs, node) => {
  const at = position(vm, self, args[0] ?? null, node)
  if (at instanceof Unknown) self.taint ??= at
  else if (at < 0) vm.raise('ValueError', 'list.remove(x): x not in list')
  else self.items.splice(at, 1)
  return null
}

const pop: Method<List> = (vm, self, args, _kwargs, node) => {
  const items = firmList(vm, self, node)
  if (items instanceof Unknown || (args[0] !== undefined && typeof args[0] !== 'bigint')) {
    self.taint ??= items instanceof Unknown ? items : vm.unknown('a list without an item that is not known', node)
    return self.taint
  }
  const given = Number(args[0] ?? -1)
  const at = given < 0 ? given + items.length : given
  if (at < 0 || at >= items.length)
    return vm.raise('IndexError', items.length === 0 ? 'pop from empty list' : 'pop index out of range')
  self.items = [...items]
  return self.items.splice(at, 1)[0]!
}

const index: Method<List | Tuple> = (vm, self, args, _kwargs, node) => {
  const at = position(vm, self, args[0] ?? null, node)
  if (at instanceof Unknown) return at
  return at < 0 ? vm.raise('ValueError', `${vm.shown(args[0] ?? null)} is not in ${typeName(self)}`) : BigInt(at)
}

const count: Method<List | Tuple> = (vm, self, args, _kwargs, node) => {
  const items = self instanceof List ? firmList(vm, self, node) : self.items
  if (items instanceof Unknown) return items
  let found = 0n
  for (const item of items) {
    const equal = vm.truth(compare(vm, '==', item, args[0] ?? null, node), node)
    if (typeof equal !== 'boolean') return vm.unknown('how often it is in a list', node)
    if (equal) found++
  }
  return found
}

/** The items in order, or why the order is not known. */
export function sorted(vm: Interpreter, items: readonly Value[], kwargs: Kwargs, node: Span): Value[] | Unknown {
  const key = kwargs.get('key') ?? null
  const keyed = items.map((item) => ({
    item,
    key: plain(key === null ? item : callValue(vm, key, [item], new Map(), node)),
  }))
  let unknown: Unknown | undefined
  const order = (a: Value, b: Value): number => {
    const found = ordering(vm, a, b, '<', node)
    if (typeof found === 'number') return found
    unknown ??= found instanceof Unknown ? found : vm.unknown('an order that is not known', node)
    return 0
  }
  const sign = vm.truth(kwargs.get('reverse') ?? false, node) === true ? -1 : 1
  keyed.sort((a, b) => sign * order(a.key, b.key))
  return unknown ?? keyed.map(({ item }) => item)
}

const sort: Method<List> = (vm, self, _args, kwargs, node) => {
  const items = firmList(vm, self, node)
  const made = items instanceof Unknown ? items : sorted(vm, items, kwargs, node)
  if (made instanceof Unknown) self.taint ??= made
  else self.items = made
  return null
}

export const listMethods: Methods<List> = {
  append: changing((vm, self, args) => {
    vm.allocate(16)
    self.items.push(args[0] ?? null)
    return null
  }),
  extend: changing((vm, self, args, _kwargs, node) => {
    extend(vm, self, args[0] ?? null, node)
    return null
  }),
  insert: changing((vm, self, args) => {
    const at = typeof args[0] === 'bigint' ? Number(args[0]) : undefined
    if (at === undefined || self.items.some((item) => item instanceof Guarded))
      self.taint ??= vm.unknown('a list that is changed at an unknown place')
    else self.items.splice(at, 0, args[1] ?? null)
    vm.step(Math.ceil(self.items.length / 64))
    return null
  }),
  remove: changing(remove),
  pop: changing(pop),
  popleft: changing((vm, self, _args, kwargs, node) => pop(vm, self, [0n], kwargs, node)),
  appendleft: changing((_vm, self, args) => {
    self.items.unshift(args[0] ?? null)
    return null
  }),
  clear: changing((_vm, self) => {
    self.items = []
    self.tails = []
    self.taint = undefined
    return null
  }),
  reverse: changing((_vm, self) => {
    self.items.reverse()
    return null
  }),
  sort: changing(sort),
  copy: (_vm, self) => {
    const list = new List()
    list.load(self.save())
    return list
  },
  index,
  count,
}

export const tupleMethods: Methods<Tuple> = {
  index: index as Method<Tuple>,
  count: count as Method<Tuple>,
  _asdict: (_vm, self) => {
    const dict = new Dict()
    self.cls?.fields?.forEach(({ name }, at) => {
      dict.map.set(`s${name}`, { key: name, value: self.items[at] ?? null })
    })
    return dict
  },
  _replace: (_vm, self, _args, kwargs) =>
    new Tuple(
      self.items.map((item, at) => kwargs.get(self.cls?.fields?.[at]?.name ?? '') ?? item),
      self.cls,
    ),
}
