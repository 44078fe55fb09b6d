/**
 * Whom the runner waits for; its connection is the one that holds the runner's lock. Servers differ in what they can be
 * asked, and users in what they may ask: the first query that is understood and gives rows tells.
 * @param waiter an expression for the id of the runner's connection
 */
export function blockersOf(waiter: string): readonly string[] {
  const asked = [metadataLocks, rowLocks, mariadbRowLocks, mariadbMetadataLocks, suspects]
  return asked.map((query) => `${query(waiter)} ORDER BY open_s DESC LIMIT 4`)
}

/** When the runner's wait began, to the second. */
const began = (waiter: string): string =>
  `NOW() - INTERVAL (SELECT MAX(o.TIME) FROM information_schema.PROCESSLIST o WHERE o.ID = ${waiter}) SECOND`

/** A SELECT of the SELECT that lists those in the way, each under a name that lasts as long as its transaction. */
const noHolders = 'NULL AS holders'
const metadataHolders = `CONCAT('SELECT CONCAT(h.OWNER_THREAD_ID, '':'', COALESCE(x.EVENT_ID, 0)) AS holder
FROM performance_schema.metadata_locks h
LEFT JOIN performance_schema.events_transactions_current x ON x.THREAD_ID = h.OWNER_THREAD_ID
WHERE h.LOCK_STATUS = ''GRANTED'' AND h.LOCK_TYPE <> ''INTENTION_EXCLUSIVE'' AND h.OWNER_THREAD_ID <> ', w.OWNER_THREAD_ID,
  ' AND h.OBJECT_TYPE = ', QUOTE(w.OBJECT_TYPE), ' AND h.OBJECT_SCHEMA = ', QUOTE(w.OBJECT_SCHEMA),
  ' AND h.OBJECT_NAME = ', QUOTE(w.OBJECT_NAME)) AS holders`
const tableHolders = (
  waiter: string,
): string => `CONCAT('SELECT CONCAT(h.THREAD_ID, '':'', COALESCE(x.trx_started, '''')) AS holder
FROM information_schema.METADATA_LOCK_INFO h LEFT JOIN information_schema.INNODB_TRX x ON x.trx_mysql_thread_id = h.THREAD_ID
WHERE h.THREAD_ID <> ', ${waiter}, ' AND h.TABLE_SCHEMA = ', QUOTE(m.TABLE_SCHEMA), ' AND h.TABLE_NAME = ', QUOTE(m.TABLE_NAME)) AS holders`
/** Whose transaction in this database is older than the wait, where nobody tells what it has locked. */
const elderHolders = (
  waiter: string,
): string => `CONCAT('SELECT CONCAT(x.trx_mysql_thread_id, '':'', x.trx_started) AS holder
FROM information_schema.INNODB_TRX x JOIN information_schema.PROCESSLIST p ON p.ID = x.trx_mysql_thread_id
WHERE p.ID <> ', ${waiter}, ' AND p.DB = ', QUOTE(DATABASE()), ' AND x.trx_started <= ', QUOTE(${began(waiter)})) AS holders`

const columns = (id: string, user: string, open: string, command: string): string =>
  `SELECT DISTINCT CONCAT('connection ', ${id}) AS id, ${user} AS who, NULL AS program, ${open} AS open_s,
  IF(${command} = 'Sleep', 'idle', 'active') AS state,`

/** The older lists of sessions and transactions fail on MySQL while any session's statement holds an emoji. */
const threads = (
  holders: string,
): string => `${columns('t.PROCESSLIST_ID', 't.PROCESSLIST_USER', 'x.TIMER_WAIT / 1e12', 't.PROCESSLIST_COMMAND')}
  t.PROCESSLIST_TIME AS state_s, t.PROCESSLIST_INFO AS sql_text, 1 AS certain, ${holders}
FROM performance_schema.threads t
LEFT JOIN performance_schema.events_transactions_current x ON x.THREAD_ID = t.THREAD_ID AND x.STATE = 'ACTIVE'`

const sinceStart = 'TIMESTAMPDIFF(SECOND, x.trx_started, NOW())'

const processes = (certain: 0 | 1, holders: string): string => `${columns('p.ID', 'p.USER', sinceStart, 'p.COMMAND')}
  p.TIME AS state_s, p.INFO AS sql_text, ${certain} AS certain, ${holders}
FROM information_schema.PROCESSLIST p
LEFT JOIN information_schema.INNODB_TRX x ON x.trx_mysql_thread_id = p.ID`

const threadOf = (waiter: string): string =>
  `(SELECT o.THREAD_ID FROM performance_schema.threads o WHERE o.PROCESSLIST_ID = ${waiter})`

function metadataLocks(waiter: string): string {
  return `${threads(metadataHolders)}
JOIN performance_schema.metadata_locks h ON h.OWNER_THREAD_ID = t.THREAD_ID
JOIN performance_schema.metadata_locks w ON w.OBJECT_TYPE = h.OBJECT_TYPE AND w.OBJECT_SCHEMA <=> h.OBJECT_SCHEMA
  AND w.OBJECT_NAME <=> h.OBJECT_NAME AND w.OWNER_THREAD_ID <> h.OWNER_THREAD_ID
WHERE w.LOCK_STATUS = 'PENDING' AND w.OWNER_THREAD_ID = ${threadOf(waiter)}
  AND h.LOCK_STATUS = 'GRANTED' AND h.LOCK_TYPE <> 'INTENTION_EXCLUSIVE'`
}

function rowLocks(waiter: string): string {
  return `${threads(noHolders)}
JOIN performance_schema.data_lock_waits w ON w.BLOCKING_THREAD_ID = t.THREAD_ID
WHERE w.REQUESTING_THREAD_ID = ${threadOf(waiter)}`
}

function mariadbRowLocks(waiter: string): string {
  return `${processes(1, noHolders)}
JOIN information_schema.INNODB_LOCK_WAITS w ON w.blocking_trx_id = x.trx_id
JOIN information_schema.INNODB_TRX r ON r.trx_id = w.requesting_trx_id
WHERE r.trx_mysql_thread_id = ${waiter}`
}

/** True while the runner's connection waits for a lock on a table. */
const waiting = (waiter: string): string =>
  `EXISTS (SELECT 1 FROM information_schema.PROCESSLIST w WHERE w.ID = ${waiter} AND w.STATE LIKE 'Waiting for % lock')`

/** The plugin METADATA_LOCK_INFO, which is not installed by default, knows the locks that are held. */
function mariadbMetadataLocks(waiter: string): string {
  return `${processes(1, tableHolders(waiter))}
JOIN information_schema.METADATA_LOCK_INFO h ON h.THREAD_ID = p.ID
JOIN information_schema.METADATA_LOCK_INFO m ON m.TABLE_SCHEMA = h.TABLE_SCHEMA AND m.TABLE_NAME = h.TABLE_NAME
WHERE m.THREAD_ID = ${waiter} AND p.ID <> ${waiter} AND h.TABLE_NAME <> '' AND ${waiting(waiter)}`
}

/** Without it all that can be told is whose transaction is older than the wait. */
function suspects(waiter: string): string {
  return `${processes(0, elderHolders(waiter))}
WHERE p.ID <> ${waiter} AND ${waiting(waiter)}
  AND x.trx_started <= ${began(waiter)}`
}
