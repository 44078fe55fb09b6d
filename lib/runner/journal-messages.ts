import type { Row } from '../drivers/driver.ts'
import { confirmApplied, confirmation } from './confirm.ts'
import { mayStandInPart } from './half-done.ts'
import type { Journal } from './journal.ts'
import { clearAfterFailure } from './leftovers.ts'
import type { Unit } from './messages.ts'
import { committedOf, Messages, UnitFailure } from './messages.ts'
import { Patience } from './patience.ts'
import type { PlanStep } from './plan.ts'
import type { Run } from './run.ts'
import { timeoutsOf } from './run.ts'

/**
 * The messages of migrations that are journaled, which share them: whatever ends a message, the journal is as the server
 * has done it, statement by statement. Sends again what failed for want of a lock.
 */
export class JournalMessages {
  /** How often something was sent again. */
  retries = 0
  private readonly run: Run
  private readonly messages: Messages
  private readonly patience: Patience
  private readonly journals = new Map<PlanStep, Journal>()
  /** Migrations that the ledger has as applied, and nobody was told of. */
  private finished: PlanStep[] = []
  /** What is collected holds a statement of which a part may stand where it fails. */
  private takesTime = false
  /** What a try failed at. */
  private failed: Unit | undefined

  constructor(run: Run) {
    this.run = run
    this.messages = new Messages(run)
    this.patience = new Patience(run)
  }

  /** Has a journal follow the units of its migration. */
  join(step: PlanStep, journal: Journal): void {
    this.journals.set(step, journal)
  }

  add(unit: Unit): void {
    this.messages.add(unit)
  }

  /** Forgets what was collected of a migration. */
  drop(step: PlanStep): void {
    this.messages.drop(step)
  }

  get isFull(): boolean {
    return this.messages.isFull
  }

  get isFullOfMigrations(): boolean {
    return this.messages.isFullOfMigrations
  }

  /** The session's time-outs. Where all DDL is journaled the first tries are short; CREATE INDEX CONCURRENTLY would begin anew each time. */
  timeouts({ file: { directives } }: PlanStep): readonly string[] {
    const { dialect, settings } = this.run
    return dialect.transaction.settings(
      dialect.rollsBackDdl ? timeoutsOf(directives, settings) : this.patience.timeouts(directives),
    )
  }

  /** What cannot run again is not given up early. */
  takeTime(step: PlanStep): void {
    const { dialect, settings } = this.run
    this.takesTime = true
    // where DDL rolls back no try was short, and what commits by itself wants a message of its own
    if (dialect.rollsBackDdl) return
    for (const sql of dialect.transaction.settings(timeoutsOf(step.file.directives, settings)))
      this.add({ sql, role: 'setting', step })
  }

  /**
   * Sends what was collected, again and again where a lock was not to be had, from behind the last COMMIT on; gives the
   * rows of a question at its end. Tells of the migrations that are applied with it.
   */
  async send(): Promise<readonly Row[]> {
    const confirms = this.askForConfirmation()
    for (;;) {
      try {
        const { units, rows } = await this.messages.send((unit) => this.patienceAt(unit))
        this.takesTime = false
        this.moved(units)
        this.patience.reset()
        if (!confirms) return rows
        await this.confirm(rows)
        return []
      } catch (error) {
        if (!(error instanceof UnitFailure)) throw error
        this.moved(error.before)
        if (!this.mayRetry(error)) throw error
        if (!(await this.retry(error))) throw error
      }
    }
  }

  /** Tells of the migrations that are applied, whatever became of others. */
  async confirm(answer?: readonly Row[]): Promise<void> {
    await confirmApplied(this.run, this.finished.splice(0), answer)
  }

  private askForConfirmation(): boolean {
    const steps = [...this.finished, ...this.messages.finishing]
    if (steps.length === 0 || this.messages.asks) return false
    this.messages.add({ sql: confirmation(this.run, steps), role: 'question', step: undefined })
    return true
  }

  private patienceAt({ step }: Unit): number | undefined {
    return this.takesTime ? undefined : this.patience.timeouts(step?.file.directives ?? []).lockTimeout
  }

  private moved(units: readonly Unit[]): void {
    for (const { step, position, finishes } of units) {
      if (step && position) this.journals.get(step)!.position = position
      if (step && finishes) this.finished.push(step)
    }
  }

  private mayRetry({ error, before, unit }: UnitFailure): boolean {
    const { dialect, signal } = this.run
    if (error.lost || !unit.step || signal?.aborted || !dialect.isRetryable(error.code)) return false
    if (unit.statement && mayStandInPart(this.run, unit.statement)) return false
    // what an earlier message sent within the same transaction is gone with it
    if (this.journals.get(unit.step)?.held && !before.some(({ role }) => role === 'commit')) return false
    if (unit !== this.failed) this.patience.reset()
    this.failed = unit
    return !this.patience.isExhausted
  }

  /** False where the statement that failed cannot simply run again. */
  private async retry({ error, unit, before, after }: UnitFailure): Promise<boolean> {
    const { run } = this
    const step = unit.step!
    const took = Date.now() - this.messages.heardAt
    this.retries++
    await run.session.exec([run.dialect.transaction.rollback])
    await this.patience.wait(step.file.id, error, took)
    const { statement } = after[0]!
    if (statement && !(await clearAfterFailure(run, statement).catch(() => false))) return false
    if (!run.dialect.rollsBackDdl) for (const sql of this.timeouts(step)) this.add({ sql, role: 'setting', step })
    this.messages.add(...before.slice(committedOf(before)), ...after)
    return true
  }
}
