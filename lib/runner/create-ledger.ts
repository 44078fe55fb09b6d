import { ServerError } from '../drivers/driver.ts'
import { SqlmigError } from '../errors.ts'
import { codeOf, remedyFor } from './failure.ts'
import { openingOf } from './lock.ts'
import { LockWait } from './lock-wait.ts'
import type { Unit } from './messages.ts'
import type { Run } from './run.ts'

/** What makes the ledger's table, for a message in which migrations follow. */
export function unitsOfCreation(run: Run): readonly Unit[] {
  const { dialect, table } = run
  return [
    ...opening(run).map((sql): Unit => ({ sql, role: 'open', step: undefined })),
    ...[...dialect.ledger.create(table), dialect.transaction.commit].map(
      (sql): Unit => ({ sql, role: 'create', step: undefined }),
    ),
  ]
}

function opening(run: Run): readonly string[] {
  const timeouts = { lockTimeout: run.settings.lockTimeout, statementTimeout: undefined }
  return openingOf(run, timeouts)
}

/** Makes the ledger's table, under the lock. */
export async function createLedger(run: Run): Promise<void> {
  const { dialect, session, table } = run
  const open = opening(run)
  const wait = new LockWait(run)
  for (;;) {
    try {
      await session.exec([...open, ...dialect.ledger.create(table), dialect.transaction.commit])
      return
    } catch (error) {
      if (!(error instanceof ServerError) || error.lost) throw error
      await session.exec([dialect.transaction.rollback]).catch(() => undefined)
      if (error.index >= open.length || !dialect.isRetryable(error.code)) throw notCreated(run, error)
      await wait.once()
    }
  }
}

/** The error where the ledger's table cannot be made. */
export function notCreated({ dialect, table }: Run, error: ServerError): SqlmigError {
  const code = codeOf(error, dialect)
  const cure = 'see to what the message names (a ledger elsewhere is named with --table SCHEMA.NAME)'
  return new SqlmigError(code, `the ledger ${table} cannot be made: ${error.message} (${error.code})`, {
    state: 'nothing was run',
    remedy: remedyFor(code, cure),
    server: error.code,
    cause: error,
  })
}
