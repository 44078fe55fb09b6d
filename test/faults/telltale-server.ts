import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'

/** A server that ends or answers with words of its choosing, at a moment of its choosing. */
export interface TelltaleServer {
  readonly port: number
  /** What it says from now on. */
  words: string
  close(): void
}

export type Manner =
  /** Refuses the password, once it has it. */
  | 'login'
  /** Lets everybody in, and refuses each query after the first. */
  | 'query'
  /** Hangs up without a word. */
  | 'silent'

/** Greets as PostgreSQL does, and tells. */
export function telltalePostgres(manner: Manner): Promise<TelltaleServer> {
  return listen((socket, words) => {
    let greeted = false
    let queries = 0
    socket.on('data', (data: Buffer) => {
      if (data.length === 8 && !greeted) return socket.write('N') // no TLS
      if (manner === 'silent') return socket.destroy()
      if (!greeted) {
        greeted = true
        return socket.write(manner === 'login' ? message('R', int(3)) : Buffer.concat([message('R', int(0)), ready]))
      }
      if (manner === 'login') return socket.end(refusal('FATAL', '28P01', words()))
      if (data[0] !== 'Q'.charCodeAt(0)) return
      const answer = queries++ === 0 ? message('C', Buffer.from('SELECT 1\0')) : refusal('ERROR', '42601', words())
      socket.write(Buffer.concat([answer, ready]))
    })
  })
}

/** Greets as MySQL does, and tells. */
export function telltaleMysql(manner: Manner): Promise<TelltaleServer> {
  return listen((socket, words) => {
    let greeted = false
    if (manner === 'silent') return socket.destroy()
    socket.write(greeting)
    socket.on('data', () => {
      const text = words().slice(0, 500)
      const error = packet(greeted ? 1 : 2, [0xff, 0x15, 0x04, ...Buffer.from(`#28000${text}`)])
      if (manner === 'login') return socket.end(error)
      socket.write(greeted ? error : packet(2, [0, 0, 0, 2, 0, 0, 0]))
      greeted = true
    })
  })
}

async function listen(serve: (socket: Socket, words: () => string) => unknown): Promise<TelltaleServer> {
  const sockets = new Set<Socket>()
  const listener = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket))
    serve(socket, () => server.words)
  }).listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const close = () => {
    listener.close()
    for (const socket of sockets) socket.destroy()
  }
  const server = { port: (listener.address() as { port: number }).port, words: '', close }
  return server
}

// PostgreSQL manual, "Message Formats"
function message(type: string, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(type), int(body.length + 4), body])
}

function int(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

function refusal(severity: string, code: string, words: string): Buffer {
  const fields = `S${severity}\0V${severity}\0C${code}\0M${words}\0D${words}\0H${words}\0W${words}\0\0`
  return message('E', Buffer.from(fields))
}

const ready = message('Z', Buffer.from('I'))

// MySQL internals manual, "Protocol::HandshakeV10"
function packet(sequence: number, body: readonly number[]): Buffer {
  return Buffer.from([body.length & 0xff, body.length >> 8, 0, sequence, ...body])
}

const greeting = packet(0, [
  10,
  ...Buffer.from('8.0.99\0'),
  ...[1, 0, 0, 0],
  ...Buffer.from('abcdefgh\0'),
  ...[0xff, 0xf7, 45, 2, 0, 0xff, 0x81, 21],
  ...new Array<number>(10).fill(0),
  ...Buffer.from('ijklmnopqrst\0'),
  ...Buffer.from('mysql_native_password\0'),
])
