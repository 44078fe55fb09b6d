import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Contender, write } from '../contenders.ts'
import { npmPeers } from './cache.ts'

// it is a library: this is the program of its documentation
const program = (modules: string, url: string) => `
import Postgrator from ${JSON.stringify(join(modules, 'postgrator', 'postgrator.js'))}
import { createRequire } from 'node:module'
const require = createRequire(${JSON.stringify(join(modules, 'index.js'))})
const url = new URL(${JSON.stringify(url)})
const database = url.pathname.slice(1)
const options = { migrationPattern: 'migrations/*', database }
let end
if (url.protocol === 'postgres:') {
  const client = new (require('pg').Client)(url.href)
  await client.connect()
  end = () => client.end()
  Object.assign(options, { driver: 'pg', execQuery: (query) => client.query(query) })
} else {
  const client = await require('mysql2/promise').createConnection({
    host: url.hostname, port: Number(url.port), user: url.username, database, multipleStatements: true,
  })
  end = () => client.end()
  Object.assign(options, { driver: 'mysql', execQuery: async (query) => ({ rows: (await client.query(query))[0] }) })
}
await new Postgrator(options).migrate()
await end()
`

/** No transaction of its own: each file and its row are two queries. */
export function postgrator(): Contender {
  const modules = npmPeers()
  return {
    name: 'postgrator',
    manner: 'no transactions',
    kinds: ['postgres', 'mysql', 'mariadb'],
    lay(chain, folder, { url }) {
      mkdirSync(join(folder, 'migrations'), { recursive: true })
      for (const [index, { id, sql }] of chain.entries())
        write(join(folder, 'migrations', `${String(index + 1).padStart(5, '0')}.do.${id}.sql`), sql())
      const file = write(join(folder, 'migrate.mjs'), program(modules, url))
      return { file: process.execPath, args: [file], cwd: folder }
    },
  }
}
