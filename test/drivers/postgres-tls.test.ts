import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { TLSSocket } from 'node:tls'
import t from 'tap'
import { openSession } from '../../lib/drivers/open.ts'
import type { Tls } from '../../lib/drivers/target.ts'
import { parseUrl } from '../../lib/drivers/url.ts'
import { sqlmigError, writing } from './servers.ts'
import { certificate, privateKey } from './tls-certificate.ts'

const ca = join(t.testdir(), 'ca.pem')
writeFileSync(ca, certificate)

/** A server that greets as PostgreSQL does, tells in its refusal whether it was spoken to in the clear, and ends. */
async function greeter(answer: string) {
  const listener = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', (first: Buffer) => {
      if (first.length !== 8) return refuse(socket, 'plain')
      socket.write(answer)
      if (answer !== 'S') return socket.once('data', () => refuse(socket, 'plain'))
      const secure = new TLSSocket(socket, { isServer: true, key: privateKey, cert: certificate })
      return secure.on('error', () => undefined).once('data', () => refuse(secure, 'encrypted'))
    })
  }).listen(0, 'localhost')
  await once(listener, 'listening')
  t.teardown(() => listener.close())
  return (listener.address() as { port: number }).port
}

function refuse(socket: Socket, message: string): void {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C28P01\0M${message}\0\0`)
  const head = Buffer.alloc(5)
  head.write('E')
  head.writeUInt32BE(fields.length + 4, 1)
  socket.end(Buffer.concat([head, fields]))
}

async function attempt(answer: string, tls: Tls, host = 'localhost') {
  const target = parseUrl(`postgres://u:hush-hush@${host}/d`)
  return sqlmigError(openSession({ ...target, tls, port: await greeter(answer) }, writing))
}

t.test('off stays in the clear, prefer and require encrypt without looking at the certificate', async (t) => {
  t.match(await attempt('S', { mode: 'off' }), { code: 'authentication', message: /plain/ })
  t.match(await attempt('S', { mode: 'prefer' }), { code: 'authentication', message: /encrypted/ })
  t.match(await attempt('S', { mode: 'require' }), { code: 'authentication', message: /encrypted/ })
})

t.test('verify-ca and verify-full trust the named authority only', async (t) => {
  for (const mode of ['verify-ca', 'verify-full'] as const) {
    t.match(await attempt('S', { mode, ca }), { code: 'authentication', message: /encrypted/ }, mode)
    t.match(await attempt('S', { mode }), { code: 'connection', message: /self-signed/, remedy: /sslrootcert/ }, mode)
  }
})

t.test('a server without TLS is refused unless it is only preferred', async (t) => {
  t.match(await attempt('N', { mode: 'prefer' }), { code: 'authentication', message: /plain/ })
  for (const mode of ['require', 'verify-ca', 'verify-full'] as const) {
    t.match(await attempt('N', { mode, ca }), { code: 'connection', message: /does not offer TLS/ }, mode)
  }
})

t.test('what is put in before the handshake is refused', async (t) => {
  t.match(await attempt('S and more', { mode: 'require' }), {
    code: 'connection',
    message: /unexpected data before TLS/,
  })
})

t.test('a PEM file that is not there is told, whatever the mode', async (t) => {
  const error = await attempt('S', { mode: 'prefer', ca: 'no-such.pem' })
  t.match(error, { code: 'connection', message: /no-such\.pem cannot be read/ })
})
