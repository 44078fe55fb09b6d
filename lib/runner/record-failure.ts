import { noteRowsOf, recordRow, sinceRow } from '../ledger/write.ts'
import { createLedger } from './create-ledger.ts'
import type { MigrationError } from './failure.ts'
import { rowOf } from './ledger-rows.ts'
import { openingOf } from './lock.ts'
import type { PlanStep } from './plan.ts'
import type { Run } from './run.ts'

/** Characters of an error that the ledger keeps. */
const longestNote = 10_000

/**
 * Records that a run failed at a migration, with how many of its statements stand. A courtesy: whatever is in its way, the
 * failure itself is what is told.
 */
export async function recordFailure(run: Run, step: PlanStep, error: MigrationError): Promise<void> {
  const { file } = step
  const { dialect, session, table, author, settings, signal } = run
  if (signal?.aborted) return
  const timeouts = { lockTimeout: settings.lockTimeout, statementTimeout: undefined }
  try {
    const [present] = await session.query(dialect.ledger.exists(table))
    if (!present) await createLedger(run)
    const opening = openingOf(run, timeouts)
    const [last] = await session.execThenQuery(opening, lastRow(run, file.id))
    const seq = Number(last?.seq ?? 0) + 1
    const duration = last?.began == null ? undefined : sinceRow(dialect, table, Number(last.began))
    const row = { ...rowOf(file, seq), event: 'failed', done: Number(last?.done ?? 0), body: undefined } as const
    const entry = recordRow(dialect, table, { ...row, duration, note: noteOf(error) }, author)
    const rows = noteRowsOf(table, seq, last?.began == null ? undefined : run.written.of(step))
    await session.exec([...entry, ...rows, ...(run.fence ?? []), dialect.transaction.commit])
  } catch {
    await session.exec([dialect.transaction.rollback]).catch(() => undefined)
  }
}

/** A SELECT for the last row, whether this run has begun the migration with it, and how far that has come. */
function lastRow({ dialect, table }: Run, id: string): string {
  const own = `id = ${dialect.text(id)}`
  const end = `SELECT 1 FROM ${table} a WHERE a.id = s.id AND a.seq > s.seq AND a.event = 'applied'`
  const done = `SELECT s.done FROM ${table} s WHERE s.${own} AND s.event = 'started' AND NOT EXISTS (${end})`
  return `SELECT l.seq, CASE WHEN l.${own} AND l.event IN ('started', 'resumed') THEN l.seq END AS began, (${done}) AS done
FROM ${table} l ORDER BY l.seq DESC LIMIT 1`
}

function noteOf({ message, at }: MigrationError): string {
  const line = at?.line === undefined ? '' : `line ${at.line}: `
  return `${line}${message.replaceAll(/\s*\n\s*/g, '; ')}`.slice(0, longestNote)
}
