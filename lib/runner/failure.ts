import type { Examined } from '../chain/examine.ts'
import type { FileText } from '../chain/file-text.ts'
import { withSource } from '../chain/source-line.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { ServerError } from '../drivers/driver.ts'
import type { At, ErrorCode, Place } from '../errors.ts'
import { SqlmigError } from '../errors.ts'
import { placeWithin } from '../text/source.ts'
import type { Statement } from '../text/split.ts'
import type { PlanStep } from './plan.ts'

/** A migration's failure: which one, and which of its statements. */
export class MigrationError extends SqlmigError {
  readonly id: string
  readonly statement: number | undefined

  constructor(id: string, statement: number | undefined, error: SqlmigError) {
    super(error.code, error.message, definedDetails(error))
    this.id = id
    this.statement = statement
  }

  override with(details: { at?: At; state?: string; remedy?: string }): SqlmigError {
    return new MigrationError(this.id, this.statement, super.with(details))
  }
}

function definedDetails({
  at,
  state,
  remedy,
  server,
  cause,
}: SqlmigError): ConstructorParameters<typeof SqlmigError>[2] {
  return {
    ...(at === undefined ? {} : { at }),
    ...(state === undefined ? {} : { state }),
    ...(remedy === undefined ? {} : { remedy }),
    ...(server === undefined ? {} : { server }),
    cause,
  }
}

/** What stands after a failure, in words. */
export interface Aftermath {
  readonly state: string
  /** What to do, where that is not to correct the statement. */
  readonly remedy?: string
  /** Where the next run goes on, where that is not at the file's beginning. */
  readonly resumesAt?: number
  /** How far the statement got there before, in words. */
  readonly resumesBehind?: string | undefined
  /** The rows that the statement was at, in words. */
  readonly about?: string | undefined
}

/** A server's refusal of a statement, told with its place in the file. */
export function statementFailure(
  step: PlanStep,
  statement: Statement,
  error: ServerError,
  dialect: Dialect,
  aftermath: Aftermath,
): MigrationError {
  const place = placeOf(statement, error)
  const code = codeOf(error, dialect)
  const details = [
    error.message,
    error.detail && `  detail: ${error.detail}`,
    error.hint && `  hint of the server: ${error.hint}`,
  ]
  const [message, ...more] = details.filter(Boolean)
  const total = step.file.statements
  const text = `statement ${statement.ordinal} of ${total} failed${aftermath.about ? ` ${aftermath.about}` : ''}: ${message} (${error.code})${more.map((line) => `\n${line}`).join('')}`
  const remedy = aftermath.remedy ?? remedyFor(code, `correct line ${place.line}`) + resumption(aftermath)
  const plain = new SqlmigError(code, text, {
    at: place,
    state: aftermath.state,
    remedy,
    server: error.code,
    cause: error,
  })
  return new MigrationError(step.file.id, statement.ordinal, withSource(plain, step.file.path) as SqlmigError)
}

export function codeOf(error: ServerError, dialect: Dialect): ErrorCode {
  if (error.lost) return 'lost-connection'
  if (dialect.isRetryable(error.code)) return 'lock-timeout'
  if (dialect.isReadOnly(error)) return 'read-only'
  return 'statement'
}

/** @param cure what is to be done where the error is the migration's own */
export function remedyFor(code: ErrorCode, cure: string): string {
  return `${cures[code] ?? cure}, then run "sqlmig up" again`
}

const cures: Partial<Record<ErrorCode, string>> = {
  'lock-timeout': 'wait until the table is less busy, or raise --lock-retries or --lock-timeout',
  'read-only': 'connect to a database that can be written, or make this one writable',
}

function resumption({ resumesAt, resumesBehind }: Aftermath): string {
  if (resumesAt === undefined) return ''
  return `: it goes on at statement ${resumesAt}${resumesBehind ? `, behind ${resumesBehind}` : ''}`
}

function placeOf(statement: Statement, error: ServerError): Place {
  if (statement.dataPlace && error.line !== undefined) {
    return { line: statement.dataPlace.line + error.line, column: 1 }
  }
  if (error.position !== undefined) return placeWithin(statement.text, statement.place, error.position)
  if (error.line === undefined || error.line === 0) return statement.place
  const source = statement.text.split('\n')[error.line] ?? ''
  return { line: statement.place.line + error.line, column: source.length - source.trimStart().length + 1 }
}

/** @throws SqlmigError `file-changed-while-read` where the file is not what the plan has examined */
export function refuseChangedFile(file: Examined, text: FileText, state: string): void {
  if (text.checksum() === file.checksum) return
  throw new SqlmigError('file-changed-while-read', 'the file was changed while it was being run', {
    at: { file: file.path },
    state,
    remedy: 'run "sqlmig up" again when nobody is writing to it',
  })
}

/** What a rolled-back migration leaves. */
export function rolledBack(id: string, standing: number): string {
  const before =
    standing === 0
      ? 'this run applied none before it'
      : `${count(standing, 'migration')} applied before it ${standing === 1 ? 'stands' : 'stand'}`
  return `${id} was rolled back; ${before}`
}

export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
