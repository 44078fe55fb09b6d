import { type Connection, type ConnectionOptions, createConnection, type TypeCastField } from 'mysql2'
import { SqlmigError } from '../errors.ts'
import type { Open, OpenOptions, Session } from './driver.ts'
import { offersNoTls, openingError } from './mysql-errors.ts'
import { MysqlSession } from './mysql-session.ts'
import { osUser } from './os-user.ts'
import type { Target, Tls } from './target.ts'
import { tlsMaterial } from './tls.ts'

export const open: Open = async (target, options) => {
  if (target.database === '' && !options.maintenance) {
    const remedy = `add its name at the end: ${target.display}name`
    throw new SqlmigError('unknown-database', 'the URL names no database', { remedy })
  }
  try {
    return await openPreferred(target, options)
  } catch (error) {
    throw openingError(error, target)
  }
}

async function openPreferred(target: Target, options: OpenOptions): Promise<Session> {
  const { tls } = target
  if (tls.mode !== 'prefer') return openWith(target, tls, options)
  try {
    return await openWith(target, tls, options)
  } catch (error) {
    if (!offersNoTls(error)) throw error
    return openWith(target, { mode: 'off' }, options)
  }
}

async function openWith(target: Target, tls: Tls, options: OpenOptions): Promise<Session> {
  const config = await settings(target, tls, options)
  const connection = await connected(config)
  const session = new MysqlSession(connection, (sql) => once(config, sql))
  try {
    await session.prepare(options)
    return session
  } catch (error) {
    await session.close()
    throw error
  }
}

async function settings(target: Target, tls: Tls, options: OpenOptions): Promise<ConnectionOptions> {
  const { host, port, socket, user, password, database } = target
  return {
    ...(socket === undefined ? { host: host ?? 'localhost', port: port ?? 3306 } : { socketPath: socket }),
    user: user ?? osUser(),
    ...(password === undefined ? {} : { password }),
    ...(options.maintenance || database === '' ? {} : { database }),
    ...(tls.mode === 'off' ? {} : { ssl: { ...(await tlsMaterial(tls)), verifyIdentity: tls.mode === 'verify-full' } }),
    connectTimeout: options.connectTimeout,
    enableKeepAlive: true,
    // else the system's: two hours, in which a firewall has long forgotten a session that runs one statement
    keepAliveInitialDelay: 60_000,
    multipleStatements: true,
    // else the driver looks through all of a text for the places of parameters, which there are none of
    queryFormat: (sql: string) => sql,
    // LOCAL_FILES would let a server read our files; FOUND_ROWS changes ROW_COUNT(); IGNORE_SPACE sets the SQL mode of
    // that name, in which `CREATE TABLE count (…)` is a syntax error. The driver has all three on.
    flags: ['-LOCAL_FILES', '-FOUND_ROWS', '-IGNORE_SPACE'],
    charset: 'utf8mb4',
    connectAttributes: { program_name: 'sqlmig' },
    supportBigNumbers: true,
    dateStrings: true,
    jsonStrings: true,
    typeCast,
  }
}

function typeCast(field: TypeCastField, next: () => void): unknown {
  if (field.type === 'LONGLONG') return integer(field.string())
  // The driver makes objects of shapes; their bytes are what the server has.
  if (field.type === 'GEOMETRY') return field.buffer()
  return next()
}

function integer(text: string | null): number | bigint | null {
  if (text === null) return null
  const number = Number(text)
  return Number.isSafeInteger(number) ? number : BigInt(text)
}

function connected(config: ConnectionOptions): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const connection = createConnection(config)
    connection.on('error', reject)
    connection.connect((error) => {
      if (error === null) resolve(connection)
      else reject(error)
    })
  })
}

/** One statement through a connection of its own. */
async function once(config: ConnectionOptions, sql: string): Promise<void> {
  const connection = await connected(config)
  await new Promise<void>((resolve) => connection.query(sql, () => resolve()))
  await new Promise<void>((resolve) => connection.end(() => resolve()))
}
