import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { examine } from '../../lib/chain/examine.ts'
import { checksumOf, FileText } from '../../lib/chain/file-text.ts'
import { listMigrations } from '../../lib/chain/folder.ts'
import { parseFileName } from '../../lib/chain/names.ts'
import { TokensHash } from '../../lib/chain/tokens-hash.ts'
import { postgres } from '../../lib/dialects/postgres.ts'
import { Splitter } from '../../lib/text/split.ts'
import { folder } from '../cli.ts'

t.test('the checksum of a file is that of all its bytes, small or large, one file after the other', async (t) => {
  const sizes = [0, 1, 65535, 65536, 65537, 1_000_000, 10]
  const contents = sizes.map((size) => Buffer.alloc(size, `${size}…`))
  const dir = folder(Object.fromEntries(contents.map((content, index) => [`${index}`, content])))
  for (const [index, content] of contents.entries()) {
    const whole = createHash('sha256').update(content).digest('hex')
    t.equal(checksumOf(join(dir, `${index}`)), whole, `${sizes[index]} bytes`)
  }
  t.throws(() => checksumOf(join(dir, 'nothing')), { code: 'file-access' })
})

t.test('a big file has the checksums that it has when it is read as a text, statement by statement', async (t) => {
  const one = (id: number) => (id % 5000 === 0 ? `-- ✓ ${id}\n` : `INSERT INTO t VALUES (${id}, 'naïve ✓; ${id}');\n`)
  const bom = '\ufeff'
  for (const rows of [10, 1_400, 30_000]) {
    const text = `${bom}CREATE TABLE t ();\n${Array.from({ length: rows }, (_, id) => one(id + 1)).join('')}SELECT 1;`
    const file = { id: 'x', path: join(folder({ big: text }), 'big') }
    const tokens = new TokensHash()
    const splitter = new Splitter([text.slice(bom.length)], postgres.lexis(), (piece) => tokens.update(piece))
    const statements = [...splitter].length
    const checksum = createHash('sha256').update(text).digest('hex')
    const size = Buffer.byteLength(text)
    const examined = examine(file, postgres, postgres.lexis())
    t.match(examined, { statements, checksum, size, tokens: tokens.digest() })
  }
})

t.test('of a big file that is not UTF-8 somewhere among its rows, it is told where', async (t) => {
  const rows = Buffer.from(
    Array.from({ length: 30_000 }, (_, id) => `INSERT INTO t VALUES (${id}, 'ordinary');\n`).join(''),
  )
  rows[700_020] = 0xe9
  const path = join(folder({ big: rows }), 'big')
  const text = new FileText(path)
  const splitter = new Splitter(text.chunks(), postgres.lexis(), undefined, { bytes: text })
  t.throws(() => [...splitter.pieces()], { code: 'encoding', message: /byte 700020 / })
})

t.test('a timestamp is a real date and time', async (t) => {
  const real = ['20240229_235959', '20000229_000000', '20251231_000000', '20250430_120000']
  const unreal = ['20230229_000000', '19000229_000000', '20250431_000000', '20251301_000000', '20250001_000000']
  for (const time of real) t.match(parseFileName(`${time}_x.up.sql`), { id: `${time}_x` })
  for (const time of [...unreal, '20250100_000000', '20250101_240000', '20250101_006000', '20250101_000060'])
    t.match(parseFileName(`${time}_x.up.sql`), /no real date and time/)
})

t.test('files come in the order of their ids as bytes, also where one slug begins with another', async (t) => {
  const names = ['20250101_000000_a_b', '20250101_000000_a', '20250101_000000_ab', '20250101_000000_a1']
  const dir = folder(Object.fromEntries(names.map((name) => [`${name}.up.sql`, ''])))
  mkdirSync(join(dir, 'old.sql'))
  t.same(
    listMigrations(dir, 'sqlite').map(({ id }) => id),
    [...names].sort(),
  )
})
