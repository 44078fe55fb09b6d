import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { folder, run } from '../cli.ts'
import { Project } from '../project.ts'
import { eachServer, freshDatabase } from '../servers/databases.ts'

interface Document {
  readonly file: string
  readonly database: string | null
  readonly dialect: string
  readonly migrations: readonly { readonly id: string; readonly state: string | null; readonly file: string | null }[]
  readonly summary: Readonly<Record<string, number>>
  readonly tables: number
  readonly doubts: number
}

const first = '20250101_000000_first'
const second = '20250102_000000_second'
const third = '20250103_000000_third'
const chain = {
  [first]: 'CREATE TABLE one (id integer PRIMARY KEY, name varchar(20) NOT NULL);\n',
  [second]: 'CREATE TABLE two (id integer PRIMARY KEY, one_id integer REFERENCES one (id));\n',
  [third]: 'CREATE INDEX one_name ON one (name);\n',
}

const textOf = (page: string) =>
  page
    .replace(/<(style|script)>[\s\S]*?<\/\1>/g, '')
    .replace(/<[^>]*>/g, '')
    .replace(/&#(\d+);/g, (_, code) => String.fromCharCode(code))

await eachServer(t, 'the page tells what the ledger and the files say', async (t, database) => {
  const project = new Project(database, chain)
  const made = async () => {
    const ended = await project.json<Document>(['report', '--html', 'page.html'])
    t.equal(ended.code, 0, ended.stderr)
    return { ...ended.document, page: readFileSync(join(project.cwd, 'page.html'), 'utf8') }
  }

  const before = await made()
  t.same(before.summary, { pending: 3 }, 'a database that knows nothing of sqlmig')
  t.same(await project.tables(), [], 'nothing is written')

  await project.up()
  const after = await made()
  t.match(after, { file: 'page.html', summary: { applied: 3 }, tables: 2, doubts: 0 })
  t.match(after.page, /^<!doctype html>/)
  t.match(textOf(after.page), /three|Files and ledger\s*agree/)
  t.match(textOf(after.page), /By.* on .*, with sqlmig \d/)
  t.notMatch(after.page, /(?:src|href)="(?!#)/, 'it needs nothing else')

  project.write(first, chain[first]!.replace('20', '40'))
  await project.run(['accept', first, '--reason', 'widened by hand, ticket 12'])
  project.write(second, `-- two\n${chain[second]}`)
  project.write(third, 'CREATE INDEX one_name ON one (id);\n')
  project.write('20250104_000000_fourth', '-- sqlmig: todo decide it\nUPDATE one SET id = 1;')
  const edited = await made()
  t.same(edited.summary, { applied: 1, reformatted: 1, changed: 1, blocked: 1 })
  const text = textOf(edited.page)
  t.match(text, /Accepted, .*Reason: widened by hand, ticket 12statement 1 \(line 1\) is changed/)
  t.match(text, /-CREATE TABLE one \(id integer PRIMARY KEY, name varchar\(20\)/)
  t.match(text, /\+CREATE TABLE one \(id integer PRIMARY KEY, name varchar\(40\)/)
  t.match(text, /-CREATE INDEX one_name ON one \(name\);\+CREATE INDEX one_name ON one \(id\);/)
  t.match(text, /line 1 waits for a person: decide it/)

  project.remove(second)
  const missing = await made()
  t.match(missing.migrations[1], { id: second, state: 'missing', file: null })
  t.match(textOf(missing.page), /as it was recorded; its file is missing/)
  t.equal(missing.tables, 2, 'what the ledger has kept of it is drawn')

  const password = /\/\/[^:/]*:([^@/]+)@/.exec(database.url)?.[1]
  if (password) t.notMatch(missing.page, new RegExp(`:${password}@`))
})

t.test('without a database the page shows the files alone, and says so', async (t) => {
  const cwd = folder({ [`sql/${first}.up.sql`]: chain[first]!, [`sql/${second}.up.sql`]: chain[second]! })
  const { code, stdout, json } = await run(['report', '--html', 'page.html', '--json'], { cwd })
  t.equal(code, 0)
  t.match(json(), {
    database: null,
    dialect: 'postgres',
    migrations: [{ id: first, state: null }, { state: null }],
    summary: {},
  })
  t.equal(stdout.trim().split('\n').length, 1)
  const page = textOf(readFileSync(join(cwd, 'page.html'), 'utf8'))
  t.match(page, /No database was asked\./)
  t.match(page, /as PostgreSQL reads them, since no dialect is named/)
  const plain = await run(['report', '--html', 'page.html', '--dialect', 'sqlite'], { cwd })
  t.match(
    plain.stdout,
    /^no database is named: the page shows the files alone\nwrote page\.html: 2 migrations, 2 tables\n$/,
  )
})

t.test('without a dialect the first is taken that can read all of the files', async (t) => {
  const mysql = 'CREATE TABLE `one` (id int AUTO_INCREMENT PRIMARY KEY, note text COMMENT "it\'s");'
  const cwd = folder({ [`sql/${first}.mysql.up.sql`]: mysql, [`sql/${first}.sqlite.up.sql`]: 'SELECT 1;' })
  const { json } = await run(['report', '--html', 'page.html', '--json'], { cwd })
  t.match(json(), { dialect: 'mysql', tables: 1 })
})

t.test('what is named wrongly is an error, and no page is written', async (t) => {
  const cwd = folder({ [`sql/${first}.up.sql`]: chain[first]! })
  const html = ['report', '--html', 'page.html']
  const cases: readonly (readonly [readonly string[], Readonly<Record<string, string>>, number, RegExp])[] = [
    [['report'], {}, 2, /error\[usage\]: "report" needs --html/],
    [['report', '--html'], {}, 2, /--html needs a value/],
    [[...html, '--database', 'postgres://u:s3cret@127.0.0.1:1/x'], {}, 6, /error\[connection\]/],
    [html, { POSTGRES_URL: 'postgres://x/x', MYSQL_URL: 'mysql://x/x' }, 2, /two databases are named/],
    [
      [...html, '--database', 'sqlite:a.db', '--dialect', 'mysql'],
      {},
      2,
      /not the dialect of the database, which is SQLite/,
    ],
    [[...html, '--dialect', 'oracle'], {}, 2, /--dialect is one of/],
    [[...html, '--dir', 'nowhere'], {}, 2, /error\[no-folder\]/],
    [['report', '--html', 'nowhere/page.html'], {}, 2, /error\[file-access\]/],
    [['report', '--html', 'postgres://u:s3cret@h/x'], {}, 2, /is given a URL/],
  ]
  for (const [args, env, code, expected] of cases) {
    const outcome = await run(args, { cwd, env })
    t.equal(outcome.code, code, args.join(' '))
    t.match(outcome.stderr, expected)
    t.notMatch(outcome.stdout + outcome.stderr, /s3cret/)
  }
  t.notOk(existsSync(join(cwd, 'page.html')))
})

t.test('passwords of URLs are in no text of the page', async (t) => {
  const database = await freshDatabase('sqlite', t)
  const url = 'postgres://app:s3cret@db/shop'
  const long = `postgres://app:${'s3cret'.repeat(40)}@db/shop`
  const project = new Project(database, {
    [first]: `-- see ${url}\nCREATE TABLE one (id integer, at text DEFAULT '${url}', "${url}" text);\nCREATE INDEX i ON one (at) WHERE at <> '${long}';\nCREATE VIEW "${long}" AS SELECT 1;`,
    [second]: `-- sqlmig: todo copy from ${url}?password=s3cret\nUPDATE one SET id = 1;`,
  })
  await project.run(['up', '--to', first])
  project.write(first, `-- now ${url}\nCREATE TABLE one (id integer, x text);`)
  await project.run(['accept', first, '--reason', `as in ${url}`])
  project.write(first, '-- none\nCREATE TABLE one (id integer);')
  t.equal((await project.run(['report', '--html', 'page.html'])).code, 0)
  const page = readFileSync(join(project.cwd, 'page.html'), 'utf8')
  t.notMatch(page, /s3cret/)
  t.ok((page.match(/app:\*\*\*@db\/shop/g) ?? []).length >= 5, 'the rest of them is there')
})

t.test('the legacy script stands beside its SQL, and no other file is read for it', async (t) => {
  const cwd = folder({
    'legacy/20240101_000000_old.sql': 'CREATE TABLE old (id integer);',
  })
  await run(['import-legacy', '--dialect', 'postgres'], { cwd })
  const page = async () => {
    await run(['report', '--html', 'page.html', '--dialect', 'postgres'], { cwd })
    return textOf(readFileSync(join(cwd, 'page.html'), 'utf8'))
  }
  t.match(await page(), /legacy\/20240101_000000_old\.sql, the script that it was made from.*CREATE TABLE old/s)
  writeFileSync(join(cwd, 'legacy/20240101_000000_old.sql'), 'CREATE TABLE older (id integer);')
  t.match(await page(), /The script is not what it was when it was imported/)

  const outside = folder({ 'private.py': 'TOKEN = "private"', 'other.txt': 'private' })
  for (const source of [`${outside}/private.py`, `${outside}/other.txt`, '/etc/passwd', 'legacy/nowhere.py']) {
    writeFileSync(join(cwd, `sql/${first}.up.sql`), `-- sqlmig: source ${source}\n\nSELECT 1;`)
    const text = await page()
    t.notMatch(text, /TOKEN|private"|root:/, source)
    t.match(text, /The script is not here any more/)
  }
})

t.test('a long file is shown in part, and says so', async (t) => {
  const rows = Array.from({ length: 20_000 }, (_, at) => `INSERT INTO one VALUES (${at});`).join('\n')
  const cwd = folder({
    [`sql/${first}.up.sql`]: `CREATE TABLE one (id integer);\n${rows}\nCREATE TABLE two (id integer);`,
  })
  const { json } = await run(['report', '--html', 'page.html', '--json'], { cwd })
  t.match(json(), { tables: 2, doubts: 0 })
  const page = readFileSync(join(cwd, 'page.html'), 'utf8')
  t.match(page, /more bytes, which are not shown here/)
  t.ok(page.length < 1_000_000)
})
