import t from 'tap'
import { gist } from './compare.ts'
import { figure, markdown, range, spread } from './figures.ts'

t.test('the median of an odd number is the one in the middle, of an even one the mean of two', async (t) => {
  t.same(spread([3, 1, 100]), { median: 3, least: 1, most: 100 })
  t.same(spread([4, 1, 2, 100]), { median: 3, least: 1, most: 100 })
  t.same(spread([7]), { median: 7, least: 7, most: 7 })
})

t.test('nothing measured is an error, not a zero', async (t) => {
  t.throws(() => spread([]), /nothing was measured/)
})

t.test('figures have three digits that say something', async (t) => {
  t.same([0, 0.04123, 0.5, 1.2549, 34.81, 99.96, 1203.4].map(figure), [
    '0',
    '0.0412',
    '0.500',
    '1.25',
    '34.8',
    '100.0',
    '1203',
  ])
})

t.test('one value has no range', async (t) => {
  t.equal(range(spread([2, 2])), '')
  t.equal(range(spread([2, 1])), '1.00–2.00')
})

t.test('a table is Markdown, its numbers at the right', async (t) => {
  t.equal(
    markdown(
      ['', 'seconds', '×'],
      [
        ['psql', '1.00', '1.00'],
        ['sqlmig', '0.700', '0.70'],
      ],
    ),
    ['|  | seconds | × |', '|---|---:|---:|', '| psql | 1.00 | 1.00 |', '| sqlmig | 0.700 | 0.70 |'].join('\n'),
  )
})

t.test('of what a peer printed the line with its error is told', async (t) => {
  const printed =
    'tool up ended with 1\nApplying: 1.sql\n  RangeError: more than one statement\n    at Runner.query (a.js:1:2)'
  t.equal(gist(new Error(printed)), 'RangeError: more than one statement')
  t.equal(gist(new Error('tool up ended with 1')), 'tool up ended with 1')
})
