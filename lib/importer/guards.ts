import type { Predicate } from '../python/predicates.ts'
import { type DbFact, factText } from './facts.ts'
import type { AskedFact, Knowledge } from './knowledge.ts'

/** One condition of a guard. `key` is the question at its moment. */
export interface GuardFact {
  readonly key: string
  readonly fact: DbFact
  readonly exists: boolean
}

/** When a statement runs: where these facts hold and, with `above`, where the guarded statement before it ran. */
export interface Guard {
  readonly facts: readonly GuardFact[]
  readonly above: boolean
  /** All of the conditions, also those that `above` stands for. */
  readonly all: readonly GuardFact[]
}

export const noGuard: Guard = { facts: [], above: false, all: [] }

/**
 * The guard for a statement that runs under a predicate, or the reason why none can say it.
 * @param previous the guard of the last guarded statement before
 */
export function guardFor(predicate: Predicate, knowledge: Knowledge, previous: Guard | undefined): Guard | string {
  if (predicate.op === 'const') return noGuard
  const literals = predicate.op === 'and' ? predicate.of : [predicate]
  const all: GuardFact[] = []
  const stale: GuardFact[] = []
  for (const one of literals) {
    if (one.op !== 'is' || one.atom.type !== 'fact')
      return 'it runs where one of several conditions about the database holds, which no guard can say'
    const asked = one.atom.fact as AskedFact
    const fact = { key: one.atom.key, fact: asked.fact, exists: one.holds }
    all.push(fact)
    if (!knowledge.isCurrent(asked)) stale.push(fact)
  }
  if (stale.length === 0) return { facts: all, above: false, all }
  const covered = new Set(previous?.all.map(conditionKey))
  const within = (previous?.all ?? []).every((one) => all.some((a) => conditionKey(a) === conditionKey(one)))
  if (previous && within && stale.every((one) => covered.has(conditionKey(one))))
    return { facts: all.filter((one) => !covered.has(conditionKey(one))), above: true, all }
  const texts = stale.map(conditionText)
  return `it runs where this was so before: ${texts.join(' and ')}; statements in between have changed that`
}

function conditionKey({ key, exists }: GuardFact): string {
  return `${exists} ${key}`
}

/** One condition as the directives `when` and `expect` write it. */
export function conditionText({ fact, exists }: GuardFact): string {
  return `${factText(fact)} ${exists ? 'exists' : 'absent'}`
}
