import type { Test } from 'tap'
import t from 'tap'
import { type Database, eachServer, type Kind } from '../servers/databases.ts'
import { apply, fixture, goesRound, notTested, output, program } from './dumps.ts'

t.setTimeout(300_000) // a server with a binary log is slow with DDL

const all = ['--routines', '--triggers', '--events', '--hex-blob']
const optionSets = [
  [],
  ['--single-transaction', '--skip-extended-insert'],
  ['--no-autocommit', '--order-by-primary'],
  ['--complete-insert', '--skip-add-locks', '--skip-comments'],
  ['--insert-ignore', '--add-drop-trigger', '--skip-tz-utc'],
  ['--replace', '--skip-disable-keys', '--skip-set-charset'],
]
const family: readonly Kind[] = ['mysql', 'mariadb']

interface Client {
  readonly dump: (database: Database, options: readonly string[]) => Buffer
  readonly load: (database: Database, sql: string) => void
  /** MariaDB's dump program, whatever it dumps. */
  readonly fromMariadb: boolean
}

function client(t: Test, kind: Kind): Client | undefined {
  const own = kind === 'mysql' ? ['mysqldump', 'mariadb-dump'] : ['mariadb-dump', 'mysqldump']
  const dump = program(t, kind, ...own)
  const load = dump && program(t, kind, ...(kind === 'mysql' ? ['mysql', 'mariadb'] : ['mariadb', 'mysql']))
  if (!dump || !load) return undefined
  return {
    dump: (database, options) => output(dump, [...login(database), ...ignored(database), ...options, nameOf(database)]),
    load: (database, sql) =>
      void output(load, [...login(database), '--default-character-set=utf8mb4', nameOf(database)], sql),
    fromMariadb: /MariaDB/.test(output(dump, ['--version']).toString()),
  }
}

const nameOf = ({ url }: Database) => new URL(url).pathname.slice(1)
const ignored = (database: Database) => ['--skip-dump-date', `--ignore-table=${nameOf(database)}.sqlmig_history`]

function login({ url }: Database): string[] {
  const { hostname, port, username, password } = new URL(url)
  const secret = password === '' ? [] : [`--password=${decodeURIComponent(password)}`]
  return [
    '--no-defaults',
    '--protocol=tcp',
    `--host=${hostname}`,
    `--port=${port || 3306}`,
    `--user=${decodeURIComponent(username)}`,
    ...secret,
  ]
}

await eachServer(
  t,
  'what mysqldump or mariadb-dump writes goes round',
  async (t, source) => {
    const tools = client(t, source.kind)
    if (!tools) return
    tools.load(source, fixture('mysql-family.sql'))
    tools.load(source, fixture(`${source.kind}.sql`))
    if (source.kind === 'mysql' && tools.fromMariadb)
      notTested(
        t,
        'rows of generated columns of MySQL (mariadb-dump names values for them; put a mysqldump into SQLMIG_TEST_MYSQL_BIN)',
      )
    else tools.load(source, fixture('mysql-generated-rows.sql'))
    for (const options of optionSets) {
      await t.test(`${options.join(' ')}`, (t) => goesRound(t, source, (one) => tools.dump(one, [...all, ...options])))
    }
  },
  family,
)

await eachServer(
  t,
  'a dump made with --databases goes into the database of its name',
  async (t, database) => {
    const tools = client(t, database.kind)
    if (!tools) return
    tools.load(database, fixture('mysql-family.sql'))
    const before = tools.dump(database, [...all, '--databases'])
    const name = nameOf(database)
    await database.query(`drop database ${name}; create database ${name}; use ${name}`)
    await apply(database, before)
    t.equal(tools.dump(database, [...all, '--databases']).toString(), before.toString())
  },
  family,
)

await eachServer(
  t,
  'what cannot be told apart or is meant for the client program is refused before anything runs',
  async (t, database) => {
    const table = 'CREATE TABLE early (id int);\n'
    const raw = Buffer.concat([
      Buffer.from(`${table}INSERT INTO early VALUES (_binary '`),
      Buffer.from([0xff]),
      Buffer.from("');\n"),
    ])
    await t.rejects(apply(database, raw), { code: 'encoding', message: /byte 64 /, remedy: /--hex-blob/ })
    for (const command of ['source other.sql', 'SOURCE other.sql;', '\\. other.sql', 'tee log.txt', 'system ls']) {
      await t.rejects(apply(database, `${table}${command}\n`), { code: 'client-command', at: { line: 2 } }, command)
    }
    t.same(await database.query("SHOW TABLES LIKE 'early'"), [])
  },
  family,
)
