import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { t } from 'tap'

/** The built command line as a process. */
export interface Options {
  readonly cwd?: string
  /** Added to a clean environment: tests must not depend on what the shell around them exports. */
  readonly env?: Readonly<Record<string, string>>
  readonly input?: string
  /** Another copy of the command line. */
  readonly program?: string
  /** Milliseconds, after which it is killed; a minute unless told. */
  readonly timeout?: number
  /** Each piece of output as it comes, for tests that interrupt at a certain moment. */
  readonly onStdout?: (text: string, child: ChildProcess) => void
}

export interface Outcome {
  /** null where a signal ended it. */
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
  json(): unknown
}

export interface Running {
  readonly child: ChildProcess
  readonly finished: Promise<Outcome>
}

const built = fileURLToPath(new URL('../cli/sqlmig.cjs', import.meta.url))

/** Runs it to its end. */
export function run(args: readonly string[], options: Options = {}): Promise<Outcome> {
  return start(args, options).finished
}

/** Starts it, to be killed or watched. */
export function start(args: readonly string[], options: Options = {}): Running {
  const env = { ...cleanEnvironment(), ...options.env }
  const child = spawn(process.execPath, [options.program ?? built, ...args], { cwd: options.cwd ?? tmpdir(), env })
  const timer = setTimeout(() => child.kill('SIGKILL'), options.timeout ?? 60_000)
  const finished = outcome(child, options).finally(() => clearTimeout(timer))
  // a program that ends without reading its input is no error of the test
  child.stdin.on('error', () => {})
  child.stdin.end(options.input ?? '')
  return { child, finished }
}

function cleanEnvironment(): Record<string, string> {
  const kept = ['PATH', 'HOME', 'TMPDIR'].map((name) => [name, process.env[name]] as const)
  const known = kept.filter((entry): entry is [string, string] => entry[1] !== undefined)
  return { ...Object.fromEntries(known), NO_COLOR: '1' }
}

function outcome(child: ChildProcess, { onStdout }: Options): Promise<Outcome> {
  let [stdout, stderr] = ['', '']
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    onStdout?.(text, child)
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => {
      resolve({ code, signal, stdout, stderr, json: () => JSON.parse(stdout) })
    })
  })
}

/** A new folder with these files, such as a chain of migrations; it is removed when the test file has ended. */
export function folder(files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const path = mkdtempSync(join(tmpdir(), 'sqlmig-folder-'))
  t.teardown(() => rmSync(path, { recursive: true, force: true }))
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true })
    writeFileSync(join(path, name), content)
  }
  return path
}
