import { gzipSync } from 'node:zlib'
import t from 'tap'
import { Project } from '../project.ts'
import type { Database, Kind } from '../servers/databases.ts'
import { eachServer } from '../servers/databases.ts'

const a = '20250101_000000_a'
const b = '20250102_000000_b'
const c = '20250103_000000_c'
const chain = {
  [a]: 'CREATE TABLE one (id integer PRIMARY KEY, note varchar(100));',
  [b]: "INSERT INTO one VALUES (1, 'a|b~c');",
  [c]: "INSERT INTO one VALUES (2, 'two');",
}

interface Verified {
  readonly verified: boolean
  readonly rows: number
  readonly head: string | null
  readonly broken: { readonly seq: number; readonly id: string; readonly kind: string; readonly message: string } | null
  readonly head_found: boolean | null
}

async function verify(project: Project, ...args: readonly string[]): Promise<Verified & { readonly code: number }> {
  const { code, document } = await project.json<Verified>(['history', '--verify', ...args])
  return { ...document, code: code ?? -1 }
}

await eachServer(t, 'what every verb writes is in the chain of hashes', async (t, database) => {
  const project = new Project(database, { [a]: chain[a] })
  t.match(await verify(project), { verified: true, rows: 0, head: null, code: 0 }, 'no ledger yet')
  await project.up()
  const first = await verify(project)
  t.match(first, { verified: true, rows: 1, head: /^[0-9a-f]{64}$/, code: 0 })
  project.write(b, `-- sqlmig: no-transaction\nINSERT INTO one VALUES (1, 'x');\nINSERT INTO one VALUES (1, 'again');`)
  t.equal((await project.up()).code, 1)
  t.match(await verify(project), { verified: true, rows: 2, broken: null }, 'the half-done one is no event yet')
  project.write(b, `-- sqlmig: no-transaction\nINSERT INTO one VALUES (1, 'x');\nINSERT INTO one VALUES (2, 'now');`)
  t.equal((await project.up()).code, 0)
  project.write(a, `${chain[a]}\nSELECT 1;`)
  await project.run(['accept', a, '--reason', "by hand | with ~ and 'quotes', ünïcode 🙂\nin two lines"])
  project.write(c, chain[c])
  await project.run(['baseline', c, '--reason', 'there already'])
  const { document } = await project.json<{ history: readonly Record<string, unknown>[] }>(['history'])
  const told = [...document.history].reverse().map(({ event, id }) => `${event} ${String(id).at(-1)}`)
  t.strictSame(told, ['applied a', 'applied b', 'failed b', 'resumed b', 'accepted a', 'baselined c'])
  t.match(document.history.find(({ event }) => event === 'failed')?.note, /^line 3: statement 2 of 2 failed: /)
  for (const { by, host, version } of document.history) t.ok(by && host && version, 'each by whom, where, and by what')
  const last = await verify(project)
  t.match(last, { verified: true, rows: 6, broken: null, code: 0 })
  t.match(await verify(project, '--head', first.head!), { verified: true, head_found: true })
  t.match(await verify(project, '--head', 'f'.repeat(64)), { verified: false, head_found: false, code: 4 })
})

await eachServer(t, 'a person who resolves is in the chain', async (t, database) => {
  const project = new Project(database, {
    [a]: chain[a],
    [b]: `-- sqlmig: no-transaction\nINSERT INTO two VALUES (1);`,
  })
  t.equal((await project.up()).code, 1)
  t.equal((await project.run(['resolve', b, '--through', '1', '--reason', 'it is there'])).code, 0)
  t.match(await verify(project), { verified: true, rows: 4, broken: null })
  t.strictSame(await project.ledger(), [`applied ${a}`, `applied ${b}`, `resolved ${b}`])
})

type Tamper = (database: Database) => Promise<unknown>

const set =
  (column: string, value: string, seq = 2): Tamper =>
  ({ query }) =>
    query(`update sqlmig_history set ${column} = ${value} where seq = ${seq}`)

const other: Readonly<Record<Kind, (bytes: Buffer) => string>> = {
  postgres: (bytes) => `'\\x${bytes.toString('hex')}'`,
  mysql: (bytes) => `x'${bytes.toString('hex')}'`,
  mariadb: (bytes) => `x'${bytes.toString('hex')}'`,
  sqlite: (bytes) => `x'${bytes.toString('hex')}'`,
}

const columns =
  'seq, event, id, at, duration_ms, statements, done, checksum, tokens, file, by_user, by_host, version, note'

const tampering: readonly (readonly [string, Tamper, { seq: number; kind: string }])[] = [
  ['a note', set('note', "'nothing to see'"), { seq: 2, kind: 'changed' }],
  ['who', set('by_user', "'somebody'"), { seq: 2, kind: 'changed' }],
  ['when', set('at', '(select at from (select at from sqlmig_history where seq = 1) x)'), { seq: 2, kind: 'changed' }],
  ['how long', set('duration_ms', 'duration_ms + 1'), { seq: 2, kind: 'changed' }],
  ['a checksum', set('checksum', 'tokens'), { seq: 2, kind: 'changed' }],
  ['an event', set('event', "'adopted'", 1), { seq: 1, kind: 'changed' }],
  ['a hash', set('hash', 'tokens', 3), { seq: 3, kind: 'changed' }],
  [
    'the text',
    (database) => set('body', other[database.kind](gzipSync('SELECT 1;')))(database),
    { seq: 2, kind: 'body' },
  ],
  ['a row less', ({ query }) => query('delete from sqlmig_history where seq = 2'), { seq: 3, kind: 'missing' }],
  [
    'a row more',
    ({ query }) =>
      query(
        `insert into sqlmig_history (${columns}) select 4, event, '20250104_000000_d', ${columns.slice(columns.indexOf('at,'))} from sqlmig_history where seq = 3`,
      ),
    { seq: 4, kind: 'unsealed' },
  ],
  [
    'two rows swapped',
    async ({ query }) => {
      for (const [from, to] of [
        [2, 9],
        [3, 2],
        [9, 3],
      ])
        await query(`update sqlmig_history set seq = ${to} where seq = ${from}`)
    },
    { seq: 3, kind: 'changed' },
  ],
]

await eachServer(t, 'tampering shows', async (t, database) => {
  const { query } = database
  const project = new Project(database, chain)
  await project.up()
  t.match(await verify(project), { verified: true, rows: 3 })
  await query('create table kept as select * from sqlmig_history')
  for (const [about, tamper, broken] of tampering) {
    await tamper(database)
    t.match(await verify(project), { verified: false, broken, code: 4 }, about)
    await query('delete from sqlmig_history')
    await query('insert into sqlmig_history select * from kept')
  }
  t.match(await verify(project), { verified: true, rows: 3 }, 'as it was')
  await query('delete from sqlmig_history where seq = 1')
  t.match((await project.run(['history', '--verify'])).stdout, /^broken {2}a row before row 2 .* is gone\nhint: /m)
})

await eachServer(t, 'a chain written anew lacks the head that was kept', async (t, database) => {
  const project = new Project(database, chain)
  await project.up()
  const { head } = await verify(project)
  await database.query('delete from sqlmig_history where seq = 3')
  t.match(await verify(project), { verified: true, rows: 2 }, 'the last row leaves no gap')
  t.match(await verify(project, '--head', head!), { verified: false, head_found: false, code: 4 })
  t.match((await project.run(['history', '--verify', '--head', 'xyz'])).stderr, '64 hexadecimal digits')
})
