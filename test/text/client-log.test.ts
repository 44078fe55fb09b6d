import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { mysql } from '../../lib/dialects/mysql.ts'
import { Splitter } from '../../lib/text/split.ts'
import { type Database, eachServer } from '../servers/databases.ts'

// The server's own log tells what its client program made of a file: the judge of how we split it.

const files = ['mysql', 'mysql-family'].map((name) => `test/fixtures/dumps/${name}.sql`)
const client = [process.env.SQLMIG_TEST_MARIADB_BIN, ...(process.env.PATH ?? '').split(':')]
  .map((place) => place && join(place, 'mariadb'))
  .find((path) => path && existsSync(path))

/** A statement without the comments around it; the log knows only characters of three bytes. */
function bare(text: string): string {
  const around = String.raw`(?:\s|;|--[^\n]*(?:\n|$)|/\*(?![!M])[^]*?\*/)+`
  const core = text.replace(new RegExp(`^${around}`), '').replace(new RegExp(`${around}$`), '')
  return core.replace(/\\xF0(?:\\x[0-9A-F]{2}){3}|[\u{10000}-\u{10ffff}]/gu, '?')
}

async function logged(database: Database, file: string): Promise<string[]> {
  const { hostname, port, username, password, pathname } = new URL(database.url)
  const name = pathname.slice(1)
  await database.query("set global log_output = 'TABLE'")
  await database.query('set global general_log = 1')
  const login = [
    `--host=${hostname}`,
    `--port=${port}`,
    `--user=${username}`,
    `--password=${password}`,
    '--protocol=tcp',
  ]
  const options = ['--force', '--comments', '--default-character-set=utf8mb4']
  try {
    execFileSync(client!, [...login, ...options, name], {
      input: readFileSync(file),
      stdio: ['pipe', 'ignore', 'pipe'],
    })
  } finally {
    await database.query('set global general_log = 0')
    await database.query("set global log_output = 'FILE'")
  }
  const rows = await database.query(`select convert(argument using utf8mb4) as sql_text from mysql.general_log
where command_type = 'Query' and thread_id = (select max(thread_id) from mysql.general_log
  where command_type = 'Connect' and convert(argument using utf8mb4) like '% on ${name} %') order by event_time`)
  return rows.map((row) => String(row.sql_text))
}

// asked by the client itself
const own = /^(select @@version_comment limit 1|SELECT DATABASE\(\)|show (databases|tables))$/

if (!client) console.error('!!! NOT TESTED: the client log of MySQL and MariaDB: the program mariadb is not installed')

await eachServer(
  t,
  'the client program and sqlmig send the same statements',
  async (t, database) => {
    if (!client) return t.pass('no client', { skip: true })
    for (const file of files) {
      const seen = (await logged(database, file))
        .filter((sql) => !own.test(sql))
        .map(bare)
        .filter(Boolean)
      const ours = Array.from(new Splitter([readFileSync(file, 'utf8')], mysql.lexis()), ({ text }) => bare(text))
      t.strictSame(seen, ours, `${file}: ${ours.length} statements`)
    }
  },
  ['mysql', 'mariadb'],
)
