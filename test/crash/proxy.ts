import { connect as connectTo, createServer, type Server, type Socket } from 'node:net'
import type { Kind } from '../servers/databases.ts'
import { type Frame, framingOf } from './frames.ts'

/**
 * What becomes of the message at which a connection ends: nothing of it, a part of it, or all of it is passed on. All of
 * a client's message means that the server obeys it, and nobody hears the answer.
 */
export type Passed = 'nothing' | 'part' | 'all'

/** A message of a run, counted from 1 in both directions and over all its connections. */
export interface Moment {
  readonly frame: number
  readonly passed: Passed
}

export interface Seen {
  readonly frame: number
  readonly from: 'client' | 'server'
  readonly label: string
  readonly done: boolean
  readonly length: number
}

interface Options {
  /** What becomes of a message, where it is the last one; undefined lets it pass. */
  readonly fate?: (seen: Seen) => Passed | undefined
  /** Done at the moment, before the connection is cut. */
  readonly strike?: () => Promise<unknown>
}

interface Pair {
  readonly client: Socket
  readonly server: Socket
  /** Nothing is passed on any more. */
  over: boolean
}

/** A way to a server that counts the messages, and cuts the connection at one of them; what comes later gets through. */
export class CuttingProxy {
  /** Every message up to the moment. */
  readonly seen: Seen[] = []
  /** True once the moment has come. */
  struck = false
  private readonly kind: Exclude<Kind, 'sqlite'>
  private readonly target: URL
  private readonly options: Options
  private readonly pairs = new Set<Pair>()
  private readonly listener: Server

  private constructor(kind: Exclude<Kind, 'sqlite'>, url: string, options: Options) {
    this.kind = kind
    this.target = new URL(url)
    this.options = options
    this.listener = createServer((client) => this.join(client))
  }

  static async open(kind: Exclude<Kind, 'sqlite'>, url: string, options: Options = {}): Promise<CuttingProxy> {
    const proxy = new CuttingProxy(kind, url, options)
    await new Promise<void>((resolve) => proxy.listener.listen(0, '127.0.0.1', resolve))
    return proxy
  }

  get url(): string {
    const address = this.listener.address()
    if (address === null || typeof address === 'string') throw new Error('the proxy does not listen')
    const url = new URL(this.target)
    url.hostname = '127.0.0.1'
    url.port = String(address.port)
    // nobody could count the messages of an encrypted connection
    url.searchParams.set('sslmode', 'disable')
    return url.href
  }

  async close(): Promise<void> {
    for (const { client, server } of this.pairs) {
      client.destroy()
      server.destroy()
    }
    await new Promise((resolve) => this.listener.close(resolve))
  }

  private join(client: Socket): void {
    const server = connectTo(Number(this.target.port), this.target.hostname)
    const pair: Pair = { client, server, over: false }
    const framing = framingOf(this.kind)
    this.pairs.add(pair)
    client.on('data', (chunk) => this.pass(pair, 'client', framing.client(chunk)))
    server.on('data', (chunk) => this.pass(pair, 'server', framing.server(chunk)))
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      one.setNoDelay(true)
      one.on('error', () => other.destroy())
      one.on('end', () => other.end())
      one.on('close', () => {
        if (!pair.over) other.destroySoon()
      })
    }
  }

  private pass(pair: Pair, from: Seen['from'], frames: readonly Frame[]): void {
    const to = from === 'client' ? pair.server : pair.client
    for (const { bytes, label, done } of frames) {
      if (pair.over) return
      if (this.struck) {
        to.write(bytes)
        continue
      }
      const seen: Seen = { frame: this.seen.length + 1, from, label, done, length: bytes.length }
      this.seen.push(seen)
      const passed = this.options.fate?.(seen)
      if (passed === undefined) {
        to.write(bytes)
        continue
      }
      this.struck = true
      pair.over = true
      if (passed === 'all') to.write(bytes)
      else if (passed === 'part') to.write(bytes.subarray(0, Math.ceil(bytes.length / 2)))
      void this.cut(pair)
    }
  }

  /** What was written gets out first; then there is nobody any more, on either side. */
  private async cut({ client, server }: Pair): Promise<void> {
    await this.options.strike?.()
    client.destroySoon()
    server.destroySoon()
  }
}
