import type * as ast from './ast.ts'
import { findAttribute } from './attributes.ts'
import { evaluate } from './eval.ts'
import { execBlock } from './exec.ts'
import type { Interpreter } from './interpreter.ts'
import { keyOf } from './keys.ts'
import { assignName } from './names.ts'
import { compare } from './operators.ts'
import { type Completion, done } from './outcome.ts'
import { allOf, anyOf } from './truth.ts'
import { isInstance } from './types.ts'
import { Dict, Guarded, List, PyClass, type Truth, Tuple, Unknown, type Value } from './values.ts'

export function execMatch(vm: Interpreter, node: ast.Match): Completion {
  return tryCase(vm, node, vm.resolve(evaluate(vm, node.subject)), 0)
}

function tryCase(vm: Interpreter, node: ast.Match, subject: Value, at: number): Completion {
  const found = node.cases[at]
  if (!found) return done
  vm.step()
  const matched = matches(vm, found.pattern, subject)
  const next = (): Completion => tryCase(vm, node, subject, at + 1)
  return vm.branchOn(
    matched,
    node,
    () => {
      const truth = found.guard ? vm.truth(evaluate(vm, found.guard), found.guard) : true
      return vm.branchOn(truth, node, () => execBlock(vm, found.body), next)
    },
    next,
  )
}

function matches(vm: Interpreter, pattern: ast.Pattern, subject: Value): Truth {
  switch (pattern.kind) {
    case 'MatchAs': {
      const inner = pattern.pattern ? matches(vm, pattern.pattern, subject) : true
      if (inner !== false && pattern.name !== undefined) assignName(vm, pattern.name, subject)
      return inner
    }
    case 'MatchValue':
      return vm.truth(compare(vm, '==', subject, evaluate(vm, pattern.value), pattern), pattern)
    case 'MatchSingleton':
      return vm.truth(compare(vm, 'is', subject, pattern.value, pattern), pattern)
    case 'MatchOr':
      return anyOf(pattern.patterns.map((inner) => matches(vm, inner, subject)))
    case 'MatchSequence':
      return matchesSequence(vm, pattern, subject)
    case 'MatchMapping':
      return matchesMapping(vm, pattern, subject)
    case 'MatchClass':
      return matchesClass(vm, pattern, subject)
    case 'MatchStar':
      if (pattern.name !== undefined) assignName(vm, pattern.name, subject)
      return true
  }
}

function unsure(vm: Interpreter, subject: Value, node: ast.Span): Unknown | undefined {
  if (subject instanceof Unknown) return subject
  const plain = subject === null || typeof subject !== 'object' || subject instanceof List || subject instanceof Tuple
  if (plain && !(subject instanceof List && (subject.taint || subject.tails.length > 0))) return undefined
  return subject instanceof Dict && !subject.taint ? undefined : vm.unknown('a pattern over something unknown', node)
}

function matchesSequence(vm: Interpreter, pattern: ast.MatchSequence, subject: Value): Truth {
  if (!(subject instanceof List || subject instanceof Tuple)) return unsure(vm, subject, pattern) ?? false
  const { items } = subject
  const star = pattern.patterns.findIndex((inner) => inner.kind === 'MatchStar')
  const doubt = unsure(vm, subject, pattern) ?? items.find((item) => item instanceof Guarded)
  if (doubt) return doubt instanceof Unknown ? doubt : vm.unknown('a list that depends on the database', pattern)
  const count = pattern.patterns.length
  if (star < 0 ? items.length !== count : items.length < count - 1) return false
  return allOf(
    pattern.patterns.map((inner, at) => {
      if (at === star) return matches(vm, inner, new List(items.slice(star, items.length - (count - 1 - star))))
      return matches(vm, inner, items[star >= 0 && at > star ? items.length - count + at : at]!)
    }),
  )
}

function matchesMapping(vm: Interpreter, pattern: ast.MatchMapping, subject: Value): Truth {
  if (!(subject instanceof Dict) || subject.taint) return unsure(vm, subject, pattern) ?? false
  const rest = new Dict()
  rest.map = new Map(subject.map)
  const truths = pattern.keys.map((keyNode, at): Truth => {
    const key = keyOf(vm, evaluate(vm, keyNode))
    const entry = key === undefined ? undefined : subject.map.get(key)
    if (!entry || key === undefined) return false
    rest.map.delete(key)
    return matches(vm, pattern.patterns[at]!, vm.resolve(entry.value))
  })
  if (pattern.rest !== undefined) assignName(vm, pattern.rest, rest)
  return allOf(truths)
}

function matchesClass(vm: Interpreter, pattern: ast.MatchClass, subject: Value): Truth {
  const cls = vm.resolve(evaluate(vm, pattern.cls))
  const of = isInstance(vm, subject, cls, pattern)
  if (of !== true) return of
  const named = pattern.kwdAttrs.map((name, at): Truth => {
    const value = findAttribute(vm, subject, name, pattern)
    return value === undefined ? false : matches(vm, pattern.kwdPatterns[at]!, value)
  })
  return allOf([...positional(vm, pattern, cls, subject), ...named])
}

function positional(vm: Interpreter, pattern: ast.MatchClass, cls: Value, subject: Value): Truth[] {
  const fields = cls instanceof PyClass ? cls.fields : undefined
  return pattern.patterns.map((inner, at): Truth => {
    const name = fields?.[at]?.name
    if (name !== undefined) return matches(vm, inner, vm.attribute(subject, name, inner))
    return at === 0 && pattern.patterns.length === 1
      ? matches(vm, inner, subject)
      : vm.unknown('a class pattern', inner)
  })
}
