import { appendFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import net from 'node:net'

/**
 * Loaded into the command line with `--import`: counts what it sends to the server (to SQLite: what it has run), and at the
 * moment that FATAL_MOMENT names ends the process as SIGKILL does, or its connections as a cut cable would.
 * `12 before` is before the twelfth message, `12 after` when it is with the server and the answer is not here yet.
 */
const [at = '0', when = 'before', how = 'kill'] = (process.env.FATAL_MOMENT ?? '').split(' ')
const counted = process.env.FATAL_COUNT
const sockets = new Set<net.Socket>()
let sent = 0

function fatal(): void {
  if (how === 'kill') process.kill(process.pid, 'SIGKILL')
  for (const socket of sockets) socket.destroy(Object.assign(new Error('cut'), { code: 'ECONNRESET' }))
}

function around<T>(send: () => T, cut: () => T): T {
  const now = String(++sent) === at
  if (now && when === 'before') {
    fatal()
    return cut()
  }
  const result = send()
  if (now) fatal()
  return result
}

if (process.env.FATAL_SQLITE) {
  const Database = createRequire(import.meta.url)('better-sqlite3') as {
    prototype: Record<string, (sql: string) => unknown>
  }
  for (const name of ['exec', 'prepare']) {
    const original = Database.prototype[name]!
    Database.prototype[name] = function (this: unknown, sql: string) {
      return around(
        () => original.call(this, sql),
        () => undefined,
      )
    }
  }
} else {
  const original = net.Socket.prototype.write as (...given: unknown[]) => boolean
  net.Socket.prototype.write = function (this: net.Socket, ...given: unknown[]) {
    // pipes to the terminal are sockets, too
    if (this.remotePort === undefined) return original.apply(this, given)
    sockets.add(this)
    return around(
      () => original.apply(this, given),
      () => true,
    )
  } as typeof net.Socket.prototype.write
}

process.on('exit', () => {
  if (counted) appendFileSync(counted, `${sent}\n`)
})
