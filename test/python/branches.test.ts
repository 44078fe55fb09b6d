import assert from 'node:assert'
import fc from 'fast-check'
import t from 'tap'
import { Branches } from '../../lib/python/branches.ts'
import { done } from '../../lib/python/outcome.ts'
import { always, and, knownIn, literal, never, or, type Predicate, simplifyWith } from '../../lib/python/predicates.ts'

const atom = fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.boolean()).map(([key, holds]) => fact(key, holds))
const { predicate } = fc.letrec<{ predicate: Predicate }>((tie) => ({
  predicate: fc.oneof(
    { depthSize: 'small' },
    atom,
    fc.constantFrom(always, never),
    fc.array(tie('predicate'), { minLength: 1, maxLength: 3 }).map(and),
    fc.array(tie('predicate'), { minLength: 1, maxLength: 3 }).map(or),
  ),
}))

function fact(key: string, holds: boolean): Predicate {
  return literal({ type: 'fact', key, fact: key }, holds)
}

/** What a path settles, worked out from all of it. */
function settledBy(path: readonly Predicate[]): Map<string, boolean> {
  let known = new Map<string, boolean>()
  for (let grown = true; grown; ) {
    const next = knownIn(and(path.map((p) => (p.op === 'is' ? p : simplifyWith(p, known)))))
    grown = next.size > known.size
    known = new Map([...known, ...next])
  }
  return known
}

const sorted = (known: ReadonlyMap<string, boolean>) => [...known].sort()

t.test('what a path settles is the same, whether it is worked out step by step or from all of it', async (t) => {
  let settled = 0
  fc.assert(
    fc.property(fc.array(fc.array(predicate, { maxLength: 3 }), { maxLength: 4 }), (paths) => {
      const branches = new Branches(
        () => t.fail('nothing is assigned') as never,
        () => always,
      )
      const check = () => {
        const known = branches.known()
        settled += known.size
        assert.deepStrictEqual(sorted(known), sorted(settledBy(branches.path)))
      }
      // one path after the other, so that each goes on from what the last one has left
      const walk = ([first, ...rest]: readonly Predicate[]): void => {
        check()
        if (!first) return
        branches.arm(first, () => {
          walk(rest)
          return done
        })
        check()
      }
      for (const path of paths) walk(path)
    }),
    { numRuns: 400 },
  )
  t.ok(settled > 0, 'something was settled at all')
})
