import { writeSync } from 'node:fs'
import { createRequire } from 'node:module'
import type BetterSqlite3 from 'better-sqlite3'

// Loaded before the command line (node --import): kills the process at a call of SQLite, in the middle of its work.
// SQLMIG_CRASH_CALL counts from 1; an odd number comes before a call is made, an even one after it. At the end of a
// process that was not killed the number of its calls is told.

// the same module object as the command line's own require gives it, which an import does not always load
const Sqlite = createRequire(import.meta.url)('better-sqlite3') as typeof BetterSqlite3

const fatal = Number(process.env.SQLMIG_CRASH_CALL)
let calls = 0

function counted<A extends unknown[], R>(call: (this: unknown, ...args: A) => R) {
  return function (this: unknown, ...args: A): R {
    step()
    const result = call.apply(this, args)
    step()
    return result
  }
}

function step(): void {
  if (++calls === fatal) process.kill(process.pid, 'SIGKILL')
}

const prototype = Sqlite.prototype as unknown as Record<'exec' | 'prepare', (...args: unknown[]) => unknown>
prototype.exec = counted(prototype.exec)
prototype.prepare = counted(prototype.prepare)

process.on('exit', () => writeSync(2, `\ncalls ${calls}\n`))
