import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readChain } from '../chain/read.ts'
import { compare, type Difference } from '../diff/compare.ts'
import type { Target } from '../drivers/target.ts'
import { SqlmigError } from '../errors.ts'
import { readLedger } from '../ledger/table.ts'
import { createLedger } from '../runner/create-ledger.ts'
import { runSchemaFile } from '../runner/schema-file.ts'
import { filesUpTo, row } from './books.ts'
import type { ChainOptions, Database, DatabaseOptions } from './context.ts'
import { defaultDir, withDatabase } from './context.ts'
import { schemaFile, snapshotId } from './dump.ts'
import { runOf } from './run-of.ts'
import { catalogueAt, catalogueOf, catalogueOfChain } from './schema-of.ts'
import { type ScratchOptions, withScratch } from './scratch.ts'
import { type AppliedMigration, up } from './up.ts'

export interface BootstrapResult {
  readonly database: string
  /** The id that the snapshot stands for. */
  readonly at: string
  /** Migrations recorded as part of the snapshot. */
  readonly recorded: readonly string[]
  /** Those that were newer. */
  readonly applied: readonly AppliedMigration[]
}

type Options = DatabaseOptions & ChainOptions

/**
 * Makes the schema of an empty database from the snapshot, records what that stands for, and applies what is newer.
 * @throws SqlmigError `usage` where the database is not empty, or there is no snapshot; what `up` throws
 */
export async function bootstrap(options: Options = {}): Promise<BootstrapResult> {
  const { path, at } = snapshotOf(options)
  const recorded = await withDatabase(options, 'write', async (database) => {
    await refuseFilled(database)
    const run = runOf(database, options, options.onEvent)
    const { session, dialect, lexis, table } = database
    const chain = readChain(options.dir ?? defaultDir, dialect, lexis, new Map())
    await createLedger(run)
    const books = { run, database, chain, ledger: await readLedger(session, dialect, table) }
    const files = filesUpTo(at, books)
    const note = `made by ${schemaFile}`
    const rows = files.flatMap((file, index) => row(books, index + 1, 'baselined', file, note))
    await runSchemaFile(run, path, [dialect.transaction.check(table, 0), ...rows])
    return files.map(({ id }) => id)
  })
  const { database, applied } = await up(options)
  return { database, at, recorded, applied }
}

export interface VerifyResult {
  readonly database: string
  readonly at: string
  readonly same: boolean
  /** `expected`: what the whole chain makes; `actual`: what the snapshot and the newer migrations make. */
  readonly differences: readonly Difference[]
}

/** Builds one database by the snapshot and one by the whole chain, and compares them. The database itself is not touched. */
export async function verifyBootstrap(options: Options & ScratchOptions = {}): Promise<VerifyResult> {
  const { at } = snapshotOf(options)
  return withDatabase(options, 'read', async (database) => {
    const built = (work: (scratch: Target) => ReturnType<typeof catalogueAt>) => withScratch(database, options, work)
    const expected = await built((scratch) => catalogueOfChain(scratch, options, undefined))
    const actual = await built(async (scratch) => {
      const there = { ...options, target: scratch, onEvent: undefined }
      await bootstrap(there)
      return catalogueAt(there)
    })
    const differences = compare(expected, actual)
    return { database: database.target.display, at, same: differences.length === 0, differences }
  })
}

function snapshotOf({ dir = defaultDir }: ChainOptions): { readonly path: string; readonly at: string } {
  const path = join(dir, schemaFile)
  const refused = (message: string) =>
    new SqlmigError('usage', message, {
      at: { file: path },
      state: 'nothing was run',
      remedy: 'write it with "sqlmig dump --at-head" from a database to which the whole chain was applied',
    })
  if (!existsSync(path)) throw refused('there is no snapshot')
  const at = snapshotId(readFileSync(path, 'utf8'))
  if (at === undefined) throw refused('the first line of the snapshot does not tell the id that it stands for')
  return { path, at }
}

async function refuseFilled(database: Database): Promise<void> {
  const { session, dialect, table, target } = database
  const ledger = await readLedger(session, dialect, table)
  const { objects } = await catalogueOf(database)
  const filled = objects.find(({ kind }) => kind !== 'schema' && kind !== 'extension')
  if (!filled && ledger.rows.length === 0) return
  const what = filled ? `it has the ${filled.kind} ${filled.name}` : 'its ledger has migrations'
  throw new SqlmigError('usage', `${target.display} is not empty: ${what}`, {
    state: 'nothing was run',
    remedy: 'run "sqlmig up" to apply what is pending, or name an empty database',
  })
}
