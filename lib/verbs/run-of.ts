import type { Listener } from '../runner/events.ts'
import { LooseTables } from '../runner/loose-tables.ts'
import type { Run, RunSettings } from '../runner/run.ts'
import { WrittenRows } from '../runner/written-rows.ts'
import type { Database, DatabaseOptions } from './context.ts'
import { author } from './context.ts'

export const defaultSettings: RunSettings = {
  lockWait: 60_000,
  lockTimeout: 5_000,
  lockRetries: 10,
  batchTarget: undefined,
  blockingSql: false,
}

/** What a runner works with, in an open database. */
export function runOf(
  database: Database,
  options: Pick<DatabaseOptions, 'signal'> & Partial<RunSettings>,
  emit: Listener = () => undefined,
): Run {
  return {
    ...database,
    author: author(),
    loose: new LooseTables(database.dialect),
    settings: {
      lockWait: options.lockWait ?? defaultSettings.lockWait,
      lockTimeout: options.lockTimeout ?? defaultSettings.lockTimeout,
      lockRetries: options.lockRetries ?? defaultSettings.lockRetries,
      batchTarget: options.batchTarget,
      blockingSql: options.blockingSql ?? defaultSettings.blockingSql,
    },
    written: new WrittenRows(),
    emit,
    signal: options.signal,
  }
}
