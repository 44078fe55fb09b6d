import type { Dialect } from '../dialects/dialect.ts'
import { ledgerAgain } from '../dialects/names.ts'
import { withoutPasswords } from '../drivers/url.ts'
import { packed } from './body.ts'
import type { LedgerEvent } from './rows.ts'
import { seal } from './seal.ts'

/** Texts larger than this, in bytes, are recorded by their checksums alone: they are data, not something to review. */
export const largestBody = 4 * 1024 * 1024

/** Who writes. */
export interface Author {
  readonly user: string
  readonly host: string
  readonly version: string
}

export interface NewRow {
  readonly seq: number
  readonly event: LedgerEvent
  readonly id: string
  readonly statements: number
  readonly done: number
  readonly checksum: string
  readonly tokens: string
  readonly file: string
  /** The text to keep; undefined where it is too large, or another row keeps it. */
  readonly body: string | undefined
  readonly note?: string | undefined
  /** SQL for the duration in milliseconds; nothing ran where it is absent. */
  readonly duration?: string | undefined
}

/** The statements that write a row of the ledger, and seal it. */
export function recordRow(dialect: Dialect, table: string, row: NewRow, author: Author): readonly string[] {
  return [insert(dialect, table, row, author), seal(dialect, table, row.seq)]
}

function insert(dialect: Dialect, table: string, row: NewRow, author: Author): string {
  const text = (value: string | undefined) => (value === undefined ? 'NULL' : dialect.text(value))
  const values = [
    row.seq,
    text(row.event),
    text(row.id),
    dialect.ledger.now,
    row.duration ?? 'NULL',
    row.statements,
    row.done,
    text(row.checksum),
    text(row.tokens),
    bodyValue(dialect, row.body),
    text(row.file.slice(-1000)),
    text(author.user),
    text(author.host),
    text(author.version),
    text(row.note === undefined ? undefined : withoutPasswords(row.note)),
  ]
  return insertion(table, values)
}

/** SQL for a text that is kept. */
export function bodyValue(dialect: Dialect, body: string | undefined): string {
  return body === undefined ? 'NULL' : dialect.bytes(packed(body))
}

/** @param values SQL, in the order of the columns */
export function insertion(table: string, values: readonly (string | number)[]): string {
  return `INSERT INTO ${table} (seq, event, id, at, duration_ms, statements, done, checksum, tokens, body, file, by_user, by_host, version, note)
VALUES (${values.join(', ')})`
}

/** A statement that is about to run and commits by itself. */
export interface RunningStatement {
  readonly ordinal: number
  /** Hash of the tokens up to its end. */
  readonly prefix: string
  /** An expression for what the catalogue says of what it changes; undefined where nothing is to be kept of that. */
  readonly fingerprint: string | undefined
}

/** Where a half-done migration stands. */
export interface Position {
  /** Statements that took effect. */
  readonly done: number
  /** The statement that is about to run; null where none is. */
  readonly running: RunningStatement | null
  /** Hash of the tokens of the statements done. */
  readonly prefix: string
  /** How far the batches of the next statement got; undefined where none of it ran. */
  readonly batch?: string | undefined
}

/** Moves the journal of a started migration. `guard`: whether its last guard held. */
export function moveJournal(
  dialect: Dialect,
  table: string,
  seq: number,
  position: Position & { readonly guard: boolean | undefined },
): string {
  const guard = position.guard === undefined ? 'NULL' : Number(position.guard)
  const { running } = position
  const about = running
    ? [running.ordinal, dialect.text(running.prefix), running.fingerprint ?? 'NULL']
    : ['NULL', 'NULL', 'NULL']
  return `UPDATE ${table} SET done = ${position.done}, running = ${about[0]}, running_prefix = ${about[1]}, fingerprint = ${about[2]}, prefix = ${dialect.text(position.prefix)}, guard = ${guard}, batch = ${position.batch === undefined ? 'NULL' : dialect.text(position.batch)} WHERE seq = ${seq}`
}

/** The rows of a migration that is journaled. */
export interface JournalRows {
  /** The journal. */
  readonly journal: number
  /** The one with which this run began: the same, or that it was resumed. */
  readonly begun: number
}

/** Ends the journal of a started migration, and records that it is applied. */
export function finishJournal(
  dialect: Dialect,
  table: string,
  { journal, begun }: JournalRows,
  row: Omit<NewRow, 'event' | 'duration'>,
  author: Author,
): readonly string[] {
  const duration = sinceRow(dialect, table, begun)
  return [
    settleJournal(table, journal, row.done),
    ...recordRow(dialect, table, { ...row, event: 'applied', duration }, author),
  ]
}

/** How many ids one statement names. */
const mostCounted = 200

/**
 * Notes how many rows migrations wrote that were applied just now. Only the answer to a message tells, when the row of the
 * ledger stands already: the count is no part of what is sealed.
 */
export function noteRows(dialect: Dialect, table: string, counts: ReadonlyMap<string, number>): readonly string[] {
  const all = [...counts].map(([id, rows]) => ({ id: dialect.text(id), rows }))
  return Array.from({ length: Math.ceil(all.length / mostCounted) }, (_, index) => {
    const some = all.slice(index * mostCounted, (index + 1) * mostCounted)
    const each = some.map(({ id, rows }) => `WHEN ${id} THEN ${rows}`).join(' ')
    const ids = some.map(({ id }) => id).join(', ')
    return `UPDATE ${table} SET rows_written = CASE id ${each} END WHERE event = 'applied' AND id IN (${ids})`
  })
}

/** The same for a row of its own. */
export function noteRowsOf(table: string, seq: number, rows: number | undefined): readonly string[] {
  return rows === undefined ? [] : [`UPDATE ${table} SET rows_written = ${rows} WHERE seq = ${seq}`]
}

/** SQL for the milliseconds since a row was written. */
export function sinceRow({ ledger }: Dialect, table: string, seq: number): string {
  return ledger.since(`(SELECT at FROM (SELECT at FROM ${table} ${ledgerAgain} WHERE seq = ${seq}) began)`)
}

/** Leaves nothing open in the journal of a migration that is done through a statement, its last one or, by its `prefix`, another. */
export function settleJournal(table: string, seq: number, done: number, prefix = 'NULL'): string {
  const guard = prefix === 'NULL' ? ', guard = NULL' : ''
  return `UPDATE ${table} SET done = ${done}, running = NULL, running_prefix = NULL, fingerprint = NULL, prefix = ${prefix}${guard}, batch = NULL, note = NULL WHERE seq = ${seq}`
}

/** Notes why a started migration stopped, and the statement whose outcome is open, if there is one. */
export function noteFailure(
  dialect: Dialect,
  table: string,
  seq: number,
  outcome: Pick<Position, 'done' | 'prefix' | 'batch'> & { readonly note: string; readonly running: number | null },
): string {
  const note = dialect.text(withoutPasswords(outcome.note).slice(0, 10_000))
  const { done, prefix, batch } = outcome
  const reached = `done = ${done}, prefix = ${dialect.text(prefix)}, batch = ${batch === undefined ? 'NULL' : dialect.text(batch)}`
  return `UPDATE ${table} SET ${reached}, running = ${outcome.running ?? 'NULL'}, note = ${note} WHERE seq = ${seq}`
}
