import type { Examined } from '../chain/examine.ts'
import { SqlmigError } from '../errors.ts'
import type { Ledger } from '../ledger/rows.ts'
import { compare } from '../runner/plan.ts'
import type { Database } from './context.ts'
import { editsOf } from './show.ts'

/** Lines that an error tells of an edit at most: "sqlmig show" has them all. */
const mostLines = 30

/** The error of a changed file, with what was edited statement by statement. */
export async function withEdits(
  error: unknown,
  database: Database,
  chain: readonly Examined[],
  ledger: Ledger,
): Promise<unknown> {
  if (!(error instanceof SqlmigError && error.code === 'changed')) return error
  const changed = compare(chain, ledger).find(({ file, state }) => state === 'changed' && file?.path === error.at?.file)
  const edits = changed && (await editsOf(database, changed))
  if (!edits) return error
  const lines = edits.flatMap((edit) => [edit.words, ...edit.diff.split('\n').filter((line) => line !== '')])
  const left = lines.length - mostLines
  const told = left > 0 ? [...lines.slice(0, mostLines), `… and ${left} lines more`] : lines
  const { at, state, remedy } = error
  return new SqlmigError(error.code, [error.message, ...told].join('\n'), { at: at!, state: state!, remedy: remedy! })
}
