import type { Examined } from '../chain/examine.ts'
import { prefixOf, statementsOf } from '../chain/examine.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { SqlmigError } from '../errors.ts'
import { seal } from '../ledger/seal.ts'
import type { NewRow, RunningStatement } from '../ledger/write.ts'
import { finishJournal, insertRow, moveJournal } from '../ledger/write.ts'
import type { Statement } from '../text/split.ts'
import { rollsBack } from './apply.ts'
import { bodyOf } from './confirm.ts'
import { guardsOf } from './guards.ts'
import type { Plan, PlanStep } from './plan.ts'
import { startOf } from './recover.ts'
import type { Run } from './run.ts'
import { timeoutsOf } from './run.ts'

/** A plan as a file for the server's own client program, ledger rows included; it stops where the ledger has moved on. */
export function writeScript(run: Run, plan: Plan, lastSeq: number, ledgerExists: boolean): string {
  return new ScriptWriter(run, ledgerExists).write(plan, lastSeq)
}

class ScriptWriter {
  private readonly run: Run
  private readonly dialect: Dialect
  private readonly parts: string[] = []
  private ledgerExists: boolean

  constructor(run: Run, ledgerExists: boolean) {
    this.run = run
    this.dialect = run.dialect
    this.ledgerExists = ledgerExists
  }

  write(plan: Plan, lastSeq: number): string {
    const { client } = this.dialect
    this.parts.push(
      `-- ${plan.steps.length} migrations, to be run with ${client.program}; made by sqlmig ${this.run.author.version}`,
    )
    if (client.head) this.parts.push(client.head)
    let seq = lastSeq
    for (const step of plan.steps) {
      if (step.journal) throw unfinished(step)
      if (step.file.batched) throw inBatches(step)
      this.parts.push(`\n-- ${step.file.id}`)
      if (rollsBack(step, this.run)) this.transactional(step, seq++)
      else this.journaled(step, seq++)
    }
    return `${this.parts.join('\n')}\n`
  }

  private transactional(step: PlanStep, lastSeq: number): void {
    const { dialect, run } = this
    if (dialect.lock.demand && !dialect.rollsBackDdl) this.sql(dialect.lock.demand)
    if (dialect.foreignKeys) this.sql(dialect.foreignKeys.off)
    for (const sql of dialect.transaction.open(timeoutsOf(step.file.directives, run.settings))) this.sql(sql)
    this.ledger(lastSeq)
    for (const statement of this.statements(step)) this.statement(step, statement)
    this.restore()
    const duration = dialect.foreignKeys ? undefined : dialect.ledger.elapsed({ at: 0, table: run.table, lastSeq })
    this.sql(
      insertRow(dialect, run.table, { ...rowOf(step.file, lastSeq + 1), event: 'applied', duration }, run.author),
    )
    this.sql(seal(dialect, run.table, lastSeq + 1))
    this.sql(dialect.transaction.commit)
  }

  private journaled(step: PlanStep, lastSeq: number): void {
    const { dialect, run } = this
    const seq = lastSeq + 1
    if (dialect.lock.demand) this.sql(dialect.lock.demand)
    for (const sql of dialect.transaction.settings(timeoutsOf(step.file.directives, run.settings))) this.sql(sql)
    this.ledger(lastSeq)
    this.committed(insertRow(dialect, run.table, { ...rowOf(step.file, seq), event: 'started', done: 0 }, run.author))
    for (const statement of this.statements(step)) this.journaledStatement(step, statement, seq)
    this.restore()
    this.committed(finishJournal(dialect, run.table, seq, rowOf(step.file, seq)), seal(dialect, run.table, seq))
    if (dialect.lock.demand) this.sql(dialect.lock.release)
  }

  private journaledStatement(step: PlanStep, statement: Statement, seq: number): void {
    const { dialect, run } = this
    const { ordinal } = statement
    const prefix = (done: number) => prefixOf(step.file, run.lexis, done)
    const journal = (done: number, running: RunningStatement | null) =>
      moveJournal(dialect, run.table, seq, { done, running, prefix: prefix(done), guard: undefined })
    const effect = dialect.effect(statement)
    if (effect === 'autocommit' || effect === 'alone')
      this.committed(journal(ordinal - 1, startOf(run, statement, prefix(ordinal))))
    this.statement(step, statement)
    this.committed(journal(ordinal, null))
  }

  private *statements(step: PlanStep): Generator<Statement> {
    for (const statement of statementsOf(step.file, this.run.lexis).statements) {
      const effect = this.dialect.effect(statement)
      if (effect !== 'begin' && effect !== 'commit' && effect !== 'skip') yield statement
    }
  }

  private statement(step: PlanStep, statement: Statement): void {
    const { client } = this.dialect
    const sql = client.statement(this.dialect.prepared(statement, this.run.table))
    const data = statement.data ? `\n${[...statement.data].join('')}\\.` : ''
    const guards = guardsOf(statement)
    if (guards.length === 0) this.parts.push(sql + data)
    else if (!client.when || guards.some(({ name }) => name === 'expect'))
      throw guarded(step, statement, client.program)
    else {
      const above = guards.some((guard) => guard.name === 'when' && guard.above)
      const facts = guards.flatMap((guard) => guard.facts)
      const conditions = facts.map((fact) => ({ select: this.dialect.factQuery(fact), exists: fact.exists }))
      this.parts.push(client.when(conditions, sql + data, above))
    }
  }

  private ledger(lastSeq: number): void {
    const { dialect, run } = this
    if (!this.ledgerExists) for (const sql of dialect.ledger.create(run.table)) this.sql(sql)
    this.ledgerExists = true
    this.sql(dialect.transaction.check(run.table, lastSeq))
  }

  private restore(): void {
    for (const sql of this.run.facts.restore) this.sql(sql)
  }

  private committed(...statements: readonly string[]): void {
    const { begin, commit } = this.dialect.transaction
    if (begin) this.sql(begin)
    for (const sql of statements) this.sql(sql)
    this.sql(commit)
  }

  private sql(text: string): void {
    this.parts.push(this.dialect.client.statement(text))
  }
}

function rowOf(file: Examined, seq: number): Omit<NewRow, 'event'> {
  const { id, statements, checksum, tokens, path } = file
  return { seq, id, statements, done: statements, checksum, tokens, file: path, body: bodyOf(file) }
}

function unfinished({ file }: PlanStep): SqlmigError {
  return new SqlmigError('partial', `${file.id} is half applied, and a script cannot go on in the middle`, {
    at: { file: file.path },
    remedy: 'finish it with "sqlmig up" first',
  })
}

function inBatches({ file }: PlanStep): SqlmigError {
  return new SqlmigError('unsupported', `${file.id} runs in batches, and a script of SQL has no loops`, {
    at: { file: file.path },
    remedy: 'run the plan with "sqlmig up", or write the script up to the migration before it with --to',
  })
}

function guarded({ file }: PlanStep, { place }: Statement, program: string): SqlmigError {
  return new SqlmigError('unsupported', `${program} has no conditions, and this statement has a guard`, {
    at: { file: file.path, ...place },
    remedy: 'run the plan with "sqlmig up", or up to the migration before it with --to',
  })
}
