import type { DialectName } from '../dialects/dialect-name.ts'
import type { Session } from '../drivers/driver.ts'
import { type Catalogue, type CatalogueObject, keyOf } from './model.ts'

export interface ReadOptions {
  /** Objects of sqlmig itself, which are no part of anybody's schema: the ledger's table and what belongs to it. */
  readonly without: readonly { readonly schema: string | undefined; readonly name: string }[]
  /** Grants too. */
  readonly grants: boolean
}

/** A dialect's reader: all objects, in any order. */
export type CatalogueReader = (
  session: Session,
  /** The server's name and version, too. */
  options: ReadOptions & { readonly server: string },
) => Promise<readonly CatalogueObject[]>

/** Reads what the database that a session is connected to says of its schema. */
export async function readCatalogue(
  session: Session,
  dialect: DialectName,
  server: string,
  options: ReadOptions,
): Promise<Catalogue> {
  const read = await readers[dialect]()
  const objects = await read(session, { ...options, server })
  return { dialect, server, objects: objects.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)) }
}

const readers: Readonly<Record<DialectName, () => Promise<CatalogueReader>>> = {
  postgres: async () => (await import('./postgres.ts')).readPostgres,
  mysql: async () => (await import('./mysql.ts')).readMysql,
  sqlite: async () => (await import('./sqlite.ts')).readSqlite,
}
