import { execFileSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { type Programs, serveMysql } from './mysql-family.ts'
import { locate, pathFolders, starred } from './programs.ts'
import { complete, given, type Server, unprivileged, within } from './server.ts'

const cure =
  'set SQLMIG_TEST_MYSQL_URL to a MySQL server on which the user may create databases, ' +
  "or install MySQL 8 or later (its program mysqld; MariaDB's does not count)"

/** The server of the environment, or one of the programs that are installed. */
export async function findMysql(): Promise<Server> {
  const dump = locate('mysqldump')
  return (await given('mysql', dump && !dump.includes('mariadb') ? dirname(dump) : undefined)) ?? startMysql()
}

// MariaDB installs a mysqld too, as a link to its own server
function realMysqld(): string | undefined {
  const folders = [...pathFolders(), ...['/opt/homebrew/opt/mysql*/bin', '/usr/local/opt/mysql*/bin'].flatMap(starred)]
  return folders.map((folder) => locate('mysqld', [folder])).find((program) => program && isMysql(program))
}

function isMysql(program: string): boolean {
  try {
    return !/mariadb/i.test(execFileSync(program, ['--version'], { encoding: 'utf8' }))
  } catch {
    return false
  }
}

/** A new server of its own; tests of faults start one to kill it. */
export async function startMysql(options: readonly string[] = []): Promise<Server> {
  const server = realMysqld()
  if (!server) throw new Error(cure)
  const dump = locate('mysqldump', [dirname(server), ...pathFolders()])
  const programs: Programs = {
    kind: 'mysql',
    server,
    bin: dump && !dump.includes('mariadb') ? dirname(dump) : undefined,
  }
  return within('mysql', unprivileged('mysql'), async (place) => {
    await complete(server, ['--no-defaults', '--initialize-insecure', `--datadir=${join(place.folder, 'data')}`], place)
    return serveMysql(programs, place, ['--mysqlx=OFF', ...options])
  })
}
