import { ServerError } from '../drivers/driver.ts'
import { JournalMessages } from './journal-messages.ts'
import { JournaledRun } from './journaled.ts'
import { UnitFailure } from './messages.ts'
import type { PlanStep } from './plan.ts'
import type { Run } from './run.ts'

/**
 * Applies migrations that cannot be rolled back as a whole, one after the other. They share messages where a server stops
 * at the first error: the journal says, wherever that is, which statement of which migration it was.
 *
 * @param steps asked for one by one, since what a migration does may matter to whether the next one is of this kind
 * @param seq the number of the first new row
 * @returns how many were applied
 * @throws MigrationError; LedgerMoved where another runner was faster
 */
export async function applyJournaled(run: Run, steps: Iterable<PlanStep>, seq: number): Promise<number> {
  const stretch = new JournaledStretch(run, seq)
  await stretch.go(steps)
  return stretch.runs.size
}

class JournaledStretch {
  readonly runs = new Map<PlanStep, JournaledRun>()
  private readonly run: Run
  private readonly messages: JournalMessages
  private seq: number
  private current: PlanStep | undefined

  constructor(run: Run, seq: number) {
    this.run = run
    this.seq = seq
    this.messages = new JournalMessages(run)
  }

  async go(steps: Iterable<PlanStep>): Promise<void> {
    try {
      for (const step of steps) await this.migration(step)
      await this.messages.send()
    } catch (error) {
      throw await this.failure(await this.sendWhole(error))
    }
  }

  private async migration(step: PlanStep): Promise<void> {
    const { run } = this
    this.current = step
    // where a former run was cut off, the database is asked what it did: as it is when this one comes to it
    if (step.journal) await this.messages.send()
    const one = new JournaledRun(run, step, this.seq++, this.messages)
    this.runs.set(step, one)
    await one.collect()
    if (run.dialect.rollsBackDdl || this.messages.isFullOfMigrations) await this.messages.send()
  }

  /** What is whole is not held up by a migration that cannot be sent; gives the error that came first. */
  private async sendWhole(error: unknown): Promise<unknown> {
    if (error instanceof UnitFailure || isLost(error) || this.run.signal?.aborted) return error
    try {
      this.messages.drop(this.current!)
      await this.messages.send()
      return error
    } catch (earlier) {
      return earlier
    }
  }

  private async failure(error: unknown): Promise<unknown> {
    if (isLost(error)) return error instanceof UnitFailure ? error.error : error
    const owner = error instanceof UnitFailure ? error.unit.step : this.current
    const told = owner ? await this.runs.get(owner)!.failure(error) : (error as UnitFailure).error
    if (isLost(told)) return told
    await this.run.session.exec(this.run.facts.restore).catch(() => undefined)
    await this.messages.confirm()
    return told
  }
}

function isLost(error: unknown): boolean {
  const server = error instanceof UnitFailure ? error.error : error
  return server instanceof ServerError && server.lost
}
