import { createHash } from 'node:crypto'
import type { Row } from '../drivers/driver.ts'
import type { Position } from '../ledger/write.ts'
import { moveJournal, noteFailure } from '../ledger/write.ts'
import type { Statement } from '../text/split.ts'
import { mayStandInPart } from './half-done.ts'
import type { JournalMessages } from './journal-messages.ts'
import type { Role, Unit } from './messages.ts'
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
  /** Where the migration stands, as far as the server has confirmed it. */
  position: Position
  /** A transaction must stay open beyond one message. */
  held = false
  /** Whether the migration's last guard held. */
  guard: boolean | undefined
  private readonly run: Run
  private readonly step: PlanStep
  private readonly seq: number
  private readonly messages: JournalMessages
  private readonly each: readonly string[]
  private open = false
  /** The rows that the open transaction is about, in words. */
  private about: string | undefined

  constructor(run: Run, step: PlanStep, seq: number, messages: JournalMessages) {
    this.run = run
    this.step = step
    this.seq = seq
    this.messages = messages
    messages.join(step, this)
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

  /** How often something was sent again. */
  get retries(): number {
    return this.messages.retries
  }

  /** True where a transaction waits for its entry. */
  get isOpen(): boolean {
    return this.open
  }

  /** The session's time-outs. */
  timeouts(): readonly string[] {
    return this.messages.timeouts(this.step)
  }

  setting(sql: string): void {
    this.add(sql, 'setting')
  }

  /**
   * A statement outside any transaction of ours.
   * @param position where the migration stands with it
   */
  bare(sql: string, statement: Statement, position: Position): void {
    if (mayStandInPart(this.run, statement)) this.messages.takeTime(this.step)
    this.add(sql, 'statement', { statement, isBare: true, position })
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

  /** @param finishes the migration is applied with it */
  commit(position?: Position, finishes = false): void {
    for (const sql of this.run.fence ?? []) this.add(sql, 'fence')
    this.add(this.run.dialect.transaction.commit, 'commit', { ...(position && { position }), finishes })
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

  /** Sends what was collected; gives the rows of a question at its end. */
  send(): Promise<readonly Row[]> {
    return this.messages.send()
  }

  private add(sql: string, role: Role, more: Partial<Unit> = {}): void {
    const about = this.about === undefined ? {} : { about: this.about }
    this.messages.add({ sql, role, step: this.step, ...about, ...more })
  }

  /** Rolls back what is open and notes why; `running` is a statement whose outcome is open. */
  async stop(note: string, running: number | null): Promise<void> {
    const { session, dialect, table } = this.run
    const { begin, commit, rollback } = dialect.transaction
    const { fence = [] } = this.run
    const entry = [noteFailure(dialect, table, this.seq, { ...this.position, note, running }), ...fence, commit]
    // the failure is told anyway; its note in the ledger is a courtesy
    await session.exec([rollback]).catch(() => undefined)
    await session.exec(begin ? [begin, ...entry] : entry).catch(() => session.exec([rollback]).catch(() => undefined))
  }
}
