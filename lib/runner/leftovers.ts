import { withSource } from '../chain/source-line.ts'
import type { Leaving } from '../dialects/dialect.ts'
import type { Row } from '../drivers/driver.ts'
import { SqlmigError } from '../errors.ts'
import type { Statement } from '../text/split.ts'
import { MigrationError } from './failure.ts'
import type { PlanStep } from './plan.ts'
import type { Run } from './run.ts'

/** Something that a statement of several steps leaves: above all an index that is INVALID, and slows writes for nothing. */
export interface Leftover {
  readonly name: string
  readonly done: boolean
  readonly clear: string | undefined
  readonly finishes: boolean
  readonly busy: string | undefined
}

export async function leftOf({ session }: Run, { left }: Leaving): Promise<readonly Leftover[]> {
  return (await session.query(left)).map((row) => ({
    name: String(row.name),
    done: row.done === true,
    clear: text(row.clear),
    finishes: row.finishes === true,
    busy: text(row.busy),
  }))
}

/**
 * Clears away what a statement of ours left; `done` where its work is whole, or was finished by that.
 * @throws SqlmigError `lock-timeout` where somebody is at work on it
 */
export async function clear({ session }: Run, found: readonly Leftover[]): Promise<'done' | 'not done'> {
  for (const { name, busy } of found) if (busy !== undefined) throw inTheMaking(name, busy)
  const open = found.filter(({ done }) => !done)
  for (const one of open) if (one.clear !== undefined) await session.exec([one.clear])
  const finished = open.length === 0 || open.some(({ finishes }) => finishes)
  return found.length > 0 && finished ? 'done' : 'not done'
}

/** Clears away what a statement left that has just failed, so that it can run again; false where it can not. */
export async function clearAfterFailure(run: Run, statement: Statement): Promise<boolean> {
  const recovery = run.dialect.recovery(statement, run.lexis)
  if (recovery?.kind !== 'left') return true
  const found = await leftOf(run, recovery)
  // what would be finished by that must be recorded as done, which is the next run's work
  if (found.some(({ finishes }) => finishes)) return false
  // where the statement was refused since somebody's index has its name, that is none of ours
  await clear(
    run,
    found.filter(({ done }) => !done),
  )
  return true
}

/**
 * Before a statement of ours has begun, and after it has succeeded: what is half done is somebody else's. What does not
 * hinder it is only told, in the end.
 * @throws MigrationError `invalid-index`
 */
export async function refuseForeign(
  run: Run,
  step: PlanStep,
  statement: Statement,
  { state, ended }: { readonly state: string; readonly ended: boolean },
): Promise<void> {
  const recovery = run.dialect.recovery(statement, run.lexis)
  if (recovery?.kind !== 'left' || recovery.foreign === 'pass' || (recovery.foreign === 'note' && !ended)) return
  const [first] = (await leftOf(run, recovery)).filter(({ done }) => !done)
  if (first === undefined) return
  const { id, path } = step.file
  const at = { file: path, ...statement.place }
  const what = first.busy === undefined ? 'was left INVALID' : `is being built by ${first.busy}`
  const message = `the index ${first.name} ${what}, and not by this migration`
  const remedy =
    first.busy === undefined ? `find out who made it, and drop it with "${first.clear}"` : 'wait until it is built'
  if (recovery.foreign === 'note') return run.emit({ type: 'note', message: `${message}: ${remedy}`, at })
  const error = new SqlmigError('invalid-index', message, {
    at,
    state,
    remedy: `${remedy}, then run "sqlmig up" again`,
  })
  throw new MigrationError(id, statement.ordinal, withSource(error, path) as SqlmigError)
}

function inTheMaking(name: string, busy: string): SqlmigError {
  return new SqlmigError('lock-timeout', `${busy} is still building ${name}, which a former run began`, {
    state: 'nothing was run now',
    remedy: 'wait until that is done, then run "sqlmig up" again',
  })
}

function text(value: Row[string] | undefined): string | undefined {
  return value === null || value === undefined ? undefined : String(value)
}
