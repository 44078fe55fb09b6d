import { join } from 'node:path'
import { freePort, launch, type Scratch, type Server } from './server.ts'

export interface Programs {
  readonly kind: 'mysql' | 'mariadb'
  /** The server program. */
  readonly server: string
  /** The folder of the command-line programs. */
  readonly bin: string | undefined
}

/** Runs MySQL or MariaDB on the data in the folder `data` of a place. */
export async function serveMysql(programs: Programs, place: Scratch, options: readonly string[]): Promise<Server> {
  const port = await freePort()
  const args = [
    '--no-defaults',
    `--datadir=${join(place.folder, 'data')}`,
    `--socket=${join(place.folder, 'socket')}`,
    `--pid-file=${join(place.folder, 'pid')}`,
    `--port=${port}`,
    '--bind-address=127.0.0.1',
    '--secure-file-priv=',
    '--event-scheduler=OFF',
    // 2 and not 0: as fast, and what was committed outlives the server's process, which tests of faults kill
    '--innodb-flush-log-at-trx-commit=2',
    ...options,
  ]
  const url = `${programs.kind}://root@127.0.0.1:${port}/`
  return launch({ kind: programs.kind, url, bin: programs.bin, place, program: programs.server, args })
}
