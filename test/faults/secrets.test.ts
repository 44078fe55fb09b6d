import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { folder, run } from '../cli.ts'
import { Project } from '../project.ts'
import { type Random, seeded } from '../seed.ts'
import { eachServer } from '../servers/databases.ts'
import { freePort } from '../servers/server.ts'
import { telltaleMysql, telltalePostgres } from './telltale-server.ts'

/** How many runs, of a fraction of a second each. */
const runs = Number(process.env.SQLMIG_TEST_RUNS) || 160

const odd = [...'@:/?#[]%&+"\'\\$ {}<>|^`~!*();,=üß😀', '%zz', '%40', '$&', '&amp;', '://', '\\n', '--', '$$']
const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789'

/** Odd characters between words that nothing else has: a part of it that gets out is noticed as well. */
function passwordOf(random: Random): { readonly text: string; readonly marks: readonly string[] } {
  const pick = <T>(list: ArrayLike<T>) => list[Math.floor(random() * list.length)] as T
  const mark = () => `Zq${Array.from({ length: 6 }, () => pick(letters)).join('')}`
  const marks = Array.from({ length: 3 }, mark)
  const filler = () => Array.from({ length: 1 + Math.floor(random() * 3) }, () => pick(odd)).join('')
  return { text: marks.map((one, index) => (index === 0 ? one : filler() + one)).join(''), marks }
}

/** All ways in which a text has the password or a part of it. */
function leaks(output: string, { text, marks }: { text: string; marks: readonly string[] }): string[] {
  const base64 = [text, `me:${text}`].map((one) => Buffer.from(one).toString('base64').replace(/=+$/, '').slice(0, -2))
  return [...marks, ...base64, Buffer.from(text).toString('hex')].filter((form) =>
    output.toLowerCase().includes(form.toLowerCase()),
  )
}

const servers = {
  'postgres login': await telltalePostgres('login'),
  'postgres query': await telltalePostgres('query'),
  'postgres silent': await telltalePostgres('silent'),
  'mysql login': await telltaleMysql('login'),
  'mysql query': await telltaleMysql('query'),
  'mysql silent': await telltaleMysql('silent'),
} as const
t.teardown(() => {
  for (const server of Object.values(servers)) server.close()
})
const closed = await freePort()

const lightly = (text: string) => text.replace(/[%@:/?#[\]& ]/g, encodeURIComponent)
const everywhere = (text: string) => [...Buffer.from(text)].map((byte) => `%${byte.toString(16)}`).join('')
const spellings = [encodeURIComponent, lightly, everywhere, (text: string) => text]

/** Of the password as it is spelled, and as it is. */
const urls: readonly ((password: string, scheme: string, port: number, raw: string) => string)[] = [
  (password, scheme, port) => `${scheme}://me:${password}@127.0.0.1:${port}/app`,
  (password, scheme, port) => `${scheme}://me:${password}@127.0.0.1:${port}/app?sslmode=disable`,
  (password, scheme, port) => `${scheme}://me:${password}@127.0.0.1:${port}/app?sslmode=verify-full`,
  (password, scheme, port) => `${scheme}+driver://me:${password}@localhost:${port}/app?charset=utf8mb4`,
  (_, scheme, port, raw) => `${scheme}://127.0.0.1:${port}/app?user=me&password=${encodeURIComponent(raw)}`,
  (_, scheme, port, raw) => `${scheme}:///app?host=127.0.0.1&port=${port}&user=me&passwd=${encodeURIComponent(raw)}`,
  (password, scheme) => `${scheme}://me:${password}@nowhere.invalid/app`,
  (password, scheme) => `${scheme}://me:${password}@127.0.0.1:99999/app`,
  (password, scheme) => `${scheme}://me:${password}@[broken/app`,
  (password, scheme) => `${scheme}:/me:${password}@host/app`,
  (password, scheme) => `${scheme}:me:${password}@host/app`,
  (password, scheme) => `jdbc:${scheme}://me:${password}@host/app`,
  (password, scheme) => `${scheme}s://me:${password}@host/app`,
  (password, scheme) => `${scheme}://me:${password}@one,two/app`,
  (password, scheme) => `${scheme}://me:${password}@host/app?sslmode=${password}`,
  (password) => `//me:${password}@host/app`,
  (password) => `me:${password}@host/app`,
  (password) => `sqlite+pysqlcipher://:${password}@/app.db`,
  (_, _scheme, _port, raw) => `sqlite:///app.db?key=${encodeURIComponent(raw)}`,
]

const first = '20250101_000000_first'
/** Each is given the URL. */
const commands: readonly ((url: string) => { args: readonly string[]; given?: true })[] = [
  () => ({ args: ['up'] }),
  () => ({ args: ['up', '--dry-run'] }),
  () => ({ args: ['status'] }),
  () => ({ args: ['current'] }),
  () => ({ args: ['history', '--verbose'] }),
  () => ({ args: ['script'] }),
  () => ({ args: ['report', '--html', 'page.html'] }),
  () => ({ args: ['show', first] }),
  () => ({ args: ['wait', '--timeout', '1ms'] }),
  () => ({ args: ['create'] }),
  () => ({ args: ['drop', '--yes'] }),
  () => ({ args: ['adopt', '--dry-run'] }),
  () => ({ args: ['baseline', first, '--reason', 'because'] }),
  () => ({ args: ['resolve', first, '--through', '1'] }),
  (url) => ({ args: ['import-legacy', '--base', url, '--dialect', 'postgres', '--report', 'page.html'], given: true }),
  (url) => ({ args: ['import-legacy', url], given: true }),
  (url) => ({ args: ['import-legacy', '--report', 'page.html', '--source', url], given: true }),
  (url) => ({ args: ['up', url], given: true }),
  (url) => ({ args: [url], given: true }),
  (url) => ({ args: ['up', `--url=${url}`], given: true }),
  (url) => ({ args: ['up', '--url', url], given: true }),
  (url) => ({ args: ['adopt', '--from', url], given: true }),
  (url) => ({ args: ['adopt', '--tool-table', url, '--database', 'sqlite:app.db'], given: true }),
  (url) => ({ args: ['status', '--dir', url, '--database', 'sqlite:app.db'], given: true }),

  (url) => ({ args: ['up', '--table', url, '--database', 'sqlite:app.db'], given: true }),
  (url) => ({ args: ['up', '--to', url, '--database', 'sqlite:app.db'], given: true }),
  (url) => ({ args: ['up', '--lock-wait', url], given: true }),
  (url) => ({ args: ['up', '--steps', url], given: true }),
  (url) => ({ args: ['show', url, '--database', 'sqlite:app.db'], given: true }),
  (url) => ({ args: ['new', url], given: true }),
  (url) => ({ args: ['check', '--dialect', url], given: true }),
  (url) => ({ args: ['report', '--html', url, '--database', 'sqlite:app.db'], given: true }),
  (url) => ({ args: ['script', '--out', `${url}/x`, '--database', 'sqlite:app.db'], given: true }),
  (url) => ({ args: ['baseline', first, '--reason', `as in ${url}`, '--database', 'sqlite:app.db'], given: true }),
]

await t.test('no output tells a password, whatever the URL, the command and the server', async (t) => {
  const random = seeded(t)
  const pick = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)] as T
  const found: string[] = []
  const one = async (index: number) => {
    const password = passwordOf(random)
    const [name, server] = pick(Object.entries(servers))
    const scheme = pick(name.startsWith('mysql') ? ['mysql', 'mariadb'] : ['postgres', 'postgresql'])
    // what looks encoded has to be
    const spelling = pick(/%[0-9a-f]{2}/i.test(password.text) ? spellings.slice(0, 3) : spellings)
    const url = pick(urls)(spelling(password.text), scheme, random() < 0.2 ? closed : server.port, password.text)
    // each command, and each way of giving a URL, comes round
    const { args, given } = commands[index % commands.length]!(url)
    // a value in .env has no way to hold its own quote
    const quote = ["'", '`', '"'].find((one) => !url.includes(one))
    const ways = ['--database', 'DATABASE_URL', 'MYSQL_URL', ...(quote ? ['.env'] : [])]
    const way = given ? 'argument' : pick(ways)
    const format = pick([[], [], ['--json'], ['--quiet']])
    const cwd = folder({
      [`sql/${first}.up.sql`]: 'CREATE TABLE one (id integer);',
      'legacy/20240101_000000_old.sql': 'CREATE TABLE old (id integer);',
      ...(way === '.env' ? { '.env': `DATABASE_URL=${quote}${url}${quote}\n` } : {}),
    })
    server.words = said(password.text)
    const env = way.endsWith('_URL') ? { [way]: url } : {}
    const all = [...args, ...(way === '--database' ? ['--database', url] : []), ...format]
    const { code, stdout, stderr } = await run(all, { cwd, env: { ...env, SQLMIG_DEBUG: '1' } })
    const page = join(cwd, 'page.html')
    const output = stdout + stderr + (existsSync(page) ? readFileSync(page, 'utf8') : '')
    const parts = leaks(output, password)
    if (code === null) found.push(`${JSON.stringify(all)} did not end`)
    if (parts.length > 0)
      found.push(`${name}, ${way}: ${JSON.stringify(all)} ${url}\ntold ${parts.join(' ')}:\n${output}`)
  }
  // words are a server's own: one run at a time
  for (let index = 0; index < runs; index++) await one(index)
  t.equal(found.length, 0, found.slice(0, 3).join('\n\n'))
  for (const text of found) console.error(text)
})

/** A server may repeat what it was sent in more than one way. */
function said(password: string): string {
  const spelled = [password, encodeURIComponent(password), Buffer.from(password).toString('base64')]
  return `got ${spelled.join(' and ')}, near '${password}'`
}

await eachServer(
  t,
  'nor does the ledger, nor what is read from it, when a statement fails with the password in its words',
  async (t, database) => {
    const password = passwordOf(seeded(t))
    const user = `sqlmig_secret_${process.pid}`
    const users = ['%', 'localhost'].map((host) => `'${user}'@'${host}'`)
    const literal = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
    for (const one of users) {
      await database.query(`create user ${one} identified by ${literal(password.text)}`)
      await database.query(`grant all on *.* to ${one}`)
    }
    t.teardown(() => database.query(`drop user ${users.join(', ')}`))
    const url = new URL(database.url)
    url.username = user
    url.password = encodeURIComponent(password.text)
    const env = { DATABASE_URL: url.href }
    const project = new Project(database, {
      [first]: `CREATE TABLE one (id integer);\nSIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = ${literal(password.text)};`,
    })
    const outputs = []
    for (const args of [
      ['up'],
      ['up', '--json'],
      ['status', '--json'],
      ['resolve', first, '--through', '2', '--reason', `as in ${url.href}`],
      ['history', '--verbose'],
      ['history', '--json'],
    ]) {
      const { stdout, stderr } = await project.run(args, { env })
      outputs.push(stdout + stderr)
    }
    t.match(outputs[0], /statement 2 of 2 failed: \*\*\* \(1644\)/)
    for (const output of outputs) t.same(leaks(output, password), [], output)
    const rows = await database.query('select * from sqlmig_history')
    t.match(rows.find(({ event }) => event === 'failed')?.note, 'statement 2 of 2 failed: *** (1644)')
    t.match(rows.find(({ event }) => event === 'resolved')?.note, `://${user}:***@`)
    t.same(leaks(JSON.stringify(rows), password), [])
  },
  ['mysql', 'mariadb'],
)
