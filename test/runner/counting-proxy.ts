import { connect, createServer, type Server, type Socket } from 'node:net'

/** A way to a server that takes its time, and counts the round trips of the first connection: how often the client speaks after the server. */
export class CountingProxy {
  roundTrips = 0
  private readonly target: URL
  private readonly delay: number
  private readonly listener: Server
  private readonly sockets = new Set<Socket>()
  private connections = 0

  private constructor(url: string, delay: number) {
    this.target = new URL(url)
    this.delay = delay
    this.listener = createServer((client) => this.join(client, ++this.connections === 1))
  }

  /** @param delay in each direction, in milliseconds */
  static async open(url: string, delay: number): Promise<CountingProxy> {
    const proxy = new CountingProxy(url, delay)
    await new Promise<void>((resolve) => proxy.listener.listen(0, '127.0.0.1', resolve))
    return proxy
  }

  get url(): string {
    const address = this.listener.address()
    if (address === null || typeof address === 'string') throw new Error('the proxy does not listen')
    const url = new URL(this.target)
    url.hostname = '127.0.0.1'
    url.port = String(address.port)
    // what is said in TLS is not to be told from its handshake
    url.searchParams.set('sslmode', 'disable')
    return url.href
  }

  /** Nobody is connected any more. */
  get idle(): boolean {
    return this.sockets.size === 0
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy()
    await new Promise((resolve) => this.listener.close(resolve))
  }

  private join(client: Socket, counted: boolean): void {
    const server = connect(Number(this.target.port), this.target.hostname)
    let last: Socket = server
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      this.sockets.add(from)
      from.setNoDelay(true)
      from.on('data', (chunk) => {
        if (counted && from === client && last !== client) this.roundTrips++
        last = from
        setTimeout(() => to.write(chunk), this.delay)
      })
      from.on('error', () => to.destroy())
      from.on('close', () => {
        this.sockets.delete(from)
        setTimeout(() => to.destroySoon(), this.delay)
      })
    }
  }
}
