import { readChain } from '../chain/read.ts'
import type { DialectName } from '../dialects/dialect-name.ts'
import type { LedgerRow, Recorded } from '../ledger/rows.ts'
import { newestApplied } from '../ledger/rows.ts'
import { readBriefly, readLedger } from '../ledger/table.ts'
import { markShown, readMark } from '../runner/batch-mark.ts'
import { whereTextIs } from '../runner/mixed-up.ts'
import type { MigrationState } from '../runner/plan.ts'
import { compare } from '../runner/plan.ts'
import type { ChainOptions, DatabaseOptions } from './context.ts'
import { defaultDir, withDatabase } from './context.ts'
import { editsOf } from './show.ts'

export interface MigrationStatus {
  readonly id: string
  readonly state: MigrationState
  /** ISO 8601, UTC. */
  readonly applied_at: string | null
  readonly duration_ms: number | null
  readonly file: string | null
  /** Of a changed or missing one: the file under another name that holds what was applied. */
  readonly found_in: string | null
  /** Of a changed one: what was edited, in words; null where the ledger keeps no text of it. */
  readonly edits: readonly string[] | null
  /** Of a partial one: statements that are done, and how far the next one got that runs in batches. */
  readonly done: number | null
  readonly through: string | null
}

export interface StatusResult {
  readonly database: string
  readonly dialect: DialectName
  readonly migrations: readonly MigrationStatus[]
  readonly summary: Readonly<Partial<Record<MigrationState, number>>>
}

/** Every migration and its state; writes nothing. */
export async function status(options: DatabaseOptions & ChainOptions = {}): Promise<StatusResult> {
  return withDatabase(options, 'read', async (database) => {
    const { target, session, dialect, lexis, table } = database
    const ledger = await readLedger(session, dialect, table)
    const chain = readChain(options.dir ?? defaultDir, dialect, lexis, ledger.recorded)
    const standings = compare(chain, ledger)
    const edits = new Map<string, readonly string[]>()
    for (const standing of standings.filter(({ state }) => state === 'changed')) {
      const found = await editsOf(database, standing)
      if (found)
        edits.set(
          standing.id,
          found.map(({ words }) => words),
        )
    }
    const migrations = standings.map((standing) => ({
      id: standing.id,
      state: standing.state,
      applied_at: standing.recorded?.row.at ?? null,
      duration_ms: standing.recorded?.row.durationMs ?? null,
      file: standing.file?.path ?? null,
      found_in: whereTextIs(standing, standings) ?? null,
      edits: edits.get(standing.id) ?? null,
      ...halfDone(standing.recorded),
    }))
    return { database: target.display, dialect: dialect.name, migrations, summary: summarize(migrations) }
  })
}

function halfDone(recorded: Recorded | undefined): Pick<MigrationStatus, 'done' | 'through'> {
  if (recorded?.state !== 'partial') return { done: null, through: null }
  const { done, batch } = recorded.row
  return { done, through: batch === null ? null : markShown(readMark(batch)) }
}

function summarize(migrations: readonly MigrationStatus[]): Partial<Record<MigrationState, number>> {
  const summary: Partial<Record<MigrationState, number>> = {}
  for (const { state } of migrations) summary[state] = (summary[state] ?? 0) + 1
  return summary
}

/** What `status --check` ends with: 4 where files and ledger disagree, 3 where something is pending, else 0. */
export function checkExit({ summary }: StatusResult): 0 | 3 | 4 {
  if (summary.changed || summary.missing || summary.blocked || summary.partial) return 4
  return summary.pending ? 3 : 0
}

export interface CurrentResult {
  readonly database: string
  readonly dialect: DialectName
  readonly id: string | null
}

/** The newest applied id. */
export async function current(options: DatabaseOptions = {}): Promise<CurrentResult> {
  return withDatabase(options, 'read', async ({ target, session, dialect, table }) => {
    const ledger = await readBriefly(session, dialect, table)
    return { database: target.display, dialect: dialect.name, id: newestApplied(ledger) ?? null }
  })
}

export interface HistoryEntry {
  readonly seq: number
  readonly event: LedgerRow['event']
  readonly id: string
  readonly at: string
  readonly duration_ms: number | null
  /** How many were written, as the server counts them; null where nobody knows. */
  readonly rows: number | null
  readonly statements: number | null
  /** Of those, how many stood then. */
  readonly done: number | null
  readonly by: string
  readonly host: string
  readonly version: string
  readonly file: string | null
  readonly note: string | null
}

export interface HistoryResult {
  readonly database: string
  readonly dialect: DialectName
  readonly history: readonly HistoryEntry[]
}

/** What the ledger has, newest first. */
export async function history(options: DatabaseOptions = {}): Promise<HistoryResult> {
  return withDatabase(options, 'read', async ({ target, session, dialect, table }) => {
    const ledger = await readLedger(session, dialect, table)
    return { database: target.display, dialect: dialect.name, history: [...ledger.rows].reverse().map(entry) }
  })
}

function entry(row: LedgerRow): HistoryEntry {
  const { durationMs, rowsWritten, user, seq, event, id, at, statements, done, host, version, file, note } = row
  const [duration_ms, rows, by] = [durationMs, rowsWritten, user]
  return { seq, event, id, at, duration_ms, rows, statements, done, by, host, version, file, note }
}
