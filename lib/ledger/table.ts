import type { Dialect, ServerFacts } from '../dialects/dialect.ts'
import { splitTableName } from '../dialects/names.ts'
import { type Row, ServerError, type Session } from '../drivers/driver.ts'
import { SqlmigError } from '../errors.ts'
import { askedAgain } from './asked-again.ts'
import { unpacked } from './body.ts'
import type { Ledger, LedgerEvent, LedgerRow } from './rows.ts'
import { fold } from './rows.ts'

/** The ledger's default table. */
export const defaultTable = 'sqlmig_history'

/**
 * The ledger's name as it stands in SQL: quoted, and qualified so that no `search_path` or `USE` of a migration
 * changes what it means.
 * @throws SqlmigError `no-database` where neither the name nor the session tells the schema
 */
export function qualify(table: string, dialect: Dialect, facts: ServerFacts): string {
  const { schema = facts.schema, name } = splitTableName(table)
  if (schema === null) {
    throw new SqlmigError('no-database', `there is no schema for the ledger "${name}"`, {
      remedy: `name a database in the URL, or the schema with --table SCHEMA.${name}`,
    })
  }
  return `${dialect.identifier(schema)}.${dialect.identifier(name)}`
}

/** Reads the ledger; it is empty where the table does not exist. Writes nothing. */
export async function readLedger(session: Session, dialect: Dialect, table: string): Promise<Ledger> {
  return askedAgain(dialect, async () => {
    const [present] = await session.query(dialect.ledger.exists(table))
    if (!present) return fold([], false)
    return fold((await readRows(session, dialect, table)).map(rowOf), true)
  })
}

/**
 * Reads what tells which migrations are applied, and with which checksum: of a long history a short answer. All else of
 * the rows is empty; where that would be missed, because a migration is half done, the whole ledger is read.
 */
export async function readBriefly(session: Session, dialect: Dialect, table: string): Promise<Ledger> {
  const ledger = await askedAgain(dialect, async () => {
    const [present] = await session.query(dialect.ledger.exists(table))
    if (!present) return fold([], false)
    const words = dialect.ledger.words(['seq', 'event', 'id', 'checksum'])
    const rows = await selected({ session, dialect, table }, `SELECT ${words} AS words FROM ${table} ORDER BY seq`)
    return fold(
      rows.map((row) => briefRow(String(row.words))),
      true,
    )
  })
  for (const { state } of ledger.recorded.values()) if (state === 'partial') return readLedger(session, dialect, table)
  return ledger
}

function briefRow(words: string): LedgerRow {
  const [seq, event, id = '', checksum = null] = words.split(' ')
  return {
    seq: Number(seq),
    event: event as LedgerEvent,
    id,
    at: '',
    durationMs: null,
    rowsWritten: null,
    statements: null,
    done: null,
    running: null,
    checksum,
    tokens: null,
    runningPrefix: null,
    fingerprint: null,
    prefix: null,
    guard: null,
    batch: null,
    file: null,
    user: '',
    host: '',
    version: '',
    note: null,
  }
}

async function readRows(session: Session, dialect: Dialect, table: string): Promise<readonly Row[]> {
  const sql = `SELECT seq, event, id, ${dialect.ledger.iso('at')} AS at, duration_ms, rows_written, statements, done, running, running_prefix, fingerprint,
  checksum, tokens, prefix, guard, batch, file, by_user, by_host, version, note FROM ${table} ORDER BY seq`
  return selected({ session, dialect, table }, sql)
}

interface Read {
  readonly session: Session
  readonly dialect: Dialect
  readonly table: string
}

async function selected({ session, dialect, table }: Read, sql: string): Promise<readonly Row[]> {
  try {
    return await session.query(sql)
  } catch (cause) {
    // the server would say this of any table
    if (cause instanceof ServerError && (cause.lost || dialect.isRetryable(cause.code))) throw cause
    throw new SqlmigError(
      'ledger-format',
      `the table ${table} is not a ledger of sqlmig: ${(cause as Error).message}`,
      {
        remedy: 'name another table with --table; nothing was changed',
        cause,
      },
    )
  }
}

function rowOf(row: Row): LedgerRow {
  const number = (name: string) => (row[name] === null ? null : Number(row[name]))
  const text = (name: string) => (row[name] === null ? null : String(row[name]))
  return {
    seq: Number(row.seq),
    event: row.event as LedgerEvent,
    id: String(row.id),
    at: String(row.at),
    durationMs: number('duration_ms'),
    rowsWritten: number('rows_written'),
    statements: number('statements'),
    done: number('done'),
    running: number('running'),
    runningPrefix: text('running_prefix'),
    fingerprint: text('fingerprint'),
    checksum: text('checksum'),
    tokens: text('tokens'),
    prefix: text('prefix'),
    guard: row.guard === null ? null : Number(row.guard) === 1,
    batch: text('batch'),
    file: text('file'),
    user: String(row.by_user),
    host: String(row.by_host),
    version: String(row.version),
    note: text('note'),
  }
}

/**
 * The text that a row is about; undefined where it was too large to be kept. Of rows that are about the same text one
 * keeps it: what a migration was applied with is what it began with, if nobody edited it between two runs.
 */
export async function readBody(session: Session, table: string, seq: number): Promise<string | undefined> {
  const [row] = await session.query(
    `SELECT k.body FROM ${table} r JOIN ${table} k ON k.id = r.id AND k.checksum = r.checksum
WHERE r.seq = ${seq} AND k.body IS NOT NULL ORDER BY k.seq DESC LIMIT 1`,
  )
  return row?.body instanceof Uint8Array ? unpacked(row.body).toString('utf8') : undefined
}
