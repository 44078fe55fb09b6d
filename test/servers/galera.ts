import { existsSync } from 'node:fs'
import { cp } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { installPackages } from './apt.ts'
import { connect } from './connection.ts'
import { locate, pathFolders, starred } from './programs.ts'
import { complete, freePort, launch, type Scratch, type Server, scratch, unprivileged } from './server.ts'

const libraries = ['/usr/lib/galera', '/usr/lib64/galera-4', '/usr/lib64/galera', ...starred('/usr/lib/*/galera')]
const library = () => libraries.map((folder) => join(folder, 'libgalera_smm.so')).find((path) => existsSync(path))
const find = (program: string) => locate(program, [...pathFolders(), '/usr/libexec'])
const programs = () => [library(), find('mariadbd'), find('mariadb-install-db'), find('rsync')]

/** Why there is no cluster here, for `skip`; undefined where there can be one. */
export async function noGalera(): Promise<string | undefined> {
  if (programs().every(Boolean)) return undefined
  const installed = await installPackages(
    'galera-4',
    'mariadb-server-core',
    'mariadb-server',
    'mariadb-client',
    'rsync',
  )
  if (installed && programs().every(Boolean)) return undefined
  const missing = 'NOT TESTED: a cluster of MariaDB (install Galera 4, mariadbd and rsync)'
  console.error(`!!! ${missing}`)
  return missing
}

export interface Node extends Server {
  /** Ends this node alone. */
  kill(): void
}

interface Ports {
  readonly sql: number
  readonly group: number
  readonly state: number
  readonly transfer: number
}

/** A cluster of its own, each node in a folder of its own; nodes join one after the other. */
export async function startGalera(size: number): Promise<readonly Node[]> {
  const user = unprivileged('mysql')
  const ports: Ports[] = []
  for (let number = 0; number < size; number++) {
    const [sql, group, state, transfer] = [await freePort(), await freePort(), await freePort(), await freePort()]
    ports.push({ sql, group, state, transfer })
  }
  const places = ports.map((_, number) => scratch(`galera-${number + 1}`, user))
  const release = () => Promise.all(places.map((place) => place.release()))
  const nodes: Node[] = []
  try {
    await install(places)
    for (const [number, place] of places.entries()) {
      const node = await startNode(place, ports, number)
      nodes.push({ ...node, kill: () => process.kill(-node.pid!, 'SIGKILL'), stop: async () => void (await release()) })
      await synced(node.url, number + 1)
    }
    return nodes
  } catch (error) {
    await release()
    throw error
  }
}

/** One set of files for all, so that no node has to be sent the whole state. */
async function install([first, ...others]: readonly Scratch[]): Promise<void> {
  const data = join(first!.folder, 'data')
  const options = ['--no-defaults', `--datadir=${data}`, '--auth-root-authentication-method=normal', '--skip-test-db']
  await complete(find('mariadb-install-db')!, options, first!)
  for (const place of others) {
    await cp(data, join(place.folder, 'data'), { recursive: true })
    if (place.user)
      await complete('/bin/chown', ['-R', `${place.user.uid}:${place.user.gid}`, '.'], { ...place, user: undefined })
  }
}

function startNode(place: Scratch, all: readonly Ports[], number: number): Promise<Server> {
  const { sql, group, state, transfer } = all[number]!
  const provider = [
    'base_host=127.0.0.1',
    `base_port=${group}`,
    `gmcast.listen_addr=tcp://127.0.0.1:${group}`,
    `ist.recv_addr=127.0.0.1:${state}`,
    'gcache.size=16M',
  ]
  return launch({
    kind: 'mariadb',
    url: `mariadb://root@127.0.0.1:${sql}/`,
    bin: dirname(find('mariadbd')!),
    place,
    program: find('mariadbd')!,
    args: [
      '--no-defaults',
      `--datadir=${join(place.folder, 'data')}`,
      `--socket=${join(place.folder, 'socket')}`,
      `--pid-file=${join(place.folder, 'pid')}`,
      `--port=${sql}`,
      '--bind-address=127.0.0.1',
      '--binlog-format=ROW',
      '--innodb-autoinc-lock-mode=2',
      '--innodb-flush-log-at-trx-commit=2',
      '--innodb-buffer-pool-size=64M',
      '--wsrep-on=ON',
      `--wsrep-provider=${library()}`,
      `--wsrep-cluster-address=gcomm://${all.map((one) => `127.0.0.1:${one.group}`).join(',')}`,
      '--wsrep-node-address=127.0.0.1',
      '--wsrep-sst-method=rsync',
      `--wsrep-sst-receive-address=127.0.0.1:${transfer}`,
      `--wsrep-provider-options=${provider.join(';')}`,
      ...(number === 0 ? ['--wsrep-new-cluster'] : []),
    ],
  })
}

/** Waits until a node takes part, among at least so many. */
async function synced(url: string, size: number): Promise<void> {
  const connection = connect('mariadb', url)
  const status = async (name: string) => (await connection.query(`show status like 'wsrep_${name}'`))[0]?.Value
  try {
    while ((await status('local_state_comment')) !== 'Synced' || Number(await status('cluster_size')) < size) {
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  } finally {
    await connection.close()
  }
}
