import { hostname, userInfo } from 'node:os'
import type { Dialect, ServerFacts } from '../dialects/dialect.ts'
import { dialectFor, dialects } from '../dialects/dialects.ts'
import type { OpenOptions, Session } from '../drivers/driver.ts'
import { ServerError } from '../drivers/driver.ts'
import { openSession } from '../drivers/open.ts'
import type { Target } from '../drivers/target.ts'
import { parseUrl } from '../drivers/url.ts'
import { SqlmigError } from '../errors.ts'
import { defaultTable, qualify } from '../ledger/table.ts'
import type { Author } from '../ledger/write.ts'
import type { Listener } from '../runner/events.ts'
import type { Lexis } from '../text/lexis.ts'
import { version } from '../version.ts'
import type { UrlSources } from './database-url.ts'
import { findUrl } from './database-url.ts'
import { checkPooler } from './pooler.ts'

/** What every verb that talks to a database takes. */
export interface DatabaseOptions extends UrlSources {
  /** A database that is known already; no URL is looked for then. */
  readonly target?: Target | undefined
  /** The ledger's table, `sqlmig_history` by default; may be schema-qualified. */
  readonly table?: string | undefined
  /** How long to try to connect, in milliseconds; 10 s by default. */
  readonly connectTimeout?: number | undefined
  readonly onEvent?: Listener | undefined
  readonly signal?: AbortSignal | undefined
}

/** What every verb that reads the chain takes. */
export interface ChainOptions {
  /** The folder of the migrations, `sql` by default. */
  readonly dir?: string | undefined
}

export const defaultDir = 'sql'

/** An open database, and what it says of itself. */
export interface Database {
  readonly target: Target
  readonly session: Session
  readonly dialect: Dialect
  readonly facts: ServerFacts
  readonly lexis: Lexis
  /** The ledger's table as it stands in SQL. */
  readonly table: string
  /** The same as it was given. */
  readonly ledgerName: string
}

/**
 * Opens the database, does some work, and closes it whatever happens.
 * @param access `read` opens a session that cannot write
 * @throws SqlmigError `no-database`, `bad-url`, `connection`, `authentication`, `unknown-database`, `read-only`
 */
export async function withDatabase<T>(
  options: DatabaseOptions,
  access: 'read' | 'write',
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const { target, from } = targetOf(options)
  const session = await openFor(target, options, access)
  try {
    const database = await describe(session, target, options.table ?? defaultTable).catch(beforeAll)
    options.onEvent?.({ type: 'connected', database: target.display, server: database.facts.version, from })
    if (access === 'write' && database.facts.readOnly) throw readOnly(target)
    if (access === 'write' && database.facts.sharing === 'pooler') await checkPooler(session, target)
    return await work(database)
  } catch (error) {
    throw error instanceof ServerError ? refused(error) : error
  } finally {
    await session.close()
  }
}

async function openFor(target: Target, options: DatabaseOptions, access: 'read' | 'write'): Promise<Session> {
  const how: OpenOptions = {
    readOnly: access === 'read',
    connectTimeout: options.connectTimeout ?? 10_000,
    greeting: dialects[target.dialect].factsQuery,
  }
  try {
    return await openSession(target, how)
  } catch (error) {
    const notYet = error instanceof SqlmigError && error.code === 'unknown-database' && access === 'read'
    // a file that is not there yet reads like an empty database, and is not made by reading it
    if (notYet && target.dialect === 'sqlite') return openSession({ ...target, database: ':memory:' }, how)
    throw error
  }
}

/** The database that the options name, and where its name came from. */
export function targetOf(options: DatabaseOptions): { readonly target: Target; readonly from: string } {
  if (options.target) return { target: options.target, from: 'sqlmig' }
  const { url, from } = findUrl(options)
  return { target: parseUrl(url), from }
}

function beforeAll(error: unknown): never {
  throw error instanceof ServerError ? refused(error).with({ state: 'nothing was run' }) : error
}

/** Asks a session what it is. */
export async function describe(session: Session, target: Target, table: string): Promise<Database> {
  const spoken = dialects[target.dialect]
  const row = session.greeting ?? (await session.query(spoken.factsQuery))[0]
  const dialect = dialectFor(target.dialect, spoken.readFacts(row ?? {}, session.announced))
  const facts = dialect.readFacts(row ?? {}, session.announced)
  const lexis = dialect.lexis(facts.modes)
  if (facts.sharing === 'cluster') session.eachAlone?.()
  return { target, session, dialect, facts, lexis, table: qualify(table, dialect, facts), ledgerName: table }
}

function readOnly(target: Target): SqlmigError {
  return new SqlmigError('read-only', `${target.display} takes no writes: it is a replica, or set to read-only`, {
    state: 'nothing was run',
    remedy: "name the primary server in the database's URL",
  })
}

/** A server's refusal of something that is not a migration's. */
function refused(error: ServerError): SqlmigError {
  const code = error.lost ? 'lost-connection' : 'statement'
  return new SqlmigError(code, `the server refuses: ${error.message} (${error.code})`, {
    remedy: 'see to what the message names, then run again',
    server: error.code,
    cause: error,
  })
}

/** Who runs this process, for the ledger. */
export function author(): Author {
  return { user: userName(), host: `${hostname()} (pid ${process.pid})`, version: version() }
}

function userName(): string {
  try {
    return userInfo().username
  } catch {
    return process.env.USER ?? 'unknown' // a container's user may have no name
  }
}
