import t from 'tap'
import { batchText } from '../../bin/events.ts'
import { codeFrame } from '../../bin/frame.ts'
import { wantsColour } from '../../bin/paint.ts'
import { columns } from '../../bin/table.ts'
import { visible } from '../../bin/width.ts'
import { humane, moment } from '../../lib/text/times.ts'

t.test('the caret stands under its column', async (t) => {
  t.same(codeFrame('  SET widgt = false', 14, 7, 80), ['   14 │   SET widgt = false', '      │       ^'])
  t.same(codeFrame('\tSET x', 3, 2, 80), ['    3 │     SET x', '      │     ^'], 'behind a tab')
  t.same(codeFrame("('漢字', x", 3, 8, 80), ["    3 │ ('漢字', x", '      │          ^'], 'behind wide characters')
  t.same(codeFrame('\x1b[31mx', 3, 6, 80), ['    3 │ \\x1b[31mx', '      │         ^'], 'behind an escape sequence')
  t.same(codeFrame('a', 12345, 2, 80), ['  12345 │ a', '        │  ^'], 'at the end of a line')
})

t.test('a long line is cut around the caret', async (t) => {
  const source = `${'a'.repeat(500)}!${'b'.repeat(500)}`
  for (const [column, width] of [
    [501, 60],
    [1, 60],
    [1001, 60],
    [501, 61],
  ] as const) {
    const [code = '', caret = ''] = codeFrame(source, 1, column, width)
    t.ok(code.length <= width && caret.length <= width, `${column} fits into ${width}`)
    t.equal(code[caret.indexOf('^')], source[column - 1], 'the caret is under its character')
    t.match(code, '…')
  }
})

t.test('durations and times are for people', async (t) => {
  const cases = [
    [0, '0 ms'],
    [12, '12 ms'],
    [999.6, '1.0 s'],
    [1400, '1.4 s'],
    [59_960, '1 min'],
    [123_000, '2 min 3 s'],
    [3_900_000, '1 h 5 min'],
  ] as const
  for (const [milliseconds, text] of cases) t.equal(humane(milliseconds), text)
  t.equal(moment('2025-12-01T09:00:00.123Z'), '2025-12-01 09:00:00Z')
})

t.test('columns are aligned by what is seen', async (t) => {
  t.same(
    columns([
      ['a', 'x'],
      ['漢字', 'y'],
      ['\x1b[31mbc\x1b[39m', 'z'],
      ['d', ''],
    ]),
    ['a     x', '漢字  y', '\x1b[31mbc\x1b[39m    z', 'd'],
  )
})

t.test('nothing acts on the terminal', async (t) => {
  t.equal(visible('a\x1b]0;x\x07\u009b\u202eb'), 'a\\x1b]0;x\\x07\\x9b\\u202eb')
})

t.test('colours are for terminals, unless somebody says otherwise', async (t) => {
  t.equal(wantsColour({ isTTY: true }, {}, true), true)
  t.equal(wantsColour({}, {}, true), false, 'a pipe')
  t.equal(wantsColour({ isTTY: true }, { NO_COLOR: '1' }, true), false)
  t.equal(wantsColour({ isTTY: true }, { TERM: 'dumb' }, true), false)
  t.equal(wantsColour({}, { FORCE_COLOR: '1' }, true), true)
  t.equal(wantsColour({ isTTY: true }, { FORCE_COLOR: '0' }, true), false)
  t.equal(wantsColour({ isTTY: true }, { FORCE_COLOR: '1' }, false), false, '--no-color')
})

t.test('a statement in batches shows how far it is, what counts most first', async (t) => {
  const event = { type: 'batch', id: 'a', statement: 1, rows: 3_700_000, perSecond: 61_234 } as const
  t.equal(
    batchText({ ...event, total: 10_000_000, leftMs: 103_000 }),
    '███░░░░░░░ 37 %, 1 min 43 s left, 61k rows/s, 3.7M of ~10M,',
  )
  t.equal(batchText({ ...event, rows: 940, total: undefined, leftMs: undefined }), '940 rows, 61k rows/s,')
  t.equal(
    batchText({ ...event, rows: 12, total: 10, leftMs: 0 }),
    '██████████ 100 %, 0 ms left, 61k rows/s, 12 of ~10,',
  )
})
