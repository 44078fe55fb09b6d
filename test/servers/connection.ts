import Sqlite from 'better-sqlite3'
import mysql from 'mysql2/promise'
import postgres from 'postgres'

export type Kind = 'postgres' | 'mysql' | 'mariadb' | 'sqlite'
export type Row = Record<string, unknown>

/**
 * One session of a database, made without anything of lib/: tests judge lib with an independent eye.
 * Several statements at once are allowed, and give the rows of the last one (none with SQLite).
 * Whole numbers come as numbers where they are exact, dates and times as text, everywhere.
 */
export interface Connection {
  query(sql: string): Promise<Row[]>
  close(): Promise<void>
}

export function connect(kind: Kind, url: string): Connection {
  if (kind === 'sqlite') return connectSqlite(url)
  return kind === 'postgres' ? connectPostgres(url) : connectMysql(url)
}

function connectPostgres(url: string): Connection {
  const text = (value: string) => value
  const sql = postgres(url, {
    max: 1,
    onnotice: () => {},
    connect_timeout: 10,
    fetch_types: false,
    types: {
      time: { to: 25, from: [1082, 1083, 1114, 1184, 1266], serialize: text, parse: text },
      whole: { to: 20, from: [20], serialize: String, parse: exact },
    },
  })
  return {
    async query(statement) {
      const result: unknown = await sql.unsafe(statement).simple()
      return lastRows(result)
    },
    close: () => sql.end({ timeout: 5 }),
  }
}

const exact = (value: string) => (Number.isSafeInteger(Number(value)) ? Number(value) : value)

// A pool of one keeps the session as a connection would, and comes back after a server's restart as that would not.
function connectMysql(url: string): Connection {
  const uri = url.replace(/^mariadb:/, 'mysql:')
  const numbers = { supportBigNumbers: true, dateStrings: true }
  const pool = mysql.createPool({
    uri,
    connectionLimit: 1,
    multipleStatements: true,
    connectTimeout: 10_000,
    ...numbers,
  })
  return {
    async query(statement) {
      const [result] = await pool.query(statement)
      return lastRows(result)
    },
    close: () => pool.end(),
  }
}

function connectSqlite(url: string): Connection {
  const database = new Sqlite(url.replace(/^sqlite:/, ''))
  return {
    query: async (statement) => querySqlite(database, statement),
    close: async () => void database.close(),
  }
}

function querySqlite(database: Sqlite.Database, sql: string): Row[] {
  try {
    const statement = database.prepare<[], Row>(sql)
    if (statement.reader) return statement.all()
    statement.run()
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    database.exec(sql)
  }
  return []
}

// Several statements give an array of results; a result is itself an array of rows, or an object without rows.
function lastRows(result: unknown): Row[] {
  if (!Array.isArray(result)) return []
  const last: unknown = result.at(-1)
  if (Array.isArray(last)) return last.map((row: Row) => ({ ...row }))
  return result.filter((row: unknown) => !isHeader(row)).map((row: Row) => ({ ...row }))
}

const isHeader = (row: unknown) =>
  row !== null && typeof row === 'object' && row.constructor?.name === 'ResultSetHeader'
