import t from 'tap'
import { postgres } from '../../lib/dialects/postgres.ts'
import { SqlmigError } from '../../lib/errors.ts'
import { closest } from '../../lib/text/closest.ts'
import { parseDirective, revisionText } from '../../lib/text/directives.ts'
import { parseFacts } from '../../lib/text/facts.ts'
import { Splitter } from '../../lib/text/split.ts'

const place = { line: 1, column: 1 }

function read(sql: string) {
  const splitter = new Splitter([sql], postgres.lexis())
  const statements = [...splitter]
  return {
    file: splitter.fileDirectives,
    statements: statements.map(({ directives }) => directives),
    trailing: splitter.trailing,
  }
}

function refusal(action: () => unknown): SqlmigError {
  try {
    action()
  } catch (error) {
    if (error instanceof SqlmigError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

t.test('directives of the file and of statements are told apart', async (t) => {
  const { file, statements, trailing } = read(`-- A head.
-- sqlmig: no-transaction
--sqlmig:lock-timeout 500ms
-- sqlmig: statement-timeout 10min
-- sqlmig: downgrade absent
-- sqlmig: source legacy/a b.py
-- sqlmig: legacy-revision 1a2b3c
-- sqlmig: when table a absent
CREATE TABLE a (b int);

-- sqlmig: todo first
-- a comment between
-- sqlmig: todo second
SELECT 1; SELECT 2;
-- sqlmig: todo at the end
`)
  t.match(file, [
    { name: 'no-transaction' },
    { name: 'lock-timeout', milliseconds: 500 },
    { name: 'statement-timeout', milliseconds: 600_000 },
    { name: 'downgrade' },
    { name: 'source', value: 'legacy/a b.py' },
    { name: 'legacy-revision', value: '1a2b3c' },
  ])
  t.match(statements, [[{ name: 'when' }], [{ text: 'first' }, { text: 'second' }], []])
  t.match(trailing, [{ name: 'todo', text: 'at the end' }])
})

t.test('ignore is about the file in the head, where an empty line parts it from the first statement', async (t) => {
  const sql = `-- sqlmig: ignore drop-table no rows
-- sqlmig: no-transaction

-- sqlmig: ignore truncate a reason of several words
-- A comment.
TRUNCATE a;

-- sqlmig: ignore drop-column gone

SELECT 1;`
  const splitter = new Splitter([sql], postgres.lexis())
  const statements = Array.from(splitter, ({ directives }) => directives)
  t.match(splitter.fileIgnores, [{ rule: 'drop-table', reason: 'no rows', place: { line: 1 } }])
  t.match(statements, [
    [{ name: 'ignore', rule: 'truncate', reason: 'a reason of several words' }],
    [{ rule: 'drop-column' }],
  ])
})

t.test('a legacy revision tells what it follows, where that is not the one before it', async (t) => {
  const of = (text: string) => {
    const directive = parseDirective(`legacy-revision ${text}`, place)
    return directive.name === 'legacy-revision' ? [directive.value, directive.after] : undefined
  }
  t.strictSame(of('1a2b'), ['1a2b', undefined])
  t.strictSame(of('1a2b after 0f, "base"'), ['1a2b', ['0f', 'base']])
  t.strictSame(of('1a2b after base'), ['1a2b', []])
  t.strictSame(of('"2 after all, done.sql" after "1 b.sql",2.sql'), ['2 after all, done.sql', ['1 b.sql', '2.sql']])
  for (const revision of ['1a', '2 after all, done.sql']) t.equal(of(revisionText(revision))?.[0], revision)
  for (const wrong of ['', 'a b', 'a after', 'a after b c', 'a, b', 'after base x'])
    t.match(
      refusal(() => of(wrong)),
      { code: 'directive', message: /is not understood/ },
    )
})

t.test('what is unknown, malformed or misplaced is refused at its place', async (t) => {
  const cases: [string, number, number, RegExp][] = [
    ['-- sqlmig: no-transactions', 1, 1, /did you mean "no-transaction"/],
    ['SELECT 1;\n  -- sqlmig: frobnicate', 2, 3, /the directives are/],
    ['-- sqlmig:', 1, 1, /./],
    ['-- sqlmig: lock-timeout soon', 1, 1, /5s/],
    ['-- sqlmig: lock-timeout 5', 1, 1, /units/],
    ['-- sqlmig: no-transaction please', 1, 1, /no-transaction/],
    ['-- sqlmig: downgrade present', 1, 1, /absent/],
    ['-- sqlmig: source', 1, 1, /source/],
    ['SELECT 1;\n-- sqlmig: no-transaction\nSELECT 2;', 2, 1, /above the first statement/],
    ['-- sqlmig: no-transaction\n-- sqlmig: no-transaction', 2, 1, /remove one/],
    ['SELECT 1 -- sqlmig: when table a exists\n;', 1, 10, /line of its own/],
    ['SELECT\n-- sqlmig: when table a exists\n1;', 2, 1, /line of its own/],
    ['SELECT 1; -- sqlmig: todo x', 1, 11, /line of its own/],
    ['/* sqlmig: todo x */ SELECT 1;', 1, 1, /write it as -- sqlmig/],
    ['-- sqlmig: when table a exists\n', 1, 1, /directly above/],
    ['-- sqlmig: batch 0 by a.b\nSELECT 1', 1, 1, /batch 10000/],
    ['-- sqlmig: batch 10 by b\nSELECT 1', 1, 1, /batch 10000/],
    ['-- sqlmig: when\nSELECT 1', 1, 1, /when column/],
    ['-- sqlmig: ignore\nSELECT 1', 1, 1, /ignore drop-column/],
    ['-- sqlmig: ignore drop-table\nSELECT 1', 1, 1, /ignore drop-column/],
    ['SELECT 1;\n-- sqlmig: ignore drop-table it was empty', 2, 1, /directly above/],
  ]
  for (const [sql, line, column, remedy] of cases) {
    t.match(
      refusal(() => read(sql)),
      { code: 'directive', at: { line, column }, remedy },
      sql,
    )
  }
})

t.test('facts name tables, columns, indexes, constraints and rows', async (t) => {
  const name = (text: string, quoted = false) => ({ text, quoted })
  t.same(parseFacts('table lead absent'), [{ kind: 'table', table: [name('lead')], exists: false }])
  t.same(parseFacts('column shop."Lead ""x""".source EXISTS and index i on `t` absent'), [
    { kind: 'column', table: [name('shop'), name('Lead "x"', true)], column: name('source'), exists: true },
    { kind: 'index', name: name('i'), table: [name('t', true)], exists: false },
  ])
  t.same(parseFacts('constraint [k 1] on s.t exists'), [
    { kind: 'constraint', name: name('k 1', true), table: [name('s'), name('t')], exists: true },
  ])
  t.same(parseFacts("rows (SELECT 1 FROM a WHERE b IN (1, 2) AND c = ')') absent"), [
    { kind: 'rows', select: "SELECT 1 FROM a WHERE b IN (1, 2) AND c = ')'", exists: false },
  ])
  for (const wrong of [
    '',
    'table',
    'table a',
    'table a maybe',
    'column a exists',
    'index i exists',
    'view v exists',
    'table a exists or table b exists',
    'rows SELECT 1 exists',
    'rows (SELECT 1',
  ]) {
    t.type(parseFacts(wrong), 'string', wrong)
  }
})

t.test('a batch names its size, table and key', async (t) => {
  t.match(parseDirective('batch 5000 by shop.lead.id', place), {
    name: 'batch',
    size: 5000,
    table: [{ text: 'shop' }, { text: 'lead' }],
    key: [{ text: 'id' }],
  })
})

t.test('the nearest word is one that could be meant', async (t) => {
  t.equal(closest('stauts', ['status', 'script', 'up']), 'status')
  t.equal(closest('basline', ['baseline', 'base']), 'baseline')
  t.equal(closest('xyzzy', ['status', 'script', 'up']), undefined)
})
