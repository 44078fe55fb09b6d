import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { folder, run, start } from '../cli.ts'

const one = '20260101_000000_one'
const two = '20260102_000000_two'
const chain = {
  [`sql/${one}.up.sql`]: 'CREATE TABLE a (n int);\n',
  [`sql/${two}.up.sql`]: 'CREATE TABLE b (n int);\nINSERT INTO b VALUES (1);\n',
}
const broken = {
  ...chain,
  [`sql/${two}.up.sql`]: "CREATE TABLE b (n int);\n\tINSERT INTO b VALUES ('\x1b[2J', nope);\n",
}
const env = { DATABASE_URL: 'sqlite:app.db' }

t.test('up tells which database, each migration, and how many', async (t) => {
  const cwd = folder({ ...chain, '.env': 'DATABASE_URL=sqlite:app.db\n' })
  const dry = await run(['up', '--dry-run'], { cwd })
  t.match(dry.stdout, /pending {2}\S+_one\n {2}pending {2}\S+_two\n2 migrations would be applied; nothing was run\n$/)
  t.notOk(existsSync(join(cwd, 'app.db')))
  const { code, stdout, stderr } = await run(['up'], { cwd })
  t.same([code, stderr], [0, ''])
  t.match(stdout, /^sqlite:app\.db \(SQLite [\d.]+, DATABASE_URL in \.env\)\n {2}applied {2}\S+_one {2}\d+ ms\n/)
  t.match(stdout, /\n2 migrations applied in \d+ ms\n$/)
  t.match((await run(['up'], { cwd })).stdout, /\nnothing to apply\n$/)
  t.equal((await run(['current'], { cwd })).stdout, `${two}\n`, 'current gives the id alone')
  t.match((await run(['history', '--verbose'], { cwd })).stdout, /applied {2}\S+_two.*by \S+ on.*_one/s)
})

t.test('where the URL came from is told', async (t) => {
  const cwd = folder({ ...chain, 'other.env': 'MYSQL_URL=sqlite:other.db\n' })
  t.match((await run(['status', '--database', 'sqlite:x.db'], { cwd })).stdout, /--database\)/)
  t.match((await run(['status'], { cwd, env })).stdout, /DATABASE_URL in the environment\)/)
  t.match((await run(['status', '--env-file', 'other.env'], { cwd })).stdout, /MYSQL_URL in other\.env\)/)
  t.match((await run(['--database', 'sqlite:x.db', 'status'], { cwd })).stdout, /sqlite:x\.db/, 'a flag may come first')
})

t.test('status is a table, and a code where it is asked to check', async (t) => {
  const cwd = folder(chain)
  await run(['up', '--to', one], { cwd, env })
  const { code, stdout } = await run(['status', '--check'], { cwd, env })
  t.equal(code, 3)
  t.match(
    stdout,
    /\n {2}applied {2}\S+_one {2}\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ {2}\d+ ms\n {2}pending {2}\S+_two\n1 applied, 1 pending\nhint: run "sqlmig up"\n$/,
  )
  t.equal((await run(['status'], { cwd, env })).code, 0)
  const quiet = await run(['status', '--check', '--quiet'], { cwd, env })
  t.same([quiet.code, quiet.stdout, quiet.stderr], [3, '', ''])
  const json = await run(['status', '--json'], { cwd, env })
  t.match(json.json(), { database: 'sqlite:app.db', dialect: 'sqlite', summary: { applied: 1, pending: 1 } })
})

t.test('a failure shows the line with a caret, what stands, and what to do', async (t) => {
  const { code, stderr } = await run(['up', '--quiet'], { cwd: folder(broken), env })
  t.equal(code, 1)
  t.match(stderr, /^error\[statement\]: statement 2 of 2 failed: .*nope/)
  t.match(stderr, `\n  sql/${two}.up.sql:2:2\n    2 │     INSERT INTO b VALUES ('\\x1b[2J', nope);\n      │     ^\n`)
  t.match(stderr, new RegExp(`\\n  ${two} was rolled back; .*\\n  hint: correct line 2`))
  t.notMatch(stderr, '\x1b')
})

t.test('a failure is one document', async (t) => {
  const outcome = await run(['up', '--json'], { cwd: folder(broken), env })
  t.equal(outcome.code, 1)
  t.match(outcome.json(), {
    database: 'sqlite:app.db',
    dialect: 'sqlite',
    applied: [{ id: one, statements: 1, duration_ms: Number }],
    pending: [two],
    failed: { id: two, file: `sql/${two}.up.sql`, line: 2, column: 2, statement: 2, code: 'SQLITE_ERROR' },
    dry_run: false,
    error: { code: 'statement', remedy: String, state: String },
  })
  t.match(outcome.stderr, /applied {2}\S+_one/, 'the account for people is on stderr')
})

t.test('files that disagree with the ledger end with 4', async (t) => {
  const cwd = folder(chain)
  await run(['up'], { cwd, env })
  const other = folder({ [`sql/${one}.up.sql`]: 'CREATE TABLE c (n int);\n' })
  const database = `sqlite:${join(cwd, 'app.db')}`
  const outcome = await run(['up', '--json', '--database', database], { cwd: other })
  t.equal(outcome.code, 4)
  t.match(outcome.json(), { failed: { id: null, code: 'missing' }, error: { code: 'missing' } })
  t.match(
    (await run(['show', one, '--database', database], { cwd: other })).stdout,
    /-CREATE TABLE a.*\+CREATE TABLE c/s,
  )
})

t.test('files are written, looked at and scripted', async (t) => {
  const cwd = folder(chain)
  const made = await run(['new', 'add the source', '--json'], { cwd })
  t.match(made.json(), { id: /_add_the_source$/, file: /^sql/ })
  t.equal((await run(['check'], { cwd })).code, 0)
  const script = await run(['script'], { cwd, env })
  t.match(script.stdout, /CREATE TABLE a/)
  t.notMatch(script.stdout, /^sqlite:app/m, 'stdout is SQL alone')
  t.equal((await run(['script', '--out', 'x.sql'], { cwd, env })).code, 0)
  t.match(readFileSync(join(cwd, 'x.sql'), 'utf8'), /CREATE TABLE a/)
  t.equal((await run(['script', '--out', 'no/x.sql'], { cwd, env })).code, 2)
  const bad = folder({ [`sql/${one}.up.sql`]: "SELECT 'open;\n" })
  const found = await run(['check'], { cwd: bad })
  t.equal(found.code, 7)
  t.match(found.stdout, /error\[unterminated\]: .*sql\/\S+:1:8.*1 finding in 1 file/s)
})

t.test('the database is made and removed', async (t) => {
  const cwd = folder()
  t.match((await run(['create'], { cwd, env })).stdout, 'created sqlite:app.db')
  t.match((await run(['wait'], { cwd, env })).stdout, 'answers')
  t.match((await run(['drop', '--yes', '--json'], { cwd, env })).json(), { dropped: true })
})

t.test('colours come where they are asked for', async (t) => {
  const cwd = folder(chain)
  const forced = { ...env, NO_COLOR: '', FORCE_COLOR: '1' }
  t.match((await run(['status'], { cwd, env: forced })).stdout, '\x1b[33mpending')
  t.notMatch((await run(['status', '--no-color'], { cwd, env: forced })).stdout, '\x1b')
  t.notMatch((await run(['status'], { cwd, env: { ...env, NO_COLOR: '' } })).stdout, '\x1b', 'a pipe is plain')
})

t.test('a reader that goes away does not stop the work', async (t) => {
  const cwd = folder(chain)
  const { child, finished } = start(['up'], { cwd, env })
  child.stdout?.destroy()
  t.match(await finished, { code: 0, stderr: '' })
  t.equal((await run(['current'], { cwd, env })).stdout, `${two}\n`)
})

t.test('Ctrl-C rolls back and ends with 1', async (t) => {
  const slow =
    'INSERT INTO a WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM c WHERE n<500000) SELECT max(n) FROM c;\n'
  const cwd = folder({ ...chain, 'sql/20260103_000000_slow.up.sql': slow.repeat(10) })
  const onStdout = (text: string, child: { kill(signal: 'SIGINT'): boolean }): void => {
    if (text.includes(two)) child.kill('SIGINT')
  }
  const outcome = await run(['up'], { cwd, env, onStdout })
  t.equal(outcome.code, 1)
  t.match(outcome.stderr, /^stopping after the current statement is rolled back…\nerror\[interrupted\]/)
  t.equal((await run(['current'], { cwd, env })).stdout, `${two}\n`)
})
