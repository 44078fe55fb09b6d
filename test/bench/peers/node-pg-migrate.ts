import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Contender, write } from '../contenders.ts'
import { npmPeers } from './cache.ts'

/** As it comes, which is all migrations in one transaction. */
export function nodePgMigrate(): Contender {
  const program = join(npmPeers(), 'node-pg-migrate', 'bin', 'node-pg-migrate.js')
  return {
    name: 'node-pg-migrate',
    manner: 'all in one transaction',
    kinds: ['postgres'],
    lay(chain, folder, { url }) {
      mkdirSync(join(folder, 'migrations'), { recursive: true })
      for (const { id, sql } of chain) {
        // its names begin with a UTC time of 17 digits
        const name = `${id.replace(/^(\d+)_(\d+)_/, '$1$2000_')}.sql`
        write(join(folder, 'migrations', name), '-- Up Migration\n', sql())
      }
      const args = [program, 'up', '--verbose', 'false']
      return { file: process.execPath, args, cwd: folder, env: { DATABASE_URL: url } }
    },
    version: { file: process.execPath, args: [program, '--version'] },
  }
}
