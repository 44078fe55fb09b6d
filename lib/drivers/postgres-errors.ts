import { SqlmigError } from '../errors.ts'
import { ServerError, type Sql } from './driver.ts'
import { type ConnectionCode, codeOf, refusal } from './failures.ts'
import { locate, statementCount } from './message.ts'
import { defaultPort } from './postgres-socket.ts'
import type { Fatal } from './postgres-wire.ts'
import type { Target } from './target.ts'

/** The fields of an ErrorResponse as postgres.js names them. */
interface Fields {
  readonly severity?: string
  readonly code: string
  readonly message: string
  readonly detail?: string
  readonly hint?: string
  readonly position?: string
  readonly where?: string
}

/** The message that was under way: its statements, and how many of them the server completed. */
export interface Sent {
  readonly statements: readonly Sql[]
  readonly completed: number
  /** How many statements at the front the caller does not know of. */
  readonly added: number
}

export function serverError(error: unknown, sent: Sent, fatal: Fatal | undefined): ServerError {
  const fields = fieldsOf(error)
  if (fields === undefined || fields.severity === 'FATAL' || fields.severity === 'PANIC') return lost(error, fatal)
  const { statements, completed, added } = sent
  const found = fields.position === undefined ? undefined : locate(statements, Number(fields.position) - 1)
  const place = found ?? { index: completed, position: undefined }
  const last = statementCount(statements) - 1 - 2 * added
  return new ServerError(fields.message, {
    code: fields.code,
    index: Math.max(0, Math.min(place.index - added, last)),
    position: place.position,
    line: copyLine(fields.where),
    // The server parses a whole message before it runs any of it, and a statement before it runs that. An error without
    // a position may come from a first statement that already did something (CREATE INDEX CONCURRENTLY, CALL).
    nothingRan: completed <= added && found !== undefined,
    detail: [fields.detail, fields.where].filter(Boolean).join('\n') || undefined,
    hint: fields.hint,
    cause: error,
  })
}

/** What every verb rejects with once the connection is gone. */
export function lost(error: unknown, fatal: Fatal | undefined): ServerError {
  const reason = fatal?.message ?? (error instanceof Error ? error.message : 'the server closed the connection')
  return new ServerError(`the connection was lost: ${reason}`, {
    code: fatal?.code || codeOf(error) || 'CONNECTION_CLOSED',
    lost: true,
    cause: error,
  })
}

// PostgreSQL manual, "Error and Notice Message Fields": W is the context, for COPY "COPY t, line 3, column a: …".
function copyLine(where: string | undefined): number | undefined {
  const line = /^COPY .*?, line (\d+)/m.exec(where ?? '')?.[1]
  return line === undefined ? undefined : Number(line) - 1
}

function fieldsOf(error: unknown): Fields | undefined {
  return error instanceof Error && error.name === 'PostgresError' ? (error as Error & Fields) : undefined
}

// PostgreSQL manual, "Error Codes": class 28 is authorization; 42501 here is a missing right to CONNECT.
const codes: Readonly<Record<string, ConnectionCode>> = {
  '28P01': 'authentication',
  '28000': 'authentication',
  '42501': 'authentication',
  SASL_SIGNATURE_MISMATCH: 'authentication',
  '3D000': 'unknown-database',
}

export function openingError(error: unknown, target: Target): SqlmigError {
  if (error instanceof SqlmigError) return error
  const server = fieldsOf(error)?.code
  return refusal(target, error, { code: codes[codeOf(error)] ?? 'connection', server, port: defaultPort })
}
