import { setTimeout as delay } from 'node:timers/promises'
import type { Dialect, ServerFacts, TransactionSettings } from '../dialects/dialect.ts'
import type { Session } from '../drivers/driver.ts'
import type { Target } from '../drivers/target.ts'
import { SqlmigError } from '../errors.ts'
import type { Author } from '../ledger/write.ts'
import type { FileDirective } from '../text/directives.ts'
import type { Lexis } from '../text/lexis.ts'
import type { Listener } from './events.ts'
import type { LooseTables } from './loose-tables.ts'
import type { WrittenRows } from './written-rows.ts'

/** How a run behaves; times in milliseconds. */
export interface RunSettings {
  /** How long to wait for another runner. */
  readonly lockWait: number
  /** How long a statement waits for a lock before it is tried again. */
  readonly lockTimeout: number
  /** How often it is tried again. */
  readonly lockRetries: number
  /** How long a batch is to take, its size following; undefined leaves each at the size of its directive. */
  readonly batchTarget: number | undefined
  /** Tell the SQL text, too, of a session that is in the way. */
  readonly blockingSql: boolean
}

/** Everything that a run works with. */
export interface Run {
  readonly target: Target
  readonly session: Session
  readonly dialect: Dialect
  readonly facts: ServerFacts
  readonly lexis: Lexis
  /** The ledger's table as it stands in SQL. */
  readonly table: string
  readonly author: Author
  /** Tables whose rows cannot be rolled back, as far as they have been read. */
  readonly loose: LooseTables
  readonly settings: RunSettings
  readonly written: WrittenRows
  /** Under the lock: what fails within a transaction where the lock is no longer this run's. */
  readonly fence?: readonly string[]
  /** The token of the lease that is the lock, where it is one. */
  readonly lease?: string | undefined
  readonly emit: Listener
  /** Asks to stop: the statement at hand is cancelled and rolled back. */
  readonly signal: AbortSignal | undefined
}

/** In milliseconds. */
export const shortestTry = 50
/** Each try waits so many times longer than the one before. */
const growth = 4

/**
 * The time-outs of one try at a file.
 * @param left how many tries there are after this one: the last one waits for a lock as long as the file's directives or
 *   the run allow
 */
export function timeoutsOf(directives: readonly FileDirective[], settings: RunSettings, left = 0): TransactionSettings {
  let { lockTimeout } = settings
  let statementTimeout: number | undefined
  for (const directive of directives) {
    if (directive.name === 'lock-timeout') lockTimeout = directive.milliseconds
    else if (directive.name === 'statement-timeout') statementTimeout = directive.milliseconds
  }
  const patience = Math.max(Math.min(shortestTry, lockTimeout), Math.round(lockTimeout / growth ** left))
  return { lockTimeout: patience, statementTimeout }
}

export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw interrupted()
}

export function interrupted(): SqlmigError {
  return new SqlmigError('interrupted', 'interrupted', { remedy: 'run "sqlmig up" again to go on' })
}

/** A pause that grows with each attempt (in milliseconds), with jitter so that several runners do not march in step. */
export function pauseBefore(attempt: number): number {
  const base = Math.min(10_000, 100 * 2 ** attempt)
  return Math.round(base / 2 + (Math.random() * base) / 2)
}

/** Waits, but not past an interrupt. */
export async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  await delay(milliseconds, undefined, signal ? { signal } : {}).catch(() => undefined)
  throwIfAborted(signal)
}
