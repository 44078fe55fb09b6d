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

  /** A word, whose case may say nothing; where it ends, `upTo` or the next token tells. */
  word(text: string, from: number, to: number): void {
    const word = text.slice(from, to)
    const lower = word.toLowerCase()
    if (word === lower || !(this.caseBlind === 'all' || this.caseBlind.has(lower))) return
    this.parts.push(text.slice(this.from, from), lower)
    this.from = to
  }

  /** Something is left out between two tokens, of which the first ends at `to`, and the second begins at `from`. */
  gap(text: string, to: number, from: number): void {
    this.to = to
    this.cut(text, from)
  }

  /** All tokens up to here are taken. */
  upTo(end: number): void {
    this.to = end
  }

  private cut(text: string, from: number): void {
    if (this.started) {
      this.parts.push(text.slice(this.from, this.to))
      if (needsSpace(text.charCodeAt(this.to - 1), text.charCodeAt(from))) this.parts.push(' ')
    }
    this.from = from
  }

  /** The canonical text of what was taken so far, which ends in a bracket or comma. */
  soFar(text: string): string {
    return this.parts.join('') + text.slice(this.from, this.to)
  }

  /** Begins as if the tokens before `at` had been taken, with that canonical text. */
  beginWith(canonical: string, at: number): void {
    this.parts = [canonical]
    this.from = at
    this.to = at
    this.started = true
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
  const a = shapes[before] ?? word
  return a !== bracket && a === (shapes[after] ?? word)
}

const word = 0
const operator = 1
const bracket = 2
const shapes = new Uint8Array(128).fill(word)
for (const char of '+-*/<>=~!@#%^&|?\\') shapes[char.charCodeAt(0)] = operator
for (const char of '(),;[]') shapes[char.charCodeAt(0)] = bracket
