import { connect as connectPlain, isIP, type Socket } from 'node:net'
import { type ConnectionOptions, connect as connectTls } from 'node:tls'
import { SqlmigError } from '../errors.ts'
import type { Target, Tls } from './target.ts'
import { tlsMaterial } from './tls.ts'

export const defaultPort = 5432

/** A connected socket, encrypted as asked; `prefer` settles for an unencrypted one, as in libpq. */
export async function connectSocket(target: Target, tls: Tls, signal: AbortSignal): Promise<Socket> {
  const plain = await dial(target, signal)
  try {
    if (tls.mode === 'off') return plain
    if (await offersTls(plain, signal)) return await encrypt(plain, target, tls, signal)
    if (tls.mode === 'prefer') return plain
    throw Object.assign(new Error('the server does not offer TLS'), { code: 'NO_TLS' })
  } catch (error) {
    plain.destroy()
    const fallBack = tls.mode === 'prefer' && !(error instanceof SqlmigError)
    if (fallBack && !signal.aborted) return dial(target, signal)
    throw error
  }
}

async function dial({ host, port, socket }: Target, signal: AbortSignal): Promise<Socket> {
  const number = port ?? defaultPort
  const plain =
    socket === undefined
      ? connectPlain({ host: host ?? 'localhost', port: number, noDelay: true })
      : connectPlain({ path: socketPath(socket, number) })
  // Between two awaited events nobody listens; an error then also comes out as "close".
  plain.on('error', () => undefined)
  try {
    await happens(plain, 'connect', signal)
    return plain
  } catch (error) {
    plain.destroy()
    throw error
  }
}

// libpq: the socket's name in its folder is made from the port.
function socketPath(socket: string, port: number): string {
  return /\.s\.PGSQL\.\d+$/.test(socket) ? socket : `${socket.replace(/\/$/, '')}/.s.PGSQL.${port}`
}

// PostgreSQL manual, "SSL Session Encryption": one byte answers; more than that was put in by somebody else.
async function offersTls(plain: Socket, signal: AbortSignal): Promise<boolean> {
  plain.write(Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]))
  const answer = (await happens(plain, 'data', signal)) as Buffer
  plain.pause()
  if (answer.length > 1) throw Object.assign(new Error('unexpected data before TLS'), { code: 'TLS_UNEXPECTED_DATA' })
  return answer.toString() === 'S'
}

async function encrypt(plain: Socket, target: Target, tls: Tls, signal: AbortSignal): Promise<Socket> {
  const secure = connectTls(await secureOptions(plain, target, tls))
  secure.on('error', () => undefined)
  await happens(secure, 'secureConnect', signal)
  return secure
}

async function secureOptions(plain: Socket, { host }: Target, tls: Tls): Promise<ConnectionOptions> {
  const name = host === undefined ? {} : isIP(host) ? { host } : { host, servername: host }
  const anyName = tls.mode === 'verify-ca' ? { checkServerIdentity: () => undefined } : {}
  return { socket: plain, ...name, ...anyName, ...(await tlsMaterial(tls)) }
}

// PostgreSQL manual, "Canceling Requests in Progress": a connection of its own, which the server closes unanswered.
export async function sendCancel(target: Target, tls: Tls, key: Buffer, signal: AbortSignal): Promise<void> {
  const socket = await connectSocket(target, tls, signal)
  socket.resume()
  const closed = new Promise((resolve) => socket.once('close', resolve))
  signal.addEventListener('abort', () => socket.destroy())
  socket.end(Buffer.concat([Buffer.from([0, 0, 0, 8 + key.length, 4, 210, 22, 46]), key]))
  await closed
}

/** Awaits an event, but not beyond an error, the connection's end, or the signal. */
function happens(socket: Socket, event: string, signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const end = () => reject(hungUp())
    const give = () => reject(signal.reason)
    socket.once(event, resolve).once('error', reject).once('close', end)
    signal.addEventListener('abort', give)
    if (signal.aborted) give()
  })
}

export function hungUp(): Error {
  return Object.assign(new Error('the server closed the connection'), { code: 'ECONNRESET' })
}
