import type { Socket } from 'node:net'
import { hostname } from 'node:os'
import postgres from 'postgres'
import type { SqlmigError } from '../errors.ts'
import type { Open, OpenOptions, Row } from './driver.ts'
import { osUser } from './os-user.ts'
import { openingError } from './postgres-errors.ts'
import { PostgresSession } from './postgres-session.ts'
import { connectSocket, hungUp } from './postgres-socket.ts'
import { types } from './postgres-values.ts'
import { Wire } from './postgres-wire.ts'
import type { Target, Tls } from './target.ts'

export const open: Open = async (target, options) => {
  const user = target.user ?? osUser()
  // libpq, "Parameter Key Words": the database's name is the user's where none is given.
  const [first, ...others] = options.maintenance ? ['postgres', 'template1'] : [target.database || user]
  const named = { ...target, user, database: first ?? user }
  try {
    return await openPreferred(named, options)
  } catch (error) {
    const [other] = others
    if (other === undefined || (error as SqlmigError).code !== 'unknown-database') throw error
    return openPreferred({ ...named, database: other }, options)
  }
}

async function openPreferred(target: Target, options: OpenOptions): Promise<PostgresSession> {
  try {
    return await openWith(target, target.tls, options)
  } catch (error) {
    // libpq's `prefer`: where the server's rules refuse an encrypted session, try a plain one.
    if (target.tls.mode !== 'prefer' || (error as SqlmigError).server !== '28000') throw error
    return openWith(target, { mode: 'off' }, options).catch(() => {
      throw error
    })
  }
}

async function openWith(target: Target, tls: Tls, options: OpenOptions): Promise<PostgresSession> {
  const signal = AbortSignal.timeout(options.connectTimeout)
  try {
    const socket = await connectSocket(target, tls, signal)
    return await start(target, tls, options, { socket, signal })
  } catch (error) {
    throw openingError(signal.aborted ? timeout() : error, target)
  }
}

interface Link {
  readonly socket: Socket
  readonly signal: AbortSignal
}

async function start(target: Target, tls: Tls, options: OpenOptions, link: Link): Promise<PostgresSession> {
  const { socket, signal } = link
  const wire = new Wire()
  // Paused since the server's answer about TLS.
  socket.on('data', wire.listener).resume()
  const giveUp = () => socket.destroy(timeout())
  signal.addEventListener('abort', giveUp)
  const sql = postgres(settings(target, socket))
  try {
    const [greeting] = await Promise.race([sql.unsafe<Row[]>(options.greeting ?? 'SELECT 1'), hangUp(socket)])
    const { readOnly, connectTimeout } = options
    return new PostgresSession({ sql, socket, wire, target, tls, readOnly, connectTimeout, greeting })
  } catch (error) {
    socket.destroy()
    await sql.end({ timeout: 0 })
    throw error
  } finally {
    signal.removeEventListener('abort', giveUp)
  }
}

function settings(target: Target, socket: Socket) {
  return {
    host: target.host ?? 'localhost',
    port: target.port ?? 5432,
    database: target.database,
    user: target.user ?? '',
    ...(target.password === undefined ? {} : { password: target.password }),
    connection: { ...startup(target.parameters), application_name: sessionName(target.parameters.application_name) },
    // The driver reconnects in silence, to another session without our locks and settings: it gets one socket only.
    socket: onlyOnce(socket),
    max: 1,
    ssl: false,
    prepare: false,
    fetch_types: false,
    idle_timeout: 0,
    max_lifetime: null,
    connect_timeout: 0,
    keep_alive: 60,
    debug: false,
    onnotice: () => undefined,
    types,
  }
}

/** Rejects when the connection ends, which the driver overlooks before it has begun to listen. */
async function hangUp(socket: Socket): Promise<never> {
  await new Promise((resolve) => (socket.destroyed ? resolve(undefined) : socket.once('close', resolve)))
  throw hungUp()
}

function onlyOnce(socket: Socket): () => Socket {
  let given = false
  return () => {
    if (given) throw hungUp()
    given = true
    return socket
  }
}

/** Tells the server which process works in the session, in the 63 bytes of ASCII that a name may have. */
function sessionName(given = ''): string {
  const own = `sqlmig ${process.pid}@${hostname().replace(/[^\x21-\x7e]/g, '?')}`.slice(0, 48)
  return given === '' ? own : `${given.slice(0, 62 - own.length)} ${own}`
}

// Other parameters are some driver's own, and a server or PgBouncer refuses a startup parameter that it does not know.
const passedOn = ['application_name', 'options', 'search_path', 'role', 'timezone', 'statement_timeout', 'lock_timeout']

function startup(parameters: Readonly<Record<string, string>>): Record<string, string> {
  const given = Object.entries(parameters).filter(([name]) => passedOn.includes(name))
  // Prisma's `schema`.
  const schema = parameters.schema === undefined ? [] : [['search_path', parameters.schema] as const]
  return Object.fromEntries([...schema, ...given])
}

function timeout(): Error {
  return Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' })
}
