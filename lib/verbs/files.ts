import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MigrationFile } from '../chain/folder.ts'
import { listMigrations } from '../chain/folder.ts'
import { fileName, slugify, timestamp } from '../chain/names.ts'
import { SqlmigError } from '../errors.ts'
import { readLedger } from '../ledger/table.ts'
import { unknownId } from '../runner/plan.ts'
import type { ChainOptions, DatabaseOptions } from './context.ts'
import { defaultDir, withDatabase } from './context.ts'

export interface NewResult {
  readonly id: string
  readonly file: string
}

/**
 * Writes a migration that comes after all that are there: an empty one, or with a body.
 * @throws SqlmigError `usage` for a slug without letters or digits
 */
export async function newMigration(
  options: ChainOptions & { readonly slug: string; readonly body?: string },
): Promise<NewResult> {
  const { dir = defaultDir } = options
  mkdirSync(dir, { recursive: true })
  const id = freshId(dir, options.slug)
  const slug = id.slice(16)
  const file = join(dir, fileName(id))
  const { body } = options
  const text = body === undefined ? head(slug) : `-- ${slug.replaceAll('_', ' ')}\n\n${body}`
  writeFileSync(file, text, { flag: 'wx' })
  return { id, file }
}

/**
 * An id that comes after all that are in the folder.
 * @throws SqlmigError `usage` for a slug without letters or digits
 */
export function freshId(dir: string, words: string): string {
  const slug = slugify(words)
  if (!slug) {
    throw new SqlmigError('usage', `"${words}" gives no slug`, {
      remedy: 'name it in words, for example "sqlmig new add_lead_source"',
    })
  }
  return `${freshTimestamp(listMigrations(dir, undefined))}_${slug}`
}

/** Now, or a second after the newest migration where that lies in the future. */
function freshTimestamp(files: readonly MigrationFile[]): string {
  const newest = files.at(-1)?.id.slice(0, 15)
  const now = timestamp(new Date())
  if (newest === undefined || now > newest) return now
  const [, y, mo, d, h, mi, s] = /(\d{4})(\d\d)(\d\d)_(\d\d)(\d\d)(\d\d)/.exec(newest)!.map(Number)
  return timestamp(new Date(Date.UTC(y!, mo! - 1, d!, h!, mi!, s! + 1)))
}

function head(slug: string): string {
  return `-- ${slug.replaceAll('_', ' ')}
--
-- Plain SQL, run in order. On PostgreSQL and SQLite the file is one transaction with its ledger row; on MySQL and
-- MariaDB each DDL statement stands by itself, and a run that failed goes on where it stopped.
--
-- A line "-- sqlmig: …" with one of these here changes how the file is run:
--   no-transaction          for CREATE INDEX CONCURRENTLY, VACUUM and the like
--   lock-timeout 5s         how long a statement waits for a lock before it is tried again
--   statement-timeout 10min
-- and directly above a statement:
--   when column lead.source absent and table lead exists
--   batch 10000 by lead.id  an UPDATE, DELETE or INSERT … SELECT by ranges: WHERE id BETWEEN :batch_from AND :batch_to
--   todo what a person has to finish; up refuses the file until then

`
}

export interface RebaseResult {
  readonly from: string
  readonly to: string
  readonly files: readonly { readonly from: string; readonly to: string }[]
}

/**
 * Gives a pending migration a fresh timestamp, its variants with it.
 * @throws SqlmigError `unknown-id`; `usage` where it is applied already
 */
export async function rebase(options: DatabaseOptions & ChainOptions & { readonly id: string }): Promise<RebaseResult> {
  const { dir = defaultDir, id } = options
  const files = listMigrations(dir, undefined)
  const own = files.filter((file) => file.id === id)
  if (own.length === 0)
    throw unknownId(
      id,
      files.map((file) => file.id),
    )
  await refuseApplied(options, id)
  const to = `${freshTimestamp(files)}_${id.slice(16)}`
  const renames = own.map(({ path }) => ({
    from: path,
    to: join(dir, to + path.slice(path.lastIndexOf(id) + id.length)),
  }))
  for (const { to: target } of renames)
    if (existsSync(target)) throw new SqlmigError('usage', `${target} is there already`)
  for (const { from, to: target } of renames) renameSync(from, target)
  return { from: id, to, files: renames }
}

async function refuseApplied(options: DatabaseOptions, id: string): Promise<void> {
  await withDatabase(options, 'read', async ({ session, dialect, table, target }) => {
    const recorded = (await readLedger(session, dialect, table)).recorded.get(id)
    if (!recorded) return
    throw new SqlmigError(
      'usage',
      `${id} is ${recorded.state === 'partial' ? 'half ' : ''}applied in ${target.display}`,
      {
        state: 'the file was not renamed',
        remedy: 'only a pending file can be given another timestamp',
      },
    )
  })
}
