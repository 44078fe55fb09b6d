import { createHash } from 'node:crypto'
import { hasDirective, statementsOf } from '../chain/examine.ts'
import type { Effect } from '../dialects/dialect.ts'
import { ServerError } from '../drivers/driver.ts'
import { SqlmigError } from '../errors.ts'
import type { Position } from '../ledger/write.ts'
import { finishJournal, insertRow, moveJournal, noteFailure } from '../ledger/write.ts'
import type { Statement } from '../text/split.ts'
import type { Role, Unit } from './batch.ts'
import { Batch, UnitFailure } from './batch.ts'
import { bodyOf, confirmApplied } from './confirm.ts'
import type { Aftermath } from './failure.ts'
import { MigrationError, statementFailure } from './failure.ts'
import { guardsHold, guardsOf } from './guards.ts'
import type { PlanStep } from './plan.ts'
import type { Run } from './run.ts'
import { interrupted, pause, pauseBefore, timeoutsOf } from './run.ts'
import { refuseChangedFile } from './transactional.ts'

/**
 * Applies one migration that cannot be rolled back as a whole: statement by statement, with a journal in the ledger
 * that says how far it got. Statements that can be rolled back travel in one transaction with their journal entry; one
 * that commits by itself has its start journaled before and its end after. The session must hold the lock.
 *
 * @param seq the number of the migration's row: a new one, or that of the run that it resumes
 * @throws MigrationError
 */
export async function applyJournaled(run: Run, step: PlanStep, seq: number): Promise<void> {
  await new JournaledRun(run, step, seq).go()
}

class JournaledRun {
  private readonly run: Run
  private readonly step: PlanStep
  private readonly seq: number
  private readonly batch: Batch
  private readonly tokens = createHash('sha256')
  /** Every statement is committed by itself. */
  private readonly oneByOne: boolean
  /** Inside the file's own BEGIN … COMMIT. */
  private inOwn = false
  /** A transaction is open in the units collected. */
  private open = false
  private current: Statement | undefined
  /** Where the ledger stands. */
  private position: Position
  private attempts = 0

  constructor(run: Run, step: PlanStep, seq: number) {
    this.run = run
    this.step = step
    this.seq = seq
    this.batch = new Batch(run.session, run.signal)
    this.oneByOne = hasDirective(step.file, 'no-transaction')
    this.position = { done: step.done, running: null, prefix: step.journal?.row.prefix ?? this.digest() }
  }

  async go(): Promise<void> {
    const { run, step } = this
    const { id, path } = step.file
    run.emit({ type: 'start', id, file: path, resumedAt: step.journal ? step.done + 1 : undefined })
    try {
      await this.start()
      await this.statements()
      await this.send()
    } catch (error) {
      throw await this.failure(error)
    } finally {
      await run.session.exec(run.facts.restore.length > 0 ? run.facts.restore : ['SELECT 1']).catch(() => undefined)
    }
    await confirmApplied(run, [step])
  }

  private async start(): Promise<void> {
    const { run, step } = this
    const { transaction } = run.dialect
    const timeouts = timeoutsOf(step.file.directives, run.settings)
    for (const sql of transaction.settings(timeouts)) this.add(sql, 'setting')
    if (!step.journal) {
      const { file } = step
      const row = {
        seq: this.seq,
        event: 'started',
        id: file.id,
        statements: file.statements,
        done: 0,
        checksum: file.checksum,
        tokens: file.tokens,
        file: file.path,
        body: bodyOf(file),
      } as const
      this.inTransaction(insertRow(run.dialect, run.table, row, run.author), 'ledger')
      this.commit()
    }
    await this.send()
  }

  private async statements(): Promise<void> {
    const { run, step } = this
    const { text, statements } = statementsOf(
      step.file,
      run.lexis,
      (piece, kind) => kind === 'sql' && this.tokens.update(piece),
    )
    let before = this.digest()
    for (const statement of statements) {
      if (statement.ordinal === step.done + 1) this.refuseOtherBeginning(before)
      if (statement.ordinal > step.done) await this.statement(statement, before)
      else for (const _ of statement.data ?? []);
      before = this.digest()
      if (this.batch.isFull) await this.sendPart(statement.ordinal, before, text.bytes)
    }
    if (step.done >= step.file.statements) this.refuseOtherBeginning(before)
    refuseChangedFile(step.file, text, this.standing())
    const { file } = step
    const row = { done: file.statements, checksum: file.checksum, tokens: file.tokens, body: bodyOf(file) }
    this.inTransaction(finishJournal(run.dialect, run.table, this.seq, row), 'ledger')
    this.commit()
  }

  private digest(): string {
    return this.tokens.copy().digest('hex')
  }

  private async statement(statement: Statement, before: string): Promise<void> {
    this.current = statement
    const effect = this.run.dialect.effect(statement)
    if (guardsOf(statement).length > 0) {
      await this.settle(statement.ordinal - 1, before)
      if (!(await guardsHold(this.run, this.step, statement, this.aftermath()))) return
    }
    if (effect === 'begin' || effect === 'commit' || effect === 'skip') this.ownTransaction(statement, effect)
    else if (statement.data) await this.copy(statement, before)
    else if (effect === 'plain') this.plain(statement)
    else await this.selfCommitting(statement, before, effect)
  }

  /** In a no-transaction file the file's own BEGIN and COMMIT say what belongs together. */
  private ownTransaction(statement: Statement, effect: Effect): void {
    this.inOwn = this.oneByOne && effect === 'begin'
    if (this.open && effect === 'commit')
      this.journal({ done: statement.ordinal, running: null, prefix: this.digest() })
  }

  private plain(statement: Statement): void {
    const { dialect, table } = this.run
    this.inTransaction(dialect.prepared(statement, table), 'statement', statement)
    if (this.oneByOne && !this.inOwn) this.journal({ done: statement.ordinal, running: null, prefix: this.digest() })
  }

  private async selfCommitting(statement: Statement, before: string, effect: Effect): Promise<void> {
    const { dialect, table } = this.run
    const { ordinal } = statement
    this.journal({ done: ordinal - 1, running: ordinal, prefix: before })
    const travelsAlone = effect === 'alone' || effect === 'opaque'
    if (travelsAlone) await this.send()
    this.add(dialect.prepared(statement, table), 'statement', statement)
    if (travelsAlone) await this.send()
    this.journal({ done: ordinal, running: null, prefix: this.digest() })
  }

  private async copy(statement: Statement, before: string): Promise<void> {
    const { session, dialect } = this.run
    await this.settle(statement.ordinal - 1, before)
    if (dialect.transaction.begin) await session.exec([dialect.transaction.begin])
    try {
      await session.copyIn(statement.text, statement.data!)
    } catch (error) {
      throw error instanceof ServerError
        ? new UnitFailure([{ sql: '', role: 'statement', step: this.step, statement }], error)
        : error
    }
    this.open = true
    this.journal({ done: statement.ordinal, running: null, prefix: this.digest() })
  }

  /** Commits what is open, so that all before a point stands. */
  private async settle(done: number, prefix: string): Promise<void> {
    if (this.open) this.journal({ done, running: null, prefix })
    await this.send()
  }

  private async sendPart(done: number, prefix: string, bytes: number): Promise<void> {
    if (this.inOwn) await this.send()
    else await this.settle(done, prefix)
    this.run.emit({ type: 'progress', id: this.step.file.id, bytes, total: this.step.file.size })
  }

  private inTransaction(sql: string, role: Role, statement?: Statement): void {
    const { begin } = this.run.dialect.transaction
    if (!this.open && begin) this.add(begin, 'setting')
    this.open = true
    this.add(sql, role, statement)
  }

  private journal(position: Position): void {
    const { dialect, table } = this.run
    this.inTransaction(moveJournal(dialect, table, this.seq, position), 'ledger')
    this.commit(position)
  }

  private commit(position?: Position): void {
    this.add(this.run.dialect.transaction.commit, 'commit', undefined, position)
    this.open = false
  }

  private add(sql: string, role: Role, statement?: Statement, position?: Position): void {
    this.batch.add({
      sql,
      role,
      step: this.step,
      ...(statement ? { statement } : {}),
      ...(position ? { position } : {}),
    })
  }

  /** Sends what was collected, again and again where a lock was not to be had, from behind the last COMMIT on. */
  private async send(): Promise<void> {
    for (;;) {
      try {
        this.moved(await this.batch.send())
        this.attempts = 0
        return
      } catch (error) {
        if (!(error instanceof UnitFailure) || !(await this.mayRetry(error))) throw error
      }
    }
  }

  private moved(units: readonly Unit[]): void {
    for (const { position } of units) if (position) this.position = position
  }

  private async mayRetry(failure: UnitFailure): Promise<boolean> {
    const { run } = this
    this.moved(failure.before)
    const { error, before, after } = failure
    if (error.lost || run.signal?.aborted || !run.dialect.isRetryable(error.code)) return false
    if (this.attempts >= run.settings.lockRetries) return false
    const lastCommit = before.findLastIndex(({ role }) => role === 'commit')
    // what was sent in an earlier message of the same transaction is gone with it
    if (lastCommit < 0 && this.inOwn) return false
    const pauseMs = pauseBefore(this.attempts++)
    run.emit({ type: 'retry', id: this.step.file.id, message: error.message, pauseMs, attempt: this.attempts })
    await run.session.exec([run.dialect.transaction.rollback])
    await pause(pauseMs, run.signal)
    this.batch.add(...before.slice(lastCommit + 1), ...after)
    return true
  }

  private refuseOtherBeginning(prefix: string): void {
    const { done, journal, file } = this.step
    if (!journal || done === 0 || prefix === journal.row.prefix) return
    throw new SqlmigError(
      'partial',
      `${file.id} was edited above the point that a former run has reached: its first ${done} statements are not those that ran`,
      {
        at: { file: file.path },
        state: `statements 1 to ${done} of the former text stand; nothing was run now`,
        remedy: `put those statements back ("sqlmig show ${file.id}" prints what ran)`,
      },
    )
  }

  private async failure(error: unknown): Promise<unknown> {
    const { run, step } = this
    if (error instanceof UnitFailure && error.error.lost) return error.error
    if (error instanceof ServerError && error.lost) return error
    const { session, dialect } = run
    await session.exec([dialect.transaction.rollback]).catch(() => undefined)
    const told = this.told(error)
    const note = told instanceof Error ? told.message : String(told)
    const outcome = { note, running: this.halfDone(error) }
    const units = [noteFailure(dialect, run.table, this.seq, outcome), dialect.transaction.commit]
    await session.exec(dialect.transaction.begin ? [dialect.transaction.begin, ...units] : units).catch(() => undefined)
    return told instanceof SqlmigError && !(told instanceof MigrationError)
      ? new MigrationError(step.file.id, undefined, told)
      : told
  }

  /** The statement whose outcome nobody can tell; null where a failure means that it had no effect. */
  private halfDone(error: unknown): number | null {
    const statement = error instanceof UnitFailure ? error.unit.statement : undefined
    return statement && this.run.dialect.effect(statement) === 'opaque' ? statement.ordinal : null
  }

  private told(error: unknown): unknown {
    const { run, step } = this
    if (run.signal?.aborted) return interrupted().with({ state: this.standing() })
    if (!(error instanceof UnitFailure)) return error
    const statement = error.unit.statement ?? this.current
    return statement
      ? statementFailure(step, statement, error.error, run.dialect, this.aftermath(statement))
      : error.error
  }

  private aftermath(statement = this.current): Aftermath {
    const next = this.position.done + 1
    return {
      state: this.standing(),
      ...(statement
        ? {
            remedy: `correct line ${statement.place.line}, then run "sqlmig up" again: it goes on at statement ${next}`,
          }
        : {}),
    }
  }

  private doubt({ ordinal }: Statement): Aftermath {
    const { id } = this.step.file
    return {
      state: `${this.standing()}; statement ${ordinal} runs code that may have done and committed a part of its work`,
      remedy: `look at the database, then say "sqlmig resolve ${id} --through ${ordinal}" if it is done, or "--through ${ordinal - 1}" to run it again`,
    }
  }

  private standing(): string {
    const { done } = this.position
    const { dialect, facts } = this.run
    const why = this.oneByOne
      ? 'the file runs without a transaction'
      : `${facts.version.split(' ')[0] ?? dialect.title} commits DDL by itself`
    if (done === 0) return `none of its statements took effect`
    return `${done === 1 ? 'statement 1 stands' : `statements 1 to ${done} stand`} (${why}); what came after was rolled back or not run`
  }
}
