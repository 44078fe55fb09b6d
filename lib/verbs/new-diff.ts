import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readChain } from '../chain/read.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { type Change, changesBetween } from '../diff/changes.ts'
import { parseRenames, type RenameCandidate, renameCandidates } from '../diff/renames.ts'
import { SqlmigError } from '../errors.ts'
import { readLedger } from '../ledger/table.ts'
import { compare } from '../runner/plan.ts'
import type { ChainOptions, Database } from './context.ts'
import { defaultDir, withDatabase } from './context.ts'
import { expectation } from './diff.ts'
import { schemaFile, snapshotId } from './dump.ts'
import { type NewResult, newMigration } from './files.ts'
import { catalogueOf } from './schema-of.ts'
import type { ScratchOptions } from './scratch.ts'

export interface NewDiffOptions extends ScratchOptions, ChainOptions {
  readonly slug: string
  /** The schema as it is wanted: a file with SQL (by default `schema.sql` in the folder), or the URL of a database. */
  readonly schema?: string | undefined
  /** `lead=customer`, `lead.status=state`. */
  readonly renames?: readonly string[] | undefined
  /** Asked about what looks like a rename; without it, nothing is taken for one. */
  readonly ask?: ((candidate: RenameCandidate) => Promise<boolean>) | undefined
}

export interface NewDiffResult {
  /** undefined where the schemas are the same and nothing was written. */
  readonly written: NewResult | undefined
  readonly changes: readonly Change[]
  /** How many of them a person has to look at before `up` takes the file. */
  readonly todos: number
}

/**
 * Writes the migration that makes the schema of the database the one that is wanted.
 * @throws SqlmigError `usage` where the database is not at the head of the chain
 */
export async function newFromDiff(options: NewDiffOptions): Promise<NewDiffResult> {
  const { dir = defaultDir, schema = join(dir, schemaFile) } = options
  return withDatabase(options, 'read', async (database) => {
    await refuseBehind(database, dir)
    const actual = await catalogueOf(database)
    const { catalogue: expected } = await expectation(database, { ...options, schema })
    const renames = new Map(parseRenames(options.renames ?? [], actual, expected))
    for (const candidate of options.ask ? renameCandidates(actual, expected, renames) : []) {
      if (await options.ask?.(candidate)) renames.set(candidate.old, candidate.name)
    }
    const changes = changesBetween(actual, expected, renames)
    const todos = changes.filter(
      (change, index) => waits(change) && !(index > 0 && isOneWith(changes[index - 1]!, change)),
    ).length
    if (changes.length === 0) return { written: undefined, changes, todos }
    const written = await newMigration({ dir, slug: options.slug, body: bodyOf(changes, database.dialect) })
    if (todos === 0 && schema === join(dir, schemaFile)) moveSnapshot(schema, written.id)
    return { written, changes, todos }
  })
}

function waits({ loses, unfinished }: Change): boolean {
  return loses !== undefined || unfinished !== undefined
}

async function refuseBehind({ session, dialect, lexis, table }: Database, dir: string): Promise<void> {
  const ledger = await readLedger(session, dialect, table)
  const other = compare(readChain(dir, dialect, lexis, ledger.recorded), ledger).find(
    ({ state }) => state !== 'applied' && state !== 'reformatted',
  )
  if (!other) return
  throw new SqlmigError('usage', `${other.id} is ${other.state}: the database is not at the head of the chain`, {
    state: 'nothing was written',
    remedy: 'bring it there with "sqlmig up" first, so that the new migration comes after',
  })
}

/** The statements, one a paragraph; those that lose something are commented out under a todo. */
function bodyOf(changes: readonly Change[], { client }: Dialect): string {
  return changes
    .map((change, index) => {
      const again = index > 0 && isOneWith(changes[index - 1]!, change)
      const sql = client.statement(change.sql)
      if (change.loses === undefined)
        return change.unfinished === undefined || again ? sql : `-- sqlmig: todo ${oneLine(change.unfinished)}\n${sql}`
      const commented = sql.split('\n').map((line) => `-- ${line}`.trimEnd())
      const todo = `-- sqlmig: todo ${oneLine(change.loses)}; take the marks away if that is meant, and this line\n`
      return `${again ? '' : todo}${commented.join('\n')}`
    })
    .join('\n\n')
    .concat('\n')
}

/** The statements of one rebuild belong together. */
function isOneWith(before: Change, change: Change): boolean {
  return before.object === change.object && before.loses === change.loses && before.unfinished === change.unfinished
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ')
}

/** The edited snapshot stands for the new migration from now on. */
function moveSnapshot(path: string, id: string): void {
  const text = readFileSync(path, 'utf8')
  const before = snapshotId(text)
  if (before !== undefined) writeFileSync(path, text.replace(before, id))
}
