import { gzipSync } from 'node:zlib'
import t from 'tap'
import { Project, rollsBack } from '../project.ts'
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

type History = readonly Readonly<
  Record<'event' | 'id' | 'note' | 'by' | 'host' | 'version' | 'done' | 'duration_ms', unknown>
>[]

async function historyOf(project: Project): Promise<History> {
  const { document } = await project.json<{ history: History }>(['history'])
  return [...document.history].reverse()
}

const names = (history: History) => history.map(({ event, id }) => `${event} ${String(id).at(-1)}`)

await eachServer(t, 'what every verb writes is in the chain of hashes', async (t, database) => {
  const project = new Project(database, { [a]: chain[a] })
  t.match(await verify(project), { verified: true, rows: 0, head: null, code: 0 }, 'no ledger yet')
  await project.up()
  const begun = rollsBack(database) ? [] : ['started a']
  t.strictSame(names(await historyOf(project)), [...begun, 'applied a'])
  const first = await verify(project)
  t.match(first, { verified: true, rows: begun.length + 1, head: /^[0-9a-f]{64}$/, code: 0 })
  project.write(b, `-- sqlmig: no-transaction\nINSERT INTO one VALUES (1, 'x');\nINSERT INTO one VALUES (1, 'again');`)
  t.equal((await project.up()).code, 1)
  t.match(await verify(project), { verified: true, rows: begun.length + 3, broken: null }, 'half done')
  project.write(b, `-- sqlmig: no-transaction\nINSERT INTO one VALUES (1, 'x');\nINSERT INTO one VALUES (2, 'now');`)
  t.equal((await project.up()).code, 0)
  t.match((await project.json(['show', b])).document, { state: 'applied', recorded: /now/, diff: null })
  project.write(a, `${chain[a]}\nSELECT 1;`)
  await project.run(['accept', a, '--reason', "by hand | with ~ and 'quotes', \\ ünïcode 🙂\nin two lines"])
  project.write(c, chain[c])
  await project.run(['baseline', c, '--reason', 'there already'])
  const history = await historyOf(project)
  t.strictSame(names(history), [
    ...begun,
    ...['applied a', 'started b', 'failed b', 'resumed b', 'applied b', 'accepted a', 'baselined c'],
  ])
  t.match(
    history.find(({ event }) => event === 'failed'),
    { note: /^line 3: statement 2 of 2 failed: /, done: 1, duration_ms: Number },
  )
  t.match(
    history.find(({ event }) => event === 'resumed'),
    { done: 1 },
  )
  for (const { by, host, version } of history) t.ok(by && host && version, 'each by whom, where, and by what')
  const last = await verify(project)
  t.match(last, { verified: true, rows: history.length, broken: null, code: 0 })
  t.match(await verify(project, '--head', first.head!), { verified: true, head_found: true })
  t.match(await verify(project, '--head', 'f'.repeat(64)), { verified: false, head_found: false, code: 4 })
})

await eachServer(t, 'a failure that is rolled back is an event, and nothing else', async (t, database) => {
  const project = new Project(database, { [b]: 'SELECT 1;\nINSERT INTO one VALUES (2);' })
  t.equal((await project.up()).code, 1)
  t.match(await historyOf(project), [{ event: 'failed', id: b, done: 0, note: /^line 2: statement 2 of 2 failed: / }])
  t.match((await project.json(['status'])).document, { summary: { pending: 1 } })
  t.match((await project.run(['history'])).stdout, /failed +20250102_000000_b +\w+@\S+.*\n +line 2: statement 2 of 2/)
  project.write(a, chain[a])
  project.write(b, 'INSERT INTO one VALUES (2, NULL);')
  t.equal((await project.up()).code, 0)
  t.match(await verify(project), { verified: true })
})

await eachServer(t, 'a person who resolves is in the chain', async (t, database) => {
  const half = `-- sqlmig: no-transaction\nINSERT INTO two VALUES (1);`
  const project = new Project(database, { [a]: chain[a], [b]: half })
  t.equal((await project.up()).code, 1)
  t.equal((await project.run(['resolve', b, '--through', '1', '--reason', 'it is there'])).code, 0)
  t.match(await verify(project), { verified: true, broken: null })
  t.strictSame(names(await historyOf(project)).slice(-4), ['started b', 'failed b', 'resolved b', 'applied b'])
  t.match((await project.json(['show', b])).document, { state: 'applied', recorded: half, diff: null })
  t.strictSame(await project.ledger(), [`applied ${a}`, `resolved ${b}`, `applied ${b}`])
  t.equal((await project.up()).document.applied.length, 0)
})

await eachServer(t, 'what is written in one transaction or in batches is in the chain', async (t, database) => {
  const project = new Project(database, chain)
  await project.up(...(rollsBack(database) ? ['--atomic'] : []))
  const d = '20250104_000000_d'
  project.write(
    d,
    "-- sqlmig: batch 1 by one.id\nUPDATE one SET note = 'x' WHERE id BETWEEN :batch_from AND :batch_to;",
  )
  t.equal((await project.up()).code, 0)
  const e = '20250105_000000_e'
  project.write(e, 'SELECT 1;')
  t.equal((await project.run(['adopt', '--to', e])).code, 0)
  t.strictSame(names(await historyOf(project)).slice(-3), ['started d', 'applied d', 'adopted e'])
  t.match(await verify(project), { verified: true, broken: null })
})

interface Place {
  /** The number of the row that is tampered with; the one before and the one behind it are applied ones too. */
  readonly seq: number
}

type Tamper = (database: Database, place: Place) => Promise<unknown>

const set =
  (column: string, value: string, by = 0): Tamper =>
  ({ query }, { seq }) =>
    query(`update sqlmig_history set ${column} = ${value} where seq = ${seq + by}`)

const bytes = (kind: Kind, value: Buffer) => `${kind === 'postgres' ? "'\\x" : "x'"}${value.toString('hex')}'`

const columns =
  'seq, event, id, at, duration_ms, statements, done, checksum, tokens, file, by_user, by_host, version, note, body'

/** Puts a row behind the last one, like that but for what is given. */
const insert =
  (event: string, more: Readonly<Record<string, string>> = {}): Tamper =>
  ({ query }, { seq }) => {
    const given: Readonly<Record<string, string>> = { seq: `${seq + 2}`, event: `'${event}'`, id: "'x'", ...more }
    const values = columns.split(', ').map((column) => given[column] ?? column)
    const [names, row] = more.hash ? [`${columns}, hash`, [...values, more.hash]] : [columns, values]
    return query(
      `insert into sqlmig_history (${names}) select ${row.join(', ')} from sqlmig_history where seq = ${seq + 1}`,
    )
  }

const swap: Tamper = async ({ query }, { seq }) => {
  const [from, to, aside] = [seq, seq + 1, seq + 7]
  for (const [now, then] of [
    [from, aside],
    [to, from],
    [aside, to],
  ])
    await query(`update sqlmig_history set seq = ${then} where seq = ${now}`)
}

const tampering: readonly (readonly [string, Tamper, { readonly by: number; readonly kind: string }])[] = [
  ['a note', set('note', "'nothing to see'"), { by: 0, kind: 'changed' }],
  ['an empty note for none', set('note', "''"), { by: 0, kind: 'changed' }],
  ['who', set('by_user', "'somebody'"), { by: 0, kind: 'changed' }],
  ['from where', set('by_host', "'elsewhere'"), { by: 0, kind: 'changed' }],
  ['with what', set('version', "'9.9.9'"), { by: 0, kind: 'changed' }],
  ['the file', set('file', "'other.sql'"), { by: 0, kind: 'changed' }],
  ['when', set('at', '(select at from (select at from sqlmig_history where seq = 1) x)'), { by: 0, kind: 'changed' }],
  ['how long', set('duration_ms', 'duration_ms + 1'), { by: 0, kind: 'changed' }],
  ['how many', set('statements', 'statements + 1'), { by: 0, kind: 'changed' }],
  ['how far', set('done', '0'), { by: 0, kind: 'changed' }],
  ['a checksum', set('checksum', 'tokens'), { by: 0, kind: 'changed' }],
  ['the tokens', set('tokens', 'checksum'), { by: 0, kind: 'changed' }],
  ['an id', set('id', "'20250102_000000_other'"), { by: 0, kind: 'changed' }],
  ['an event', set('event', "'adopted'", -1), { by: -1, kind: 'changed' }],
  ['an applied one made half done', set('event', "'started'"), { by: 0, kind: 'changed' }],
  ['a hash', set('hash', 'tokens', 1), { by: 1, kind: 'changed' }],
  ['no hash', set('hash', 'null'), { by: 0, kind: 'unsealed' }],
  [
    'the text',
    (database, place) => set('body', bytes(database.kind, gzipSync('SELECT 1;')))(database, place),
    { by: 0, kind: 'body' },
  ],
  ['no text', set('body', 'null'), { by: 0, kind: 'changed' }],
  [
    'a row less',
    ({ query }, { seq }) => query(`delete from sqlmig_history where seq = ${seq}`),
    { by: 1, kind: 'missing' },
  ],
  ['a row more', insert('applied'), { by: 2, kind: 'unsealed' }],
  ['a row more that says something is half done', insert('started'), { by: 2, kind: 'unsealed' }],
  ['a row more with the hash of another', insert('applied', { hash: 'hash' }), { by: 2, kind: 'changed' }],
  ['the last row once more', insert('applied', { id: 'id', hash: 'hash' }), { by: 2, kind: 'moved' }],
  ['two rows swapped', swap, { by: 0, kind: 'moved' }],
]

await eachServer(t, 'tampering shows', async (t, database) => {
  const { query } = database
  const project = new Project(database, chain)
  await project.up()
  const { rows, verified } = await verify(project)
  t.ok(verified)
  const seq = rows - 1
  await query('create table kept as select * from sqlmig_history')
  for (const [about, tamper, { by, kind }] of tampering) {
    await tamper(database, { seq })
    const found = await verify(project)
    t.match(found, { verified: false, broken: { seq: seq + by, kind }, code: 4 }, about)
    await query('delete from sqlmig_history')
    await query('insert into sqlmig_history select * from kept')
  }
  t.match(await verify(project), { verified: true, rows }, 'as it was')
  await query(`delete from sqlmig_history where seq = ${seq}`)
  t.match((await project.run(['history', '--verify'])).stdout, /^broken {2}the row before row \d .* is gone\nhint: /m)
})

await eachServer(
  t,
  'who began a half-done migration cannot be changed unseen, and its journal moves',
  async (t, database) => {
    const project = new Project(database, { [a]: '-- sqlmig: no-transaction\nSELECT 1;\nWRONG;' })
    t.equal((await project.up()).code, 1)
    const { head } = await verify(project)
    t.equal((await project.run(['resolve', a, '--through', '0'])).code, 0)
    t.match(await verify(project, '--head', head!), { verified: true, head_found: true })
    await database.query("update sqlmig_history set by_user = 'somebody' where event = 'started'")
    t.match(await verify(project), { verified: false, broken: { seq: 1, kind: 'changed' } })
  },
)

await eachServer(t, 'a chain written anew lacks the head that was kept', async (t, database) => {
  const project = new Project(database, chain)
  await project.up()
  const { head, rows } = await verify(project)
  await database.query(`delete from sqlmig_history where seq = ${rows}`)
  t.match(await verify(project), { verified: true, rows: rows - 1 }, 'the last row leaves no gap')
  t.match(await verify(project, '--head', head!), { verified: false, head_found: false, code: 4 })
  t.match((await project.run(['history', '--verify', '--head', 'xyz'])).stderr, '64 hexadecimal digits')
})
