import { SqlmigError } from '../errors.ts'
import { ServerError, type Sql } from './driver.ts'
import { type ConnectionCode, codeOf, refusal } from './failures.ts'
import { statementAt, statementCount } from './message.ts'
import type { Target } from './target.ts'

export function serverError(error: unknown, statements: readonly Sql[], resultIndex: number): ServerError {
  const number = numberOf(error)
  if (number === undefined || endsSession(error)) return lost(error)
  const message = error instanceof Error ? error.message : String(error)
  // A CALL alone has any number of results.
  const index = Math.min(resultIndex, statementCount(statements) - 1)
  const line = lineOf(message, statementAt(statements, index) ?? '')
  return new ServerError(message, { code: String(number), index, line, cause: error })
}

export function lost(error: unknown): ServerError {
  const reason = error instanceof Error ? error.message : 'the server closed the connection'
  const code = String(numberOf(error) ?? (codeOf(error) || 'PROTOCOL_CONNECTION_LOST'))
  return new ServerError(`the connection was lost: ${reason}`, { code, lost: true, cause: error })
}

export function tooLong(bytes: number, limit: number): ServerError {
  return new ServerError(`the message has ${bytes} bytes, and the server takes at most ${limit} (max_allowed_packet)`, {
    code: '1153',
    hint: 'raise max_allowed_packet on the server, or split the statement',
  })
}

// MySQL "Server Error Message Reference", MariaDB "Error Codes": after these the server closes the connection.
const ending = new Set([1053, 1153, 1154, 1155, 1156, 1157, 1158, 1159, 1160, 1161, 1927, 3169, 4031])

export function endsSession(error: unknown): boolean {
  const number = numberOf(error)
  return number === undefined || ending.has(number)
}

function numberOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('errno' in error)) return undefined
  // Node's own errors have negative numbers.
  return typeof error.errno === 'number' && error.errno > 0 ? error.errno : undefined
}

// The server strips white space from a statement's front before it counts its lines (sql_parse.cc, alloc_query).
function lineOf(message: string, statement: string): number | undefined {
  const line = / at line (\d+)$/.exec(message)?.[1]
  if (line === undefined) return undefined
  const stripped = /^\s*/.exec(statement)?.[0] ?? ''
  return Number(line) - 1 + stripped.split('\n').length - 1
}

// MySQL "Server Error Message Reference".
const codes: Readonly<Record<string, ConnectionCode>> = {
  1044: 'authentication',
  1045: 'authentication',
  1130: 'authentication',
  1251: 'authentication',
  1524: 'authentication',
  1698: 'authentication',
  1820: 'authentication',
  1862: 'authentication',
  3118: 'authentication',
  3159: 'authentication',
  3878: 'authentication',
  4151: 'authentication',
  AUTH_SWITCH_PLUGIN_ERROR: 'authentication',
  1049: 'unknown-database',
}

export function openingError(error: unknown, target: Target): SqlmigError {
  if (error instanceof SqlmigError) return error
  const cause = error instanceof ServerError ? (error.cause ?? error) : error
  const number = numberOf(cause)?.toString()
  const code = codes[number ?? codeOf(cause)] ?? 'connection'
  return refusal(target, cause, { code, server: number, port: 3306 })
}

/** True where a plain connection may do where an encrypted one did not. */
export function offersNoTls(error: unknown): boolean {
  return /NO_SSL_SUPPORT|SSL|TLS|EPROTO/.test(codeOf(error))
}
