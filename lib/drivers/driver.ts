import type { DialectName } from '../dialects/dialect-name.ts'
import type { Target } from './target.ts'

export type Value = string | number | bigint | boolean | null | Uint8Array | Date
export type Row = Readonly<Record<string, Value>>

/** Is told of a message as the server's answers come in; where it says so early enough. */
export interface Heard {
  /** So many statements are complete. */
  complete(number: number): void
  /** A statement, by its index, wrote so many rows, as the server counts them; of some that wrote none nothing is told. */
  wrote(index: number, rows: number): void
}

/** Many statements as they stand in a file, with nothing but terminators and white space between them. */
export interface Many {
  readonly count: number
  /** UTF-8, without a terminator at the end. */
  readonly bytes: Buffer
  /** One of them, by its number from 0. */
  text(index: number): string
  /** Which one lies at a position, in code points from 0, and where in that. */
  locate(position: number): { index: number; position: number }
}

/** A statement without its terminator, or many of them; statements are numbered all through. */
export type Sql = string | Many

/**
 * One open session with a database: verbs, no knowledge of migrations.
 *
 * Every verb rejects with a ServerError when the server refuses, and with a ServerError whose `lost` is true when the
 * connection ended before the answer was complete.
 */
export interface Session {
  readonly dialect: DialectName
  /** How many bytes of SQL one message may hold; each statement after the first takes three more. */
  readonly maxMessage?: number
  /** The number of the server's process that was announced on connecting; PostgreSQL only. */
  readonly announced?: number | undefined
  /** What the server answered to the `greeting` of `OpenOptions`. */
  readonly greeting?: Row | undefined
  /** Runs one statement through the simple protocol (no prepared statements) and gives its rows. */
  query(sql: string): Promise<readonly Row[]>
  /**
   * Runs statements (without terminators) in order, stopping at the first that fails: one message, one round trip.
   * A statement with an unknown number of results (CALL, EXECUTE) or that refuses company (CREATE INDEX CONCURRENTLY)
   * must come alone.
   */
  exec(statements: readonly Sql[], heard?: Heard): Promise<void>
  /** As `exec`, with a query at the end of the same message: gives its rows. */
  execThenQuery(statements: readonly Sql[], query: string, heard?: Heard): Promise<readonly Row[]>
  /** Runs statements as `exec` does, and gives the rows of each. */
  queries(statements: readonly string[]): Promise<readonly (readonly Row[])[]>
  /** Runs `COPY … FROM STDIN`, feeding it the data (bytes are read before the next ones are asked for), and gives the number of rows; PostgreSQL only. */
  copyIn(statement: string, data: Iterable<string | Buffer>): Promise<number>
  /** Who has the database's file, or the one with this suffix beside it, locked for writing, as far as that can be told; SQLite only. */
  writer?(suffix: string): string | undefined
  /**
   * From now on each statement travels in a message of its own. A node of Galera that aborts a statement amid a message may
   * answer OK to it, and to those behind it up to the last one: only the message as a whole is known to have failed. MySQL only.
   */
  eachAlone?(): void
  /** The time of the fastest answer so far, in milliseconds; where there is a server. */
  roundTrip?(): number
  /** True while a transaction is open; SQLite only, where some errors end it. */
  inTransaction?(): boolean
  /** Asks the server to abandon what this session is running; resolves when asked, never rejects. */
  cancel(): Promise<void>
  /** Ends the session; never rejects. */
  close(): Promise<void>
}

/** A server's refusal, in terms that all servers share. */
export class ServerError extends Error {
  override readonly name = 'ServerError'
  /** SQLSTATE on PostgreSQL, the error number on MySQL ("1064"), the result code's name on SQLite ("SQLITE_BUSY"). */
  readonly code: string
  /** Which of the statements given to `exec` failed, from 0; says nothing where `lost`. */
  readonly index: number
  /** Where in that statement, in code points from 0, where the server says. */
  readonly position: number | undefined
  /** The line within that statement, from 0, where the server says only that. */
  readonly line: number | undefined
  /**
   * True when the server refused the message before running any of it: nothing was complete, and it could say where the
   * error is (PostgreSQL). Where it could not, the first statement may have begun; nothing before `index` is in doubt.
   */
  readonly nothingRan: boolean
  /** True when the connection was lost, so that nobody knows what took effect. */
  readonly lost: boolean
  readonly detail: string | undefined
  readonly hint: string | undefined

  constructor(message: string, facts: ServerErrorFacts) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause })
    this.code = facts.code
    this.index = facts.index ?? 0
    this.position = facts.position
    this.line = facts.line
    this.nothingRan = facts.nothingRan ?? false
    this.lost = facts.lost ?? false
    this.detail = facts.detail
    this.hint = facts.hint
  }
}

export interface ServerErrorFacts {
  readonly code: string
  readonly index?: number
  readonly position?: number | undefined
  readonly line?: number | undefined
  readonly nothingRan?: boolean
  readonly lost?: boolean
  readonly detail?: string | undefined
  readonly hint?: string | undefined
  readonly cause?: unknown
}

export interface OpenOptions {
  /** Opens without the right to write: `status`, `--dry-run`. */
  readonly readOnly: boolean
  /** How long to try to connect, in milliseconds. */
  readonly connectTimeout: number
  /** Connects to the server's maintenance database instead of the target's: `create`, `drop`. */
  readonly maintenance?: boolean
  /** A SELECT to begin with, so that it costs no round trip of its own. */
  readonly greeting?: string | undefined
  /** How long SQLite waits for another process's lock, in milliseconds (default 5000); it blocks this process. */
  readonly busyTimeout?: number
}

/** Opens a session; rejects with a SqlmigError `connection`, `authentication`, `unknown-database` or `driver-missing`. */
export type Open = (target: Target, options: OpenOptions) => Promise<Session>
