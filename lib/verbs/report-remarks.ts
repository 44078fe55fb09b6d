import type { LedgerRow } from '../ledger/rows.ts'
import { markShown, readMark } from '../runner/batch-mark.ts'
import type { Standing } from '../runner/plan.ts'

interface Others {
  /** The newest applied id. */
  readonly newest: string | undefined
  /** The file under another name that has the text of this one. */
  readonly holder: string | undefined
}

/** What is particular about a migration, and what can be done about it. */
export function remarksOf({ id, state, file, recorded }: Standing, { newest, holder }: Others): readonly string[] {
  switch (state) {
    case 'changed':
      return holder === undefined
        ? [
            `its SQL is not what was applied: restore the file, "sqlmig accept ${id}", or "sqlmig new --from-edit ${id}"`,
          ]
        : [`${holder} holds what was applied under this name`]
    case 'missing':
      return [
        holder === undefined
          ? 'it was applied, and its file is not in the folder: bring it back from version control'
          : `it was applied, and ${holder} holds its text: an applied migration keeps its name`,
      ]
    case 'reformatted':
      return ['comments, white space or line endings differ from what was applied; the SQL does not']
    case 'blocked':
      return ['"sqlmig up" refuses it until its todo is done']
    case 'partial':
      return [partialRemark(recorded!.row, file?.statements)]
    case 'pending':
      return newest !== undefined && id < newest
        ? [`it is older than ${newest}, which is applied: "sqlmig rebase ${id}", or "sqlmig up --out-of-order"`]
        : []
    case 'applied':
      return []
  }
}

function partialRemark({ done, running, batch }: LedgerRow, statements: number | undefined): string {
  const far = `${done ?? 0}${statements === undefined ? '' : ` of ${statements}`} statements are done`
  const open = running === null ? '' : `; statement ${running} was cut off while it ran`
  const batches = batch === null ? '' : `; statement ${(done ?? 0) + 1} has run through ${markShown(readMark(batch))}`
  return `it is half applied: ${far}${open}${batches}`
}
