import { SqlmigError } from '../errors.ts'
import { ServerError } from './driver.ts'
import { codeOf } from './failures.ts'
import { codePoints } from './message.ts'
import type { Target } from './target.ts'

interface Circumstances {
  readonly index: number
  /** Whether the session is still open. */
  readonly open: boolean
}

export function serverError(error: unknown, sql: string, { index, open }: Circumstances): ServerError {
  const message = error instanceof Error ? error.message : String(error)
  if (!open)
    return new ServerError('the database is closed', { code: 'SQLITE_MISUSE', index, lost: true, cause: error })
  const known = codeOf(error)
  const code = known.startsWith('SQLITE_') ? known : 'SQLITE_MISUSE'
  const position = positionOf(message, sql)
  return new ServerError(message, { code, index, position, hint: hintOf(code), cause: error })
}

// The driver does not give sqlite3_error_offset(); the token that the message names says where if it stands there once.
function positionOf(message: string, sql: string): number | undefined {
  const token = /^near "(.+)": syntax error$/s.exec(message)?.[1]
  if (token === undefined) return undefined
  const at = sql.indexOf(token)
  return at === sql.lastIndexOf(token) && at >= 0 ? codePoints(sql.slice(0, at)) : undefined
}

// sqlite.org/rescode.html
const hints: readonly (readonly [RegExp, string])[] = [
  [/^SQLITE_READONLY/, 'make the file and its folder writable for this user'],
  [/^SQLITE_FULL/, 'the disk is full, or the database has reached max_page_count: make room and try again'],
  [/^SQLITE_BUSY/, 'another process is writing to the database: stop it, or try again later'],
  [/^SQLITE_LOCKED/, 'another statement of this session still uses the table'],
  [/^SQLITE_CANTOPEN/, 'check that the path names a file, and that this user may open it and write to its folder'],
  [/^SQLITE_IOERR/, 'reading or writing the file failed: check the disk'],
  [/^SQLITE_CORRUPT/, 'the file is damaged: restore a backup, or recover it with the sqlite3 program (.recover)'],
  [/^SQLITE_NOTADB/, 'the file is not an SQLite database (or is encrypted): check the path in the URL'],
]

function hintOf(code: string): string | undefined {
  return hints.find(([pattern]) => pattern.test(code))?.[1]
}

export function openingError(error: unknown, target?: Target): SqlmigError {
  const code = codeOf(error)
  const message = error instanceof Error ? error.message : String(error)
  if (target === undefined || !code.startsWith('SQLITE_')) return missing(error, message)
  return new SqlmigError('connection', `cannot open ${target.database}: ${message}`, {
    remedy: hintOf(code) ?? 'check the path in the URL',
    server: code,
    cause: error,
  })
}

function missing(cause: unknown, message: string): SqlmigError {
  const [line = ''] = message.split('\n')
  return new SqlmigError('driver-missing', `the SQLite driver "better-sqlite3" cannot be loaded: ${line}`, {
    remedy: 'run "npm install better-sqlite3" (or "npm rebuild better-sqlite3" after a change of the Node version)',
    cause,
  })
}
