import { deepStrictEqual, ok } from 'node:assert'
import fc from 'fast-check'
import t from 'tap'
import { mysql } from '../../lib/dialects/mysql.ts'
import { postgres } from '../../lib/dialects/postgres.ts'
import { sqlite } from '../../lib/dialects/sqlite.ts'
import { Bulk, type Bytes } from '../../lib/text/bulk.ts'
import { newlinesIn } from '../../lib/text/copy-data.ts'
import type { Lexis } from '../../lib/text/lexis.ts'
import { type CopyData, Splitter, type Statement } from '../../lib/text/split.ts'
import { holds } from './property.ts'

/** A text in chunks, and under it its bytes in windows. */
class Memory implements Bytes {
  private readonly bytes: Buffer
  private readonly size: number
  private at = 0

  constructor(text: string, size: number) {
    this.bytes = Buffer.from(text)
    this.size = size
  }

  *chunks(): Generator<string> {
    while (this.at < this.bytes.length) {
      let end = Math.min(this.bytes.length, this.at + this.size)
      while (end < this.bytes.length && (this.bytes[end]! & 0xc0) === 0x80) end++
      const from = this.at
      this.at = end
      yield this.bytes.toString('utf8', from, end)
    }
  }

  back(count: number): boolean {
    this.at -= count
    return true
  }

  window(): Buffer {
    const end = Math.min(this.bytes.length, this.at + 4 * this.size)
    return Buffer.concat([this.bytes.subarray(this.at, end), Buffer.alloc(1)])
  }

  take(count: number): void {
    this.at += count
  }
}

const plain = [
  "(1, 'x', NULL)",
  "( -2,'it''s; -- no' ,NULL ) , (3,\n\t'日本 😀',0xFF)",
  "(1.5e3,'/* no', 12)",
  "(4, 'two\nlines;\n', -5.25)",
]
const odd = [
  "(3e+5, '', NULL)",
  "(1, 'a' 'b', NULL )",
  '(- 5, 1 - 2, f(1, 2), (3))',
  '(TRUE, Null, NULLIF(1, 2))',
  "(1, 'x', /* 😀 */ 2)",
  "(1, 'a\\', 'b')",
  "(1, 'a\\'', 'b') -- '",
  '(1, "a;b", `c`)',
  "(1, E'x\\'y', B'1')",
  '(1, 2) ON CONFLICT DO NOTHING',
  '(1-1, 1 -1, 5é)',
]
const gaps = [';\n', ';', '; \n\n', ' ;\r\n', ';;\n', ';\n-- a comment\n', ';\n-- sqlmig: when table t exists\n']
const heads = ['INSERT INTO t VALUES ', 'INSERT  INTO /* x */ "t" (a, b) values', 'replace into t Values ']

const files = fc
  .record({
    head: fc.constantFrom(...heads),
    runs: fc.array(
      fc.tuple(
        fc.array(fc.tuple(fc.constantFrom(...plain), fc.constantFrom(gaps[0]!, gaps[1]!, gaps[2]!, gaps[3]!)), {
          maxLength: 40,
        }),
        fc.constantFrom(...plain, ...odd),
        fc.constantFrom(...gaps),
        fc.constantFrom('', '', 'UPDATE t SET a = 1;\n', 'INSERT INTO other VALUES (1);\n'),
      ),
      { minLength: 1, maxLength: 6 },
    ),
  })
  .map(
    ({ head, runs }) =>
      `${runs
        .map(
          ([many, last, gap, other]) => many.map(([row, end]) => head + row + end).join('') + head + last + gap + other,
        )
        .join('')}${head}${plain[0]};\n`,
  )

interface Seen {
  readonly statements: readonly unknown[]
  readonly canonical: string
  readonly error?: unknown
  readonly bulks: number
}

function told(text: string, lexis: Lexis, size: number, inBulk: boolean): Seen {
  const statements: unknown[] = []
  const canonical: string[] = []
  let bulks = 0
  const memory = new Memory(text, size)
  const sink = (piece: string) => canonical.push(piece)
  const splitter = new Splitter(memory.chunks(), lexis, sink, {
    bytes: memory,
    sink: (piece) => canonical.push(piece.toString()),
  })
  const add = ({
    ordinal,
    text,
    place,
    directives,
  }: Pick<Bulk, 'ordinal' | 'place'> & { text: string; directives: unknown }) =>
    statements.push({ ordinal, text: text.trimEnd(), place, directives })
  try {
    for (const piece of inBulk ? splitter.pieces() : splitter) {
      if (!(piece instanceof Bulk)) add(piece)
      else {
        bulks++
        const kept = piece.kept()
        for (let index = 0; index < kept.count; index++) add(kept.statement(index))
      }
    }
  } catch (error) {
    return { statements, canonical: canonical.join(''), error, bulks }
  }
  return { statements, canonical: canonical.join(''), bulks }
}

for (const [name, lexis] of Object.entries({
  PostgreSQL: postgres.lexis('on'),
  'PostgreSQL of old': postgres.lexis('off'),
  MySQL: mysql.lexis(''),
  'MySQL with ANSI_QUOTES': mysql.lexis('ANSI_QUOTES,NO_BACKSLASH_ESCAPES'),
  SQLite: sqlite.lexis(),
})) {
  t.test(`${name}: many INSERTs at once are the statements that they are one by one`, async (t) => {
    let bulks = 0
    const property = fc.property(files, fc.integer({ min: 64, max: 600 }), (text, size) => {
      const { bulks: none, ...one } = told(text, lexis, size, false)
      const { bulks: some, ...many } = told(text, lexis, size, true)
      ok(none === 0)
      deepStrictEqual(many, one)
      bulks += some
    })
    holds(t, property, 300)
    t.ok(bulks > 300, 'they were found')
  })
}

const lines = ['1\tordinary', '2\t日本 😀;', '\\N\t\\\\.', '\\.x', "3\tit's", '', ' \\.', 'a\\.', '\\']
const copies = fc
  .tuple(
    fc.array(fc.tuple(fc.constantFrom(...lines), fc.constantFrom('\n', '\n', '\r\n')), { maxLength: 120 }),
    fc.constantFrom('\\.\n', '\\.\r\n', '\\.', ''),
    fc.constantFrom('', 'SELECT 1;\n', 'COPY t FROM stdin;\n1\n\\.\n SELECT 2;'),
  )
  .map(([rows, end, after]) => `SET a = 1;\nCOPY t FROM stdin;\n${rows.flat().join('')}${end}${after}`)

function copied(text: string, size: number, inBulk: boolean): { readonly told: unknown[]; readonly bytes: number } {
  const told: unknown[] = []
  const canonical: string[] = []
  const memory = new Memory(text, size)
  const sink = (piece: string) => canonical.push(piece)
  const raw = { bytes: memory, sink: (piece: Buffer) => canonical.push(piece.toString()) }
  const splitter = new Splitter(memory.chunks(), postgres.lexis(), sink, raw)
  let bytes = 0
  const read = (piece: CopyData) => {
    bytes += typeof piece === 'string' ? 0 : piece.length
    return piece.toString()
  }
  try {
    for (const piece of inBulk ? splitter.pieces() : splitter) {
      const { data = [], dataPlace, text, place } = piece as Statement
      told.push({ text, place, dataPlace, data: Array.from(data, read).join('') })
    }
  } catch (error) {
    told.push(error)
  }
  return { told: [...told, canonical.join('')], bytes }
}

t.test('data of COPY that is read by bytes is that which is read as text', async (t) => {
  let found = 0
  const property = fc.property(copies, fc.integer({ min: 64, max: 600 }), (text, size) => {
    const bytes = copied(text, size, true)
    deepStrictEqual(bytes.told, copied(text, size, false).told)
    found += bytes.bytes
  })
  holds(t, property, 500)
  t.ok(found > 10_000, 'some was read so')
})

t.test('newlines are counted wherever they are', async (t) => {
  const property = fc.property(fc.array(fc.constantFrom(0, 9, 10, 11, 138, 255)), fc.nat(8), (bytes, from) => {
    const some = Buffer.from(bytes).subarray(from)
    deepStrictEqual(newlinesIn(some), [...some].filter((byte) => byte === 10).length)
  })
  holds(t, property, 1000)
  for (const count of [1019, 1020, 1021, 5000]) t.equal(newlinesIn(Buffer.alloc(count, '\n')), count)
})

t.test('a position in a bulk is one in a statement', async (t) => {
  const text = "INSERT INTO t VALUES (1, '😀') ;\n\n INSERT INTO t VALUES (2, '日');INSERT INTO t VALUES (3, 'c')"
  const ends = [text.indexOf(' ;'), text.indexOf(';INSERT'), text.length].map((end) =>
    Buffer.byteLength(text.slice(0, end)),
  )
  ends[0]! += 1
  const bulk = new Bulk(5, { line: 7, column: 3 }, ['insert'], { bytes: Buffer.from(text), ends })
  t.strictSame(bulk.locate(0), { index: 0, position: 0 })
  const points = [...text]
  const third = points.length - [..."INSERT INTO t VALUES (3, 'c')"].length
  t.strictSame(bulk.locate(third + 4), { index: 2, position: 4 })
  t.match(bulk.statement(1), { ordinal: 6, text: "INSERT INTO t VALUES (2, '日')", place: { line: 9, column: 2 } })
  t.match(bulk.statement(2), { ordinal: 7, place: { line: 9, column: 32 } })
})
