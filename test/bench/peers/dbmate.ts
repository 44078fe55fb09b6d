import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Contender, everywhere, write } from '../contenders.ts'
import { npmPeers } from './cache.ts'

/** Its program, in Go, as its npm package brings it: each migration in a transaction. */
export function dbmate(): Contender {
  const scope = join(npmPeers(), '@dbmate')
  const file = join(scope, readdirSync(scope)[0]!, 'bin', 'dbmate')
  return {
    name: 'dbmate',
    kinds: everywhere,
    lay(chain, folder, { url }) {
      mkdirSync(join(folder, 'db'), { recursive: true })
      for (const { id, sql } of chain)
        write(join(folder, 'db', `${id.replace(/^(\d+)_/, '$1')}.sql`), '-- migrate:up\n', sql(), '-- migrate:down\n')
      return { file, args: ['--migrations-dir', 'db', '--no-dump-schema', 'migrate'], cwd: folder, env: database(url) }
    },
    version: { file, args: ['--version'] },
    status: (folder, { url }) => {
      mkdirSync(join(folder, 'db'))
      return { file, args: ['--migrations-dir', 'db', 'status'], cwd: folder, env: database(url) }
    },
  }
}

function database(url: string) {
  const unencrypted = url.startsWith('postgres') ? '?sslmode=disable' : ''
  return { DATABASE_URL: url.replace(/^mariadb:/, 'mysql:') + unencrypted }
}
