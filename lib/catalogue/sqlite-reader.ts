import { nameOf, type Token } from './sqlite-tokens.ts'

/** Thrown where a text is not understood; what it makes is then carried as it stands. */
export class NotUnderstood extends Error {}

/** A cursor over the tokens of a statement. Its verbs throw NotUnderstood where something else stands there. */
export class TokenReader {
  private readonly tokens: readonly Token[]
  private at = 0

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens
  }

  get ended(): boolean {
    return this.at >= this.tokens.length
  }

  peek(): Token | undefined {
    return this.tokens[this.at]
  }

  /** Whether this word or operator is next. */
  sees(value: string, ahead = 0): boolean {
    const token = this.tokens[this.at + ahead]
    return token?.value === value && token.kind !== 'name' && token.kind !== 'string'
  }

  /** Passes over these words where they are next. */
  take(...values: readonly string[]): boolean {
    if (!values.every((value, ahead) => this.sees(value, ahead))) return false
    this.at += values.length
    return true
  }

  expect(...values: readonly string[]): void {
    if (!this.take(...values)) throw new NotUnderstood()
  }

  /** Passes over one of these words, and tells which it was. */
  oneOf<T extends string>(...values: readonly T[]): T | undefined {
    return values.find((value) => this.take(value))
  }

  next(): Token {
    const token = this.tokens[this.at]
    if (!token) throw new NotUnderstood()
    this.at++
    return token
  }

  name(): string {
    const token = this.next()
    if (token.kind !== 'word' && token.kind !== 'name' && token.kind !== 'string') throw new NotUnderstood()
    return nameOf(token)
  }

  /** What stands between the parenthesis that is next and the one that closes it. */
  parenthesis(): readonly Token[] {
    if (this.next().kind !== 'open') throw new NotUnderstood()
    const from = this.at
    for (let depth = 1; depth > 0; ) {
      const { kind } = this.next()
      if (kind === 'open') depth++
      if (kind === 'close') depth--
    }
    return this.tokens.slice(from, this.at - 1)
  }

  /** Everything that is left. */
  rest(): readonly Token[] {
    return this.tokens.slice(this.at)
  }
}

/** Tokens at the commas between them, not those inside parentheses. */
export function atCommas(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const parts: Token[][] = [[]]
  let depth = 0
  for (const token of tokens) {
    if (token.kind === 'open') depth++
    if (token.kind === 'close') depth--
    if (depth === 0 && token.text === ',') parts.push([])
    else parts.at(-1)!.push(token)
  }
  return parts
}
