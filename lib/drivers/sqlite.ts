import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import type BetterSqlite3 from 'better-sqlite3'
import { SqlmigError } from '../errors.ts'
import {
  type Heard,
  type Many,
  type Open,
  type OpenOptions,
  type Row,
  ServerError,
  type Session,
  type Sql,
  type Value,
} from './driver.ts'
import { statementCount } from './message.ts'
import { openingError, serverError } from './sqlite-errors.ts'
import { writerOf } from './sqlite-holder.ts'

type Database = BetterSqlite3.Database

export const open: Open = async (target, options) => {
  if (options.maintenance) return nowhere
  const Driver = await load()
  const { database: path } = target
  if (path !== ':memory:') checkPlace(path, options)
  try {
    const db = new Driver(path, settings(path, options))
    return prepared(db, path, options)
  } catch (error) {
    throw openingError(error, target)
  }
}

async function load(): Promise<typeof BetterSqlite3> {
  try {
    return (await import('better-sqlite3')).default
  } catch (error) {
    throw openingError(error)
  }
}

function checkPlace(path: string, { readOnly }: OpenOptions): void {
  if (!existsSync(dirname(path))) {
    throw new SqlmigError('unknown-database', `cannot open ${path}: its folder does not exist`, {
      remedy: 'create the folder, or correct the path in the URL',
    })
  }
  if (readOnly && !existsSync(path)) {
    throw new SqlmigError('unknown-database', `the database file ${path} does not exist`, {
      remedy: 'correct the path in the URL, or create the database with "sqlmig up"',
    })
  }
}

function settings(path: string, { readOnly, busyTimeout }: OpenOptions): BetterSqlite3.Options {
  // better-sqlite3 refuses to open an in-memory database read-only: see query_only below.
  return { readonly: readOnly && path !== ':memory:', fileMustExist: readOnly, timeout: busyTimeout ?? 5000 }
}

function prepared(db: Database, path: string, { readOnly }: OpenOptions): Session {
  try {
    // better-sqlite3 is compiled with SQLITE_DEFAULT_FOREIGN_KEYS=1; SQLite's own default, and every other client's, is off.
    db.exec('PRAGMA foreign_keys = OFF')
    // A dump of virtual tables writes into sqlite_schema, as the sqlite3 program lets it.
    if (!readOnly) db.unsafeMode()
    if (readOnly && path === ':memory:') db.exec('PRAGMA query_only = ON')
    db.function('sha3', { deterministic: true }, (text, size) =>
      createHash(`sha3-${size}`).update(String(text)).digest(),
    )
    // The first look into the file: tells whether it is a database at all.
    db.prepare('SELECT count(*) FROM sqlite_schema').get()
    return new SqliteSession(db)
  } catch (error) {
    db.close()
    throw error
  }
}

/** Verbs are async like everybody's, but the work in them is synchronous: a wait for a lock stops the process. */
class SqliteSession implements Session {
  readonly dialect = 'sqlite'
  // sqlite.org/limits.html, SQLITE_MAX_SQL_LENGTH; statements are run one by one.
  readonly maxMessage = 1_000_000_000
  readonly #db: Database
  #totalChanges: BetterSqlite3.Statement | undefined

  constructor(db: Database) {
    this.#db = db
  }

  async query(sql: string): Promise<readonly Row[]> {
    return this.#rows(sql, 0)
  }

  #rows(sql: string, index: number): readonly Row[] {
    return this.#told(sql, index, () => {
      const statement = this.#db.prepare(sql)
      if (statement.reader) return (statement.safeIntegers().all() as Record<string, Value>[]).map(exactRow)
      statement.run()
      return []
    })
  }

  async exec(statements: readonly Sql[], heard?: Heard): Promise<void> {
    let before = heard ? this.#changes() : 0
    let done = 0
    for (const sql of statements) {
      const first = done
      if (typeof sql === 'string') this.#told(sql, done++, () => this.#db.exec(sql))
      else done = this.#many(sql, first)
      if (!heard) continue
      const now = this.#changes()
      heard.wrote(first, now - before)
      heard.complete(done)
      before = now
    }
  }

  /** One by one, since of a text with many SQLite does not say which one failed. */
  #many(many: Many, first: number): number {
    let index = 0
    try {
      for (; index < many.count; index++) this.#db.exec(many.text(index))
    } catch (error) {
      throw serverError(error, many.text(index), { index: first + index, open: this.#db.open })
    }
    return first + index
  }

  async execThenQuery(statements: readonly Sql[], query: string, heard?: Heard): Promise<readonly Row[]> {
    await this.exec(statements, heard)
    return this.#rows(query, statementCount(statements))
  }

  async queries(statements: readonly string[]): Promise<readonly (readonly Row[])[]> {
    return statements.map((sql, index) => this.#rows(sql, index))
  }

  /** Rows that this session has written. */
  #changes(): number {
    this.#totalChanges ??= this.#db.prepare('SELECT total_changes()').pluck()
    return this.#totalChanges.get() as number
  }

  inTransaction(): boolean {
    return this.#db.inTransaction
  }

  async copyIn(): Promise<number> {
    throw new ServerError('COPY … FROM STDIN exists on PostgreSQL only', { code: 'SQLITE_MISUSE' })
  }

  writer(suffix: string): string | undefined {
    // no file is opened: to close it again would give up our own locks
    return writerOf(this.#db.name + suffix)
  }

  async cancel(): Promise<void> {}

  async close(): Promise<void> {
    try {
      this.#db.close()
    } catch {
      // A session that cannot be closed properly ends with the process.
    }
  }

  #told<T>(sql: string, index: number, work: () => T): T {
    try {
      return work()
    } catch (error) {
      throw serverError(error, sql, { index, open: this.#db.open })
    }
  }
}

/** In place: nobody else has the row yet, and a ledger may have thousands. */
function exactRow(row: Record<string, Value>): Row {
  for (const name of Object.keys(row)) {
    const value = row[name]!
    if (typeof value === 'bigint') row[name] = exact(value)
  }
  return row
}

function exact(value: Value): Value {
  if (typeof value !== 'bigint') return value
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

const noServer = async (): Promise<never> => {
  throw new SqlmigError('unsupported', 'SQLite has no server to ask: a database is a file')
}

/** SQLite has no maintenance database; whoever creates or drops one handles the file. */
const nowhere: Session = {
  dialect: 'sqlite',
  query: noServer,
  exec: noServer,
  execThenQuery: noServer,
  queries: noServer,
  copyIn: noServer,
  cancel: async () => undefined,
  close: async () => undefined,
}
