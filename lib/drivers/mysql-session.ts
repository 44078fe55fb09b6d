import type { Socket } from 'node:net'
import type { Connection } from 'mysql2'
import { type Heard, type OpenOptions, type Row, ServerError, type Session, type Sql } from './driver.ts'
import { joined, statementCount } from './message.ts'
import { type Command, lean } from './mysql-command.ts'
import { endsSession, lost, serverError, tooLong } from './mysql-errors.ts'
import { Turns } from './turns.ts'

// MySQL manual, "COM_QUERY": the command byte, and the count of query attributes, share the packet with the text.
const packetOverhead = 16
const closeTimeout = 5000
const idleSeconds = 300

/**
 * A conditional comment that this server may not heed leaves an empty statement, which is welcome at the end of a message
 * and a syntax error before another. MySQL passes over `/*M!`, MariaDB over `/*!50700` to `/*!99999`, both over versions
 * newer than theirs (MariaDB Knowledge Base, "Comment Syntax").
 */
const mayBeEmpty = /^\/\*(M!|!(50[7-9]|5[1-9]|[6-9]|\d{6}))/

/** A stored program keeps the text of its message up to the next statement: the separator too, were there one. */
const keepsText = /^(?:\/\*M?!\d*\s*)?(?:create|alter)\b.{0,400}?\b(?:procedure|function|trigger|event|package)\b/is

function endsMessage(statement: Sql): boolean {
  return typeof statement === 'string' && (mayBeEmpty.test(statement) || keepsText.test(statement))
}

/** Statements, as they may share messages. */
function groups(statements: readonly Sql[]): readonly (readonly Sql[])[] {
  const result: Sql[][] = [[]]
  for (const one of statements) {
    result.at(-1)?.push(one)
    if (endsMessage(one)) result.push([])
  }
  return result.filter((group) => group.length > 0)
}

function* alone(statements: readonly Sql[]): Generator<readonly [string]> {
  for (const one of statements) {
    if (typeof one === 'string') yield [one]
    else for (let index = 0; index < one.count; index++) yield [one.text(index)]
  }
}

export class MysqlSession implements Session {
  readonly dialect = 'mysql'
  maxMessage = 1_048_576
  greeting: Row | undefined
  readonly #connection: Connection
  readonly #aside: (sql: string) => Promise<void>
  readonly #turns = new Turns()
  #id = ''
  #lost: unknown
  #gone = false
  #isEachAlone = false
  #roundTrip = Number.POSITIVE_INFINITY
  #fail: ((error: unknown) => void) | undefined

  constructor(connection: Connection, aside: (sql: string) => Promise<void>) {
    this.#connection = connection
    this.#aside = aside
    // A command without a callback is not told of a lost connection: the connection is.
    connection.on('error', (error) => this.#end(error))
    connection.on('end', () => this.#end(undefined))
  }

  async prepare({ readOnly, greeting }: Pick<OpenOptions, 'readOnly' | 'greeting'>): Promise<void> {
    // Idle times of a server may be shorter than our pauses, or so long that a lock outlives a client's machine for hours.
    const idle = `SET SESSION wait_timeout = ${idleSeconds}`
    // Without SET NAMES the driver's idea of utf8mb4's default collation would end up in views and routines.
    const settings = ['SET NAMES utf8mb4', idle, ...(readOnly ? ['SET SESSION TRANSACTION READ ONLY'] : [])]
    const asked = ['SELECT CONNECTION_ID() AS id, @@max_allowed_packet AS packet', ...(greeting ? [greeting] : [])]
    const [[row] = [], [first] = []] = (await this.queries([...settings, ...asked])).slice(settings.length)
    this.greeting = first
    this.#id = String(row?.id)
    this.maxMessage = Number(row?.packet) - packetOverhead
  }

  query(sql: string): Promise<readonly Row[]> {
    return this.#turns.take(async () => {
      const rows: Row[] = []
      await this.#send([sql], (row) => rows.push(row))
      return rows
    })
  }

  exec(statements: readonly Sql[], heard?: Heard): Promise<void> {
    return this.#turns.take(() => this.#send(statements, undefined, heard))
  }

  execThenQuery(statements: readonly Sql[], query: string, heard?: Heard): Promise<readonly Row[]> {
    return this.#turns.take(async () => {
      const rows: Row[] = []
      const last = statementCount(statements)
      const onRow = (row: Row, index: number) => {
        if (index === last) rows.push(row)
      }
      await this.#send([...statements, query], onRow, heard)
      return rows
    })
  }

  queries(statements: readonly string[]): Promise<readonly (readonly Row[])[]> {
    return this.#turns.take(async () => {
      const rows: Row[][] = statements.map(() => [])
      await this.#send(statements, (row, index) => rows[index]?.push(row))
      return rows
    })
  }

  eachAlone(): void {
    this.#isEachAlone = true
  }

  roundTrip(): number {
    return this.#roundTrip
  }

  async copyIn(): Promise<number> {
    throw new ServerError('COPY … FROM STDIN exists on PostgreSQL only', { code: '1064' })
  }

  async cancel(): Promise<void> {
    if (!this.#gone) await this.#aside(`KILL QUERY ${this.#id}`).catch(() => undefined)
  }

  async close(): Promise<void> {
    if (this.#gone) return
    if (!this.#turns.idle) return this.#abandon()
    const closed = new Promise((resolve) => this.#stream.once('close', resolve))
    const giveUp = setTimeout(() => this.#stream.destroy(), closeTimeout)
    this.#connection.end()
    // With the server's end of the connection its locks are gone.
    await closed.finally(() => clearTimeout(giveUp))
    this.#gone = true
  }

  /** A busy server would read our farewell only after its statement, so the socket goes without one. */
  #abandon(): void {
    this.#end(new Error('the session was closed'))
    this.#connection.destroy()
    this.#stream.destroy()
  }

  get #stream(): Socket {
    return (this.#connection as unknown as { readonly stream: Socket }).stream
  }

  async #send(
    statements: readonly Sql[],
    onRow: ((row: Row, index: number) => void) | undefined,
    heard?: Heard,
  ): Promise<void> {
    let before = 0
    for (const group of this.#isEachAlone ? alone(statements) : groups(statements)) {
      if (this.#gone) throw lost(this.#lost)
      const message = joined(group)
      const bytes = Buffer.byteLength(message)
      if (bytes > this.maxMessage) throw tooLong(bytes, this.maxMessage)
      const offset = before
      const began = performance.now()
      await this.#run(
        message,
        onRow && ((row, index) => onRow(row, offset + index)),
        (error, index) => serverError(error, statements, offset + index),
        {
          complete: (number) => heard?.complete(offset + number),
          wrote: (index, rows) => heard?.wrote(offset + index, rows),
        },
      )
      this.#roundTrip = Math.min(this.#roundTrip, performance.now() - began)
      before += statementCount(group)
    }
  }

  #run(
    message: string,
    onRow: ((row: Row, index: number) => void) | undefined,
    told: (error: unknown, index: number) => Error,
    heard: Heard,
  ): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      const command = this.#connection.query(message) as unknown as Command
      if (!onRow) lean(command, heard)
      const fail = (error: unknown) => {
        if (endsSession(error)) this.#end(error)
        reject(told(error, command._resultIndex))
      }
      this.#fail = fail
      // A statement without rows has a result without an index.
      command.on('result', (row, index) => {
        if (index !== undefined) return onRow?.(row as Row, index)
        heard.wrote(command._resultIndex, Number((row as { affectedRows?: number }).affectedRows ?? 0))
        heard.complete(command._resultIndex + 1)
      })
      command.on('error', fail)
      command.on('end', resolve)
    }).finally(() => {
      this.#fail = undefined
    })
  }

  #end(error: unknown): void {
    this.#gone = true
    this.#lost ??= error
    const fail = this.#fail
    this.#fail = undefined
    fail?.(error)
  }
}
