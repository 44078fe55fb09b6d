import type { Socket } from 'node:net'
import type { Sql } from './driver.ts'
import { separator } from './message.ts'
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
  async run(pieces: readonly Sql[]): Promise<'done' | 'copy'> {
    const { socket, wire } = this
    // the driver, who has nothing under way, would take offence at an answer to a question that it has not put
    const theirs = socket.listeners('data').filter((listener) => listener !== wire.listener)
    for (const listener of theirs) socket.off('data', listener as never)
    try {
      const answer = wire.answer()
      socket.write(this.message(pieces))
      const { refused, copies } = await answer
      if (copies) return 'copy'
      if (refused) throw errorOf(refused)
      return 'done'
    } finally {
      for (const listener of theirs) socket.on('data', listener as never)
    }
  }

  /** The message as bytes. */
  private message(pieces: readonly Sql[]): Buffer {
    const size = pieces.reduce((sum, piece) => sum + separator.length + sizeOf(piece), 6)
    if (size > this.buffer.length && size <= worthKeeping) this.buffer = Buffer.allocUnsafeSlow(size)
    const buffer = size <= this.buffer.length ? this.buffer : Buffer.allocUnsafeSlow(size)
    let end = 5
    for (const [index, piece] of pieces.entries()) {
      if (index > 0) end += buffer.write(separator, end)
      end += typeof piece === 'string' ? buffer.write(piece, end) : piece.bytes.copy(buffer, end)
    }
    buffer[0] = 0x51 // Q
    buffer.writeUInt32BE(end, 1)
    buffer[end] = 0
    return buffer.subarray(0, end + 1)
  }
}

/** At most so many bytes. */
function sizeOf(piece: Sql): number {
  if (typeof piece !== 'string') return piece.bytes.length
  // a UTF-16 unit is at most three bytes of UTF-8
  return piece.length < shortText ? piece.length * 3 : Buffer.byteLength(piece)
}

/** Of longer ones it is worth to ask how many bytes they have. */
const shortText = 1000

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
