import t, { type Test } from 'tap'
import { type Random, seeded } from '../seed.ts'
import { type Database, type Kind, notTested } from '../servers/databases.ts'
import { shortChainOf } from './chain.ts'
import type { Moment } from './proxy.ts'
import { saysWhereItStands } from './says.ts'
import { attempt, conclude, emptyTally } from './tally.ts'
import { type Bench, benchOf, cutAtMessage, killAtCall, killAtMessage, strikeAfter } from './trial.ts'

/** How many trials of each sort `npm test` makes; `npm run test:crash` makes all of them. */
export interface Sample {
  /** Kills at statement boundaries. */
  readonly boundaries: number
  /** Kills at random moments. */
  readonly moments: number
  /** Cuts of the connection. */
  readonly cuts: number
}

const sample: Sample = { boundaries: 4, moments: 4, cuts: 6 }

/** The number of random moments if all is to be tried. */
const all = Number(process.env.SQLMIG_TEST_CRASH) || undefined

/** All trials of one kind of database, as a test file. */
export async function crashMatrix(kind: Kind): Promise<void> {
  const skip = notTested(kind) ?? false
  const random = seeded(t)
  if (all) console.error(`SQLMIG_TEST_SEED=${process.env.SQLMIG_TEST_SEED}`)
  await t.test(`killed anywhere, up brings all to its end, once (${kind})`, { skip }, async (t) => {
    const bench = await benchOf(kind)
    await boundaries(t, bench, random)
    await moments(t, bench, random)
  })
  if (kind === 'sqlite') return
  await t.test(`cut off anywhere, up says where things stand, and goes on (${kind})`, { skip }, async (t) => {
    await cuts(t, await benchOf(kind, shortChainOf(kind)), random)
  })
}

async function boundaries(t: Test, bench: Bench, random: Random): Promise<void> {
  const tally = emptyTally()
  for (const disturb of some(boundariesOf(bench), sample.boundaries, random)) {
    await attempt(t, bench, tally, { what: 'killed', disturb, impatient: random() < 0.2 })
  }
  conclude(t, bench, 'killed at statement boundaries', tally)
}

function boundariesOf(bench: Bench) {
  if (bench.kind === 'sqlite') {
    const calls = Array.from({ length: bench.calls }, (_, index) => index + 1)
    return calls.map((call) => (database: Database) => killAtCall(bench, database, call))
  }
  const at = bench.frames.flatMap(({ frame, from, done }): Moment[] => {
    if (from === 'client')
      return [
        { frame, passed: 'nothing' },
        { frame, passed: 'all' },
      ]
    return done ? [{ frame, passed: 'nothing' }] : []
  })
  return at.map((moment) => (database: Database) => killAtMessage(bench, database, moment))
}

async function moments(t: Test, bench: Bench, random: Random): Promise<void> {
  const tally = emptyTally()
  for (let trial = 0; trial < (all ?? sample.moments); trial++) {
    const delay = random() * bench.duration
    const disturb = (database: Database) => strikeAfter(bench, database, delay, (child) => child.kill('SIGKILL'))
    await attempt(t, bench, tally, { what: 'killed', disturb, impatient: random() < 0.2 })
  }
  conclude(t, bench, 'killed at random moments', tally)
}

async function cuts(t: Test, bench: Bench, random: Random): Promise<void> {
  const tally = emptyTally()
  const at = bench.frames.flatMap(({ frame, from }): Moment[] => [
    { frame, passed: 'nothing' },
    { frame, passed: 'part' },
    ...(from === 'client' ? [{ frame, passed: 'all' } as const] : []),
  ])
  for (const moment of some(at, sample.cuts, random)) {
    await attempt(t, bench, tally, {
      what: 'cut off',
      disturb: (database) => cutAtMessage(bench, database, moment),
      judge: (database, { outcome }) => saysWhereItStands(database, outcome),
    })
  }
  conclude(t, bench, 'connection cut at messages', tally)
}

/** All of them, or some at random, in their order. */
function some<T>(from: readonly T[], number: number, random: Random): readonly T[] {
  if (all || from.length <= number) return from
  const picked = new Set<number>()
  while (picked.size < number) picked.add(Math.floor(random() * from.length))
  return from.filter((_, index) => picked.has(index))
}
