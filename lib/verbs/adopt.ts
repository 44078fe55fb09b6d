import { appliedFiles, withoutFile } from '../adoption/lineage.ts'
import type { ToolTable } from '../adoption/tool-table.ts'
import { findToolTable, readToolTable } from '../adoption/tool-table.ts'
import type { Told, ToolName } from '../adoption/tools.ts'
import type { Examined } from '../chain/examine.ts'
import type { DialectName } from '../dialects/dialect-name.ts'
import { SqlmigError } from '../errors.ts'
import type { Books } from './books.ts'
import { filesUpTo, recordFiles, withBooks } from './books.ts'
import type { ChainOptions, DatabaseOptions } from './context.ts'

export interface AdoptOptions extends DatabaseOptions, ChainOptions {
  /** The tool whose table is read; needed only where several have left one. */
  readonly from?: ToolName | undefined
  /** Its table, may be schema-qualified, where it has not the tool's usual name. */
  readonly toolTable?: string | undefined
  /** Everything up to this id, for scripts that kept no table; without `from` and `toolTable`. */
  readonly to?: string | undefined
  /** Tell what would be recorded, in a session that cannot write. */
  readonly dryRun?: boolean | undefined
  /** Kept in the ledger. */
  readonly reason?: string | undefined
}

export interface AdoptResult {
  readonly database: string
  readonly dialect: DialectName
  /** null where `to` said how far. */
  readonly from: { readonly tool: ToolName; readonly table: string; readonly versions: readonly string[] } | null
  /** What was recorded now; what the ledger had before is not in it. */
  readonly adopted: readonly string[]
  readonly pending: readonly string[]
  readonly dry_run: boolean
}

/**
 * Records as applied what an old tool has applied, running nothing. Again and again, while the old tool still works.
 * @throws SqlmigError `usage` where it is not clear which table is meant; `not-adoptable` where the table does not fit
 *   the chain, or tells of a failure; `partial`, `unknown-id`
 */
export async function adopt(options: AdoptOptions = {}): Promise<AdoptResult> {
  refuseContradiction(options)
  const dry = options.dryRun ?? false
  return withBooks(options, (books) => adoptInto(books, options), { dry })
}

interface Found {
  readonly from: AdoptResult['from']
  readonly files: readonly Examined[]
  readonly note: string | undefined
}

async function adoptInto(books: Books, options: AdoptOptions): Promise<AdoptResult> {
  const { chain, ledger, database } = books
  refusePartial(books)
  const { from, files, note } =
    options.to === undefined
      ? await filesOfTool(books, options)
      : { from: null, files: filesUpTo(options.to, books), note: options.reason }
  const adopted = files.filter(({ id }) => !ledger.recorded.has(id))
  if (!options.dryRun) await recordFiles(books, 'adopted', adopted, note)
  const pending = chain.filter((file) => !ledger.recorded.has(file.id) && !adopted.includes(file)).map(({ id }) => id)
  tellOfOlder(books, files, pending)
  return {
    database: database.target.display,
    dialect: database.dialect.name,
    from,
    adopted: adopted.map(({ id }) => id),
    pending,
    dry_run: options.dryRun ?? false,
  }
}

async function filesOfTool(books: Books, options: AdoptOptions): Promise<Found> {
  const { chain, database } = books
  const source = await findToolTable(database, options)
  const told = await readToolTable(database, source)
  const { tool, table } = source
  refuseFault(source, told)
  const applied = appliedFiles(chain, tool.name, told)
  tellOfTable(books, source, told)
  const { versions, baseline } = told
  const known = baseline === undefined || versions.includes(baseline) ? versions : [baseline, ...versions]
  const says = `applied by ${tool.name}, as ${table} has it`
  return {
    from: { tool: tool.name, table, versions: known },
    files: chain.filter(({ id }) => applied.has(id)),
    note: options.reason === undefined ? says : `${says}: ${options.reason}`,
  }
}

function refuseContradiction({ to, from, toolTable }: AdoptOptions): void {
  if (to === undefined || (from ?? toolTable) === undefined) return
  throw new SqlmigError('usage', '--to says how far, and so does the table of a tool', {
    remedy: 'give either --to, or --from and --tool-table',
  })
}

function refusePartial({ ledger }: Books): void {
  const partial = Array.from(ledger.recorded.values()).find(({ state }) => state === 'partial')
  if (!partial) return
  throw new SqlmigError('partial', `${partial.id} is half applied`, {
    state: 'nothing was recorded',
    remedy: 'finish it first with "sqlmig up" or "sqlmig resolve"',
  })
}

function refuseFault({ tool, table }: ToolTable, { versions, baseline, fault }: Told): void {
  const empty = versions.length === 0 && baseline === undefined
  const found =
    fault ??
    (empty
      ? {
          message: `${table} says that ${tool.name} has applied nothing`,
          remedy: 'run "sqlmig up" where that is so, else say how far the database is with --to ID',
        }
      : undefined)
  if (!found) return
  throw new SqlmigError('not-adoptable', found.message, { state: 'nothing was recorded', remedy: found.remedy })
}

function tellOfTable({ run, chain }: Books, { tool }: ToolTable, told: Told): void {
  const repeatable = told.versions.filter((version) => tool.name === 'flyway' && version.startsWith('R__'))
  const gone = withoutFile(chain, tool.name, told)
  const notes = [
    ...(told.notes ?? []),
    ...repeatable.map((script) =>
      gone.includes(script)
        ? `Flyway has run ${script}, and no file of the chain is made from it`
        : `Flyway runs ${script} again when it changes: see that its newest text was run`,
    ),
  ]
  for (const message of notes) run.emit({ type: 'note', message })
}

/** What stays pending between applied files, `up` will not run without being told to. */
function tellOfOlder({ run }: Books, files: readonly Examined[], pending: readonly string[]): void {
  const newest = files.at(-1)?.id
  const older = newest === undefined ? [] : pending.filter((id) => id < newest)
  if (older.length === 0) return
  const verb = older.length === 1 ? 'was not applied, and is' : 'were not applied, and are'
  const message = `${older.join(', ')} ${verb} older than ${newest}: "sqlmig up --out-of-order" runs what belongs there`
  run.emit({ type: 'note', message })
}
