import { execFileSync } from 'node:child_process'
import t, { type Test } from 'tap'
import { type Random, seeded } from '../seed.ts'
import { type Database, type Kind, notTested } from '../servers/databases.ts'
import { startMariadb } from '../servers/mariadb.ts'
import { startMysql } from '../servers/mysql.ts'
import { startPostgres } from '../servers/postgres.ts'
import { type Server, urlVariable } from '../servers/server.ts'
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
  /** Deaths of a server. */
  readonly servers: number
}

const sample: Sample = { boundaries: 4, moments: 4, cuts: 6, servers: 2 }

/** The number of random moments if all is to be tried. */
const all = Number(process.env.SQLMIG_TEST_CRASH) || undefined
/** The largest number of points of each other sort, then. */
const most = Number(process.env.SQLMIG_TEST_CRASH_MOST) || Number.POSITIVE_INFINITY

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

/** The servers that are killed, and started again on their data; what they have confirmed outlives their process. */
const starts: Readonly<Record<Exclude<Kind, 'sqlite'>, () => Promise<Server>>> = {
  postgres: () => startPostgres(process.env.SQLMIG_TEST_POSTGRES_BIN ?? '', { fsync: 'on' }),
  mysql: () => startMysql(['--innodb-flush-log-at-trx-commit=1']),
  mariadb: () => startMariadb(['--innodb-flush-log-at-trx-commit=1']),
}

/** A server of its own, killed in the middle of runs. */
export async function crashOfServer(kind: Exclude<Kind, 'sqlite'>): Promise<void> {
  const random = seeded(t)
  const skip =
    notTested(kind) ??
    (kind === 'postgres' && !process.env.SQLMIG_TEST_POSTGRES_BIN && 'NOT TESTED: no programs of PostgreSQL')
  await t.test(`where the server is killed, up brings all to its end, once (${kind})`, { skip }, async (t) => {
    let server = await starts[kind]()
    t.teardown(() => server.stop())
    process.env[urlVariable(kind)] = server.url
    const bench = await benchOf(kind)
    const tally = emptyTally()
    const wanted = all ? Math.ceil(all / 10) : sample.servers
    for (let trial = 0; trial < 2 * wanted && tally.points < wanted; trial++) {
      const disturb = async (database: Database) => {
        const disturbed = await strikeAfter(bench, database, random() * bench.duration, () => killServer(server))
        if (disturbed.struck) server = await server.restart!()
        return disturbed
      }
      await attempt(t, bench, tally, { what: 'the server was killed', disturb })
    }
    conclude(t, bench, 'server killed at random moments', tally)
  })
}

/** With all its processes at once: PostgreSQL's would else finish what they are at. */
function killServer({ pid }: Server): void {
  const processes = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
  const children = Array.from(processes.matchAll(/(\d+)\s+(\d+)/g)).filter(([, , parent]) => Number(parent) === pid)
  for (const one of [pid!, ...children.map(([, child]) => Number(child))]) process.kill(one, 'SIGKILL')
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
  const wanted = all ?? sample.moments
  // some come too late
  for (let trial = 0; trial < 2 * wanted && tally.points < wanted; trial++) {
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
function some<T>(from: readonly T[], few: number, random: Random): readonly T[] {
  const number = all ? most : few
  if (from.length <= number) return from
  const picked = new Set<number>()
  while (picked.size < number) picked.add(Math.floor(random() * from.length))
  return from.filter((_, index) => picked.has(index))
}
