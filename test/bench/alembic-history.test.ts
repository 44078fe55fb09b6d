import t from 'tap'
import { alembicHistory } from './alembic-history.ts'
import { Copy, Inserts } from './bulk.ts'

t.test('a history is the same each time, and each script goes on where the last ended', async (t) => {
  const scripts = alembicHistory(60)
  t.equal(scripts.size, 60)
  t.same([...alembicHistory(60)], [...scripts])
  let previous = 'None'
  for (const text of scripts.values()) {
    t.match(text, `down_revision = ${previous}\n`)
    previous = text.match(/^revision = (.+)$/m)![1]!
  }
})

t.test('a large file has the rows that it tells, and about the size that was asked for', async (t) => {
  for (const [name, bulk, row] of [
    ['one row each', new Inserts(1e6, 1), /\((\d+), \d+, [\d.]+, '/g],
    ['fifty rows each', new Inserts(1e6, 50), /\((\d+), \d+, [\d.]+, '/g],
    ['COPY', new Copy(1e6), /^(\d+)\t/gm],
  ] as const) {
    const text = [...bulk.sql()].join('')
    const ids = Array.from(text.matchAll(row), ([, id]) => Number(id))
    t.same(
      ids,
      Array.from({ length: bulk.rows }, (_, id) => id),
      name,
    )
    t.ok(Math.abs(text.length / 1e6 - 1) < 0.1, `${name}: ${text.length} bytes`)
  }
})
