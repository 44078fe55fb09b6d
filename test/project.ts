import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { folder, type Options, type Outcome, type Running, run, start } from './cli.ts'
import type { Database, Kind, Row } from './servers/databases.ts'

/** An error as `--json` tells it. */
export interface Told {
  readonly code: string
  readonly message: string
  readonly file: string | null
  readonly line: number | null
  readonly column: number | null
  readonly state: string | null
  readonly remedy: string | null
  readonly server: string | null
}

/** What `up --json` prints, as far as tests read it. */
export interface UpDocument {
  readonly applied: readonly { readonly id: string; readonly statements: number; readonly rows: number | null }[]
  readonly pending: readonly string[]
  readonly failed: Readonly<
    Record<'id' | 'file' | 'line' | 'column' | 'statement' | 'code' | 'message', unknown>
  > | null
  readonly error?: Told
}

/** A run that has ended, with the document that it printed. */
export type Ended<T> = Outcome & { readonly document: T; readonly error: Told | undefined }

/** A folder with a chain in `sql/`, a database, and the command line between them. */
export class Project {
  readonly database: Database
  readonly cwd: string

  /** @param files migrations by their ids, each the SQL of one file */
  constructor(database: Database, files: Readonly<Record<string, string | Uint8Array>> = {}) {
    this.database = database
    this.cwd = folder(Object.fromEntries(Object.entries(files).map(([id, sql]) => [this.file(id), sql])))
  }

  file(id: string): string {
    return `sql/${id}.up.sql`
  }

  path(id: string): string {
    return join(this.cwd, this.file(id))
  }

  write(id: string, sql: string | Uint8Array): void {
    writeFileSync(this.path(id), sql)
  }

  remove(id: string): void {
    rmSync(this.path(id))
  }

  /** Runs a command to its end, as a person at a terminal would see it. */
  run(args: readonly string[], options: Options = {}): Promise<Outcome> {
    return run(args, this.options(options))
  }

  start(args: readonly string[], options: Options = {}): Running {
    return start(args, this.options(options))
  }

  async json<T = Record<string, unknown>>(args: readonly string[], options: Options = {}): Promise<Ended<T>> {
    return ended<T>(await this.run([...args, '--json'], options))
  }

  up(...args: readonly string[]): Promise<Ended<UpDocument>> {
    return this.json<UpDocument>(['up', ...args])
  }

  private options(options: Options): Options {
    return { cwd: this.cwd, ...options, env: { DATABASE_URL: this.database.url, ...options.env } }
  }

  /** The ledger's rows that say what stands: `event id`, with `done` of `statements` where it is half done. */
  async ledger(table = 'sqlmig_history'): Promise<string[]> {
    const all = await this.database.query(`select event, id, done, statements from ${table} order by seq`)
    const ended = (id: unknown, at: number) => all.slice(at).some((row) => row.id === id && row.event === 'applied')
    const standing = all.filter(({ event, id }, at) =>
      event === 'started' ? !ended(id, at) : event !== 'failed' && event !== 'resumed',
    )
    return standing.map(({ event, id, done, statements }) =>
      event === 'started' ? `${event} ${id} ${done}/${statements}` : `${event} ${id}`,
    )
  }

  async count(table: string, where = '1 = 1'): Promise<number> {
    const [row] = await this.database.query(`select count(*) as n from ${table} where ${where}`)
    return Number(row?.n)
  }

  tables(): Promise<string[]> {
    return tablesOf(this.database)
  }
}

export function ended<T>(outcome: Outcome): Ended<T> {
  const document = outcome.json() as T & { readonly error?: Told }
  return { ...outcome, document, error: document.error }
}

const catalogue: Readonly<Record<Kind, string>> = {
  postgres: "select tablename as name from pg_tables where schemaname = 'public'",
  mysql: 'select table_name as name from information_schema.tables where table_schema = database()',
  mariadb: 'select table_name as name from information_schema.tables where table_schema = database()',
  sqlite: "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'",
}

/** The names of the tables that the server has, in order. */
export async function tablesOf(database: Pick<Database, 'kind' | 'query'>): Promise<string[]> {
  const rows: Row[] = await database.query(catalogue[database.kind])
  return rows.map(({ name }) => String(name)).sort()
}

/** True where the server rolls back DDL, so that a migration is whole or not there. */
export function rollsBack({ kind }: Pick<Database, 'kind'>): boolean {
  return kind === 'postgres' || kind === 'sqlite'
}
