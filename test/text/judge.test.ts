import { deepStrictEqual } from 'node:assert'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { loadModule, parseSync, scanSync } from 'libpg-query'
import t from 'tap'
import { postgres } from '../../lib/dialects/postgres.ts'
import { Splitter } from '../../lib/text/split.ts'
import { holds } from './property.ts'

// PostgreSQL's own parser tells where statements begin and end.

interface Tree {
  readonly stmts?: readonly { readonly stmt_location?: number; readonly stmt_len?: number }[]
}

/** The statements as PostgreSQL sees them: from its first token to its last, in bytes. */
function judged(sql: string): string[] {
  const bytes = Buffer.from(sql)
  const tokens = scanSync(sql).tokens.filter(
    ({ tokenName }) => !tokenName.endsWith('_COMMENT') && tokenName !== 'COMMENT',
  )
  return ((parseSync(sql) as Tree).stmts ?? []).map(({ stmt_location = 0, stmt_len = 0 }) => {
    const until = stmt_len === 0 ? bytes.length : stmt_location + stmt_len
    const own = tokens.filter(({ start, end, text }) => start >= stmt_location && end <= until && text !== ';')
    const inside = tokens.filter(({ start, end }) => start >= stmt_location && end <= until)
    const last = inside.at(-1)!.text === ';' && stmt_len === 0 ? inside.at(-2)! : inside.at(-1)!
    return bytes.subarray(own[0]!.start, last.end).toString()
  })
}

function ours(sql: string): string[] {
  return Array.from(new Splitter([sql], postgres.lexis()), ({ text }) => text)
}

const fixture = readFileSync('test/fixtures/splitting/postgres.sql', 'utf8')

t.before(async () => {
  await loadModule()
})

t.test('PostgreSQL and sqlmig see the same statements in a file of tricky ones', async (t) => {
  const expected = judged(fixture)
  t.ok(expected.length > 40, `${expected.length} statements`)
  t.same(ours(fixture), expected)
})

t.test('and in thousands, shuffled and joined with comments and white space at random', async (t) => {
  const statements = fc.constantFrom(...judged(fixture))
  const between = fc.constantFrom('', ' ', '\n', '\r\n\t', '/* a; */', '/* /* b; */ ; */', '-- c;\n', '\n--\n', ' ; ;')
  const file = fc.array(fc.tuple(between, statements, between), { minLength: 1, maxLength: 40 })
  let compared = 0
  holds(
    t,
    fc.property(file, (parts) => {
      const sql = parts
        .map(([before, statement, after]) => `${before}${statement}${after}${after.startsWith('--') ? '' : '\n'};`)
        .join('')
      const expected = judged(sql)
      compared += expected.length
      deepStrictEqual(ours(sql), expected)
    }),
    1500,
  )
  t.ok(compared > 5000, `${compared} statements compared`)
})
