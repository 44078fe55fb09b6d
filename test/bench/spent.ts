import { spawn } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { locate } from '../servers/programs.ts'

/** A program to run, as a person would. */
export interface Command {
  readonly file: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
  /** A file for its standard input. */
  readonly input?: string
  /** Exit codes that are no failure; 0 unless told. */
  readonly codes?: readonly number[]
}

/** What a program and those that it started have spent. */
export interface Spent {
  readonly seconds: number
  /** In the program and in the kernel for it. */
  readonly cpu: number
  /** The most that it held in memory; undefined where no GNU time is installed. */
  readonly megabytes: number | undefined
  readonly output: string
}

// The shell's own `time` reads getrusage, in milliseconds; /proc and GNU time would give hundredths of a second.
const shell = `
times=$1 output=$2; shift 2
LC_ALL=C TIMEFORMAT='%3R %3U %3S'
{ time "$@" >"$output" 2>&1; } 2>"$times"`

const gnuTime = locate('time')

/** Runs a program to its end, and throws with what it printed where it fails. */
export async function spend(command: Command): Promise<Spent> {
  const folder = mkdtempSync(join(tmpdir(), 'sqlmig-spent-'))
  const [times, output, memory] = ['times', 'output', 'memory'].map((name) => join(folder, name)) as Three
  const input = command.input === undefined ? undefined : openSync(command.input, 'r')
  try {
    const weigh = gnuTime === undefined ? [] : [gnuTime, '-q', '-f', '%M', '-o', memory]
    const args = ['-c', shell, 'bash', times, output, ...weigh, command.file, ...command.args]
    const env = { PATH: process.env.PATH, HOME: process.env.HOME, NO_COLOR: '1', ...command.env }
    const child = spawn('bash', args, { cwd: command.cwd, env, stdio: [input ?? 'ignore', 'ignore', 'inherit'] })
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject).once('close', resolve)
    })
    const printed = readFileSync(output, 'utf8')
    if (code === null || !(command.codes ?? [0]).includes(code)) throw new Error(failure(command, code, printed))
    const [seconds = 0, user = 0, system = 0] = readFileSync(times, 'utf8').trim().split(' ').map(Number)
    const megabytes = gnuTime === undefined ? undefined : Number(readFileSync(memory, 'utf8')) / 1024
    return { seconds, cpu: user + system, megabytes, output: printed }
  } finally {
    if (input !== undefined) closeSync(input)
    rmSync(folder, { recursive: true })
  }
}

type Three = [string, string, string]

function failure({ file, args }: Command, code: number | null, printed: string): string {
  const tail = printed.trim().split('\n').slice(-40).join('\n')
  return `${[file, ...args].join(' ')} ended with ${code}\n${tail}`
}
