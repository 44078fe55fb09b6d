import type { SymExpr, Unknown } from './values.ts'

/**
 * What a predicate is made of. A `fact` is the embedder's: a condition about the live database; equal keys are the same
 * condition. An `unknown` is a condition that nothing can settle. A `sym` is a condition about the element of a symbolic
 * sequence, alive only inside its loop.
 */
export type Atom =
  | { readonly type: 'fact'; readonly key: string; readonly fact: unknown }
  | { readonly type: 'unknown'; readonly key: string; readonly unknown: Unknown }
  | { readonly type: 'sym'; readonly key: string; readonly expr: SymExpr }

/** A condition in negation normal form. */
export type Predicate =
  | { readonly op: 'const'; readonly value: boolean }
  | { readonly op: 'is'; readonly atom: Atom; readonly holds: boolean }
  | { readonly op: 'and' | 'or'; readonly of: readonly Predicate[] }

export const always: Predicate = { op: 'const', value: true }
export const never: Predicate = { op: 'const', value: false }

export function literal(atom: Atom, holds = true): Predicate {
  return { op: 'is', atom, holds }
}

export function not(p: Predicate): Predicate {
  if (p.op === 'const') return p.value ? never : always
  if (p.op === 'is') return { ...p, holds: !p.holds }
  const of = p.of.map(not)
  return p.op === 'and' ? or(of) : and(of)
}

export function and(of: readonly Predicate[]): Predicate {
  return combine('and', of, simplifyWith)
}

export function or(of: readonly Predicate[]): Predicate {
  return combine('or', of, simplifyWith)
}

/** Flattens, drops what is settled, and lets each literal settle its like in the other operands. */
function combine(op: 'and' | 'or', of: readonly Predicate[], simplify: typeof simplifyWith): Predicate {
  const settledBy = op === 'or'
  const literals = new Map<string, boolean>()
  const others: Predicate[] = []
  const flat = of.flatMap((p) => (p.op === op ? p.of : [p]))
  for (const p of flat) {
    if (p.op === 'const') {
      if (p.value === settledBy) return settledBy ? always : never
    } else if (p.op === 'is') {
      const seen = literals.get(p.atom.key)
      if (seen !== undefined && seen !== p.holds) return settledBy ? always : never
      if (seen === undefined) others.push(p)
      literals.set(p.atom.key, p.holds)
    } else others.push(p)
  }
  // In an `or`, what stands beside a literal matters only where the literal does not hold.
  const known = new Map([...literals].map(([key, holds]) => [key, op === 'and' ? holds : !holds]))
  const made: Predicate[] = []
  let changed = false
  for (const p of others) {
    const simple = p.op === 'is' ? p : simplify(p, known)
    if (simple.op === 'const' && simple.value === settledBy) return settledBy ? always : never
    if (simple.op === 'const') continue
    changed ||= simple !== p && simple.op !== (op === 'and' ? 'or' : 'and')
    made.push(simple)
  }
  if (changed) return combine(op, made, simplify)
  if (made.length === 0) return settledBy ? never : always
  return made.length === 1 ? made[0]! : { op, of: made }
}

/** The predicate where these literals are known to hold, or not. */
export function simplifyWith(p: Predicate, known: ReadonlyMap<string, boolean>): Predicate {
  if (p.op === 'const') return p
  if (p.op === 'is') {
    const holds = known.get(p.atom.key)
    return holds === undefined ? p : holds === p.holds ? always : never
  }
  if (known.size === 0) return p
  const of = p.of.map((inner) => simplifyWith(inner, known))
  if (of.every((inner, at) => inner === p.of[at])) return p
  return p.op === 'and' ? and(of) : or(of)
}

/** The literals that a conjunction settles. */
export function knownIn(p: Predicate): Map<string, boolean> {
  const known = new Map<string, boolean>()
  const visit = (inner: Predicate): void => {
    if (inner.op === 'is') known.set(inner.atom.key, inner.holds)
    if (inner.op === 'and') inner.of.forEach(visit)
  }
  visit(p)
  return known
}

export function atoms(p: Predicate, found: Atom[] = []): Atom[] {
  if (p.op === 'is') found.push(p.atom)
  else if (p.op !== 'const') for (const inner of p.of) atoms(inner, found)
  return found
}

export function size(p: Predicate): number {
  return p.op === 'const' ? 0 : p.op === 'is' ? 1 : p.of.reduce((sum, inner) => sum + size(inner), 0)
}

/** A stable text, for messages and for comparing. */
export function show(p: Predicate): string {
  if (p.op === 'const') return String(p.value)
  if (p.op === 'is') return `${p.holds ? '' : 'not '}${p.atom.key}`
  return `(${p.of.map(show).join(` ${p.op} `)})`
}
