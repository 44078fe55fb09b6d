import { statementsOf } from '../chain/examine.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { recordRow } from '../ledger/write.ts'
import { rollsBack } from './apply.ts'
import { ownPragma } from './foreign-keys.ts'
import { rowOf, rowsOfJournaled } from './ledger-rows.ts'
import type { Plan, PlanStep } from './plan.ts'
import type { Run } from './run.ts'
import { timeoutsOf } from './run.ts'
import { headOf, type Making } from './script-head.ts'
import { JournaledScript } from './script-journaled.ts'
import { databaseStops, inAnyDatabase, ledgerStop, movedStop, type Point, pointStops } from './script-point.ts'
import { refuseBatches, refuseCascades, refuseCluster, refuseDoubt } from './script-refusals.ts'
import { ScriptText } from './script-text.ts'

/**
 * A plan as a file for the server's own client program: under the lock, with the rows of the ledger. It stops before it
 * has run anything where the database is not as it was when the script was made.
 *
 * @throws SqlmigError `unsupported`, `partial` for what a script cannot do
 */
export function writeScript(run: Run, plan: Plan, point: Point, making: Making): string {
  refuseCluster(run)
  for (const step of plan.steps) {
    refuseDoubt(step)
    refuseBatches(step, run)
    refuseCascades(step, run)
  }
  return new ScriptWriter(inAnyDatabase(run, leavesDatabase(run, plan)), point).write(plan, making)
}

/** True where a file says USE, after which the ledger's plain name would mean another table. */
function leavesDatabase({ lexis, dialect }: Run, { steps }: Plan): boolean {
  if (!dialect.client.anyDatabase) return false
  return steps.some(({ file }) => {
    for (const { words } of statementsOf(file, lexis).statements) if (words[0] === 'use') return true
    return false
  })
}

class ScriptWriter {
  private readonly run: Run
  private readonly dialect: Dialect
  private readonly point: Point
  private readonly text: ScriptText
  private seq: number
  private recorded = false

  constructor(run: Run, point: Point) {
    this.run = run
    this.dialect = run.dialect
    this.point = point
    this.text = new ScriptText(run)
    this.seq = point.lastSeq
  }

  write(plan: Plan, making: Making): string {
    const { run, text, point } = this
    text.lines([...headOf(run, plan, point, making), '', ...this.dialect.client.head])
    this.begin()
    if (plan.steps.length > 0 && !point.ledgerExists) this.ledger()
    for (const [index, step] of plan.steps.entries()) {
      text.lines([`\n-- ${'-'.repeat(76)}\n-- ${step.file.id}`])
      text.say(`${index + 1} of ${plan.steps.length}: ${step.file.id}`)
      if (rollsBack(step, run)) this.transactional(step)
      else this.journaled(step)
    }
    this.end(plan)
    return text.toString()
  }

  /** Everything that may stop the script before it runs anything. */
  private begin(): void {
    const { run, text, point, dialect } = this
    const { client } = dialect
    text.lines(['\n-- what has to be so before anything runs'])
    for (const stop of [...client.checks(run.facts), ...databaseStops(run)]) text.stop(stop)
    // it may say USE, and so comes after the look at the database
    text.restore()
    text.lines(client.lock)
    const honour = dialect.lease?.honour(dialect.lease.table(run.table), undefined)
    if (honour !== undefined) text.sql(honour)
    for (const stop of [ledgerStop(run, point), ...pointStops(run, point)]) text.stop(stop)
  }

  private ledger(): void {
    const { dialect, run, text } = this
    const { client, transaction, ledger } = dialect
    const timeouts = { lockTimeout: run.settings.lockTimeout, statementTimeout: undefined }
    const open = client.open ? [...transaction.settings(timeouts), 'BEGIN'] : transaction.open(timeouts)
    text.sql(...open, ...ledger.create(run.table), transaction.commit)
  }

  private open(directives: PlanStep['file']['directives']): readonly string[] {
    const { client, transaction } = this.dialect
    const settings = timeoutsOf(directives, this.run.settings)
    return client.open ? client.open(settings, this.run.table) : transaction.open(settings)
  }

  private transactional(step: PlanStep): void {
    const { dialect, run, text } = this
    const { client, transaction } = dialect
    const lastSeq = this.seq++
    if (dialect.foreignKeys) text.sql(ownPragma(step)?.text ?? dialect.foreignKeys.off)
    if (client.violations) text.sql(...client.violations.before)
    text.sql(...this.open(step.file.directives))
    text.sql(...client.fence)
    text.stop(movedStop(run, lastSeq))
    text.sql(...this.opening())
    this.statements(step)
    text.lines(['-- the record'])
    text.restore()
    for (const stop of client.violations?.after(step.file.id) ?? []) text.stop(stop)
    const duration = client.opened
      ? dialect.ledger.since(client.opened)
      : dialect.ledger.elapsed({ at: 0, table: run.table, lastSeq })
    const row = { ...rowOf(step.file, lastSeq + 1), event: 'applied', duration } as const
    text.sql(...recordRow(dialect, run.table, row, run.author), transaction.commit)
  }

  private statements(step: PlanStep): void {
    const { statements } = statementsOf(step.file, this.run.lexis)
    for (const statement of statements) {
      const effect = this.dialect.effect(statement)
      if (effect === 'begin' || effect === 'commit' || effect === 'skip') continue
      const { lexis } = statements
      this.text.statement(step, statement, lexis, this.text.guards(step, statement, lexis))
    }
  }

  private journaled(step: PlanStep): void {
    const next = this.seq + 1
    const seq = step.journal?.row.seq ?? next
    this.seq += rowsOfJournaled
    new JournaledScript(this.run, step, { seq, next, opening: this.opening() }, this.text).write()
  }

  /** With the first row: what `up` has last seen of the schema is no longer so. */
  private opening(): readonly string[] {
    if (this.recorded) return []
    this.recorded = true
    return [`UPDATE ${this.run.table} SET catalogue = NULL WHERE catalogue IS NOT NULL`]
  }

  private end({ steps }: Plan): void {
    const { dialect, run, text, point } = this
    text.lines(['\n-- the result'])
    text.sql(...dialect.client.unlock)
    const ids = steps.map(({ file }) => dialect.text(file.id))
    const shown = ids.length > 0 ? `event = 'applied' AND id IN (${ids.join(', ')})` : `seq = ${point.lastSeq}`
    text.say(ids.length > 0 ? `done: ${ids.length} of ${ids.length} migrations are applied` : 'nothing was left to do')
    if (ids.length === 0 && !point.ledgerExists) return
    const { iso } = dialect.ledger
    text.lines([
      dialect.client.show(
        `SELECT seq, id, ${iso('at')} AS applied_at, duration_ms, statements\nFROM ${run.table} WHERE ${shown} ORDER BY seq`,
      ),
    ])
  }
}
