import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/**
 * A long way to a server: each direction takes half of a round trip. Counted are the round trips for which the client
 * waited: how often it spoke after it had heard something, or for the first time. What it sends without waiting is one.
 */
export class DelayProxy {
  roundTrips = 0
  private readonly target: { readonly host: string; readonly port: number }
  private readonly half: number
  private readonly sockets = new Set<Socket>()
  private readonly listener: Server

  private constructor(target: { readonly host: string; readonly port: number }, roundTrip: number) {
    this.target = target
    this.half = roundTrip / 2
    // half open, so that one side's end waits behind what it has sent
    this.listener = createServer({ allowHalfOpen: true }, (client) => this.join(client))
  }

  /** @param roundTrip in milliseconds */
  static async open(host: string, port: number, roundTrip: number): Promise<DelayProxy> {
    const proxy = new DelayProxy({ host, port }, roundTrip)
    await new Promise<void>((resolve) => proxy.listener.listen(0, '127.0.0.1', resolve))
    return proxy
  }

  get port(): number {
    return (this.listener.address() as AddressInfo).port
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy()
    await new Promise((resolve) => this.listener.close(resolve))
  }

  private join(client: Socket): void {
    const server = connect({ ...this.target, allowHalfOpen: true })
    let heard = true
    client.on('data', () => {
      if (heard) this.roundTrips++
      heard = false
    })
    this.carry(client, server, () => {})
    this.carry(server, client, () => {
      heard = true
    })
  }

  private carry(from: Socket, to: Socket, arrived: () => void): void {
    this.sockets.add(from.setNoDelay(true))
    const later = (work: () => void) => setTimeout(work, this.half)
    from.on('data', (bytes) =>
      later(() => {
        if (to.destroyed) return
        to.write(bytes)
        arrived()
      }),
    )
    from.on('end', () => later(() => to.end()))
    from.on('error', () => to.destroy())
    from.on('close', () => {
      this.sockets.delete(from)
      later(() => to.destroySoon())
    })
  }
}
