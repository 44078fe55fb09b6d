import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer, Socket } from 'node:net'
import t from 'tap'
import { openSession } from '../../lib/drivers/open.ts'
import { parseUrl } from '../../lib/drivers/url.ts'
import { run } from '../cli.ts'
import { connect } from '../servers/connection.ts'
import { eachServer } from '../servers/databases.ts'
import { startPostgres } from '../servers/postgres.ts'
import { sqlmigError, withSession, writing } from './servers.ts'

const servers = ['postgres', 'mysql', 'mariadb'] as const

await eachServer(
  t,
  'a session of hours is kept alive from its first minute on',
  async (t, database) => {
    const asked: unknown[][] = []
    const { setKeepAlive } = Socket.prototype
    Socket.prototype.setKeepAlive = function (...args) {
      asked.push(args)
      return setKeepAlive.apply(this, args)
    }
    t.teardown(() => {
      Socket.prototype.setKeepAlive = setKeepAlive
    })
    await withSession(parseUrl(database.url), writing, (session) => session.query('SELECT 1 AS one'))
    t.match(asked[0], [true, 60_000])
  },
  servers,
)

await eachServer(
  t,
  'a Unix socket leads to the same server',
  async (t, database) => {
    const postgres = database.kind === 'postgres'
    const [row] = await database.query(postgres ? 'show unix_socket_directories' : 'select @@socket as socket')
    const place = String(Object.values(row ?? {})[0]).split(',')[0]!
    const url = new URL(database.url)
    const file = postgres ? `${place}/.s.PGSQL.${url.port}` : place
    if (!existsSync(file)) return t.pass(`NOT TESTED: the server has no socket here (${file})`)
    const query = postgres ? `host=${place}&port=${url.port}` : `unix_socket=${place}`
    const target = parseUrl(`${url.protocol}//${url.username}@${url.pathname}?${query}`)
    const name = postgres ? 'current_database()' : 'database()'
    await withSession(target, writing, async (session) => {
      t.match(await session.query(`SELECT ${name} AS name`), [{ name: url.pathname.slice(1) }])
    })
  },
  servers,
)

/** A server that says one thing to all who come. */
async function saying(bytes: Buffer, host: string): Promise<number> {
  const listener = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.end(bytes)
  }).listen(0, host)
  await once(listener, 'listening')
  t.teardown(() => listener.close())
  return (listener.address() as { port: number }).port
}

const tooMany = Buffer.from([...[23, 0, 0, 0], 0xff, 0x10, 0x04, ...Buffer.from('Too many connections')])

for (const [host, written] of [
  ['127.0.0.1', '127.0.0.1'],
  ['::1', '[::1]'],
] as const) {
  await t.test(`a MySQL server that is full says so, at ${written}`, async (t) => {
    const port = await saying(tooMany, host)
    const error = await sqlmigError(openSession(parseUrl(`mysql://me@${written}:${port}/app?sslmode=disable`), writing))
    t.match(error, { code: 'connection', server: '1040', remedy: /no connection left.*max_connections.*sqlmig wait/ })
    t.match(error.message, `cannot connect to ${written}:${port}, database "app": Too many connections`)
  })
}

const bin = process.env.SQLMIG_TEST_POSTGRES_BIN
const noServer =
  !(bin && existsSync(`${bin}/postgres`)) && 'NOT TESTED: no PostgreSQL programs for a server that is full'
if (noServer) console.error(`!!! ${noServer}`)

await t.test('a PostgreSQL server that is full says so, and is waited for', { skip: noServer }, async (t) => {
  const limits = {
    max_connections: '3',
    superuser_reserved_connections: '0',
    max_wal_senders: '0',
    listen_addresses: '::1,127.0.0.1',
  }
  const server = await startPostgres(bin!, limits)
  t.teardown(() => server.stop())
  const others = Array.from({ length: 3 }, () => connect('postgres', server.url))
  for (const { query } of others) await query('select 1')
  const env = { DATABASE_URL: server.url.replace('127.0.0.1', '[::1]') }
  const full = await run(['status', '--json'], { env })
  t.equal(full.code, 6)
  t.match(full.json(), { error: { code: 'connection', server: '53300', remedy: /no connection left/ } })
  t.match(full.stderr, /cannot connect to \[::1\]:\d+/)
  t.equal((await run(['wait', '--timeout', '1ms'], { env })).code, 6)
  const waiting = run(['wait', '--timeout', '50s'], { env })
  await others[0]!.close()
  t.equal((await waiting).code, 0)
  for (const { close } of others) await close()
})
