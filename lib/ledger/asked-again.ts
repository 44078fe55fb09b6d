import type { Dialect } from '../dialects/dialect.ts'
import { ServerError } from '../drivers/driver.ts'

const patience = 10

/**
 * Asks the server, and asks again where it ended the question in favour of another session: DDL elsewhere in a cluster ends
 * what looks at the same table, say while another runner makes the ledger. No transaction may be open.
 */
export async function askedAgain<T>(dialect: Dialect, ask: () => Promise<T>): Promise<T> {
  for (let left = patience; ; left--) {
    try {
      return await ask()
    } catch (error) {
      if (!(error instanceof ServerError) || error.lost || left === 0 || !dialect.isDeadlock(error.code)) throw error
    }
  }
}
