import { readFileSync } from 'node:fs'
import { readChain } from '../chain/read.ts'
import { unifiedDiff } from '../chain/unified-diff.ts'
import type { LedgerRow, Recorded } from '../ledger/rows.ts'
import { readBody, readLedger } from '../ledger/table.ts'
import type { MigrationState } from '../runner/plan.ts'
import { compare, unknownId } from '../runner/plan.ts'
import type { ChainOptions, DatabaseOptions } from './context.ts'
import { defaultDir, withDatabase } from './context.ts'

export interface ShowResult {
  readonly id: string
  readonly state: MigrationState
  readonly file: string | null
  /** The text that was recorded; null where none was, or it was too large to be kept. */
  readonly recorded: string | null
  readonly current: string | null
  /** A unified diff from the recorded to the current text; null where they are the same or one is missing. */
  readonly diff: string | null
}

/** The recorded and the current text of a migration. */
export async function show(options: DatabaseOptions & ChainOptions & { readonly id: string }): Promise<ShowResult> {
  return withDatabase(options, 'read', async ({ session, dialect, lexis, table }) => {
    const ledger = await readLedger(session, dialect, table)
    const standings = compare(readChain(options.dir ?? defaultDir, dialect, lexis, ledger.recorded), ledger)
    const standing = standings.find(({ id }) => id === options.id)
    if (!standing)
      throw unknownId(
        options.id,
        standings.map(({ id }) => id),
      )
    const { id, state, file, recorded } = standing
    const before = recorded ? await readBody(session, table, latest(recorded).seq) : undefined
    const now = file ? readFileSync(file.path, 'utf8') : undefined
    const diff = before === undefined || now === undefined || before === now ? null : await unifiedDiff(id, before, now)
    return { id, state, file: file?.path ?? null, recorded: before ?? null, current: now ?? null, diff }
  })
}

/** The row whose text is the truth. */
export function latest(recorded: Recorded): LedgerRow {
  return recorded.accepted.at(-1) ?? recorded.row
}
