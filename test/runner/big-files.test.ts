import { appendFileSync } from 'node:fs'
import t from 'tap'
import { type SqlmigError, up } from '../../lib/index.ts'
import { Project } from '../project.ts'
import { eachServer } from '../servers/databases.ts'

const table = '20250101_000000_table'
const big = '20250102_000000_big'

const create = 'CREATE TABLE big (id integer PRIMARY KEY, name varchar(100), note varchar(400));'

/** INSERTs of two lines each, the second with a character that is no single UTF-16 unit; `odd` is put in as the `at`th. */
function inserts(count: number, at = 0, odd = '', comment = ' /* 😀 */'): string {
  const one = (id: number) =>
    id === at
      ? odd
      : `INSERT INTO big (id, name, note)\n  VALUES (${id}, 'it''s ${id}'${comment}, '${'é ordinary text; -- no comment '.repeat(10)}');`
  return Array.from({ length: count }, (_, index) => one(index + 1)).join('\n')
}

t.jobs = 1

/** Those with a comment are read one by one, the others many at once. */
const kinds: Readonly<Record<string, string>> = { 'with comments': ' /* 😀 */', 'plain rows': '' }

for (const [kind, comment] of Object.entries(kinds)) {
  await eachServer(
    t,
    `a statement that fails deep in a big file is told with its place, and none of it stands: ${kind}`,
    async (t, database) => {
      const at = 50_000
      const odd = `INSERT INTO big (id, name, note)\n  VALUES (${at},${comment} 'e', 'x'), (7, 'twice', 'x');`
      const project = new Project(database, { [table]: create, [big]: inserts(60_000, at, odd, comment) })
      const failed = await project.up()
      t.equal(failed.code, 1)
      t.match(failed.document.failed, { id: big, statement: at, line: 2 * at - 1, column: 1 })
      t.match(failed.error?.state, `${big} was rolled back; 1 migration applied before it stands`)
      t.equal(await project.count('big'), 0)
      t.strictSame(await project.ledger(), [`applied ${table}`])
      const seen = await project.run(['up'])
      t.match(seen.stderr, `${2 * at - 1} │ INSERT INTO big (id, name, note)`)
      project.write(big, inserts(60_000, 0, '', comment))
      t.equal((await project.up()).code, 0)
      t.equal(await project.count('big'), 60_000)
    },
  )

  await eachServer(t, `a syntax error deep in a big file is told with its place: ${kind}`, async (t, database) => {
    const at = 12_345
    const odd = `INSERT INTO big (id, name, note)\n  VALUES (${comment === '' ? "'12 😀 34'" : '/* 😀 */ 1'}, ); -- nothing`
    const project = new Project(database, { [table]: create, [big]: inserts(15_000, at, odd, comment) })
    const failed = await project.up()
    t.equal(failed.code, 1)
    const place = {
      postgres: { line: 2 * at, column: 22 },
      // these say which line, and SQLite which text, of which there are several
      mysql: { line: 2 * at },
      mariadb: { line: 2 * at },
      sqlite: { line: 2 * at - 1, column: 1 },
    }
    t.match(failed.document.failed, { id: big, statement: at, ...place[database.kind] })
    t.equal(await project.count('big'), 0)
  })
}

await eachServer(t, 'a file that changes between its check and its end is rolled back', async (t, database) => {
  const project = new Project(database, { [table]: create, [big]: inserts(20_000) })
  let changed = false
  const refused = await up({
    database: database.url,
    dir: `${project.cwd}/sql`,
    onEvent: ({ type }) => {
      if (type !== 'progress' || changed) return
      changed = true
      appendFileSync(project.path(big), "\nINSERT INTO big VALUES (0, 'late', '');\n")
    },
  }).catch((error: SqlmigError) => error)
  t.ok(changed)
  t.match(refused, { code: 'file-changed-while-read', state: /rolled back/ })
  t.equal(await project.count('big'), 0)
  t.strictSame(await project.ledger(), [`applied ${table}`])
})

const rows = (count: number, odd: (id: number) => string | undefined = () => undefined) =>
  Array.from({ length: count }, (_, index) => `${odd(index + 1) ?? `${index + 1}\tname 😀\tnote`}\n`).join('')

await eachServer(
  t,
  'a row of COPY that is refused is told with its line',
  async (t, database) => {
    const copy = (data: string) => `-- a comment\nCOPY big FROM stdin;\n${data}\\.\nSELECT 1;\n`
    const project = new Project(database, {
      [table]: create,
      [big]: copy(rows(200_000, (id) => (id === 150_000 ? 'no number\tx\ty' : undefined))),
    })
    const failed = await project.up()
    t.match(failed.document.failed, { id: big, statement: 1, line: 150_002, column: 1 })
    t.equal(await project.count('big'), 0)
    project.write(big, copy(rows(200_000)))
    t.equal((await project.up()).code, 0)
    t.equal(await project.count('big'), 200_000)
  },
  ['postgres'],
)

const tellMemory = 'process.on("exit", () => process._rawDebug("most", process.resourceUsage().maxRSS))'

await eachServer(t, 'a file of 60 MB does not fill the memory', async (t, database) => {
  const values = Array.from(
    { length: 100 },
    (_, index) => `(ID${String(index).padStart(2, '0')}, 'a name', '${'text '.repeat(20)}')`,
  )
  const one = `INSERT INTO big VALUES ${values.join(',\n')};\n`
  const statements = Array.from({ length: 4800 }, (_, index) => one.replaceAll('ID', String(index + 1)))
  const project = new Project(database, { [table]: create, [big]: statements.join('') })
  const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(tellMemory)}` }
  const done = await project.run(['up'], { env })
  t.equal(done.code, 0)
  t.equal(await project.count('big'), 480_000)
  const kilobytes = Number(/^most (\d+)$/m.exec(done.stderr)?.[1])
  t.ok(kilobytes > 0 && kilobytes < 220_000, `${Math.round(kilobytes / 1000)} MB`)
})
