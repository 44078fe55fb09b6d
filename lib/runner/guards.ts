import { withSource } from '../chain/source-line.ts'
import { ServerError } from '../drivers/driver.ts'
import { type ErrorCode, SqlmigError } from '../errors.ts'
import type { StatementDirective } from '../text/directives.ts'
import type { Fact } from '../text/facts.ts'
import type { Statement } from '../text/split.ts'
import { type Aftermath, MigrationError } from './failure.ts'
import type { PlanStep } from './plan.ts'
import type { Run } from './run.ts'

export type Guard = Extract<StatementDirective, { name: 'when' | 'expect' }>

export function guardsOf(statement: Statement): readonly Guard[] {
  return statement.directives.filter((directive) => directive.name === 'when' || directive.name === 'expect')
}

/** Asks the database about the guards of one migration. */
export class Guards {
  /** Whether the last `when` held; undefined where none was asked yet. */
  held: boolean | undefined
  private readonly run: Run
  private readonly step: PlanStep

  constructor(run: Run, step: PlanStep, held?: boolean) {
    this.run = run
    this.step = step
    this.held = held
  }

  /**
   * Whether a statement's guards hold; tells the listener where not.
   * @throws MigrationError where the database cannot be asked, or an `expect` does not hold
   */
  async hold(statement: Statement, aftermath: Aftermath): Promise<boolean> {
    for (const guard of guardsOf(statement)) {
      const holds = await this.holds(statement, guard, aftermath)
      if (guard.name === 'when') this.held = holds
      if (holds) continue
      if (guard.name === 'expect') throw this.unmet(statement, guard, aftermath)
      const { run, step } = this
      const at = { file: step.file.path, ...guard.place }
      run.emit({ type: 'skipped', id: step.file.id, statement: statement.ordinal, why: guard.text, at })
      return false
    }
    return true
  }

  private async holds(statement: Statement, guard: Guard, aftermath: Aftermath): Promise<boolean> {
    if (guard.name === 'when' && guard.above && this.held !== true) return false
    for (const fact of guard.facts) if (!(await this.asks(statement, guard, fact, aftermath))) return false
    return true
  }

  private async asks(statement: Statement, guard: Guard, fact: Fact, aftermath: Aftermath): Promise<boolean> {
    const { session, dialect } = this.run
    try {
      const rows = await session.query(dialect.factQuery(fact))
      return rows.length > 0 === fact.exists
    } catch (error) {
      if (!(error instanceof ServerError)) throw error
      const message = `the guard of statement ${statement.ordinal} cannot be asked: ${error.message} (${error.code})`
      const code = error.lost ? 'lost-connection' : 'statement'
      throw this.failure(statement, guard, { code, message, remedy: 'correct the guard', aftermath, cause: error })
    }
  }

  private unmet(statement: Statement, guard: Guard, aftermath: Aftermath): MigrationError {
    const message = `statement ${statement.ordinal} expects what is not so: ${guard.text}`
    return this.failure(statement, guard, {
      code: 'expectation',
      message,
      remedy: 'see to it in the database, or correct the directive',
      aftermath,
    })
  }

  private failure(
    { ordinal }: Statement,
    { place }: Guard,
    why: { code: ErrorCode; message: string; remedy: string; aftermath: Aftermath; cause?: ServerError },
  ): MigrationError {
    const { id, path } = this.step.file
    const plain = new SqlmigError(why.code, why.message, {
      at: place,
      state: why.aftermath.state,
      remedy: why.aftermath.remedy ?? `${why.remedy}, then run "sqlmig up" again`,
      ...(why.cause && { server: why.cause.code, cause: why.cause }),
    })
    return new MigrationError(id, ordinal, withSource(plain, path) as SqlmigError)
  }
}
