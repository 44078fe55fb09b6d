import type { TransactionSettings } from '../dialects/dialect.ts'
import { openSession } from '../drivers/open.ts'
import type { FileDirective } from '../text/directives.ts'
import { Blocked } from './blockers.ts'
import type { Run } from './run.ts'
import { pause, pauseBefore, throwIfAborted, timeoutsOf } from './run.ts'

/** Between two looks at who holds the lock, in milliseconds. InnoDB keeps its answer as long as it is asked for more than every tenth of a second. */
const lookEvery = 150
/** How long the session aside may take to open, in milliseconds. */
const connectTimeout = 2000
/** A try that took longer than its wait by this, in milliseconds, did work that is not to be done again for impatience. */
const cheap = 1000

/**
 * How long the tries at a lock wait. While DDL stands in the queue for a lock, the application's statements stand behind it:
 * a try is short, and then the run waits aside until nobody is in the way, for one time-out, two, three and so on. The
 * fewer tries are left, the longer each stands in the queue.
 */
export class Patience {
  /** Tries that failed. */
  attempts = 0
  private readonly run: Run
  /** A try costs too much to be given up early. */
  private isCostly = false

  constructor(run: Run) {
    this.run = run
  }

  /** The lock was had: the next wait begins anew. */
  reset(): void {
    this.attempts = 0
    this.isCostly = false
  }

  timeouts(directives: readonly FileDirective[]): TransactionSettings {
    const { settings } = this.run
    return timeoutsOf(directives, settings, this.isCostly ? 0 : settings.lockRetries - this.attempts)
  }

  get isExhausted(): boolean {
    return this.attempts >= this.run.settings.lockRetries
  }

  /**
   * Waits until another try is worth while, and tells of it.
   * @param took how long the try that failed lasted, in milliseconds
   */
  async wait(id: string, error: Error, took: number): Promise<void> {
    const { run } = this
    const holders = holdersIn(error)
    const pauseMs = holders === undefined ? pauseBefore(this.attempts) : (this.attempts + 1) * run.settings.lockTimeout
    if (took > this.timeouts([]).lockTimeout + cheap) this.isCostly = true
    this.attempts += 1
    const { message } = error
    run.emit({ type: 'retry', id, message, pauseMs, attempt: this.attempts, awaitsLock: holders !== undefined })
    if (holders === undefined) await pause(pauseMs, run.signal)
    else await this.untilFree(holders, pauseMs)
  }

  /** Until nobody who was in the way at one look is still there at the next, or time is up, or nobody tells. */
  private async untilFree(holders: string, longest: number): Promise<void> {
    const { target, signal } = this.run
    const until = Date.now() + longest
    const session = await openSession(target, { readOnly: true, connectTimeout }).catch(() => undefined)
    if (!session) return pause(pauseBefore(this.attempts), signal)
    try {
      for (let before: readonly string[] | undefined; Date.now() < until; await pause(lookEvery, signal)) {
        const now = (await session.query(holders)).map(({ holder }) => String(holder))
        if (now.length === 0 || (before && !now.some((holder) => before!.includes(holder)))) return
        before = now
      }
    } catch {
      throwIfAborted(signal)
      await pause(pauseBefore(this.attempts), signal)
    } finally {
      await session.close()
    }
  }
}

/** The SELECT for who is in the way, where the error or what caused it knows one. */
function holdersIn(error: unknown): string | undefined {
  if (error instanceof Blocked) return error.holders
  return error instanceof Error ? holdersIn(error.cause) : undefined
}
