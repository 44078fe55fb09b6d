import t from 'tap'
import { createDate, readStamp, slugFor } from '../../lib/importer/history/names.ts'
import { layOut, type Node } from '../../lib/importer/history/order.ts'
import { readScript } from '../../lib/importer/history/read-script.ts'

const stamps: readonly (readonly [name: string, stamp: string | undefined, rest: string])[] = [
  ['20251207_000000_lead_form_flag', '20251207_000000', '_lead_form_flag'],
  ['20251207000000_lead', '20251207_000000', '_lead'],
  ['20251207T101112_lead', '20251207_101112', '_lead'],
  ['2025_12_07_1011-ae1027a6acf_lead', '20251207_101100', '-ae1027a6acf_lead'],
  ['2025_12_07_1011-12ab34cd56ef_lead', '20251207_101100', '-12ab34cd56ef_lead'],
  ['2025-12-07_10-11-12_lead', '20251207_101112', '_lead'],
  ['2025_12_07_lead', '20251207_000000', '_lead'],
  ['202512071011_lead', '20251207_101100', '_lead'],
  ['20251207_0001_lead', '20251207_000100', '_lead'],
  ['m20251207_101112_lead', '20251207_101112', '_lead'],
  ['20251307_000000_no_month', undefined, '_000000_no_month'],
  ['ae1027a6acf_lead', undefined, 'ae1027a6acf_lead'],
  ['add_lead', undefined, 'add_lead'],
]

t.test('a time is read from a name in whatever form it stands there', async (t) => {
  for (const [name, stamp, rest] of stamps) t.match(readStamp(name), { stamp, rest }, name)
  t.match(readStamp('001_init'), { stamp: undefined, number: 1n, rest: '_init' })
  t.equal(createDate('Create Date: 2023-07-30 12:34:56.789'), '20230730_123456')
  t.equal(createDate('Create Date: soon'), undefined)
})

t.test('a slug is what the name says beside time and revision, else the title', async (t) => {
  t.equal(slugFor('ae1027a6acf_Add-lead', 'ae1027a6acf', undefined), 'add_lead')
  t.equal(slugFor('ae1027a6acf_', 'ae1027a6acf', 'Add a lead!'), 'add_a_lead')
  t.equal(slugFor('', undefined, undefined), 'migration')
})

function node(revision: string, parents: readonly string[], stamp?: string): Node {
  return { source: `${revision}.py`, revision, parents, labels: [], stamp, number: undefined, slug: revision }
}

t.test('a graph with branches and merges becomes one line, parents first, then by time', async (t) => {
  const line = layOut(
    [
      node('merge', ['b', 'c'], '20250104_000000'),
      node('c', ['a'], '20250103_000000'),
      node('b', ['a'], '20250102_000000'),
      node('a', [], '20250101_000000'),
      node('d', ['merge'], '20250101_120000'),
    ],
    new Map(),
  )
  t.same(
    line.map(({ id }) => id),
    ['20250101_000000_a', '20250102_000000_b', '20250103_000000_c', '20250104_000000_merge', '20250104_000001_d'],
    'an id is moved forward only where the order asks for it',
  )
  t.same(
    line.map(({ after }) => after),
    [undefined, undefined, ['a'], ['b', 'c'], undefined],
  )
})

t.test('ids of a former import stay, as far as the order allows', async (t) => {
  const nodes = [node('a', [], '20250101_000000'), node('b', ['a'])]
  const pinned = new Map([['b.py', '20250505_000000_older_name']])
  t.equal(layOut(nodes, pinned)[1]!.id, '20250505_000000_older_name')
  t.equal(layOut(nodes, new Map([['b.py', '20240101_000000_too_early']]))[1]!.id, '20250101_000001_b')
})

t.test('what is wrong with the graph is told, and nothing is left out for it', async (t) => {
  const line = layOut(
    [node('a', ['gone']), node('b', ['c']), node('c', ['b']), node('e', []), node('e', [])],
    new Map(),
  )
  t.equal(line.length, 5)
  const faults = line.flatMap(({ faults: found }) => found.map(({ reason }) => reason)).join('\n')
  t.match(faults, /it follows gone, which is not in the folder/)
  t.match(faults, /in a circle/)
  t.match(faults, /the same revision e/)
})

const script = (text: string, name = 'versions/x.py') => readScript(name, Buffer.from(text))

t.test('a head is read without evaluating anything', async (t) => {
  const revision = `"""Add a lead

Revision ID: ae10
Create Date: 2023-07-30 12:34:56
"""
revision: str = "ae10"
down_revision: Union[str, None] = ("b1", "b2")
branch_labels = None
depends_on = ["c3"]
def upgrade(): pass
def downgrade(): op.drop_table("lead")
`
  t.match(script(revision, 'versions/ae10_add_a_lead.py'), {
    kind: 'alembic',
    revision: 'ae10',
    parents: ['b1', 'b2', 'c3'],
    stamp: '20230730_123456',
    slug: 'add_a_lead',
    title: 'Add a lead',
    hadDowngrade: true,
  })
  t.match(script('def run_migration(engine=None): pass\ndef downgrade():\n  raise NotImplementedError()\n'), {
    kind: 'python',
    entry: { kind: 'function', name: 'run_migration' },
    hadDowngrade: false,
  })
  t.match(script('from alembic import context\ncontext.configure()\n', 'env.py'), { reason: /environment/ })
  t.match(script('def helper(): pass'), { reason: /no revision and no function/ })
})

t.test('a file that cannot be read keeps its place', async (t) => {
  const broken = script('revision = "x1"\ndown_revision = "x0"\ndef upgrade(:\n', '2024_01_02_x1_broken.py')
  t.match(broken, { revision: 'x1', parents: ['x0'], stamp: '20240102_000000', faults: [{ fatal: true }] })
})
