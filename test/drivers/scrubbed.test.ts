import t from 'tap'
import { ServerError, type Session } from '../../lib/drivers/driver.ts'
import { scrubbed } from '../../lib/drivers/scrubbed.ts'
import { parseUrl } from '../../lib/drivers/url.ts'

const session: Required<Session> = {
  dialect: 'postgres',
  maxMessage: 1000,
  announced: 42,
  greeting: { one: 1 },
  query: async () => {
    throw new ServerError('no such user "me:hush"', { code: '28000', hint: 'is it hush?' })
  },
  exec: async () => {},
  execThenQuery: async () => [{ one: 1 }],
  queries: async () => [[{ one: 1 }]],
  copyIn: async () => 0,
  eachAlone: () => {},
  roundTrip: () => 1,
  inTransaction: () => false,
  writer: (suffix) => `somebody at ${suffix}`,
  cancel: async () => {},
  close: async () => {},
}

t.test('a session keeps all that it says of itself when its password is taken out of errors', async (t) => {
  const clean = scrubbed(session, parseUrl('postgres://me:hush@localhost/app'))
  t.strictSame(Object.keys(clean).sort(), Object.keys(session).sort())
  t.match(clean, { dialect: 'postgres', maxMessage: 1000, announced: 42 })
  t.equal(clean.writer?.('x'), 'somebody at x')
  const error = await clean.query('select 1').catch((thrown: unknown) => thrown)
  t.notMatch(JSON.stringify(error) + String(error), /hush/)
  t.match(error, { code: '28000' })
})
