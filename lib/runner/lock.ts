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
      `another sqlmig is at work in this database${who ? ` (${who})` : ''}; waited ${seconds} s`,
      {
        state: 'this run changed nothing more',
        remedy: 'wait until it is done and run again, or wait longer with --lock-wait SECONDS',
      },
    )
  }
}

async function holder({ session, dialect }: Run): Promise<string | undefined> {
  if (!dialect.lock.holder) return undefined
  const [row] = await session.query(dialect.lock.holder)
  return row?.holder === undefined || row.holder === null ? undefined : String(row.holder)
}

/** Polls until a query gives a row whose `locked` is true. A try never waits: a waiting call would hold a snapshot. */
export async function pollLock(run: Run, query: string): Promise<void> {
  const wait = new LockWait(run)
  for (;;) {
    const [row] = await run.session.query(query)
    if (row?.locked === true || Number(row?.locked) === 1) return
    await wait.once()
  }
}

/** Does some work while the session holds the lock, where the dialect has one for sessions. */
export async function withSessionLock<T>(run: Run, work: () => Promise<T>): Promise<T> {
  const { acquire, release } = run.dialect.lock
  if (!acquire || !release) return work()
  await pollLock(run, acquire)
  try {
    return await work()
  } finally {
    // a session that is lost has lost its lock too
    await run.session.query(release).catch(() => undefined)
  }
}
