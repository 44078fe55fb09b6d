import { setMaxListeners } from 'node:events'
import { performance } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import type { Random } from '../seed.ts'
import { type Connection, connect, type Kind } from '../servers/connection.ts'

const rows = 10_000
/** Clients, and how long each rests after an operation, in milliseconds. */
const clients = 8
const rest = 10

export async function prepare(connection: Connection): Promise<void> {
  await connection.query('create table account (id integer primary key, balance integer not null)')
  for (let id = 0; id < rows; id += 1000) {
    const values = Array.from({ length: 1000 }, (_, index) => `(${id + index}, 100)`)
    await connection.query(`insert into account values ${values.join(', ')}`)
  }
}

/** How long operations took, in milliseconds. */
export interface Latencies {
  readonly operations: number
  readonly p50: number
  readonly p99: number
  /** The same had operations arrived at a steady pace, and not waited for those before them to end. */
  readonly p99Steady: number
  readonly max: number
}

/** An application at work: short reads and writes, and sessions that hold locks on the table for seconds. */
export class Workload {
  private readonly kind: Kind
  private readonly url: string
  private readonly random: Random
  private readonly stop = new AbortController()
  private readonly running: Promise<void>[] = []
  private samples: number[] = []

  constructor(kind: Kind, url: string, random: Random) {
    this.kind = kind
    this.url = url
    this.random = random
    setMaxListeners(0, this.stop.signal)
  }

  start(): void {
    for (let n = 0; n < clients; n++) this.running.push(this.client())
    for (const hold of [this.reads, this.reads, this.idles, this.idles]) this.running.push(this.holder(hold))
  }

  /** Begins to measure anew. */
  reset(): void {
    this.samples = []
  }

  latencies(): Latencies {
    return summary(this.samples)
  }

  async end(): Promise<void> {
    this.stop.abort()
    await Promise.all(this.running)
  }

  private get stopped(): boolean {
    return this.stop.signal.aborted
  }

  private async client(): Promise<void> {
    const connection = connect(this.kind, this.url)
    while (!this.stopped) {
      const id = Math.floor(this.random() * rows)
      const began = performance.now()
      await connection.query(`select balance from account where id = ${id}`)
      await connection.query(`update account set balance = balance + 1 where id = ${id}`)
      this.samples.push(performance.now() - began)
      await this.pause(rest)
    }
    await connection.close()
  }

  private async holder(hold: (connection: Connection, seconds: number) => Promise<unknown>): Promise<void> {
    const connection = connect(this.kind, this.url)
    while (!this.stopped) {
      await hold.call(this, connection, 3 + 5 * this.random())
      await this.pause(1000 + 3000 * this.random())
    }
    await connection.close()
  }

  /** A long SELECT. */
  private reads(connection: Connection, seconds: number): Promise<unknown> {
    const sleep = this.kind === 'postgres' ? 'pg_sleep' : 'sleep'
    return connection.query(`select ${sleep}(${seconds.toFixed(1)}) from account where id = 1`)
  }

  /** A session that forgets to end its transaction. */
  private async idles(connection: Connection, seconds: number): Promise<void> {
    await connection.query('begin')
    await connection.query('select count(*) from account')
    await this.pause(seconds * 1000)
    await connection.query('commit')
  }

  private async pause(milliseconds: number): Promise<void> {
    await pause(milliseconds, undefined, { signal: this.stop.signal }).catch(() => undefined)
  }
}

function summary(samples: readonly number[]): Latencies {
  const sorted = [...samples].sort((a, b) => a - b)
  const p50 = quantile(sorted, 0.5)
  // who would have come while one waited would have waited for the rest of that time
  const missed = samples.flatMap((one) => {
    const step = rest + p50
    return Array.from({ length: Math.max(0, Math.floor(one / step) - 1) }, (_, n) => one - (n + 1) * step)
  })
  const steady = [...samples, ...missed].sort((a, b) => a - b)
  return {
    operations: samples.length,
    p50,
    p99: quantile(sorted, 0.99),
    p99Steady: quantile(steady, 0.99),
    max: sorted.at(-1) ?? 0,
  }
}

function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0
}
