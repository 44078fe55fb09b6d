import t from 'tap'
import type { Examined } from '../../lib/chain/examine.ts'
import { SqlmigError } from '../../lib/errors.ts'
import type { LedgerRow } from '../../lib/ledger/rows.ts'
import { fold } from '../../lib/ledger/rows.ts'
import type { Goal } from '../../lib/runner/plan.ts'
import { compare, plan } from '../../lib/runner/plan.ts'

const a = '20250101_000000_a'
const b = '20250102_000000_b'
const c = '20250103_000000_c'

function file(id: string, more: Partial<Examined> = {}): Examined {
  return {
    id,
    path: `sql/${id}.up.sql`,
    checksum: `sum of ${id}`,
    tokens: `tokens of ${id}`,
    size: 10,
    statements: 3,
    directives: [],
    todos: [],
    rollsBack: true,
    batched: false,
    pace: 'quick',
    travelsAlone: false,
    recoverable: false,
    ownTransaction: [],
    ...more,
  }
}

function row(id: string, more: Partial<LedgerRow> = {}): LedgerRow {
  return {
    seq: 1,
    event: 'applied',
    id,
    at: '2025-01-01T00:00:00.000Z',
    durationMs: 1,
    rowsWritten: null,
    statements: 3,
    done: 3,
    running: null,
    runningPrefix: null,
    fingerprint: null,
    checksum: `sum of ${id}`,
    tokens: `tokens of ${id}`,
    prefix: null,
    guard: null,
    batch: null,
    file: null,
    user: 'me',
    host: 'here',
    version: '1',
    note: null,
    ...more,
  }
}

function planned(files: readonly Examined[], rows: readonly LedgerRow[], goal: Goal = {}): string[] {
  return plan(files, fold(rows, true), goal).steps.map((step) => step.file.id)
}

function refusal(files: readonly Examined[], rows: readonly LedgerRow[], goal: Goal = {}): SqlmigError {
  try {
    plan(files, fold(rows, true), goal)
  } catch (error) {
    if (error instanceof SqlmigError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

const todo = { todos: [{ place: { line: 4, column: 1 }, text: 'fill the column' }] }

t.test('what is not in the ledger is pending, in the order of the ids', async (t) => {
  t.same(planned([file(c), file(a), file(b)], []), [a, b, c])
  t.same(planned([file(a), file(b), file(c)], [row(a)]), [b, c])
})

t.test('a goal bounds the plan', async (t) => {
  const files = [file(a), file(b), file(c)]
  t.same(planned(files, [], { to: b }), [a, b])
  t.same(planned(files, [], { steps: 1 }), [a])
  t.same(planned(files, [], { steps: 0 }), [])
  t.same(planned(files, [], { to: b, steps: 5 }), [a, b])
  t.same(planned(files, [row(a), row(b), row(c)], { to: a }), [], 'what is applied already is no goal')
})

t.test('an unknown goal is refused with the nearest id', async (t) => {
  const error = refusal([file(a)], [], { to: '20250101_000000' })
  t.equal(error.code, 'unknown-id')
  t.match(error.remedy, a)
})

t.test('states are told from checksums', async (t) => {
  const states = (files: readonly Examined[], rows: readonly LedgerRow[]) =>
    compare(files, fold(rows, true)).map(({ state }) => state)
  t.same(states([file(a)], [row(a)]), ['applied'])
  t.same(states([file(a, { checksum: 'other' })], [row(a)]), ['reformatted'])
  t.same(states([file(a, { checksum: 'other', tokens: 'other' })], [row(a)]), ['changed'])
  t.same(states([], [row(a)]), ['missing'])
  t.same(states([file(a, todo)], []), ['blocked'])
  t.same(states([file(a)], [row(a, { event: 'started', done: 1 })]), ['partial'])
})

t.test('an accepted edit is the truth from then on', async (t) => {
  const edited = file(a, { checksum: 'new', tokens: 'new' })
  const rows = [row(a), row(a, { seq: 2, event: 'accepted', checksum: 'new', tokens: 'new' })]
  t.same(planned([edited], rows), [])
  t.equal(refusal([file(a)], rows).code, 'changed', 'the former text is no longer')
})

t.test('missing, changed and blocked files stop the plan', async (t) => {
  const gone = refusal([file(b)], [row(a)])
  t.equal(gone.code, 'missing')
  t.match(gone.message, a)
  const changed = refusal([file(a, { checksum: 'x', tokens: 'x' }), file(b)], [row(a)])
  t.equal(changed.code, 'changed')
  t.match(changed.remedy, `sqlmig show ${a}`)
  const blocked = refusal([file(a), file(b, todo)], [])
  t.equal(blocked.code, 'blocked')
  t.same(blocked.at, { file: `sql/${b}.up.sql`, line: 4, column: 1 })
  t.same(planned([file(a), file(b, todo)], [], { to: a }), [a], 'a todo beyond the goal is no obstacle')
})

t.test('a late file is refused with its remedy, unless it is asked for', async (t) => {
  const files = [file(a), file(b), file(c)]
  const late = refusal(files, [row(a), row(c)])
  t.equal(late.code, 'out-of-order')
  t.match(late.message, b)
  t.match(late.remedy, `sqlmig rebase ${b}`)
  t.same(planned(files, [row(a), row(c)], { outOfOrder: true }), [b])
})

t.test('a half-applied migration is gone on with where its point is known', async (t) => {
  const started = row(b, { seq: 2, event: 'started', done: 2 })
  const { steps } = plan([file(a), file(b), file(c)], fold([row(a), started], true), {})
  t.same(
    steps.map((step) => [step.file.id, step.done, step.journal?.row.seq]),
    [
      [b, 2, 2],
      [c, 0, undefined],
    ],
  )
  const unknown = refusal([file(a), file(b)], [row(a), row(b, { event: 'started', done: 1, running: 2 })])
  t.equal(unknown.code, 'partial')
  t.match(unknown.remedy, '--through 2')
})

t.test('two files with one id are refused', async (t) => {
  t.equal(refusal([file(a), file(a, { path: 'sql/again.up.sql' })], []).code, 'duplicate-id')
})
