import type { Complex } from './ast.ts'
import { Failure } from './failure.ts'

/** Beyond this, turning text into a number takes more than linear time; CPython has the same limit. */
const maxDigits = 4300
const maxHexDigits = 100_000

export function numberValue(text: string, at: number): bigint | number | Complex {
  const plain = text.replaceAll('_', '')
  if (/^0[xXbBoO]/.test(plain)) {
    if (plain.length > maxHexDigits) throw new Failure('this number is too long', at)
    return BigInt(plain.toLowerCase())
  }
  if (/[jJ]$/.test(plain)) return { kind: 'complex', imaginary: Number(plain.slice(0, -1)) }
  if (/[.eE]/.test(plain)) return Number(plain)
  if (plain.length > maxDigits) throw new Failure('this number is too long', at)
  return BigInt(plain)
}

const simpleEscapes: Readonly<Record<string, string>> = {
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
}

/** The value of what stands between the quotes of a string that is not raw. */
export function unescaped(body: string, bytes: boolean, at: number): string {
  if (!body.includes('\\')) return body
  const pattern = /\\(?:([0-7]{1,3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|N\{([^}]*)\}|([\s\S]))/g
  return body.replace(pattern, (all, octal, hex, short, long, name, other, offset) => {
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & (bytes ? 255 : 511))
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16))
    if (bytes && (short ?? long ?? name) !== undefined) return all
    if (short !== undefined) return String.fromCharCode(Number.parseInt(short, 16))
    if (long !== undefined) return codePoint(Number.parseInt(long, 16), at + offset)
    if (name !== undefined) return namedCharacter(name, at + offset)
    return otherEscape(other, bytes, at + offset)
  })
}

const namedCharacters: Readonly<Record<string, string>> = {
  BULLET: '\u2022',
  'COPYRIGHT SIGN': '\u00a9',
  'DEGREE SIGN': '\u00b0',
  'EM DASH': '\u2014',
  'EN DASH': '\u2013',
  'EURO SIGN': '\u20ac',
  'NO-BREAK SPACE': '\u00a0',
  'HORIZONTAL ELLIPSIS': '\u2026',
  'RIGHTWARDS ARROW': '\u2192',
}

/** The names of characters are a large table: an unknown one is an error rather than a wrong text. */
function namedCharacter(name: string, at: number): string {
  const found = namedCharacters[name.toUpperCase()]
  if (found === undefined) throw new Failure(`the character name ${name} is not known here; write it as itself`, at)
  return found
}

function codePoint(code: number, at: number): string {
  if (code > 0x10ffff) throw new Failure('illegal Unicode character in an escape', at)
  return String.fromCodePoint(code)
}

function otherEscape(character: string, bytes: boolean, at: number): string {
  const simple = simpleEscapes[character]
  if (simple !== undefined) return simple
  if (character === 'x') throw new Failure('invalid \\x escape', at)
  if (!bytes && (character === 'u' || character === 'U' || character === 'N')) {
    throw new Failure(`truncated \\${character} escape`, at)
  }
  return `\\${character}`
}
