import { readFileSync, statSync } from 'node:fs'
import { readChain } from '../chain/read.ts'
import type { StatementEdit } from '../chain/statement-edits.ts'
import { statementEdits } from '../chain/statement-edits.ts'
import { unifiedDiff } from '../chain/unified-diff.ts'
import { SqlmigError } from '../errors.ts'
import type { LedgerRow, Recorded } from '../ledger/rows.ts'
import { readBody, readLedger } from '../ledger/table.ts'
import { largestBody } from '../ledger/write.ts'
import type { MigrationState, Standing } from '../runner/plan.ts'
import { compare, unknownId } from '../runner/plan.ts'
import type { Lexis } from '../text/lexis.ts'
import type { ChainOptions, Database, DatabaseOptions } from './context.ts'
import { defaultDir, withDatabase } from './context.ts'

export interface ShowResult {
  readonly id: string
  readonly state: MigrationState
  readonly file: string | null
  /** The text that was recorded; null where none was, or it was too large to be kept. */
  readonly recorded: string | null
  /** null where there is no file, or one larger than the texts that are kept. */
  readonly current: string | null
  /** The file's size. */
  readonly bytes: number | null
  /** A unified diff from the recorded to the current text; null where they are the same or one is missing. */
  readonly diff: string | null
  /** The same statement by statement; null where that cannot be told. */
  readonly edits: readonly StatementEdit[] | null
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
    const bytes = file ? statSync(file.path).size : undefined
    const now = file && bytes! <= largestBody ? readFileSync(file.path, 'utf8') : undefined
    const differ = before !== undefined && now !== undefined && before !== now
    return {
      id,
      state,
      file: file?.path ?? null,
      recorded: before ?? null,
      current: now ?? null,
      bytes: bytes ?? null,
      diff: differ ? await unifiedDiff(id, before, now) : null,
      edits: differ ? await editsOrNull(before, now, lexis) : null,
    }
  })
}

async function editsOrNull(before: string, now: string, lexis: Lexis): Promise<readonly StatementEdit[] | null> {
  try {
    return (await statementEdits(before, now, lexis)) ?? null
  } catch (error) {
    if (error instanceof SqlmigError) return null // a text that cannot be split has no statements
    throw error
  }
}

/**
 * What was edited of an applied migration, statement by statement; null where the ledger keeps no text, or one cannot
 * be split.
 */
export async function editsOf(
  { session, table, lexis }: Pick<Database, 'session' | 'table' | 'lexis'>,
  { file, recorded }: Pick<Standing, 'file' | 'recorded'>,
): Promise<readonly StatementEdit[] | null> {
  const before = recorded && (await readBody(session, table, latest(recorded).seq))
  if (before === undefined || file === undefined || file.size > largestBody) return null
  return editsOrNull(before, readFileSync(file.path, 'utf8'), lexis)
}

/** The row whose text is the truth. */
export function latest(recorded: Recorded): LedgerRow {
  return recorded.accepted.at(-1) ?? recorded.row
}
