import { closeSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Kind } from '../servers/connection.ts'
import { locate, pathFolders } from '../servers/programs.ts'
import type { Arena, Place } from './arena.ts'
import type { Command } from './spent.ts'

export interface Migration {
  /** `YYYYMMDD_HHMMSS_slug` */
  readonly id: string
  /** In pieces, since it may be larger than a string can be. */
  readonly sql: () => Iterable<string>
}

/** A tool that applies migrations. */
export interface Contender {
  readonly name: string
  /** What it does otherwise than a transaction for each migration, as it comes. */
  readonly manner?: string
  readonly kinds: readonly Kind[]
  /** Lays the chain out as the tool wants it, and says how it is applied. The place may be at the end of a proxy. */
  lay(chain: readonly Migration[], folder: string, place: Pick<Place, 'kind' | 'url'>): Command
  /** What says which version it is. */
  readonly version?: Pick<Command, 'file' | 'args'>
  /** What tells the state of a database of which it knows nothing yet. */
  status?(folder: string, place: Pick<Place, 'kind' | 'url'>): Command
}

export const everywhere: readonly Kind[] = ['postgres', 'mysql', 'mariadb', 'sqlite']

const root = fileURLToPath(new URL('../../../', import.meta.url))
const { bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { bin: { sqlmig: string } }

/** The built command line. */
export const program = join(root, bin.sqlmig)

export function migration(number: number, slug: string, sql: () => Iterable<string>): Migration {
  const time = new Date(Date.UTC(2025, 0, 1) + number * 1000).toISOString()
  return { id: `${time.slice(0, 19).replace(/[-:]/g, '').replace('T', '_')}_${slug}`, sql }
}

/** Writes texts, one after the other, to a file in a folder that is made for it. */
export function write(path: string, ...texts: readonly Iterable<string>[]): string {
  mkdirSync(dirname(path), { recursive: true })
  const file = openSync(path, 'w')
  for (const text of texts) for (const piece of typeof text === 'string' ? [text] : text) writeSync(file, piece)
  closeSync(file)
  return path
}

export const sqlmig: Contender = {
  name: 'sqlmig',
  kinds: everywhere,
  lay(chain, folder, { url }) {
    mkdirSync(join(folder, 'sql'), { recursive: true })
    for (const { id, sql } of chain) write(join(folder, 'sql', `${id}.up.sql`), sql())
    return { file: process.execPath, args: [program, 'up'], cwd: folder, env: { DATABASE_URL: url } }
  },
  version: { file: process.execPath, args: [program, '--version'] },
  status(folder, { url }) {
    mkdirSync(join(folder, 'sql'))
    return { file: process.execPath, args: [program, 'status'], cwd: folder, env: { DATABASE_URL: url } }
  },
}

/** The server's own client, which sends one file: each migration in a transaction with a row of a ledger. */
export function ownClient({ kind, bin }: Arena): Contender {
  const name = { postgres: 'psql', mysql: 'mysql', mariadb: 'mariadb', sqlite: 'sqlite3' }[kind]
  // the server's folder first: what is in PATH may be a script that looks for the program
  const file = locate(name, bin === undefined ? pathFolders() : [bin, ...pathFolders()])
  if (file === undefined) throw new Error(`there is no ${name} to compare with`)
  return {
    name,
    kinds: [kind],
    lay(chain, folder, { url }) {
      const input = write(join(folder, 'chain.sql'), ledger, ...chain.flatMap(inTransaction))
      return { file, args: clientArguments(kind, url, input), cwd: folder, ...(kind !== 'postgres' && { input }) }
    },
  }
}

const ledger = 'create table ledger (id varchar(100) primary key, at timestamp default current_timestamp);\n'

function inTransaction({ id, sql }: Migration): readonly Iterable<string>[] {
  return ['begin;\n', sql(), `\ninsert into ledger (id) values ('${id}');\ncommit;\n`]
}

function clientArguments(kind: Kind, url: string, input: string): readonly string[] {
  if (kind === 'postgres') return ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', url, '-f', input]
  if (kind === 'sqlite') return ['-bail', url.replace('sqlite:', '')]
  const { hostname, port, username, pathname } = new URL(url)
  return [
    '--no-defaults',
    '--default-character-set=utf8mb4',
    '-h',
    hostname,
    '-P',
    port || '3306',
    `-u${username}`,
    pathname.slice(1),
  ]
}
