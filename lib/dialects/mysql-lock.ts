/** What `failsUnless` fails with: a scalar subquery with two rows. */
export const lost = '1242'

/** A statement that fails where a condition does not hold. */
export function failsUnless(condition: string): string {
  return `SELECT CASE WHEN ${condition} THEN 1 ELSE (SELECT 1 UNION SELECT 2) END`
}
