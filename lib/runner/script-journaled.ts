import { createHash } from 'node:crypto'
import { hasDirective, statementsOf } from '../chain/examine.ts'
import type { Effect } from '../dialects/dialect.ts'
import { seal } from '../ledger/seal.ts'
import type { RunningStatement } from '../ledger/write.ts'
import { finishJournal, insertRow, moveJournal } from '../ledger/write.ts'
import { batchOf } from '../text/batches.ts'
import type { Lexis } from '../text/lexis.ts'
import type { Statement } from '../text/split.ts'
import { readMark } from './batch-mark.ts'
import { type Batched, noLongerBatched, otherKey } from './batches.ts'
import { ownPragma } from './foreign-keys.ts'
import { FormerSession } from './former-session.ts'
import { guardsOf } from './guards.ts'
import { refuseOtherBeginning } from './half-done.ts'
import type { PlanStep } from './plan.ts'
import { startOf } from './recover.ts'
import type { Run } from './run.ts'
import { timeoutsOf } from './run.ts'
import { batchSql } from './script-batches.ts'
import { movedStop } from './script-point.ts'
import { rowOf } from './script-row.ts'
import type { ScriptText } from './script-text.ts'

/** Where the ledger stands when a migration begins. */
interface JournalPlace {
  /** The number of its row: a new one, or that of the run that it resumes. */
  readonly seq: number
  /** The number of the ledger's next row. */
  readonly next: number
  /** What its first entry brings along. */
  readonly opening: readonly string[]
}

/** As a script, what `applyJournaled` does: statements and entries that are committed together, in the same order. */
export class JournaledScript {
  private readonly run: Run
  private readonly step: PlanStep
  private readonly place: JournalPlace
  private readonly text: ScriptText
  private readonly tokens = createHash('sha256')
  private readonly oneByOne: boolean
  private readonly former: FormerSession
  private open = false
  /** Within a BEGIN and COMMIT of the file. */
  private held = false
  private guarded = false

  constructor(run: Run, step: PlanStep, place: JournalPlace, text: ScriptText) {
    this.run = run
    this.step = step
    this.place = place
    this.text = text
    this.oneByOne = hasDirective(step.file, 'no-transaction')
    this.former = new FormerSession(run.dialect, step.file)
  }

  write(): void {
    const { run, step, text } = this
    const { dialect, table } = run
    const { seq, next, opening } = this.place
    if (dialect.foreignKeys) text.sql(ownPragma(step)?.text ?? dialect.foreignKeys.off)
    text.sql(...dialect.transaction.settings(timeoutsOf(step.file.directives, run.settings)))
    this.begin()
    if (dialect.transaction.begin === undefined) text.sql(...dialect.client.fence)
    text.stop(movedStop(run, next - 1))
    text.sql(...opening)
    const row = { ...rowOf(step.file, next), done: step.done }
    if (step.journal) {
      const resumed = { ...row, event: 'resumed', body: undefined } as const
      text.sql(insertRow(dialect, table, resumed, run.author), seal(dialect, table, next))
    } else text.sql(insertRow(dialect, table, { ...row, event: 'started' }, run.author))
    this.commit()
    this.statements()
    text.lines(['-- the record'])
    text.restore()
    this.begin()
    text.sql(finishJournal(dialect, table, seq, rowOf(step.file, seq)), seal(dialect, table, seq))
    this.commit()
  }

  private statements(): void {
    const { step, text, run } = this
    text.flag(step.journal?.row.guard ?? undefined)
    this.guarded = step.journal !== undefined && step.journal.row.guard !== null
    const { statements } = statementsOf(step.file, run.lexis, (piece, kind) => {
      if (kind === 'sql') this.tokens.update(piece)
    })
    let before = this.digest()
    for (const statement of statements) {
      if (statement.ordinal === step.done + 1) refuseOtherBeginning(step, before)
      if (statement.ordinal > step.done) this.statement(statement, before, statements.lexis)
      else if (this.former.sets(statement)) text.sql(statement.text)
      for (const _ of statement.data ?? []);
      before = this.digest()
    }
    if (step.done >= step.file.statements) refuseOtherBeginning(step, before)
    if (this.open) this.mark(step.file.statements, null, before)
  }

  private statement(statement: Statement, before: string, lexis: Lexis): void {
    this.former.refuseLost(statement)
    this.run.loose.follow(statement)
    const effect = this.run.dialect.effect(statement)
    const directive = batchOf(statement)
    const begun = this.begun(statement)
    if (begun !== undefined && !directive) throw noLongerBatched(this.step, statement.ordinal, begun)
    if (directive) this.batches({ statement, directive, lexis, before, through: this.digest() })
    else if (effect === 'begin' || effect === 'commit' || effect === 'skip') this.ownTransaction(statement, effect)
    else if (statement.data || (effect === 'plain' && !this.run.loose.changedBy(statement)))
      this.plain(statement, lexis)
    else this.selfCommitting(statement, before, lexis)
  }

  private ownTransaction({ ordinal }: Statement, effect: Effect): void {
    this.held = this.oneByOne && effect === 'begin'
    if (this.open && effect === 'commit') this.mark(ordinal, null, this.digest())
  }

  private plain(statement: Statement, lexis: Lexis): void {
    this.begin()
    const under = this.guards(statement, lexis)
    this.text.statement(this.step, statement, lexis, under)
    if (this.oneByOne && !this.held) this.mark(statement.ordinal, null, this.digest())
  }

  private selfCommitting(statement: Statement, before: string, lexis: Lexis): void {
    const { run, step, text } = this
    const { ordinal } = statement
    const under = this.guards(statement, lexis)
    this.refuseForeign(statement)
    const running = startOf(run, statement, this.digest())
    this.begin()
    text.under(under, this.entry(ordinal - 1, running, before), lexis)
    this.keepFlag()
    this.commit()
    text.statement(step, statement, lexis, under)
    this.refuseForeign(statement)
    this.mark(ordinal, null, this.digest())
  }

  /** How far the batches got of the statement at which a former run stopped. */
  private begun({ ordinal }: Statement): string | undefined {
    return ordinal === this.step.done + 1 ? (this.step.journal?.row.batch ?? undefined) : undefined
  }

  /** What has begun because its guards held goes on. */
  private batches(batched: Batched): void {
    const { run, step, text, place } = this
    const { statement, before, through, lexis } = batched
    const { ordinal } = statement
    const begun = this.begun(statement)
    const mark = begun === undefined ? undefined : readMark(begun)
    if (mark && mark.by !== batched.directive.text) throw otherKey(step.file.id, batched, mark, step.file.path)
    if (this.open) this.mark(ordinal - 1, null, before)
    const under = begun === undefined ? this.guards(statement, lexis) : undefined
    if (begun === undefined) this.mark(ordinal - 1, null, before)
    for (const sql of batchSql(run, batched, { seq: place.seq, behind: mark })) text.under(under, sql, lexis)
    this.mark(ordinal, null, through)
  }

  private guards(statement: Statement, lexis: Lexis) {
    if (guardsOf(statement).some(({ name }) => name === 'when')) this.guarded = true
    return this.text.guards(this.step, statement, lexis)
  }

  /** An index that somebody else left INVALID must not pass for the one that the migration makes. */
  private refuseForeign(statement: Statement): void {
    const { dialect, lexis } = this.run
    const recovery = dialect.recovery(statement, lexis)
    if (recovery?.kind !== 'left' || recovery.foreign !== 'refuse') return
    this.text.stop({
      where: `EXISTS (SELECT 1 FROM (${recovery.left}) l WHERE NOT l.done)`,
      why: `an index of the name in statement ${statement.ordinal} of ${this.step.file.id} is INVALID, or still being built, and not by this script`,
      remedy: 'find out who made it, and drop it; then run "sqlmig up", or have a new script made',
    })
  }

  private mark(done: number, running: RunningStatement | null, prefix: string): void {
    this.begin()
    this.text.sql(this.entry(done, running, prefix))
    this.keepFlag()
    this.commit()
  }

  private entry(done: number, running: RunningStatement | null, prefix: string): string {
    const { dialect, table } = this.run
    return moveJournal(dialect, table, this.place.seq, { done, running, prefix, guard: undefined })
  }

  /** Whether the last guard held is known only when the script runs. */
  private keepFlag(): void {
    const { dialect, table } = this.run
    if (!this.guarded) return
    this.text.sql(
      `UPDATE ${table} SET guard = ${dialect.client.conditions.value('held')} WHERE seq = ${this.place.seq}`,
    )
  }

  private begin(): void {
    if (this.open) return
    this.open = true
    const { dialect, settings, table } = this.run
    const { begin, each } = dialect.transaction
    if (begin === undefined) return
    const timeouts = each(timeoutsOf(this.step.file.directives, settings))
    this.text.sql(...(dialect.client.begin?.(table) ?? [begin]), ...timeouts, ...dialect.client.fence)
  }

  private commit(): void {
    this.text.sql(this.run.dialect.transaction.commit)
    this.open = false
  }

  private digest(): string {
    return this.tokens.copy().digest('hex')
  }
}
