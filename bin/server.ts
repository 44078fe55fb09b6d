import { createDatabase, humane, wait } from '../lib/index.ts'
import type { Call } from './call.ts'
import { databaseOptions, duration } from './options.ts'

/** `wait`: until the server answers. */
export async function waitVerb({ flags, report }: Call): Promise<number> {
  report.working('waiting for the server')
  const result = await wait({ ...databaseOptions(flags), timeout: duration(flags, 'timeout') })
  report.line(`${result.database} answers, after ${humane(result.waited_ms)}`)
  report.document({ ...result })
  return 0
}

/** `create`: the database itself. */
export async function createVerb({ flags, report }: Call): Promise<number> {
  const result = await createDatabase(databaseOptions(flags))
  report.line(result.created ? `created ${result.database}` : `${result.database} is there already`)
  report.document({ ...result })
  return 0
}
