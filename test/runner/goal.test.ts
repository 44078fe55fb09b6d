import { existsSync } from 'node:fs'
import t from 'tap'
import { Project, rollsBack } from '../project.ts'
import { eachServer } from '../servers/databases.ts'

const a = '20250101_000000_a'
const b = '20250102_000000_b'
const c = '20250103_000000_c'
const chain = {
  [a]: 'CREATE TABLE one (id integer);',
  [b]: 'INSERT INTO one VALUES (2);',
  [c]: 'INSERT INTO one VALUES (3);',
}

await eachServer(t, '--to goes no further than a migration, --steps no further than a number', async (t, database) => {
  const project = new Project(database, chain)
  t.match((await project.up('--to', a)).document, { applied: [{ id: a }], pending: [] })
  t.match((await project.up('--steps', '1')).document, { applied: [{ id: b }], pending: [] })
  t.strictSame(await project.ledger(), [`applied ${a}`, `applied ${b}`])
  const unknown = await project.up('--to', '20250103_000000_d')
  t.equal(unknown.code, 2)
  t.match(unknown.error, { code: 'unknown-id', remedy: `did you mean "${c}"?` })
  t.strictSame((await project.up('--to', b)).document.applied, [], 'what is behind the goal is not run')
  t.match((await project.up()).document, { applied: [{ id: c }] })
  t.match((await project.up()).document, { applied: [], pending: [], failed: null })
})

await eachServer(t, '--dry-run tells the plan and writes nothing', async (t, database) => {
  const project = new Project(database, chain)
  const { code, document } = await project.up('--dry-run', '--to', b)
  t.equal(code, 0)
  t.match(document, { applied: [], pending: [a, b], dry_run: true, failed: null })
  if (database.kind === 'sqlite') t.notOk(existsSync(database.url.replace('sqlite:', '')), 'no file is made')
  t.strictSame(await project.tables(), [])
  await project.up('--to', a)
  t.match((await project.up('--dry-run')).document, { applied: [], pending: [b, c] })
  t.strictSame(await project.ledger(), [`applied ${a}`])
  t.match(
    (await project.run(['up', '--dry-run'])).stdout,
    `  pending  ${b}\n  pending  ${c}\n2 migrations would be applied`,
  )
})

await eachServer(
  t,
  '--atomic applies all of the plan or nothing',
  async (t, database) => {
    const project = new Project(database, { ...chain, [c]: 'INSERT INTO nowhere VALUES (3);' })
    const failed = await project.up('--atomic')
    t.equal(failed.code, 1)
    t.match(failed.document, { applied: [], pending: [a, b, c], failed: { id: c, line: 1 } })
    t.match(failed.error, { state: 'the whole plan was rolled back' })
    t.strictSame(
      (await project.tables()).filter((name) => name !== 'sqlmig_history'),
      [],
    )
    t.strictSame(await project.ledger(), [])
    project.write(c, chain[c]!)
    t.match((await project.up('--atomic')).document, { applied: [{ id: a }, { id: b }, { id: c }] })
    t.strictSame(await project.ledger(), [`applied ${a}`, `applied ${b}`, `applied ${c}`])
    t.equal(await project.count('one'), 2)
  },
  ['postgres', 'sqlite'],
)

await eachServer(t, '--atomic is refused where something in the plan cannot be rolled back', async (t, database) => {
  const project = new Project(database, {
    [b]: 'SELECT 1;',
    [c]: `${rollsBack(database) ? '-- sqlmig: no-transaction\n' : ''}CREATE TABLE one (id integer);`,
  })
  const { code, error } = await project.up('--atomic')
  t.equal(code, 2)
  t.match(error, { code: 'unsupported', file: project.file(c), state: 'nothing was run', remedy: /without --atomic/ })
  t.notOk((await project.tables()).includes('one'))
  t.equal((await project.up('--atomic', '--to', b)).code, 0)
})

await eachServer(
  t,
  'a pending file older than what is applied is refused, and there are two ways out',
  async (t, database) => {
    const project = new Project(database, { [a]: chain[a]!, [c]: chain[c]! })
    await project.up()
    project.write(b, chain[b]!)
    const refused = await project.up()
    t.equal(refused.code, 4)
    t.match(refused.error, {
      code: 'out-of-order',
      message: `${b} is older than the newest applied migration, ${c}`,
      file: project.file(b),
      state: 'nothing was run',
      remedy: /"sqlmig rebase 20250102_000000_b".*--out-of-order/,
    })
    t.equal(await project.count('one'), 1)
    const rebased = await project.json<{ to: string }>(['rebase', b])
    t.equal(rebased.code, 0)
    t.match(rebased.document.to, /^\d{8}_\d{6}_b$/)
    t.match((await project.up()).document, { applied: [{ id: rebased.document.to }] })
    t.equal(await project.count('one'), 2)
    t.match((await project.json(['rebase', c])).error, { code: 'usage', message: /is applied/ })

    project.write('20250102_000000_late', 'INSERT INTO one VALUES (4);')
    t.equal((await project.up('--out-of-order')).code, 0)
    t.equal(await project.count('one'), 3)
  },
)
