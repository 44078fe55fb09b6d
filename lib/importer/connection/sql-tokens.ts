import type { DialectName } from '../../dialects/dialect-name.ts'
import { dialects } from '../../dialects/dialects.ts'
import { Lexer } from '../../text/lexer.ts'

/** A piece of SQL text. Comments are gone; `spaced` says that white space or a comment stood before it. */
export interface Token {
  readonly kind: 'word' | 'name' | 'string' | 'number' | 'sign'
  /** As it was written. */
  readonly text: string
  /** Words in lower case, names and strings without their quotes. */
  readonly value: string
  readonly spaced: boolean
}

/** The tokens of one statement without its terminator; undefined where the text cannot be read, or holds several. */
export function tokensOf(sql: string, dialect: DialectName): readonly Token[] | undefined {
  const lexer = new Lexer(dialects[dialect].lexis())
  const found: Token[] = []
  let spaced = false
  let ended = false
  for (let at = 0; ; at = lexer.end) {
    const kind = lexer.next(sql, at, false)
    if (kind === 'end') return found
    if (kind === 'unterminated' || kind === 'code' || kind === 'endcode') return undefined
    if (kind === 'space' || kind === 'comment' || kind === 'hint') spaced = true
    else if (kind === 'terminator') ended = true
    else if (ended) return undefined
    else {
      found.push(token(kind, sql.slice(at, lexer.end), spaced, dialect))
      spaced = false
    }
  }
}

function token(kind: string, text: string, spaced: boolean, dialect: DialectName): Token {
  if (kind === 'word') return { kind, text, value: text.toLowerCase(), spaced }
  if (kind === 'number') return { kind, text, value: text, spaced }
  if (kind === 'name') return { kind, text, value: unquoted(text), spaced }
  if (kind === 'string') return { kind, text, value: stringValue(text, dialect), spaced }
  return { kind: 'sign', text, value: text, spaced }
}

function unquoted(text: string): string {
  const mark = text.at(-1)!
  const inner = text.slice(1, -1)
  return mark === ']' ? inner : inner.replaceAll(mark + mark, mark)
}

function stringValue(text: string, dialect: DialectName): string {
  const quote = text.at(-1)!
  if (quote === '$') return text.slice(text.indexOf('$', 1) + 1, text.lastIndexOf('$', text.length - 2))
  const inner = text.slice(text.indexOf(quote) + 1, -1).replaceAll(quote + quote, quote)
  const escapes = dialect === 'mysql' || /^e/i.test(text)
  return escapes ? inner.replace(/\\(.)/gs, '$1') : inner
}

/** The text of some tokens on one line; undefined where a string goes over several. */
export function lineOf(tokens: readonly Token[]): string | undefined {
  if (tokens.some(({ text }) => text.includes('\n'))) return undefined
  return tokens.map(({ text, spaced }, at) => (spaced && at > 0 ? ` ${text}` : text)).join('')
}

export function isWord(token: Token | undefined, ...words: readonly string[]): boolean {
  return token?.kind === 'word' && words.includes(token.value)
}

export function isSign(token: Token | undefined, sign: string): boolean {
  return token?.kind === 'sign' && token.text === sign
}

/** Cuts at the tokens outside of parentheses for which `cut` holds; these are left out. */
export function splitAt(tokens: readonly Token[], cut: (token: Token, at: number) => boolean): Token[][] {
  const parts: Token[][] = [[]]
  let depth = 0
  tokens.forEach((token, at) => {
    if (isSign(token, '(')) depth++
    if (isSign(token, ')')) depth--
    if (depth === 0 && cut(token, at)) parts.push([])
    else parts.at(-1)!.push(token)
  })
  return parts
}

/** The same without parentheses around all of it. */
export function bare(tokens: readonly Token[]): readonly Token[] {
  if (!isSign(tokens[0], '(') || closing(tokens, 0) !== tokens.length - 1) return tokens
  return bare(tokens.slice(1, -1))
}

/** Where the parenthesis that opens at `open` is closed. */
export function closing(tokens: readonly Token[], open: number): number {
  let depth = 0
  for (let at = open; at < tokens.length; at++) {
    if (isSign(tokens[at], '(')) depth++
    if (isSign(tokens[at], ')') && --depth === 0) return at
  }
  return -1
}
