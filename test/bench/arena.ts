import { mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Connection, connect, type Kind, type Row } from '../servers/connection.ts'
import { findMariadb, startMariadb } from '../servers/mariadb.ts'
import { findMysql, startMysql } from '../servers/mysql.ts'
import { findPostgres, startPostgres } from '../servers/postgres.ts'
import type { Server } from '../servers/server.ts'
import { syncing } from './settings.ts'

/** An empty database for one run. */
export interface Place {
  readonly kind: Kind
  /** The file of SQLite as `sqlite:/path`. */
  readonly url: string
  query(sql: string): Promise<Row[]>
  drop(): Promise<void>
}

/** Where runs are compared. */
export interface Arena {
  readonly kind: Kind
  readonly title: string
  /** The folder with the server's own client programs, where there is one. */
  readonly bin: string | undefined
  fresh(): Promise<Place>
}

/** With a server of its own, where its programs are installed; else with the one that the environment names. */
export async function arena(kind: Kind): Promise<Arena> {
  if (kind === 'sqlite') return sqliteArena()
  const server = await servers[kind]()
  let made = 0
  const fresh = async () => {
    const name = `bench_${process.pid}_${++made}`
    await once(kind, server.url, `create database ${name}${kind === 'postgres' ? '' : ' character set utf8mb4'}`)
    // what earlier runs left to write is none of this one's time
    if (kind === 'postgres') await once(kind, server.url, 'checkpoint')
    const url = new URL(server.url)
    url.pathname = `/${name}`
    const force = kind === 'postgres' ? ' with (force)' : ''
    return place(kind, url.href, () => once(kind, server.url, `drop database ${name}${force}`))
  }
  const title = `${server.name.split(',')[0]!}${syncing() && server.pid !== undefined ? ', syncing' : ''}`
  return { kind, title, bin: server.bin, fresh }
}

const servers: Readonly<Record<Exclude<Kind, 'sqlite'>, () => Promise<Server>>> = {
  async postgres() {
    const found = await findPostgres()
    const own = found.pid !== undefined || found.bin === undefined
    const fsync = syncing() ? 'on' : 'off'
    return own ? found : startPostgres(found.bin, { max_wal_size: '4GB', shared_buffers: '256MB', fsync })
  },
  mysql: () => startMysql(innodb()).catch(findMysql),
  mariadb: () => startMariadb(innodb()).catch(findMariadb),
}

function innodb(): readonly string[] {
  return syncing() ? ['--innodb-flush-log-at-trx-commit=1'] : []
}

async function sqliteArena(): Promise<Arena> {
  const parent = diskFolder()
  const connection = connect('sqlite', ':memory:')
  const [row] = await connection.query('select sqlite_version() as version')
  await connection.close()
  const fresh = async () => {
    const folder = mkdtempSync(join(parent, 'sqlmig-bench-'))
    return place('sqlite', `sqlite:${join(folder, 'bench.db')}`, async () => rmSync(folder, { recursive: true }))
  }
  return { kind: 'sqlite', title: `SQLite ${String(row?.version)} in ${parent}`, bin: undefined, fresh }
}

// Linux's magic numbers of tmpfs and ramfs
const memory = [0x01021994, 0x858458f6]

/** A folder on a disk: in memory nothing has to be waited for at a COMMIT, and SQLite's runs would say nothing. */
function diskFolder(): string {
  const candidates = [tmpdir(), process.env.XDG_CACHE_HOME ?? homedir(), process.cwd()]
  const disk = candidates.find((folder) => !memory.includes(statfsSync(folder).type))
  if (disk === undefined) console.error(`NOT ON A DISK: ${tmpdir()} is in memory, and nothing else was found`)
  else if (disk !== tmpdir()) console.error(`${tmpdir()} is in memory: SQLite's files are in ${disk}`)
  return disk ?? tmpdir()
}

// Connected when it is asked: a session that is there all along would be in the way of SQLite's runs.
function place(kind: Kind, url: string, drop: () => Promise<unknown>): Place {
  return { kind, url, query: (sql) => once(kind, url, sql), drop: async () => void (await drop()) }
}

async function once(kind: Kind, url: string, sql: string): Promise<Row[]> {
  const connection: Connection = connect(kind, url)
  try {
    return await connection.query(sql)
  } finally {
    await connection.close()
  }
}

/** How many tables there are whose names begin so. */
export async function countTables(place: Place, prefix: string): Promise<number> {
  const schema = place.kind === 'postgres' ? 'current_schema()' : 'database()'
  const sql =
    place.kind === 'sqlite'
      ? `select count(*) as n from sqlite_master where type = 'table' and name like '${prefix}%'`
      : `select count(*) as n from information_schema.tables where table_schema = ${schema} and table_name like '${prefix}%'`
  return Number((await place.query(sql))[0]?.n)
}
