/** PostgreSQL manual, 13.3.1, "Table-Level Locks": the modes with which each mode conflicts, but for the strongest, with which all do. */
const conflicts: Readonly<Record<string, readonly string[]>> = {
  RowShareLock: ['ExclusiveLock'],
  RowExclusiveLock: ['ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock'],
  ShareUpdateExclusiveLock: ['ShareUpdateExclusiveLock', 'ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock'],
  ShareLock: ['RowExclusiveLock', 'ShareUpdateExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock'],
  ShareRowExclusiveLock: [
    'RowExclusiveLock',
    'ShareUpdateExclusiveLock',
    'ShareLock',
    'ShareRowExclusiveLock',
    'ExclusiveLock',
  ],
  ExclusiveLock: [
    'RowShareLock',
    'RowExclusiveLock',
    'ShareUpdateExclusiveLock',
    'ShareLock',
    'ShareRowExclusiveLock',
    'ExclusiveLock',
  ],
}

const inTheWay = Object.entries(conflicts).map(
  ([mode, others]) => `WHEN '${mode}' THEN '${others.join(',')},AccessExclusiveLock'`,
)

/** The SELECT for those who hold what a session waits for; of a row, who changes it. */
const holders = `(SELECT CASE l.locktype
    WHEN 'relation' THEN format('SELECT concat(pid, '' '', virtualtransaction) AS holder FROM pg_catalog.pg_locks
WHERE locktype = ''relation'' AND granted AND database = %s AND relation = %s AND pid <> %s%s', l.database, l.relation, l.pid,
      ' AND mode = ANY (string_to_array(' || quote_literal(CASE l.mode ${inTheWay.join(' ')} END) || ', '',''))')
    WHEN 'transactionid' THEN format('SELECT concat(pid, '' '', virtualtransaction) AS holder FROM pg_catalog.pg_locks
WHERE locktype = ''transactionid'' AND granted AND transactionid = %L AND pid <> %s', l.transactionid, l.pid) END
  FROM pg_catalog.pg_locks l WHERE l.pid = w.pid AND NOT l.granted LIMIT 1)`

/**
 * Whom the runner waits for. The runner is found by its advisory lock, whose holder is the session at work, also behind a
 * pooler. `pg_blocking_pids` halts the lock manager for a moment (PostgreSQL manual, "Session Information Functions"): it
 * is asked only while the session waits.
 */
export function blockersOf(lockKey: number): string {
  return `SELECT DISTINCT coalesce('pid ' || a.pid, 'a prepared transaction') AS id, a.usename AS who, a.application_name AS program,
  extract(epoch from clock_timestamp() - a.xact_start) AS open_s, a.state,
  extract(epoch from clock_timestamp() - CASE WHEN a.state = 'active' THEN a.query_start ELSE a.state_change END) AS state_s,
  a.query AS sql_text, true AS certain, ${holders} AS holders
FROM pg_catalog.pg_stat_activity w
CROSS JOIN LATERAL unnest(pg_catalog.pg_blocking_pids(w.pid)) AS b(pid)
LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = b.pid
WHERE w.wait_event_type = 'Lock' AND (a.pid IS NOT NULL OR b.pid = 0) AND w.pid IN (
  SELECT l.pid FROM pg_catalog.pg_locks l
  WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
    AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
    AND (l.classid::bigint << 32) + l.objid::bigint = ${lockKey})
ORDER BY open_s DESC NULLS LAST LIMIT 4`
}
