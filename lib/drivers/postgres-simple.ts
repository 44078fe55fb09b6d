import type { Socket } from 'node:net'
import type { Wire } from './postgres-wire.ts'

/** What the server refused, named as postgres.js does. */
export class RefusedError extends Error {
  override readonly name = 'PostgresError'
}

/** Messages of their own, past the driver: the driver makes objects of every statement's result, which nobody wants. */
export class SimpleQueries {
  private readonly socket: Socket
  private readonly wire: Wire
  /** Kept from one message to the next: there is one under way at a time. */
  private buffer: Buffer = Buffer.alloc(0)

  constructor(socket: Socket, wire: Wire) {
    this.socket = socket
    this.wire = wire
  }

  /**
   * Sends a Query message (PostgreSQL manual, "Message Formats"), and waits until the server is ready for the next one.
   * @returns `copy` where a statement wants to copy to or from the client: the server waits for it then
   */
  async run(sql: string): Promise<'done' | 'copy'> {
    const { socket, wire } = this
    // the driver, who has nothing under way, would take offence at an answer to a question that it has not put
    const theirs = socket.listeners('data').filter((listener) => listener !== wire.listener)
    for (const listener of theirs) socket.off('data', listener as never)
    try {
      const answer = wire.answer()
      socket.write(this.message(sql))
      const { refused, copies } = await answer
      if (copies) return 'copy'
      if (refused) throw errorOf(refused)
      return 'done'
    } finally {
      for (const listener of theirs) socket.on('data', listener as never)
    }
  }

  /** The message as bytes. */
  private message(sql: string): Buffer {
    // a UTF-16 unit is at most three bytes of UTF-8
    const fits = sql.length * 3 + 6 <= this.buffer.length
    const buffer = fits ? this.buffer : Buffer.allocUnsafe(Buffer.byteLength(sql) + 6)
    if (buffer.length <= worthKeeping) this.buffer = buffer
    const end = 5 + buffer.write(sql, 5)
    buffer[0] = 0x51 // Q
    buffer.writeUInt32BE(end, 1)
    buffer[end] = 0
    return buffer.subarray(0, end + 1)
  }
}

/** Bytes of a message whose memory serves the next ones. */
const worthKeeping = 2 * 1024 * 1024

function errorOf(fields: ReadonlyMap<string, string>): RefusedError {
  const [severity, code] = [fields.get('V') ?? fields.get('S'), fields.get('C') ?? '']
  return Object.assign(new RefusedError(fields.get('M') ?? ''), {
    severity,
    code,
    ...optional('detail', fields.get('D')),
    ...optional('hint', fields.get('H')),
    ...optional('position', fields.get('P')),
    ...optional('where', fields.get('W')),
  })
}

function optional(name: string, value: string | undefined): object {
  return value === undefined ? {} : { [name]: value }
}
