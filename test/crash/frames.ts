import type { Kind } from '../servers/databases.ts'

/** One message of a protocol. */
export interface Frame {
  readonly bytes: Buffer
  /** What it is, for people. */
  readonly label: string
  /** The server tells that it is done with something. */
  readonly done: boolean
}

/** Cuts what one side of a connection sends into messages. */
export interface Framing {
  client(chunk: Buffer): readonly Frame[]
  server(chunk: Buffer): readonly Frame[]
}

export function framingOf(kind: Exclude<Kind, 'sqlite'>): Framing {
  return kind === 'postgres' ? new PostgresFraming() : new MysqlFraming()
}

/** Collects bytes until a message is whole. */
class Assembly {
  private rest: Buffer = Buffer.alloc(0)

  /** @param lengthOf the length of the message that begins here; undefined where more bytes are needed to tell */
  take(chunk: Buffer, lengthOf: (rest: Buffer) => number | undefined, each: (message: Buffer) => void): void {
    this.rest = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk])
    for (;;) {
      const length = lengthOf(this.rest)
      if (length === undefined || this.rest.length < length) return
      const message = this.rest.subarray(0, length)
      this.rest = this.rest.subarray(length)
      each(message)
    }
  }
}

const start = (text: string) => text.replaceAll(/\s+/g, ' ').slice(0, 60)

/** PostgreSQL manual, "Message Formats". */
class PostgresFraming implements Framing {
  private readonly fromClient = new Assembly()
  private readonly fromServer = new Assembly()
  private started = false
  /** The server answers the wish for TLS with one byte. */
  private asked = false

  client(chunk: Buffer): readonly Frame[] {
    const frames: Frame[] = []
    const lengthOf = (rest: Buffer) => (this.started ? typed(rest) : untyped(rest))
    this.fromClient.take(chunk, lengthOf, (bytes) => frames.push(this.named(bytes)))
    return frames
  }

  private named(bytes: Buffer): Frame {
    if (this.started) {
      const type = String.fromCharCode(bytes[0]!)
      return { bytes, label: `${type} ${type === 'Q' ? start(bytes.toString('utf8', 5, 200)) : ''}`, done: false }
    }
    const encryption = [80877103, 80877104].includes(bytes.readInt32BE(4))
    this.asked = encryption
    this.started = !encryption
    return { bytes, label: encryption ? 'encryption?' : 'startup', done: false }
  }

  server(chunk: Buffer): readonly Frame[] {
    const frames: Frame[] = []
    const lengthOf = (rest: Buffer) => (this.asked ? (rest.length > 0 ? 1 : undefined) : typed(rest))
    this.fromServer.take(chunk, lengthOf, (bytes) => {
      const type = String.fromCharCode(bytes[0]!)
      const tag = type === 'C' ? bytes.toString('utf8', 5, bytes.length - 1) : ''
      frames.push({ bytes, label: this.asked ? `encryption ${type}` : `${type} ${tag}`, done: type === 'C' })
      this.asked = false
    })
    return frames
  }
}

const untyped = (rest: Buffer) => (rest.length < 4 ? undefined : rest.readInt32BE(0))
const typed = (rest: Buffer) => (rest.length < 5 ? undefined : 1 + rest.readInt32BE(1))

/** MySQL internals manual, "MySQL Packets". */
class MysqlFraming implements Framing {
  private readonly fromClient = new Assembly()
  private readonly fromServer = new Assembly()

  client(chunk: Buffer): readonly Frame[] {
    const frames: Frame[] = []
    this.fromClient.take(chunk, packet, (bytes) => {
      const command = bytes[3] === 0 ? bytes[4] : undefined
      const label = command === 3 ? `query ${start(bytes.toString('utf8', 5, 200))}` : `command ${command ?? '(login)'}`
      frames.push({ bytes, label, done: false })
    })
    return frames
  }

  server(chunk: Buffer): readonly Frame[] {
    const frames: Frame[] = []
    this.fromServer.take(chunk, packet, (bytes) => {
      const head = bytes[4]
      const end = head === 0xff || ((head === 0 || head === 0xfe) && bytes.length < 64)
      frames.push({ bytes, label: end ? `end ${head}` : 'data', done: end })
    })
    return frames
  }
}

const packet = (rest: Buffer) => (rest.length < 4 ? undefined : 4 + rest.readUIntLE(0, 3))
