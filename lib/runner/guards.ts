import { withSource } from '../chain/source-line.ts'
import { ServerError } from '../drivers/driver.ts'
import { SqlmigError } from '../errors.ts'
import type { StatementDirective } from '../text/directives.ts'
import type { Statement } from '../text/split.ts'
import { type Aftermath, MigrationError } from './failure.ts'
import type { PlanStep } from './plan.ts'
import type { Run } from './run.ts'

type Guard = Extract<StatementDirective, { name: 'when' }>

export function guardsOf(statement: Statement): readonly Guard[] {
  return statement.directives.filter((directive) => directive.name === 'when')
}

/** Asks the database whether a statement's guards hold; tells the listener where not. */
export async function guardsHold(
  run: Run,
  step: PlanStep,
  statement: Statement,
  aftermath: Aftermath,
): Promise<boolean> {
  for (const guard of guardsOf(statement)) {
    if (await holds(run, step, statement, guard, aftermath)) continue
    const at = { file: step.file.path, ...guard.place }
    run.emit({ type: 'skipped', id: step.file.id, statement: statement.ordinal, why: guard.text, at })
    return false
  }
  return true
}

async function holds(
  run: Run,
  step: PlanStep,
  statement: Statement,
  guard: Guard,
  aftermath: Aftermath,
): Promise<boolean> {
  for (const fact of guard.facts) {
    try {
      const rows = await run.session.query(run.dialect.factQuery(fact))
      if (rows.length > 0 !== fact.exists) return false
    } catch (error) {
      if (!(error instanceof ServerError)) throw error
      const plain = new SqlmigError(
        error.lost ? 'lost-connection' : 'statement',
        `the guard of statement ${statement.ordinal} cannot be asked: ${error.message} (${error.code})`,
        {
          at: guard.place,
          state: aftermath.state,
          remedy: aftermath.remedy ?? 'correct the guard, then run "sqlmig up" again',
          server: error.code,
          cause: error,
        },
      )
      throw new MigrationError(step.file.id, statement.ordinal, withSource(plain, step.file.path) as SqlmigError)
    }
  }
  return true
}
