import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Database, type Kind, notTested } from '../servers/databases.ts'

export const titles = { postgres: 'psql', mysql: 'the mysql client', mariadb: 'the mariadb client', sqlite: 'sqlite3' }

/** Where the client programs of a server are: its own folder, or wherever the shell finds them. */
function program(name: string, variable: string): string | undefined {
  const folders = [process.env[variable] ?? '', ...(process.env.PATH ?? '').split(':')]
  return folders
    .filter(Boolean)
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path))
}

const mariadbClient = program('mariadb', 'SQLMIG_TEST_MARIADB_BIN') ?? program('mysql', 'SQLMIG_TEST_MARIADB_BIN')
const clients: Readonly<Record<Kind, string | undefined>> = {
  postgres: program('psql', 'SQLMIG_TEST_POSTGRES_BIN'),
  mysql: mysqlClient(),
  mariadb: mariadbClient,
  sqlite: program('sqlite3', 'SQLMIG_TEST_SQLITE_BIN'),
}

/** Debian's `mysql` is the program of MariaDB. */
function mysqlClient(): string | undefined {
  const own = program('mysql', 'SQLMIG_TEST_MYSQL_BIN')
  const isMysql = own !== undefined && !/MariaDB/.test(spawnSync(own, ['--version'], { encoding: 'utf8' }).stdout)
  if (isMysql || notTested('mysql')) return own
  if (mariadbClient) console.error('!!! NOT TESTED: scripts with the mysql program of MySQL; that of MariaDB stands in')
  return mariadbClient
}

const told = new Set<Kind>()

/** Why scripts for a kind of database are not tested; undefined where they are. */
export function noClient(kind: Kind): string | undefined {
  const missing = notTested(kind) ?? (clients[kind] ? undefined : `NOT TESTED: scripts on ${kind} (no ${titles[kind]})`)
  if (missing && !notTested(kind) && !told.has(kind)) console.error(`!!! ${missing}`)
  told.add(kind)
  return missing
}

function command({ kind, url }: Pick<Database, 'kind' | 'url'>): [string, ...string[]] {
  if (kind === 'postgres') return [clients.postgres!, '-X', '-d', url]
  if (kind === 'sqlite') return [clients.sqlite!, url.replace('sqlite:', '')]
  const { hostname, port, username, password, pathname } = new URL(url)
  const login = [
    '-h',
    hostname,
    '-P',
    port || '3306',
    '-u',
    decodeURIComponent(username),
    '--protocol=tcp',
    '--comments',
  ]
  const secret = password ? [`-p${decodeURIComponent(password)}`] : []
  return [clients[kind]!, '--no-defaults', ...login, ...secret, pathname.slice(1)]
}

export interface Fed {
  readonly code: number | null
  readonly stdout: string
  readonly output: string
}

/** Gives a script to the database's own client program. */
export function feed(database: Pick<Database, 'kind' | 'url'>, sql: string, cwd = tmpdir()): Fed {
  const [path, ...args] = command(database)
  const { status, stdout, stderr } = spawnSync(path, args, { input: sql, encoding: 'utf8', cwd })
  return { code: status, stdout, output: stdout + stderr }
}

export interface Feeding {
  readonly child: ChildProcess
  readonly ended: Promise<Fed>
}

/** The same, to be watched and killed; the program reads a file, as it does for a person. */
export function startFeeding(database: Pick<Database, 'kind' | 'url'>, sql: string, cwd = tmpdir()): Feeding {
  const [path, ...args] = command(database)
  const child = spawn(path, args, { cwd })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  child.stdin.on('error', () => {}) // it may end before it has read all
  child.stdin.end(sql)
  const ended = new Promise<Fed>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, stdout, output: stdout + stderr }))
  })
  return { child, ended }
}
