import type { DialectName } from '../dialects/dialect-name.ts'
import { SqlmigError } from '../errors.ts'
import { type Broken, verifySeals } from '../ledger/seal.ts'
import type { DatabaseOptions } from './context.ts'
import { withDatabase } from './context.ts'

export interface VerifyHistoryOptions extends DatabaseOptions {
  /** The head that an earlier verification told: it has to be in the chain still. */
  readonly head?: string | undefined
}

export interface VerifiedHistory {
  readonly database: string
  readonly dialect: DialectName
  readonly verified: boolean
  /** Rows in the chain. */
  readonly rows: number
  /** The hash of the last one; null where nothing is recorded. */
  readonly head: string | null
  /** The first row that does not fit; null where all do. */
  readonly broken: Broken | null
  /** Whether the head asked for is in the chain; null where none was. */
  readonly head_found: boolean | null
}

/**
 * Works out the hashes of the ledger again. Who can write the table can write a whole chain anew: that shows where an
 * earlier head is given that was kept elsewhere.
 * @throws SqlmigError `usage` where the head is no hash
 */
export async function verifyHistory(options: VerifyHistoryOptions = {}): Promise<VerifiedHistory> {
  const wanted = options.head?.toLowerCase()
  if (wanted !== undefined && !/^[0-9a-f]{64}$/.test(wanted)) {
    throw new SqlmigError('usage', '--head wants a hash of 64 hexadecimal digits, as "history --verify" tells it')
  }
  return withDatabase(options, 'read', async ({ target, session, dialect, table }) => {
    const [present] = await session.query(dialect.ledger.exists(table))
    const told = present
      ? await verifySeals(session, dialect, table)
      : { rows: 0, head: null, hashes: [], broken: null }
    const { rows, head, hashes, broken } = told
    const found = wanted === undefined ? null : hashes.includes(wanted)
    const verified = broken === null && found !== false
    return { database: target.display, dialect: dialect.name, verified, rows, head, broken, head_found: found }
  })
}
