import t from 'tap'
import { parse } from '../../lib/python/parse.ts'
import { play } from './mock-host.ts'

const many = 100_000
const sources: Readonly<Record<string, string>> = {
  brackets: '('.repeat(many),
  not: `x = ${'not '.repeat(many)}1`,
  lambdas: `x = ${'lambda: '.repeat(many)}1`,
  attributes: `x = a${'.b'.repeat(many)}`,
  'f-strings': `x = ${"f'{".repeat(many)}`,
  'one long line': `x = "${'a'.repeat(10_000_000)}"`,
  'ten million digits': `x = ${'1'.repeat(10_000_000)}`,
  'a long elif chain': `if 1:\n pass\n${'elif 1:\n pass\n'.repeat(10_000)}`,
  'a long sum': `x = 1${' + 1'.repeat(many)}`,
}
t.test('hostile source gives an error or a tree', (t) => {
  for (const [name, source] of Object.entries(sources)) t.doesNotThrow(() => parse(source, name), name)
  t.end()
})

const bounded: Readonly<Record<string, string>> = {
  'an endless loop': 'while True: pass',
  'a deep recursion': 'def f(n): return f(n + 1)\nf(0)',
  'a large list': 'x = [0] * 50_000_000',
  'a large text': 'x = "a" * 10 ** 10',
  'a doubled text': 'x = "a"\nfor i in range(100): x += x',
  'a large number': 'x = 9 ** 9 ** 9',
  'a wide format': 'x = f"{1:1000000000}"',
  'a product': 'import itertools\nx = list(itertools.product(range(1000), repeat=5))',
  'a list in itself': 'x = []\nx.append(x)\ny = str(x)',
  'an endless generator': 'def g():\n  while True: yield 1\nx = list(g())',
}
t.test('a script that takes too much ends with its bound and place', (t) => {
  for (const [name, source] of Object.entries(bounded)) {
    const { log, value } = play(source)
    t.equal(value, 'failed', name)
    t.match(log.at(-1), /"kind":"bounds".*"line":\d/, name)
  }
  t.end()
})

t.test('nested loops over something unknown are visited once, not exponentially often', (t) => {
  const loops = Array.from({ length: 14 }, (_, at) => `${'  '.repeat(at + 1)}for a${at} in db.unknown():\n`)
  const { log } = play(`def main():\n${loops.join('')}${'  '.repeat(16)}db.run('x')\n`)
  t.same(log, ['todo rows: for a0 in db.unknown():'])
  t.end()
})
