import type { Test } from 'tap'

/** Numbers at random in [0, 1) that a seed brings back (mulberry32). */
export type Random = () => number

/** The seed is `SQLMIG_TEST_SEED`, or `usual`, or a new one; it is printed, so that a failure can be seen again. */
export function seeded(t: Pick<Test, 'comment'>, usual = Math.floor(Math.random() * 2 ** 31)): Random {
  const seed = Number(process.env.SQLMIG_TEST_SEED) || usual
  t.comment(`SQLMIG_TEST_SEED=${seed}`)
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
