import type { Leaving, Recovery } from '../dialects/dialect.ts'
import type { LedgerRow } from '../ledger/rows.ts'
import type { RunningStatement } from '../ledger/write.ts'
import type { Statement } from '../text/split.ts'
import { clear, leftOf } from './leftovers.ts'
import type { Run } from './run.ts'

/** What the journal keeps of a statement that is about to run and commits by itself. */
export function startOf({ dialect, facts, lexis }: Run, statement: Statement, prefix: string): RunningStatement {
  const recovery = facts.atomicDdl ? dialect.recovery(statement, lexis) : undefined
  const fingerprint = recovery && recovery.kind !== 'again' ? recovery.fingerprint : undefined
  return { ordinal: statement.ordinal, prefix, fingerprint }
}

/** What became of a statement that was cut off: nobody can tell where it is `unknown`. */
export type Outcome = 'done' | 'not done' | 'unknown'

/** Asks the database what became of the statement at which a former run was cut off; clears away what is not whole. */
export async function outcomeOf(run: Run, statement: Statement, row: LedgerRow): Promise<Outcome> {
  const recovery = run.dialect.recovery(statement, run.lexis)
  switch (recovery?.kind) {
    case 'again':
      return recovery.unless !== undefined && (await gives(run, recovery.unless)) ? 'unknown' : 'not done'
    case 'left':
      return leftOver(run, recovery, row.fingerprint)
    case 'compare':
      return compared(run, recovery, row.fingerprint)
    case undefined:
      return 'unknown'
  }
}

async function compared(
  run: Run,
  { fingerprint, whole }: Pick<Extract<Recovery, { kind: 'compare' }>, 'fingerprint' | 'whole'>,
  before: string | null,
): Promise<Outcome> {
  if (before === null) return 'unknown'
  const [row] = await run.session.query(`SELECT ${fingerprint} AS fingerprint`)
  if (typeof row?.fingerprint !== 'string') return 'unknown'
  if (row.fingerprint === before) return 'not done'
  return whole === undefined || (await gives(run, whole)) ? 'done' : 'unknown'
}

async function leftOver(run: Run, recovery: Leaving, before: string | null): Promise<Outcome> {
  const cleared = await clear(run, await leftOf(run, recovery))
  if (recovery.fingerprint !== undefined) return compared(run, { fingerprint: recovery.fingerprint }, before)
  return cleared === 'done' ? 'done' : 'not done'
}

async function gives({ session }: Run, select: string): Promise<boolean> {
  return (await session.query(select)).length > 0
}
