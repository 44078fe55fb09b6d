import { databaseOptions, type Flags } from './options.ts'
import type { Report } from './report.ts'

/** A command as it was called. */
export interface Call {
  readonly flags: Flags
  readonly args: readonly string[]
  readonly report: Report
}

/** Does what a command says, and gives its exit code. */
export type Verb = (call: Call) => Promise<number>

/** The options of a verb that connects, told about while it does. */
export function connecting({ flags, report }: Omit<Call, 'args'>): ReturnType<typeof databaseOptions> {
  report.working('connecting')
  return { ...databaseOptions(flags), onEvent: (event) => report.heard(event) }
}
