import type { Span } from './ast.ts'
import type { Interpreter } from './interpreter.ts'
import { and, atoms, literal, type Predicate } from './predicates.ts'
import { decided } from './truth.ts'
import { Fact, Sym, type SymExpr, SymSeq, type Truth, Tuple, Unknown, type Value } from './values.ts'

/** Asks the host whether the sequence has an element that passes its filters. */
export function existsIn(vm: Interpreter, seq: SymSeq, node: Span): Truth {
  if (seq.filters.some((filter) => filter.op === 'const' && !filter.value)) return false
  const loose = seq.filters.flatMap((filter) => (filter.op === 'and' ? filter.of : [filter]))
  const own = loose.filter((filter) => mentions(filter, seq.id))
  const outer = loose.filter((filter) => !mentions(filter, seq.id))
  for (const filter of loose) {
    const doubt = atoms(filter).find((atom) => atom.type === 'unknown')
    if (doubt?.type === 'unknown') return doubt.unknown
  }
  if (own.some((filter) => mentionsOther(filter, seq.id))) return vm.unknown('a condition across several results', node)
  const asked = new SymSeq(seq.source, seq.place, { id: seq.id, filters: own, projection: seq.projection })
  const answer = vm.host.exists?.(asked, vm.site(node))
  if (answer === undefined) return vm.unknown('what the database contains', node)
  if (answer instanceof Unknown) return answer
  const found: Predicate = answer instanceof Fact ? answer.predicate : { op: 'const', value: answer }
  return decided(vm.branches.settle(and([...outer, found])))
}

/** The same of the first element: `first(rows)[0]` is the first of `row[0] for row in rows`. */
export function ofFirst(value: Sym, of: (first: Value) => Value): Value | undefined {
  const { expr } = value
  if (expr.op !== 'first' || expr.fallback !== null) return undefined
  const projection = of(expr.seq.projection)
  return projection instanceof Unknown ? projection : new Sym({ ...expr, seq: expr.seq.map(projection) })
}

/** Whether a value is a part of the element, which may be None or false where the element is there. */
export function isPart(value: Value): boolean {
  return value instanceof Sym && (fieldPath(value.expr)?.length ?? 1) > 0
}

/** A condition on one field of the elements, as hosts understand it. */
export interface Condition {
  /** `row[1]` is [1n], `column['name']` is ['name'], `column.name` is ['.name'], `row[1].lower()` is [1n, '.lower', '()'], the element itself is []. */
  readonly path: readonly (bigint | string)[]
  readonly operator: string
  readonly value: Value
  readonly holds: boolean
}

/** The filters of a sequence as conditions on fields; undefined where one of them is more than that. */
export function conditionsOf(seq: SymSeq): readonly Condition[] | undefined {
  const found: Condition[] = []
  for (const filter of seq.filters.flatMap((p) => (p.op === 'and' ? p.of : [p]))) {
    const condition =
      filter.op === 'is' && filter.atom.type === 'sym' ? conditionIn(filter.atom.expr, filter.holds) : undefined
    if (!condition) return undefined
    found.push(condition)
  }
  return found
}

function conditionIn(expr: SymExpr, holds: boolean): Condition | undefined {
  if (expr.op !== 'binary') {
    const path = fieldPath(expr)
    return path && { path, operator: 'truth', value: true, holds }
  }
  const [left, right] = [expr.left, expr.right]
  const leftPath = left instanceof Sym ? fieldPath(left.expr) : undefined
  if (leftPath)
    return right instanceof Sym ? undefined : { path: leftPath, operator: expr.operator, value: right, holds }
  const rightPath = right instanceof Sym ? fieldPath(right.expr) : undefined
  const flipped = { '==': '==', '!=': '!=', '<': '>', '>': '<', '<=': '>=', '>=': '<=', in: 'contains' }[expr.operator]
  return rightPath && flipped ? { path: rightPath, operator: flipped, value: left, holds } : undefined
}

/** Which field of the element an expression is, where it is nothing more. */
export function fieldPath(expr: SymExpr): readonly (bigint | string)[] | undefined {
  if (expr.op === 'element') return []
  if (expr.op === 'attr') {
    const of = fieldPath(expr.of)
    return of && [...of, `.${expr.name}`]
  }
  if (expr.op === 'call') {
    const of = expr.args.length === 0 ? fieldPath(expr.of) : undefined
    return of && [...of, '()']
  }
  if (expr.op !== 'item' || (typeof expr.key !== 'bigint' && typeof expr.key !== 'string')) return undefined
  const of = fieldPath(expr.of)
  return of && [...of, expr.key]
}

/** The same expressions have the same key. */
export function symKey(expr: SymExpr): string {
  switch (expr.op) {
    case 'element':
      return `#${expr.id}`
    case 'item':
      return `${symKey(expr.of)}[${valueKey(expr.key)}]`
    case 'attr':
      return `${symKey(expr.of)}.${expr.name}`
    case 'call':
      return `${symKey(expr.of)}(${expr.args.map(valueKey).join(',')})`
    case 'binary':
      return `(${valueKey(expr.left)}${expr.operator}${valueKey(expr.right)})`
    case 'where':
      return `(${JSON.stringify(expr.predicate, (_, inner) => (typeof inner === 'bigint' ? String(inner) : inner))})`
    case 'first':
      return `first(${seqKey(expr.seq)},${valueKey(expr.fallback)})`
    case 'len':
      return `len(${seqKey(expr.seq)})`
  }
}

function seqKey(seq: SymSeq): string {
  const filters = seq.filters.flatMap((filter) => atoms(filter).map((atom) => atom.key))
  return `#${seq.id}{${filters.join(';')}}`
}

const identities = new WeakMap<object, number>()
let identity = 0

function valueKey(value: Value): string {
  if (value instanceof Sym) return symKey(value.expr)
  if (value instanceof Tuple) return `(${value.items.map(valueKey).join(',')})`
  if (value === null || typeof value !== 'object')
    return typeof value === 'bigint' ? `${value}n` : JSON.stringify(value)
  const known = identities.get(value) ?? ++identity
  identities.set(value, known)
  return `@${known}`
}

function elementsIn(value: unknown, found: Set<number>, depth = 0): void {
  if (depth > 20 || value === null || typeof value !== 'object') return
  if (value instanceof Sym) {
    elementsIn(value.expr, found, depth + 1)
    return
  }
  if (value instanceof Tuple) {
    value.items.forEach((item) => void elementsIn(item, found, depth + 1))
    return
  }
  const expr = value as { op?: string; id?: number; of?: unknown; left?: unknown; right?: unknown; args?: unknown[] }
  if (expr.op === 'element') found.add(expr.id!)
  for (const inner of [expr.of, expr.left, expr.right, ...(expr.args ?? [])]) elementsIn(inner, found, depth + 1)
}

function idsOf(p: Predicate): Set<number> {
  const found = new Set<number>()
  for (const atom of atoms(p)) if (atom.type === 'sym') elementsIn(atom.expr, found)
  return found
}

function mentions(p: Predicate, id: number): boolean {
  return idsOf(p).has(id) || atoms(p).some((atom) => atom.type === 'sym' && idsOf(p).size === 0)
}

function mentionsOther(p: Predicate, id: number): boolean {
  return [...idsOf(p)].some((other) => other !== id)
}

export function dependsOnElement(value: Value): boolean {
  const found = new Set<number>()
  elementsIn(value, found)
  return found.size > 0
}

export function symPredicate(expr: SymExpr): Predicate {
  return literal({ type: 'sym', key: symKey(expr), expr })
}
