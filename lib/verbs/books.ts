import type { Examined } from '../chain/examine.ts'
import { readChain } from '../chain/read.ts'
import type { Ledger, LedgerEvent } from '../ledger/rows.ts'
import { readLedger } from '../ledger/table.ts'
import { recordRow } from '../ledger/write.ts'
import { createLedger } from '../runner/create-ledger.ts'
import { rowOf } from '../runner/ledger-rows.ts'
import { openingOf, withLock } from '../runner/lock.ts'
import { unknownId } from '../runner/plan.ts'
import type { Run } from '../runner/run.ts'
import type { ChainOptions, Database, DatabaseOptions } from './context.ts'
import { defaultDir, withDatabase } from './context.ts'
import { defaultSettings, runOf } from './run-of.ts'

export interface Books {
  readonly run: Run
  readonly database: Database
  readonly chain: readonly Examined[]
  readonly ledger: Ledger
}

export interface Access {
  /** The work is about a migration that another run may be in the middle of. */
  readonly halfDone?: boolean
  /** The work writes nothing, and locks nothing. */
  readonly dry?: boolean
}

/** Does some work on the ledger while nobody else runs. */
export async function withBooks<T>(
  options: DatabaseOptions & ChainOptions,
  work: (books: Books) => Promise<T>,
  { halfDone = false, dry = false }: Access = {},
): Promise<T> {
  return withDatabase(options, dry ? 'read' : 'write', async (database) => {
    const run = runOf(database, options, options.onEvent)
    // where DDL rolls back, the transaction of the write takes the lock, and sees whether somebody was faster
    const read = async (run: Run) => {
      const ledger = await readLedger(database.session, database.dialect, database.table)
      const chain = readChain(options.dir ?? defaultDir, database.dialect, database.lexis, new Map())
      return work({ run, database, chain, ledger })
    }
    const locks = !dry && (halfDone || !database.dialect.rollsBackDdl)
    return locks ? withLock(run, read) : read(run)
  })
}

/** Writes rows and whatever else belongs to them in one transaction that fails where somebody was faster. */
export async function write({ run, ledger }: Books, statements: readonly string[]): Promise<void> {
  const { dialect, session, table } = run
  if (!ledger.exists) await createLedger(run)
  const timeouts = { lockTimeout: defaultSettings.lockTimeout, statementTimeout: undefined }
  const open = openingOf(run, timeouts)
  await session.exec([
    ...open,
    dialect.transaction.check(table, ledger.lastSeq),
    ...statements,
    ...(run.fence ?? []),
    dialect.transaction.commit,
  ])
}

export function row(
  { run }: Books,
  seq: number,
  event: LedgerEvent,
  file: Examined,
  note: string | undefined,
  done = file.statements,
): readonly string[] {
  return recordRow(run.dialect, run.table, { ...rowOf(file, seq), event, done, note }, run.author)
}

/** Records files as applied, running nothing. */
export async function recordFiles(
  books: Books,
  event: LedgerEvent,
  files: readonly Examined[],
  note: string | undefined,
): Promise<void> {
  const rows = files.flatMap((file, index) => row(books, books.ledger.lastSeq + 1 + index, event, file, note))
  if (rows.length > 0) await write(books, rows)
}

/**
 * The files of the chain up to an id.
 * @throws SqlmigError `unknown-id`
 */
export function filesUpTo(id: string, { chain }: Books): readonly Examined[] {
  const ids = chain.map((file) => file.id)
  if (!ids.includes(id)) throw unknownId(id, ids)
  return chain.filter((file) => file.id <= id)
}
