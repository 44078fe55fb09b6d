import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { installPackages } from './apt.ts'
import { locate, pathFolders } from './programs.ts'
import { freePort, launch, type Server, unprivileged, within } from './server.ts'

export type PoolMode = 'session' | 'transaction' | 'statement'

const find = () => locate('pgbouncer', [...pathFolders(), '/usr/sbin', '/usr/local/sbin', '/opt/homebrew/bin'])

/** Why there is no PgBouncer here, for `skip`; undefined where there is one. */
export async function noPgbouncer(): Promise<string | undefined> {
  if (find() ?? ((await installPackages('pgbouncer')) && find())) return undefined
  const missing = 'NOT TESTED: PgBouncer (install it: its program pgbouncer)'
  console.error(`!!! ${missing}`)
  return missing
}

/** A PgBouncer of its own before all databases of a server. Settings are those of its file's section [pgbouncer]. */
export function startPgbouncer(
  server: string,
  mode: PoolMode,
  settings: Readonly<Record<string, string>> = {},
): Promise<Server> {
  const { hostname, port: behind, username } = new URL(server)
  return within('pgbouncer', unprivileged('postgres'), async (place) => {
    const port = await freePort()
    const all = {
      listen_addr: '127.0.0.1',
      listen_port: String(port),
      unix_socket_dir: '',
      auth_type: 'any',
      pool_mode: mode,
      default_pool_size: '4',
      max_client_conn: '200',
      ...settings,
    }
    const lines = Object.entries(all).map(([name, value]) => `${name} = ${value}`)
    const file = join(place.folder, 'pgbouncer.ini')
    const databases = `[databases]\n* = host=${hostname} port=${behind || 5432} user=${username}\n`
    writeFileSync(file, `${databases}[pgbouncer]\n${lines.join('\n')}\n`)
    // with a password, as poolers mostly are asked: it must not hide what they are
    const url = `postgres://${username}:any@127.0.0.1:${port}/postgres`
    return launch({ kind: 'postgres', url, bin: undefined, place, program: find()!, args: [file] })
  })
}

/** The URL of a database behind a PgBouncer. */
export function behind(bouncer: Server, database: string): string {
  const url = new URL(bouncer.url)
  url.pathname = new URL(database).pathname
  return url.href
}
