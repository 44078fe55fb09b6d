import type { CanonicalText } from './canonical.ts'
import { doubledEnd, escapedEnd } from './lexer.ts'
import type { Lexis } from './lexis.ts'

/**
 * Runs over plain values: numbers, strings, NULL, and the brackets and commas between them. Most of a dump is nothing
 * else, and its tokens need not be told apart one by one. Gives where the last whole one ends: `start` where there is
 * none.
 *
 * It takes exactly the tokens that a lexer would find there; whatever is not plain is left to that.
 *
 * @param canonical undefined where nobody wants the canonical text
 * @param onNull is told of each NULL, which is a word
 */
export function valuesEnd(
  text: string,
  start: number,
  lexis: Lexis,
  canonical: CanonicalText | undefined,
  onNull: () => void,
): number {
  // what ends closer to the window's end than this may go on in the next chunk
  const limit = text.length - 2
  let at = start
  for (;;) {
    let next = at
    let code = text.charCodeAt(next)
    while (code === 32 || (code >= 9 && code <= 13)) code = text.charCodeAt(++next)
    const isNull = code === 78
    const end = isNull ? nullEnd(text, next) : valueEnd(text, next, code, lexis)
    if (end < 0 || end >= limit) return at
    if (next > at) canonical?.gap(text, at, next)
    if (isNull) {
      canonical?.word(text, next, end)
      onNull()
    }
    at = end
  }
}

/** The end of a token that may be a part of values; -1 where it is none, or not plain. */
function valueEnd(text: string, at: number, code: number, lexis: Lexis): number {
  switch (code) {
    case 39: // '
      return lexis.backslashEscapes ? escapedEnd(text, at + 1, 39) : plainStringEnd(text, at + 1)
    case 34: // "
      return lexis.doubleQuotedStrings && lexis.backslashEscapes ? escapedEnd(text, at + 1, 34) : -1
    case 40:
    case 41:
    case 44: // ,
      return at + 1
    case 45: // -
      return isDigit(text.charCodeAt(at + 1)) ? at + 1 : -1
    default:
      return isDigit(code) ? numberEnd(text, at) : -1
  }
}

/** Short strings are faster read here than by a search, long ones are not. */
function plainStringEnd(text: string, from: number): number {
  const near = Math.min(from + 48, text.length)
  let at = from
  for (; at < near; at++) {
    if (text.charCodeAt(at) !== 39) continue
    if (text.charCodeAt(at + 1) !== 39) return at + 1
    at++
  }
  return doubledEnd(text, at, "'")
}

function numberEnd(text: string, from: number): number {
  let at = from + 1
  let code = text.charCodeAt(at)
  while (isDigit(code) || code === 46 || isLetter(code)) code = text.charCodeAt(++at)
  // 1e+5
  return code === 43 || code === 45 ? -1 : at
}

function nullEnd(text: string, at: number): number {
  if (!text.startsWith('NULL', at)) return -1
  const code = text.charCodeAt(at + 4)
  return code === 44 || code === 41 ? at + 4 : -1
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}

function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95
}
