import { type Row, ServerError, type Session } from '../drivers/driver.ts'
import type { Position } from '../ledger/write.ts'
import type { Statement } from '../text/split.ts'
import { namingBlockers, type Wait } from './blockers.ts'
import type { PlanStep } from './plan.ts'
import type { Run } from './run.ts'
import { throwIfAborted } from './run.ts'

/** What a piece of SQL in a message is there for. */
export type Role = 'open' | 'check' | 'setting' | 'statement' | 'ledger' | 'fence' | 'commit' | 'question'

/** One piece of SQL of a message, and whose it is. */
export interface Unit {
  readonly sql: string
  readonly role: Role
  readonly step: PlanStep | undefined
  readonly statement?: Statement
  /** The rows that a batch is about, in words. */
  readonly about?: string
  /** Where a position in the SQL, in code points, was in the file's own text; undefined where it was not. */
  readonly original?: (position: number) => number | undefined
  /** It commits by itself. */
  readonly isBare?: boolean
  /** Where the journal stands once this is done. */
  readonly position?: Position
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

export interface Sent {
  readonly units: readonly Unit[]
  readonly rows: readonly Row[]
}

/** Collects units into messages. */
export class Messages {
  private readonly run: Run
  private readonly limit: number
  private units: Unit[] = []
  private size = 0
  /** A message whose outcome is awaited later. */
  private underWay: { readonly units: readonly Unit[]; readonly sent: Promise<unknown> } | undefined

  constructor(run: Run) {
    this.run = run
    // a character is at most three bytes of UTF-8
    this.limit = Math.min(messageSize, (run.session.maxMessage ?? Number.POSITIVE_INFINITY) / 4)
  }

  add(...units: readonly Unit[]): void {
    for (const unit of units) {
      this.units.push(unit)
      this.size += unit.sql.length + 2
    }
  }

  get isFull(): boolean {
    return this.size >= this.limit
  }

  get isEmpty(): boolean {
    return this.units.length === 0
  }

  /**
   * Sends what was collected; gives the units that took effect, and the rows of a question that is the last of them.
   * @param patience how long it may wait for a lock, in milliseconds
   * @throws UnitFailure
   */
  async send(patience?: number): Promise<Sent> {
    const before = await this.landed()
    const units = this.taken()
    if (units.length === 0) return { units: before, rows: [] }
    await this.breathe()
    const { session } = this.run
    const rows = await this.sending(units, () => answer(session, units), { patience })
    return { units: [...before, ...units], rows }
  }

  /**
   * Sends what was collected, and comes back while the server is at work on it, so that the next message is made meanwhile.
   * Gives the units that took effect of the message before; the next call, of this or of `send`, gives these.
   * @throws UnitFailure of the message before
   */
  async sendAhead(patience?: number): Promise<readonly Unit[]> {
    const before = await this.landed()
    const units = this.taken()
    if (units.length === 0) return before
    await this.breathe()
    const { session } = this.run
    const sent = new Promise<void>((resolve) => {
      const work = async () => {
        const { done } = await session.launch(units.map(({ sql }) => sql))
        resolve()
        await done
      }
      // waits of the first message may be cut short
      const isLarge = units.every(({ role }) => role !== 'open')
      const outcome = this.sending(units, work, { patience, isLarge })
      // told by whoever awaits it
      outcome.catch(() => resolve())
      this.underWay = { units, sent: outcome }
    })
    await sent
    return before
  }

  /** Waits for the message that is under way. What was collected meanwhile counts as behind its failure. */
  private async landed(): Promise<readonly Unit[]> {
    const { underWay } = this
    if (!underWay) return []
    this.underWay = undefined
    try {
      await underWay.sent
      return underWay.units
    } catch (error) {
      throw error instanceof UnitFailure ? new UnitFailure([...underWay.units, ...this.taken()], error.error) : error
    }
  }

  private taken(): readonly Unit[] {
    const { units } = this
    this.units = []
    this.size = 0
    return units
  }

  /** Lets signals and timers in between messages of a driver that never waits. */
  private async breathe(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve))
    throwIfAborted(this.run.signal)
  }

  private async sending<T>(units: readonly Unit[], work: () => Promise<T>, wait: Wait): Promise<T> {
    const { session, signal } = this.run
    const cancel = () => void session.cancel()
    signal?.addEventListener('abort', cancel, { once: true })
    try {
      return await namingBlockers(this.run, work, wait)
    } catch (error) {
      throw error instanceof ServerError ? new UnitFailure(units, error) : error
    } finally {
      signal?.removeEventListener('abort', cancel)
    }
  }
}

async function answer(session: Session, units: readonly Unit[]): Promise<readonly Row[]> {
  const sql = units.map((unit) => unit.sql)
  if (units.at(-1)?.role === 'question') return session.execThenQuery(sql.slice(0, -1), sql.at(-1)!)
  await session.exec(sql)
  return []
}
