import type { Lexis } from '../text/lexis.ts'
import type { Statement } from '../text/split.ts'
import type { ServerFacts, TransactionSettings } from './dialect.ts'

/** How a file for the server's own client program is written. */
export interface ClientSql {
  /** The program, without Node and without sqlmig. */
  readonly program: string
  /** How it is given a file, for a person to copy. */
  command(file: string): string
  /** What a person has to know who runs it. */
  readonly advice: readonly string[]
  /** Lines at the top that make the program stop at the first error, and any other program, too. */
  readonly head: readonly string[]
  /** SQL that makes the session one like sqlmig's own, at the start and after a migration's own settings were taken back. */
  readonly session: readonly string[]
  /** A statement with its terminator. */
  statement(text: string): string
  /** The same for a statement that a person has written, in which the program is to find nothing of its own. */
  verbatim(text: string, lexis: Lexis): string
  /** Tells something to whoever watches. */
  say(words: string): string
  /** A query whose result is for people. */
  show(select: string): string
  /** Texts put together. */
  joined(parts: readonly string[]): string
  /** SQL that ends the program with these words where a condition holds. */
  stop(stop: Stop): readonly string[]
  /** What is wrong with a server, or a session, whatever the ledger says. */
  checks(facts: ServerFacts): readonly Stop[]
  /** The same in words, for the head: what they make sure of. */
  readonly checked: readonly string[]
  /** Lines that take sqlmig's lock for the session, or end the program. */
  readonly lock: readonly string[]
  readonly unlock: readonly string[]
  /** Fails in a transaction where the session no longer has the lock. */
  readonly fence: readonly string[]
  /** An expression for the name of the database at hand. */
  readonly database: string
  /** Names of tables without their schema go to the database at hand, whatever it is called. */
  readonly anyDatabase: boolean
  /** An expression for which migrations a ledger tells of, for the names of all tables. */
  readonly point: { applied(table: string): string; readonly tables: string }
  /** Keeps the foreign keys' violations before a migration, and looks for new ones; undefined where servers enforce them. */
  readonly violations: { readonly before: readonly string[]; after(id: string): readonly Stop[] } | undefined
  /** Other ways to open a transaction than the dialect's own, with the ledger's table; the first for a migration. */
  readonly open: ((asked: TransactionSettings, table: string) => readonly string[]) | undefined
  readonly begin: ((table: string) => readonly string[]) | undefined
  /** An expression for when that was, where the dialect's own SQL does not know. */
  readonly opened: string | undefined
  readonly conditions: ClientConditions
  /** Runs a statement range by range of a key, outside a transaction; undefined where the program has no loops. */
  readonly batches: ((loop: BatchLoop) => string) | undefined
}

/** A statement that runs in ranges of a key, and the journal's row that is told of each. */
export interface BatchLoop {
  /** The table, and the columns of the key, as they stand in SQL. */
  readonly table: string
  readonly columns: readonly string[]
  readonly size: number
  /** The statement with expressions for the ends of a range; for one column of the key, or for the key as a whole. */
  bind(value: (edge: 'from' | 'to', column: number | undefined) => string): string
  readonly ledger: string
  readonly seq: number
  /** What the mark of a range keeps, too. */
  readonly by: string
  readonly tokens: string
  /** Where a former run stopped. */
  readonly behind: { readonly through: readonly string[]; readonly rows: number } | undefined
}

/** A reason not to go on. */
export interface Stop {
  /** True where it is one. */
  readonly where: string
  readonly why: string
  /** An expression, a text, for what there is instead. */
  readonly found?: string | undefined
  readonly remedy: string
}

/** Whether the last `when` of a migration held; whether the `expect` at hand does, or is asked for and does not. */
export type Flag = 'held' | 'met' | 'unmet'

/** What conditional SQL depends on. */
export interface Conditional {
  /** Letters and digits, unlike those of any other script. */
  readonly token: string
  /** The server's, as `ServerFacts` has it. */
  readonly version: string
  /** How the file is read at this point. */
  readonly lexis: Lexis
}

/** How a client program does something only under a condition. */
export interface ClientConditions {
  /** What has to be there before. */
  prepare(about: Conditional): string
  /** Sets a flag; where `only` is given, under that flag alone, else it stays as it is. */
  set(flag: Flag, condition: string, only: Flag | undefined, about: Conditional): string
  /** A statement that runs only under a flag; undefined where that is not possible. */
  only(flag: Flag, statement: Pick<Statement, 'text' | 'words'>, about: Conditional): string | undefined
  /** A flag as an expression of SQL: 0 or 1. */
  value(flag: Flag): string
}
