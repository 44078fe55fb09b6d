import type { Session } from '../drivers/driver.ts'
import { ServerError } from '../drivers/driver.ts'
import { openSession } from '../drivers/open.ts'
import { SqlmigError } from '../errors.ts'
import type { Run } from './run.ts'
import { pause } from './run.ts'

/** Pauses between two looks at the lock, in milliseconds. */
const shortestPause = 50
const longestPause = 1000

/** Waits for another runner, telling who it is, and gives up in the end. */
export class LockWait {
  private readonly run: Run
  private since: number | undefined
  private next = shortestPause

  constructor(run: Run) {
    this.run = run
  }

  /** The lock was had: the next wait begins anew. */
  reset(): void {
    this.since = undefined
    this.next = shortestPause
  }

  /**
   * Pauses once.
   * @throws SqlmigError `lock` when the whole wait is over
   */
  async once(): Promise<void> {
    const { run } = this
    if (this.since === undefined) {
      this.since = Date.now()
      run.emit({ type: 'waiting', holder: await holder(run) })
    }
    const left = this.since + run.settings.lockWait - Date.now()
    if (left <= 0) throw await this.givenUp()
    await pause(Math.min(this.next, left), run.signal)
    this.next = Math.min(longestPause, this.next * 1.5)
  }

  private async givenUp(): Promise<SqlmigError> {
    const who = await holder(this.run)
    const seconds = this.run.settings.lockWait / 1000
    return new SqlmigError(
      'lock',
      `${rival(this.run)} is at work in this database${who ? ` (${who})` : ''}; waited ${seconds} s`,
      {
        state: 'this run changed nothing more',
        remedy: 'wait until it is done and run again, or wait longer with --lock-wait SECONDS',
      },
    )
  }
}

/** Where transactions of the database itself are the lock, any program can be in the way. */
function rival({ dialect }: Run): string {
  return dialect.lock.beside === undefined ? 'another sqlmig' : 'another program'
}

async function holder({ session, dialect }: Run): Promise<string | undefined> {
  if (!dialect.lock.holder) return undefined
  // a courtesy, which may need a privilege, and fails on MySQL while others run SQL beyond its own character set (3854)
  const [row] = await session.query(dialect.lock.holder).catch(() => [])
  return row?.holder === undefined || row.holder === null ? undefined : String(row.holder)
}

/** Polls until the lock is had. A try never waits: a waiting call would hold a snapshot. */
async function pollLock(run: Run, session: Session): Promise<void> {
  const wait = new LockWait(run)
  while (!(await tryLock(run, session))) await wait.once()
}

async function tryLock({ dialect }: Run, session: Session): Promise<boolean> {
  try {
    const [row] = await session.query(dialect.lock.acquire)
    return row === undefined || row.locked === true || Number(row.locked) === 1
  } catch (error) {
    if (error instanceof ServerError && dialect.isRetryable(error.code)) return false
    throw error
  }
}

/** Does some work while the session holds the lock. */
export async function withSessionLock<T>(run: Run, work: () => Promise<T>): Promise<T> {
  const { beside, release } = run.dialect.lock
  const session = beside === undefined ? run.session : await openBeside(run, beside)
  try {
    await pollLock(run, session)
    return await work().finally(() => session.query(release).catch(() => undefined)) // a lost session has lost its lock
  } finally {
    if (session !== run.session) await session.close()
  }
}

/** The file stays when the lock is free: who removed it might remove it from under the next one. */
function openBeside({ target }: Run, suffix: string): Promise<Session> {
  const { database } = target
  const path = database === ':memory:' ? database : database + suffix
  return openSession({ ...target, database: path }, { readOnly: false, connectTimeout: 0, busyTimeout: 0 })
}
