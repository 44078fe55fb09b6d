import type { Span } from './ast.ts'
import { contains } from './containing.ts'
import { addToSet } from './eval.ts'
import type { Interpreter } from './interpreter.ts'
import { drawGuarded } from './iterate.ts'
import { keyOf } from './keys.ts'
import type { Method, Methods } from './methods.ts'
import { ordering } from './operators.ts'
import { setOperation } from './sets.ts'
import { negated, truthValue } from './truth.ts'
import { PySet, Sym, SymSeq, Tuple, Unknown, type Value } from './values.ts'

function changing(run: Method<PySet>): Method<PySet> {
  return (vm, self, args, kwargs, node) => {
    vm.branches.touch(self)
    return run(vm, self, args, kwargs, node)
  }
}

/** `set(…)`: also of what is only known symbolically. */
export function toSet(vm: Interpreter, value: Value, node: Span, frozen = false): PySet {
  if (value instanceof PySet && value.frozen === frozen && frozen) return value
  const set = new PySet(frozen)
  const items = drawGuarded(vm, value, node)
  if (items instanceof Unknown) set.taint = items
  else if (items instanceof SymSeq) set.tails = [items]
  else for (const item of items) addToSet(vm, set, item)
  return set
}

function operation(op: string): Method<PySet> {
  return (vm, self, args, _kwargs, node) => {
    const start = new PySet(self.frozen)
    start.load(self.save())
    return args.reduce<Value>((made, arg) => {
      return made instanceof PySet ? (setOperation(vm, op, made, toSet(vm, arg, node), node) ?? made) : made
    }, start)
  }
}

function updating(op: string): Method<PySet> {
  return changing((vm, self, args, kwargs, node) => {
    const made = operation(op)(vm, self, args, kwargs, node)
    if (made instanceof PySet) self.load(made.save())
    else if (made instanceof Unknown) self.taint ??= made
    return null
  })
}

const discard =
  (strict: boolean): Method<PySet> =>
  (vm, self, args, _kwargs, node) => {
    const truth = contains(vm, self, args[0] ?? null, node)
    if (truth === false && strict) vm.raiseKey(args[0] ?? null)
    const key = keyOf(vm, args[0] ?? null)
    if (key !== undefined) self.map.delete(key)
    if (typeof truth !== 'boolean') self.taint ??= vm.unknown('a set without a member that may be in it', node)
    return null
  }

const add: Method<PySet> = (vm, self, args) => {
  const value = args[0] ?? null
  const symbolic = value instanceof Sym || (value instanceof Tuple && value.items.some((item) => item instanceof Sym))
  vm.allocate(32)
  if (symbolic) self.items.push(value)
  else addToSet(vm, self, value)
  return null
}

export const setMethods: Methods<PySet> = {
  add: changing(add),
  discard: changing(discard(false)),
  remove: changing(discard(true)),
  update: updating('|'),
  difference_update: updating('-'),
  intersection_update: updating('&'),
  symmetric_difference_update: updating('^'),
  union: operation('|'),
  difference: operation('-'),
  intersection: operation('&'),
  symmetric_difference: operation('^'),
  issubset: (vm, self, args, _kwargs, node) =>
    ordering(vm, self, toSet(vm, args[0] ?? null, node), '<=', node) as Value,
  issuperset: (vm, self, args, _kwargs, node) =>
    ordering(vm, self, toSet(vm, args[0] ?? null, node), '>=', node) as Value,
  isdisjoint: (vm, self, args, _kwargs, node) => {
    const shared = setOperation(vm, '&', self, toSet(vm, args[0] ?? null, node), node)
    return truthValue(negated(vm.truth(shared ?? null, node)))
  },
  copy: (_vm, self) => {
    const set = new PySet(self.frozen)
    set.load(self.save())
    return set
  },
  clear: changing((_vm, self) => {
    self.load({ items: [], map: new Map(), taint: undefined, tails: [] })
    return null
  }),
  pop: changing((vm, self, _args, _kwargs, node) => {
    if (self.map.size === 1 && !self.taint && self.tails.length === 0) {
      const [[key, entry] = ['', undefined]] = [...self.map]
      self.map.delete(key)
      return entry?.value ?? null
    }
    if (self.map.size === 0 && !self.taint && self.tails.length === 0)
      return vm.raise('KeyError', 'pop from an empty set')
    return (self.taint ??= vm.unknown('some member of a set', node))
  }),
}
