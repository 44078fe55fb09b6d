import { appendFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import net from 'node:net'

/**
 * Loaded into the command line with `--import`: counts what it sends to the server (to SQLite: what it has run), and kills
 * the process at the moment that FATAL_MOMENT names.
 * `12 before` is before the twelfth message, `12 after` when it is with the server and the answer is not here yet.
 */
const [at = '0', when = 'before'] = (process.env.FATAL_MOMENT ?? '').split(' ')
const counted = process.env.FATAL_COUNT
let sent = 0

function around<T>(send: () => T): T {
  const now = String(++sent) === at
  if (now && when === 'before') process.kill(process.pid, 'SIGKILL')
  const result = send()
  if (now) process.kill(process.pid, 'SIGKILL')
  return result
}

if (process.env.FATAL_SQLITE) {
  const Database = createRequire(import.meta.url)('better-sqlite3') as {
    prototype: Record<string, (sql: string) => unknown>
  }
  for (const name of ['exec', 'prepare']) {
    const original = Database.prototype[name]!
    Database.prototype[name] = function (this: unknown, sql: string) {
      return around(() => original.call(this, sql))
    }
  }
} else {
  const original = net.Socket.prototype.write as (...given: unknown[]) => boolean
  net.Socket.prototype.write = function (this: net.Socket, ...given: unknown[]) {
    // pipes to the terminal are sockets, too
    if (this.remotePort === undefined) return original.apply(this, given)
    return around(() => original.apply(this, given))
  } as typeof net.Socket.prototype.write
}

process.on('exit', () => {
  if (counted) appendFileSync(counted, `${sent}\n`)
})
