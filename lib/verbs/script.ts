import { readChain } from '../chain/read.ts'
import { readLedger } from '../ledger/table.ts'
import type { Goal } from '../runner/plan.ts'
import { plan } from '../runner/plan.ts'
import type { Run } from '../runner/run.ts'
import { writeScript } from '../runner/script.ts'
import { readPoint } from '../runner/script-point.ts'
import type { ChainOptions, DatabaseOptions } from './context.ts'
import { defaultDir, withDatabase } from './context.ts'
import { runOf } from './run-of.ts'

export interface ScriptResult {
  /** A file for psql, mysql or sqlite3. */
  readonly sql: string
  readonly pending: readonly string[]
}

export interface ScriptOptions extends DatabaseOptions, ChainOptions, Goal {
  /** The file that it is going to be written to, as its head tells it to a person. */
  readonly out?: string | undefined
}

/** What `up` would do, as one SQL file that a DBA can run; writes nothing. */
export async function script(options: ScriptOptions = {}): Promise<ScriptResult> {
  return withDatabase(options, 'read', async (database) => {
    const { session, dialect, lexis, table } = database
    const ledger = await readLedger(session, dialect, table)
    const todo = plan(readChain(options.dir ?? defaultDir, dialect, lexis, ledger.recorded), ledger, options)
    const run = asScript(runOf(database, options))
    await run.loose.read(session)
    const point = await readPoint(run, ledger)
    return {
      sql: writeScript(run, todo, point, { at: new Date().toISOString(), file: options.out }),
      pending: todo.steps.map(({ file }) => file.id),
    }
  })
}

/** Who made the script is known, and who is going to run it is not. */
function asScript(run: Run): Run {
  const host = run.author.host.replace(/ \(pid \d+\)$/, '')
  return { ...run, author: { ...run.author, host: `${host} (script)` } }
}
