import { randomUUID } from 'node:crypto'
import type { LeaseSql, SeenLease } from '../dialects/dialect.ts'
import type { Row, Session } from '../drivers/driver.ts'
import { ServerError } from '../drivers/driver.ts'
import { openSession } from '../drivers/open.ts'
import { SqlmigError } from '../errors.ts'
import type { Lock } from './lock.ts'
import type { Run } from './run.ts'

/** Milliseconds between two beats of a lease that lives for twenty seconds. */
const beat = 4_000
/** How long an expired lease must have stood still under our eyes before it counts as left behind. */
const grace = 6_000
/** The same for one that the server's clock does not call expired: the clocks of a cluster's nodes may differ. */
const longGrace = 30_000

const connectTimeout = 10_000

/**
 * A lock in a row of a table, kept alive by a session of its own while the run's works. Who finds it left behind first
 * makes sure that the holder has had the chance to write, then that the server is not at work for it any more.
 */
export class Lease implements Lock {
  readonly token = randomUUID()
  readonly fence: readonly string[]
  private readonly run: Run
  private readonly sql: LeaseSql
  private readonly table: string
  private session: Session | undefined
  private name: string | undefined
  private watched: Watched | undefined
  /** The session of a challenge that is under way. */
  private challenger: Session | undefined
  private timer: NodeJS.Timeout | undefined
  private held = false

  constructor(run: Run, sql: LeaseSql) {
    this.run = run
    this.sql = sql
    this.table = sql.table(run.table)
    this.fence = sql.beat(this.table, this.token)
  }

  async take(): Promise<boolean> {
    const session = await this.open()
    try {
      this.held = await this.taken(session)
    } catch (error) {
      // another runner is faster, or makes a table just now that was looked for
      if (!(error instanceof ServerError) || error.lost || !this.run.dialect.isRetryable(error.code)) throw error
      await session.exec([this.run.dialect.transaction.rollback])
    }
    if (this.held) this.beatAfter(beat)
    return this.held
  }

  private async taken(session: Session): Promise<boolean> {
    this.name ??= await this.nameOfSession()
    if (!(await this.isThere(session)) && !(await this.make(session))) return false
    const seen = await this.look(session)
    // a former try succeeded, and its answer was lost
    if (seen?.token === this.token) return true
    if (seen && !this.isLeft(seen)) return false
    await session.exec(this.sql.take(this.table, this.taker(this.name), seen))
    return (await this.look(session))?.token === this.token
  }

  async release(): Promise<void> {
    clearTimeout(this.timer)
    await this.challenger?.close()
    const { session, held } = this
    this.held = false
    if (!session) return
    // where this fails the lease expires
    if (held) await session.exec([this.sql.release(this.table, this.token)]).catch(() => undefined)
    await session.close()
  }

  private taker(session: string) {
    const { user, host } = this.run.author
    return { token: this.token, user, host, session }
  }

  private async open(): Promise<Session> {
    this.session ??= await this.openAside()
    return this.session
  }

  private async openAside(): Promise<Session> {
    const session = await openSession(this.run.target, { readOnly: false, connectTimeout })
    if (this.run.facts.sharing === 'cluster') session.eachAlone?.()
    return session
  }

  private async isThere(session: Session): Promise<boolean> {
    return (await session.query(this.run.dialect.ledger.exists(this.table))).length > 0
  }

  /** False where another runner is in the way. */
  private async make(session: Session): Promise<boolean> {
    await session.exec(this.sql.create(this.table))
    return this.isThere(session)
  }

  private async look(session: Session): Promise<Seen | undefined> {
    const [row] = await session.query(this.sql.look(this.table))
    return row && seenOf(row)
  }

  /** True where its holder has gone, as far as can be told without asking the holder. */
  private isLeft(seen: Seen): boolean {
    const { watched } = this
    if (seen.busy) this.watched = undefined
    else if (!watched || watched.token !== seen.token || watched.beats !== seen.beats) {
      this.watched = { ...seen, since: undefined }
      this.challenge(this.watched)
    } else if (watched.since !== undefined) {
      return Date.now() - watched.since > (seen.expired ? grace : longGrace)
    }
    return false
  }

  /** The clock starts when a write went through: what kept it waiting has kept the holder's beat waiting, too. */
  private challenge(watched: Watched): void {
    const begin = async () => {
      this.challenger ??= await this.openAside()
      await this.challenger.exec([this.sql.challenge(this.table)])
      watched.since = Date.now()
    }
    begin().catch(async () => {
      if (this.watched === watched) this.watched = undefined
      const failed = this.challenger
      this.challenger = undefined
      await failed?.close()
    })
  }

  private beatAfter(milliseconds: number): void {
    this.timer = setTimeout(() => void this.beat(), milliseconds).unref()
  }

  /** A beat that fails is no loss yet: the next one may reach the server, and the fence tells in time. */
  private async beat(): Promise<void> {
    const began = Date.now()
    try {
      await (await this.open()).exec(this.fence)
    } catch (error) {
      if (error instanceof ServerError && error.lost) this.session = undefined
    }
    if (this.held) this.beatAfter(Math.max(100, beat - (Date.now() - began)))
  }

  private async nameOfSession(): Promise<string> {
    const [row] = await this.run.session.query(this.sql.session)
    const name = String(row?.session)
    if (this.sql.sessionNames.test(name)) return name
    throw new SqlmigError('unsupported', `the pooler does not pass on the name of the session ("${name}")`, {
      state: 'nothing was run',
      remedy:
        'connect to PostgreSQL itself: without that name nobody can tell whether the server is still at work for a run that was killed',
    })
  }
}

interface Seen extends SeenLease {
  readonly expired: boolean
  readonly busy: boolean
}

interface Watched extends SeenLease {
  /** When it was seen to stand still; undefined as long as nobody could have written. */
  since: number | undefined
}

function seenOf({ token, beats, expired, busy }: Row): Seen {
  return { token: String(token), beats: Number(beats), expired: isTrue(expired), busy: isTrue(busy) }
}

function isTrue(value: unknown): boolean {
  return value === true || Number(value) === 1
}
