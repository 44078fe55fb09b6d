import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** Where the connections through a proxy are cut: at the n-th piece that passes in one direction, before or after it has passed. */
export interface Cut {
  readonly piece: number
  readonly towards: 'server' | 'client'
  readonly when: 'before' | 'half' | 'after'
}

export interface Proxy {
  /** The database's URL, through the proxy. */
  readonly url: string
  /** Pieces that have passed, by direction. */
  readonly passed: Readonly<Record<Cut['towards'], number>>
  close(): Promise<void>
}

/** Stands between client and server, passes everything on, and cuts all connections at one moment, if it comes. */
export async function startProxy(url: string, cut?: Cut): Promise<Proxy> {
  const target = new URL(url)
  const passed = { server: 0, client: 0 }
  const sockets = new Set<Socket>()
  const cutAll = () => {
    for (const socket of sockets) socket.destroy()
  }
  const pass = (from: Socket, to: Socket, towards: Cut['towards']) => {
    from.on('data', (piece: Buffer) => {
      passed[towards]++
      const now = cut?.towards === towards && cut.piece === passed[towards]
      if (!now) to.write(piece)
      else if (cut.when === 'before') cutAll()
      else to.write(cut.when === 'half' ? piece.subarray(0, piece.length >> 1) : piece, cutAll)
    })
    from.on('close', () => to.destroy())
    from.on('error', () => to.destroy())
    sockets.add(from)
  }
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname)
    pass(client, upstream, 'server')
    pass(upstream, client, 'client')
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const through = new URL(url)
  through.hostname = '127.0.0.1'
  through.port = String((server.address() as AddressInfo).port)
  return {
    url: through.href,
    passed,
    close: () => {
      cutAll()
      return new Promise((closed) => server.close(() => closed()))
    },
  }
}
