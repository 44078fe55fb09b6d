import { knownIn } from '../python/predicates.ts'
import { type Guard, type GuardFact, noGuard } from './guards.ts'
import type { Raised } from './script-host.ts'
import { checking, type Item, type SqlItem } from './script-recorder.ts'

/** A statement with its guard as it is written: what has to be so (`expect`), and when it runs. */
export interface Guarded extends Omit<SqlItem, 'guard' | 'expects'> {
  readonly expects: readonly GuardFact[]
  readonly when: readonly GuardFact[]
  readonly above: boolean
  /** What has to be so where it runs. */
  readonly where: readonly GuardFact[]
}

export type Planned = Guarded | Exclude<Item, SqlItem>

/**
 * Where a script raises an exception under one condition, what follows runs only where the condition does not hold. Such a
 * statement is not to be passed over in silence: it expects the condition, once.
 */
export function withExpectations(items: readonly Item[], raised: readonly Raised[]): readonly Planned[] {
  const expected = new Set(
    raised.flatMap(({ predicate }) =>
      (predicate.op === 'is' ? [...knownIn(predicate)] : []).map(([key, holds]) => `${!holds} ${key}`),
    ),
  )
  const partly = raised.flatMap(({ predicate }) =>
    predicate.op === 'and' && predicate.of.every(({ op }) => op === 'is') ? [knownIn(predicate)] : [],
  )
  const told = new Set<string>()
  /** What the `when` of the last guarded statement says: another one's `above` can stand for nothing else. */
  let standing = new Set<string>()
  return carried(items).map((item) => {
    if (item.kind !== 'sql') return item
    const { guard, expects: where, ...rest } = item
    const isExpected = ({ key, exists }: GuardFact) => expected.has(`${exists} ${key}`)
    const isExpectedHere = (fact: GuardFact) => !isExpected(fact) && partly.some((way) => isOnly(fact, way, guard.all))
    const expects = guard.facts.filter((fact) => isExpected(fact) && !told.has(fact.key))
    for (const { key } of expects) told.add(key)
    const here = guard.facts.filter(isExpectedHere)
    const when = guard.facts.filter((fact) => !isExpected(fact) && !here.includes(fact))
    const above = guard.above && guard.all.some((fact) => !guard.facts.includes(fact) && standing.has(fact.key))
    if (guard !== noGuard) standing = new Set([...when.map(({ key }) => key), ...(above ? standing : [])])
    return { ...rest, expects, when, above, where: [...here, ...where] }
  })
}

/** What is expected before a statement that runs under the same conditions is expected by that statement. */
function carried(items: readonly Item[]): readonly Item[] {
  const made: Item[] = []
  for (const item of items) {
    const last = made.at(-1)
    if (item.kind === 'sql' && last?.kind === 'sql' && isCheck(last) && haveSameGuard(last, item)) {
      const new_ = item.expects.filter(({ key }) => !last.expects.some((one) => one.key === key))
      made[made.length - 1] = { ...item, expects: [...last.expects, ...new_] }
    } else made.push(item)
  }
  return made
}

function isCheck({ statements, effects }: SqlItem): boolean {
  return effects === 0 && statements.length === 1 && statements[0] === checking
}

function haveSameGuard({ guard: a }: SqlItem, { guard: b }: SqlItem): boolean {
  const text = ({ facts }: Guard) => facts.map(({ key, exists }) => `${exists} ${key}`).join(' ')
  return !a.above && !b.above && text(a) === text(b)
}

/** Whether the script raised where this fact does not hold and all that it looked at before does: it is expected there. */
function isOnly({ key, exists }: GuardFact, way: ReadonlyMap<string, boolean>, all: readonly GuardFact[]): boolean {
  if (way.get(key) !== !exists) return false
  return [...way].every(([other, holds]) => other === key || all.some((f) => f.key === other && f.exists === holds))
}
