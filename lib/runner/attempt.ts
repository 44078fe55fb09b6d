import { statementsOf } from '../chain/examine.ts'
import type { FileText } from '../chain/file-text.ts'
import { type Row, ServerError } from '../drivers/driver.ts'
import { SqlmigError } from '../errors.ts'
import { Bulk } from '../text/bulk.ts'
import type { CopyData, Statement } from '../text/split.ts'
import { AppliedRows } from './applied-rows.ts'
import { namingBlockers } from './blockers.ts'
import { Bystanders } from './bystanders.ts'
import { confirmApplied, confirmation } from './confirm.ts'
import { notCreated, unitsOfCreation } from './create-ledger.ts'
import { codeOf, MigrationError, refuseChangedFile, remedyFor, rolledBack, statementFailure } from './failure.ts'
import { ForeignKeyWatch } from './foreign-keys.ts'
import { Guards, guardsOf } from './guards.ts'
import { LedgerMoved, lockLost, openingOf } from './lock.ts'
import type { Unit } from './messages.ts'
import { isLockLost, Messages, UnitFailure } from './messages.ts'
import type { Patience } from './patience.ts'
import type { PlanStep } from './plan.ts'
import type { Run } from './run.ts'
import { interrupted, timeoutsOf } from './run.ts'
import { SharedTransaction } from './shared-transaction.ts'
import type { TransactionalOptions } from './transactional.ts'

/** Statements that the runner's own transaction takes the place of. */
const replaced = ['begin', 'commit', 'skip']

/** Of quick migrations, how many go by before the server tells where it is. */
const tellEvery = 8

export interface AttemptOptions extends TransactionalOptions {
  readonly patience: Patience
  /** Each has a transaction of its own. */
  readonly apart: boolean
}

/** What belongs to the reading of a file. */
interface Reading {
  readonly step: PlanStep
  readonly text: FileText
  readonly guards: Guards
}

/** What the failure of an attempt means. */
export type Verdict =
  /** Another runner holds the lock. */
  | { readonly kind: 'locked' }
  /** The server refused the whole message for one of its migrations: those before it have to be sent again. */
  | { readonly kind: 'resend'; readonly before: number; readonly error: unknown }
  /** A transaction that several had in common is gone: each has to be run in one of its own, and to fail by itself. */
  | { readonly kind: 'apart' }
  | { readonly kind: 'retry'; readonly error: MigrationError }
  | { readonly kind: 'final'; readonly error: unknown }

/**
 * One try at a row of migrations, up to the first that fails. They share messages, each with its own BEGIN and COMMIT, and
 * while the server works on one message the next is collected; or transactions, each with its own savepoint.
 */
export class Attempt {
  /** How many are committed. */
  committed = 0
  private readonly run: Run
  private readonly steps: readonly PlanStep[]
  private readonly options: AttemptOptions
  private readonly messages: Messages
  private readonly keys: ForeignKeyWatch
  private readonly bystanders: Bystanders
  private readonly rows: AppliedRows
  private readonly shared: SharedTransaction
  /** The message under way. */
  private flight: Promise<void> | undefined
  /** When the migration at hand began, by the client's clock in milliseconds. */
  private openedAt = 0
  /** The whole time-out of a lock, and whether that is the one in force. */
  private patientFor = 0
  private isPatient = false
  /** Takes back what the file at hand has set. */
  private readonly undo: string[] = []
  private current: PlanStep | undefined

  constructor(run: Run, steps: readonly PlanStep[], options: AttemptOptions) {
    this.run = run
    this.steps = steps
    this.options = options
    this.messages = new Messages(run)
    this.keys = new ForeignKeyWatch(run)
    this.bystanders = new Bystanders(run)
    this.rows = new AppliedRows(run, options.lastSeq, options.apart ? 1 : steps.length)
    this.shared = new SharedTransaction(run, options.apart)
  }

  async go(): Promise<void> {
    try {
      if (this.options.create) this.messages.add(...unitsOfCreation(this.run))
      for (const [index, step] of this.steps.entries()) {
        this.current = step
        await this.migration(step, index)
      }
      if (this.options.atomic) this.commit(this.steps.at(-1)!)
      await this.send()
    } catch (error) {
      // the server may be at work on what came before
      await this.landed()
      await this.sendWhole(error)
      throw error
    }
  }

  /** When the server came to the migration that failed, by the client's clock in milliseconds. */
  get reachedAt(): number {
    return this.messages.reachedAt
  }

  private async migration(step: PlanStep, index: number): Promise<void> {
    const { dialect } = this.run
    await this.begin(step, index)
    if (dialect.foreignKeys) {
      await this.send()
      await this.bystanders.begin(step)
    }
    await this.statements(step)
    this.record(step, index)
    if (dialect.foreignKeys) {
      await this.send()
      await this.bystanders.end(step, this.rolledBack(step))
      await this.keys.end(step, this.rolledBack(step))
    }
    await this.end(step)
  }

  private async begin(step: PlanStep, index: number): Promise<void> {
    const { atomic } = this.options
    const { dialect } = this.run
    this.openedAt = Date.now()
    this.run.written.begin(step)
    if (atomic && index > 0) return
    if (dialect.stretches === 'message') {
      if (step.file.travelsAlone) await this.send()
      await this.open(step)
    } else if (atomic) await this.open(step)
    else await this.share(step)
    if (index > 0 && !this.messages.isEmpty && this.isWorthTelling(step, index))
      for (const sql of dialect.transaction.tell) this.messages.add({ sql, role: 'setting', step })
    this.messages.add(...this.rows.check(step, index))
  }

  /** To tell how far a message is costs as much as a quick migration: of those some suffice. */
  private isWorthTelling({ file }: PlanStep, index: number): boolean {
    return file.pace !== 'quick' || index % tellEvery === 0
  }

  private async open(step: PlanStep): Promise<void> {
    const { dialect, settings } = this.run
    await this.keys.begin(step)
    this.patientFor = timeoutsOf(step.file.directives, settings).lockTimeout
    const timeouts = dialect.queuesBehindDdl
      ? this.options.patience.timeouts(step.file.directives)
      : timeoutsOf(step.file.directives, settings)
    this.isPatient = timeouts.lockTimeout === this.patientFor
    for (const sql of openingOf(this.run, timeouts)) this.messages.add({ sql, role: 'open', step })
  }

  /** Opens a transaction that others may share, or goes on in it. */
  private async share(step: PlanStep): Promise<void> {
    if (await this.shared.endsBefore(step)) {
      await this.commitShared()
      await this.open(step)
      this.shared.opened(this.openedAt)
    }
    this.messages.add({ sql: this.run.dialect.transaction.savepoint!.set, role: 'savepoint', step })
  }

  private async end(step: PlanStep): Promise<void> {
    if (this.options.atomic) return
    if (!this.shared.isOpen) {
      this.commit(step)
      if (this.messages.isFullOfMigrations) await this.launch()
      else if (this.flight) await breath()
      return
    }
    this.messages.add({ sql: this.run.dialect.transaction.savepoint!.release, role: 'release', step })
    await this.send()
    if (this.shared.isDue || step === this.steps.at(-1)) await this.commitShared()
  }

  private async commitShared(): Promise<void> {
    if (!this.shared.isOpen) return
    this.shared.closed()
    this.commit(this.steps[this.committed + this.shared.whole - 1]!)
    await this.send()
  }

  private async statements(step: PlanStep): Promise<void> {
    const { dialect, lexis, table } = this.run
    const { text, statements } = statementsOf(step.file, lexis)
    const guards = new Guards(this.run, step)
    for (const statement of statements.pieces()) {
      if (statement instanceof Bulk) {
        await this.bulk(statement.kept(), step, text)
        continue
      }
      if (replaced.includes(dialect.effect(statement) as string)) this.replace(step, statement)
      else if (guardsOf(statement).length > 0 || statement.data)
        await this.separately(statement, { step, text, guards })
      else this.messages.add({ sql: dialect.prepared(statement, table), role: 'statement', step, statement })
      this.keys.follow(statement)
      this.grownPatient(step, statement)
      const undo = dialect.undo(statement)
      if (undo !== undefined) this.undo.push(undo)
      if (this.messages.isFull) await this.sendPart(step, text)
    }
    refuseChangedFile(step.file, text, this.rolledBack(step))
  }

  /** INSERTs, which are like the one before them: that has been looked at. */
  private async bulk(bulk: Bulk, step: PlanStep, text: FileText): Promise<void> {
    if (this.messages.takes(bulk)) {
      this.messages.add({ sql: '', role: 'statement', step, bulk })
      if (this.messages.isFull) await this.sendPart(step, text)
      return
    }
    for (let index = 0; index < bulk.count; index++) {
      const statement = bulk.statement(index)
      this.messages.add({ sql: statement.text, role: 'statement', step, statement })
      if (this.messages.isFull) await this.sendPart(step, text)
    }
  }

  private grownPatient(step: PlanStep, statement: Statement): void {
    if (this.isPatient) return
    const sql = this.run.dialect.transaction.patiently(statement, this.patientFor)
    if (sql === undefined) return
    this.isPatient = true
    this.messages.add({ sql, role: 'setting', step })
  }

  private replace(step: PlanStep, { place, text }: Statement): void {
    const message = `"${text.slice(0, 60)}" is not run: the transaction of sqlmig takes its place`
    this.run.emit({ type: 'note', message, at: { file: step.file.path, ...place } })
  }

  private async separately(statement: Statement, { step, text, guards }: Reading): Promise<void> {
    const { dialect, session, table } = this.run
    await this.send()
    if (!(await guards.hold(statement, { state: this.rolledBack(step) }))) return
    if (!statement.data) {
      this.messages.add({ sql: dialect.prepared(statement, table), role: 'statement', step, statement })
      return
    }
    try {
      const data = this.feeding(statement.data, step, text)
      this.run.written.add(step, await namingBlockers(this.run, () => session.copyIn(statement.text, data)))
    } catch (error) {
      throw error instanceof ServerError
        ? new UnitFailure([{ sql: '', role: 'statement', step, statement }], error)
        : error
    }
  }

  private async sendPart(step: PlanStep, text: FileText): Promise<void> {
    await this.launch()
    // what the system has not taken at once of a large message goes out before the next one is collected
    await breath()
    this.progress(step, text)
  }

  private *feeding(data: Iterable<CopyData>, step: PlanStep, text: FileText): Generator<CopyData> {
    for (const piece of data) {
      yield piece
      this.progress(step, text)
    }
  }

  private progress({ file }: PlanStep, { bytes }: FileText): void {
    this.run.emit({ type: 'progress', id: file.id, bytes, total: file.size })
  }

  /** The ledger's row, in the session as it was before the migration: a file's own settings end with it. */
  private record(step: PlanStep, index: number): void {
    for (const sql of [...this.run.facts.restore, ...this.undo.splice(0)])
      this.messages.add({ sql, role: 'setting', step })
    this.messages.add(...this.rows.row(step, index, this.openedAt))
  }

  private commit(step: PlanStep): void {
    for (const sql of this.run.fence ?? []) this.messages.add({ sql, role: 'fence', step })
    this.messages.add({ sql: this.run.dialect.transaction.commit, role: 'commit', step })
  }

  /** Sends what was collected, and waits for the answer. */
  private async send(): Promise<void> {
    await this.launch()
    await this.landed()
  }

  /** Sends what was collected when the message before it is answered; the next can be collected meanwhile. */
  private async launch(): Promise<void> {
    await this.landed()
    this.messages.add(...this.rows.close())
    const done = this.committedBy(this.messages.committing)
    if (done.length > 0) this.messages.add({ sql: confirmation(this.run, done), role: 'question', step: undefined })
    this.flight = this.messages.send().then(({ units, rows }) => {
      this.shared.follow(units)
      return this.settle(units, done.length > 0 ? rows : undefined)
    })
    this.flight.catch(() => undefined) // told by `landed`
    await breath()
  }

  private async landed(): Promise<void> {
    const { flight } = this
    this.flight = undefined
    await flight
  }

  /** What is whole is not held up by a migration that cannot be sent. */
  private async sendWhole(error: unknown): Promise<void> {
    if (error instanceof UnitFailure || error instanceof ServerError || this.run.signal?.aborted) return
    if (this.options.atomic || this.shared.isOpen) return
    this.messages.drop(this.current!)
    if (this.messages.committing.length === 0) this.rows.forget()
    await this.send()
  }

  /** Migrations that COMMITs of these commit. */
  private committedBy(committing: readonly PlanStep[]): readonly PlanStep[] {
    const last = committing.at(-1)
    return last === undefined ? [] : this.steps.slice(this.committed, this.steps.indexOf(last) + 1)
  }

  /** Tells of the migrations whose COMMIT is among the units that took effect. */
  private async settle(units: readonly Unit[], answer?: readonly Row[]): Promise<void> {
    const done = this.committedBy(units.filter(({ role }) => role === 'commit').map(({ step }) => step!))
    this.committed += done.length
    await confirmApplied(this.run, done, answer)
  }

  private rolledBack(step: PlanStep): string {
    return this.options.atomic
      ? 'the whole plan was rolled back'
      : rolledBack(step.file.id, this.options.appliedBefore + this.steps.indexOf(step))
  }

  /** Rolls back, and tells what a failure means for the run. */
  async verdict(error: unknown): Promise<Verdict> {
    if (error instanceof UnitFailure && error.error.lost) return { kind: 'final', error: error.error }
    const before = error instanceof UnitFailure ? error.before : []
    this.shared.follow(before)
    const isKept = await this.keepWhole(error)
    await this.run.session.query(this.run.dialect.transaction.rollback).catch(() => undefined)
    await this.settle(before)
    if (!isKept && !this.run.signal?.aborted) return { kind: 'apart' }
    return error instanceof UnitFailure ? this.unitVerdict(error) : { kind: 'final', error: this.named(error) }
  }

  /** False where migrations that were whole are lost with the one that failed. */
  private async keepWhole(error: unknown): Promise<boolean> {
    const { whole } = this.shared
    if (whole === 0) return true
    // a COMMIT is that of all
    if (error instanceof UnitFailure && error.unit.role === 'commit') return whole === 1
    if (!(await this.shared.keep())) return false
    const done = this.steps.slice(this.committed, this.committed + whole)
    this.committed += whole
    await confirmApplied(this.run, done)
    return true
  }

  private unitVerdict(failure: UnitFailure): Verdict {
    const { unit, error } = failure
    const { dialect, signal } = this.run
    // a file may take away the statements that are to write its row
    if ((unit.role === 'ledger' || unit.role === 'check') && dialect.prepares?.gone.includes(error.code))
      return { kind: 'apart' }
    if (unit.role === 'check')
      return { kind: 'final', error: new LedgerMoved('the ledger has moved on', { cause: error }) }
    if (unit.role === 'open' && dialect.isRetryable(error.code)) return { kind: 'locked' }
    if (unit.role === 'create') return { kind: 'final', error: notCreated(this.run, error) }
    if (signal?.aborted) return { kind: 'final', error: this.named(interrupted()) }
    if (unit.role === 'question') return { kind: 'final', error }
    if (isLockLost(failure, this.run)) {
      return { kind: 'final', error: this.named(lockLost(this.rolledBack(unit.step!), error)) }
    }
    const told = this.told(failure)
    const before = this.steps.indexOf(unit.step!) - this.committed
    if (error.nothingRan && before > 0) return { kind: 'resend', before, error: told }
    return told.code === 'lock-timeout' ? { kind: 'retry', error: told } : { kind: 'final', error: told }
  }

  private told({ unit, error }: UnitFailure): MigrationError {
    const step = unit.step ?? this.current!
    const state = this.rolledBack(step)
    if (unit.statement) return statementFailure(step, unit.statement, error, this.run.dialect, { state })
    const where = unit.role === 'commit' ? 'at its COMMIT' : 'while it was recorded'
    const code = codeOf(error, this.run.dialect)
    const plain = new SqlmigError(code, `the migration failed ${where}: ${error.message} (${error.code})`, {
      at: { file: step.file.path },
      state,
      remedy: remedyFor(code, cureOf(unit)),
      server: error.code,
      cause: error,
    })
    return new MigrationError(step.file.id, undefined, plain)
  }

  private named(error: unknown): unknown {
    if (!(error instanceof SqlmigError) || error instanceof MigrationError || !this.current) return error
    if (error.code !== 'interrupted') return new MigrationError(this.current.file.id, undefined, error)
    // what was collected for one message is not run at all
    const step = this.steps[this.committed] ?? this.current
    return new MigrationError(step.file.id, undefined, error.with({ state: this.rolledBack(step) }))
  }
}

function cureOf({ role }: Unit): string {
  return `see to what the message names${role === 'commit' ? ' (a deferred constraint, say)' : ''}`
}

/** Lets messages go out and come in. */
function breath(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
