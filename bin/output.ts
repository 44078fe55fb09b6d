import { fstatSync, writeSync } from 'node:fs'
import { isatty } from 'node:tty'

// Node's streams for stdout and stderr take longer to load than a `--version` takes. On Unix both are written at once
// either way; a console of Windows wants the stream, and so does a pipe that does not wait.
const outlets = [1, 2] as const
type Outlet = (typeof outlets)[number]
const streamed = new Set<Outlet>(process.platform === 'win32' ? outlets : [])

/** Writes a text and a newline to stdout. */
export function print(text: string): void {
  write(1, text.endsWith('\n') ? text : `${text}\n`)
}

/** Writes a text and a newline to stderr. */
export function tell(text: string): void {
  write(2, `${text}\n`)
}

/** Standard error as a terminal, if it is one. */
export const terminal = {
  get isTTY(): boolean {
    return isTerminal(2)
  },
  get columns(): number {
    return process.stderr.columns
  },
  write(text: string): void {
    write(2, text)
  },
}

const terminals = new Map<Outlet, boolean>()

/** Whether somebody looks at what is written there. */
export function isTerminal(outlet: Outlet): boolean {
  const known = terminals.get(outlet)
  if (known !== undefined) return known
  const found = mayBeTerminal(outlet) && isatty(outlet)
  terminals.set(outlet, found)
  return found
}

function mayBeTerminal(outlet: Outlet): boolean {
  try {
    return fstatSync(outlet).isCharacterDevice()
  } catch {
    return false // it is closed
  }
}

function write(outlet: Outlet, text: string): void {
  if (streamed.has(outlet)) stream(outlet).write(text)
  else writeAtOnce(outlet, Buffer.from(text))
}

function writeAtOnce(outlet: Outlet, bytes: Uint8Array): void {
  let rest = bytes
  try {
    while (rest.length > 0) rest = rest.subarray(writeSync(outlet, rest))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') {
      streamed.add(outlet)
      stream(outlet).write(rest)
    } else failed(error as NodeJS.ErrnoException)
  }
}

const heard = new Set<Outlet>()

function stream(outlet: Outlet): NodeJS.WriteStream {
  const found = outlet === 1 ? process.stdout : process.stderr
  if (!heard.has(outlet)) found.on('error', failed)
  heard.add(outlet)
  return found
}

/** A reader that went away (`sqlmig up | head -1`) is no reason to stop what is going on in the database. */
function failed({ code }: NodeJS.ErrnoException): void {
  if (code !== 'EPIPE') process.exitCode = 1
}
