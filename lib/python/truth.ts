import type { Span } from './ast.ts'
import { findInClass } from './attributes.ts'
import { Bytes } from './bytes.ts'
import { callValue } from './calls.ts'
import { HostObject } from './host.ts'
import type { Interpreter } from './interpreter.ts'
import { and, literal, not, or, type Predicate } from './predicates.ts'
import { existsIn, isPart, symKey } from './symbolic.ts'
import {
  BoundMethod,
  Dict,
  Either,
  Fact,
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

export function truthOf(vm: Interpreter, given: Value, node: Span): Truth {
  const value = vm.resolve(given)
  if (value === null) return false
  if (typeof value === 'boolean') return value
  if (typeof value === 'bigint') return value !== 0n
  if (typeof value === 'number') return value !== 0
  if (typeof value === 'string') return value !== ''
  if (value instanceof Bytes) return value.data !== ''
  if (value instanceof Unknown) return value
  if (value instanceof Fact) return decided(vm.branches.settle(value.predicate))
  if (value instanceof Tuple) return value.items.length > 0
  if (value instanceof List) return containerTruth(vm, value, value.items, node)
  if (value instanceof Dict || value instanceof PySet) {
    return containerTruth(
      vm,
      value,
      [...value.map.values()].map((entry) => entry.value),
      node,
    )
  }
  if (value instanceof Range) return value.step > 0n ? value.start < value.stop : value.start > value.stop
  if (value instanceof Either) return either(value.predicate, vm.truth(value.yes, node), vm.truth(value.no, node))
  if (value instanceof Guarded) return vm.unknown('it is there only where a condition about the database holds', node)
  if (value instanceof Sym) return symTruth(vm, value, node)
  if (value instanceof SymSeq) return existsIn(vm, value, node)
  if (value instanceof HostObject) return hostTruth(vm, value, node)
  if (value instanceof Instance) return instanceTruth(vm, value, node)
  return true
}

export function decided(predicate: Predicate): boolean | Predicate {
  return predicate.op === 'const' ? predicate.value : predicate
}

function containerTruth(vm: Interpreter, container: List | Dict | PySet, items: readonly Value[], node: Span): Truth {
  const conditions: Predicate[] = []
  for (const item of items) {
    if (!(item instanceof Guarded)) return true
    conditions.push(item.predicate)
  }
  if (container.taint) return container.taint
  const tails = container.tails.map((tail) => existsIn(vm, tail, node))
  return anyOf([...conditions.map((p) => decided(vm.branches.settle(p))), ...tails])
}

/** True where any is. */
export function anyOf(truths: readonly Truth[]): Truth {
  if (truths.includes(true)) return true
  const unknown = truths.find((truth) => truth instanceof Unknown)
  if (unknown) return unknown
  return decided(or(truths.map(toPredicate)))
}

export function allOf(truths: readonly Truth[]): Truth {
  return negated(anyOf(truths.map(negated)))
}

export function negated(truth: Truth): Truth {
  if (typeof truth === 'boolean') return !truth
  return truth instanceof Unknown ? truth : not(truth)
}

function toPredicate(truth: Truth): Predicate {
  return typeof truth === 'boolean' ? { op: 'const', value: truth } : (truth as Predicate)
}

function either(predicate: Predicate, yes: Truth, no: Truth): Truth {
  if (yes instanceof Unknown) return yes
  if (no instanceof Unknown) return no
  return decided(or([and([predicate, toPredicate(yes)]), and([not(predicate), toPredicate(no)])]))
}

/** The Python value of a truth. */
export function truthValue(truth: Truth): Value {
  if (typeof truth === 'boolean' || truth instanceof Unknown) return truth
  return new Fact(truth)
}

function symTruth(vm: Interpreter, value: Sym, node: Span): Truth {
  const { expr } = value
  if (expr.op === 'where') return decided(vm.branches.settle(expr.predicate))
  if (expr.op === 'len') return existsIn(vm, expr.seq, node)
  if (expr.op === 'first') {
    const itself = isPart(expr.seq.projection) ? vm.truth(expr.seq.projection, node) : true
    if (itself instanceof Unknown) return itself
    const found = existsIn(vm, itself === true ? expr.seq : expr.seq.where(toPredicate(itself)), node)
    if (expr.fallback === null) return found
    const otherwise = vm.truth(expr.fallback, node)
    return anyOf([found, allOf([negated(found), otherwise])])
  }
  return literal({ type: 'sym', key: symKey(expr), expr })
}

function hostTruth(vm: Interpreter, value: HostObject, node: Span): Truth {
  const truth = value.truth(vm, node)
  if (truth === undefined) return vm.unknown(`whether ${value.label} is true`, node, [value])
  return truth instanceof Fact ? decided(vm.branches.settle(truth.predicate)) : truth
}

function instanceTruth(vm: Interpreter, value: Instance, node: Span): Truth {
  for (const name of ['__bool__', '__len__']) {
    const method = findInClass(value.cls, name)
    if (method) return vm.truth(callValue(vm, new BoundMethod(value, method), [], new Map(), node), node)
  }
  return value.native === undefined ? true : vm.truth(value.native, node)
}
