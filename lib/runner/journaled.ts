import { hasDirective, statementsOf } from '../chain/examine.ts'
import { TokensHash } from '../chain/tokens-hash.ts'
import type { Effect } from '../dialects/dialect.ts'
import { ServerError } from '../drivers/driver.ts'
import { SqlmigError } from '../errors.ts'
import { finishJournal, type Position, recordRow } from '../ledger/write.ts'
import { batchOf } from '../text/batches.ts'
import type { Lexis } from '../text/lexis.ts'
import type { Statement } from '../text/split.ts'
import { type Batched, Batches, noLongerBatched } from './batches.ts'
import { namingBlockers } from './blockers.ts'
import { MigrationError, refuseChangedFile, statementFailure } from './failure.ts'
import { ForeignKeyWatch, withForeignKeys } from './foreign-keys.ts'
import { FormerSession } from './former-session.ts'
import { Guards, guardsOf } from './guards.ts'
import {
  doubtful,
  EditedMeanwhile,
  editedMeanwhile,
  mayStandInPart,
  refuseOtherBeginning,
  resumable,
  standing,
  withDiff,
} from './half-done.ts'
import { Journal } from './journal.ts'
import type { JournalMessages } from './journal-messages.ts'
import { beginning, ending } from './ledger-rows.ts'
import { clearAfterFailure, refuseForeign } from './leftovers.ts'
import { LedgerMoved, lockLost } from './lock.ts'
import { asWritten, isLockLost, UnitFailure } from './messages.ts'
import { type PlanStep, unknownOutcome } from './plan.ts'
import { refuseSessionState } from './pooled.ts'
import { outcomeOf, startOf } from './recover.ts'
import type { Run } from './run.ts'
import { interrupted } from './run.ts'

/**
 * Applies one migration that cannot be rolled back as a whole: statement by statement, with a journal in the ledger
 * that says how far it got. Statements that can be rolled back travel in one transaction with their journal entry; one
 * that commits by itself has its start journaled before and its end after. The session must hold the lock.
 */
export class JournaledRun {
  private readonly run: Run
  private readonly step: PlanStep
  private readonly next: number
  /** The row that says how far the migration got: a new one, or that of the run that this one resumes. */
  private readonly seq: number
  private readonly journal: Journal
  private readonly guards: Guards
  private readonly tokens = new TokensHash()
  /** Every statement is committed by itself. */
  private readonly oneByOne: boolean
  private readonly former: FormerSession
  private current: Statement | undefined
  /** The statement in which a former run was cut off, as long as nobody has found out what it did. */
  private doubt: number | null

  /** Where the migration stands behind a statement of which the ledger could be told together with the next one. */
  private unmarked: Position | undefined

  /** The ledger's row of the migration waits for a COMMIT, which it may share with the first entry. */
  private isNew = false

  /** @param next the number of the ledger's next row */
  constructor(run: Run, step: PlanStep, next: number, messages: JournalMessages) {
    this.run = run
    this.step = step
    this.next = next
    this.seq = step.journal?.row.seq ?? next
    this.journal = new Journal(run, step, this.seq, messages)
    this.guards = new Guards(run, step, this.journal.guard)
    this.oneByOne = hasDirective(step.file, 'no-transaction')
    this.former = new FormerSession(run.dialect, step.file)
    this.doubt = step.journal?.row.running ?? null
  }

  /** Collects all of the migration, and sends it as far as need be. */
  async collect(): Promise<void> {
    await this.start()
    await this.statements()
    for (const sql of this.run.facts.restore) this.journal.setting(sql)
  }

  private async start(): Promise<void> {
    const { run, step, journal } = this
    const { dialect, table, author } = run
    run.written.begin(step)
    if (run.facts.sharing === 'pooler') refuseSessionState(step, run)
    await new ForeignKeyWatch(run).begin(step)
    for (const sql of journal.timeouts()) journal.setting(sql)
    // SQLite's transactions do not ask for the session's lock
    journal.inTransaction(dialect.transaction.check(table, this.next - 1), 'check')
    for (const sql of recordRow(dialect, table, beginning(step, this.next), author))
      journal.inTransaction(sql, 'ledger')
    this.isNew = true
    // a message that the server refuses for an error of syntax has not even begun; a former run's work is asked about
    if (run.dialect.rollsBackDdl || step.journal) {
      this.commitStart()
      await journal.send()
    }
  }

  private commitStart(): void {
    if (this.isNew) this.journal.commit()
    this.isNew = false
  }

  private async statements(): Promise<void> {
    const { run, step, journal } = this
    const { text, statements } = statementsOf(step.file, run.lexis, (piece, kind) => {
      if (kind === 'sql') this.tokens.update(piece)
    })
    for (const statement of statements) {
      if (statement.ordinal === step.done + 1) refuseOtherBeginning(step, this.tokens.before())
      if (statement.ordinal > step.done) await this.statement(statement, statements.lexis)
      else this.passOver(statement)
      this.tokens.mark()
      if (journal.isFull) this.mark()
      if (journal.isFull) await this.sendPart(statement.ordinal, text.bytes)
    }
    if (step.done >= step.file.statements) refuseOtherBeginning(step, this.tokens.digest())
    refuseChangedFile(step.file, text, this.standing())
    const { done, batch } = journal.position
    if (batch !== undefined) throw noLongerBatched(step, done + 1, batch)
    this.finish()
  }

  /** A new session wants what the statements that are done have set in the former one. */
  private passOver(statement: Statement): void {
    for (const _ of statement.data ?? []);
    if (this.former.sets(statement)) this.journal.setting(statement.text)
  }

  private finish(): void {
    const { run, journal, step } = this
    const { dialect, table, author } = run
    this.commitStart()
    this.unmarked = undefined
    const rows = { journal: this.seq, begun: this.next }
    for (const sql of finishJournal(dialect, table, rows, ending(step, this.next + 1), author))
      journal.inTransaction(sql, 'ledger')
    journal.commit(undefined, true)
  }

  private async statement(statement: Statement, lexis: Lexis): Promise<void> {
    this.current = statement
    this.former.refuseLost(statement)
    this.run.loose.follow(statement)
    const effect = this.run.dialect.effect(statement)
    const directive = batchOf(statement)
    if (effect !== 'autocommit' || directive || guardsOf(statement).length > 0) this.mark()
    if (effect !== 'autocommit' || guardsOf(statement).length > 0) this.commitStart()
    const begun = this.journal.position.batch
    if (begun !== undefined && !directive) throw noLongerBatched(this.step, statement.ordinal, begun)
    // what has begun because its guards held goes on
    if (guardsOf(statement).length > 0 && begun === undefined) {
      await this.journal.settle(statement.ordinal - 1, this.tokens.before())
      const holds = await this.guards.hold(statement, { state: this.standing() })
      this.journal.guard = this.guards.held
      if (!holds) return
    }
    if (directive)
      await this.batches({ statement, directive, lexis, before: this.tokens.before(), through: this.tokens.digest() })
    else if (effect === 'begin' || effect === 'commit' || effect === 'skip') this.ownTransaction(statement, effect)
    else if (statement.data) await this.copy(statement)
    else if (effect === 'plain' && !this.run.loose.changedBy(statement)) this.plain(statement)
    else await this.selfCommitting(statement, effect)
  }

  private async batches(batched: Batched): Promise<void> {
    await this.journal.settle(batched.statement.ordinal - 1, batched.before)
    const { run, step, journal } = this
    await withForeignKeys(run, step, () => new Batches(run, step, journal, batched).go())
  }

  /** In a no-transaction file the file's own BEGIN and COMMIT say what belongs together. */
  private ownTransaction(statement: Statement, effect: Effect): void {
    this.journal.held = this.oneByOne && effect === 'begin'
    if (this.journal.isOpen && effect === 'commit') this.done(statement)
  }

  private done(statement: Statement): void {
    this.journal.mark(this.behind(statement))
  }

  private behind({ ordinal }: Statement): Position {
    return { done: ordinal, running: null, prefix: this.tokens.digest() }
  }

  /** Tells the ledger of the statement that is done, where the next entry would not do so at once. */
  private mark(): void {
    if (this.unmarked) this.journal.mark(this.unmarked)
    this.unmarked = undefined
  }

  private plain(statement: Statement): void {
    const { dialect, table } = this.run
    this.journal.inTransaction(dialect.prepared(statement, table), 'statement', statement)
    if (this.oneByOne && !this.journal.held) this.done(statement)
  }

  private async selfCommitting(statement: Statement, effect: Effect): Promise<void> {
    const { journal, run } = this
    const { ordinal } = statement
    const before = this.tokens.before()
    // what is asked of the database is about what stands, settings of the session included
    if (effect === 'alone') await journal.settle(ordinal - 1, before)
    if (await this.doneBefore(statement)) return this.done(statement)
    const travelsAlone = effect === 'alone' || effect === 'opaque'
    if (effect === 'alone') await refuseForeign(run, this.step, statement, { state: this.standing(), ended: false })
    this.isNew = false
    const running = startOf(run, statement, this.tokens.digest())
    journal.mark({ done: ordinal - 1, running, prefix: before })
    if (travelsAlone) await journal.send()
    this.unmarked = this.behind(statement)
    journal.bare(run.dialect.prepared(statement, run.table), statement, this.unmarked)
    if (travelsAlone) await journal.send()
    if (effect === 'alone') await refuseForeign(run, this.step, statement, { state: this.standing(), ended: true })
    // until the next entry the catalogue tells that it is done
    if (travelsAlone || running.fingerprint === undefined) this.mark()
  }

  /** The statement at which a former run stopped may have left something, or may have been all but recorded. */
  private async doneBefore(statement: Statement): Promise<boolean> {
    const { step, run } = this
    if (!step.journal || statement.ordinal !== step.done + 1) return false
    const { row } = step.journal
    const { ordinal } = statement
    const { id, path } = step.file
    if (row.running !== ordinal) return false
    if (row.runningPrefix !== this.tokens.digest()) throw editedMeanwhile(id, statement, path)
    const outcome = await outcomeOf(run, statement, row)
    if (outcome === 'unknown') throw unknownOutcome(id, ordinal, path)
    this.doubt = null
    const message = `statement ${ordinal}, in which a former run was cut off, had ${outcome === 'done' ? 'taken effect' : 'no effect and is run again'}`
    run.emit({ type: 'note', message, at: { file: path, ...statement.place } })
    return outcome === 'done'
  }

  private async copy(statement: Statement): Promise<void> {
    await this.journal.settle(statement.ordinal - 1, this.tokens.before())
    await this.journal.begin()
    try {
      const rows = await namingBlockers(this.run, () => this.run.session.copyIn(statement.text, statement.data!))
      this.run.written.add(this.step, rows)
    } catch (error) {
      if (!(error instanceof ServerError)) throw error
      throw new UnitFailure([{ sql: '', role: 'statement', step: this.step, statement }], error)
    }
    this.done(statement)
  }

  private async sendPart(done: number, bytes: number): Promise<void> {
    if (this.journal.held) await this.journal.send()
    else await this.journal.settle(done, this.tokens.digest())
    this.run.emit({ type: 'progress', id: this.step.file.id, bytes, total: this.step.file.size })
  }

  private standing(): string {
    return standing(this.run, this.step, this.journal.position)
  }

  /** Rolls back what is open, notes why in the ledger, and gives the error to tell. */
  async failure(error: unknown): Promise<unknown> {
    const server = error instanceof UnitFailure ? error.error : error
    if (server instanceof ServerError && server.lost) return server
    if (error instanceof UnitFailure && error.unit.role === 'check') return this.moved(error)
    const told = error instanceof EditedMeanwhile ? await withDiff(error, this.run, this.step) : this.told(error)
    const open = this.halfDone(error) ?? (await this.leaving(error))
    await this.journal.stop(told instanceof Error ? told.message : String(told), open?.ordinal ?? this.doubt)
    if (!(told instanceof SqlmigError) || told instanceof MigrationError) return told
    return new MigrationError(this.step.file.id, undefined, told)
  }

  /** The statement that failed, where what it left could not be cleared away at once: the next run does. */
  private async leaving(error: unknown): Promise<Statement | undefined> {
    const statement = error instanceof UnitFailure ? error.unit.statement : undefined
    if (!statement || this.run.dialect.effect(statement) !== 'alone') return undefined
    const cleared = await clearAfterFailure(this.run, statement).catch(() => false)
    return cleared ? undefined : statement
  }

  private async moved({ error }: UnitFailure): Promise<LedgerMoved> {
    await this.run.session.exec([this.run.dialect.transaction.rollback]).catch(() => undefined)
    return new LedgerMoved(error.message, { cause: error })
  }

  /** The statement whose outcome nobody can tell; undefined where a failure means that it had no effect. */
  private halfDone(error: unknown): Statement | undefined {
    const statement = error instanceof UnitFailure ? error.unit.statement : undefined
    return statement && mayStandInPart(this.run, statement) ? statement : undefined
  }

  private told(error: unknown): unknown {
    const { run, step, journal } = this
    if (run.signal?.aborted) return interrupted().with({ state: this.standing() })
    if (!(error instanceof UnitFailure)) return error
    if (isLockLost(error, run)) return lockLost(this.standing(), error.error)
    const statement = error.unit.statement ?? this.current
    if (!statement) return error.error
    const aftermath = this.halfDone(error)
      ? doubtful(this.standing(), statement, step.file.id)
      : resumable(this.standing(), journal.position)
    const { about } = error.unit
    return statementFailure(step, statement, asWritten(error), run.dialect, { ...aftermath, about })
  }
}
