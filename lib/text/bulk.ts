import type { Place } from '../errors.ts'
import type { Lexis } from './lexis.ts'
import { codePoints } from './source.ts'

/** What many INSERTs begin with, up to their values. */
export interface BulkHead {
  readonly bytes: Buffer
  /** Its canonical text. */
  readonly canonical: Buffer
  readonly words: readonly string[]
  readonly lexis: Lexis
}

/** The bytes under a text that comes in chunks. */
export interface Bytes {
  /** Goes back by so many bytes of text that were read; false where that is too far. */
  back(count: number): boolean
  /** What follows, up to some size, with a zero behind it; the chunks go on behind what is taken of it. */
  window(): Buffer
  take(count: number): void
}

/** A statement of a bulk. */
export interface BulkStatement {
  readonly ordinal: number
  readonly text: string
  readonly place: Place
  readonly words: readonly string[]
  readonly directives: readonly []
}

/** Many INSERTs of plain values that begin alike, with nothing but terminators and white space between them. */
export class Bulk {
  /** The number of the first one in the file. */
  readonly ordinal: number
  readonly count: number
  readonly place: Place
  /** The file's own, without the last terminator. */
  readonly bytes: Buffer
  readonly words: readonly string[]
  private readonly ends: readonly number[]

  constructor(ordinal: number, place: Place, words: readonly string[], { bytes, ends }: BulkText) {
    this.ordinal = ordinal
    this.place = place
    this.words = words
    this.bytes = bytes
    this.ends = ends
    this.count = ends.length
  }

  /** With bytes of its own: those that it came with are read over. */
  kept(): Bulk {
    const { ordinal, place, words, ends } = this
    return new Bulk(ordinal, place, words, { bytes: Buffer.from(this.bytes), ends })
  }

  get size(): number {
    return this.bytes.length
  }

  /** The text of a statement, by its index. */
  text(index: number): string {
    return this.bytes.toString('utf8', this.start(index), this.ends[index])
  }

  statement(index: number): BulkStatement {
    const place = placeBehind(this.bytes, this.start(index), this.place)
    return { ordinal: this.ordinal + index, text: this.text(index), place, words: this.words, directives: [] }
  }

  /** The statement at a position of the whole, in code points, and the position in that. */
  locate(position: number): { index: number; position: number } {
    let before = 0
    for (let index = 0; ; index++) {
      const text = this.text(index)
      const start = this.start(index)
      const gap = this.bytes.toString('utf8', index === 0 ? 0 : this.ends[index - 1], start)
      before += codePoints(gap, 0, gap.length)
      const length = codePoints(text, 0, text.length)
      if (position <= before + length || index === this.count - 1)
        return { index, position: Math.max(0, Math.min(position - before, length)) }
      before += length
    }
  }

  /** White space and a terminator precede all but the first. */
  private start(index: number): number {
    if (index === 0) return 0
    let at = this.ends[index - 1]! + 1
    while (isSpace(this.bytes[at]!)) at++
    return at
  }
}

interface BulkText {
  readonly bytes: Buffer
  /** Where each statement ends. */
  readonly ends: readonly number[]
}

/** The place that is reached behind so many bytes. */
export function placeBehind(bytes: Buffer, end: number, { line, column }: Place): Place {
  let from = 0
  let now = line
  for (let at = bytes.indexOf(10); at >= 0 && at < end; at = bytes.indexOf(10, from)) {
    now++
    from = at + 1
  }
  const rest = bytes.toString('utf8', from, end)
  return { line: now, column: (now === line ? column : 1) + codePoints(rest, 0, rest.length) }
}

/** What a scan has found. */
export interface Found {
  /** Where the first statement begins. */
  readonly start: number
  /** Where each statement ends, at its terminator: so many bytes behind the start. */
  readonly ends: readonly number[]
  /** How long the canonical text is. */
  readonly canonical: number
}

/**
 * Finds the whole statements at the beginning of a window that are a head, plain values and a terminator. Much of a dump
 * is nothing else, and its bytes need neither be decoded nor told apart as tokens; what is not plain is left to a lexer.
 *
 * @param window with a zero at its end, which belongs to no statement
 * @param out where the canonical text is written to, terminators included: as long as the window, and for one more `\n`
 *   for each statement
 */
export function scanBulk(window: Buffer, head: BulkHead, out: Buffer): Found {
  const scanner = scannerOf(head.lexis)
  const ends: number[] = []
  let canonical = 0
  let start = 0
  while (isSpace(window[start]!)) start++
  for (let at = start; ; ) {
    while (isSpace(window[at]!)) at++
    const values = at + head.bytes.length
    if (values >= window.length || head.bytes.compare(window, at, values) !== 0) break
    head.canonical.copy(out, canonical)
    if (!scanner.values(window, values, out, canonical + head.canonical.length)) break
    ends.push(scanner.end - start)
    out[scanner.written] = semicolon
    out[scanner.written + 1] = newline
    canonical = scanner.written + 2
    at = scanner.end + 1
  }
  return { start, ends, canonical }
}

const newline = 10
const semicolon = 59
const quote = 39
const backslash = 92
const comma = 44
const close = 41

function isSpace(byte: number): boolean {
  return byte === 32 || (byte >= 9 && byte <= 13)
}

// what begins with a byte
const space = 1
const bracket = 2
const digit = 3
const string = 4
const sign = 5
const none = 6
const terminator = 7

const numberPart = new Uint8Array(256)
for (const char of '0123456789._abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ')
  numberPart[char.charCodeAt(0)] = 1

class Scanner {
  end = 0
  written = 0
  private readonly kinds = new Uint8Array(256)
  private readonly escapes: boolean
  private readonly lowerNull: boolean

  constructor({ backslashEscapes, doubleQuotedStrings, caseBlind }: Lexis) {
    const { kinds } = this
    for (const byte of [9, 10, 11, 12, 13, 32]) kinds[byte] = space
    for (const char of '(),') kinds[char.charCodeAt(0)] = bracket
    for (const char of '0123456789') kinds[char.charCodeAt(0)] = digit
    kinds[quote] = string
    if (doubleQuotedStrings && backslashEscapes) kinds['"'.charCodeAt(0)] = string
    kinds['-'.charCodeAt(0)] = sign
    kinds['N'.charCodeAt(0)] = none
    kinds[semicolon] = terminator
    this.escapes = backslashEscapes
    this.lowerNull = caseBlind === 'all' || caseBlind.has('null')
  }

  /** Takes values up to the terminator, and writes them down without white space; false where not all of it is plain. */
  values(bytes: Buffer, from: number, out: Buffer, to: number): boolean {
    const { kinds } = this
    let at = from
    let o = to
    let afterSpace = false
    let afterBracket = true
    for (;;) {
      const byte = bytes[at]!
      const kind = kinds[byte]!
      if (kind === space) {
        afterSpace = true
        at++
        continue
      }
      if (kind === bracket) {
        out[o++] = byte
        at++
        afterBracket = true
        afterSpace = false
        continue
      }
      if (kind === terminator) break
      // a space between other tokens may count
      if (afterSpace && !afterBracket) return false
      afterSpace = false
      afterBracket = false
      if (kind === string) {
        const end = this.string(bytes, at, out, o)
        if (end < 0) return false
        o += end - at
        at = end
      } else if (kind === digit) {
        while (numberPart[bytes[at]!] === 1) out[o++] = bytes[at++]!
        // 1e+5
        if (bytes[at] === 43 || bytes[at] === 45) return false
      } else if (kind === sign && kinds[bytes[at + 1]!] === digit) {
        out[o++] = byte
        at++
      } else if (kind === none && isNull(bytes, at)) {
        for (let n = 0; n < 4; n++) out[o++] = this.lowerNull ? bytes[at++]! | 32 : bytes[at++]!
      } else return false
    }
    this.end = at
    this.written = o
    return true
  }

  /** Copies a string; gives where it ends, -1 where it does not. */
  private string(bytes: Buffer, start: number, out: Buffer, to: number): number {
    const mark = bytes[start]!
    const { escapes } = this
    let o = to
    out[o++] = mark
    for (let at = start + 1; ; at++) {
      const byte = bytes[at]!
      out[o++] = byte
      if (byte > backslash) continue
      if (byte === mark) {
        if (bytes[at + 1] !== mark) return at + 1
        out[o++] = bytes[++at]!
      } else if (byte === backslash && escapes) {
        if (bytes[at + 1] === 0) return -1
        out[o++] = bytes[++at]!
      } else if (byte === 0) return -1
    }
  }
}

function isNull(bytes: Buffer, at: number): boolean {
  if (bytes[at + 1] !== 85 || bytes[at + 2] !== 76 || bytes[at + 3] !== 76) return false
  return bytes[at + 4] === comma || bytes[at + 4] === close
}

const scanners = new WeakMap<Lexis, Scanner>()

function scannerOf(lexis: Lexis): Scanner {
  const known = scanners.get(lexis)
  if (known) return known
  const made = new Scanner(lexis)
  scanners.set(lexis, made)
  return made
}
