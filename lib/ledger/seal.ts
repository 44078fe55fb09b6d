import { createHash } from 'node:crypto'
import type { Dialect, LedgerSql } from '../dialects/dialect.ts'
import { sealAliases } from '../dialects/names.ts'
import type { Row, Session } from '../drivers/driver.ts'
import { unpacked } from './body.ts'

/*
 * The chain of hashes. A row of the ledger that tells of something done is sealed: it gets the next `link` and, as `hash`,
 * the digest of the hash before and of what it tells. The server works it out in the transaction that writes the row, from
 * what it has stored: the times are its own. A row of a migration that is still half done is no event yet, and is sealed
 * when it becomes one.
 */

/** What a seal is about, as SQL for texts that are never null and never read two ways. */
function parts({ iso, part }: LedgerSql): readonly string[] {
  const columns = ['seq', 'event', 'id', iso('at'), 'duration_ms', 'statements', 'done', 'checksum', 'tokens']
  return [...columns, 'file', 'by_user', 'by_host', 'version', 'note'].map(part)
}

/** The UPDATE that seals a row, in the transaction that wrote it. */
export function seal({ ledger }: Pick<Dialect, 'ledger'>, table: string, seq: number | string): string {
  const [last, links] = sealAliases
  const before = `coalesce((SELECT hash FROM (SELECT hash FROM ${table} ${last} WHERE link IS NOT NULL ORDER BY link DESC LIMIT 1) newest), '')`
  const next = `(SELECT next FROM (SELECT coalesce(max(link), 0) + 1 AS next FROM ${table} ${links}) numbered)`
  return `UPDATE ${table} SET hash = ${ledger.digest([before, ...parts(ledger)])}, link = ${next} WHERE seq = ${seq}`
}

/** What does not fit in the chain of a ledger. */
export interface Broken {
  readonly seq: number
  readonly id: string
  /** `changed`: another text than was sealed; `missing`: rows before it are gone; `unsealed`: not written by sqlmig. */
  readonly kind: 'changed' | 'missing' | 'unsealed' | 'body'
  readonly message: string
}

export interface Verified {
  /** Rows that are sealed. */
  readonly rows: number
  /** The hash of the last one; null where there is none. */
  readonly head: string | null
  /** The hashes, in their order. */
  readonly hashes: readonly string[]
  /** The first row that does not fit. */
  readonly broken: Broken | null
}

/** Works out every hash again, on this side of the connection, and reads every text that is kept. */
export async function verifySeals(session: Session, dialect: Dialect, table: string): Promise<Verified> {
  const { ledger } = dialect
  const told = parts(ledger).map((part, index) => `${part} AS p${index}`)
  const rows = await session.query(
    `SELECT seq AS number, link, hash, ${told.join(', ')} FROM ${table} ORDER BY coalesce(link, 0), seq`,
  )
  const sealed = rows.filter(({ link }) => link !== null)
  const broken = rows.map(unsealed).find((found) => found) ?? firstBroken(sealed, told.length, ledger.digestName)
  const hashes = sealed.map(({ hash }) => String(hash))
  return {
    rows: sealed.length,
    head: hashes.at(-1) ?? null,
    hashes,
    broken: broken ?? (await firstOtherBody(session, table, sealed)),
  }
}

function unsealed(row: Row): Broken | undefined {
  const event = String(row.p1)
  if (row.link !== null || event === 'started') return undefined
  return found(row, 'unsealed', `row ${row.number} (${event} ${row.p2}) has no hash: it was not written by sqlmig`)
}

function firstBroken(rows: readonly Row[], width: number, name: string): Broken | undefined {
  let before = ''
  for (const [index, row] of rows.entries()) {
    const about = `row ${row.number} (${row.p1} ${row.p2})`
    if (Number(row.link) !== index + 1) {
      const gone = Number(row.link) - index - 1
      return found(
        row,
        'missing',
        `${gone === 1 ? 'a row' : `${gone} rows`} before ${about} ${gone === 1 ? 'is' : 'are'} gone`,
      )
    }
    const told = [before, ...Array.from({ length: width }, (_, at) => String(row[`p${at}`]))].join('|')
    if (createHash(name).update(told).digest('hex') !== row.hash)
      return found(row, 'changed', `${about} is not as it was written, or a row before it was put in its place`)
    before = String(row.hash)
  }
  return undefined
}

/** One text at a time: together they may be large. */
async function firstOtherBody(session: Session, table: string, rows: readonly Row[]): Promise<Broken | null> {
  for (const row of rows) {
    const [kept] = await session.query(`SELECT body, checksum FROM ${table} WHERE seq = ${Number(row.number)}`)
    if (!(kept?.body instanceof Uint8Array) || isTextOf(kept.body, String(kept.checksum))) continue
    return found(
      row,
      'body',
      `the text that row ${row.number} (${row.p1} ${row.p2}) keeps is not the one it was written with`,
    )
  }
  return null
}

function isTextOf(body: Uint8Array, checksum: string): boolean {
  try {
    return createHash('sha256').update(unpacked(body)).digest('hex') === checksum
  } catch {
    return false
  }
}

function found({ number, p2 }: Row, kind: Broken['kind'], message: string): Broken {
  return { seq: Number(number), id: String(p2), kind, message }
}
