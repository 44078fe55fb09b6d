import { setTimeout as pause } from 'node:timers/promises'
import type { Database, Kind } from './servers/databases.ts'

/** A statement that takes some seconds and changes nothing; SQLite's time is a rough one. */
export function slow(kind: Kind, seconds: number): string {
  if (kind === 'postgres') return `SELECT pg_sleep(${seconds});`
  // alone, SLEEP is not an error when it is interrupted
  if (kind !== 'sqlite')
    return `SELECT 1 FROM information_schema.engines WHERE engine = 'InnoDB' AND SLEEP(${seconds});`
  return `SELECT max(n) FROM (WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c LIMIT ${seconds * 4_000_000}) SELECT n FROM c);`
}

/** The ids of the sessions that run the statement of `slow` now. */
export async function sleepers({ kind, query }: Pick<Database, 'kind' | 'query'>): Promise<number[]> {
  const sql =
    kind === 'postgres'
      ? "select pid as id from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'"
      : "select id from information_schema.processlist where db = database() and info like '%innodb%sleep(%' and id <> connection_id()"
  return (await query(sql)).map(({ id }) => Number(id))
}

/** Waits until a run is at its slow statement. */
export async function atSlowStatement(database: Database): Promise<void> {
  if (database.kind !== 'sqlite') return until(async () => (await sleepers(database)).length > 0)
  await database.query('pragma busy_timeout = 0')
  await until(() => isWriteLocked(database))
}

async function isWriteLocked({ query }: Database): Promise<boolean> {
  try {
    await query('begin immediate')
    await query('rollback')
    return false
  } catch {
    return true
  }
}

/** Asks until the answer is yes; for what another process does in its own time. */
export async function until(question: () => Promise<boolean>): Promise<void> {
  while (!(await question())) await pause(10)
}
