import fc from 'fast-check'
import type { Test } from 'tap'

/** Asserts that a property holds; fast-check prints the seed of a failure, and SQLMIG_TEST_SEED gives one. */
export function holds<T>(t: Test, property: fc.IProperty<T>, runs: number): void {
  const seed = process.env.SQLMIG_TEST_SEED
  const settings = seed === undefined ? { numRuns: runs } : { numRuns: runs, seed: Number(seed) }
  t.doesNotThrow(() => fc.assert(property, settings))
}
