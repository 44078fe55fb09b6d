import t from 'tap'
import { joined, locate } from '../../lib/drivers/message.ts'
import { Wire } from '../../lib/drivers/postgres-wire.ts'

function message(type: string, body: string): Buffer {
  const head = Buffer.alloc(5)
  head.write(type)
  head.writeUInt32BE(Buffer.byteLength(body) + 4, 1)
  return Buffer.concat([head, Buffer.from(body)])
}

const fatal = 'SFATAL\0VFATAL\0C57P01\0Mgoing down\0\0'
const conversation = Buffer.concat([
  message('K', 'pidskeys'),
  message('I', ''),
  message('T', 'C as a row description'),
  message('D', 'a row with C, E and Z in it'.repeat(100)),
  message('C', 'SELECT 1\0'),
  message('n', ''),
  message('C', 'BEGIN\0'),
  message('E', fatal),
])

t.test('messages are counted wherever the network cuts them', async (t) => {
  for (const size of [1, 2, 3, 4, 5, 6, 7, 100, conversation.length]) {
    const wire = new Wire()
    wire.begin()
    for (let at = 0; at < conversation.length; at += size) wire.feed(conversation.subarray(at, at + size))
    t.match(wire, { completed: 2, fatal: { code: '57P01', message: 'going down' } }, `${size} bytes at a time`)
    t.equal(wire.key?.toString(), 'pidskeys')
  }
})

t.test('rows are read from the tags of statements that tell of some, wherever the network cuts them', async (t) => {
  const tags = ['INSERT 0 12', 'CREATE TABLE', 'UPDATE 0', 'SELECT 3', 'COPY 1234567890']
  const bytes = Buffer.concat(tags.map((tag) => message('C', `${tag}\0`)))
  for (const size of [1, 5, 7, 100, bytes.length]) {
    const told: (number | boolean)[][] = []
    const wire = new Wire()
    wire.begin({ complete: () => undefined, wrote: (...one) => told.push(one) })
    for (let at = 0; at < bytes.length; at += size) wire.feed(bytes.subarray(at, at + size))
    t.strictSame(
      told,
      [
        [0, 12, false],
        [2, 0, false],
        [3, 3, true],
        [4, 1234567890, false],
      ],
      `${size} bytes at a time`,
    )
  }
})

t.test('the count starts anew with each message, and an ordinary error is not fatal', async (t) => {
  const wire = new Wire()
  wire.feed(conversation)
  wire.begin()
  wire.feed(message('E', 'SERROR\0VERROR\0C42601\0Msyntax\0\0'))
  t.match(wire, { completed: 0, fatal: undefined })
})

t.test('every position of a message lies in the statement that it came from', async (t) => {
  const statements = ['SELECT 1', "SELECT '😀é' -- end", '', 'x']
  const all = [...joined(statements)]
  for (const [index, statement] of statements.entries()) {
    const before = [...joined(statements.slice(0, index))].length + (index === 0 ? 0 : 3)
    for (const [position, character] of [...statement].entries()) {
      t.equal(all[before + position], character)
      t.same(locate(statements, before + position), { index, position })
    }
  }
  t.same(locate(statements, all.length), { index: 3, position: 1 }, 'the end of the message is the end of the last')
  t.same(locate(statements, 10_000), { index: 3, position: 1 })
})
