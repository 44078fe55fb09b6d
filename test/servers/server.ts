import { spawn } from 'node:child_process'
import { chownSync, closeSync, mkdtempSync, openSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { connect } from './connection.ts'

export type ServerKind = 'postgres' | 'mysql' | 'mariadb'

/** A database server for tests, whoever started it. */
export interface Server {
  /** The version, and where it came from. */
  readonly name: string
  readonly url: string
  /** The folder with its command-line programs, where there is one. */
  readonly bin?: string | undefined
  /** The process to kill or halt in tests of faults; not there for a server that somebody else runs. */
  readonly pid?: number
  /** Starts the killed process again, on the same data and port. */
  restart?(): Promise<Server>
  stop(): Promise<void>
}

export interface User {
  readonly uid: number
  readonly gid: number
}

/** Database servers refuse to be root, so root starts them as one of these users. */
export function unprivileged(...names: readonly string[]): User | undefined {
  if (process.getuid?.() !== 0) return undefined
  const users = readFileSync('/etc/passwd', 'utf8').split('\n')
  for (const name of [...names, 'nobody']) {
    const [, , uid, gid] = users.find((line) => line.startsWith(`${name}:`))?.split(':') ?? []
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) }
  }
  throw new Error('this is root, and there is no user "nobody" to run a database server as')
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no free port')
  return address.port
}

// Reads process groups, of which the last counts, until its input ends.
const undertaker = `
while read -r group; do last=$group; done
if [ -n "$last" ]; then
  kill -QUIT -"$last" 2>/dev/null
  tries=0
  while kill -0 -"$last" 2>/dev/null && [ $tries -lt 100 ]; do sleep 0.05; tries=$((tries + 1)); done
  kill -KILL -"$last" 2>/dev/null
fi
rm -rf "$1"`

/** A temporary folder, and what runs in it. */
export interface Scratch {
  readonly folder: string
  readonly user: User | undefined
  /** Names the process, the leader of its group, that is to end with the folder; it replaces the one before. */
  watch(pid: number | undefined): void
  /** Ends the process with all its group, and removes the folder. */
  release(): Promise<void>
}

const open = new Set<Scratch>()

export async function releaseAll(): Promise<void> {
  await Promise.all([...open].map((place) => place.release()))
}

/**
 * Cleans up after us however we end: a small shell waits for the end of its input, which comes with `release()` as
 * well as with our death, also by SIGKILL. It has its own session, so that Ctrl-C does not reach it.
 */
export function scratch(name: string, user?: User): Scratch {
  // the folder of all, not the test file's own: servers' users may not enter that, and sockets need short paths
  const folder = mkdtempSync(join(process.env.SQLMIG_TEST_TMPDIR ?? tmpdir(), `sqlmig-${name}-`))
  if (user) chownSync(folder, user.uid, user.gid)
  const args = ['-c', undertaker, 'sh', folder]
  const shell = spawn('sh', args, { cwd: '/', detached: true, stdio: ['pipe', 'ignore', 'ignore'] })
  const ended = new Promise<void>((resolve) => shell.once('exit', () => resolve()))
  shell.stdin.on('error', () => {})
  const watch = (pid: number | undefined) => {
    if (pid === undefined) return
    // what starts while all is being stopped would be left behind
    if (shell.stdin.writableEnded) process.kill(-pid, 'SIGKILL')
    else shell.stdin.write(`${pid}\n`)
  }
  const release = async () => {
    shell.stdin.end()
    await ended
    open.delete(place)
  }
  const place = { folder, user, watch, release }
  open.add(place)
  return place
}

export interface Launch {
  readonly kind: ServerKind
  readonly url: string
  readonly bin: string | undefined
  readonly place: Scratch
  readonly program: string
  readonly args: readonly string[]
}

/** Starts a server program whose data lie ready in `place`, and waits until it answers. Its end is the place's end. */
export async function launch(how: Launch): Promise<Server> {
  const { place, program, url, bin } = how
  const file = join(place.folder, 'server.log')
  const log = openSync(file, 'a')
  const child = spawn(program, how.args, { ...surroundings(place), detached: true, stdio: ['ignore', log, log] })
  closeSync(log)
  const state = { ended: false }
  child.once('error', () => (state.ended = true)).once('exit', () => (state.ended = true))
  child.unref()
  place.watch(child.pid)
  try {
    const name = `${await answer(how, state)}, started in a temporary folder from ${dirname(program)}`
    return { name, url, bin, pid: child.pid ?? 0, restart: () => launch(how), stop: () => place.release() }
  } catch (error) {
    throw new Error(`${program} did not start: ${String(error)}\n${tail(readFileSync(file, 'utf8'))}`)
  }
}

const tail = (text: string) => text.trimEnd().split('\n').slice(-15).join('\n')

/** What `start` makes in a new temporary folder, which is removed if it fails. */
export async function within(name: string, user: User | undefined, start: (place: Scratch) => Promise<Server>) {
  const place = scratch(name, user)
  try {
    return await start(place)
  } catch (error) {
    await place.release()
    throw error
  }
}

async function answer(how: Launch, state: { readonly ended: boolean }): Promise<string> {
  const deadline = Date.now() + 60_000
  for (;;) {
    try {
      return await serverVersion(how.kind, how.url)
    } catch (error) {
      if (state.ended) throw new Error('the process ended')
      if (Date.now() > deadline) throw error
      await pause(50)
    }
  }
}

/** Such as `PostgreSQL 15.14` or `MariaDB 10.11.6`. */
export async function serverVersion(kind: ServerKind, url: string): Promise<string> {
  const connection = connect(kind, url)
  try {
    const [row] = await connection.query('select version() as version')
    const version = String(row?.version)
    if (kind === 'postgres') return version.split(' ').slice(0, 2).join(' ')
    return `${/mariadb/i.test(version) ? 'MariaDB' : 'MySQL'} ${version.split('-')[0]}`
  } finally {
    await connection.close()
  }
}

/** Runs a program to its end, and throws with what it printed where it fails. */
export async function complete(program: string, args: readonly string[], place: Scratch): Promise<void> {
  const child = spawn(program, args, { ...surroundings(place), detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  child.stdout.on('data', (text) => (output += text))
  child.stderr.on('data', (text) => (output += text))
  place.watch(child.pid)
  const code = await new Promise((resolve) => child.once('error', resolve).once('close', resolve))
  if (code !== 0) throw new Error(`${program} failed (${String(code)}):\n${tail(output)}`)
}

// The working directory matters: a user that is not us may not be allowed to enter ours.
function surroundings({ folder, user }: Scratch) {
  const path = `${process.env.PATH ?? ''}:/usr/sbin:/usr/bin:/sbin:/bin`
  return { ...user, cwd: folder, env: { PATH: path, LC_ALL: 'C', HOME: folder, TMPDIR: folder } }
}

/** The server that the environment names, if it names one. */
export async function given(kind: ServerKind, bin: string | undefined): Promise<Server | undefined> {
  const variable = urlVariable(kind)
  const url = process.env[variable]
  if (!url) return undefined
  const version = await serverVersion(kind, url).catch((error: unknown) => `does not answer: ${String(error)}`)
  return { name: `${version}, from ${variable}`, url, bin, stop: async () => {} }
}

export function urlVariable(kind: ServerKind): string {
  return `SQLMIG_TEST_${kind.toUpperCase()}_URL`
}
