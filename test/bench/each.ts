import type { Kind } from '../servers/connection.ts'
import { releaseAll } from '../servers/server.ts'
import { databases } from './settings.ts'

/** Measures on one database after the other, ends the servers, and ends with 1 where something could not be measured. */
export async function eachDatabase(kinds: readonly Kind[], measure: (kind: Kind) => Promise<void>): Promise<void> {
  for (const kind of databases(kinds)) {
    try {
      await measure(kind)
    } catch (error) {
      console.error(`NOT MEASURED: ${kind}: ${error instanceof Error ? error.message : String(error)}`)
      process.exitCode = 1
    }
  }
  await releaseAll()
}
