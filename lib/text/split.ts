import type { Place } from '../errors.ts'
import { SqlmigError } from '../errors.ts'
import { Bulk, type BulkHead, type Bytes, placeBehind, scanBulk } from './bulk.ts'
import { CanonicalText } from './canonical.ts'
import { isCommand, isPassedOver, parseDelimiter, refusedCommand } from './client-commands.ts'
import { endOfData, linesEnd, newlinesIn, readsData, withoutReturns } from './copy-data.ts'
import type { FileDirective, IgnoreDirective, StatementDirective } from './directives.ts'
import { directiveText, isAboutFile, misplaced, parseDirective } from './directives.ts'
import type { TokenKind } from './lexer.ts'
import { Lexer } from './lexer.ts'
import type { BlockTracker, Lexis } from './lexis.ts'
import { Source } from './source.ts'
import { valuesEnd } from './values.ts'

/** One SQL statement of a file, without its terminator and without the comments around it. */
export interface Statement {
  /** Its number in the file, from 1. */
  readonly ordinal: number
  readonly text: string
  readonly place: Place
  /** Its first words in lower case, those in conditional comments too. */
  readonly words: readonly string[]
  readonly directives: readonly StatementDirective[]
  /** The block of `COPY … FROM stdin`; to be read before the next statement is asked for. */
  readonly data?: Iterable<CopyData>
  /** Where that block begins. */
  readonly dataPlace?: Place
}

/** Whole lines; as bytes only until the next ones. */
export type CopyData = string | Buffer

/** Is given the canonical text, piece by piece, directives apart from what the server is sent. */
export type CanonicalSink = (text: string, kind: 'directive' | 'sql') => void

/** For reading by bytes what needs no more. */
export interface Raw {
  readonly bytes: Bytes
  /** Where there is a sink, the same in UTF-8; until the next call. */
  readonly sink?: (canonical: Buffer) => void
}

/** The canonical text of a window; one for all, since nobody keeps it. */
let canonicalBytes: Buffer = Buffer.alloc(0)

/** How many leading words a statement keeps; enough to tell what it is. */
const wordsKept = 12

/** Statements of which a file may hold many that begin alike. */
const repeated = new Set(['insert', 'replace'])
const longestHead = 4000
/** Many are looked for by bytes again at once where that has found more bytes than this, else later each time. */
const worthwhile = 32 * 1024
const longestPause = 1024

interface Head {
  /** How many statements stand before the one that it was last found in. */
  ordinal: number
  readonly text: string
  readonly words: readonly string[]
  readonly canonical: string | undefined
  readonly lexis: Lexis
}

/**
 * Splits SQL into statements as it is read: one pass, and of the text only the statement at hand is kept.
 * Iterate once. Directives about the file are there from the first statement on.
 *
 * @throws SqlmigError `unterminated`, `directive`, `client-command`; their place has no file yet
 */
export class Splitter implements Iterable<Statement> {
  readonly fileDirectives: FileDirective[] = []
  /** Todos below the last statement. */
  readonly trailing: StatementDirective[] = []
  /** Rules of `check` that the file's head overrules. */
  readonly fileIgnores: IgnoreDirective[] = []
  private readonly source: Source
  private readonly lexer: Lexer
  private readonly sink: CanonicalSink | undefined
  private readonly canonical: CanonicalText
  private at = 0
  private ordinal = 0
  private pending: StatementDirective[] = []
  /** Only white space stands before `at` on its line. */
  private fresh = true
  private inCode = false
  // the statement at hand
  private start = -1
  private end = 0
  private startPlace: Place = { line: 1, column: 1 }
  private words: string[] = []
  private blocks: BlockTracker | undefined
  /** How the last statement with values began, up to them. */
  private head: Head | undefined
  private readonly raw: Raw | undefined
  /** What can be read by bytes is. */
  private inBulk = false
  /** So many statements with the same head are read one by one before many are looked for, and after the next try. */
  private untilMany = 0
  private pause = 1

  /** How text is read at this point. */
  get lexis(): Lexis {
    return this.lexer.lexis
  }

  constructor(chunks: Iterable<string>, lexis: Lexis, sink?: CanonicalSink, raw?: Raw) {
    this.raw = raw
    this.source = new Source(chunks)
    this.lexer = new Lexer(lexis)
    this.canonical = new CanonicalText(lexis.caseBlind)
    this.sink = sink
  }

  *[Symbol.iterator](): Generator<Statement> {
    for (const piece of this.read()) yield piece as Statement
  }

  /** As iterating, but where the bytes are at hand INSERTs of plain values come many at once, and data as bytes. */
  pieces(): Generator<Statement | Bulk> {
    this.inBulk = this.raw !== undefined && (!this.sink || this.raw.sink !== undefined)
    return this.read()
  }

  private *read(): Generator<Statement | Bulk> {
    for (let kind = this.token(); kind !== 'end'; kind = this.token()) {
      if (kind === 'space' || kind === 'comment') this.between(kind)
      else if (kind === 'terminator' && !this.inCode && !this.insideBlock()) yield* this.finish()
      else if (kind === 'word' && this.beginsAsBefore()) {
        if (this.mayBeMany()) {
          yield* this.many()
          continue
        }
        this.takeHead()
        kind = 'open'
      } else if (!this.clientCommand(kind)) this.take(kind)
      this.at = this.lexer.end
      if (kind === 'open' || kind === 'operator') this.values()
    }
    yield* this.finish()
    this.atEnd()
  }

  private token(): TokenKind {
    const { source, lexer } = this
    for (;;) {
      const kind = lexer.next(source.text, this.at, this.inCode)
      const lookahead = Math.max(2, lexer.delimiter.length)
      const cut = kind === 'unterminated' || lexer.end + lookahead >= source.text.length
      if (cut && !source.ended) this.refill()
      else if (kind === 'unterminated')
        throw this.unterminated(`${lexer.what} that begins here has no end`, this.place())
      else return kind
    }
  }

  private refill(): void {
    const shift = this.source.refill(this.start < 0 ? this.at : this.start)
    this.at -= shift
    this.end -= shift
    if (this.start >= 0) this.start -= shift
    this.canonical.shift(shift)
  }

  private place(): Place {
    return this.source.place(this.at)
  }

  /** White space and comments; directives are comments. */
  private between(kind: TokenKind): void {
    const text = this.source.text
    if (kind === 'space') {
      const space = text.slice(this.at, this.lexer.end)
      if (space.includes('\n')) this.fresh = true
      if (this.ordinal === 0 && this.start < 0 && /\n[^\n]*\n/.test(space)) this.headEnds()
      return
    }
    const directive = directiveText(text.slice(this.at, Math.min(this.lexer.end, this.at + 10_000)))
    if (directive !== undefined) this.directive(directive, text.startsWith('--', this.at))
    this.fresh = false
  }

  private directive(text: string, dashes: boolean): void {
    const place = this.place()
    if (!dashes) throw misplaced(place, 'a directive in a comment of another kind', `write it as -- sqlmig: ${text}`)
    if (!this.fresh || this.start >= 0) {
      throw misplaced(place, 'a directive within a statement', 'put it on a line of its own above the statement')
    }
    const directive = parseDirective(text, place)
    this.sink?.(`-- sqlmig: ${text}\n`, 'directive')
    if (!isAboutFile(directive)) this.pending.push(directive)
    else if (this.ordinal === 0) this.fileDirectives.push(this.unrepeated(directive))
    else throw misplaced(place, `"${directive.name}" is about the file`, 'move it above the first statement')
  }

  /** What is overruled above an empty line is overruled for the whole file. */
  private headEnds(): void {
    const isIgnore = (directive: StatementDirective): directive is IgnoreDirective => directive.name === 'ignore'
    this.fileIgnores.push(...this.pending.filter(isIgnore))
    this.pending = this.pending.filter((directive) => !isIgnore(directive))
  }

  private unrepeated(directive: FileDirective): FileDirective {
    if (this.fileDirectives.every((other) => other.name !== directive.name)) return directive
    throw misplaced(directive.place, `"${directive.name}" is given twice`, 'remove one of the two')
  }

  private insideBlock(): boolean {
    return this.blocks?.inside ?? false
  }

  /** A token of a statement. */
  private take(kind: TokenKind): void {
    const text = this.source.text
    const end = this.lexer.end
    if (this.start < 0) this.begin()
    if (kind === 'code') this.inCode = true
    else if (kind === 'endcode') this.inCode = false
    else if (kind === 'word') this.word(text.slice(this.at, end).toLowerCase())
    else this.blocks?.token(kind, kind === 'operator' ? text[this.at]! : '')
    if (this.sink) this.canonical.token(text, this.at, end, kind)
    this.end = end
    this.fresh = false
  }

  private begin(): void {
    this.start = this.at
    this.startPlace = this.place()
    this.words = []
    this.blocks = undefined
  }

  /** Steps over the plain values that begin here, if any do. */
  private values(): void {
    const { at, source, lexer } = this
    if (this.start < 0 || this.blocks || this.inCode || lexer.delimiter !== ';') return
    const canonical = this.sink && this.canonical
    const head = this.headSoFar()
    const end = valuesEnd(source.text, at, lexer.lexis, canonical, this.onNull)
    if (end === at) return
    if (head) this.head = head
    canonical?.upTo(end)
    this.at = end
    this.end = end
  }

  /** A dump repeats what stands before the values, and what it is need not be found out again. */
  private headSoFar(): Head | undefined {
    const { start, at, source, words, lexer, ordinal } = this
    if (this.head?.ordinal === ordinal || at - start > longestHead || !repeated.has(words[0]!)) return undefined
    const text = source.text.slice(start, at)
    // after any other character the next one might belong to the same token
    if (!/[(,]$/.test(text)) return undefined
    const canonical = this.sink && this.canonical.soFar(source.text)
    return { ordinal, text, words: [...words], canonical, lexis: lexer.lexis }
  }

  /** True where a statement begins with the head of the last INSERT. */
  private beginsAsBefore(): boolean {
    const { head, at, source, lexer } = this
    if (!head || this.start >= 0 || head.lexis !== lexer.lexis || lexer.delimiter !== ';') return false
    return at + head.text.length + 2 < source.text.length && source.text.startsWith(head.text, at)
  }

  private takeHead(): void {
    const { at, lexer } = this
    const head = this.head!
    const end = at + head.text.length
    this.begin()
    this.words = [...head.words]
    head.ordinal = this.ordinal
    if (head.canonical !== undefined) this.canonical.beginWith(head.canonical, end)
    lexer.end = end
    this.end = end
    this.fresh = false
  }

  /** True where it is worth a try to read on by bytes, and can be done. */
  private mayBeMany(): boolean {
    if (!this.inBulk || this.pending.length > 0 || this.untilMany-- > 0) return false
    return this.back()
  }

  /** Goes back to where the bytes of what comes next are; false where they are not to be had. */
  private back(): boolean {
    const { source, raw, inBulk, at } = this
    return inBulk && !source.ended && raw!.bytes.back(Buffer.byteLength(source.text.slice(at)))
  }

  /** Reads on by bytes, as far as plain INSERTs with the last head go. */
  private *many(): Generator<Bulk> {
    const { bytes, sink } = this.raw!
    const head = bulkHead(this.head!)
    let place = this.place()
    let found = 0
    for (let window = bytes.window(); ; window = bytes.window()) {
      if (canonicalBytes.length < window.length * 2) canonicalBytes = Buffer.allocUnsafeSlow(window.length * 2)
      const out = canonicalBytes
      const { start, ends, canonical } = scanBulk(window, head, out)
      if (ends.length === 0) break
      const end = start + ends.at(-1)!
      const bulk = { bytes: window.subarray(start, end), ends }
      sink?.(out.subarray(0, canonical))
      yield new Bulk(this.ordinal + 1, placeBehind(window, start, place), head.words, bulk)
      this.ordinal += ends.length
      this.fresh = false
      place = placeBehind(window, end + 1, place)
      bytes.take(end + 1)
      found += end + 1
    }
    this.pause = found > worthwhile ? 1 : Math.min(longestPause, this.pause * 2)
    this.untilMany = this.pause
    this.source.jump(place)
    this.at = 0
  }

  private readonly onNull = (): void => this.keep('null')

  private keep(word: string): void {
    if (this.words.length < wordsKept || this.words[0] === 'copy') this.words.push(word)
  }

  private word(word: string): void {
    const words = this.words
    // the tracker is told of the first word too; with a delimiter of its own the file says where a program ends
    if (words.length === 0 && this.lexer.delimiter === ';') this.blocks = this.lexer.lexis.blocks(word)
    this.keep(word)
    this.blocks?.token('word', word)
  }

  private *finish(): Generator<Statement> {
    if (this.start < 0) return
    this.complete()
    const text = this.source.text
    if (this.sink) this.sink(`${this.canonical.finish(text)};\n`, 'sql')
    const statement: Statement = {
      ordinal: ++this.ordinal,
      text: text.slice(this.start, this.lexer.lexis.textToTerminator ? this.at : this.end),
      place: this.startPlace,
      words: this.words,
      directives: this.pending,
    }
    this.pending = []
    this.start = -1
    this.at = this.lexer.end
    if (readsData(this.lexer.lexis, statement.words)) yield* this.copy(statement)
    else yield statement
    if (statement.words[0] === 'set' || statement.words[0] === 'select') {
      this.lexer.lexis = this.lexer.lexis.after(statement.text)
    }
  }

  private complete(): void {
    if (this.inCode) throw this.unterminated('a conditional comment in this statement has no end', this.startPlace)
    if (this.insideBlock())
      throw this.unterminated(`${this.blocks?.what} in this statement has no end`, this.startPlace)
  }

  private *copy(statement: Statement): Generator<Statement> {
    const rest = this.line()
    if (rest.trim())
      throw new SqlmigError('unsupported', 'text between COPY … FROM stdin; and its data', {
        at: this.place(),
        remedy: 'let the data begin on the next line',
      })
    const data = this.copyData()
    yield { ...statement, data, dataPlace: this.place() }
    for (const _ of data);
    this.lexer.end = this.at
    this.fresh = true
  }

  /** Whole lines as far as that can be told by bytes. */
  private *copyBytes({ line }: Place): Generator<Buffer> {
    if (!this.back()) return
    const { bytes, sink } = this.raw!
    let now = line
    for (let window = bytes.window(); ; window = bytes.window()) {
      const lines = window.subarray(0, linesEnd(window))
      if (lines.length === 0) break
      sink?.(withoutReturns(lines))
      yield lines
      now += newlinesIn(lines)
      bytes.take(lines.length)
    }
    this.source.jump({ line: now, column: 1 })
    this.at = 0
  }

  /** Whole lines up to the line `\.`. */
  private *copyData(): Generator<CopyData> {
    const place = this.place()
    yield* this.copyBytes(place)
    const { source } = this
    for (;;) {
      const text = source.text
      const mark = endOfData(text, this.at, source.ended)
      const until = mark < 0 ? text.lastIndexOf('\n') + 1 : mark
      if (until > this.at) {
        const data = text.slice(this.at, until)
        this.sink?.(data.replaceAll('\r\n', '\n'), 'sql')
        this.at = until
        yield data
      }
      if (mark >= 0) break
      if (source.ended)
        throw this.unterminated('the data of this COPY has no end', place, 'end it with a line that holds \\. alone')
      this.refill()
    }
    this.sink?.('\\.\n', 'sql')
    this.line()
  }

  /** Reads the rest of the line at `at` and steps past it. */
  private line(): string {
    let newline = this.source.text.indexOf('\n', this.at)
    while (newline < 0 && !this.source.ended) {
      this.refill()
      newline = this.source.text.indexOf('\n', this.at)
    }
    const end = newline < 0 ? this.source.text.length : newline
    const line = this.source.text.slice(this.at, end)
    this.at = newline < 0 ? end : newline + 1
    this.lexer.end = this.at
    this.fresh = true
    return line.replace(/\r$/, '')
  }

  /** Obeys or refuses a command that is the client's, not SQL; false where the token is none. */
  private clientCommand(kind: TokenKind): boolean {
    const { client } = this.lexer.lexis
    if (kind === 'backslash') {
      if (client === 'sqlite3' || this.inCode) return false
      return this.backslashCommand(client)
    }
    if (this.start >= 0 || !this.fresh) return false
    const text = this.source.text.slice(this.at, this.lexer.end + 1)
    if (client === 'mysql' && kind === 'word' && /^delimiter[ \t]$/i.test(text)) return this.setDelimiter()
    if (kind === 'word' && isCommand(text, this.lexer.lexis)) throw refusedCommand(this.place(), this.line())
    if (client === 'sqlite3' && /^\.[a-z]$/.test(text)) throw refusedCommand(this.place(), this.line())
    return false
  }

  private backslashCommand(client: string): boolean {
    const place = this.place()
    const line = this.line()
    if (client === 'psql' && this.start < 0 && isPassedOver(line)) return true
    throw refusedCommand(place, line)
  }

  private setDelimiter(): boolean {
    const place = this.place()
    this.lexer.delimiter = parseDelimiter(place, this.line())
    return true
  }

  private unterminated(
    message: string,
    place: Place,
    remedy = 'close it; nothing after it can be told apart',
  ): SqlmigError {
    return new SqlmigError('unterminated', message, { at: place, remedy })
  }

  private atEnd(): void {
    for (const directive of this.pending) {
      if (directive.name === 'todo') this.trailing.push(directive)
      else
        throw misplaced(directive.place, `"${directive.name}" has no statement below it`, 'move it directly above one')
    }
  }
}

function bulkHead({ text, canonical = '', words, lexis }: Head): BulkHead {
  return { bytes: Buffer.from(text), canonical: Buffer.from(canonical), words, lexis }
}
