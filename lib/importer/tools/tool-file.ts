/** A file of a legacy folder. */
export interface ToolFile {
  /** With `/`, below the legacy folder. */
  readonly path: string
  readonly text: string
}

export type ToolKind = 'sql' | 'dbmate' | 'goose' | 'golang-migrate' | 'sql-migrate' | 'flyway'

export interface Problem {
  /** In the source. */
  readonly line: number
  readonly reason: string
}

/** Lines that the tool was told to send as one statement: those of the markers around it. */
export interface Block {
  readonly begin: number
  readonly end: number
}

/** A migration of another tool, without what is that tool's own. */
export interface ToolMigration {
  readonly source: string
  readonly kind: ToolKind
  /** What the tool's own table records for it; the name without `.sql` where there is no such table. */
  readonly version: string
  /** `YYYYMMDD_HHMMSS`, where the name has a real time. */
  readonly timestamp?: string
  /** Sorts the migrations of one kind as the tool does. */
  readonly order: readonly (bigint | string)[]
  readonly slug: string
  /** The up part to the letter. Lines that hold markers are left blank, so that line numbers stay. */
  readonly sql: string
  /** The line of the source where `sql` begins. */
  readonly firstLine: number
  readonly blocks: readonly Block[]
  readonly noTransaction: boolean
  readonly hadDowngrade: boolean
  readonly problems: readonly Problem[]
}

/** A file that is no migration, and why. */
export interface LeftFile extends ToolFile {
  readonly reason: string
}

/** What a tool's reader makes of its files. */
export interface ToolReading {
  readonly migrations: readonly ToolMigration[]
  readonly left: readonly LeftFile[]
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1)
}
