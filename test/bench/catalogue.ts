import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { connect } from '../servers/connection.ts'
import { findMariadb } from '../servers/mariadb.ts'
import { findMysql } from '../servers/mysql.ts'
import { findPostgres } from '../servers/postgres.ts'
import { locate } from '../servers/programs.ts'
import { releaseAll, type Server } from '../servers/server.ts'

/** `npm run bench -- catalogue`: dump and diff of a large schema, beside the server's own program in the same run. */

const program = fileURLToPath(new URL('../../cli/sqlmig.cjs', import.meta.url))
const tables = Number(process.env.SQLMIG_BENCH_TABLES ?? 2000)
const rounds = 3

const columns = [
  'id integer NOT NULL PRIMARY KEY',
  'name varchar(100) NOT NULL',
  "status varchar(20) DEFAULT 'new'",
  'amount numeric(10,2)',
  'created timestamp DEFAULT CURRENT_TIMESTAMP',
  'a integer',
  'b integer CHECK (b > 0)',
  'c varchar(50)',
  'd date',
  'e integer NOT NULL DEFAULT 0',
]

const statements = Array.from({ length: tables }, (_, n) => [
  `CREATE TABLE table_${n} (${columns.join(', ')})`,
  `CREATE INDEX table_${n}_name ON table_${n} (name, status)`,
]).flat()

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

function run(file: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<unknown> {
  return promisify(execFile)(file, args, { cwd, env: { PATH: process.env.PATH, ...env }, maxBuffer: 2 ** 28 })
}

interface Contender {
  readonly name: string
  readonly go: () => Promise<unknown>
}

/** Each in turn, several times; the medians. */
async function compared(title: string, contenders: readonly Contender[]): Promise<void> {
  const times = contenders.map((): number[] => [])
  for (let round = 0; round < rounds; round++)
    for (const [index, { go }] of contenders.entries()) times[index]!.push(await timed(go))
  const medians = times.map((all) => all.sort((a, b) => a - b)[Math.floor(rounds / 2)]!)
  console.log(`\n${title}, ${tables} tables\n\n|  | median ms | × |\n|---|---|---|`)
  for (const [index, { name }] of contenders.entries())
    console.log(`| ${name} | ${medians[index]!.toFixed(0)} | ${(medians[index]! / medians[0]!).toFixed(2)} |`)
}

/** The server's own program first: it is the floor. */
async function measure(title: string, url: string, floor: Contender | undefined): Promise<void> {
  const cwd = mkdtempSync(join(tmpdir(), 'sqlmig-bench-'))
  mkdirSync(join(cwd, 'sql'))
  const env = { NO_COLOR: '1', DATABASE_URL: url }
  const own = (...args: string[]) => run(process.execPath, [program, ...args], cwd, env)
  writeFileSync(join(cwd, 'sql/20250101_000000_all.up.sql'), `${statements.join(';\n')};\n`)
  try {
    await own('up')
    await compared(title, [
      ...(floor ? [floor] : []),
      { name: 'sqlmig dump', go: () => own('dump', '--out', 'dump.sql') },
      { name: 'sqlmig diff --schema (the same database)', go: () => own('diff', '--schema', url) },
    ])
  } finally {
    rmSync(cwd, { recursive: true })
  }
}

async function onServer(kind: 'postgres' | 'mysql' | 'mariadb', server: Server): Promise<void> {
  const name = `sqlmig_bench_${process.pid}`
  const admin = connect(kind, server.url)
  await admin.query(`create database ${name}`)
  const url = new URL(server.url)
  url.pathname = `/${name}`
  try {
    await measure(server.name, url.href, dumpProgram(kind, url))
  } finally {
    await admin.query(`drop database ${name}`)
    await admin.close()
  }
}

function dumpProgram(kind: 'postgres' | 'mysql' | 'mariadb', url: URL): Contender | undefined {
  const name = kind === 'postgres' ? 'pg_dump --schema-only' : 'mariadb-dump --no-data'
  const [file = '', flag = ''] = name.split(' ')
  if (locate(file) === undefined) {
    console.error(`NOT COMPARED: there is no ${file}`)
    return undefined
  }
  const { hostname, port, username, pathname } = url
  const database = pathname.slice(1)
  const args =
    kind === 'postgres'
      ? [flag, `--dbname=${url.href}`]
      : ['--no-defaults', flag, '-h', hostname, '-P', port || '3306', `-u${username}`, database]
  return { name, go: () => run(file, args, '.', {}) }
}

let measured = true
for (const [kind, find] of [
  ['postgres', findPostgres],
  ['mysql', findMysql],
  ['mariadb', findMariadb],
] as const) {
  try {
    await onServer(kind, await find())
  } catch (error) {
    console.error(`NOT MEASURED: ${kind}: ${String(error)}`)
    measured = false
  }
}
const folder = mkdtempSync(join(tmpdir(), 'sqlmig-bench-'))
const sqlite3 = locate('sqlite3')
await measure(
  'SQLite',
  `sqlite:${join(folder, 'bench.db')}`,
  sqlite3 === undefined
    ? undefined
    : { name: 'sqlite3 .schema', go: () => run(sqlite3, [join(folder, 'bench.db'), '.schema'], '.', {}) },
)
rmSync(folder, { recursive: true })
await releaseAll()
process.exit(measured ? 0 : 1)
