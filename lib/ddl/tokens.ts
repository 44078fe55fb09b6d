import { Lexer } from '../text/lexer.ts'
import type { Lexis } from '../text/lexis.ts'
import { notUnderstood } from './not-understood.ts'

export interface Token {
  readonly kind: 'word' | 'name' | 'string' | 'number' | 'open' | 'close' | 'operator'
  readonly text: string
  /** Words in upper case, everything else as it stands. */
  readonly upper: string
  readonly start: number
  readonly end: number
}

/** The tokens of a statement, without white space and comments. What conditional comments hold is code. */
export function* tokensOf(text: string, lexis: Lexis): Generator<Token> {
  const lexer = new Lexer(lexis)
  let inCode = false
  for (let at = 0; ; at = lexer.end) {
    const kind = lexer.next(text, at, inCode)
    if (kind === 'end') return
    if (kind === 'unterminated') return notUnderstood(`${lexer.what} in it has no end`)
    if (kind === 'space' || kind === 'comment' || kind === 'hint') continue
    if (kind === 'code' || kind === 'endcode') inCode = kind === 'code'
    else yield token(plainKind(kind), text, at, lexer.end)
  }
}

function plainKind(kind: ReturnType<Lexer['next']>): Token['kind'] {
  switch (kind) {
    case 'word':
    case 'name':
    case 'string':
    case 'number':
    case 'open':
    case 'close':
      return kind
    default:
      return 'operator'
  }
}

function token(kind: Token['kind'], source: string, start: number, end: number): Token {
  const text = source.slice(start, end)
  return { kind, text, upper: kind === 'word' ? text.toUpperCase() : text, start, end }
}
