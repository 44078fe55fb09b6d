import { seal } from '../ledger/seal.ts'
import { insertRow } from '../ledger/write.ts'
import { createLedger } from './create-ledger.ts'
import type { MigrationError } from './failure.ts'
import { openingOf } from './lock.ts'
import type { PlanStep } from './plan.ts'
import type { Run } from './run.ts'

/** Characters of an error that the ledger keeps. */
const longestNote = 10_000

/**
 * Notes in the ledger that a run failed at a migration. A courtesy: whatever is in its way, the failure itself is what is told.
 */
export async function recordFailure(run: Run, { file, done }: PlanStep, error: MigrationError): Promise<void> {
  const { dialect, session, table, author, settings, signal } = run
  if (signal?.aborted) return
  const timeouts = { lockTimeout: settings.lockTimeout, statementTimeout: undefined }
  try {
    const [present] = await session.query(dialect.ledger.exists(table))
    if (!present) await createLedger(run)
    const opening = openingOf(run, timeouts)
    const [last] = await session.execThenQuery(opening, `SELECT coalesce(max(seq), 0) AS seq FROM ${table}`)
    const seq = Number(last?.seq) + 1
    const { id, statements, checksum, tokens, path } = file
    const note = noteOf(error)
    const row = {
      seq,
      event: 'failed',
      id,
      statements,
      done,
      checksum,
      tokens,
      file: path,
      body: undefined,
      note,
    } as const
    const entry = [insertRow(dialect, table, row, author), seal(dialect, table, seq)]
    await session.exec([...entry, ...(run.fence ?? []), dialect.transaction.commit])
  } catch {
    await session.exec([dialect.transaction.rollback]).catch(() => undefined)
  }
}

function noteOf({ message, at }: MigrationError): string {
  const line = at?.line === undefined ? '' : `line ${at.line}: `
  return `${line}${message.replaceAll(/\s*\n\s*/g, '; ')}`.slice(0, longestNote)
}
