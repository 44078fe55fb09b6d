import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readChain } from '../chain/read.ts'
import type { DialectName } from '../dialects/dialect-name.ts'
import { SqlmigError } from '../errors.ts'
import { newestApplied } from '../ledger/rows.ts'
import { readLedger } from '../ledger/table.ts'
import { compare } from '../runner/plan.ts'
import type { ChainOptions, Database, DatabaseOptions } from './context.ts'
import { defaultDir, withDatabase } from './context.ts'
import { hasPgDump, pgDump } from './pg-dump.ts'
import { catalogueOf } from './schema-of.ts'

/** The snapshot's name in the folder of the migrations. */
export const schemaFile = 'schema.sql'

export interface DumpOptions extends DatabaseOptions, ChainOptions {
  /** Write the snapshot into the folder, with the id that it stands for; everything has to be applied. */
  readonly atHead?: boolean | undefined
  readonly grants?: boolean | undefined
}

export interface DumpResult {
  readonly database: string
  readonly sql: string
  /** The id that it stands for, where it is a snapshot. */
  readonly at: string | null
  /** The file that was written. */
  readonly file: string | null
}

/**
 * The schema of a database as SQL that makes it: the same text each time, so that it can be kept and compared.
 * @throws SqlmigError `usage` for a snapshot where something is pending, or files and ledger disagree
 */
export async function dump(options: DumpOptions = {}): Promise<DumpResult> {
  return withDatabase(options, 'read', async (database) => {
    const { target } = database
    const at = options.atHead ? await headOf(database, options) : null
    const sql = await dumpText(database, options.grants ?? false, at)
    if (at === null) return { database: target.display, sql, at, file: null }
    const file = join(options.dir ?? defaultDir, schemaFile)
    if (!existsSync(file) || readFileSync(file, 'utf8') !== sql) writeFileSync(file, sql)
    return { database: target.display, sql, at, file }
  })
}

/** The text of a dump, with who wrote it in its head, and the id that it stands for in its first line where it is a snapshot. */
async function dumpText(database: Database, grants: boolean, at: string | null): Promise<string> {
  const head = at === null ? '' : `${snapshotMark}${at}\n`
  return `${head}-- by ${await writers[database.dialect.name](database, grants)}\n`
}

const writers: Readonly<Record<DialectName, (database: Database, grants: boolean) => Promise<string>>> = {
  postgres: async (database, grants) =>
    (await hasPgDump(database))
      ? `pg_dump from ${database.facts.version}\n\n${await pgDump(database, grants)}`
      : ownDump(database, grants),
  mysql: ownDump,
  sqlite: ownDump,
}

async function ownDump(database: Database, grants: boolean): Promise<string> {
  const { dialect, facts } = database
  const { dumpOf } = await import('../catalogue/dump.ts')
  const statements = dumpOf(await catalogueOf(database, { grants }))
  return `sqlmig from ${facts.version}\n\n${statements.map(({ sql }) => dialect.client.statement(sql)).join('\n\n')}`
}

const snapshotMark = '-- sqlmig snapshot at '

/** The id that a snapshot stands for; undefined where its first line does not say. */
export function snapshotId(text: string): string | undefined {
  const [, id] = /^\uFEFF?-- sqlmig snapshot at (\S+)/.exec(text) ?? []
  return id
}

async function headOf({ session, dialect, lexis, table }: Database, options: DumpOptions): Promise<string> {
  const ledger = await readLedger(session, dialect, table)
  const standings = compare(readChain(options.dir ?? defaultDir, dialect, lexis, ledger.recorded), ledger)
  const other = standings.find(({ state }) => state !== 'applied' && state !== 'reformatted')
  const head = newestApplied(ledger)
  if (head !== undefined && !other) return head
  throw new SqlmigError(
    'usage',
    other ? `${other.id} is ${other.state}: the database is not at the head of the chain` : 'nothing is applied yet',
    { state: 'nothing was written', remedy: 'run "sqlmig up" first, or dump without --at-head' },
  )
}
