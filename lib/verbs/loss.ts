import type { Session } from '../drivers/driver.ts'
import { openSession } from '../drivers/open.ts'
import type { Ledger } from '../ledger/rows.ts'
import { readLedger } from '../ledger/table.ts'
import { pause } from '../runner/run.ts'
import type { Database } from './context.ts'

/** How long to wait for the server to be done with what a lost session had sent, in milliseconds. */
const patience = 10_000
const longestPause = 500

export interface AfterLoss {
  readonly ledger: Ledger
  /** The server is still at work on what was sent: the ledger may change yet. */
  readonly busy: boolean
}

/** What the ledger says after a connection was lost; undefined where the server is away. */
export async function askAfterLoss(
  { target, dialect, facts, table }: Database,
  signal: AbortSignal | undefined,
): Promise<AfterLoss | undefined> {
  try {
    const session = await openSession(target, { readOnly: true, connectTimeout: 5_000 })
    try {
      // in this order: what ends in between is in the ledger
      const busy = await isBusy(session, facts.atWork, signal)
      return { ledger: await readLedger(session, dialect, table), busy }
    } finally {
      await session.close()
    }
  } catch {
    return undefined
  }
}

/**
 * A server hears of the end of a connection when it next reads or writes: until then it goes on with what it was sent, and
 * may commit it.
 */
async function isBusy(session: Session, atWork: string | undefined, signal: AbortSignal | undefined): Promise<boolean> {
  if (atWork === undefined) return false
  const deadline = Date.now() + patience
  for (let next = 20; ; next = Math.min(longestPause, next * 2)) {
    if ((await session.query(atWork)).length === 0) return false
    if (Date.now() >= deadline || signal?.aborted) return true
    await pause(next, signal).catch(() => undefined)
  }
}
