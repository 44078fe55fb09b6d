import { createHash } from 'node:crypto'
import type { Dialect, LedgerSql } from '../dialects/dialect.ts'
import { ledgerAgain } from '../dialects/names.ts'
import type { Row, Session } from '../drivers/driver.ts'
import { unpacked } from './body.ts'

/*
 * The chain of hashes. Every row of the ledger is sealed in the transaction that writes it: its `hash` is the digest of the
 * hash of the row before and of what the row tells. The server works it out, from what it has stored: the times are its
 * own, and whatever it does to a text on the way, the hash is of what stands. What a row tells is never changed after that.
 * A `started` row is the journal of its migration besides, and that is not sealed.
 */

const told = ['seq', 'event', 'id', 'at', 'duration_ms', 'statements', 'done', 'checksum', 'tokens', 'body'] as const
const toldBy = ['file', 'by_user', 'by_host', 'version', 'note'] as const
const numberOfParts = told.length + toldBy.length

/** What a seal is about, as SQL for texts that are never null and can be read in one way only. */
function parts({ iso, part }: LedgerSql): readonly string[] {
  const unlessJournal = (column: string) => `CASE WHEN event = 'started' THEN NULL ELSE ${column} END`
  const expressions: Readonly<Record<string, string>> = {
    at: iso('at'),
    done: unlessJournal('done'),
    note: unlessJournal('note'),
    // the text itself belongs to the checksum
    body: 'CASE WHEN body IS NULL THEN 0 ELSE 1 END',
  }
  return [...told, ...toldBy].map((column) => part(expressions[column] ?? column))
}

/**
 * The UPDATE that seals a row, in the transaction that wrote it.
 * @param seq its number, or SQL for that
 */
export function seal({ ledger }: Pick<Dialect, 'ledger'>, table: string, seq: number | string): string {
  const before = `coalesce((SELECT hash FROM (SELECT hash FROM ${table} ${ledgerAgain} WHERE seq = ${seq} - 1) before_it), '')`
  return `UPDATE ${table} SET hash = ${ledger.digest([before, ...parts(ledger)])} WHERE seq = ${seq}`
}

/**
 * How a row does not fit in the chain:
 * - `changed`: it tells something else than when it was sealed
 * - `moved`: it was sealed with another number
 * - `missing`: rows before it are gone
 * - `unsealed`: it has no hash, and was not written by sqlmig
 * - `body`: the text that it keeps is another one
 */
export type BrokenKind = 'changed' | 'moved' | 'missing' | 'unsealed' | 'body'

export interface Broken {
  readonly seq: number
  readonly id: string
  readonly kind: BrokenKind
  readonly message: string
}

export interface Verified {
  /** How many rows there are. */
  readonly rows: number
  /** The hash of the last one; null where there is none. */
  readonly head: string | null
  /** The hashes, in their order. */
  readonly hashes: readonly string[]
  /** The first row that does not fit. */
  readonly broken: Broken | null
}

/** A row as it is verified. */
interface Sealed {
  readonly seq: number
  readonly event: string
  readonly id: string
  readonly hash: string | null
  /** What it tells, as its hash is made of it. */
  readonly parts: readonly string[]
  /** Size of the text that it keeps, in bytes; 0 where it keeps none. */
  readonly size: number
}

/** Works out every hash again, on this side of the connection, and reads every text that is kept. */
export async function verifySeals(session: Session, dialect: Dialect, table: string): Promise<Verified> {
  const { ledger } = dialect
  const columns = parts(ledger).map((part, index) => `${part} AS p${index}`)
  const answer = await session.query(
    `SELECT seq, event, id, hash, coalesce(length(body), 0) AS size, ${columns.join(', ')} FROM ${table} ORDER BY seq`,
  )
  const rows = answer.map(sealedOf)
  const hashes = rows.map(({ hash }) => hash ?? '')
  const broken = firstBroken(rows, ledger.digestName) ?? (await firstOtherBody(session, table, rows)) ?? null
  return { rows: rows.length, head: hashes.at(-1) || null, hashes, broken }
}

function sealedOf(row: Row): Sealed {
  return {
    seq: Number(row.seq),
    event: String(row.event),
    id: String(row.id),
    hash: row.hash === null ? null : String(row.hash),
    parts: Array.from({ length: numberOfParts }, (_, index) => String(row[`p${index}`])),
    size: Number(row.size),
  }
}

function firstBroken(rows: readonly Sealed[], algorithm: string): Broken | undefined {
  let before = ''
  for (const [index, row] of rows.entries()) {
    const { seq, hash } = row
    const about = named(row)
    if (hash === null)
      return broken(row, 'unsealed', `${about} has no hash: it was not written by sqlmig, or its hash was taken away`)
    const gone = seq - index - 1
    if (gone > 0)
      return broken(
        row,
        'missing',
        `${gone === 1 ? 'the row' : `the ${gone} rows`} before ${about} ${gone === 1 ? 'is' : 'are'} gone`,
      )
    if (digest(algorithm, before, row.parts) !== hash) return other(row, rows, algorithm)
    before = hash
  }
  return undefined
}

/** Longer histories are not searched for where a row was before: that takes a digest for each pair of rows. */
const mostSearched = 1000

function other(row: Sealed, rows: readonly Sealed[], algorithm: string): Broken {
  const about = named(row)
  if (rows.length <= mostSearched) {
    const [, ...rest] = row.parts
    const hashes = ['', ...rows.map(({ hash }) => hash ?? '')]
    const former = rows.find(({ seq }) =>
      hashes.some((before) => digest(algorithm, before, [String(seq), ...rest]) === row.hash),
    )
    if (former && former.seq !== row.seq)
      return broken(row, 'moved', `${about} was written as row ${former.seq}: rows were put into another order`)
  }
  return broken(row, 'changed', `${about} is not as it was written`)
}

function digest(algorithm: string, before: string, parts: readonly string[]): string {
  return createHash(algorithm)
    .update([before, ...parts].join('|'))
    .digest('hex')
}

/** How many bytes of packed texts are read at once. */
const mostRead = 8 * 1024 * 1024

async function firstOtherBody(session: Session, table: string, rows: readonly Sealed[]): Promise<Broken | undefined> {
  for (const some of inPieces(rows.filter(({ size }) => size > 0))) {
    const numbers = some.map(({ seq }) => seq).join(', ')
    const kept = await session.query(`SELECT seq, body, checksum FROM ${table} WHERE seq IN (${numbers}) ORDER BY seq`)
    const wrong = kept.find(({ body, checksum }) => !isTextOf(body, String(checksum)))
    const row = wrong && some.find(({ seq }) => seq === Number(wrong.seq))
    if (row) return broken(row, 'body', `the text that ${named(row)} keeps is not the one it was written with`)
  }
  return undefined
}

function* inPieces(rows: readonly Sealed[]): Generator<readonly Sealed[]> {
  let piece: Sealed[] = []
  let size = 0
  for (const row of rows) {
    if (piece.length > 0 && (size + row.size > mostRead || piece.length >= mostSearched)) {
      yield piece
      piece = []
      size = 0
    }
    piece.push(row)
    size += row.size
  }
  if (piece.length > 0) yield piece
}

function isTextOf(body: unknown, checksum: string): boolean {
  try {
    return (
      createHash('sha256')
        .update(unpacked(body as Uint8Array))
        .digest('hex') === checksum
    )
  } catch {
    return false
  }
}

function named({ seq, event, id }: Sealed): string {
  return `row ${seq} (${event} ${id})`
}

function broken({ seq, id }: Sealed, kind: BrokenKind, message: string): Broken {
  return { seq, id, kind, message }
}
