import { readChain } from '../chain/read.ts'
import { readLedger } from '../ledger/table.ts'
import { LooseTables } from '../runner/loose-tables.ts'
import type { Goal } from '../runner/plan.ts'
import { plan } from '../runner/plan.ts'
import type { Run } from '../runner/run.ts'
import { writeScript } from '../runner/script.ts'
import type { ChainOptions, DatabaseOptions } from './context.ts'
import { author, defaultDir, withDatabase } from './context.ts'
import { defaultSettings } from './up.ts'

export interface ScriptResult {
  /** A file for psql, mysql or sqlite3. */
  readonly sql: string
  readonly pending: readonly string[]
}

/** What `up` would do, as one SQL file that a DBA can run; writes nothing. */
export async function script(options: DatabaseOptions & ChainOptions & Goal = {}): Promise<ScriptResult> {
  return withDatabase(options, 'read', async (database) => {
    const { session, dialect, lexis, table } = database
    const ledger = await readLedger(session, dialect, table)
    const todo = plan(readChain(options.dir ?? defaultDir, dialect, lexis, ledger.recorded), ledger, options)
    const run: Run = {
      ...database,
      author: author(),
      loose: new LooseTables(database.dialect),
      settings: defaultSettings,
      emit: () => undefined,
      signal: options.signal,
    }
    await run.loose.read(session)
    return {
      sql: writeScript(run, todo, ledger.lastSeq, ledger.exists),
      pending: todo.steps.map(({ file }) => file.id),
    }
  })
}
