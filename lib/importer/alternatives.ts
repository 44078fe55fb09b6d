import { atoms, knownIn, literal, type Predicate, simplifyWith } from '../python/predicates.ts'
import type { Operation } from '../schema/operation.ts'
import { type TableName, tableKey } from '../schema/table.ts'
import { factChanges } from './fact-changes.ts'
import type { AskedFact, Knowledge } from './knowledge.ts'

/** More of them than this nobody wants to read. */
const most = 4

/**
 * A condition as conjunctions of which never two hold: `A or B` is `A`, and `B where not A`. Undefined where they are too
 * many, or where something else than facts is in it.
 */
export function alternatives(predicate: Predicate, knowledge: Knowledge): readonly Predicate[] | undefined {
  if (atoms(predicate).some(({ type }) => type !== 'fact')) return undefined
  const found = [...leaves(predicate, knowledge)]
    .filter((one) => !isImpossible(one, knowledge))
    .map((one) => withoutImplied(one, knowledge))
  return found.length <= most ? found : undefined
}

function* leaves(
  predicate: Predicate,
  knowledge: Knowledge,
  before: readonly Predicate[] = [],
  depth = 0,
): Generator<Predicate> {
  if (predicate.op === 'const') {
    if (predicate.value) yield conjunction(before)
    return
  }
  // a conjunction stands as it is, and so does what all alternatives have in common
  const settled = predicate.op === 'or' ? [] : [...literalsOf(predicate)]
  const rest = simplifyWith(predicate, new Map(settled.flatMap((one) => [...knownIn(one)])))
  // what is still so can be asked now
  const open = atoms(rest)
  const atom = open.find((one) => one.type === 'fact' && knowledge.isCurrent(one.fact as AskedFact)) ?? open[0]
  if (!atom || depth > most * 2) {
    yield conjunction([...before, ...settled])
    return
  }
  for (const holds of [true, false]) {
    const chosen = [...before, ...settled, literal(atom, holds)]
    yield* leaves(simplifyWith(rest, new Map([[atom.key, holds]])), knowledge, chosen, depth + 1)
  }
}

function literalsOf(predicate: Predicate): readonly Predicate[] {
  if (predicate.op === 'is') return [predicate]
  return predicate.op === 'and' ? predicate.of.filter(({ op }) => op === 'is') : []
}

function conjunction(of: readonly Predicate[]): Predicate {
  return of.length === 1 ? of[0]! : { op: 'and', of }
}

/** `index i on t exists` where `table t absent`. */
function isImpossible(of: Predicate, knowledge: Knowledge): boolean {
  return pairs(of, knowledge).some(([part, table]) => part.holds && !table.holds)
}

/** Where the table is absent, so is all that would be in it. */
function withoutImplied(of: Predicate, knowledge: Knowledge): Predicate {
  if (of.op !== 'and') return of
  const implied = pairs(of, knowledge).flatMap(([part, table]) => (part.holds ? [table] : table.holds ? [] : [part]))
  return conjunction(of.of.filter((one) => !implied.some((other) => other === one)))
}

type Literal = Extract<Predicate, { readonly op: 'is' }>

/**
 * What is in a table, with the question about that table, where both were asked at once, or where all that happened in
 * between is that the table was made where it was absent.
 */
function pairs(of: Predicate, knowledge: Knowledge): readonly (readonly [part: Literal, table: Literal])[] {
  const literals = literalsOf(of).filter((one): one is Literal => one.op === 'is' && one.atom.type === 'fact')
  const asked = literals.map((one) => [one, one.atom.type === 'fact' && (one.atom.fact as AskedFact)] as const)
  return asked.flatMap(([part, a]) =>
    asked.flatMap(([table, b]) => {
      if (!a || !b || b.fact.kind !== 'table') return []
      if (a.moment !== b.moment && !(a.assumed === false && knowledge.madeAt(table.atom.key) === a.moment)) return []
      if (a.fact.kind === 'table' || a.fact.kind === 'rows') return []
      return tableKey(a.fact.table) === tableKey(b.fact.table) ? [[part, table] as const] : []
    }),
  )
}

/** Whether of several alternatives only one runs, although the operation of an earlier one has then changed the database. */
export function excludeEachOther(
  of: readonly Predicate[],
  operation: Operation,
  touched: readonly TableName[] | undefined,
  knowledge: Knowledge,
): boolean {
  const isSafe = (one: Literal) =>
    !one.atom.key.startsWith('rows ') && (adding.includes(operation.kind) || isElsewhere(one, touched))
  const known = of.map((one) => literalsOf(one))
  const changes = new Map(factChanges(operation).map(({ fact, becomes }) => [knowledge.questionKey(fact), becomes]))
  return known.every((later, at) =>
    known.slice(0, at).every((earlier) =>
      later.some((one) => {
        if (one.op !== 'is') return false
        const becomes = changes.get(one.atom.key)
        if (becomes !== undefined) return becomes !== one.holds
        return isSafe(one) && earlier.some((other) => other.op === 'is' && isOpposite(other, one))
      }),
    ),
  )
}

/** They take nothing away. */
const adding: readonly Operation['kind'][] = ['createTable', 'addColumn', 'createIndex', 'addConstraint']

function isOpposite(a: Literal, b: Literal): boolean {
  return a.atom.key === b.atom.key && a.holds !== b.holds
}

/** It asks for nothing that an operation on these tables changes besides what it is there for. */
function isElsewhere(one: Predicate, touched: readonly TableName[] | undefined): boolean {
  if (one.op !== 'is' || one.atom.type !== 'fact' || !touched) return false
  const { fact } = one.atom.fact as AskedFact
  return fact.kind !== 'rows' && !touched.some((table) => tableKey(table) === tableKey(fact.table))
}
