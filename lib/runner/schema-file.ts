import { examine, statementsOf } from '../chain/examine.ts'
import { ServerError } from '../drivers/driver.ts'
import { SqlmigError } from '../errors.ts'
import { statementFailure } from './failure.ts'
import { ForeignKeyWatch } from './foreign-keys.ts'
import { Messages, UnitFailure } from './messages.ts'
import type { PlanStep } from './plan.ts'
import type { Run } from './run.ts'
import { timeoutsOf } from './run.ts'

/**
 * Runs a file that makes a whole schema in an empty database, and then some statements of ours: in one transaction where
 * DDL can be rolled back.
 * @throws MigrationError, SqlmigError with the place in the file
 */
export async function runSchemaFile(run: Run, path: string, after: readonly string[]): Promise<void> {
  const { dialect, lexis, session, facts } = run
  const step: PlanStep = { file: examine({ id: 'schema', path }, dialect, lexis), done: 0, journal: undefined }
  if (step.file.batched)
    throw new SqlmigError('unsupported', 'a snapshot of the schema does not run in batches', {
      at: { file: path },
      remedy: 'remove the directive batch, or move the statement to a migration',
    })
  await new ForeignKeyWatch(run).begin(step)
  const timeouts = timeoutsOf(step.file.directives, run.settings)
  const { open, commit, rollback } = dialect.transaction
  const messages = new Messages(run)
  for (const sql of open(timeouts)) messages.add({ sql, role: 'open', step })
  try {
    for (const statement of statementsOf(step.file, lexis).statements) {
      if (statement.data) {
        await messages.send()
        await session.copyIn(statement.text, statement.data)
        continue
      }
      const effect = dialect.effect(statement)
      if (effect === 'begin' || effect === 'commit' || effect === 'skip') continue
      const alone = effect === 'opaque'
      if (alone || messages.isFull) await messages.send()
      messages.add({ sql: statement.text, role: 'statement', step, statement })
      if (alone) await messages.send()
    }
    for (const sql of [...facts.restore, ...after, commit]) messages.add({ sql, role: 'ledger', step })
    await messages.send()
  } catch (error) {
    await session.exec([rollback]).catch(() => undefined)
    throw told(run, step, error)
  }
}

function told(run: Run, step: PlanStep, error: unknown): unknown {
  const state = run.dialect.rollsBackDdl
    ? 'all of it was rolled back: the database is as empty as before'
    : 'a part of the schema stands in the database'
  const remedy = run.dialect.rollsBackDdl ? 'correct the file' : 'correct the file, drop the database and make it anew'
  if (error instanceof UnitFailure && error.unit.statement)
    return statementFailure(step, error.unit.statement, error.error, run.dialect, { state, remedy })
  const server = error instanceof UnitFailure ? error.error : error
  if (!(server instanceof ServerError)) return error
  return new SqlmigError('statement', `the schema cannot be made: ${server.message} (${server.code})`, {
    at: { file: step.file.path },
    state,
    remedy,
    server: server.code,
    cause: server,
  })
}
