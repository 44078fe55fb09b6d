/** A place in a file: line and column count from 1, the column in code points. */
export interface Place {
  readonly line: number
  readonly column: number
}

/** Where an error points: a file, and as much of the place in it as is known. */
export interface At {
  readonly file?: string
  readonly line?: number
  readonly column?: number
  /** The source line itself, for the caret. */
  readonly source?: string
}

/**
 * Every kind of error, with the exit code it ends a command with:
 * 1 a migration failed, 2 wrong use or configuration, 4 files and ledger disagree, 5 no lock, 6 no connection,
 * 7 findings, 8 schemas differ.
 */
export const exitCodes = {
  statement: 1,
  'foreign-key': 1,
  'rows-lost': 1,
  'invalid-index': 1,
  expectation: 1,
  'lock-timeout': 1,
  'lost-connection': 1,
  'server-limit': 1,
  interrupted: 1,
  usage: 2,
  'no-database': 2,
  'bad-url': 2,
  'driver-missing': 2,
  'read-only': 2,
  'no-privilege': 2,
  'no-downgrade': 2,
  'no-folder': 2,
  'file-access': 2,
  'file-name': 2,
  'file-changed-while-read': 2,
  encoding: 2,
  unterminated: 2,
  directive: 2,
  'client-command': 2,
  'transaction-control': 2,
  unsupported: 2,
  'no-variant': 2,
  'duplicate-id': 2,
  'unknown-id': 2,
  'no-repository': 2,
  'unknown-ref': 2,
  'ledger-format': 2,
  changed: 4,
  missing: 4,
  blocked: 4,
  'out-of-order': 4,
  partial: 4,
  'ledger-moved': 4,
  'not-adoptable': 4,
  lock: 5,
  connection: 6,
  'unknown-database': 6,
  authentication: 6,
  findings: 7,
  different: 8,
} as const

export type ErrorCode = keyof typeof exitCodes

export interface ErrorDetails {
  readonly at?: At
  /** What is rolled back and what stands now. */
  readonly state?: string
  /** What to do next. */
  readonly remedy?: string
  /** The server's own code: an SQLSTATE, a MySQL error number, an SQLite result code. */
  readonly server?: string
  readonly cause?: unknown
}

/** The one error that sqlmig throws on purpose. */
export class SqlmigError extends Error {
  override readonly name = 'SqlmigError'
  readonly code: ErrorCode
  readonly at: At | undefined
  readonly state: string | undefined
  readonly remedy: string | undefined
  readonly server: string | undefined

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = code
    this.at = details.at
    this.state = details.state
    this.remedy = details.remedy
    this.server = details.server
  }

  /** The exit code that a command ends with for this error. */
  get exit(): number {
    return exitCodes[this.code]
  }

  /** The same error with more said about it; what it already says stays. */
  with(details: ErrorDetails): SqlmigError {
    return new SqlmigError(this.code, this.message, {
      ...details,
      ...definedOnly({ state: this.state, remedy: this.remedy, server: this.server }),
      at: { ...details.at, ...this.at },
      cause: this.cause ?? details.cause,
    })
  }
}

function definedOnly<T extends object>(object: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as never
}
