import t from 'tap'
import { BatchPace } from '../../lib/runner/batch-pace.ts'

t.test('how many rows there are is told by statistics, and by the keys where those are old or missing', async (t) => {
  const cases: readonly (readonly [
    before: number,
    total: number | undefined,
    rows: number,
    share: number | undefined,
    told: number | undefined,
  ])[] = [
    [0, 1000, 100, 0.5, 1000],
    [0, 1000, 1000, 0.5, 2000],
    [0, undefined, 100, 0.1, 1000],
    [500, undefined, 600, 0.1, 1500],
    [0, undefined, 100, undefined, undefined],
    [0, 1000, 2000, undefined, undefined],
    [0, undefined, 100, 0, undefined],
  ]
  for (const [before, total, rows, share, told] of cases) {
    const pace = new BatchPace(10, undefined)
    pace.begin(before, total)
    const progress = pace.progress(rows, share)
    t.match(progress, { rows, total: told }, JSON.stringify({ before, total, rows, share }))
    t.equal(progress.leftMs === undefined, told === undefined)
  }
})

t.test('without a target each batch is of the size of its directive', async (t) => {
  const pace = new BatchPace(10, undefined)
  pace.begin(0, undefined)
  for (let n = 0; n < 3; n++) {
    t.equal(pace.ask(), 10)
    pace.start()
    pace.took(false)
  }
})

t.test('a batch that had to wait for a lock tells nothing of its size, one that was quick does', async (t) => {
  const pace = new BatchPace(10, 3_600_000)
  pace.begin(0, undefined)
  pace.ask()
  pace.start()
  pace.took(true)
  t.equal(pace.ask(), 10)
  pace.took(false)
  t.equal(pace.ask(), 20)
})

t.test('the size stays within a hundredth and a hundredfold', async (t) => {
  for (const [target, end] of [
    [3_600_000, 100_000],
    [0.0001, 10],
  ] as const) {
    const pace = new BatchPace(1000, target)
    pace.begin(0, undefined)
    for (let n = 0; n < 100; n++) {
      pace.ask()
      pace.start()
      pace.took(false)
    }
    t.equal(pace.ask(), end)
  }
})
