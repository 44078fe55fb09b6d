import type { Examined } from '../chain/examine.ts'
import { statementsOf } from '../chain/examine.ts'
import type { FileText } from '../chain/file-text.ts'
import { ServerError } from '../drivers/driver.ts'
import { SqlmigError } from '../errors.ts'
import { insertRow } from '../ledger/write.ts'
import type { Statement } from '../text/split.ts'
import { namingBlockers } from './blockers.ts'
import { Bystanders } from './bystanders.ts'
import { bodyOf, confirmApplied } from './confirm.ts'
import { codeOf, MigrationError, remedyFor, rolledBack, statementFailure } from './failure.ts'
import { ForeignKeyWatch } from './foreign-keys.ts'
import { Guards, guardsOf } from './guards.ts'
import { lockLost, openingOf } from './lock.ts'
import { LockWait } from './lock-wait.ts'
import type { Unit } from './messages.ts'
import { isLockLost, Messages, UnitFailure } from './messages.ts'
import { Patience } from './patience.ts'
import type { PlanStep } from './plan.ts'
import type { Run } from './run.ts'
import { interrupted, timeoutsOf } from './run.ts'

/** The ledger is not where the plan found it: somebody else has applied something meanwhile. */
export class LedgerMoved extends Error {}

/** Statements that the runner's own transaction takes the place of. */
const replaced = ['begin', 'commit', 'skip']

interface AttemptOptions extends TransactionalOptions {
  readonly patience: Patience
}

export interface TransactionalOptions {
  /** The ledger's last row. */
  readonly lastSeq: number
  /** Migrations that this run has applied before these. */
  readonly appliedBefore: number
  /** One transaction around all of them. */
  readonly atomic: boolean
}

/**
 * Applies migrations that can be rolled back, each with its ledger row in a transaction of its own, several in one
 * message where the dialect lets them travel together. Tries again what failed for want of a lock.
 *
 * @throws LedgerMoved, MigrationError
 */
export async function applyTransactional(
  run: Run,
  steps: readonly PlanStep[],
  options: TransactionalOptions,
): Promise<void> {
  const wait = new LockWait(run)
  const patience = new Patience(run)
  let committed = 0
  let until = steps.length
  let stored: unknown
  while (committed < until) {
    const attempt = new Attempt(run, steps.slice(committed, until), {
      ...options,
      lastSeq: options.lastSeq + committed,
      appliedBefore: options.appliedBefore + committed,
      patience,
    })
    const began = Date.now()
    try {
      await attempt.go()
      committed += attempt.committed
    } catch (error) {
      const verdict = await attempt.verdict(error)
      committed += attempt.committed
      if (attempt.committed > 0) {
        patience.reset()
        wait.reset()
      }
      if (verdict.kind === 'locked') await wait.once()
      else if (verdict.kind === 'resend') {
        until = committed + verdict.before
        stored = verdict.error
      } else if (verdict.kind === 'retry' && !patience.isExhausted)
        await patience.wait(verdict.error.id, verdict.error, Date.now() - began)
      else throw verdict.error
    }
  }
  if (stored) throw stored
}

type Verdict =
  /** Another runner holds the lock. */
  | { readonly kind: 'locked' }
  /** The server refused the whole message for one of its migrations: those before it have to be sent again. */
  | { readonly kind: 'resend'; readonly before: number; readonly error: unknown }
  | { readonly kind: 'retry'; readonly error: MigrationError }
  | { readonly kind: 'final'; readonly error: unknown }

/** What belongs to the reading of a file. */
interface Reading {
  readonly step: PlanStep
  readonly text: FileText
  readonly guards: Guards
}

/** One try at a row of migrations, up to the first that fails. */
class Attempt {
  /** How many are committed. */
  committed = 0
  private readonly run: Run
  private readonly steps: readonly PlanStep[]
  private readonly options: AttemptOptions
  private readonly messages: Messages
  private readonly keys: ForeignKeyWatch
  private readonly bystanders: Bystanders
  private openedAt = 0
  /** The whole time-out of a lock, and whether that is the one in force. */
  private whole = 0
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
  }

  async go(): Promise<void> {
    for (const [index, step] of this.steps.entries()) {
      this.current = step
      await this.migration(step, index)
    }
    if (this.options.atomic) this.commit(this.steps.at(-1)!)
    await this.send()
  }

  private async migration(step: PlanStep, index: number): Promise<void> {
    const { dialect } = this.run
    this.run.emit({ type: 'start', id: step.file.id, file: step.file.path, resumedAt: undefined })
    if (index === 0 || !this.options.atomic) {
      if (!dialect.stretches || step.file.travelsAlone) await this.send()
      await this.open(step, index)
    }
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
    if (!this.options.atomic) this.commit(step)
    if (this.messages.isFull || !dialect.stretches) await this.send()
  }

  private async open(step: PlanStep, index: number): Promise<void> {
    const { dialect, table, settings } = this.run
    await this.keys.begin(step)
    this.openedAt = Date.now()
    this.whole = timeoutsOf(step.file.directives, settings).lockTimeout
    const timeouts = dialect.queuesBehindDdl
      ? this.options.patience.timeouts(step.file.directives)
      : timeoutsOf(step.file.directives, settings)
    this.isPatient = timeouts.lockTimeout === this.whole
    for (const sql of openingOf(this.run, dialect.transaction.open(timeouts)))
      this.messages.add({ sql, role: 'open', step })
    this.messages.add({ sql: dialect.transaction.check(table, this.options.lastSeq + index), role: 'check', step })
  }

  private async statements(step: PlanStep): Promise<void> {
    const { dialect, lexis, table } = this.run
    const { text, statements } = statementsOf(step.file, lexis)
    const guards = new Guards(this.run, step)
    for (const statement of statements) {
      if (replaced.includes(dialect.effect(statement) as string)) this.replace(step, statement)
      else if (guardsOf(statement).length > 0 || statement.data)
        await this.separately(statement, { step, text, guards })
      else this.messages.add({ sql: dialect.prepared(statement, table), role: 'statement', step, statement })
      this.grownPatient(step, statement)
      const undo = dialect.undo(statement)
      if (undo !== undefined) this.undo.push(undo)
      if (this.messages.isFull) await this.sendPart(step, text)
    }
    refuseChangedFile(step.file, text, this.rolledBack(step))
  }

  private grownPatient(step: PlanStep, statement: Statement): void {
    if (this.isPatient) return
    const sql = this.run.dialect.transaction.patiently(statement, this.whole)
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
      await namingBlockers(this.run, () => session.copyIn(statement.text, data), { isLarge: true })
    } catch (error) {
      throw error instanceof ServerError
        ? new UnitFailure([{ sql: '', role: 'statement', step, statement }], error)
        : error
    }
  }

  private async sendPart(step: PlanStep, text: FileText): Promise<void> {
    await this.settle(await this.messages.sendAhead())
    this.progress(step, text)
  }

  private *feeding(data: Iterable<string>, step: PlanStep, text: FileText): Generator<string> {
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
    const { dialect, table, author, facts } = this.run
    const { file } = step
    for (const sql of [...facts.restore, ...this.undo.splice(0)]) this.messages.add({ sql, role: 'setting', step })
    const row = {
      seq: this.options.lastSeq + index + 1,
      event: 'applied',
      id: file.id,
      statements: file.statements,
      done: file.statements,
      checksum: file.checksum,
      tokens: file.tokens,
      file: file.path,
      body: bodyOf(file),
      duration: dialect.ledger.elapsed({ at: this.openedAt, table, lastSeq: this.options.lastSeq + index }),
    } as const
    this.messages.add({ sql: insertRow(dialect, table, row, author), role: 'ledger', step })
  }

  private commit(step: PlanStep): void {
    for (const sql of this.run.fence ?? []) this.messages.add({ sql, role: 'fence', step })
    this.messages.add({ sql: this.run.dialect.transaction.commit, role: 'commit', step })
  }

  private async send(): Promise<void> {
    const { units } = await this.messages.send()
    await this.settle(units)
  }

  /** Tells of the migrations whose COMMIT is among the units that took effect. */
  private async settle(units: readonly Unit[]): Promise<void> {
    const done = units.filter(({ role }) => role === 'commit').map(({ step }) => step!)
    if (done.length === 0) return
    const steps = this.options.atomic ? this.steps : done
    this.committed += steps.length
    await confirmApplied(this.run, steps)
  }

  private rolledBack(step: PlanStep): string {
    return this.options.atomic
      ? 'the whole plan was rolled back'
      : rolledBack(step.file.id, this.options.appliedBefore + this.steps.indexOf(step))
  }

  /** Rolls back, and tells what a failure means for the run. */
  async verdict(error: unknown): Promise<Verdict> {
    if (error instanceof UnitFailure && error.error.lost) return { kind: 'final', error: error.error }
    await this.run.session.query(this.run.dialect.transaction.rollback).catch(() => undefined)
    if (!(error instanceof UnitFailure)) return { kind: 'final', error: this.named(error) }
    await this.settle(error.before)
    return this.unitVerdict(error)
  }

  private unitVerdict(failure: UnitFailure): Verdict {
    const { unit, error } = failure
    const { dialect, signal } = this.run
    if (unit.role === 'check') return { kind: 'final', error: new LedgerMoved(error.message, { cause: error }) }
    if (unit.role === 'open' && dialect.isRetryable(error.code)) return { kind: 'locked' }
    if (signal?.aborted) return { kind: 'final', error: this.named(interrupted()) }
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

/** @throws SqlmigError `file-changed-while-read` where the file is not what the plan has examined */
export function refuseChangedFile(file: Examined, text: FileText, state: string): void {
  if (text.checksum() === file.checksum) return
  throw new SqlmigError('file-changed-while-read', 'the file was changed while it was being run', {
    at: { file: file.path },
    state,
    remedy: 'run "sqlmig up" again when nobody is writing to it',
  })
}
