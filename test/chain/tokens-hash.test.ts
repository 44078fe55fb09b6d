import { strictEqual } from 'node:assert'
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import t from 'tap'
import { TokensHash } from '../../lib/chain/tokens-hash.ts'
import { holds } from '../text/property.ts'

function plain(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

t.test('the hash and the hash before the mark are those of the text, however long its pieces are', async (t) => {
  const piece = fc
    .tuple(fc.constantFrom('a', 'é😀', 'some text;\n'), fc.constantFrom(1, 3, 5000))
    .map(([one, n]) => one.repeat(n))
  const act = fc.oneof(
    { arbitrary: piece, weight: 4 },
    fc.constantFrom('mark' as const, 'before' as const, 'digest' as const),
  )
  holds(
    t,
    fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
      const hash = new TokensHash()
      let [all, before] = ['', '']
      for (const one of acts) {
        if (one === 'before') strictEqual(hash.before(), plain(before))
        else if (one === 'digest') strictEqual(hash.digest(), plain(all))
        else if (one === 'mark') {
          hash.mark()
          before = all
        } else {
          hash.update(one)
          all += one
        }
      }
      strictEqual(hash.before(), plain(before))
      strictEqual(hash.digest(), plain(all))
    }),
    500,
  )
})
