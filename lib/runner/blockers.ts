import type { Row, Session } from '../drivers/driver.ts'
import { ServerError } from '../drivers/driver.ts'
import { openSession } from '../drivers/open.ts'
import type { Run } from './run.ts'
import { shortestTry } from './run.ts'

/** Between two looks, in milliseconds. */
const longestPause = 5000
/** Work that has taken longer, in milliseconds, is not given up for impatience. */
const cheap = 1000
/** How long the session aside may take to open, in milliseconds. */
const connectTimeout = 2000
/** Sessions that are named; the query gives one more. */
const mostNamed = 3
const longestSql = 300

/** Waiting for a lock was given up, and a session aside saw for whom. */
export class Blocked extends ServerError {
  /** A SELECT for those who hold the lock, one `holder` each as long as its transaction lasts; undefined where nobody can tell. */
  readonly holders: string | undefined

  constructor(error: ServerError, { told, holders }: Seen, code: string) {
    super(`${error.message}; ${told}`, { ...error, code, cause: error.cause })
    this.holders = holders
  }
}

interface Seen {
  readonly told: string
  readonly holders: string | undefined
}

/** After how many milliseconds the wait at hand is given up; undefined where it is not. */
export type Impatience = () => number | undefined

/**
 * Does some work in the run's session; where that fails for want of a lock, the error names who was in the way. Only while
 * the statement waits can a server tell: a session aside looks, often enough to see each wait that ends in a time-out. As
 * long as the work says that it has heard of the server, nothing waits.
 * All this is a courtesy: whatever hinders it, the error itself is told.
 */
export async function namingBlockers<T>(
  run: Run,
  work: (heard: () => void) => Promise<T>,
  { patience, isLarge = false }: Expected = {},
): Promise<T> {
  const { blockers, isRetryable, impatience } = run.dialect
  if (blockers.length === 0) return work(() => undefined)
  const watch = new Watch(run, { patience: impatience && run.facts.atomicDdl ? patience : undefined, isLarge })
  try {
    return await work(() => watch.heard())
  } catch (error) {
    if (!(error instanceof ServerError) || error.lost) throw error
    const givenUp = watch.gaveUp && !run.signal?.aborted && error.code === impatience?.cancelled
    if (!givenUp && !isRetryable(error.code)) throw error
    const seen = await watch.seen()
    if (!seen) throw error
    throw new Blocked(error, seen, givenUp ? impatience!.code : error.code)
  } finally {
    await watch.stop()
  }
}

/** What is known of some work before it begins. */
export interface Expected {
  /** Where waits are to be given up sooner than by the server's own time-outs. */
  readonly patience?: Impatience | undefined
  /** There is so much to do that it takes its time without anybody in the way. */
  readonly isLarge?: boolean
}

class Watch {
  /** The work was cancelled. */
  gaveUp = false
  private readonly run: Run
  private readonly patience: Impatience | undefined
  /** The server was heard of so often, and the last time then: the statement at hand is at work since. */
  private answers = 0
  private since = Date.now()
  private readonly shortestPause: number
  /** Until the next look, in milliseconds; twice as long each time: however long a wait is, it is looked at before its end. */
  private pause: number
  private lookAt: number
  private timer: NodeJS.Timeout
  private session: Session | undefined
  private look = Promise.resolve()
  private blockers: Seen | undefined
  private stopped = false

  constructor(run: Run, { patience, isLarge }: Expected) {
    this.run = run
    this.patience = patience
    // what is under way on the line is not waiting; and a wait that is ended from here can be looked at in its last moment
    const onTheWay = run.session.roundTrip?.() ?? 0
    const first = shortestTry * (isLarge ? 4 : run.dialect.impatience ? 1 : 0.4)
    this.shortestPause = first + (Number.isFinite(onTheWay) ? 2 * onTheWay : 0)
    this.pause = this.shortestPause
    this.lookAt = this.since + this.pause
    this.timer = this.next()
  }

  /** The server has done another statement: whoever was in the way is so no more. */
  heard(): void {
    this.answers++
    this.since = Date.now()
    this.pause = this.shortestPause
    this.lookAt = this.since + this.pause
    this.blockers = undefined
  }

  /** What the last look saw while the work waited. */
  async seen(): Promise<Seen | undefined> {
    const { blockers } = this
    if (blockers !== undefined) return blockers
    await this.look
    return this.blockers
  }

  /** Waits for a cancellation that is under way: it must not hit what comes next. */
  async stop(): Promise<void> {
    this.stopped = true
    clearTimeout(this.timer)
    if (this.gaveUp) await this.look
    void this.session?.close()
  }

  private next(): NodeJS.Timeout {
    return setTimeout(
      () => {
        if (Date.now() >= this.lookAt) this.look = this.ask().catch(() => undefined)
        void this.look.then(() => {
          if (!this.stopped) this.timer = this.next()
        })
      },
      Math.max(1, this.lookAt - Date.now()),
    )
  }

  private async ask(): Promise<void> {
    const { target, settings } = this.run
    const { answers } = this
    this.pause = Math.min(longestPause, this.pause * 2)
    this.lookAt = Date.now() + this.pause
    this.session ??= await openSession(target, { readOnly: true, connectTimeout })
    if (this.stopped) return this.session.close()
    const rows = await firstRows(this.session, this.run.dialect.blockers)
    const [first] = rows
    if (answers !== this.answers) return
    this.blockers = first && { told: sentence(rows, settings.blockingSql), holders: text(first.holders) }
    if (first && !this.stopped) await this.mayGiveUp()
  }

  private async mayGiveUp(): Promise<void> {
    const took = Date.now() - this.since
    const patience = this.patience?.()
    if (patience === undefined || took < patience || took > cheap) return
    this.gaveUp = true
    await this.run.session.cancel()
  }
}

/** Of the queries that this server and this user may ask, the first that has an answer. */
async function firstRows(session: Session, queries: readonly string[]): Promise<readonly Row[]> {
  for (const sql of queries) {
    const rows = await session.query(sql).catch((): readonly Row[] => [])
    if (rows.length > 0) return rows
  }
  return []
}

function sentence(rows: readonly Row[], withSql: boolean): string {
  const named = rows.slice(0, mostNamed).map((row) => blocker(row, withSql))
  const more = rows.length > mostNamed ? ' and others' : ''
  return `blocked${Number(rows[0]?.certain) === 1 ? '' : ', perhaps,'} by ${named.join(', ')}${more}`
}

function blocker(row: Row, withSql: boolean): string {
  const { id, who, program, open_s: open, state, state_s: since, sql_text: sql } = row
  const facts = [
    text(who) && `user ${who}`,
    text(program),
    activity(text(state), seconds(since)),
    seconds(open) && `its transaction open for ${seconds(open)}`,
    withSql && text(sql) && `its SQL: ${String(sql).replace(/\s+/g, ' ').slice(0, longestSql)}`,
  ]
  const told = facts.filter(Boolean).join(', ')
  return told === '' ? String(id) : `${id} (${told})`
}

function activity(state: string | undefined, since: string | undefined): string | undefined {
  if (state === undefined || since === undefined) return state
  return state === 'active' ? `its statement running for ${since}` : `${state} for ${since}`
}

function text(value: Row[string] | undefined): string | undefined {
  return value === null || value === undefined || value === '' ? undefined : String(value)
}

function seconds(value: Row[string] | undefined): string | undefined {
  if (value === null || value === undefined) return undefined
  const whole = Math.max(0, Math.round(Number(value)))
  return whole < 120 ? `${whole} s` : whole < 7200 ? `${Math.round(whole / 60)} min` : `${Math.round(whole / 3600)} h`
}
