import { createHash } from 'node:crypto'
import type { Row } from '../drivers/driver.ts'
import type { Position } from '../ledger/write.ts'
import { moveJournal, noteFailure } from '../ledger/write.ts'
import type { Statement } from '../text/split.ts'
import { mayStandInPart } from './half-done.ts'
import { clearAfterFailure } from './leftovers.ts'
import type { Role, Unit } from './messages.ts'
import { Messages, UnitFailure } from './messages.ts'
import { Patience } from './patience.ts'
import type { PlanStep } from './plan.ts'
import type { Run } from './run.ts'
import { timeoutsOf } from './run.ts'

/** The hash of no statements. */
const nothing = createHash('sha256').digest('hex')

type BatchUnit = Required<Pick<Unit, 'about' | 'original'>> & {
  /** All that was committed before has to be on the disk with it. */
  readonly isLast: boolean
}

/**
 * Sends SQL in messages, with entries that tell how far a migration got, each in one transaction with what it tells of.
 */
export class Journal {
  /** Where the ledger stands, as far as the server has confirmed it. */
  position: Position
  /** A transaction must stay open beyond one message. */
  held = false
  /** Whether the migration's last guard held. */
  guard: boolean | undefined
  private readonly run: Run
  private readonly step: PlanStep
  private readonly seq: number
  private readonly messages: Messages
  private readonly each: readonly string[]
  private readonly patience: Patience
  private open = false
  /** What is collected holds a statement of which a part may stand where it fails. */
  private takesTime = false
  /** The rows that the open transaction is about, in words. */
  private about: string | undefined
  /** How often something was sent again. */
  retries = 0

  constructor(run: Run, step: PlanStep, seq: number) {
    this.run = run
    this.step = step
    this.seq = seq
    this.messages = new Messages(run)
    this.patience = new Patience(run)
    this.each = run.dialect.transaction.each(timeoutsOf(step.file.directives, run.settings))
    this.position = {
      done: step.done,
      running: null,
      prefix: step.journal?.row.prefix ?? nothing,
      batch: step.journal?.row.batch ?? undefined,
    }
    this.guard = step.journal?.row.guard ?? undefined
  }

  get isFull(): boolean {
    return this.messages.isFull
  }

  /** True where a transaction waits for its entry. */
  get isOpen(): boolean {
    return this.open
  }

  /** The session's time-outs. Where all DDL is journaled the first tries are short; CREATE INDEX CONCURRENTLY would begin anew each time. */
  timeouts(): readonly string[] {
    const { dialect, settings } = this.run
    const { directives } = this.step.file
    return dialect.transaction.settings(
      dialect.rollsBackDdl ? timeoutsOf(directives, settings) : this.patience.timeouts(directives),
    )
  }

  setting(sql: string): void {
    this.add(sql, 'setting')
  }

  /** A statement outside any transaction of ours. */
  bare(sql: string, statement: Statement): void {
    if (mayStandInPart(this.run, statement)) this.takeTime()
    this.add(sql, 'statement', { statement, isBare: true })
  }

  /** What cannot run again is not given up early. */
  private takeTime(): void {
    const { dialect, settings } = this.run
    this.takesTime = true
    for (const sql of dialect.transaction.settings(timeoutsOf(this.step.file.directives, settings))) this.setting(sql)
  }

  inTransaction(sql: string, role: Role, statement?: Statement): void {
    const { begin } = this.run.dialect.transaction
    if (!this.open && begin) for (const setting of [begin, ...this.each]) this.setting(setting)
    this.open = true
    this.add(sql, role, statement && { statement })
  }

  /** Writes an entry and commits it with what came before. */
  mark(position: Position): void {
    const { dialect, table } = this.run
    this.inTransaction(moveJournal(dialect, table, this.seq, { ...position, guard: this.guard }), 'ledger')
    this.commit(position)
  }

  commit(position?: Position): void {
    for (const sql of this.run.fence ?? []) this.add(sql, 'fence')
    this.add(this.run.dialect.transaction.commit, 'commit', position && { position })
    this.open = false
    this.about = undefined
  }

  /** Opens a transaction now, for what cannot travel in a message. */
  async begin(): Promise<void> {
    const { begin } = this.run.dialect.transaction
    if (begin) await this.run.session.exec([begin, ...this.each])
    this.open = true
  }

  /** Commits what is open, so that all before a point stands. */
  async settle(done: number, prefix: string): Promise<void> {
    if (this.open) this.mark({ done, running: null, prefix })
    await this.send()
  }

  /** Collects what ends an open transaction at a point, unless the file wants it to stay open. */
  conclude(done: number, prefix: string): void {
    if (this.open && !this.held) this.mark({ done, running: null, prefix })
  }

  /** One batch of a statement, in a transaction of its own; it and its entry are lost together, or not. */
  batch(sql: string, statement: Statement, { about, original, isLast }: BatchUnit): void {
    const { begin, commit, lazily } = this.run.dialect.transaction
    // where the session is always in a transaction, what was asked before has begun one
    const opening = begin === undefined ? [commit] : [begin, ...this.each]
    for (const setting of [...opening, ...(isLast ? [] : lazily)]) this.setting(setting)
    this.open = true
    this.about = about
    this.add(sql, 'statement', { statement, original })
  }

  /** A question at the end of a message, about what stands then: the next `send` gives its rows. */
  question(sql: string, statement: Statement, about: string): void {
    this.add(sql, 'question', { statement, about, original: () => undefined })
  }

  /**
   * Sends what was collected, again and again where a lock was not to be had, from behind the last COMMIT on; gives the
   * rows of a question at its end.
   */
  send(): Promise<readonly Row[]> {
    return this.persistently(async (patience) => {
      const { units, rows } = await this.messages.send(patience)
      this.moved(units)
      return rows
    })
  }

  /** Sends without waiting for the outcome, which the next call tells of, of this or of `send`. */
  sendAhead(): Promise<void> {
    return this.persistently(async (patience) => this.moved(await this.messages.sendAhead(patience)))
  }

  private async persistently<T>(work: (patience: number | undefined) => Promise<T>): Promise<T> {
    for (;;) {
      const began = Date.now()
      try {
        const { lockTimeout } = this.patience.timeouts(this.step.file.directives)
        const result = await work(this.takesTime ? undefined : lockTimeout)
        this.takesTime = false
        this.patience.reset()
        return result
      } catch (error) {
        if (!(error instanceof UnitFailure)) throw error
        this.moved(error.before)
        if (!this.mayRetry(error)) throw error
        if (!(await this.retry(error, Date.now() - began))) throw error
      }
    }
  }

  private add(sql: string, role: Role, more: Partial<Unit> = {}): void {
    const about = this.about === undefined ? {} : { about: this.about }
    this.messages.add({ sql, role, step: this.step, ...about, ...more })
  }

  private moved(units: readonly Unit[]): void {
    for (const { position } of units) if (position) this.position = position
  }

  private mayRetry({ error, before, unit }: UnitFailure): boolean {
    const { dialect, signal } = this.run
    if (error.lost || signal?.aborted || !dialect.isRetryable(error.code)) return false
    if (unit.statement && mayStandInPart(this.run, unit.statement)) return false
    // what an earlier message sent within the same transaction is gone with it
    if (this.held && !before.some(({ role }) => role === 'commit')) return false
    return !this.patience.isExhausted
  }

  /** False where the statement that failed cannot simply run again. */
  private async retry({ error, before, after }: UnitFailure, took: number): Promise<boolean> {
    const { run } = this
    this.retries++
    await run.session.exec([run.dialect.transaction.rollback])
    await this.patience.wait(this.step.file.id, error, took)
    const { statement } = after[0]!
    if (statement && !(await clearAfterFailure(run, statement).catch(() => false))) return false
    if (!run.dialect.rollsBackDdl) for (const sql of this.timeouts()) this.setting(sql)
    const lastCommit = before.findLastIndex(({ role, isBare }) => role === 'commit' || isBare)
    this.messages.add(...before.slice(lastCommit + 1), ...after)
    return true
  }

  /** Rolls back what is open and notes why; `running` is a statement whose outcome is open. */
  async stop(note: string, running: number | null): Promise<void> {
    const { session, dialect, table } = this.run
    const { begin, commit, rollback } = dialect.transaction
    const { fence = [] } = this.run
    const entry = [noteFailure(dialect, table, this.seq, { note, running }), ...fence, commit]
    // the failure is told anyway; its note in the ledger is a courtesy
    await session.exec([rollback]).catch(() => undefined)
    await session.exec(begin ? [begin, ...entry] : entry).catch(() => session.exec([rollback]).catch(() => undefined))
  }
}
