import type { Examined } from '../chain/examine.ts'
import { prefixOf } from '../chain/examine.ts'
import { SqlmigError } from '../errors.ts'
import type { LedgerRow, Recorded } from '../ledger/rows.ts'
import { seal } from '../ledger/seal.ts'
import { bodyValue } from '../ledger/write.ts'
import { markShown, readMark } from '../runner/batch-mark.ts'
import { bodyOf } from '../runner/confirm.ts'
import { unknownId } from '../runner/plan.ts'
import type { Books } from './books.ts'
import { filesUpTo, recordFiles, row, withBooks, write } from './books.ts'
import type { ChainOptions, DatabaseOptions } from './context.ts'

/** What the verbs that only write the ledger take. */
export interface RecordOptions extends DatabaseOptions, ChainOptions {
  readonly id: string
  /** Kept in the ledger. */
  readonly reason?: string | undefined
}

export interface AcceptOptions extends RecordOptions {
  /** Why the database is as the edited text says: nobody could tell later. */
  readonly reason: string
}

export interface AcceptResult {
  readonly id: string
  /** The checksums of the exact text, before and now. */
  readonly from: string | null
  readonly to: string
}

/**
 * Records the text of an applied migration as it is in its file now as the truth, running nothing.
 * @throws SqlmigError `unknown-id`; `usage` where it is not applied, or not edited, or the reason is empty
 */
export async function accept(options: AcceptOptions): Promise<AcceptResult> {
  if (options.reason.trim() === '')
    throw notNow('an edit is accepted for a reason', `sqlmig accept ${options.id} --reason "run by hand, ticket 12"`)
  return withBooks(options, async (books) => {
    const { file, recorded } = both(options.id, books)
    if (recorded.state === 'partial')
      throw notNow(`${options.id} is half applied`, 'finish it first with "sqlmig up" or "sqlmig resolve"')
    if (file.checksum === recorded.checksum) throw notNow(`${options.id} is not edited`, 'there is nothing to accept')
    await write(books, row(books, books.ledger.lastSeq + 1, 'accepted', file, options.reason))
    return { id: file.id, from: recorded.checksum, to: file.checksum }
  })
}

function both(id: string, { chain, ledger }: Books): { file: Examined; recorded: Recorded } {
  const file = chain.find((one) => one.id === id)
  const recorded = ledger.recorded.get(id)
  if (file && recorded) return { file, recorded }
  if (file) throw notNow(`${id} is not applied`, 'a pending file can be edited freely')
  if (recorded)
    throw notNow(
      `${id} has no file`,
      'bring it back from version control, or write it anew ("sqlmig show" prints the recorded text)',
    )
  throw unknownId(id, [...chain.map((one) => one.id), ...ledger.recorded.keys()])
}

function notNow(message: string, remedy: string): SqlmigError {
  return new SqlmigError('usage', message, { state: 'nothing was recorded', remedy })
}

export interface BaselineResult {
  readonly recorded: readonly string[]
}

/**
 * Records every migration up to an id as applied, running nothing: for a database that has its schema already.
 * @throws SqlmigError `unknown-id`, `blocked`
 */
export async function baseline(options: RecordOptions): Promise<BaselineResult> {
  return withBooks(options, async (books) => {
    const files = filesUpTo(options.id, books).filter(({ id }) => !books.ledger.recorded.has(id))
    await recordFiles(books, 'baselined', files, options.reason)
    return { recorded: files.map(({ id }) => id) }
  })
}

export interface ResolveResult {
  readonly id: string
  /** Statements that count as done now. */
  readonly done: number
  readonly state: 'applied' | 'partial'
}

export interface ResolveOptions extends RecordOptions {
  /** The last statement that took effect, 0 for none; undefined where the one whose outcome is open did not start. */
  readonly through: number | undefined
}

/**
 * Records how far a half-applied migration got, as a person has found out. Running nothing; the next `up` goes on there.
 * @throws SqlmigError `unknown-id`; `usage` where it is not half applied, or has fewer statements
 */
export async function resolve(options: ResolveOptions): Promise<ResolveResult> {
  return withBooks(
    options,
    async (books) => {
      const { file, recorded } = both(options.id, books)
      if (recorded.state !== 'partial') throw notNow(`${options.id} is not half applied`, 'see "sqlmig status"')
      if (options.through === undefined && recorded.row.batch !== null) throw hasBegun(options.id, recorded.row)
      const through = options.through ?? recorded.row.done ?? 0
      if (through < 0 || through > file.statements)
        throw notNow(`${options.id} has ${file.statements} statements`, 'give --through a number from 0 to that')
      const state = through === file.statements ? 'applied' : 'partial'
      await write(books, [...moved(books, file, recorded, through), ...said(books, file, through, options)])
      return { id: file.id, done: through, state }
    },
    { halfDone: true },
  )
}

/** A statement that has run some of its batches is in no doubt, and cannot be said not to have started. */
function hasBegun(id: string, { done, batch }: LedgerRow): SqlmigError {
  const ordinal = (done ?? 0) + 1
  return notNow(
    `statement ${ordinal} of ${id} has run in batches through ${markShown(readMark(batch!))}`,
    `"sqlmig up" goes on there; "--through ${ordinal}" leaves it at that, "--through ${ordinal - 1}" begins it anew`,
  )
}

function moved({ run }: Books, file: Examined, recorded: Recorded, through: number): readonly string[] {
  const { dialect, table, lexis } = run
  const settled = `done = ${through}, running = NULL, running_prefix = NULL, fingerprint = NULL, batch = NULL, note = NULL`
  const where = `WHERE seq = ${recorded.row.seq}`
  if (through === file.statements) {
    const update = `UPDATE ${table} SET event = 'applied', ${settled}, prefix = NULL, checksum = ${dialect.text(file.checksum)}, tokens = ${dialect.text(file.tokens)}, body = ${bodyValue(dialect, bodyOf(file))} ${where}`
    return [update, seal(dialect, table, recorded.row.seq)]
  }
  return [`UPDATE ${table} SET ${settled}, prefix = ${dialect.text(prefixOf(file, lexis, through))} ${where}`]
}

/** The row that keeps who said so, and why. */
function said(books: Books, file: Examined, through: number, { reason }: ResolveOptions): readonly string[] {
  const { batch, done } = books.ledger.recorded.get(file.id)!.row
  const begun = batch === null ? '' : ` (statement ${(done ?? 0) + 1} had run through ${markShown(readMark(batch))})`
  const note = `${through === 0 ? 'no statement' : `through statement ${through}`}${begun}${reason ? `: ${reason}` : ''}`
  return row(books, books.ledger.lastSeq + 1, 'resolved', file, note, through)
}
