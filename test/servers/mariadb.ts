import { dirname, join } from 'node:path'
import { installPackages } from './apt.ts'
import { type Programs, serveMysql } from './mysql-family.ts'
import { locate, pathFolders, starred } from './programs.ts'
import { complete, given, type Server, unprivileged, within } from './server.ts'

const usualFolders = ['/usr/libexec', '/opt/homebrew/opt/mariadb*/bin', '/usr/local/opt/mariadb*/bin']
const cure =
  'install MariaDB (its programs mariadbd and mariadb-install-db), ' +
  'or set SQLMIG_TEST_MARIADB_URL to a server on which the user may create databases'

/** The server of the environment, or one of the programs that are installed or that apt brings. */
export async function findMariadb(): Promise<Server> {
  const dump = find('mariadb-dump')
  const server = await given('mariadb', dump && dirname(dump))
  if (server) return server
  if (installed() || (await installPackages('mariadb-server-core', 'mariadb-client'))) return startMariadb()
  throw new Error(cure)
}

const find = (program: string) =>
  locate(program, [
    ...pathFolders(),
    ...usualFolders.flatMap((folder) => (folder.includes('*') ? starred(folder) : folder)),
  ])

const installed = () => find('mariadbd') !== undefined && find('mariadb-install-db') !== undefined

/** A new server of its own; tests of faults start one to kill it. */
export async function startMariadb(options: readonly string[] = []): Promise<Server> {
  const [server, install, dump] = [find('mariadbd'), find('mariadb-install-db'), find('mariadb-dump')]
  if (!server || !install) throw new Error(cure)
  const programs: Programs = { kind: 'mariadb', server, bin: dump && dirname(dump) }
  return within('mariadb', unprivileged('mysql'), async (place) => {
    const data = `--datadir=${join(place.folder, 'data')}`
    await complete(
      install,
      ['--no-defaults', data, '--auth-root-authentication-method=normal', '--skip-test-db'],
      place,
    )
    return serveMysql(programs, place, options)
  })
}
