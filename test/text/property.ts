/** Settings of a property test: the seed is printed on failure by fast-check, and SQLMIG_TEST_SEED gives one. */
export function propertySettings(runs: number): { numRuns: number; seed?: number } {
  const seed = process.env.SQLMIG_TEST_SEED
  return seed === undefined ? { numRuns: runs } : { numRuns: runs, seed: Number(seed) }
}
