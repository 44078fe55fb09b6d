import { tools } from '../adoption/tools.ts'
import { dumpOf } from '../catalogue/dump.ts'
import { type Catalogue, type CatalogueObject, keyOf } from '../catalogue/model.ts'
import { compare, type Difference } from '../diff/compare.ts'
import type { Target } from '../drivers/target.ts'
import { parseUrl } from '../drivers/url.ts'
import { SqlmigError } from '../errors.ts'
import { runSchemaFile } from '../runner/schema-file.ts'
import type { Database } from './context.ts'
import { defaultDir, withDatabase } from './context.ts'
import { isUrl } from './import-base.ts'
import type { ImportResult } from './import-legacy.ts'
import { runOf } from './run-of.ts'
import { catalogueAt, catalogueOf, catalogueOfChain } from './schema-of.ts'
import { type ScratchOptions, withScratch } from './scratch.ts'

export interface VerifyImportOptions extends Omit<ScratchOptions, 'database' | 'target'> {
  /** The URL of a database that ran all of the legacy scripts; it is only read. */
  readonly live: string
  readonly dir?: string | undefined
  /** What was there before the first script, as it was given to the import. */
  readonly base?: string | undefined
}

export interface ImportVerification {
  readonly database: string
  readonly same: boolean
  readonly differences: readonly Difference[]
}

/**
 * Replays what an import has made in a scratch database, and compares that with a database that ran the scripts themselves.
 * The old tool's own tables are left out.
 * @throws SqlmigError `usage` where the import made nothing for this kind of database, or wrote nothing; `blocked` at a todo
 */
export async function verifyImport(result: ImportResult, options: VerifyImportOptions): Promise<ImportVerification> {
  const target = parseUrl(options.live)
  refuseUnwritten(result, target)
  return withDatabase({ ...options, target }, 'read', async (database) => {
    const actual = await catalogueOf(database)
    const expected = await withScratch(database, options, (scratch) => replayed(scratch, database, result, options))
    const differences = compare(withoutTools(expected), withoutTools(actual))
    return { database: target.display, same: differences.length === 0, differences }
  })
}

function refuseUnwritten({ dialects, dry_run }: ImportResult, { dialect }: Target): void {
  if (!dry_run && dialects.includes(dialect)) return
  throw new SqlmigError(
    'usage',
    dry_run
      ? '--verify wants the files that --dry-run does not write'
      : `--verify is a database of ${dialect}, for which nothing was made`,
    { state: 'nothing was compared', remedy: dry_run ? 'run without --dry-run' : `add ${dialect} to --dialect` },
  )
}

async function replayed(
  scratch: Target,
  live: Database,
  { files }: ImportResult,
  options: VerifyImportOptions,
): Promise<Catalogue> {
  await layBase(scratch, live, options)
  const ids = files.filter(({ targets }) => targets.includes(live.dialect.name)).map(({ id }) => id)
  return catalogueOfChain(scratch, { ...options, dir: options.dir ?? defaultDir }, new Set(ids))
}

/** Makes what was there before the first script. */
async function layBase(scratch: Target, { dialect }: Database, options: VerifyImportOptions): Promise<void> {
  const { base } = options
  if (base === undefined) return
  const at = { ...options, target: scratch, onEvent: undefined }
  if (!isUrl(base)) return withDatabase(at, 'write', (database) => runSchemaFile(runOf(database, at), base, []))
  const catalogue = await catalogueAt({ ...options, target: parseUrl(base) })
  const statements = dumpOf(catalogue).map(({ sql }) => sql)
  await withDatabase(at, 'write', async ({ session }) => {
    for (const sql of [...statements, ...(dialect.transaction.begin ? [] : [dialect.transaction.commit])])
      await session.exec([sql])
  })
}

/** Without the tables of migration tools, and what is theirs. */
function withoutTools(catalogue: Catalogue): Catalogue {
  const names = tools.map(({ table }) => table)
  const own = new Set(catalogue.objects.filter(({ kind, name }) => kind === 'table' && names.includes(name)).map(keyOf))
  const isOwn = (object: CatalogueObject) =>
    own.has(keyOf(object)) ||
    (object.table !== undefined && own.has(object.table)) ||
    (object.kind === 'sequence' && names.some((name) => object.name.startsWith(`${name}_`)))
  return { ...catalogue, objects: catalogue.objects.filter((object) => !isOwn(object)) }
}
