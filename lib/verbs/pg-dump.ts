import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { SqlmigError } from '../errors.ts'
import type { Database } from './context.ts'

const execute = promisify(execFile)

/** Bytes of a schema; more than anybody has. */
const largest = 512 * 1024 * 1024

/**
 * The schema as `pg_dump` writes it, without what differs from run to run.
 * @throws SqlmigError `statement` where the program fails
 */
export async function pgDump({ target, ledgerName }: Database, grants: boolean): Promise<string> {
  const { host, port, socket, user, database, password } = target
  const given = { host: socket ?? host, port, username: user, dbname: database }
  const args = Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}=${value}`]))
  const own = [ledgerName, `${ledgerName}_lock`].map((name) => `--exclude-table=${name}`)
  const options = ['--schema-only', '--no-owner', ...(grants ? [] : ['--no-privileges']), '--no-password', ...own]
  const secret = password === undefined ? {} : { PGPASSWORD: password }
  const env = { ...process.env, ...secret, PGSSLMODE: sslModes[target.tls.mode] }
  try {
    const { stdout } = await execute('pg_dump', [...options, ...args], { env, maxBuffer: largest })
    return tidied(stdout)
  } catch (error) {
    const said = (error as { stderr?: string }).stderr?.trim() || (error as Error).message
    throw new SqlmigError('statement', `pg_dump failed: ${password ? said.replaceAll(password, '***') : said}`, {
      state: 'nothing was written',
      remedy: 'see to what the message names, then run again',
    })
  }
}

const sslModes = {
  off: 'disable',
  prefer: 'prefer',
  require: 'require',
  'verify-ca': 'verify-ca',
  'verify-full': 'verify-full',
}

/** Whether `pg_dump` is installed, and not older than the server. */
export async function hasPgDump({ facts }: Pick<Database, 'facts'>): Promise<boolean> {
  const major = (text: string) => Number(/(\d+)/.exec(text)?.[1] ?? 0)
  const version = await execute('pg_dump', ['--version']).then(
    ({ stdout }) => stdout,
    () => undefined,
  )
  return version !== undefined && major(version) >= major(facts.version)
}

/** Without the versions of the programs, and without what only psql understands (\\restrict has a key made anew each time). */
function tidied(text: string): string {
  return text
    .replace(/^-- Dumped (?:from|by) .*\n/gm, '')
    .replace(/^\\(?:un)?restrict .*\n/gm, '')
    .replace(/^--\n-- PostgreSQL database dump(?: complete)?\n--\n/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}
