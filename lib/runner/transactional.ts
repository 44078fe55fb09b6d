import { Attempt } from './attempt.ts'
import { LockWait } from './lock-wait.ts'
import { Patience } from './patience.ts'
import type { PlanStep } from './plan.ts'
import type { Run } from './run.ts'

export interface TransactionalOptions {
  /** The ledger's last row. */
  readonly lastSeq: number
  /** Migrations that this run has applied before these. */
  readonly appliedBefore: number
  /** One transaction around all of them. */
  readonly atomic: boolean
  /** The ledger has yet to be made. */
  readonly create: boolean
}

/**
 * Applies migrations that can be rolled back, each with its ledger row in a transaction of its own, several in one
 * message where the dialect lets them travel together. Tries again what failed for want of a lock.
 *
 * @throws LedgerMoved, MigrationError
 */
export async function applyTransactional(
  run: Run,
  steps: readonly PlanStep[],
  options: TransactionalOptions,
): Promise<void> {
  const wait = new LockWait(run)
  const patience = new Patience(run)
  let committed = 0
  let until = steps.length
  let apart = false
  let stored: unknown
  while (committed < until) {
    const attempt = new Attempt(run, steps.slice(committed, until), {
      ...options,
      lastSeq: options.lastSeq + committed,
      appliedBefore: options.appliedBefore + committed,
      create: options.create && committed === 0,
      patience,
      apart,
    })
    try {
      await attempt.go()
      committed += attempt.committed
    } catch (error) {
      const verdict = await attempt.verdict(error)
      committed += attempt.committed
      if (attempt.committed > 0) {
        patience.reset()
        wait.reset()
      }
      if (verdict.kind === 'locked') await wait.once()
      else if (verdict.kind === 'apart') apart = true
      else if (verdict.kind === 'resend') {
        until = committed + verdict.before
        stored = verdict.error
      } else if (verdict.kind === 'retry' && !patience.isExhausted)
        await patience.wait(verdict.error.id, verdict.error, Date.now() - attempt.reachedAt)
      else throw verdict.error
    }
  }
  if (stored) throw stored
}
