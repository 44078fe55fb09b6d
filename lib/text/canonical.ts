import type { TokenKind } from './lexer.ts'

/**
 * Builds the text of a statement as its tokens tell it: blind to comments, white space and the case of keywords.
 * Stretches without anything to leave out are copied whole, so that megabytes of data cost little.
 */
export class CanonicalText {
  private readonly caseBlind: 'all' | ReadonlySet<string>
  private parts: string[] = []
  private from = 0
  private to = 0
  private started = false

  constructor(caseBlind: 'all' | ReadonlySet<string>) {
    this.caseBlind = caseBlind
  }

  /** Takes the token text[from..to). */
  token(text: string, from: number, to: number, kind: TokenKind): void {
    if (!this.started || from !== this.to) this.cut(text, from)
    this.started = true
    if (kind === 'word') this.word(text, from, to)
    this.to = to
  }

  private word(text: string, from: number, to: number): void {
    const word = text.slice(from, to)
    const lower = word.toLowerCase()
    if (word === lower || !(this.caseBlind === 'all' || this.caseBlind.has(lower))) return
    this.parts.push(text.slice(this.from, from), lower)
    this.from = to
  }

  private cut(text: string, from: number): void {
    if (this.started) {
      this.parts.push(text.slice(this.from, this.to))
      if (needsSpace(text.charCodeAt(this.to - 1), text.charCodeAt(from))) this.parts.push(' ')
    }
    this.from = from
  }

  /** Positions move down by `by`, as the window over the text moves. */
  shift(by: number): void {
    this.from -= by
    this.to -= by
  }

  /** The canonical text of what was taken; the next token begins anew. */
  finish(text: string): string {
    this.parts.push(text.slice(this.from, this.to))
    const result = this.parts.join('')
    this.parts = []
    this.started = false
    return result
  }
}

/** White space between two tokens counts only where they would read differently without it. */
function needsSpace(before: number, after: number): boolean {
  const a = shape(before)
  const b = shape(after)
  return a !== 'bracket' && b !== 'bracket' && a === b
}

function shape(code: number): 'bracket' | 'operator' | 'word' {
  const char = String.fromCharCode(code)
  if ('(),;[]'.includes(char)) return 'bracket'
  return '+-*/<>=~!@#%^&|?\\'.includes(char) ? 'operator' : 'word'
}
