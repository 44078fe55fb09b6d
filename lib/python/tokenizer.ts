import type { Comment } from './ast.ts'
import { Failure } from './failure.ts'
import { Lines } from './lines.ts'

export type TokenKind =
  | 'name'
  | 'keyword'
  | 'number'
  | 'string'
  | 'fstring'
  | 'op'
  | 'newline'
  | 'indent'
  | 'dedent'
  | 'end'

export interface Token {
  readonly kind: TokenKind
  /** The text of a name, keyword, operator or number; the prefix of a string, in lower case. */
  readonly text: string
  readonly start: number
  readonly end: number
  readonly line: number
  readonly column: number
}

/** Enough to go back to an earlier place. */
export interface Mark {
  readonly position: number
  readonly depth: number
  readonly indents: readonly number[]
  readonly altIndents: readonly number[]
  readonly pending: number
  readonly lineBegins: boolean
  readonly blank: boolean
  readonly comments: number
}

const keywords = new Set(
  'False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield'.split(
    ' ',
  ),
)
const operators3 = new Set(['**=', '//=', '>>=', '<<=', '...'])
const operators2 = new Set('** // >> << <= >= == != -> += -= *= /= %= &= |= ^= @= :='.split(' '))
const operators1 = new Set('+-*/%@&|^~<>()[]{},:.;=!'.split(''))
const identifier = /[\p{XIDS}_][\p{XIDC}]*/uy
const plainName = /[A-Za-z_][A-Za-z0-9_]*/y
const number =
  /0[xX](?:_?[0-9a-fA-F])+|0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|(?:[0-9](?:_?[0-9])*)?\.[0-9](?:_?[0-9])*(?:[eE][+-]?[0-9](?:_?[0-9])*)?[jJ]?|[0-9](?:_?[0-9])*\.?(?:[eE][+-]?[0-9](?:_?[0-9])*)?[jJ]?/y
const stringPrefix = /^(?:[uUbB]|[fF]|[rR]|[bB][rR]|[rR][bB]|[fF][rR]|[rR][fF])$/
const maxBrackets = 100
const maxIndents = 100

/** Cuts Python source into tokens, one at a time, so that the parser can go back and can drive f-strings. */
export class Tokenizer {
  readonly text: string
  readonly lines: Lines
  readonly comments: Comment[] = []
  #at = 0
  #depth = 0
  #indents = [0]
  #altIndents = [0]
  #pending = 0
  #lineBegins = true
  #blank = true

  constructor(text: string) {
    this.text = text
    this.lines = new Lines(text)
    if (text.charCodeAt(0) === 0xfeff) this.#at = 1
  }

  mark(): Mark {
    return {
      position: this.#at,
      depth: this.#depth,
      indents: [...this.#indents],
      altIndents: [...this.#altIndents],
      pending: this.#pending,
      lineBegins: this.#lineBegins,
      blank: this.#blank,
      comments: this.comments.length,
    }
  }

  reset(mark: Mark): void {
    this.#at = mark.position
    this.#depth = mark.depth
    this.#indents = [...mark.indents]
    this.#altIndents = [...mark.altIndents]
    this.#pending = mark.pending
    this.#lineBegins = mark.lineBegins
    this.#blank = mark.blank
    this.comments.length = mark.comments
  }

  /** Goes on at an offset: the parser has read the inside of an f-string itself. */
  seek(offset: number): void {
    this.#at = offset
  }

  /** Line ends do not count inside brackets and replacement fields. */
  open(at: number): void {
    if (++this.#depth > maxBrackets) throw new Failure('too many nested brackets', at)
  }

  close(): void {
    this.#depth--
  }

  next(): Token {
    if (this.#lineBegins && this.#depth === 0) this.#indent()
    if (this.#pending > 0) return this.#pendingToken('indent', 1)
    if (this.#pending < 0) return this.#pendingToken('dedent', -1)
    this.#skipSpace()
    const code = this.text.charCodeAt(this.#at)
    if (this.#at >= this.text.length) return this.#atEnd()
    if (code === 10) return this.#newline()
    this.#blank = false
    if (isNameStart(code)) return this.#name(code)
    if ((code >= 48 && code <= 57) || (code === 46 && isDigit(this.text.charCodeAt(this.#at + 1))))
      return this.#number()
    if (code === 34 || code === 39) return this.#string('', this.#at)
    return this.#operator()
  }

  #token(kind: TokenKind, text: string, start: number, end: number): Token {
    const line = this.lines.line(start)
    this.#at = end
    return { kind, text, start, end, line, column: this.lines.column(start, line) }
  }

  #pendingToken(kind: 'indent' | 'dedent', by: number): Token {
    this.#pending -= by
    return this.#token(kind, '', this.#at, this.#at)
  }

  #atEnd(): Token {
    if (this.#depth === 0 && !this.#blank) {
      this.#blank = true
      this.#lineBegins = true
      return this.#token('newline', '', this.text.length, this.text.length)
    }
    return this.#token('end', '', this.text.length, this.text.length)
  }

  #newline(): Token {
    this.#lineBegins = true
    this.#blank = true
    return this.#token('newline', '', this.#at, this.#at + 1)
  }

  /** Reads blank lines and the indentation of the first line that is none. */
  #indent(): void {
    this.#lineBegins = false
    this.#blank = true
    for (;;) {
      const [column, alt] = this.#measure()
      const code = this.text.charCodeAt(this.#at)
      if (this.#at >= this.text.length) {
        this.#dedentTo(0, 0)
        return
      }
      if (code === 35) this.#comment()
      if (this.text.charCodeAt(this.#at) === 10) {
        this.#at++
        continue
      }
      if (code === 35) continue
      this.#dedentTo(column, alt)
      return
    }
  }

  /** The width of the indentation, with tabs to multiples of eight and, to find mixed ones, as one. */
  #measure(): [number, number] {
    let column = 0
    let alt = 0
    for (; ; this.#at++) {
      const code = this.text.charCodeAt(this.#at)
      if (code === 32) {
        column++
        alt++
      } else if (code === 9) {
        column = (Math.floor(column / 8) + 1) * 8
        alt++
      } else if (code === 12) {
        column = 0
        alt = 0
      } else if (code === 92 && this.text.charCodeAt(this.#at + 1) === 10) {
        this.#at++
        this.#at++
        const [continued, continuedAlt] = this.#measure()
        return column > 0 ? [column, alt] : [continued, continuedAlt]
      } else return [column, alt]
    }
  }

  #dedentTo(column: number, alt: number): void {
    const top = this.#indents.at(-1)!
    if (column === top) {
      if (alt !== this.#altIndents.at(-1)) throw this.#mixedTabs()
      return
    }
    if (column > top) {
      if (alt <= this.#altIndents.at(-1)!) throw this.#mixedTabs()
      if (this.#indents.length >= maxIndents) throw new Failure('too many levels of indentation', this.#at)
      this.#indents.push(column)
      this.#altIndents.push(alt)
      this.#pending = 1
      return
    }
    while (this.#indents.at(-1)! > column) {
      this.#indents.pop()
      this.#altIndents.pop()
      this.#pending--
    }
    if (this.#indents.at(-1) !== column) {
      throw new Failure('unindent does not match any outer indentation level', this.#at)
    }
    if (alt !== this.#altIndents.at(-1)) throw this.#mixedTabs()
  }

  #mixedTabs(): Failure {
    return new Failure('inconsistent use of tabs and spaces in indentation', this.#at)
  }

  #skipSpace(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.#at)
      if (code === 32 || code === 9 || code === 12) this.#at++
      else if (code === 35) this.#comment()
      else if (code === 10 && this.#depth > 0) this.#at++
      else if (code === 92 && this.text.charCodeAt(this.#at + 1) === 10) {
        this.#at += 2
        if (this.#at >= this.text.length)
          throw new Failure('unexpected end of file after a line continuation', this.#at)
      } else if (code === 92) throw new Failure('unexpected character after a line continuation', this.#at + 1)
      else return
    }
  }

  #comment(): void {
    const start = this.#at
    const found = this.text.indexOf('\n', start)
    this.#at = found < 0 ? this.text.length : found
    const line = this.lines.line(start)
    const text = this.text.slice(start + 1, this.#at)
    const alone = /^[ \t\f]*$/.test(this.text.slice(this.text.lastIndexOf('\n', start - 1) + 1, start))
    this.comments.push({ line, column: this.lines.column(start, line), text, alone })
  }

  #name(code: number): Token {
    const start = this.#at
    plainName.lastIndex = start
    let text = plainName.exec(this.text)?.[0] ?? ''
    if (text === '' || this.text.charCodeAt(start + text.length) > 127) {
      identifier.lastIndex = start
      text = identifier.exec(this.text)?.[0] ?? ''
      if (text === '') throw new Failure(`invalid character ${describe(this.text, start, code)}`, start)
      return this.#token('name', text.normalize('NFKC'), start, start + text.length)
    }
    const after = this.text.charCodeAt(start + text.length)
    if ((after === 34 || after === 39) && text.length <= 2 && stringPrefix.test(text)) {
      return this.#string(text.toLowerCase(), start)
    }
    return this.#token(keywords.has(text) ? 'keyword' : 'name', text, start, start + text.length)
  }

  #number(): Token {
    const start = this.#at
    number.lastIndex = start
    const text = number.exec(this.text)?.[0] ?? ''
    const after = this.text.charCodeAt(start + text.length)
    if (
      text === '' ||
      (isNameStart(after) &&
        !/^(?:and|else|for|if|in|is|not|or)\b/.test(this.text.slice(start + text.length, start + text.length + 6)))
    ) {
      throw new Failure('invalid number', start)
    }
    if (text[0] === '0' && !/[.eEjJxXbBoO]/.test(text) && /[1-9]/.test(text)) {
      throw new Failure('leading zeros in decimal integers are not permitted; use 0o for octal', start)
    }
    return this.#token('number', text, start, start + text.length)
  }

  #string(prefix: string, start: number): Token {
    const open = start + prefix.length
    const quote = this.text[open]!
    const triple = this.text.startsWith(quote.repeat(3), open)
    const body = open + (triple ? 3 : 1)
    if (prefix.includes('f')) return this.#token('fstring', prefix, start, body)
    const pattern = triple ? (quote === '"' ? /"""|\\/g : /'''|\\/g) : quote === '"' ? /["\\\n]/g : /['\\\n]/g
    pattern.lastIndex = body
    for (let found = pattern.exec(this.text); found; found = pattern.exec(this.text)) {
      if (found[0] === '\n') break
      if (found[0] !== '\\') return this.#token('string', prefix, start, pattern.lastIndex)
      pattern.lastIndex++
    }
    throw new Failure(triple ? 'this triple-quoted string is never closed' : 'this string is never closed', start)
  }

  #operator(): Token {
    const start = this.#at
    const three = this.text.slice(start, start + 3)
    if (operators3.has(three)) return this.#token('op', three, start, start + 3)
    const two = three.slice(0, 2)
    if (operators2.has(two)) return this.#token('op', two, start, start + 2)
    const one = three.slice(0, 1)
    if (!operators1.has(one)) {
      throw new Failure(`invalid character ${describe(this.text, start, this.text.charCodeAt(start))}`, start)
    }
    return this.#token('op', one, start, start + 1)
  }
}

export function isNameStart(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || code > 127
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}

function describe(text: string, at: number, code: number): string {
  const point = text.codePointAt(at) ?? code
  const hex = `U+${point.toString(16).toUpperCase().padStart(4, '0')}`
  return point < 32 || point === 127 ? hex : `'${String.fromCodePoint(point)}' (${hex})`
}
