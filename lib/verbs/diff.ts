import { statSync } from 'node:fs'
import type { Catalogue } from '../catalogue/model.ts'
import { type Change, changesBetween } from '../diff/changes.ts'
import { compare, type Difference } from '../diff/compare.ts'
import { parseUrl } from '../drivers/url.ts'
import { SqlmigError } from '../errors.ts'
import { readLedger } from '../ledger/table.ts'
import type { ChainOptions, Database } from './context.ts'
import { withDatabase } from './context.ts'
import { catalogueAt, catalogueOf, catalogueOfChain, catalogueOfFile } from './schema-of.ts'
import { type ScratchOptions, withScratch } from './scratch.ts'

export interface DiffOptions extends ScratchOptions, ChainOptions {
  /** What the database is compared with: a file with SQL, or the URL of another database; by default the chain. */
  readonly schema?: string | undefined
  /** Compare with the whole chain instead of what the ledger has as applied. */
  readonly wholeChain?: boolean | undefined
  readonly grants?: boolean | undefined
  /** Write the statements that would make the database as it should be. */
  readonly statements?: boolean | undefined
}

export interface DiffResult {
  readonly database: string
  /** What it was compared with, for people. */
  readonly against: string
  readonly same: boolean
  readonly differences: readonly Difference[]
  /** The statements, where they were asked for. */
  readonly changes: readonly Change[]
  /** The same as a file for the server's own client program, with what may be lost by each above it. */
  readonly script: string
}

/** In what the schema of a database is not as the chain, a file or another database has it. */
export async function diff(options: DiffOptions = {}): Promise<DiffResult> {
  return withDatabase(options, 'read', async (database) => {
    const actual = await catalogueOf(database, { grants: options.grants })
    const { catalogue: expected, against } = await expectation(database, options)
    const differences = compare(expected, actual)
    const changes = options.statements && differences.length > 0 ? changesBetween(actual, expected, new Map()) : []
    const script = changes
      .map((change) => `${noted(change)}${database.dialect.client.statement(change.sql)}\n`)
      .join('\n')
    const same = differences.length === 0
    return { database: database.target.display, against, same, differences, changes, script }
  })
}

function noted({ loses, unfinished }: Change): string {
  const notes = [loses, unfinished].filter((note) => note !== undefined)
  return notes.map((note) => `-- ${note.replaceAll(/\s+/g, ' ')}\n`).join('')
}

interface Expectation {
  readonly catalogue: Catalogue
  readonly against: string
}

/** The schema as it should be. */
export async function expectation(database: Database, options: DiffOptions): Promise<Expectation> {
  const { schema, grants } = options
  if (schema !== undefined && isUrl(schema)) {
    const target = parseUrl(schema)
    return { catalogue: await catalogueAt({ ...options, target }, { grants }), against: target.display }
  }
  return withScratch(database, options, async (scratch) => {
    if (schema !== undefined)
      return { catalogue: await catalogueOfFile(scratch, options, existing(schema)), against: schema }
    const only = options.wholeChain ? undefined : await appliedIn(database)
    const against = only ? `the ${only.size} migrations of the chain that are applied` : 'the chain'
    return { catalogue: await catalogueOfChain(scratch, options, only), against }
  })
}

/** What the ledger has; undefined where there is none, so that the whole chain is meant. */
async function appliedIn({ session, dialect, table }: Database): Promise<ReadonlySet<string> | undefined> {
  const ledger = await readLedger(session, dialect, table)
  return ledger.exists && ledger.recorded.size > 0 ? new Set(ledger.recorded.keys()) : undefined
}

function isUrl(text: string): boolean {
  return text === ':memory:' || /^[a-z][a-z0-9+.-]+:/i.test(text)
}

function existing(path: string): string {
  if (statSync(path, { throwIfNoEntry: false })?.isFile()) return path
  throw new SqlmigError('file-access', `there is no file "${path}"`, {
    state: 'nothing was compared',
    remedy: '--schema names a file with SQL, or the URL of a database',
  })
}
