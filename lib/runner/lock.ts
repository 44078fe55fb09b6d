import type { TransactionSettings } from '../dialects/dialect.ts'
import type { Session } from '../drivers/driver.ts'
import { ServerError } from '../drivers/driver.ts'
import { openSession } from '../drivers/open.ts'
import { SqlmigError } from '../errors.ts'
import { Lease } from './lease.ts'
import { LockWait } from './lock-wait.ts'
import type { Run } from './run.ts'

/** The ledger is not where the plan found it: somebody else has applied something meanwhile. */
export class LedgerMoved extends Error {}

/** What keeps other runners out while a plan runs. */
export interface Lock {
  /** Tries to take it; true where it is had. A try never waits: a waiting call would hold a snapshot. */
  take(): Promise<boolean>
  /** SQL for every transaction of the run: it fails where the lock, once taken, is no longer this run's. */
  readonly fence: readonly string[]
  /** Its token, where it is a lease. */
  readonly token?: string
  /** Gives it back, and ends what was opened for it; never rejects. */
  release(): Promise<void>
}

/** Does some work while this run, and no other, holds the lock. The work is given the run as it is under the lock. */
export async function withLock<T>(run: Run, work: (held: Run) => Promise<T>): Promise<T> {
  const lock = await lockOf(run)
  try {
    const wait = new LockWait(run)
    while (!(await lock.take())) await wait.once()
    return await work({ ...run, fence: lock.fence, lease: lock.token })
  } finally {
    await lock.release()
  }
}

async function lockOf(run: Run): Promise<Lock> {
  const { dialect, facts } = run
  if (dialect.lease && facts.sharing) return new Lease(run, dialect.lease)
  const { beside } = dialect.lock
  return new SessionLock(run, beside === undefined ? run.session : await openBeside(run, beside))
}

/** The file stays when the lock is free: who removed it might remove it from under the next one. */
function openBeside({ target }: Run, suffix: string): Promise<Session> {
  const { database } = target
  const path = database === ':memory:' ? database : database + suffix
  return openSession({ ...target, database: path }, { readOnly: false, connectTimeout: 0, busyTimeout: 0 })
}

/** A lock that the server gives to a session, and takes back with the session's end. */
class SessionLock implements Lock {
  fence: readonly string[] = []
  private readonly run: Run
  private readonly session: Session
  private taken = false

  constructor(run: Run, session: Session) {
    this.run = run
    this.session = session
  }

  async take(): Promise<boolean> {
    this.taken = await this.acquired()
    // a lease is taken only while nobody has the session's lock: there can be none that is newer
    if (this.taken && (await this.isLeased())) await this.giveBack()
    return this.taken
  }

  async release(): Promise<void> {
    if (this.taken) await this.giveBack()
    if (this.session !== this.run.session) await this.session.close()
  }

  private async acquired(): Promise<boolean> {
    const { dialect } = this.run
    try {
      const [row] = await this.session.query(dialect.lock.acquire)
      if (row?.locked === null) throw noAnswer()
      if (row === undefined) return true
      this.fence = dialect.lock.fence(row)
      return row.locked === true || Number(row.locked) === 1
    } catch (error) {
      if (error instanceof ServerError && dialect.isRetryable(error.code)) return false
      throw error
    }
  }

  private async isLeased(): Promise<boolean> {
    const { dialect, session, table } = this.run
    const honour = dialect.lease?.honour(dialect.lease.table(table), undefined)
    if (honour === undefined) return false
    try {
      await session.exec([honour])
      return false
    } catch (error) {
      if (error instanceof ServerError && dialect.isRetryable(error.code)) return true
      throw error
    }
  }

  private async giveBack(): Promise<void> {
    this.taken = false
    await this.session.query(this.run.dialect.lock.release).catch(() => undefined) // a lost session has lost its lock
  }
}

function noAnswer(): SqlmigError {
  return new SqlmigError('lock', 'the server could not say whether the lock is free', {
    state: 'nothing was run',
    remedy: 'look into the log of the server (memory, a killed session), then run again',
  })
}

/** What a transaction begins with that is to run alone: the dialect's own statements, and respect for a lease. */
export function openingOf(run: Run, settings: TransactionSettings): readonly string[] {
  const { lease, transaction } = run.dialect
  return transaction.open(settings, lease && { table: lease.table(run.table), token: run.lease })
}

/** The error of a run whose lock went to another one. */
export function lockLost(state: string, cause: ServerError): SqlmigError {
  return new SqlmigError(
    'lock',
    'this run has lost its lock: it was cut off from the server for too long, or a statement gave the lock up',
    {
      state,
      remedy: 'run "sqlmig up" again: it goes on from where the ledger stands',
      server: cause.code,
      cause,
    },
  )
}
