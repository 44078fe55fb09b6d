import type { Row, Value } from '../drivers/driver.ts'
import { compareParts, versionParts } from './versions.ts'

export const toolNames = ['alembic', 'dbmate', 'goose', 'golang-migrate', 'sql-migrate', 'flyway'] as const
/** The tools whose tables can be read. */
export type ToolName = (typeof toolNames)[number]

/** What a tool's table says. */
export interface Told {
  /** What was applied, as the table has it; Alembic's heads. */
  readonly versions: readonly string[]
  /** Everything up to this one counts as applied too: Flyway's baseline. */
  readonly baseline?: string
  /** Why the table cannot be taken at its word. */
  readonly fault?: Fault
  readonly notes?: readonly string[]
}

export interface Fault {
  readonly message: string
  readonly remedy: string
}

export interface Tool {
  readonly name: ToolName
  /** Its table, where it was not told another name. */
  readonly table: string
  /** Columns by which its table is known. */
  readonly columns: readonly string[]
  /** The columns that are read, and their order. */
  readonly select: readonly string[]
  readonly orderBy: string
  tell(rows: readonly Row[]): Told
}

function isTrue(value: Value | undefined): boolean {
  return value === true || /^(?:1|t|true)$/i.test(String(value))
}

/**
 * The tables as the tools' sources make them: alembic/runtime/migration.py; dbmate pkg/driver; goose internal/dialects;
 * golang-migrate database; sql-migrate migrate.go (MigrationRecord); Flyway JdbcTableSchemaHistory.java. The one with
 * the fewest columns comes last, since others have its column too.
 */
export const tools: readonly Tool[] = [
  {
    name: 'alembic',
    table: 'alembic_version',
    columns: ['version_num'],
    select: ['version_num'],
    orderBy: 'version_num',
    tell: (rows) => ({ versions: rows.map(({ version_num }) => String(version_num)) }),
  },
  {
    name: 'goose',
    table: 'goose_db_version',
    columns: ['version_id', 'is_applied'],
    select: ['id', 'version_id', 'is_applied'],
    orderBy: 'id',
    tell: (rows) => ({ versions: gooseVersions(rows) }),
  },
  {
    name: 'golang-migrate',
    table: 'schema_migrations',
    columns: ['version', 'dirty'],
    select: ['version', 'dirty'],
    orderBy: 'version',
    tell: golangTold,
  },
  {
    name: 'sql-migrate',
    table: 'gorp_migrations',
    columns: ['id', 'applied_at'],
    select: ['id'],
    orderBy: 'id',
    tell: (rows) => ({ versions: rows.map(({ id }) => String(id)) }),
  },
  {
    name: 'flyway',
    table: 'flyway_schema_history',
    columns: ['installed_rank', 'version', 'type', 'script', 'success'],
    select: ['installed_rank', 'version', 'description', 'type', 'script', 'success'],
    orderBy: 'installed_rank',
    tell: flywayTold,
  },
  {
    name: 'dbmate',
    table: 'schema_migrations',
    columns: ['version'],
    select: ['version'],
    orderBy: 'version',
    tell: (rows) => ({ versions: rows.map(({ version }) => String(version)) }),
  },
]

/** The newest row of a version counts: older versions of goose wrote one that is not applied when they went down. */
function gooseVersions(rows: readonly Row[]): readonly string[] {
  const newest = new Map(rows.map((row) => [String(row.version_id), isTrue(row.is_applied)]))
  newest.delete('0') // goose's own first row
  return Array.from(newest).flatMap(([version, applied]) => (applied ? [version] : []))
}

function golangTold(rows: readonly Row[]): Told {
  const versions = rows.map(({ version }) => String(version)).filter((version) => !version.startsWith('-'))
  if (rows.length > 1) {
    const message = `golang-migrate keeps one row, and there are ${rows.length}`
    return { versions, fault: { message, remedy: 'see to the table, or say how far with "sqlmig adopt --to ID"' } }
  }
  if (rows.some(({ dirty }) => isTrue(dirty))) {
    const message = `version ${versions[0]} is dirty: golang-migrate failed in the middle of it`
    return {
      versions,
      fault: { message, remedy: 'put the schema right, then "migrate force VERSION", then adopt again' },
    }
  }
  const note = 'golang-migrate keeps only its last version: every migration up to it is taken as applied'
  return { versions, notes: versions.length > 0 ? [note] : [] }
}

/** Follows Flyway's history, in which an UNDO or a DELETE takes back what stands above it. */
function flywayTold(rows: readonly Row[]): Told {
  const failed = rows.find(({ success }) => !isTrue(success))
  const applied = new Set<string>()
  let baseline: string | undefined
  for (const { version, type, script } of rows) {
    const kind = String(type)
    const name = version === null || version === undefined ? baseName(String(script)) : String(version)
    if (kind === 'SCHEMA') continue
    if (kind.startsWith('UNDO') || kind === 'DELETE') applied.delete(name)
    else if (kind.includes('BASELINE')) baseline = higher(baseline, name)
    else applied.add(name)
  }
  const told = { versions: [...applied], ...(baseline === undefined ? {} : { baseline }) }
  if (!failed) return told
  const message = `Flyway failed at ${String(failed.version ?? failed.script)} (${String(failed.script)})`
  return { ...told, fault: { message, remedy: 'put the schema right, then "flyway repair", then adopt again' } }
}

function baseName(script: string): string {
  return script.replace(/^.*[/\\]/, '')
}

function higher(a: string | undefined, b: string): string {
  return a === undefined || compareParts(versionParts(a), versionParts(b)) < 0 ? b : a
}
