import { type ErrorCode, SqlmigError } from '../errors.ts'
import type { Target } from './target.ts'
import { scrub } from './url.ts'

export type ConnectionCode = Extract<ErrorCode, 'connection' | 'authentication' | 'unknown-database'>

/** What a driver knows of a session that did not open. */
export interface Refusal {
  readonly code: ConnectionCode
  /** The server's own code. */
  readonly server?: string | undefined
  /** The port that the driver takes where the URL names none. */
  readonly port: number
}

/** A failed opening as the user should read it: which server, which database, why, and what to do. */
export function refusal(target: Target, cause: unknown, facts: Refusal): SqlmigError {
  const database = target.database === '' ? '' : `, database "${target.database}"`
  const message = `cannot connect to ${placeOf(target, facts.port)}${database}: ${reason(cause)}`
  const { code, server } = facts
  return new SqlmigError(code, scrub(message, target), {
    remedy: full.has(server ?? '') ? noRoom : remedyOf(code, cause),
    ...(server === undefined ? {} : { server }),
  })
}

/** "host:port", or the socket. */
export function placeOf({ host, port, socket }: Target, defaultPort: number): string {
  if (socket !== undefined) return socket
  return `${host?.includes(':') ? `[${host}]` : host}:${port ?? defaultPort}`
}

const sentences: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ETIMEDOUT: 'no answer in time',
  ENOTFOUND: 'this host name is not known',
  EAI_AGAIN: 'the host name could not be looked up',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  ECONNRESET: 'the server closed the connection',
  EPIPE: 'the server closed the connection',
  ENOENT: 'there is no such socket',
  EACCES: 'this user may not open the socket',
}

function reason(cause: unknown): string {
  const first = innermost(cause)
  const sentence = sentences[codeOf(first)]
  const message = first instanceof Error ? first.message : String(first)
  if (sentence !== undefined) return `${sentence} (${codeOf(first)})`
  return message === '' ? codeOf(first) || 'no reason was given' : message
}

// Node tries every address of a host ("happy eyeballs") and tells of all failures in an AggregateError without message.
function innermost(cause: unknown): unknown {
  return cause instanceof AggregateError && cause.errors.length > 0 ? innermost(cause.errors[0]) : cause
}

export function codeOf(cause: unknown): string {
  if (typeof cause !== 'object' || cause === null || !('code' in cause)) return ''
  return typeof cause.code === 'string' ? cause.code : ''
}

// too_many_connections; ER_CON_COUNT_ERROR, ER_TOO_MANY_USER_CONNECTIONS, ER_USER_LIMIT_REACHED
const full = new Set(['53300', '1040', '1203', '1226'])
const noRoom =
  'the server has no connection left: end some, or raise its limit (max_connections, that of the user); "sqlmig wait" waits for one'

function remedyOf(code: ConnectionCode, cause: unknown): string {
  const first = innermost(cause)
  const driver = codeOf(first)
  const said = first instanceof Error ? first.message : ''
  if (code === 'authentication') return "check the user, the password, and the server's rules for this host"
  if (code === 'unknown-database') return 'check the name in the URL, or create the database with "sqlmig create"'
  if (/unsupported startup parameter/.test(said))
    return 'connect to PostgreSQL itself and not to its pooler, or give the setting to the user (ALTER ROLE … SET …) and take it out of the URL'
  if (/altnames/.test(said))
    return 'connect by a name that the certificate has, or check only its issuer (sslmode=verify-ca)'
  if (/certificate/.test(said)) return 'name the authority with sslrootcert=FILE, or encrypt only with sslmode=require'
  if (/TLS|SSL/.test(driver)) return 'check the TLS parameters in the URL (sslmode, sslrootcert, sslcert, sslkey)'
  if (driver === 'ENOTFOUND' || driver === 'EAI_AGAIN') return 'check the host in the URL'
  return 'check that the server runs and that host and port in the URL are right; "sqlmig wait" waits for it'
}
