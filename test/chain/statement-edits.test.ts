import t from 'tap'
import { statementEdits } from '../../lib/chain/statement-edits.ts'
import { unifiedDiff } from '../../lib/chain/unified-diff.ts'
import { dialects } from '../../lib/dialects/dialects.ts'

const before = `-- leads
CREATE TABLE lead (id integer, note text);
INSERT INTO lead VALUES (1, 'a');
INSERT INTO lead VALUES (2, 'b');
UPDATE lead
   SET note = 'x'
 WHERE id > 5;
DELETE FROM lead WHERE id = 9;
`

async function edited(now: string, was = before) {
  const edits = await statementEdits(was, now, dialects.postgres.lexis())
  return edits?.map(({ diff, words }) => ({ words, diff: diff.split('\n') }))
}

async function words(now: string, was = before): Promise<readonly string[] | undefined> {
  return (await edited(now, was))?.map((edit) => edit.words)
}

t.test('what is only reformatted is no edit', async (t) => {
  t.strictSame(await words(before), [])
  t.strictSame(await words(before.replace('-- leads', '-- all').replace('UPDATE lead\n', 'update\tlead ')), [])
})

t.test('a changed statement is told with the lines of the file', async (t) => {
  t.strictSame(await edited(`-- more\n${before.replace('> 5', '> 6')}`), [
    {
      words: 'statement 4 (line 6) is changed',
      diff: ['@@ -5,3 +6,3 @@', ' UPDATE lead', "    SET note = 'x'", '- WHERE id > 5', '+ WHERE id > 6'],
    },
  ])
})

t.test('new and removed statements', async (t) => {
  t.strictSame(await edited(before.replace('DELETE FROM lead WHERE id = 9;', 'CREATE INDEX i ON lead (id);')), [
    {
      words: 'statement 5 (line 8) of the applied text is gone',
      diff: ['@@ -8,1 +0,0 @@', '-DELETE FROM lead WHERE id = 9'],
    },
    { words: 'statement 5 (line 8) is new', diff: ['@@ -0,0 +8,1 @@', '+CREATE INDEX i ON lead (id)'] },
  ])
})

t.test('a statement that moved', async (t) => {
  const swapped = before.replace(/(INSERT.*\n)(INSERT.*\n)/, '$2$1')
  t.equal((await words(swapped))?.length, 1)
  t.match((await words(swapped))?.[0], /^statement [23] \(line [34]\) was statement [23]$/)
})

t.test('one that moved and changed is still the same statement', async (t) => {
  const lines = before.split('\n')
  const now = [...lines.slice(0, 2), ...lines.slice(4, 7), ...lines.slice(2, 4), ...lines.slice(7)].join('\n')
  t.match((await words(now.replace('> 5', '> 6')))?.join('\n'), 'statement 2 (line 3) is changed; it was statement 4')
})

t.test('directives count, and COPY data', async (t) => {
  t.strictSame(await words(`-- sqlmig: lock-timeout 3s\n${before}`), ['the directives about the file are changed'])
  const guarded = before.replace('DELETE', '-- sqlmig: when table lead exists\nDELETE')
  t.strictSame(await words(guarded), ['statement 5 (line 9) is changed'])
  const copy = (row: string) => `COPY lead FROM stdin;\n1\ta\n${row}\n\\.\nSELECT 1;\n`
  t.strictSame(await edited(copy('2\tc'), copy('2\tb')), [
    {
      words: 'statement 1 (line 1) is changed',
      diff: ['@@ -1,3 +1,3 @@', ' COPY lead FROM stdin;', ' 1\ta', '-2\tb', '+2\tc'],
    },
  ])
})

t.test('another text altogether is not compared to the end', async (t) => {
  const rows = (word: string) => Array.from({ length: 5000 }, (_, n) => `SELECT '${word}${n}';\n`).join('')
  t.equal(await statementEdits(rows('a'), rows('b'), dialects.postgres.lexis()), undefined)
  const diff = await unifiedDiff('x', `one\n${rows('a')}two\n`, `one\n${rows('b')}two\n`)
  t.match(diff, "--- x as applied\n+++ x as it is now\n@@ -2,5000 +2,5000 @@\n-SELECT 'a0';\n")
  t.match(diff, "+SELECT 'b4999';\n")
  t.notMatch(diff, 'two')
})
