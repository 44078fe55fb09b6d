import type { Catalogue } from '../catalogue/model.ts'
import { readCatalogue } from '../catalogue/read.ts'
import { splitTableName } from '../dialects/names.ts'
import type { Target } from '../drivers/target.ts'
import { runSchemaFile } from '../runner/schema-file.ts'
import type { Database, DatabaseOptions } from './context.ts'
import { defaultDir, withDatabase } from './context.ts'
import { runOf } from './run-of.ts'
import type { ScratchOptions } from './scratch.ts'
import { up } from './up.ts'

export interface CatalogueOptions {
  /** sqlmig's own tables too. */
  readonly all?: boolean
  readonly grants?: boolean | undefined
}

/** The schema of an open database, without what is sqlmig's own. */
export async function catalogueOf(
  { session, dialect, facts, ledgerName }: Database,
  { all = false, grants = false }: CatalogueOptions = {},
): Promise<Catalogue> {
  const { schema, name } = splitTableName(ledgerName)
  const own = [name, `${name}_lock`].map((one) => ({
    schema: schema === facts.schema ? undefined : schema,
    name: one,
  }))
  return readCatalogue(session, dialect.name, facts.version, { without: all ? [] : own, grants })
}

/** The schema of a database by its address. */
export async function catalogueAt(options: DatabaseOptions, more: CatalogueOptions = {}): Promise<Catalogue> {
  return withDatabase(options, 'read', (database) => catalogueOf(database, more))
}

/** The schema that migrations make in an empty database: all of the chain, or only some. */
export async function catalogueOfChain(
  scratch: Target,
  options: ScratchOptions & { readonly dir?: string | undefined },
  only: ReadonlySet<string> | undefined,
): Promise<Catalogue> {
  const at = { ...options, target: scratch, onEvent: undefined }
  await up({ ...at, dir: options.dir ?? defaultDir, only })
  return catalogueAt(at)
}

/** The schema that a file with SQL makes in an empty database. */
export async function catalogueOfFile(scratch: Target, options: ScratchOptions, path: string): Promise<Catalogue> {
  const at = { ...options, target: scratch, onEvent: undefined }
  await withDatabase(at, 'write', (database) => runSchemaFile(runOf(database, at), path, []))
  return catalogueAt(at)
}
