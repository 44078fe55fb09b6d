import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Contender, everywhere, write } from '../contenders.ts'
import { npmPeers } from './cache.ts'

const knexfile = (url: string) => {
  const clients = { postgres: 'pg', postgresql: 'pg', mysql: 'mysql2', mariadb: 'mysql2', sqlite: 'better-sqlite3' }
  const scheme = url.slice(0, url.indexOf(':')) as keyof typeof clients
  const { hostname: host, port, username: user, pathname } = new URL(url)
  const server = { host, port: Number(port), user, database: pathname.slice(1), multipleStatements: true }
  const connection = scheme === 'sqlite' ? { filename: url.slice('sqlite:'.length) } : server
  return JSON.stringify({ client: clients[scheme], connection, useNullAsDefault: true })
}

const script = `
const text = require('node:fs').readFileSync(__filename.replace(/migrations.([^/]+)\\.js$/, 'sql/$1.sql'), 'utf8')
exports.up = (knex) => knex.raw(text)
exports.down = () => {}
`

/** Each migration in a transaction; the file's SQL is sent as it is. */
export function knex(): Contender {
  const library = join(npmPeers(), 'knex')
  return {
    name: 'knex',
    kinds: everywhere,
    lay(chain, folder, { url }) {
      mkdirSync(join(folder, 'migrations'), { recursive: true })
      for (const { id, sql } of chain) {
        write(join(folder, 'sql', `${id}.sql`), sql())
        write(join(folder, 'migrations', `${id}.js`), script)
      }
      const run = `
const knex = require(${JSON.stringify(library)})(${knexfile(url)})
knex.migrate.latest({ directory: 'migrations' }).finally(() => knex.destroy())
`
      return { file: process.execPath, args: [write(join(folder, 'migrate.js'), run)], cwd: folder }
    },
    version: { file: process.execPath, args: [join(library, 'bin', 'cli.js'), '--version'] },
  }
}
