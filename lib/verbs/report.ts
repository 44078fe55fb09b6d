import type { Examined } from '../chain/examine.ts'
import { statementsOf } from '../chain/examine.ts'
import { listMigrations } from '../chain/folder.ts'
import { readChain } from '../chain/read.ts'
import { type DialectName, dialectNames } from '../dialects/dialect-name.ts'
import { dialects } from '../dialects/dialects.ts'
import { SqlmigError } from '../errors.ts'
import type { Ledger, LedgerRow } from '../ledger/rows.ts'
import { fold, newestApplied } from '../ledger/rows.ts'
import { readLedger } from '../ledger/table.ts'
import type { Report, ReportedDatabase, ReportedEdit, ReportedEvent, ReportedMigration } from '../pages/report.ts'
import { whereTextIs } from '../runner/mixed-up.ts'
import type { MigrationState, Standing } from '../runner/plan.ts'
import { compare } from '../runner/plan.ts'
import type { Lexis } from '../text/lexis.ts'
import { Splitter } from '../text/split.ts'
import { version } from '../version.ts'
import type { ChainOptions, DatabaseOptions } from './context.ts'
import { defaultDir, withDatabase } from './context.ts'
import { findNamedUrl } from './database-url.ts'
import { editsOf, recordedText } from './report-edits.ts'
import { beginningOf, legacyScripts } from './report-files.ts'
import { remarksOf } from './report-remarks.ts'

export interface ReportOptions extends DatabaseOptions, ChainOptions {
  /** Read the files as this dialect does; by default as the database that is named, else as the one that reads them best. */
  readonly dialect?: DialectName | undefined
}

export interface ReportResult {
  /** The page: one HTML document that needs nothing else. */
  readonly html: string
  /** null: no database is named anywhere, and the page shows the files alone. */
  readonly database: string | null
  readonly dialect: DialectName
  readonly migrations: readonly {
    readonly id: string
    /** null where no database tells. */
    readonly state: MigrationState | null
    readonly applied_at: string | null
    readonly duration_ms: number | null
    readonly file: string | null
  }[]
  readonly summary: Readonly<Partial<Record<MigrationState, number>>>
  /** At the end of the chain. */
  readonly tables: number
  /** What the pictures of the schema cannot tell for certain; each is said on the page. */
  readonly doubts: number
}

/**
 * The chain, its history and its schema as one HTML page. Writes nothing; without a database that is named, of the files alone.
 * @throws SqlmigError `usage` where the dialect is not the database's; what reading the files and opening the database throws
 */
export async function report(options: ReportOptions = {}): Promise<ReportResult> {
  const dir = options.dir ?? defaultDir
  if (!options.target && findNamedUrl(options) === undefined) return reportOfFiles(dir, options.dialect)
  return withDatabase(options, 'read', async ({ target, session, dialect, facts, lexis, table, ledgerName }) => {
    if (options.dialect !== undefined && options.dialect !== dialect.name)
      throw otherDialect(options.dialect, dialect.title)
    const ledger = await readLedger(session, dialect, table)
    const chain = readChain(dir, dialect, lexis, ledger.recorded)
    const texts = new Map<string, Pick<ReportedMigration, 'edits' | 'text'>>()
    const standings = compare(chain, ledger)
    for (const standing of standings) {
      const edits = await editsOf(standing, { session, table, lexis })
      const text = standing.file ? beginningOf(standing.file.path) : await recordedText(standing, session, table)
      texts.set(standing.id, { edits, text })
    }
    const database = { display: target.display, server: facts.version, ledger: ledgerName, ledgerExists: ledger.exists }
    return assemble({ dir, dialect: dialect.name, lexis, ledger, standings, texts, database, dialectFrom: undefined })
  })
}

function otherDialect(asked: DialectName, title: string): SqlmigError {
  return new SqlmigError('usage', `--dialect ${asked} is not the dialect of the database, which is ${title}`, {
    remedy: 'leave out --dialect, or name another database',
  })
}

async function reportOfFiles(dir: string, asked: DialectName | undefined): Promise<ReportResult> {
  const { dialect, chain } = asked ? { dialect: asked, chain: readAs(asked, dir) } : bestReading(dir)
  const dialectFrom = asked ? undefined : 'no dialect is named, and this one reads all of them'
  const ledger = fold([], false)
  const texts = new Map(chain.map(({ id, path }) => [id, { edits: [], text: beginningOf(path) }]))
  const lexis = dialects[dialect].lexis()
  const standings = compare(chain, ledger)
  return assemble({ dir, dialect, lexis, ledger, standings, texts, database: undefined, dialectFrom })
}

function readAs(dialect: DialectName, dir: string): readonly Examined[] {
  return readChain(dir, dialects[dialect], dialects[dialect].lexis(), new Map())
}

/** The first dialect that can read all of the files; where none can, the error of the first. */
function bestReading(dir: string): { readonly dialect: DialectName; readonly chain: readonly Examined[] } {
  listMigrations(dir, undefined)
  let first: unknown
  for (const dialect of dialectNames) {
    try {
      return { dialect, chain: readAs(dialect, dir) }
    } catch (error) {
      first ??= error
      if (!(error instanceof SqlmigError)) throw error
    }
  }
  throw first
}

interface Material {
  readonly dir: string
  readonly dialect: DialectName
  readonly dialectFrom: string | undefined
  readonly lexis: Lexis
  readonly ledger: Ledger
  readonly standings: readonly Standing[]
  readonly texts: ReadonlyMap<
    string,
    { readonly edits: readonly ReportedEdit[]; readonly text: ReportedMigration['text'] }
  >
  readonly database: ReportedDatabase | undefined
}

async function assemble(material: Material): Promise<ReportResult> {
  const { dir, dialect, dialectFrom, database } = material
  const { reportPage } = await import('../pages/report-page.ts')
  const migrations = await migrationsOf(material)
  const page: Report = {
    at: new Date().toISOString(),
    version: version(),
    dir,
    dialect,
    dialectFrom,
    database,
    migrations,
  }
  const last = migrations.findLast(({ step }) => step)?.step?.after
  return {
    html: reportPage(page),
    database: database?.display ?? null,
    dialect,
    ...listed(material),
    tables: Object.keys(last?.tables ?? {}).length,
    doubts: migrations.reduce((sum, { step }) => sum + (step?.doubts.length ?? 0), 0),
  }
}

function listed({ standings, database }: Material): Pick<ReportResult, 'migrations' | 'summary'> {
  const summary: Partial<Record<MigrationState, number>> = {}
  const migrations = standings.map(({ id, state, file, recorded }) => {
    if (database) summary[state] = (summary[state] ?? 0) + 1
    const { at = null, durationMs = null } = recorded?.row ?? {}
    return { id, state: database ? state : null, applied_at: at, duration_ms: durationMs, file: file?.path ?? null }
  })
  return { migrations, summary }
}

async function migrationsOf(material: Material): Promise<readonly ReportedMigration[]> {
  const { dir, dialect, lexis, ledger, standings, texts, database } = material
  const { SchemaTrail } = await import('../ddl/trail.ts')
  const trail = new SchemaTrail(dialect)
  const scripts = legacyScripts(dir)
  const events = eventsById(ledger)
  const newest = newestApplied(ledger)
  return standings.map((standing) => {
    const { id, state, file } = standing
    const kept = texts.get(id)!.text
    const recorded = kept?.left === 0 ? new Splitter([kept.text], lexis) : undefined
    const reading = file ? statementsOf(file, lexis).statements : recorded
    const step = reading && trail.read(reading)
    const source = reading?.fileDirectives.find((directive) => directive.name === 'source')
    return {
      id,
      state: database || state === 'blocked' ? state : 'file',
      file: file?.path,
      ...texts.get(id)!,
      events: events.get(id) ?? [],
      todos: (file?.todos ?? []).map(({ place, text }) => ({ line: place.line, text })),
      remarks: database ? remarksOf(standing, { newest, holder: whereTextIs(standing, standings) }) : [],
      legacy: source && file && scripts(source.value, file.path),
      step,
    }
  })
}

function eventsById({ rows }: Ledger): ReadonlyMap<string, readonly ReportedEvent[]> {
  const events = new Map<string, ReportedEvent[]>()
  for (const row of rows) {
    const own = events.get(row.id)
    if (own) own.push(eventOf(row))
    else events.set(row.id, [eventOf(row)])
  }
  return events
}

function eventOf(row: LedgerRow): ReportedEvent {
  const { event, at, durationMs, rowsWritten, statements, user, host, version, note } = row
  return { event, at, durationMs, rowsWritten, statements, user, host, version, note }
}
