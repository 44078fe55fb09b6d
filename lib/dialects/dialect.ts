import type { Fact, NamePart, QualifiedName } from '../text/facts.ts'
import type { Lexis } from '../text/lexis.ts'
import type { Statement } from '../text/split.ts'
import type { ClientSql } from './client.ts'
import type { DialectName } from './dialect-name.ts'

/** What a server says of itself and of the session, as far as sqlmig acts on it. */
export interface ServerFacts {
  /** `PostgreSQL 15.3`, `MySQL 9.1.0`, `MariaDB 10.11.6`, `SQLite 3.50.1`. */
  readonly version: string
  /** True for a replica or a server that takes no writes. */
  readonly readOnly: boolean
  /** Who the session runs as. */
  readonly user: string
  /** The schema (PostgreSQL) or database (MySQL) that unqualified names go to; null where there is none. */
  readonly schema: string | null
  /** MySQL's sql_mode, PostgreSQL's standard_conforming_strings, as text. */
  readonly modes: string
  /**
   * Why a lock of the session is no lock: a pooler deals out the server's sessions to whoever sends something, or a
   * cluster takes writes on several nodes, each with locks of its own. undefined where it is one.
   */
  readonly sharing: 'pooler' | 'cluster' | undefined
  /** A statement of DDL takes effect as a whole or not at all, even where the server is killed. */
  readonly atomicDdl: boolean
  /**
   * A SELECT for another session: it gives a row as long as the server may be at work for this one, as it may be for a while
   * after the connection was lost. undefined where nobody works on behalf of a client.
   */
  readonly atWork: string | undefined
  /** Statements that give the session back the settings it had when the facts were read. */
  readonly restore: readonly string[]
}

/**
 * What a statement does to the transaction around it:
 * - `plain`: can be rolled back
 * - `autocommit`: commits what came before, and itself (DDL on MySQL)
 * - `alone`: refuses a transaction, or company in one message
 * - `opaque`: runs code that is not to be seen from here (CALL): outside a transaction it may commit parts of its work
 * - `begin`, `commit`: the file's own transaction
 * - `skip`: has no effect inside a transaction; sqlmig sees to it in its own way
 */
export type Effect = 'plain' | 'autocommit' | 'alone' | 'opaque' | 'begin' | 'commit' | 'skip' | Refusal

/** A statement that sqlmig will not run in any file. */
export interface Refusal {
  readonly refused: string
  readonly remedy: string
}

/** How to go on with a statement that was cut off, so that nobody was told whether it took effect. */
export type Recovery =
  /** It may run again, whatever it has done; where there is an `unless`, only while that SELECT gives no row. */
  | { readonly kind: 'again'; readonly unless?: string | undefined }
  /** It works in several steps and may have left something between them. */
  | Leaving
  /**
   * It takes effect as a whole or not at all: an expression for what it changes, as a text to be kept from before.
   * Where several things may have changed one by one, `whole` is a SELECT that gives a row when all have.
   */
  | { readonly kind: 'compare'; readonly fingerprint: string; readonly whole?: string | undefined }

export interface Leaving {
  readonly kind: 'left'
  /**
   * A SELECT for what there is now: its `name`, whether it is `done`, else the SQL that would `clear` it away, whether this
   * `finishes` the statement's work instead, and who is `busy` with it just now.
   */
  readonly left: string
  /** What such a thing means before the statement has begun, and after it has succeeded: nothing, or not. */
  readonly foreign: 'refuse' | 'note' | 'pass'
  /** Where something whole cannot be found by its name: as for what is compared. */
  readonly fingerprint?: string | undefined
}

/** Settings come back when the statement is run `again`; values that it worked out are `lost`, in variables of these names. */
export type SessionEffect = 'again' | { readonly lost: readonly string[] }

export interface TransactionSettings {
  /** In milliseconds. */
  readonly lockTimeout: number
  /** In milliseconds; undefined leaves the server's own. */
  readonly statementTimeout: number | undefined
}

/** Everything in which the three kinds of database differ, as data and text. */
export interface Dialect {
  readonly name: DialectName
  /** The product's name for messages. */
  readonly title: string
  /** DDL can be rolled back, so that a migration and its ledger row commit together or not at all. */
  readonly rollsBackDdl: boolean
  /** While DDL waits for a lock, other sessions' statements wait behind it. */
  readonly queuesBehindDdl: boolean
  /**
   * What several migrations may have in common, each with an outcome of its own: a message, with a transaction for each; or
   * a transaction, with a savepoint for each, where it is the COMMIT that takes the time.
   */
  readonly stretches: 'message' | 'transaction'

  /** The lexis under the server's modes; without modes, the server's defaults. */
  lexis(modes?: string): Lexis
  effect(statement: Pick<Statement, 'words' | 'text'>): Effect
  /** The statement as it is sent: the same text but for what the ledger needs. */
  prepared(statement: Pick<Statement, 'words' | 'text'>, ledgerTable: string): string

  /** undefined where nobody can tell what a statement has done that was cut off. */
  recovery(statement: Pick<Statement, 'words' | 'text'>, lexis: Lexis): Recovery | undefined
  /** How long a statement may take, but for waits. */
  pace(statement: Pick<Statement, 'words' | 'text'>): Pace
  /** What a statement leaves in the session that a new one would lack; undefined where nothing. */
  leaves(statement: Pick<Statement, 'words' | 'text'>): SessionEffect | undefined
  /** Takes back within its transaction what a statement has set; undefined where `restore` does that. */
  undo(statement: Pick<Statement, 'words' | 'text'>): string | undefined

  /** A quoted identifier. */
  identifier(name: string): string
  /** A text literal that is safe whatever the session's modes. */
  text(value: string): string
  bytes(value: Uint8Array): string

  /** One statement whose row `readFacts` understands. */
  readonly factsQuery: string
  /** @param announced the number of the server's process that the driver was told on connecting */
  readFacts(row: Readonly<Record<string, unknown>>, announced?: number): ServerFacts

  /** A SELECT that gives rows where the thing of the fact exists. */
  factQuery(fact: Fact): string

  /** A SELECT for `name`, `schema` and `rows` of each table: null for the schema of plain names, and for rows nobody has counted. */
  readonly tableSizes: string

  readonly ledger: LedgerSql
  /** undefined where a statement cannot be parsed once and run often within messages. */
  readonly prepares: PreparesSql | undefined
  readonly transaction: TransactionSql
  readonly batches: BatchSql
  readonly foreignKeys: ForeignKeySql | undefined
  /** undefined where every table's rows can be rolled back. */
  readonly looseTables: LooseTablesSql | undefined
  readonly lock: LockSql
  /** undefined where a session's lock always is one. */
  readonly lease: LeaseSql | undefined
  /** How a file for the server's own client program is written. */
  readonly client: ClientSql
  /** The statements of `create` and `drop`; undefined where a database is a file. */
  readonly databases:
    | {
        create(name: string): string
        drop(name: string): string
        /** A SELECT that gives, as `sql`, the statement for a database with the character set and collation of the session's. */
        alike(name: string): string
      }
    | undefined
  /** Queries for the sessions that the runner waits for, the best first; none where nobody can be asked. */
  readonly blockers: readonly string[]
  /**
   * Where time-outs are in whole seconds, a wait is given up by cancelling the statement: the code of the error that then
   * comes, and the one of a lock's time-out.
   */
  readonly impatience: { readonly cancelled: string; readonly code: string } | undefined
  /** Codes of errors that are worth another try: lock time-outs, deadlocks. */
  isRetryable(code: string): boolean
  /** Codes of errors of a statement that was ended in favour of another one: at once worth another try. */
  isDeadlock(code: string): boolean
  /** True where an error says that the database, or the file that it is, takes no writes. */
  isReadOnly(error: { readonly code: string; readonly message: string }): boolean
}

/** How a migration's transaction began. */
export interface Opened {
  /** The client's clock then, in milliseconds. */
  readonly at: number
  /** The ledger's table, and the number of its last row. */
  readonly table: string
  readonly lastSeq: number | string
}

/** Statements that are parsed and planned once; `$1` and so on stand for their values. */
export interface PreparesSql {
  readonly types: Readonly<Record<'number' | 'text' | 'bytes', string>>
  prepare(name: string, types: readonly string[], sql: string): string
  /** As `TransactionSql.check`, as a statement that can be prepared. */
  check(table: string, seq: string): string
  execute(name: string, values: readonly string[]): string
  deallocate(name: string): string
  /** Codes of errors that say: somebody has taken the statement away, or its name. */
  readonly gone: readonly string[]
}

export interface LedgerSql {
  /** A SELECT that gives a row where the table exists. `table` is as `qualify` gave it. */
  exists(table: string): string
  create(table: string): readonly string[]
  /** The time now, and a column of that kind as ISO 8601 in UTC. */
  readonly now: string
  iso(column: string): string
  /** A column as a text that is never null and holds no `|`. */
  part(column: string): string
  /** The hexadecimal digest of texts, joined by `|`, under the name that Node has for it. */
  digest(parts: readonly string[]): string
  readonly digestName: 'sha256' | 'sha3-256'
  /** Columns as one text with a space between them; a last one that is null is left out. */
  words(columns: readonly string[]): string
  /** Milliseconds that the migration took whose row is about to be written, as an integer. */
  elapsed(opened: Opened): string
  /** Milliseconds since the time in a column. */
  since(column: string): string
}

export interface TransactionSql {
  /**
   * Opens a transaction that takes part in the lock; the first but BEGIN fails where somebody else holds it.
   * @param lease a lease that may be the lock instead, with the run's own token
   */
  open(
    settings: TransactionSettings,
    lease?: { readonly table: string; readonly token?: string | undefined },
  ): readonly string[]
  /** Session settings for statements that run outside a transaction. */
  settings(settings: TransactionSettings): readonly string[]
  /**
   * What lets the statements after one that may take long wait for locks in full: its work would be done again after a
   * short try. undefined for a statement that is quick, or where no time-out is set within a transaction.
   */
  patiently(statement: Pick<Statement, 'words'>, lockTimeout: number): string | undefined
  /** What every transaction of a journal begins with, where the session does not keep `settings`. */
  each(settings: TransactionSettings): readonly string[]
  /** What a transaction begins with whose COMMIT need not wait for the disk: what a crash takes of it is done again. */
  readonly lazily: readonly string[]
  /** Fails where the ledger's last row is not `seq`. */
  check(table: string, seq: number): string
  /** Has the server tell at once what is done of a message, where it would else wait for its end. */
  readonly tell: readonly string[]
  /** Opens a transaction that takes no part in the lock; undefined where the session is always in one. */
  readonly begin: string | undefined
  readonly commit: string
  readonly rollback: string
  /** Around one migration of several in a transaction. */
  readonly savepoint: SavepointSql | undefined
}

export interface SavepointSql {
  readonly set: string
  readonly release: string
  readonly rollback: string
  /** A SELECT for the size of the database in `bytes`. */
  readonly size: string
}

/** How long a statement takes: that of a `quick` one does not grow with the `size`, that of an `open` one nobody knows. */
export type Pace = 'quick' | 'size' | 'open'

/** How rows are gone through in the order of a key. Its values travel as texts that lose nothing. */
export interface BatchSql {
  /** A table or column as it stands in SQL. */
  name(part: NamePart): string
  /**
   * A SELECT with a row for each column of a key that there is: its number `n` from 1, its `type` for what follows, or
   * null where its order or its text is not to be relied on, the type's name `declared`, whether it is `required` (NOT
   * NULL), and whether a `single` index makes the whole key unique.
   */
  inspect(table: QualifiedName, key: readonly NamePart[]): string
  /** An expression for a column's value as a text; null where it is one that cannot be. */
  asText(column: string, type: string): string
  /** The expression that such a text came from. */
  literal(text: string, type: string): string
  /** Such a text for people. */
  shown(text: string, type: string): string
  /** True for rows behind these values, in the order of the columns, written so that an index is used. */
  after(columns: readonly string[], values: readonly string[]): string
  /** A SELECT for about how many `number` of rows there are, where statistics tell that. */
  estimate(table: QualifiedName): string | undefined
}

/** Foreign keys that a table rebuild wants switched off outside the transaction, and checked before its end. */
export interface ForeignKeySql {
  readonly off: string
  readonly on: string
  /** A row where any table may have a foreign key. */
  readonly declared: string
  /** True for a statement that may declare one. */
  readonly declares: RegExp
  /** One row per violation: `child`, `id`, `parent`. */
  readonly violations: string
  /** `child` and `parent` of each key by which rows are deleted with others now; none while keys are off. */
  readonly cascades: string
  /** `name`, `table` and `sql` of each trigger. */
  readonly triggers: string
  /** The `name` of each table. */
  readonly tables: string
}

/** Tables of engines that know no transactions. */
export interface LooseTablesSql {
  /** One row per table: `name`. */
  readonly select: string
  /** The table that a statement puts into such an engine. */
  made(statement: Pick<Statement, 'words' | 'text'>): string | undefined
}

export interface LockSql {
  /**
   * Tries to take the session's lock: fails, or gives a row whose `locked` is 0 or false, where somebody has it; null
   * where the server cannot tell.
   */
  readonly acquire: string
  /** Fails with `lost` where the session no longer holds the lock that gave this row. */
  fence(row: Readonly<Record<string, unknown>>): readonly string[]
  /** The code of an error that says: this run's lock is gone. */
  readonly lost: string
  readonly release: string
  /** The lock is that of an empty file beside the database, its name with this at the end. */
  readonly beside: string | undefined
  /** SELECTs for who holds the lock, as one text `holder`: the first that works and gives a row tells. */
  holders(ledger: string): readonly string[]
}

/** Who takes a lease. */
export interface LeaseTaker {
  readonly token: string
  readonly user: string
  readonly host: string
  /** The name under which the server lists the session that will work, as `session` gave it. */
  readonly session: string
}

/** A lease as it was seen: it counts up as long as its holder lives. */
export interface SeenLease {
  readonly token: string
  readonly beats: number
}

/** A lock that is a row of a table: it holds whatever session a statement runs in, and whatever node of a cluster. */
export interface LeaseSql {
  table(ledger: string): string
  create(table: string): readonly string[]
  /** A SELECT for the name, `session`, of the session that asks. */
  readonly session: string
  /** What such a name must look like to tell a runner from other programs. */
  readonly sessionNames: RegExp
  /**
   * A SELECT for the lease that stands, if one does: `token`, `beats`, whether it is `expired` by the server's clock,
   * and `busy` where the server is still at work for its holder.
   */
  look(table: string): string
  /** A SELECT for who has the lease while it is not expired, as one text `holder`. */
  holder(table: string): string
  /** A write that waits for whatever keeps the holder's own writes waiting. */
  challenge(table: string): string
  /** Takes a lease that nobody has, or that of a holder who is gone; fails, or does nothing, where another one was faster. */
  take(table: string, taker: LeaseTaker, former: SeenLease | undefined): readonly string[]
  /** Prolongs the lease, or fails with `LockSql.lost` where it is no longer this one. */
  beat(table: string, token: string): readonly string[]
  release(table: string, token: string): string
  /** Fails as if the lock were taken, in a transaction of `open`, while another one has the lease. */
  honour(table: string, token: string | undefined): string | undefined
}
