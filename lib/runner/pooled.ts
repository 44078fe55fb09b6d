import { statementsOf } from '../chain/examine.ts'
import { SqlmigError } from '../errors.ts'
import type { Statement } from '../text/split.ts'
import type { PlanStep } from './plan.ts'
import type { Run } from './run.ts'

/**
 * Refuses a file whose statements run one by one and count on the session: behind a pooler each may run in another one.
 * @throws SqlmigError `unsupported`
 */
export function refuseSessionState(step: PlanStep, { dialect, lexis }: Pick<Run, 'dialect' | 'lexis'>): void {
  const { file } = step
  const limited = file.directives.some(({ name }) => name === 'statement-timeout')
  for (const statement of statementsOf(file, lexis).statements) {
    for (const _ of statement.data ?? []);
    const effect = dialect.effect(statement)
    const bare = effect === 'alone' || effect === 'opaque'
    if (bare && limited) throw refused(step, statement, 'it cannot be given its statement-timeout')
    if (dialect.leaves(statement) !== undefined) {
      throw refused(step, statement, 'what it sets would be gone for the next statement, and stay for another program')
    }
    if (keepsSomething(statement)) {
      throw refused(step, statement, 'what it makes in the session would be gone for the next statement')
    }
  }
}

/** Temporary tables, prepared statements, cursors, listening. */
function keepsSomething({ words: [first, second, third] }: Statement): boolean {
  if (first === 'create') {
    return [second, third].some((word) => word === 'temp' || word === 'temporary')
  }
  return first === 'prepare' || first === 'listen' || first === 'load'
}

function refused({ file }: PlanStep, { ordinal, place }: Statement, why: string): SqlmigError {
  return new SqlmigError('unsupported', `statement ${ordinal} of a no-transaction file cannot run here: ${why}`, {
    at: { file: file.path, ...place },
    state: `nothing of ${file.id} was run now; the connection goes through a pooler, which may run each statement in another session`,
    remedy:
      'connect to PostgreSQL itself, or take the statement out (a setting can be given to the user: ALTER ROLE … SET …; within BEGIN … COMMIT write SET LOCAL)',
  })
}
