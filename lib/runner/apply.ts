import { hasDirective } from '../chain/examine.ts'
import { ServerError } from '../drivers/driver.ts'
import { SqlmigError } from '../errors.ts'
import { codeOf, remedyFor } from './failure.ts'
import { applyJournaled } from './journaled.ts'
import { openingOf } from './lock.ts'
import { LockWait } from './lock-wait.ts'
import type { Plan, PlanStep } from './plan.ts'
import type { Run } from './run.ts'
import { applyTransactional } from './transactional.ts'

/** True where a migration and its ledger row can commit together. */
export function rollsBack({ file, journal }: PlanStep, run: Pick<Run, 'dialect'>): boolean {
  return !journal && !hasDirective(file, 'no-transaction') && (run.dialect.rollsBackDdl || file.rollsBack)
}

/** True where the session has to hold the lock while the plan runs; otherwise each transaction takes it. */
export function needsSessionLock(plan: Plan, run: Pick<Run, 'dialect'>): boolean {
  return !run.dialect.rollsBackDdl || plan.steps.some((step) => !rollsBack(step, run))
}

/**
 * Runs a plan.
 * @param lastSeq the number of the ledger's last row
 * @throws MigrationError for the first migration that fails; LedgerMoved where another runner was faster
 */
export async function apply(run: Run, plan: Plan, lastSeq: number, atomic: boolean): Promise<void> {
  if (atomic) refuseNotAtomic(run, plan)
  let seq = lastSeq
  let applied = 0
  for (const group of groups(plan.steps, run)) {
    if (group.transactional) {
      await applyTransactional(run, group.steps, { lastSeq: seq, appliedBefore: applied, atomic })
      seq += group.steps.length
    } else {
      for (const step of group.steps) await applyJournaled(run, step, step.journal?.row.seq ?? ++seq)
    }
    applied += group.steps.length
  }
}

function groups(steps: readonly PlanStep[], run: Run): { transactional: boolean; steps: PlanStep[] }[] {
  const result: { transactional: boolean; steps: PlanStep[] }[] = []
  for (const step of steps) {
    const transactional = rollsBack(step, run)
    const last = result.at(-1)
    if (last?.transactional === transactional) last.steps.push(step)
    else result.push({ transactional, steps: [step] })
  }
  return result
}

function refuseNotAtomic(run: Run, plan: Plan): void {
  const step = plan.steps.find((one) => !rollsBack(one, run))
  if (!step) return
  throw new SqlmigError('unsupported', `--atomic is not possible: ${step.file.id} cannot be rolled back`, {
    at: { file: step.file.path },
    state: 'nothing was run',
    remedy: 'run without --atomic, or up to the migration before it with --to',
  })
}

/** Makes the ledger's table, under the lock. */
export async function createLedger(run: Run): Promise<void> {
  const { dialect, session, table, settings } = run
  const timeouts = { lockTimeout: settings.lockTimeout, statementTimeout: undefined }
  const open = openingOf(run, dialect.transaction.open(timeouts))
  const wait = new LockWait(run)
  for (;;) {
    try {
      await session.exec([...open, ...dialect.ledger.create(table), dialect.transaction.commit])
      return
    } catch (error) {
      if (!(error instanceof ServerError) || error.lost) throw error
      await session.exec([dialect.transaction.rollback]).catch(() => undefined)
      if (error.index >= open.length || !dialect.isRetryable(error.code)) throw notCreated(run, error)
      await wait.once()
    }
  }
}

function notCreated({ dialect, table }: Run, error: ServerError): SqlmigError {
  const code = codeOf(error, dialect)
  const cure = 'see to what the message names (a ledger elsewhere is named with --table SCHEMA.NAME)'
  return new SqlmigError(code, `the ledger ${table} cannot be made: ${error.message} (${error.code})`, {
    state: 'nothing was run',
    remedy: remedyFor(code, cure),
    server: error.code,
    cause: error,
  })
}
