import type { Predicate } from '../python/predicates.ts'
import type { AskedFact } from './knowledge.ts'

/** What a condition comes to where the history itself made what it asks about; undefined where that does not tell. */
export function comesTo(
  predicate: Predicate,
  answer: (asked: AskedFact, key: string) => boolean | undefined,
): boolean | undefined {
  if (predicate.op === 'const') return predicate.value
  if (predicate.op === 'is') {
    if (predicate.atom.type !== 'fact') return undefined
    const holds = answer(predicate.atom.fact as AskedFact, predicate.atom.key)
    return holds === undefined ? undefined : holds === predicate.holds
  }
  const settling = predicate.op === 'or'
  const parts = predicate.of.map((part) => comesTo(part, answer))
  if (parts.includes(settling)) return settling
  return parts.includes(undefined) ? undefined : !settling
}

/** The questions of a condition that asks for nothing but that things are not there yet; undefined for any other. */
export function absences(predicate: Predicate): readonly string[] | undefined {
  const literals = predicate.op === 'and' ? predicate.of : [predicate]
  const keys = literals.map((one) => {
    if (one.op !== 'is' || one.atom.type !== 'fact' || one.holds) return undefined
    return (one.atom.fact as AskedFact).fact.kind === 'rows' ? undefined : one.atom.key
  })
  return keys.includes(undefined) ? undefined : (keys as string[])
}
