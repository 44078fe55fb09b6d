import type { Row } from '../drivers/driver.ts'
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

/** Who holds the lock, of either kind. */
async function holder({ session, dialect, table }: Run): Promise<string | undefined> {
  const { lock, lease, transaction } = dialect
  let found = session.writer?.(lock.beside ?? '') ?? session.writer?.('')
  for (const sql of [...(lease ? [lease.holder(lease.table(table))] : []), ...lock.holders(table)]) {
    // a courtesy, which the server may refuse
    const [row] = await session.query(sql).catch((): readonly Row[] => [])
    if (row?.holder !== undefined && row.holder !== null) found ??= String(row.holder)
  }
  // where the session is always in a transaction, the look at the ledger would show it from then on as it is now
  if (!transaction.begin) await session.exec([transaction.rollback])
  return found
}
