import { hasDirective, statementsOf } from '../chain/examine.ts'
import { SqlmigError } from '../errors.ts'
import { applyJournaled } from './journaled-stretch.ts'
import type { Plan, PlanStep } from './plan.ts'
import type { Run } from './run.ts'
import { applyTransactional } from './transactional.ts'

type Rolling = Pick<Run, 'dialect' | 'loose' | 'lexis'>

/** True where a migration and its ledger row can commit together. */
export function rollsBack({ file, journal }: PlanStep, { dialect, loose, lexis }: Rolling): boolean {
  if (journal || file.batched || hasDirective(file, 'no-transaction')) return false
  if (dialect.rollsBackDdl) return true
  return file.rollsBack && !loose.changedByAny(() => statementsOf(file, lexis).statements)
}

/** True where the session has to hold the lock while the plan runs; otherwise each transaction takes it. */
export function needsSessionLock(plan: Plan, run: Rolling): boolean {
  return !run.dialect.rollsBackDdl || plan.steps.some((step) => !rollsBack(step, run))
}

export interface ApplyOptions {
  /** The number of the ledger's last row. */
  readonly lastSeq: number
  readonly atomic: boolean
  /** The ledger has yet to be made. */
  readonly create: boolean
}

/**
 * Runs a plan.
 * @throws MigrationError for the first migration that fails; LedgerMoved where another runner was faster
 */
export async function apply(run: Run, plan: Plan, { lastSeq, atomic, create }: ApplyOptions): Promise<void> {
  await run.loose.read(run.session)
  if (atomic) refuseNotAtomic(run, plan)
  let applied = 0
  while (applied < plan.steps.length) {
    // each step has a row of its own: that it was begun, resumed or applied
    const seq = lastSeq + applied
    const steps = stretch(plan.steps.slice(applied), run)
    if (steps.length > 0) {
      await applyTransactional(run, steps, {
        lastSeq: seq,
        appliedBefore: applied,
        atomic,
        create: create && applied === 0,
      })
      applied += steps.length
    } else {
      applied += await applyJournaled(run, journaled(plan.steps.slice(applied), run), seq + 1)
    }
  }
}

/** The first steps, as far as none of them can be rolled back. */
function* journaled(steps: readonly PlanStep[], run: Run): Generator<PlanStep> {
  for (const step of steps) {
    if (rollsBack(step, run)) return
    yield step
  }
}

/** The first steps, as far as each can be rolled back: asked one stretch at a time, since migrations before may matter. */
function stretch(steps: readonly PlanStep[], run: Run): readonly PlanStep[] {
  const end = steps.findIndex((step) => !rollsBack(step, run))
  return end < 0 ? steps : steps.slice(0, end)
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
