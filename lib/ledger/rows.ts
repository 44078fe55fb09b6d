/**
 * What a row of the ledger tells:
 * - `applied`: the migration ran
 * - `started`: it began, and cannot be rolled back: as long as no `applied` row follows it is half done. The row is its
 *   journal, too: `done` statements of it, and `running`, the one whose outcome is open, are what changes of it
 * - `baselined`, `adopted`: recorded as applied without running anything
 * - `accepted`: a hand-edited text was recorded as the truth
 * - `resolved`: a person said how far a half-done one got; an `applied` row follows where that is its end
 * - `resumed`: a run went on with a half-done one
 * - `failed`: a run failed at it, and `done` statements of it stood then
 */
export type LedgerEvent =
  | 'applied'
  | 'started'
  | 'baselined'
  | 'adopted'
  | 'accepted'
  | 'resolved'
  | 'resumed'
  | 'failed'

export interface LedgerRow {
  readonly seq: number
  readonly event: LedgerEvent
  readonly id: string
  /** ISO 8601, UTC. */
  readonly at: string
  readonly durationMs: number | null
  /** What the server counted as written; null where nothing that does has run, or nobody knows. */
  readonly rowsWritten: number | null
  readonly statements: number | null
  readonly done: number | null
  readonly running: number | null
  readonly checksum: string | null
  readonly tokens: string | null
  /** Hash of the tokens up to the running statement's end. */
  readonly runningPrefix: string | null
  /** What the catalogue said, before the running statement, of what that changes. */
  readonly fingerprint: string | null
  /** Hash of the first `done` statements' tokens. */
  readonly prefix: string | null
  /** Of a half-done migration: whether its last guard held; null where it has asked none. */
  readonly guard: boolean | null
  /** Of a half-done migration: how far the batches of the statement after the `done` ones got, as `BatchMark` tells. */
  readonly batch: string | null
  readonly file: string | null
  readonly user: string
  readonly host: string
  readonly version: string
  readonly note: string | null
}

/** A migration as the ledger has it, all its rows taken together. */
export interface Recorded {
  readonly id: string
  readonly state: 'applied' | 'partial'
  /** The row that made it so. */
  readonly row: LedgerRow
  readonly checksum: string | null
  readonly tokens: string | null
  /** Hand edits accepted since. */
  readonly accepted: readonly LedgerRow[]
}

export interface Ledger {
  readonly exists: boolean
  /** The number of the last row; 0 where there is none. */
  readonly lastSeq: number
  readonly rows: readonly LedgerRow[]
  readonly recorded: ReadonlyMap<string, Recorded>
}

const none: readonly LedgerRow[] = []

/** Takes the rows of each migration together, in the order of their numbers. */
export function fold(rows: readonly LedgerRow[], exists: boolean): Ledger {
  const recorded = new Map<string, Recorded>()
  for (const row of rows) {
    if (row.event !== 'failed' && row.event !== 'resumed') recorded.set(row.id, after(recorded.get(row.id), row))
  }
  return { exists, rows, recorded, lastSeq: rows.at(-1)?.seq ?? 0 }
}

function after(before: Recorded | undefined, row: LedgerRow): Recorded {
  const { id, checksum, tokens } = row
  if (row.event === 'accepted' && before) {
    return { ...before, checksum, tokens, accepted: [...before.accepted, row] }
  }
  // the journal says how far
  if (row.event === 'resolved' && before) return before
  const state = row.event === 'started' ? 'partial' : 'applied'
  return { id, state, row, checksum, tokens, accepted: none }
}

/** The newest applied id, as bytes compare; undefined where nothing is applied. */
export function newestApplied(ledger: Ledger): string | undefined {
  let newest: string | undefined
  for (const { id, state } of ledger.recorded.values()) {
    if (state === 'applied' && (newest === undefined || id > newest)) newest = id
  }
  return newest
}
