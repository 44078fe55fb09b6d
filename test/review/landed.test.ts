import t from 'tap'
import { type ChainFile, compareWithBase, type LandedQuestion } from '../../lib/review/landed.ts'

const file = (id: string, variant?: string): ChainFile => ({
  id,
  variant,
  name: variant ? `${id}.${variant}.up.sql` : `${id}.up.sql`,
})
const [a, b, c] = [file('20250101_000000_a'), file('20250201_000000_b'), file('20250301_000000_c')] as const

function compared(here: readonly ChainFile[], base: readonly ChainFile[], more: Partial<LandedQuestion> = {}) {
  const found = compareWithBase({ ref: 'main', here, base, likeness: () => 'same', atStart: () => 'unknown', ...more })
  return found.map(({ code, severity, name }) => [code, severity, name])
}

t.test('what has landed and is as it was is fine, and so is what comes after it', async (t) => {
  t.same(compared([a, b, c], [a, b]), [])
})

t.test('a landed file that is changed or gone is an error, one that is reformatted a note', async (t) => {
  t.same(compared([a], [a], { likeness: () => 'changed' }), [['changed', 'error', a.name]])
  t.same(compared([a], [a], { likeness: () => 'reformatted' }), [['reformatted', 'note', a.name]])
  t.same(compared([b], [a, b]), [['missing', 'error', a.name]])
})

t.test('what is new comes last', async (t) => {
  t.same(compared([a, b, c], [a, c]), [['out-of-order', 'error', b.name]])
})

t.test('what the ref got since the branch began is nobody’s edit here', async (t) => {
  t.same(compared([a], [a, b], { atStart: () => 'absent' }), [['behind-base', 'note', b.name]])
  const edited: Partial<LandedQuestion> = { likeness: () => 'changed', atStart: () => 'same' }
  t.same(compared([a], [a], edited), [['behind-base', 'note', a.name]])
  t.same(compared([c], [b, c], { atStart: () => 'changed' }), [['missing', 'error', b.name]])
})

t.test('a variant may be added for a dialect that had none, but not in place of a common file', async (t) => {
  const [mysql, sqlite] = [file(a.id, 'mysql'), file(a.id, 'sqlite')]
  t.same(compared([mysql, sqlite, b], [mysql, b]), [])
  t.same(compared([a, sqlite, b], [a, b]), [['changed', 'error', sqlite.name]])
})
