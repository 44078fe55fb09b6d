import { Surveys } from '../chain/surveys.ts'
import type { DialectName } from '../dialects/dialect-name.ts'
import { ServerError } from '../drivers/driver.ts'
import { SqlmigError } from '../errors.ts'
import type { Ledger } from '../ledger/rows.ts'
import { noteRows } from '../ledger/write.ts'
import { apply, needsSessionLock } from '../runner/apply.ts'
import { createLedger } from '../runner/create-ledger.ts'
import type { RunEvent } from '../runner/events.ts'
import { count, MigrationError } from '../runner/failure.ts'
import { LedgerMoved, withLock } from '../runner/lock.ts'
import type { Goal, Plan } from '../runner/plan.ts'
import { plan } from '../runner/plan.ts'
import { recordFailure } from '../runner/record-failure.ts'
import type { Run, RunSettings } from '../runner/run.ts'
import { interrupted } from '../runner/run.ts'
import type { ChainOptions, Database, DatabaseOptions } from './context.ts'
import { defaultDir, withDatabase } from './context.ts'
import { storePrints } from './drift.ts'
import { type AfterLoss, askAfterLoss } from './loss.ts'
import { readHistory } from './read-history.ts'
import { runOf } from './run-of.ts'
import { withEdits } from './told-edits.ts'

export interface UpOptions extends DatabaseOptions, ChainOptions, Goal, Partial<RunSettings> {
  /** Tell what would be done, in a session that cannot write. */
  readonly dryRun?: boolean | undefined
  /** The whole plan in one transaction. */
  readonly atomic?: boolean | undefined
}

export interface AppliedMigration {
  readonly id: string
  readonly statements: number
  /** The server's time for it, in milliseconds. */
  readonly duration_ms: number
  /** How many rows it wrote, as the server counts them; null where it has no statement that does, or nobody knows. */
  readonly rows: number | null
}

export interface UpResult {
  readonly database: string
  readonly dialect: DialectName
  readonly applied: readonly AppliedMigration[]
  /** What is still to be applied; all of the plan in a dry run. */
  readonly pending: readonly string[]
  readonly failed: null
  readonly dry_run: boolean
}

/** How often a plan is made anew because other runners were faster, before something must be wrong. */
const mostReplans = 1000

/**
 * Applies what is pending.
 * @throws MigrationError where a migration fails; SqlmigError for all else. What was applied before stands, and was
 *   told through `onEvent`.
 */
export async function up(options: UpOptions = {}): Promise<UpResult> {
  return withDatabase(options, options.dryRun ? 'read' : 'write', async (database) => {
    const upRun = new UpRun(options, database)
    if (options.dryRun) await upRun.look()
    else {
      await upRun.go()
      await upRun.keepNotes()
    }
    return upRun.result()
  })
}

interface Outlook {
  readonly plan: Plan
  readonly ledger: Ledger
}

class UpRun {
  private readonly options: UpOptions
  private readonly database: Database
  private readonly run: Run
  private readonly applied: AppliedMigration[] = []
  private readonly surveys = new Surveys(({ id }, bytes, total) => this.heard({ type: 'reading', id, bytes, total }))
  private announced = false
  private pending: readonly string[] = []

  constructor(options: UpOptions, database: Database) {
    this.options = options
    this.database = database
    this.run = runOf(database, options, (event) => this.heard(event))
  }

  result(): UpResult {
    const { target, dialect } = this.database
    return {
      database: target.display,
      dialect: dialect.name,
      applied: this.applied,
      pending: this.pending,
      failed: null,
      dry_run: this.options.dryRun ?? false,
    }
  }

  private heard(event: RunEvent): void {
    if (event.type === 'applied') {
      const { id, statements, durationMs, rows } = event
      this.applied.push({ id, statements, duration_ms: durationMs, rows })
      this.pending = this.pending.filter((id) => id !== event.id)
    }
    this.options.onEvent?.(event)
  }

  /** Reads the ledger and the chain, and compares them. */
  async look(): Promise<Outlook> {
    const { dir = defaultDir } = this.options
    const { chain, ledger } = await readHistory(this.database, dir, this.surveys)
    const { steps } = this.options
    // a plan made anew goes on with what is left of the steps asked for
    const left = steps === undefined ? undefined : steps - this.applied.length
    try {
      const todo = plan(chain, ledger, { ...this.options, steps: left })
      this.announce(todo)
      return { plan: todo, ledger }
    } catch (error) {
      throw await withEdits(error, this.database, chain, ledger)
    }
  }

  private announce(todo: Plan): void {
    this.pending = todo.steps.map(({ file }) => file.id)
    if (this.announced) return
    this.announced = true
    for (const id of todo.reformatted) {
      this.heard({ type: 'note', message: `${id} was reformatted since it was applied; its SQL is the same` })
    }
    this.heard({ type: 'plan', pending: this.pending })
  }

  /**
   * How many rows were written, and what the schema is now, so that a later drift shows. The migrations stand whether or
   * not it can be read.
   */
  async keepNotes(): Promise<void> {
    if (this.applied.length === 0) return
    const counts = this.counts()
    try {
      await storePrints(this.database, counts)
    } catch (error) {
      await this.keep(counts)
      const message = `the schema could not be read for a later "sqlmig status --drift": ${(error as Error).message}`
      this.heard({ type: 'note', message })
    }
  }

  private counts(): readonly string[] {
    const { dialect, table } = this.database
    const known = this.applied.flatMap(({ id, rows }) => (rows === null ? [] : [[id, rows] as const]))
    return noteRows(dialect, table, new Map(known))
  }

  /** A courtesy: whatever is in its way, it is something else that is to be told. */
  private async keep(counts: readonly string[]): Promise<void> {
    if (counts.length === 0) return
    const { session, dialect } = this.database
    const { begin, commit } = dialect.transaction
    await session.exec([...(begin ? [begin] : []), ...counts, commit]).catch(() => undefined)
  }

  async go(): Promise<void> {
    try {
      let moved: LedgerMoved | undefined
      for (let round = 0; round < mostReplans; round++) {
        moved = await this.round()
        if (!moved) return
      }
      throw new SqlmigError('ledger-moved', `the ledger keeps changing under this run: ${moved?.message}`, {
        state: `${count(this.applied.length, 'migration')} applied by this run`,
        remedy: 'find out who else writes to it, then run "sqlmig up" again',
      })
    } catch (error) {
      throw await this.explained(error)
    }
  }

  /** Plans and applies; gives what happened where another runner was faster. */
  private async round(): Promise<LedgerMoved | undefined> {
    const first = await this.lookWithoutLock()
    if (first) {
      if (first.plan.steps.length === 0) return undefined
      const locksItself = !needsSessionLock(first.plan, this.run)
      // what shares a message with migrations costs no round trip
      const create = !first.ledger.exists && locksItself && this.run.dialect.stretches === 'message'
      if (!first.ledger.exists && !create) await createLedger(this.run)
      if (locksItself) return this.apply(this.run, first, create)
    }
    return withLock(this.run, async (held) => {
      // what was read before the lock was had may be old
      const now = await this.look()
      return now.plan.steps.length === 0 ? undefined : this.apply(held, now)
    })
  }

  /** What stands half done may be what another runner is doing right now: only who has the lock can tell. */
  private async lookWithoutLock(): Promise<Outlook | undefined> {
    try {
      return await this.look()
    } catch (error) {
      if (error instanceof SqlmigError && error.code === 'partial') return undefined
      throw error
    }
  }

  private async apply(run: Run, now: Outlook, create = false): Promise<LedgerMoved | undefined> {
    try {
      await apply(run, now.plan, { lastSeq: now.ledger.lastSeq, atomic: this.options.atomic ?? false, create })
      return undefined
    } catch (error) {
      if (error instanceof LedgerMoved) return error
      const step = error instanceof MigrationError ? now.plan.steps.find(({ file }) => file.id === error.id) : undefined
      if (step) await recordFailure(run, step, error as MigrationError)
      await this.keep(this.counts())
      throw error
    }
  }

  /** Whatever a lost connection did or did not, the ledger knows. */
  private async explained(error: unknown): Promise<unknown> {
    if (this.options.signal?.aborted && !(error instanceof SqlmigError)) return interrupted()
    const lost = error instanceof ServerError ? error : error instanceof SqlmigError ? error.cause : undefined
    if (!(lost instanceof ServerError)) return error
    if (!lost.lost) return error
    return this.afterLoss(lost)
  }

  private async afterLoss(lost: ServerError): Promise<SqlmigError> {
    const asked = await askAfterLoss(this.database, this.options.signal)
    const missed = asked ? this.pending.map((id) => asked.ledger.recorded.get(id)) : []
    for (const recorded of missed) {
      if (recorded?.state !== 'applied') continue
      const { statements, durationMs, rowsWritten: rows } = recorded.row
      this.heard({ type: 'applied', id: recorded.id, statements: statements ?? 0, durationMs: durationMs ?? 0, rows })
    }
    const error = new SqlmigError('lost-connection', lost.message, { ...this.stateAfter(asked), cause: lost })
    const [next] = this.pending
    return next === undefined ? error : new MigrationError(next, undefined, error)
  }

  private stateAfter(asked: AfterLoss | undefined): { state: string; remedy: string } {
    if (!this.announced) return { state: 'nothing was run', remedy: again }
    if (!asked) {
      return {
        state: 'the database cannot be asked now what took effect; its ledger will tell',
        remedy: 'run "sqlmig status", then "sqlmig up" again, when the server is back',
      }
    }
    if (asked.busy) {
      return {
        state: 'the server is still at work on what it was sent; its ledger will tell what took effect of it',
        remedy: `${again}: it waits for that`,
      }
    }
    return { state: this.told(asked.ledger), remedy: again }
  }

  private told({ recorded }: Ledger): string {
    const [next] = this.pending
    const applied = `${count(this.applied.length, 'migration')} applied by this run`
    if (next === undefined) return `the ledger was asked: nothing is left to do; ${applied}`
    const halfDone = recorded.get(next)
    return halfDone
      ? `${halfDone.id} is half done: ${halfDone.row.done} of its statements are recorded as done`
      : `the ledger was asked: ${next} did not take effect; ${applied}`
  }
}

const again = 'run "sqlmig up" again'
