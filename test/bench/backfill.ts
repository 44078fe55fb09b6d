import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { connect } from '../servers/connection.ts'
import { findPostgres, startPostgres } from '../servers/postgres.ts'
import { releaseAll } from '../servers/server.ts'

/** `npm run bench -- backfill`: a backfill in batches against the same as one UPDATE, and what an application feels of both. */

const program = fileURLToPath(new URL('../../cli/sqlmig.cjs', import.meta.url))

const rows = Number(process.env.SQLMIG_BENCH_ROWS ?? 1_000_000)
const size = Number(process.env.SQLMIG_BENCH_BATCH ?? 2_000)
/** The least length of a phase, in milliseconds. */
const phase = Number(process.env.SQLMIG_BENCH_SECONDS ?? 10) * 1000
/** How often what is compared runs, in turn. */
const turns = Number(process.env.SQLMIG_BENCH_TURNS ?? 3)
const clients = 4
const rest = 5

const set = 'update visit set seen = seen + 1, label = upper(label)'

interface Line {
  readonly name: string
  readonly seconds: number | undefined
  readonly samples: readonly number[]
}

/** A row each: an application reads one and writes one, anywhere in the table, again and again. */
class Application {
  private readonly url: string
  private readonly running: Promise<void>[] = []
  private stopped = false
  samples: number[] = []

  constructor(url: string) {
    this.url = url
    for (let n = 0; n < clients; n++) this.running.push(this.client())
  }

  async end(): Promise<readonly number[]> {
    this.stopped = true
    await Promise.all(this.running)
    return this.samples
  }

  private async client(): Promise<void> {
    const connection = connect('postgres', this.url)
    await connection.query('select 1')
    while (!this.stopped) {
      const id = 1 + Math.floor(Math.random() * rows)
      const began = performance.now()
      await connection.query(`select label from visit where id = ${id}`)
      await connection.query(`update visit set hits = hits + 1 where id = ${id}`)
      this.samples.push(performance.now() - began)
      await pause(rest)
    }
    await connection.close()
  }
}

class Bench {
  private readonly server: string
  private made = 0

  constructor(server: string) {
    this.server = server
  }

  private url(name: string): string {
    const url = new URL(this.server)
    url.pathname = `/${name}`
    return url.href
  }

  async prepare(): Promise<void> {
    await this.admin('create database bench_origin')
    const connection = connect('postgres', this.url('bench_origin'))
    await connection.query(
      'create table visit (id bigint primary key, hits integer not null default 0, seen integer not null default 0, label text not null)',
    )
    await connection.query(
      `insert into visit (id, label) select n, 'visit number ' || n from generate_series(1, ${rows}) n`,
    )
    await connection.query('vacuum (freeze, analyze) visit')
    await connection.close()
  }

  /** Does some work in a fresh copy, with or without an application beside it. */
  async line(name: string, busy: boolean, work: ((url: string) => Promise<void>) | undefined): Promise<Line> {
    const database = `bench_${++this.made}`
    await this.admin(`create database ${database} template bench_origin`)
    await this.admin('checkpoint')
    const url = this.url(database)
    const application = busy ? new Application(url) : undefined
    if (application) await pause(2000)
    if (application) application.samples = []
    const began = performance.now()
    await work?.(url)
    const seconds = work && (performance.now() - began) / 1000
    if (!work) await pause(phase)
    const samples = (await application?.end()) ?? []
    if (work) await this.verify(url)
    await this.admin(`drop database ${database} with (force)`)
    return { name, seconds, samples }
  }

  /** Two lines side by side, each the best of some. */
  async inTurn(one: () => Promise<Line>, other: () => Promise<Line>): Promise<readonly [Line, Line]> {
    let best: readonly [Line, Line] | undefined
    for (let turn = 0; turn < turns; turn++) {
      const now = [await one(), await other()] as const
      best = best ? [quicker(best[0], now[0]), quicker(best[1], now[1])] : now
    }
    return best!
  }

  /** Each row was met once, whatever came between. */
  private async verify(url: string): Promise<void> {
    const connection = connect('postgres', url)
    const [row] = await connection.query(
      "select count(*) as n, sum(seen) as seen, max(seen) as most, count(*) filter (where label = 'VISIT NUMBER ' || id) as labels from visit",
    )
    await connection.close()
    const { n, seen, most, labels } = row ?? {}
    if (n !== rows || seen !== rows || most !== 1 || labels !== rows)
      throw new Error(`the rows are not as they should be: ${JSON.stringify(row)}`)
  }

  private async admin(sql: string): Promise<void> {
    const connection = connect('postgres', this.server)
    await connection.query(sql)
    await connection.close()
  }
}

function quicker(one: Line, other: Line): Line {
  return (one.seconds ?? 0) <= (other.seconds ?? 0) ? one : other
}

async function single(url: string): Promise<void> {
  const connection = connect('postgres', url)
  await connection.query(set)
  await connection.close()
}

function project(): string {
  const cwd = mkdtempSync(join(tmpdir(), 'sqlmig-bench-'))
  mkdirSync(join(cwd, 'sql'))
  const sql = `-- sqlmig: batch ${size} by visit.id\n${set}\nwhere id between :batch_from and :batch_to;\n`
  writeFileSync(join(cwd, 'sql/20250101_000000_seen.up.sql'), sql)
  return cwd
}

function start(
  cwd: string,
  url: string,
  flags: readonly string[],
): { child: ChildProcess; ended: Promise<number | null> } {
  const env = { PATH: process.env.PATH, NO_COLOR: '1', DATABASE_URL: url }
  const child = spawn(process.execPath, [program, 'up', ...flags], { cwd, env, stdio: ['ignore', 'ignore', 'inherit'] })
  return { child, ended: new Promise((resolve) => child.once('close', resolve)) }
}

/** @param kills after so many seconds each, before the run that ends well */
function batched(flags: readonly string[] = [], kills: readonly number[] = []): (url: string) => Promise<void> {
  return async (url) => {
    const cwd = project()
    for (const seconds of kills) {
      const { child, ended } = start(cwd, url, flags)
      const timer = setTimeout(() => child.kill('SIGKILL'), seconds * 1000)
      await ended
      clearTimeout(timer)
    }
    const code = await start(cwd, url, flags).ended
    rmSync(cwd, { recursive: true })
    if (code !== 0) throw new Error(`up ended with ${code}`)
  }
}

function quantile(samples: readonly number[], q: number): number {
  const sorted = [...samples].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0
}

function table(lines: readonly Line[], idle: Line): void {
  const base = quantile(idle.samples, 0.99)
  console.log('|  | seconds | operations | p50 ms | p99 ms | × | longest ms |\n|---|---|---|---|---|---|---|')
  for (const { name, seconds, samples } of lines) {
    const [p50, p99, longest] = [0.5, 0.99, 1].map((q) => quantile(samples, q)) as [number, number, number]
    const felt =
      samples.length > 0
        ? [p50.toFixed(1), p99.toFixed(1), (p99 / base).toFixed(2), longest.toFixed(0)]
        : ['', '', '', '']
    console.log(`| ${[name, seconds?.toFixed(1) ?? '', samples.length || '', ...felt].join(' | ')} |`)
  }
}

const found = await findPostgres()
// a server of its own, which syncs as one in service does
const server = found.bin
  ? await startPostgres(found.bin, { fsync: 'on', max_wal_size: '4GB', shared_buffers: '256MB' })
  : found
try {
  const bench = new Bench(server.url)
  console.log(`${server.name}, ${rows} rows, batches of ${size}\n`)
  await bench.prepare()
  const idle = await bench.line('the application alone', true, undefined)
  const [alone, batches] = await bench.inTurn(
    () => bench.line('one UPDATE', false, single),
    () => bench.line('batches', false, batched()),
  )
  const third = (batches.seconds ?? 3) / 3
  table(
    [
      idle,
      alone,
      batches,
      await bench.line('batches, killed twice and resumed', false, batched([], [third, third])),
      await bench.line('one UPDATE beside the application', true, single),
      await bench.line('batches beside the application', true, batched()),
      await bench.line('batches with --batch-target 100ms beside it', true, batched(['--batch-target', '100ms'])),
    ],
    idle,
  )
  console.log(`\nbatches take ${((batches.seconds ?? 0) / (alone.seconds ?? 1)).toFixed(2)} × the time of one UPDATE`)
} finally {
  await releaseAll()
}
