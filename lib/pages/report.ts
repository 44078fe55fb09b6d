import type { TrailStep } from '../ddl/trail.ts'
import type { DialectName } from '../dialects/dialect-name.ts'
import type { PageState } from './document.ts'

/** What a report shows, as data. Texts are as they were found; the page escapes them. */
export interface Report {
  /** ISO 8601, UTC. */
  readonly at: string
  readonly version: string
  readonly dir: string
  readonly dialect: DialectName
  /** How the dialect came to be chosen, where no database says it. */
  readonly dialectFrom: string | undefined
  /** undefined: the files alone were read. */
  readonly database: ReportedDatabase | undefined
  /** In the order of their ids. */
  readonly migrations: readonly ReportedMigration[]
}

export interface ReportedDatabase {
  readonly display: string
  readonly server: string
  readonly ledger: string
  readonly ledgerExists: boolean
}

export interface ReportedMigration {
  readonly id: string
  readonly state: PageState
  /** undefined where there is no file. */
  readonly file: string | undefined
  readonly text: ReportedText | undefined
  readonly events: readonly ReportedEvent[]
  readonly edits: readonly ReportedEdit[]
  readonly todos: readonly { readonly line: number; readonly text: string }[]
  /** What is particular about it, in sentences. */
  readonly remarks: readonly string[]
  readonly legacy: ReportedScript | undefined
  /** What its file, or the text that the ledger kept, makes of the schema; undefined where there is neither. */
  readonly step: TrailStep | undefined
}

export interface ReportedText {
  readonly text: string
  /** Bytes that are not shown. */
  readonly left: number
}

/** A row of the ledger. */
export interface ReportedEvent {
  /** Newer versions may have more than are known here. */
  readonly event: string
  readonly at: string
  readonly durationMs: number | null
  readonly rowsWritten: number | null
  readonly statements: number | null
  readonly user: string
  readonly host: string
  readonly version: string
  readonly note: string | null
}

/** A hand edit of an applied file. */
export interface ReportedEdit {
  readonly title: string
  readonly by: string | undefined
  readonly reason: string | undefined
  /** `statement 2 (line 5) is changed` */
  readonly words: readonly string[]
  /** A unified diff; undefined where it cannot be shown, for the reason in `without`. */
  readonly diff: string | undefined
  readonly without: string | undefined
}

/** The legacy script that a file was made from. */
export interface ReportedScript {
  readonly source: string
  readonly text: ReportedText | undefined
  /** What is to be said about it: it has changed since, or is not there. */
  readonly remark: string | undefined
}

/** The row that says that a migration ran, or was recorded. */
export function mainEvent({ events }: ReportedMigration): ReportedEvent | undefined {
  const done = ['applied', 'baselined', 'adopted', 'started']
  return events.findLast(({ event }) => done.includes(event)) ?? events[0]
}
