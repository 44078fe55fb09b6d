import { readFileSync } from 'node:fs'
import { hasDirective } from '../chain/examine.ts'
import { unifiedDiff } from '../chain/unified-diff.ts'
import { SqlmigError } from '../errors.ts'
import { readBody } from '../ledger/table.ts'
import type { Position } from '../ledger/write.ts'
import type { Statement } from '../text/split.ts'
import { markShown, readMark } from './batch-mark.ts'
import type { Aftermath } from './failure.ts'
import { type PlanStep, standsBefore } from './plan.ts'
import type { Run } from './run.ts'

/** What stands of a migration that stopped half way, in words. */
export function standing(run: Pick<Run, 'facts' | 'dialect'>, { file }: PlanStep, position: Standing): string {
  const { done, batch } = position
  if (done === 0 && batch === undefined) return 'none of its statements took effect'
  const whole = done === 0 ? [] : [done === 1 ? 'statement 1 stands' : `statements 1 to ${done} stand`]
  const part = batch === undefined ? [] : [`statement ${done + 1} stands through ${markShown(readMark(batch))}`]
  return `${[...whole, ...part].join(', and ')} (${whyHalf(run, file)}); what came after was rolled back or not run`
}

type Standing = Pick<Position, 'done' | 'batch'>

function whyHalf({ facts, dialect }: Pick<Run, 'facts' | 'dialect'>, file: PlanStep['file']): string {
  if (hasDirective(file, 'no-transaction')) return 'the file runs without a transaction'
  if (file.batched) return 'the file runs in batches'
  return dialect.rollsBackDdl ? 'the file ran in batches' : `${facts.version.split(' ')[0]} commits DDL by itself`
}

/** After the failure of a statement that had no effect. */
export function resumable(state: string, { done, batch }: Standing): Aftermath {
  return { state, resumesAt: done + 1, resumesBehind: batch === undefined ? undefined : markShown(readMark(batch)) }
}

/** True for a statement of which a part may stand where it fails: code that may commit, rows of an engine without transactions. */
export function mayStandInPart({ dialect, loose }: Pick<Run, 'dialect' | 'loose'>, statement: Statement): boolean {
  const effect = dialect.effect(statement)
  return effect === 'opaque' || (effect === 'plain' && loose.changedBy(statement))
}

/** After the failure of a statement that may have had a part of its effect. */
export function doubtful(state: string, { ordinal }: Statement, id: string): Aftermath {
  return {
    state: `${state}; statement ${ordinal} may have done a part of its work that cannot be rolled back`,
    remedy: `look at the database, then say "sqlmig resolve ${id} --through ${ordinal}" if it is done, or "--through ${ordinal - 1}" to run it again`,
  }
}

/** The file is no longer what a former run has begun. */
export class EditedMeanwhile extends SqlmigError {}

/** The error where the statement whose outcome is open is not the one that ran. */
export function editedMeanwhile(id: string, { ordinal, place }: Statement, path: string): EditedMeanwhile {
  return new EditedMeanwhile(
    'partial',
    `statement ${ordinal} of ${id} was edited since a run was cut off in it: the database cannot be asked what its former text did`,
    {
      at: { file: path, ...place },
      state: standsBefore(ordinal),
      remedy: `put the statement back ("sqlmig show ${id}" prints what ran) and run "sqlmig up", or look at the database and say "sqlmig resolve ${id} --through ${ordinal}" if it took effect, "--through ${ordinal - 1}" if not`,
    },
  )
}

/** The error where a statement takes a value that the session of the former run had worked out. */
export function lostValue(id: string, { ordinal, place }: Statement, variable: string, path: string): SqlmigError {
  return new SqlmigError(
    'partial',
    `statement ${ordinal} of ${id} needs @${variable}, which the former run had in its session: that session is gone`,
    {
      at: { file: path, ...place },
      state: standsBefore(ordinal),
      remedy: `write a statement that sets @${variable} anew above line ${place.line}, then run "sqlmig up" again`,
    },
  )
}

/** Refuses to go on in a file whose first statements are not those that ran. */
export function refuseOtherBeginning({ file, journal, done }: PlanStep, prefix: string): void {
  if (!journal || done === 0 || prefix === journal.row.prefix) return
  throw new EditedMeanwhile(
    'partial',
    `${file.id} was edited above the point that a former run has reached: its first ${done} statements are not those that ran`,
    {
      at: { file: file.path },
      state: `statements 1 to ${done} of the former text stand; nothing was run now`,
      remedy: `put those statements back ("sqlmig show ${file.id}" prints what ran)`,
    },
  )
}

/** The same error, with the difference between the text that ran and the file as it is now. */
export async function withDiff(error: EditedMeanwhile, run: Run, { file, journal }: PlanStep): Promise<SqlmigError> {
  const before = journal && (await readBody(run.session, run.table, journal.row.seq))
  if (before === undefined) return error
  const diff = await unifiedDiff(file.id, before, readFileSync(file.path, 'utf8'))
  const { at, state, remedy } = error
  return new SqlmigError(error.code, `${error.message}\n${diff.trimEnd()}`, { at: at!, state: state!, remedy: remedy! })
}
