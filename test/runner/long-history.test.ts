import { readFileSync, statSync, utimesSync } from 'node:fs'
import t from 'tap'
import { dialectFor } from '../../lib/dialects/dialects.ts'
import type { Ledger } from '../../lib/ledger/rows.ts'
import { readBriefly, readLedger } from '../../lib/ledger/table.ts'
import { withDatabase } from '../../lib/verbs/context.ts'
import { Project } from '../project.ts'
import { eachServer } from '../servers/databases.ts'

// `up` reads the ledger briefly, and splits no file that is as it was applied: what is wrong has to be seen all the same.

const a = '20250101_000000_a'
const b = '20250102_000000_b'
const c = '20250103_000000_c'
const d = '20250104_000000_d'
const chain = {
  [a]: 'CREATE TABLE one (id integer);\n',
  [b]: 'INSERT INTO one VALUES (1);\n',
  [c]: 'INSERT INTO one VALUES (2);\n',
}

await eachServer(
  t,
  'an applied file that changed is found, though its size and times are as before',
  async (t, database) => {
    const project = new Project(database, chain)
    await project.up()
    const { atime, mtime, size } = statSync(project.path(b))
    project.write(b, 'INSERT INTO one VALUES (3);\n')
    utimesSync(project.path(b), atime, mtime)
    t.equal(statSync(project.path(b)).size, size)
    const changed = await project.up()
    t.match(
      { code: changed.code, error: changed.error },
      { code: 4, error: { code: 'changed', file: project.file(b) } },
    )
  },
)

await eachServer(
  t,
  'a pending file is split, and all names are looked at, however many are applied',
  async (t, database) => {
    const project = new Project(database, chain)
    await project.up()
    project.write(d, "INSERT INTO one VALUES (4);\nINSERT INTO one VALUES ('never closed);\n")
    const broken = await project.up()
    t.match(broken.error, { file: project.file(d), line: 2, column: 25 })
    project.write(d, 'INSERT INTO one VALUES (4);\n-- sqlmig: todo what comes here\n')
    t.match((await project.up()).error, { code: 'blocked', line: 2 })
    project.write('20250230_000000_no_such_day', 'SELECT 1;')
    t.match((await project.up()).error, { code: 'file-name', message: /20250230_000000 is no real date and time/ })
    project.remove('20250230_000000_no_such_day')
    project.remove(d)
    project.remove(a)
    t.match((await project.up()).error, { code: 'missing', message: new RegExp(a) })
    t.equal(await project.count('one'), 2)
  },
)

await eachServer(
  t,
  'an applied file that was only reformatted is noted, and what is pending is run',
  async (t, database) => {
    const project = new Project(database, chain)
    await project.up()
    project.write(a, '-- said anew\ncreate table one (id integer);\n')
    project.write(d, 'INSERT INTO one VALUES (4);')
    const { code, stdout } = await project.run(['up'])
    t.equal(code, 0)
    t.match(stdout, new RegExp(`${a} was reformatted`))
    t.match(stdout, /1 migration applied/)
  },
)

await eachServer(t, 'the brief reading of a ledger tells the same as the whole', async (t, database) => {
  const project = new Project(database, chain)
  await project.run(['baseline', a])
  await project.database.query('CREATE TABLE one (id integer)')
  await project.up()
  project.write(b, 'INSERT INTO one VALUES (5);\n')
  t.equal((await project.run(['accept', b, '--reason', 'for the test'])).code, 0)
  const { brief, whole } = await withDatabase(
    { database: database.url },
    'read',
    async ({ session, facts, target, table }) => {
      const dialect = dialectFor(target.dialect, facts)
      return {
        brief: await readBriefly(session, dialect, table),
        whole: await readLedger(session, dialect, table),
      }
    },
  )
  t.strictSame(told(brief), told(whole))
  t.equal(brief.recorded.get(b)?.checksum, whole.recorded.get(b)?.checksum)
  t.equal(whole.recorded.size, 3)
  t.match(readFileSync(project.path(b), 'utf8'), /5/)
  t.equal((await project.up()).code, 0, 'and the accepted text is the truth for it')
})

function told({ exists, lastSeq, recorded }: Ledger): unknown {
  return {
    exists,
    lastSeq,
    recorded: Array.from(recorded.values(), ({ id, state, checksum }) => ({ id, state, checksum })),
  }
}
