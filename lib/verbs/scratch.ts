import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { changesBetween } from '../diff/changes.ts'
import type { Target } from '../drivers/target.ts'
import { parseUrl } from '../drivers/url.ts'
import { SqlmigError } from '../errors.ts'
import type { Database, DatabaseOptions } from './context.ts'
import { withDatabase } from './context.ts'
import { catalogueOf } from './schema-of.ts'
import { maintain } from './server.ts'

export interface ScratchOptions extends DatabaseOptions {
  /** The URL of an empty database to be used instead of one that is made and dropped. */
  readonly scratch?: string | undefined
}

/**
 * Does some work in an empty database of the same server, which is made for it and dropped after.
 * @param like an open database, whose server, character set and collation it gets
 * @throws SqlmigError `usage` where the one given is not empty; `statement` where none can be made
 */
export async function withScratch<T>(
  like: Pick<Database, 'target' | 'session' | 'dialect'>,
  options: ScratchOptions,
  work: (scratch: Target) => Promise<T>,
): Promise<T> {
  if (options.scratch !== undefined) return inGiven(parseUrl(options.scratch), like, options, work)
  return like.dialect.databases ? inMade(like, options, work) : inFile(like.target, work)
}

async function inFile<T>(like: Target, work: (scratch: Target) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'sqlmig-'))
  try {
    return await work({ ...like, database: join(folder, 'scratch.db') })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function inMade<T>(
  { target, session, dialect }: Pick<Database, 'target' | 'session' | 'dialect'>,
  options: ScratchOptions,
  work: (scratch: Target) => Promise<T>,
): Promise<T> {
  const databases = dialect.databases!
  const name = `sqlmig_scratch_${randomBytes(6).toString('hex')}`
  const [row] = await session.query(databases.alike(name))
  await making(() => maintain(target, options, String(row?.sql ?? databases.create(name))))
  try {
    return await work({ ...target, database: name, display: `${target.display} (scratch database ${name})` })
  } finally {
    await maintain(target, options, databases.drop(name))
  }
}

async function making(make: () => Promise<void>): Promise<void> {
  try {
    await make()
  } catch (error) {
    if (!(error instanceof SqlmigError)) throw error
    throw new SqlmigError(error.code, `no scratch database can be made: ${error.message}`, {
      state: 'nothing was changed',
      remedy: 'give the user the right to create databases, or name an empty one with --scratch URL',
      cause: error,
    })
  }
}

/** Only what is empty is used, and it is left empty. */
async function inGiven<T>(
  scratch: Target,
  { dialect }: Pick<Database, 'dialect'>,
  options: ScratchOptions,
  work: (scratch: Target) => Promise<T>,
): Promise<T> {
  const refused = (message: string, remedy: string) =>
    new SqlmigError('usage', message, { state: 'nothing was changed', remedy })
  if (scratch.dialect !== dialect.name)
    throw refused(`--scratch is no database of ${dialect.title}`, 'name an empty database on a server of the same kind')
  const at = { ...options, target: scratch }
  const empty = await withDatabase(at, 'read', (database) => catalogueOf(database, { all: true }))
  if (empty.objects.length > 0)
    throw refused(
      `the scratch database ${scratch.display} is not empty`,
      'name an empty one: all that is in it would be dropped',
    )
  try {
    return await work(scratch)
  } finally {
    await withDatabase(at, 'write', async (database) => {
      const left = await catalogueOf(database, { all: true })
      for (const { sql } of changesBetween(left, empty, new Map())) await database.session.exec([sql])
    })
  }
}
