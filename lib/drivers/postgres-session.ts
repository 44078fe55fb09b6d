import { once } from 'node:events'
import type { Socket } from 'node:net'
import { Readable, Writable } from 'node:stream'
import type { Sql as Client } from 'postgres'
import { type Heard, type Row, ServerError, type Session, type Sql } from './driver.ts'
import { joined, statementAt } from './message.ts'
import { copyInto } from './postgres-copy.ts'
import { lost, serverError } from './postgres-errors.ts'
import { SimpleQueries } from './postgres-simple.ts'
import { hungUp, sendCancel } from './postgres-socket.ts'
import type { Wire } from './postgres-wire.ts'
import type { Target, Tls } from './target.ts'
import { Turns } from './turns.ts'

export interface Parts {
  readonly sql: Client
  readonly socket: Socket
  readonly wire: Wire
  readonly target: Target
  readonly tls: Tls
  readonly readOnly: boolean
  readonly connectTimeout: number
  readonly greeting: Row | undefined
}

export class PostgresSession implements Session {
  readonly dialect = 'postgres'
  // src/include/libpq/libpq.h, PQ_LARGE_MESSAGE_LIMIT: 1 GB less one byte.
  readonly maxMessage = 0x3fffffff - 64
  readonly #parts: Parts
  readonly #turns = new Turns()
  readonly #simple: SimpleQueries
  #closed = false
  #roundTrip = Number.POSITIVE_INFINITY

  constructor(parts: Parts) {
    this.#parts = parts
    this.#simple = new SimpleQueries(parts.socket, parts.wire)
    parts.socket.once('close', () => {
      this.#closed = true
    })
    this.#closed = parts.socket.destroyed
  }

  get announced(): number | undefined {
    return this.#parts.wire.key?.readInt32BE(0)
  }

  query(sql: string): Promise<readonly Row[]> {
    return this.#turns.take(async () => {
      const rows: Row[] = []
      await this.#send([sql], (row) => rows.push(row))
      return rows
    })
  }

  exec(statements: readonly Sql[], heard?: Heard): Promise<void> {
    return this.#turns.take(() => this.#run(statements, heard))
  }

  execThenQuery(statements: readonly Sql[], query: string, heard?: Heard): Promise<readonly Row[]> {
    return this.#turns.take(async () => {
      let rows: Row[] = []
      let last: unknown
      // each statement has a result of its own, which says nothing of its place
      const onRow = (row: Row, result: unknown) => {
        if (result !== last) rows = []
        last = result
        rows.push(row)
      }
      await this.#send([...statements, query], onRow, heard)
      return rows
    })
  }

  queries(statements: readonly string[]): Promise<readonly (readonly Row[])[]> {
    if (statements.length === 0) return Promise.resolve([])
    return this.#turns.take(async () => {
      const all = this.#wrapped(statements)
      const added = all.length > statements.length ? 1 : 0
      const results: unknown = await this.#guarded(this.#begin(all, added), () => this.#parts.sql.unsafe(joined(all)))
      const each = (all.length === 1 ? [results] : results) as readonly (readonly Row[])[]
      return each.slice(added, added + statements.length)
    })
  }

  get greeting(): Row | undefined {
    return this.#parts.greeting
  }

  roundTrip(): number {
    return this.#roundTrip
  }

  copyIn(statement: string, data: Iterable<string | Buffer>): Promise<number> {
    return this.#turns.take(async () => {
      if (this.#parts.readOnly) throw refused('25006', 'cannot execute COPY FROM in a read-only session')
      const sent = this.#begin([statement], 0)
      const failed = await this.#guarded(sent, () => copyInto(this.#parts.sql.unsafe(statement), data))
      if (failed !== undefined) throw failed
      return this.#parts.wire.rows
    })
  }

  async cancel(): Promise<void> {
    const { target, tls, wire, connectTimeout } = this.#parts
    if (wire.key === undefined || this.#closed) return
    await sendCancel(target, tls, wire.key, AbortSignal.timeout(connectTimeout)).catch(() => undefined)
  }

  async close(): Promise<void> {
    const { sql, socket } = this.#parts
    const closed = this.#closed ? undefined : once(socket, 'close').catch(() => undefined)
    // Waiting for the server's end of the connection means that its locks are gone when this resolves.
    await sql.end({ timeout: this.#turns.idle && !this.#closed ? closeTimeout : 0 }).catch(() => undefined)
    socket.destroy()
    await closed
    this.#closed = true
  }

  async #send(statements: readonly Sql[], onRow: (row: Row, result: unknown) => void, heard?: Heard): Promise<void> {
    if (statements.length === 0) return
    const { sql } = this.#parts
    const all = this.#wrapped(statements)
    const added = all.length > statements.length ? 1 : 0
    const began = performance.now()
    await this.#guarded(this.#begin(all, added, heard), async () => {
      // Rows are handed to a function, for else the driver keeps them all.
      const result: unknown = await sql.unsafe(joined(all)).forEach(onRow as never)
      if (!isStream(result)) return
      result.on('error', () => undefined)
      throw this.#refuseCopy()
    })
    this.#roundTrip = Math.min(this.#roundTrip, performance.now() - began)
  }

  /** As `#send` where nobody wants rows. */
  async #run(statements: readonly Sql[], heard?: Heard): Promise<void> {
    if (statements.length === 0) return
    const all = this.#wrapped(statements)
    const added = all.length > statements.length ? 1 : 0
    const began = performance.now()
    await this.#guarded(this.#begin(all, added, heard), async () => {
      if ((await this.#simple.run(all)) === 'copy') throw this.#refuseCopy()
    })
    this.#roundTrip = Math.min(this.#roundTrip, performance.now() - began)
  }

  /**
   * A session setting would outlive us in a pooler's connection and might not be the one the next message gets; a
   * read-only transaction around each message holds wherever that message goes.
   */
  #wrapped<Piece extends Sql>(statements: readonly Piece[]): readonly (Piece | string)[] {
    return this.#parts.readOnly ? ['BEGIN READ ONLY', ...statements, 'COMMIT'] : statements
  }

  #begin(statements: readonly Sql[], added: number, heard?: Heard): Message {
    if (this.#closed) throw lost(undefined, this.#parts.wire.fatal)
    if (statements.some((one) => typeof one === 'string' && one.includes('\0')))
      throw refused('22021', 'the statement holds a NUL character')
    this.#parts.wire.begin(
      heard && {
        complete: (number) => heard.complete(Math.max(0, number - added)),
        wrote: (index, rows, isSelect) => {
          if (!isSelect || /^\s*create\b/i.test(statementAt(statements, index) ?? '')) heard.wrote(index - added, rows)
        },
      },
    )
    return { statements, added }
  }

  async #guarded<T>(sent: Message, work: () => Promise<T>): Promise<T> {
    const { sql, socket, wire } = this.#parts
    try {
      return await untilClosed(socket, work())
    } catch (error) {
      if (error instanceof ServerError) throw error
      const failure = serverError(error, { ...sent, completed: wire.completed }, wire.fatal)
      if (sent.added > 0 && !failure.lost) await sql.unsafe('ROLLBACK').catch(() => undefined)
      throw failure
    }
  }

  /** COPY among ordinary statements: the server waits for ever; ending the session is the sure way out. */
  #refuseCopy(): ServerError {
    this.#parts.socket.destroy()
    return refused('0A000', 'COPY to or from the client cannot run among other statements; the session was ended')
  }
}

/** The driver forgets a query whose message was still on its way out when the connection ended. */
async function untilClosed<T>(socket: Socket, work: Promise<T>): Promise<T> {
  let closed = () => {}
  const end = new Promise<never>((_, reject) => {
    // what the driver says of the end says more
    closed = () => setImmediate(() => setImmediate(() => reject(hungUp())))
    socket.once('close', closed)
  })
  try {
    return await Promise.race([work, end])
  } finally {
    socket.off('close', closed)
  }
}

interface Message {
  readonly statements: readonly Sql[]
  readonly added: number
}

const closeTimeout = 5

function isStream(result: unknown): result is Readable | Writable {
  return result instanceof Readable || result instanceof Writable
}

function refused(code: string, message: string): ServerError {
  return new ServerError(message, { code })
}
