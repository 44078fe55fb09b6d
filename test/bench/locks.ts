import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { seeded } from '../seed.ts'
import { connect } from '../servers/connection.ts'
import { findMysql } from '../servers/mysql.ts'
import { findPostgres } from '../servers/postgres.ts'
import { releaseAll, type Server } from '../servers/server.ts'
import { type Latencies, prepare, Workload } from './workload.ts'

/** `npm run bench`: what an application at work feels of a migration of the table it works with. */

const program = fileURLToPath(new URL('../../cli/sqlmig.cjs', import.meta.url))

/** At least so long is each phase, in milliseconds. */
const phase = Number(process.env.SQLMIG_BENCH_SECONDS ?? 40) * 1000

const ddl = ['alter table account add column note varchar(40)', 'create index account_balance on account (balance)']

interface Line {
  readonly name: string
  readonly latencies: Latencies
  readonly retries: number | undefined
}

async function measure(kind: 'postgres' | 'mysql', server: Server): Promise<void> {
  const name = `sqlmig_bench_${process.pid}`
  const admin = connect(kind, server.url)
  await admin.query(`create database ${name}`)
  const url = new URL(server.url)
  url.pathname = `/${name}`
  const connection = connect(kind, url.href)
  await prepare(connection)
  const workload = new Workload(kind, url.href, seeded({ comment: (text: unknown) => console.log(`# ${text}`) }))
  workload.start()
  await pause(3000)
  try {
    const lines = [await undisturbed(workload)]
    lines.push(await migrated(workload, url.href))
    await revert(kind, url.href)
    lines.push(await plainly(workload, kind, url.href))
    table(server.name, lines)
  } finally {
    await workload.end()
    await connection.close()
    await admin.query(`drop database ${name}`)
    await admin.close()
  }
}

async function undisturbed(workload: Workload): Promise<Line> {
  workload.reset()
  await pause(phase)
  return { name: 'undisturbed', latencies: workload.latencies(), retries: undefined }
}

async function migrated(workload: Workload, url: string): Promise<Line> {
  const cwd = mkdtempSync(join(tmpdir(), 'sqlmig-bench-'))
  mkdirSync(join(cwd, 'sql'))
  for (const [index, sql] of ddl.entries())
    writeFileSync(join(cwd, `sql/2025010${index + 1}_000000_step.up.sql`), `${sql};\n`)
  workload.reset()
  const env = { PATH: process.env.PATH, NO_COLOR: '1', DATABASE_URL: url }
  const up = promisify(execFile)(process.execPath, [program, 'up'], { cwd, env })
  const [{ stdout }] = await Promise.all([up, pause(phase)])
  rmSync(cwd, { recursive: true })
  const retries = stdout.match(/^ +retry /gm)?.length ?? 0
  return { name: 'sqlmig up', latencies: workload.latencies(), retries }
}

/** What the migrations did is undone, at leisure. */
async function revert(kind: 'postgres' | 'mysql', url: string): Promise<void> {
  const connection = connect(kind, url)
  const index = kind === 'postgres' ? 'account_balance' : 'account_balance on account'
  for (const sql of [`drop index ${index}`, 'alter table account drop column note', 'drop table sqlmig_history']) {
    await connection.query(sql)
  }
  await connection.close()
}

/** The same as a client without time-outs does it. */
async function plainly(workload: Workload, kind: 'postgres' | 'mysql', url: string): Promise<Line> {
  const connection = connect(kind, url)
  workload.reset()
  const work = async () => {
    for (const sql of ddl) await connection.query(sql)
  }
  await Promise.all([work(), pause(phase)])
  await connection.close()
  return {
    name: 'ALTER TABLE without a time-out',
    latencies: workload.latencies(),
    retries: undefined,
  }
}

function table(server: string, lines: readonly Line[]): void {
  const base = lines[0]!.latencies
  const ms = (value: number) => (value < 100 ? value.toFixed(1) : value.toFixed(0))
  console.log(`\n${server}\n`)
  console.log('|  | operations | p50 ms | p99 ms | × | p99 ms at a steady pace | × | longest ms | retries |')
  console.log('|---|---|---|---|---|---|---|---|---|')
  for (const { name, latencies, retries } of lines) {
    const { operations, p50, p99, p99Steady, max } = latencies
    const times = (value: number, of: number) => (value / of).toFixed(1)
    console.log(
      `| ${name} | ${operations} | ${ms(p50)} | ${ms(p99)} | ${times(p99, base.p99)} | ${ms(p99Steady)} | ${times(p99Steady, base.p99Steady)} | ${ms(max)} | ${retries ?? ''} |`,
    )
  }
  for (const { name, latencies } of lines.filter(({ retries }) => retries !== undefined)) {
    const verdict = (value: number, of: number) => (value <= 2 * of ? 'within' : 'NOT WITHIN')
    console.log(
      `${name}: ${verdict(latencies.p99, base.p99)} 2 × p99; at a steady pace ${verdict(latencies.p99Steady, base.p99Steady)} 2 × p99`,
    )
  }
}

let measured = true
for (const [kind, find] of [
  ['postgres', findPostgres],
  ['mysql', findMysql],
] as const) {
  try {
    await measure(kind, await find())
  } catch (error) {
    console.error(`NOT MEASURED: ${kind}: ${String(error)}`)
    measured = false
  }
}
await releaseAll()
process.exit(measured ? 0 : 1)
