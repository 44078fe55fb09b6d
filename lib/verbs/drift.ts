import { createHash } from 'node:crypto'
import { gunzipSync, gzipSync } from 'node:zlib'
import { type Catalogue, keyOf } from '../catalogue/model.ts'
import type { Database, DatabaseOptions } from './context.ts'
import { withDatabase } from './context.ts'
import { catalogueOf } from './schema-of.ts'

/** Hashes of the schema's objects, by their keys. */
type Prints = Readonly<Record<string, string>>

export interface DriftResult {
  /** When `up` looked last, ISO 8601, UTC; null where it never did, so that nothing is known. */
  readonly since: string | null
  readonly same: boolean
  /** Keys of objects. */
  readonly added: readonly string[]
  readonly changed: readonly string[]
  readonly removed: readonly string[]
}

/** Which objects of the schema are no longer as `up` left them. */
export async function drift(options: DatabaseOptions = {}): Promise<DriftResult> {
  return withDatabase(options, 'read', async (database) => {
    const stored = await storedPrints(database)
    if (!stored) return { since: null, same: true, added: [], changed: [], removed: [] }
    const { prints: before, since } = stored
    const now = printsOf(await catalogueOf(database))
    const added = Object.keys(now).filter((key) => before[key] === undefined)
    const removed = Object.keys(before).filter((key) => now[key] === undefined)
    const changed = Object.keys(now).filter((key) => before[key] !== undefined && before[key] !== now[key])
    return { since, same: added.length + removed.length + changed.length === 0, added, changed, removed }
  })
}

/** Keeps what the schema is now, with the ledger's last row; and what else there is to be written, in the same message. */
export async function storePrints(database: Database, more: readonly string[] = []): Promise<void> {
  const { session, dialect, table } = database
  const prints = gzipSync(JSON.stringify(printsOf(await catalogueOf(database))))
  await session.exec([
    ...(dialect.transaction.begin ? [dialect.transaction.begin] : []),
    `UPDATE ${table} SET catalogue = NULL WHERE catalogue IS NOT NULL`,
    `UPDATE ${table} SET catalogue = ${dialect.bytes(prints)} WHERE seq = (SELECT last FROM (SELECT max(seq) AS last FROM ${table}) AS newest)`,
    ...more,
    dialect.transaction.commit,
  ])
}

async function storedPrints({ session, dialect, table }: Database) {
  const [present] = await session.query(dialect.ledger.exists(table))
  if (!present) return undefined
  const [row] = await session.query(
    `SELECT catalogue, ${dialect.ledger.iso('at')} AS at FROM ${table} WHERE catalogue IS NOT NULL ORDER BY seq DESC LIMIT 1`,
  )
  if (!(row?.catalogue instanceof Uint8Array)) return undefined
  return { prints: JSON.parse(gunzipSync(row.catalogue).toString('utf8')) as Prints, since: String(row.at) }
}

function printsOf({ objects }: Catalogue): Prints {
  const hash = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16)
  return Object.fromEntries(
    objects.map((object) => [keyOf(object), hash(JSON.stringify([object.properties, object.parts]))]),
  )
}
