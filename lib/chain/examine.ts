import type { Dialect, Effect, Pace } from '../dialects/dialect.ts'
import type { Place } from '../errors.ts'
import { SqlmigError } from '../errors.ts'
import { batchOf, checkBatch } from '../text/batches.ts'
import { Bulk } from '../text/bulk.ts'
import { type FileDirective, misplaced, type StatementDirective } from '../text/directives.ts'
import type { Lexis } from '../text/lexis.ts'
import type { CanonicalSink, Statement } from '../text/split.ts'
import { Splitter } from '../text/split.ts'
import { FileText } from './file-text.ts'
import type { MigrationFile } from './folder.ts'
import { withSource } from './source-line.ts'
import { TokensHash } from './tokens-hash.ts'

/** A todo that blocks a file. */
export interface Todo {
  readonly place: Place
  readonly text: string
}

/** What a migration says of itself, and what one complete reading found. */
export interface Examined extends MigrationFile {
  /** SHA-256 of the exact bytes, in hexadecimal. */
  readonly checksum: string
  /** SHA-256 of the SQL tokens and directives. */
  readonly tokens: string
  /** Size in bytes. */
  readonly size: number
  readonly statements: number
  readonly directives: readonly FileDirective[]
  readonly todos: readonly Todo[]
  /** True where every statement can be rolled back together. */
  readonly rollsBack: boolean
  /** True where a statement runs in batches, each committed by itself. */
  readonly batched: boolean
  /** How long its slowest statement may take. */
  readonly pace: Pace
  /** True where guards or COPY data want the file to travel by itself. */
  readonly travelsAlone: boolean
  /** True where the statement at which a former run was cut off is of a kind that a run can go on with. */
  readonly recoverable: boolean
  /** The file's own BEGIN, COMMIT and the like, which sqlmig's take the place of. */
  readonly ownTransaction: readonly { readonly place: Place; readonly text: string }[]
}

export function hasDirective(file: Pick<Examined, 'directives'>, name: FileDirective['name']): boolean {
  return file.directives.some((directive) => directive.name === name)
}

export interface ExamineOptions {
  /** The number of the statement at which a former run was cut off. */
  readonly running?: number | undefined
  /** Is told how many bytes were read, again and again. */
  readonly heard?: ((bytes: number) => void) | undefined
}

/**
 * Reads a whole file: checksums, directives, and whether each statement can run where it stands.
 * @throws SqlmigError for what makes the file unusable, with file, line and column
 */
export function examine(
  file: MigrationFile,
  dialect: Dialect,
  lexis: Lexis,
  { running, heard }: ExamineOptions = {},
): Examined {
  const text = new FileText(file.path, heard)
  const tokens = new TokensHash()
  const splitter = new Splitter(text.chunks(), lexis, (piece) => tokens.update(piece), {
    bytes: text,
    sink: (piece) => tokens.updateBytes(piece),
  })
  const survey = new Survey(splitter, dialect, running)
  try {
    // whether a run can go on with a statement is asked of that statement
    if (running !== undefined) for (const statement of splitter) survey.add(statement)
    else
      for (const piece of splitter.pieces()) {
        if (piece instanceof Bulk) survey.count += piece.count
        else survey.add(piece)
      }
    survey.finish()
  } catch (error) {
    throw withSource(error, file.path)
  }
  return {
    ...file,
    checksum: text.checksum(),
    tokens: tokens.digest(),
    size: text.bytes,
    statements: survey.count,
    directives: splitter.fileDirectives,
    todos: survey.todos,
    rollsBack: survey.rollsBack,
    batched: survey.batched,
    pace: survey.pace,
    travelsAlone: survey.travelsAlone,
    recoverable: survey.recoverable,
    ownTransaction: survey.ownTransaction,
  }
}

/** The statements of a file, to be run; `text` gives the checksum of what was read once all was. */
export function statementsOf(
  file: MigrationFile,
  lexis: Lexis,
  sink?: CanonicalSink,
): { text: FileText; statements: Splitter } {
  const text = new FileText(file.path)
  return { text, statements: new Splitter(text.chunks(), lexis, sink, { bytes: text }) }
}

class Survey {
  count = 0
  rollsBack = true
  travelsAlone = false
  pace: Pace = 'quick'
  batched = false
  private guarded = false
  private inOwnTransaction = false
  readonly todos: Todo[] = []
  recoverable = false
  readonly ownTransaction: { place: Place; text: string }[] = []
  private readonly splitter: Splitter
  private readonly dialect: Dialect
  private readonly running: number | undefined

  constructor(splitter: Splitter, dialect: Dialect, running: number | undefined) {
    this.splitter = splitter
    this.dialect = dialect
    this.running = running
  }

  add(statement: Statement): void {
    this.count++
    this.directives(statement.directives)
    if (statement.data) this.travelsAlone = true
    if (this.count === this.running)
      this.recoverable = this.dialect.recovery(statement, this.splitter.lexis) !== undefined
    const effect = this.dialect.effect(statement)
    this.effect(statement, effect)
    if (this.pace !== 'open') this.slowed(this.dialect.pace(statement))
    this.batch(statement, effect)
  }

  finish(): void {
    this.directives(this.splitter.trailing)
  }

  private slowed(pace: Pace): void {
    if (pace !== 'quick') this.pace = pace
  }

  private get inTransaction(): boolean {
    return this.dialect.rollsBackDdl && !hasDirective({ directives: this.splitter.fileDirectives }, 'no-transaction')
  }

  private effect(statement: Statement, effect: Effect): void {
    if (typeof effect === 'object') {
      throw new SqlmigError('transaction-control', effect.refused, { at: statement.place, remedy: effect.remedy })
    }
    if (effect === 'alone' && this.inTransaction) throw needsNoTransaction(statement, this.dialect.title)
    if (effect === 'begin' || effect === 'commit' || effect === 'skip') {
      this.ownTransaction.push({ place: statement.place, text: statement.text })
    } else if (effect !== 'plain') this.rollsBack = false
  }

  private batch(statement: Statement, effect: Effect): void {
    const directive = batchOf(statement)
    if (effect === 'begin' || effect === 'commit') this.inOwnTransaction = effect === 'begin'
    if (!directive) return
    checkBatch(statement, directive, this.splitter.lexis)
    const file = { directives: this.splitter.fileDirectives }
    if (this.inOwnTransaction && hasDirective(file, 'no-transaction'))
      throw misplaced(
        directive.place,
        'batches within a BEGIN … COMMIT of the file: each is committed by itself',
        'put the statement before the BEGIN, or after the COMMIT',
      )
    if (effect !== 'plain')
      throw misplaced(
        directive.place,
        `${this.dialect.title} could not roll back such a statement`,
        'write it so that it begins with UPDATE, DELETE or INSERT',
      )
    this.batched = true
  }

  private guard({ above, place }: Extract<StatementDirective, { name: 'when' }>): void {
    if (above && !this.guarded)
      throw misplaced(
        place,
        'no guarded statement stands above',
        'write the facts: -- sqlmig: when column lead.source absent',
      )
    this.guarded = true
  }

  private directives(directives: readonly StatementDirective[]): void {
    for (const directive of directives) {
      if (directive.name === 'todo') this.todos.push({ place: directive.place, text: directive.text })
      else if (directive.name !== 'ignore') this.travelsAlone = true
      if (directive.name === 'when') this.guard(directive)
    }
  }
}

function needsNoTransaction(statement: Statement, title: string): SqlmigError {
  const what = statement.words.slice(0, 4).join(' ').toUpperCase()
  return new SqlmigError('transaction-control', `${title} does not run ${what} … inside a transaction`, {
    at: statement.place,
    remedy: 'move it to a file of its own that begins with the line "-- sqlmig: no-transaction", or remove it',
  })
}

/** The hash of the tokens of a file's first statements, as the journal keeps it. */
export function prefixOf(file: MigrationFile, lexis: Lexis, statements: number): string {
  const tokens = new TokensHash()
  const reading = statementsOf(file, lexis, (piece, kind) => {
    if (kind === 'sql') tokens.update(piece)
  })
  for (const statement of reading.statements) {
    if (statement.ordinal > statements) return tokens.before()
    for (const _ of statement.data ?? []);
    tokens.mark()
  }
  return tokens.digest()
}
