import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { FileText } from '../../lib/chain/file-text.ts'
import { listMigrations } from '../../lib/chain/folder.ts'
import { parseFileName, slugify, timestamp } from '../../lib/chain/names.ts'
import { SqlmigError } from '../../lib/errors.ts'
import { folder } from '../cli.ts'

function refusal(action: () => unknown): SqlmigError {
  try {
    action()
  } catch (error) {
    if (error instanceof SqlmigError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

t.test('a name is a timestamp, a slug and perhaps a dialect', async (t) => {
  t.same(parseFileName('20240229_235959_leap_day.up.sql'), { id: '20240229_235959_leap_day', variant: undefined })
  t.same(parseFileName('20250101_000000_a.mysql.up.sql'), { id: '20250101_000000_a', variant: 'mysql' })
  const wrong: [string, RegExp][] = [
    ['20250229_000000_a.up.sql', /no real date/],
    ['20251301_000000_a.up.sql', /no real date/],
    ['20250101_240000_a.up.sql', /no real date/],
    ['20250101_000060_a.up.sql', /no real date/],
    ['20250101_000000_A.up.sql', /slug "A"/],
    ['20250101_000000_a-b.up.sql', /slug "a-b"/],
    ['20250101_000000_.up.sql', /slug ""/],
    ['20250101_000000_a.oracle.up.sql', /none of the dialects/],
    ['20250101_000000_a.sql', /ends in \.up\.sql/],
    ['20250101_000000_a.UP.SQL', /ends in \.up\.sql/],
    ['20250101_000000_a.down.sql', /forward-only/],
    ['create_a.up.sql', /timestamp/],
    ['2025010_000000_a.up.sql', /timestamp/],
  ]
  for (const [name, fault] of wrong) t.match(parseFileName(name), fault, name)
})

t.test('slugs and timestamps are made', async (t) => {
  t.equal(slugify(' Add lead.source, now! '), 'add_lead_source_now')
  t.equal(slugify('!!!'), '')
  t.equal(timestamp(new Date('2025-12-08T10:15:00.999Z')), '20251208_101500')
})

t.test('a folder gives its migrations in the order of their ids, the variant of the dialect first', async (t) => {
  const dir = folder({
    '20250102_000000_b.up.sql': '',
    '20250101_000000_a.up.sql': '',
    '20250101_000000_a.mysql.up.sql': '',
    '20250101_000000_a_more.up.sql': '',
    'schema.sql': '',
    'README.md': '',
    'notes/ignored.sql': '',
  })
  const names = (dialect: 'mysql' | 'postgres') =>
    listMigrations(dir, dialect).map(({ path }) => path.slice(dir.length + 1))
  t.same(names('mysql'), [
    '20250101_000000_a.mysql.up.sql',
    '20250101_000000_a_more.up.sql',
    '20250102_000000_b.up.sql',
  ])
  t.equal(names('postgres')[0], '20250101_000000_a.up.sql')
})

t.test('a folder that is no chain is refused, with every wrong name', async (t) => {
  t.match(
    refusal(() => listMigrations(folder({ 'a.sql': '', 'b.up.sql': '' }), 'sqlite')),
    {
      code: 'file-name',
      message: /a\.sql: .*\n.*b\.up\.sql: /s,
    },
  )
  t.match(
    refusal(() => listMigrations(folder({ '20250101_000000_a.mysql.up.sql': '' }), 'sqlite')),
    {
      code: 'no-variant',
      message: /20250101_000000_a has no file for sqlite/,
    },
  )
  t.equal(refusal(() => listMigrations('there/is/none', 'sqlite')).code, 'no-folder')
})

function textOf(bytes: Uint8Array): string {
  const dir = folder({ 'a.up.sql': bytes })
  return [...new FileText(join(dir, 'a.up.sql')).chunks()].join('')
}

t.test('a byte order mark is no part of the text, and characters may lie across chunks', async (t) => {
  t.equal(textOf(Buffer.from('\ufeffSELECT 1')), 'SELECT 1')
  const text = `${'x'.repeat(256 * 1024 - 2)}😀é`
  t.equal(textOf(Buffer.from(text)), text)
})

t.test('what is not UTF-8 is refused with the offset of its byte', async (t) => {
  const cases: [Uint8Array, number][] = [
    [Buffer.from([0x61, 0xff, 0x62]), 1],
    [Buffer.from([0x61, 0xc3]), 1],
    [Buffer.concat([Buffer.from('é'), Buffer.from([0xe2, 0x82, 0x41])]), 2],
    [Buffer.concat([Buffer.alloc(256 * 1024 + 7, 0x61), Buffer.from([0x80])]), 256 * 1024 + 7],
    [Buffer.concat([Buffer.alloc(256 * 1024 - 1, 0x61), Buffer.from([0xc3, 0x41, 0x41, 0x41, 0x41])]), 256 * 1024 - 1],
  ]
  for (const [bytes, offset] of cases) {
    t.match(
      refusal(() => textOf(bytes)),
      { code: 'encoding', message: `byte ${offset} is` },
      `${offset}`,
    )
  }
})

t.test('a checksum is the SHA-256 of the exact bytes', async (t) => {
  const dir = folder({ 'a.up.sql': '\ufeffSELECT 1;\r\n' })
  const text = new FileText(join(dir, 'a.up.sql'))
  for (const _ of text.chunks());
  const judged = execFileSync(
    'node',
    [
      '-p',
      `require('crypto').createHash('sha256').update(fs.readFileSync(process.argv[1])).digest('hex')`,
      join(dir, 'a.up.sql'),
    ],
    { encoding: 'utf8' },
  )
  t.equal(text.checksum(), judged.trim())
  t.equal(text.bytes, readFileSync(join(dir, 'a.up.sql')).length)
})
