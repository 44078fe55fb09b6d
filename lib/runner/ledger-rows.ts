import type { Examined } from '../chain/examine.ts'
import type { NewRow } from '../ledger/write.ts'
import { bodyOf } from './confirm.ts'
import type { PlanStep } from './plan.ts'

/** What the ledger is told of a migration that is done. */
export function rowOf(file: Examined, seq: number): Omit<NewRow, 'event'> {
  return { ...bare(file, seq), body: bodyOf(file) }
}

/** The row with which a run begins a migration that it cannot roll back, or goes on with it. */
export function beginning({ file, done, journal }: PlanStep, seq: number): NewRow {
  const row = { ...rowOf(file, seq), done }
  return journal ? { ...row, event: 'resumed', body: keptBy(journal.row.checksum, row) } : { ...row, event: 'started' }
}

/** The row with which it ends. */
export function ending(step: PlanStep, seq: number): Omit<NewRow, 'event'> {
  return { ...bare(step.file, seq), body: undefined }
}

/** How many rows such a migration takes where nothing goes wrong. */
export const rowsOfJournaled = 2

function bare(file: Examined, seq: number): Omit<NewRow, 'event' | 'body'> {
  const { id, statements, checksum, tokens, path } = file
  return { seq, id, statements, done: statements, checksum, tokens, file: path }
}

/** A text that an earlier row keeps is not kept again. */
function keptBy(checksum: string | null, { checksum: own, body }: Pick<NewRow, 'checksum' | 'body'>) {
  return checksum === own ? undefined : body
}
