import { statementsOf } from '../chain/examine.ts'
import { SqlmigError } from '../errors.ts'
import type { Statement } from '../text/split.ts'
import { ownPragma } from './foreign-keys.ts'
import type { PlanStep } from './plan.ts'
import type { Run } from './run.ts'

const upToIt = 'or write the script up to the migration before it with --to'

/** @throws SqlmigError `unsupported` where a lock that a session takes is none */
export function refuseCluster({ facts }: Pick<Run, 'facts'>): void {
  if (facts.sharing !== 'cluster') return
  throw new SqlmigError('unsupported', 'a script cannot hold the lock of a cluster, which somebody has to prolong', {
    state: 'nothing was written',
    remedy: 'run the plan with "sqlmig up"',
  })
}

/** @throws SqlmigError `partial` where nobody knows yet how far a former run got */
export function refuseDoubt({ file, journal }: PlanStep): void {
  if (!journal || journal.row.running === null) return
  const message = `a former run of ${file.id} was cut off in statement ${journal.row.running}, and a script cannot find out what became of that`
  throw new SqlmigError('partial', message, {
    at: { file: file.path },
    state: 'nothing was written',
    remedy: 'finish it with "sqlmig up", which asks the database, or say with "sqlmig resolve" how far it got',
  })
}

/** @throws SqlmigError `unsupported` */
export function refuseBatches({ file }: PlanStep, { dialect }: Pick<Run, 'dialect'>): void {
  if (!file.batched) return
  const { batches, program } = dialect.client
  if (batches && !file.directives.some(({ name }) => name === 'statement-timeout')) return
  const why = batches ? 'with a statement-timeout, which would be one for all of them' : `and ${program} has no loops`
  throw new SqlmigError('unsupported', `${file.id} runs in batches, ${why}`, {
    at: { file: file.path },
    state: 'nothing was written',
    remedy: `run the plan with "sqlmig up", ${upToIt}`,
  })
}

/**
 * With foreign keys on, the DROP of a rebuild empties tables that refer to it: `up` counts their rows.
 * @throws SqlmigError `unsupported`
 */
export function refuseCascades(step: PlanStep, { lexis, dialect }: Pick<Run, 'lexis' | 'dialect'>): void {
  const pragma = dialect.foreignKeys && ownPragma(step)
  if (!pragma || /=?\s*\(?\s*(off|no|false|0)\b/i.test(pragma.text)) return
  for (const { words, place } of statementsOf(step.file, lexis).statements) {
    if (words[0] !== 'drop' || words[1] !== 'table') continue
    throw new SqlmigError(
      'unsupported',
      'a script cannot watch over the rows that a DROP TABLE takes along with foreign keys on',
      {
        at: { file: step.file.path, ...place },
        state: 'nothing was written',
        remedy: `take out "PRAGMA foreign_keys = ON", or run the plan with "sqlmig up", ${upToIt}`,
      },
    )
  }
}

/** The error for a statement with a guard that the client program cannot run under a condition. */
export function notConditional({ file }: PlanStep, { place }: Statement, program: string, what: string): SqlmigError {
  return new SqlmigError('unsupported', `${program} cannot run ${what} under a condition, and this one has a guard`, {
    at: { file: file.path, ...place },
    state: 'nothing was written',
    remedy: `run the plan with "sqlmig up", ${upToIt}`,
  })
}
