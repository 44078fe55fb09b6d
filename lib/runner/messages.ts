import { type Heard, type Row, ServerError, type Session } from '../drivers/driver.ts'
import { askedAgain } from '../ledger/asked-again.ts'
import type { Position } from '../ledger/write.ts'
import type { Bulk } from '../text/bulk.ts'
import type { Statement } from '../text/split.ts'
import { namingBlockers } from './blockers.ts'
import { Numbering } from './numbering.ts'
import type { PlanStep } from './plan.ts'
import type { Run } from './run.ts'
import { throwIfAborted } from './run.ts'
import { Tally } from './written-rows.ts'

/** What a piece of SQL in a message is there for. */
export type Role =
  | 'create'
  | 'open'
  | 'check'
  | 'setting'
  | 'savepoint'
  | 'statement'
  | 'ledger'
  | 'release'
  | 'fence'
  | 'commit'
  | 'question'

/** One piece of SQL of a message, and whose it is. */
export interface Unit {
  readonly sql: string
  readonly role: Role
  readonly step: PlanStep | undefined
  readonly statement?: Statement
  /** Many statements of the file, in place of the SQL. */
  readonly bulk?: Bulk
  /** The rows that a batch is about, in words. */
  readonly about?: string
  /** Where a position in the SQL, in code points, was in the file's own text; undefined where it was not. */
  readonly original?: (position: number) => number | undefined
  /** It commits by itself. */
  readonly isBare?: boolean
  /** Where the migration stands once this is done. */
  readonly position?: Position
  /** Its migration is applied with it. */
  readonly finishes?: boolean
}

/** A message failed at one of its units. */
export class UnitFailure extends Error {
  readonly unit: Unit
  /** The units of the message before it: they took effect, unless the server refused the message as a whole. */
  readonly before: readonly Unit[]
  readonly after: readonly Unit[]
  readonly error: ServerError

  constructor(units: readonly Unit[], error: ServerError) {
    super(error.message, { cause: error })
    this.unit = units[error.index] ?? units[units.length - 1]!
    this.before = error.nothingRan ? [] : units.slice(0, error.index)
    this.after = units.slice(error.index)
    this.error = error
  }
}

/** The server's error, with its place in the text as the file has it. */
export function asWritten({ unit, error }: UnitFailure): ServerError {
  if (!unit.original || error.position === undefined) return error
  return new ServerError(error.message, { ...error, position: unit.original(error.position), cause: error.cause })
}

/** True where the lock of the run was found lost. */
export function isLockLost({ unit, error }: UnitFailure, { dialect }: Pick<Run, 'dialect'>): boolean {
  return unit.role === 'fence' && error.code === dialect.lock.lost
}

/** Characters of SQL that go into one message: beyond, more gains no speed and costs memory. */
const messageSize = 256 * 1024
/** The same for several migrations where the server is near: while it works on them, the next ones are collected. */
const nearSize = 64 * 1024
/** And where it is far. */
const farSize = 512 * 1024
/** A server is near whose answer takes less, in milliseconds. */
const near = 3

export interface Sent {
  readonly units: readonly Unit[]
  readonly rows: readonly Row[]
}

/** Collects units into messages. */
export class Messages {
  private readonly run: Run
  private readonly limit: number
  private readonly largest: number
  private units: Unit[] = []
  private size = 0
  /** The migration whose units come in now, and their size. */
  private step: PlanStep | undefined
  private sizeOfStep = 0
  /** The migration that the server has come to, and when, by the client's clock in milliseconds. */
  private begun: PlanStep | undefined
  reachedAt = Date.now()
  /** When the server was last heard of, or sent a message. */
  heardAt = Date.now()

  constructor(run: Run) {
    this.run = run
    // a character is at most three bytes of UTF-8
    this.largest = (run.session.maxMessage ?? Number.POSITIVE_INFINITY) / 4
    this.limit = Math.min(messageSize, this.largest)
  }

  add(...units: readonly Unit[]): void {
    for (const unit of units) {
      if (unit.step !== this.step) this.sizeOfStep = 0
      this.step = unit.step
      this.units.push(unit)
      const size = (unit.bulk?.size ?? unit.sql.length) + 2
      this.size += size
      this.sizeOfStep += size
    }
  }

  /** False where a server takes no message of that size. */
  takes(bulk: Bulk): boolean {
    return bulk.size < this.largest
  }

  get isEmpty(): boolean {
    return this.units.length === 0
  }

  /** True where what was collected of the migration at hand is enough for a message. */
  get isFull(): boolean {
    return this.sizeOfStep >= this.limit || this.size >= Math.min(farSize, this.largest)
  }

  /** True where the migrations that were collected are enough. */
  get isFullOfMigrations(): boolean {
    const size = (this.run.session.roundTrip?.() ?? 0) < near ? nearSize : farSize
    return this.size >= Math.min(size, this.largest)
  }

  /** The migrations whose COMMIT was collected. */
  get committing(): readonly PlanStep[] {
    return this.units.filter(({ role }) => role === 'commit').map(({ step }) => step!)
  }

  /** The journaled migrations that are applied with what was collected. */
  get finishing(): readonly PlanStep[] {
    return this.units.filter(({ finishes }) => finishes).map(({ step }) => step!)
  }

  /** True where there is a question at the end. */
  get asks(): boolean {
    return this.units.at(-1)?.role === 'question'
  }

  /** Forgets what was collected of a migration. */
  drop(step: PlanStep): void {
    this.units = this.units.filter((unit) => unit.step !== step)
  }

  /**
   * Sends what was collected; gives the units that took effect, and the rows of a question that is the last of them.
   * @param patience how long a unit may wait for a lock, in milliseconds
   * @throws UnitFailure
   */
  async send(patience?: (unit: Unit) => number | undefined): Promise<Sent> {
    const { units } = this
    const { session, signal, written } = this.run
    // a wait for the lock, or for a table that is seen for the first time, may be cut short
    const isLarge = this.isFull && !units.some(({ role }) => role === 'open')
    this.units = []
    this.size = 0
    this.sizeOfStep = 0
    if (units.length === 0) return { units, rows: [] }
    // lets signals and timers in between messages of a driver that never waits
    await new Promise((resolve) => setImmediate(resolve))
    throwIfAborted(signal)
    const cancel = () => void session.cancel()
    signal?.addEventListener('abort', cancel, { once: true })
    const numbering = new Numbering(units)
    let done = 0
    let complete = 0
    const tally = new Tally(units, written)
    const work = (heard: () => void) => {
      this.heardAt = Date.now()
      this.reach(units.find(({ step }) => step))
      return answer(session, units, {
        complete: (number) => {
          if (number <= complete) return
          complete = number
          this.heardAt = Date.now()
          const at = numbering.unitOf(number)
          while (done < at) this.reach(units[++done])
          heard()
        },
        wrote: (index, rows) => tally.wrote(numbering.unitOf(index), rows),
      })
    }
    const impatience = patience && (() => (units[done] ? patience(units[done]!) : undefined))
    try {
      const rows = await namingBlockers(this.run, work, { patience: impatience, isLarge })
      tally.keep(units.length)
      return { units, rows }
    } catch (error) {
      if (!(error instanceof ServerError)) throw error
      const failed = numbering.failed(error)
      const failure = new UnitFailure(failed.units, failed.error)
      tally.keep(committedOf(failure.before))
      if (!this.isOnlyQuestion(failure)) throw failure
      return { units, rows: await askedAgain(this.run.dialect, () => session.query(failure.unit.sql)) }
    } finally {
      signal?.removeEventListener('abort', cancel)
    }
  }

  /** True where all stands, but for an answer that the server gave up in favour of another session. */
  private isOnlyQuestion({ unit, before, error }: UnitFailure): boolean {
    if (unit.role !== 'question' || !this.run.dialect.isDeadlock(error.code)) return false
    return before.slice(committedOf(before)).every(({ role }) => role === 'setting')
  }

  /** The server has come to a unit: tells of the migration that begins there. */
  private reach(unit: Unit | undefined): void {
    const step = unit?.step
    if (!step || step === this.begun) return
    this.begun = step
    this.reachedAt = Date.now()
    const { id, path } = step.file
    this.run.emit({ type: 'start', id, file: path, resumedAt: step.journal ? step.done + 1 : undefined })
  }
}

/** How many of the units that took effect stand, whatever is rolled back. */
export function committedOf(before: readonly Unit[]): number {
  return before.findLastIndex(({ role, isBare }) => role === 'commit' || isBare) + 1
}

async function answer(session: Session, units: readonly Unit[], heard: Heard): Promise<readonly Row[]> {
  const sql = units.map((unit) => unit.bulk ?? unit.sql)
  const last = units.at(-1)
  if (last?.role === 'question') return session.execThenQuery(sql.slice(0, -1), last.sql, heard)
  await session.exec(sql, heard)
  return []
}
