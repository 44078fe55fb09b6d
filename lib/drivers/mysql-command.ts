import type { Heard } from './driver.ts'

/** A packet of the server's in the driver's buffer. */
interface Packet {
  readonly buffer: Buffer
  readonly offset: number
  readonly end: number
}

/**
 * The query command of mysql2 without a callback: an emitter that keeps no rows. `_resultIndex` is private, but it alone
 * tells an error amid the rows of one statement from the refusal of the next one. So are `execute`, which is handed each
 * packet and says whether it was the last, `next`, which is what it does with the next one, and what it keeps of results.
 */
export interface Command {
  on(event: 'result', listener: (row: unknown, index: number | undefined) => void): Command
  on(event: 'error', listener: (error: unknown) => void): Command
  on(event: 'end', listener: () => void): Command
  emit(event: 'end'): boolean
  _resultIndex: number
  readonly _rows?: unknown[]
  readonly _fields?: unknown[]
  next?: unknown
  readonly resultsetHeader?: unknown
  execute?(packet: Packet | undefined, connection: unknown): boolean
}

// MySQL manual, "OK_Packet" and "SERVER_STATUS_flags_enum".
const okHeader = 0
const moreResultsExist = 8

/**
 * Lets a command count the statements that have no rows, of which nobody wants to know more: the driver makes an object
 * of each, and keeps them to the end of the message. Where the driver is not built as it was, it works as ever.
 */
export function lean(command: Command, heard: Heard): void {
  const { execute } = command
  if (typeof execute !== 'function' || command.resultsetHeader === undefined) return
  command.execute = (packet, connection) => {
    if (packet === undefined || command.next !== command.resultsetHeader)
      return execute.call(command, packet, connection)
    if (packet.buffer[packet.offset] !== okHeader) {
      // where the driver looks for those of this statement
      for (const results of [command._rows, command._fields]) if (results) results.length = command._resultIndex
      return execute.call(command, packet, connection)
    }
    const affected = packet.offset + 1
    const status = behindInteger(packet.buffer, behindInteger(packet.buffer, affected))
    heard.wrote(command._resultIndex, integerAt(packet.buffer, affected))
    heard.complete(command._resultIndex + 1)
    if ((packet.buffer.readUInt16LE(status) & moreResultsExist) !== 0) {
      command._resultIndex++
      return false
    }
    command.emit('end')
    return true
  }
}

/** A length-encoded integer. */
function integerAt(buffer: Buffer, at: number): number {
  const first = buffer[at]!
  if (first < 0xfb) return first
  if (first === 0xfe) return Number(buffer.readBigUInt64LE(at + 1))
  return buffer.readUIntLE(at + 1, first === 0xfc ? 2 : 3)
}

/** Where a length-encoded integer ends (MySQL manual, "Protocol::LengthEncodedInteger"). */
function behindInteger(buffer: Buffer, at: number): number {
  const first = buffer[at]!
  if (first < 0xfb) return at + 1
  return at + (first === 0xfc ? 3 : first === 0xfd ? 4 : 9)
}
