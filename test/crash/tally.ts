import type { Test } from 'tap'
import { type Database, freshDatabase } from '../servers/databases.ts'
import { type Bench, type Disturbed, differences, finish, gone } from './trial.ts'

/** What came of many trials. */
export interface Tally {
  /** Trials in which something happened to the run before it was over. */
  points: number
  /** Something is missing at the end. */
  lost: number
  /** Something is there that an undisturbed run does not leave, or `up` failed since it was there already. */
  repeated: number
  /** The next `up` failed for another reason. */
  failed: number
  /** `up` said that it cannot know, and what to look at. */
  asked: number
  /** The next `up` went on in the middle of a file. */
  resumed: number
  /** The statements that it asked about, and how often. */
  readonly questions: Map<string, number>
}

export const emptyTally = (): Tally => ({
  points: 0,
  lost: 0,
  repeated: 0,
  failed: 0,
  asked: 0,
  resumed: 0,
  questions: new Map(),
})

interface Trial {
  readonly what: string
  readonly disturb: (database: Database) => Promise<Disturbed>
  /** The next run comes while the server may still be at work for the last one. */
  readonly impatient?: boolean
  /** Looks at what the disturbed run told, once the server is done with it. */
  readonly judge?: (database: Database, disturbed: Disturbed) => Promise<string | undefined>
  /** Where the database is to be, if not on the server of all tests. */
  readonly fresh?: () => Promise<Database>
}

/** One trial: a fresh database, a run that something happens to, and what the next ones make of it. */
export async function attempt(t: Test, bench: Bench, tally: Tally, trial: Trial): Promise<void> {
  const database = await (trial.fresh?.() ?? freshDatabase(bench.kind))
  try {
    const disturbed = await trial.disturb(database)
    if (disturbed.struck) tally.points++
    if (!trial.impatient) await gone(database)
    const wrong = await trial.judge?.(database, disturbed)
    if (wrong) tally.failed++
    if (wrong) t.fail(`${trial.what} at ${disturbed.at}: ${wrong}`, { stderr: disturbed.outcome.stderr })
    await judge(t, bench, tally, { database, what: `${trial.what} at ${disturbed.at}` })
  } finally {
    await database.drop()
  }
}

async function judge(t: Test, bench: Bench, tally: Tally, { database, what }: { database: Database; what: string }) {
  const { asked, resumed, failure } = await finish(bench, database)
  if (asked.length > 0) tally.asked++
  for (const statement of asked) tally.questions.set(statement, (tally.questions.get(statement) ?? 0) + 1)
  if (resumed) tally.resumed++
  if (failure !== undefined) {
    if (/already exists|duplicate|1050|1060|1061|1062|1304|1359/i.test(failure)) tally.repeated++
    else if (/doesn't exist|does not exist|unknown/i.test(failure)) tally.lost++
    else tally.failed++
    t.fail(what, { failure })
    return
  }
  const { lost, extra } = await differences(bench, database)
  if (lost.length > 0) tally.lost++
  else if (extra.length > 0) tally.repeated++
  if (lost.length + extra.length > 0) t.fail(what, { lost, extra })
}

/** Asserts that nothing was lost or repeated, and prints the figures. */
export function conclude(t: Test, bench: Bench, what: string, tally: Tally): void {
  const { points, lost, repeated, failed, asked, resumed } = tally
  t.match({ lost, repeated, failed }, { lost: 0, repeated: 0, failed: 0 })
  t.ok(points > 0, 'something happened at all')
  const figures = `${points} points, ${lost} lost, ${repeated} repeated, ${failed} failed, ${asked} asked, ${resumed} resumed`
  console.error(`${bench.kind}, ${what}: ${figures}`)
  for (const [statement, times] of tally.questions) console.error(`  asked of ${statement}: ${times}`)
}
