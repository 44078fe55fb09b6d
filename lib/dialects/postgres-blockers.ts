/**
 * Whom the runner waits for. The runner is found by its advisory lock, whose holder is the session at work, also behind a
 * pooler. `pg_blocking_pids` halts the lock manager for a moment (PostgreSQL manual, "Session Information Functions"): it
 * is asked only while the session waits.
 */
export function blockersOf(lockKey: number): string {
  return `SELECT DISTINCT coalesce('pid ' || a.pid, 'a prepared transaction') AS id, a.usename AS who, a.application_name AS program,
  extract(epoch from clock_timestamp() - a.xact_start) AS open_s, a.state,
  extract(epoch from clock_timestamp() - CASE WHEN a.state = 'active' THEN a.query_start ELSE a.state_change END) AS state_s,
  a.query AS sql_text, true AS certain
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
