import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Parser, type Result } from 'tap-parser'
import { scratch } from './servers/server.ts'

// Runs test files as processes, some at a time, and reads their TAP. tap's own runner is not used: it loads its
// TypeScript plugin into every test process, which costs time and cannot work with the TypeScript of this project.

export interface Failure {
  readonly name: string
  readonly diag?: unknown
}

export interface Tally {
  passed: number
  skipped: number
  readonly failures: Failure[]
}

export interface How {
  readonly env: NodeJS.ProcessEnv
  readonly jobs: number
  readonly signal: AbortSignal
}

const compiled = fileURLToPath(new URL('.', import.meta.url))
const root = resolve(compiled, '..', '..')
// Seconds, for a file. tap ends a test at this time and says which; a process that cannot even do that is killed.
const timeout = Number(process.env.SQLMIG_TEST_TIMEOUT) || 600

/** The compiled test files, or those that arguments name, be it by their sources or folders. */
export function testFiles(names: readonly string[]): string[] {
  if (names.length === 0) return filesIn(compiled)
  return [...new Set(names.flatMap(named))]
}

function named(name: string): string[] {
  const source = relative(root, resolve(name))
  const path = join(root, source.startsWith('dist') ? source : join('dist', source)).replace(/\.ts$/, '.js')
  if (!existsSync(path)) throw new Error(`${name}: no such test (expected ${relative(root, path)})`)
  return statSync(path).isDirectory() ? filesIn(path) : [path]
}

function filesIn(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return names
    .filter((name) => name.endsWith('.test.js'))
    .sort()
    .map((name) => join(folder, name))
}

export async function runFiles(files: readonly string[], how: How): Promise<Tally> {
  const total: Tally = { passed: 0, skipped: 0, failures: [] }
  const queue = [...files]
  const worker = async () => {
    for (let file = queue.shift(); file !== undefined && !how.signal.aborted; file = queue.shift()) {
      const tally = await runFile(file, how)
      total.passed += tally.passed
      total.skipped += tally.skipped
      total.failures.push(...tally.failures)
    }
  }
  await Promise.all(Array.from({ length: how.jobs }, worker))
  return total
}

async function runFile(file: string, { env, signal }: How): Promise<Tally> {
  const name = relative(compiled, file).replace(/\.js$/, '.ts')
  const started = Date.now()
  const place = scratch('test')
  const surroundings = { ...env, TMPDIR: place.folder, TAP_TIMEOUT: String(timeout) }
  // its own process group, so that what a test started ends with it
  const child = spawn(process.execPath, ['--enable-source-maps', file], {
    cwd: root,
    env: surroundings,
    detached: true,
  })
  place.watch(child.pid)
  const late = setTimeout(() => place.release(), timeout * 1000 + 5000)
  const [tally, errors] = await outcome(child)
  clearTimeout(late)
  await place.release()
  addEnd(tally, child)
  if (!signal.aborted) console.log(report(name, tally, errors, Date.now() - started))
  return tally
}

async function outcome(child: ChildProcess): Promise<[Tally, string]> {
  const tally: Tally = { passed: 0, skipped: 0, failures: [] }
  let errors = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors += text))
  const parser = new Parser((results) => {
    if (results.plan.skipAll && results.count === 0 && !results.plan.skipReason?.includes('no tests')) tally.skipped++
    const missed = results.failures.find((failure) => failure.tapError && !('name' in failure && failure.id))
    if (missed && tally.failures.length === 0) tally.failures.push({ name: String(missed.tapError) })
  })
  count(parser, [], tally)
  child.stdout?.pipe(parser)
  await new Promise((resolve) => child.once('close', resolve).once('error', resolve))
  return [tally, errors]
}

// Counts assertions, not the lines by which a subtest closes; but such a line may fail with nothing failed in it.
function count(parser: Parser, path: readonly string[], tally: Tally): void {
  let before = 0
  parser.on('child', (child: Parser) => {
    before = tally.failures.length
    count(child, [...path, child.name], tally)
  })
  parser.on('assert', (result: Result) => {
    const name = [...path, result.name].join(' › ')
    if (result.skip || result.todo) tally.skipped++
    else if (result.ok) tally.passed += result.closingTestPoint ? 0 : 1
    else if (!result.closingTestPoint || tally.failures.length === before)
      tally.failures.push({ name, diag: result.diag })
  })
}

function addEnd(tally: Tally, child: ChildProcess): void {
  if (tally.failures.length > 0) return
  if (child.signalCode) tally.failures.push({ name: `was ended by ${child.signalCode} (a file may take ${timeout} s)` })
  else if (child.exitCode !== 0) tally.failures.push({ name: `ended with exit code ${child.exitCode}` })
  else if (tally.passed + tally.skipped === 0) tally.failures.push({ name: 'has no tests' })
}

function report(name: string, tally: Tally, errors: string, time: number): string {
  const counts = `${tally.passed} passed${tally.skipped > 0 ? `, ${tally.skipped} skipped` : ''}`
  const failed = tally.failures.length
  const line = `${failed > 0 ? 'FAILED' : 'ok    '} ${name}  ${counts}${failed > 0 ? `, ${failed} failed` : ''}  ${(time / 1000).toFixed(1)} s`
  const shown = tally.failures.map(({ name, diag }) => `  ✗ ${name}\n${indent(diagnosis(diag), '    ')}`.trimEnd())
  return [line, ...shown, indent(errors.trimEnd(), '  | ')].filter(Boolean).join('\n')
}

interface Diag {
  readonly diff?: string
  readonly source?: string
  readonly stack?: string
  readonly [key: string]: unknown
}

function diagnosis(diag: unknown): string {
  if (diag === null || typeof diag !== 'object') return ''
  const { diff, source, stack, at: _at, ...rest }: Diag = diag as Diag
  const others = Object.entries(rest).map(
    ([key, value]) => `${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`,
  )
  return [diff, ...others, source, stack]
    .filter((part) => part !== undefined)
    .join('\n')
    .trimEnd()
}

const indent = (text: string, by: string) => (text === '' ? '' : text.replace(/^/gm, by))
