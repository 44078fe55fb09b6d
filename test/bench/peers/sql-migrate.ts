import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Contender, everywhere, write } from '../contenders.ts'
import { debianProgram } from './cache.ts'

/** Debian's program, in Go: each migration in a transaction. */
export function sqlMigrate(): Contender {
  const file = debianProgram('sql-migrate', 'usr/bin/sql-migrate')
  return {
    name: 'sql-migrate',
    kinds: everywhere,
    lay(chain, folder, { kind, url }) {
      mkdirSync(join(folder, 'migrations'), { recursive: true })
      for (const { id, sql } of chain) write(join(folder, 'migrations', `${id}.sql`), '-- +migrate Up\n', sql())
      return { file, args: ['up', ...configure(folder, kind, url)], cwd: folder }
    },
    version: { file, args: ['--version'] },
    status(folder, { kind, url }) {
      mkdirSync(join(folder, 'migrations'))
      return { file, args: ['status', ...configure(folder, kind, url)], cwd: folder }
    },
  }
}

function configure(folder: string, kind: keyof typeof dialects, url: string): readonly string[] {
  const config = `bench:\n  dialect: ${dialects[kind]}\n  datasource: ${source(kind, url)}\n  dir: migrations\n`
  write(join(folder, 'dbconfig.yml'), config)
  return ['-config=dbconfig.yml', '-env=bench']
}

const dialects = { postgres: 'postgres', mysql: 'mysql', mariadb: 'mysql', sqlite: 'sqlite3' }

function source(kind: keyof typeof dialects, url: string): string {
  if (kind === 'sqlite') return url.slice('sqlite:'.length)
  const { hostname, port, username, pathname } = new URL(url)
  if (kind !== 'postgres') return `${username}@tcp(${hostname}:${port})${pathname}?parseTime=true`
  return `host=${hostname} port=${port} user=${username} dbname=${pathname.slice(1)} sslmode=disable`
}
