/** What `failsUnless` fails with: a scalar subquery with two rows. */
export const lost = '1242'

/** A statement that fails where a condition does not hold. */
export function failsUnless(condition: string): string {
  return `SELECT CASE WHEN ${condition} THEN 1 ELSE (SELECT 1 UNION SELECT 2) END`
}

/** Lock names are server-wide and at most 64 characters long (MySQL manual, "Locking Functions"). */
export const lockName = "CONCAT('sqlmig.', LEFT(SHA2(COALESCE(DATABASE(), ''), 256), 40))"

/** Galera: GET_LOCK locks on one node. MariaDB and MySQL keep their variables in different places. */
export const cluster = `(0 /*M!100100 + (SELECT COUNT(*) FROM information_schema.SESSION_VARIABLES WHERE VARIABLE_NAME = 'WSREP_ON' AND VARIABLE_VALUE = 'ON') */
  /*!80000 + (SELECT COUNT(*) FROM performance_schema.session_variables WHERE VARIABLE_NAME = 'wsrep_on' AND VARIABLE_VALUE = 'ON') */)`
