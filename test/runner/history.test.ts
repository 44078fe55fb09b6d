import { hostname, userInfo } from 'node:os'
import t from 'tap'
import { Project } from '../project.ts'
import { eachServer } from '../servers/databases.ts'

const a = '20250101_000000_a'
const b = '20250102_000000_b'
const c = '20250103_000000_c'
const chain = { [a]: 'CREATE TABLE one (id integer);', [b]: 'INSERT INTO one VALUES (2);' }

interface Status {
  readonly migrations: readonly { readonly id: string; readonly state: string }[]
}

async function states(project: Project): Promise<string[]> {
  const { document } = await project.json<Status>(['status'])
  return document.migrations.map(({ id, state }) => `${id.at(-1)} ${state}`)
}

async function check(project: Project): Promise<number | null> {
  return (await project.run(['status', '--check'])).code
}

await eachServer(
  t,
  'status tells each state, writes nothing, and --check makes an exit code of it',
  async (t, database) => {
    const project = new Project(database, chain)
    t.strictSame(await states(project), ['a pending', 'b pending'])
    t.equal(await check(project), 3)
    t.strictSame(await project.tables(), [])
    await project.up()
    t.strictSame(await states(project), ['a applied', 'b applied'])
    t.equal(await check(project), 0)
    project.write(a, '-- reformatted\ncreate  table one (\r\n  id integer\r\n);\n')
    t.strictSame(await states(project), ['a reformatted', 'b applied'])
    t.equal(await check(project), 0)
    project.write(a, 'CREATE TABLE one (id bigint);')
    project.remove(b)
    project.write(c, '-- sqlmig: todo the backfill\nSELECT 1;')
    t.strictSame(await states(project), ['a changed', 'b missing', 'c blocked'])
    t.equal(await check(project), 4)
    t.equal((await project.run(['status'])).code, 0)
  },
)

await eachServer(
  t,
  'up runs nothing where a file is changed, missing or blocked, and says what to do',
  async (t, database) => {
    const project = new Project(database, chain)
    await project.up()
    project.write(c, 'INSERT INTO one VALUES (3);')
    project.write(b, 'INSERT INTO one VALUES (22);')
    const changed = await project.up()
    t.equal(changed.code, 4)
    t.match(changed.error, {
      code: 'changed',
      file: project.file(b),
      state: 'nothing was run',
      remedy: /sqlmig show .*sqlmig accept/s,
    })
    project.remove(b)
    const missing = await project.up()
    t.equal(missing.code, 4)
    t.match(missing.error, { code: 'missing', message: new RegExp(b), remedy: /version control/ })
    project.write(b, chain[b]!)
    project.write(c, 'INSERT INTO one VALUES (3);\n\n-- sqlmig: todo look at the totals\nINSERT INTO one VALUES (4);')
    const blocked = await project.up()
    t.equal(blocked.code, 4)
    t.match(blocked.error, {
      code: 'blocked',
      message: /look at the totals/,
      file: project.file(c),
      line: 3,
      remedy: /remove the todo/,
    })
    t.equal(await project.count('one'), 1)
  },
)

await eachServer(t, 'a reformatted file is noted, and nothing else', async (t, database) => {
  const project = new Project(database, chain)
  await project.up()
  project.write(b, '\ufeffinsert into one\r\n  values (2);')
  const { code, stdout } = await project.run(['up'])
  t.equal(code, 0)
  t.match(stdout, `note     ${b} was reformatted since it was applied; its SQL is the same`)
  t.equal(await project.count('one'), 1)
})

await eachServer(t, 'an edit is shown as a diff and can be accepted, which history keeps', async (t, database) => {
  const project = new Project(database, chain)
  await project.up()
  project.write(b, 'INSERT INTO one VALUES (2), (3);')
  const { stdout } = await project.run(['show', b])
  t.match(stdout, /\n-INSERT INTO one VALUES \(2\);\n.*\+INSERT INTO one VALUES \(2\), \(3\);/s)
  t.match((await project.json(['show', b])).document, {
    state: 'changed',
    recorded: chain[b],
    current: 'INSERT INTO one VALUES (2), (3);',
  })
  t.equal((await project.run(['accept', b, '--reason', `it's \\ "done" by hand – ü`])).code, 0)
  t.equal(await project.count('one'), 1, 'nothing is run')
  t.strictSame(await states(project), ['a applied', 'b applied'])
  t.equal((await project.up()).code, 0)
  const { document } = await project.json<{ history: unknown[] }>(['history'])
  t.match(document.history, [
    { event: 'accepted', id: b, note: `it's \\ "done" by hand – ü` },
    { event: 'applied', id: b },
    { event: 'applied', id: a },
  ])
  const again = await project.json(['accept', b, '--reason', 'once more'])
  t.match(again.error, { code: 'usage', message: /is not edited/ })
  t.match((await project.json(['show', a])).document, { state: 'applied', recorded: chain[a], diff: null })
})

await eachServer(
  t,
  'accept wants a reason, is for one file, and keeps the old text and who said so',
  async (t, database) => {
    const project = new Project(database, chain)
    await project.up()
    project.write(a, 'CREATE TABLE one (id bigint);')
    project.write(b, 'INSERT INTO one VALUES (3);')
    for (const reason of [[], ['--reason', ' ']]) {
      const { code, error } = await project.json(['accept', a, ...reason])
      t.equal(code, 2)
      t.match(error, { code: 'usage', message: /reason/, remedy: /sqlmig accept .* --reason/ })
    }
    t.strictSame(await project.ledger(), [`applied ${a}`, `applied ${b}`], 'nothing is recorded')
    t.equal((await project.run(['accept', b, '--reason', 'ticket 12'])).code, 0)
    t.strictSame(await states(project), ['a changed', 'b applied'], 'the other one is as it was')
    const { document } = await project.json<{ history: unknown[] }>(['history'])
    t.match(document.history[0], {
      event: 'accepted',
      id: b,
      at: /^\d{4}-\d\d-\d\dT.*Z$/,
      by: userInfo().username,
      host: new RegExp(`^${hostname()} \\(pid \\d+\\)$`),
      version: /^\d/,
      file: project.file(b),
      note: 'ticket 12',
    })
    const rows = await database.query(`SELECT body FROM sqlmig_history WHERE id = '${b}' ORDER BY seq`)
    const texts = rows.map(({ body }) => Buffer.from(body as Uint8Array).toString())
    t.strictSame(texts, [chain[b], 'INSERT INTO one VALUES (3);'], 'the old text and the new one')
  },
)

await eachServer(t, 'a baseline records what is there already, and up goes on after it', async (t, database) => {
  const project = new Project(database, { ...chain, [c]: 'INSERT INTO one VALUES (3);' })
  await database.query(chain[a]!)
  t.match((await project.json(['baseline', a, '--reason', 'there before'])).document, { recorded: [a] })
  t.match((await project.up()).document, { applied: [{ id: b }, { id: c }] })
  t.strictSame(await project.ledger(), [`baselined ${a}`, `applied ${b}`, `applied ${c}`])
  t.equal((await project.run(['current'])).stdout, `${c}\n`)
  t.match((await project.json(['baseline', '20250109_000000_x'])).error, { code: 'unknown-id' })
})

await eachServer(t, 'a text is kept whole, short or long', async (t, database) => {
  const long = `CREATE TABLE one (id integer);\n-- ${'ä'.repeat(2000)}\nINSERT INTO one VALUES (1);\n`
  const short = 'INSERT INTO one VALUES (2);\n'
  const project = new Project(database, { [a]: long, [b]: short })
  t.equal((await project.up()).code, 0)
  for (const [id, text] of [
    [a, long],
    [b, short],
  ] as const) {
    project.write(id, text.replace('INSERT', 'insert'))
    const { document } = await project.json<{ recorded: string }>(['show', id])
    t.equal(document.recorded, text)
  }
})
