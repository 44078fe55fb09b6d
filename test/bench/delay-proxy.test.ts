import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import t, { type Test } from 'tap'
import { DelayProxy } from './delay-proxy.ts'

/** A server that answers each line with `ok`, behind a proxy, and a client. */
async function talk(t: Test, roundTrip: number): Promise<{ proxy: DelayProxy; client: Socket }> {
  const server = createServer((socket) =>
    socket.on('data', (text) => socket.write(String(text).replaceAll(/\w+/g, 'ok'))),
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const proxy = await DelayProxy.open('127.0.0.1', (server.address() as AddressInfo).port, roundTrip)
  const client = connect(proxy.port, '127.0.0.1')
  t.teardown(async () => {
    client.destroy()
    await proxy.close()
    server.close()
  })
  return { proxy, client }
}

async function heard(client: Socket, answers: number): Promise<void> {
  let text = ''
  while (text.split('\n').length <= answers) text += String((await once(client, 'data'))[0])
}

t.test('each question after an answer is a round trip', async (t) => {
  const { proxy, client } = await talk(t, 2)
  for (let n = 0; n < 3; n++) {
    client.write('question\n')
    await heard(client, 1)
  }
  t.equal(proxy.roundTrips, 3)
})

t.test('what is sent without waiting for an answer is one round trip', async (t) => {
  const { proxy, client } = await talk(t, 40)
  client.write('one\n')
  // another chunk: the first has been passed on, and no answer can be here yet
  await new Promise((resolve) => setImmediate(resolve))
  client.write('two\nthree\n')
  await heard(client, 3)
  t.equal(proxy.roundTrips, 1)
})

t.test('an answer takes a round trip at least', async (t) => {
  const { client } = await talk(t, 60)
  const began = performance.now()
  client.write('question\n')
  await heard(client, 1)
  // timers may be a millisecond early
  t.ok(performance.now() - began >= 58)
})

t.test('an end comes through after what was sent before it', async (t) => {
  const { client } = await talk(t, 10)
  let text = ''
  client.on('data', (piece) => (text += String(piece)))
  client.end('last words\n')
  await once(client, 'close')
  t.equal(text, 'ok ok\n')
})
