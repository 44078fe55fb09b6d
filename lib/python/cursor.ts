import type { Scope, Span } from './ast.ts'
import { Failure } from './failure.ts'
import { type Mark, type Token, Tokenizer, type TokenKind } from './tokenizer.ts'

const maxNesting = 200
const maxNodes = 2_000_000

export interface OpenScope {
  readonly kind: 'module' | 'class' | 'function'
  readonly locals: Set<string>
  readonly globals: Set<string>
  readonly nonlocals: Set<string>
  generator: boolean
}

/** The parser's place in the source: the current token, how deep it is nested, and what the scopes around it bind. */
export class Cursor {
  readonly tokens: Tokenizer
  token: Token
  /** Where the last token that was taken ends. */
  lastEnd = 0
  scope: OpenScope = newScope('module')
  #depth = 0
  /** Brackets that are open, for the message at the end of the file. */
  #opened: Token[] = []
  #nodes = 0

  constructor(text: string) {
    this.tokens = new Tokenizer(text)
    this.token = this.tokens.next()
  }

  mark(): { readonly mark: Mark; readonly token: Token; readonly lastEnd: number } {
    return { mark: this.tokens.mark(), token: this.token, lastEnd: this.lastEnd }
  }

  reset(saved: { readonly mark: Mark; readonly token: Token; readonly lastEnd: number }): void {
    this.tokens.reset(saved.mark)
    this.token = saved.token
    this.lastEnd = saved.lastEnd
  }

  advance(): Token {
    const taken = this.token
    if (taken.kind !== 'newline' && taken.kind !== 'indent' && taken.kind !== 'dedent') this.lastEnd = taken.end
    this.token = this.tokens.next()
    return taken
  }

  /** Takes an opening bracket; what follows is read with line ends ignored. */
  open(): Token {
    this.tokens.open(this.token.start)
    this.#opened.push(this.token)
    return this.advance()
  }

  close(text: string, opened: Token): void {
    if (this.token.text !== text || this.token.kind !== 'op') {
      if (this.token.kind === 'end') throw new Failure(`'${opened.text}' is never closed`, opened.start)
      throw this.unexpected(`'${text}'`)
    }
    this.tokens.close()
    this.#opened.pop()
    this.advance()
  }

  is(kind: TokenKind): boolean {
    return this.token.kind === kind
  }

  isOp(text: string): boolean {
    return this.token.kind === 'op' && this.token.text === text
  }

  isKeyword(text: string): boolean {
    return this.token.kind === 'keyword' && this.token.text === text
  }

  isSoft(text: string): boolean {
    return this.token.kind === 'name' && this.token.text === text
  }

  acceptOp(text: string): boolean {
    if (!this.isOp(text)) return false
    this.advance()
    return true
  }

  acceptKeyword(text: string): boolean {
    if (!this.isKeyword(text)) return false
    this.advance()
    return true
  }

  expectOp(text: string): Token {
    if (!this.isOp(text)) throw this.unexpected(`'${text}'`)
    return this.advance()
  }

  expectKeyword(text: string): Token {
    if (!this.isKeyword(text)) throw this.unexpected(`'${text}'`)
    return this.advance()
  }

  expectName(): Token {
    if (this.token.kind !== 'name') throw this.unexpected('a name')
    return this.advance()
  }

  unexpected(wanted: string): Failure {
    const { kind, text, start } = this.token
    const opened = this.#opened.at(-1)
    if (kind === 'end' && opened) return new Failure(`'${opened.text}' is never closed`, opened.start)
    if (kind === 'end') return new Failure(`expected ${wanted}, but the file ends here`, start)
    if (kind === 'newline') return new Failure(`expected ${wanted}, but the line ends here`, start)
    if (kind === 'indent') return new Failure('unexpected indentation', start)
    if (kind === 'dedent') return new Failure(`expected ${wanted}, but the block ends here`, start)
    const found = kind === 'string' || kind === 'fstring' ? 'a string' : `'${text.slice(0, 40)}'`
    return new Failure(`expected ${wanted}, found ${found}`, start)
  }

  /** The span from a first token (or node) to the last token that was taken. */
  span(from: { readonly start: number; readonly line: number; readonly column: number }): Span {
    return this.spanTo(from, this.lastEnd)
  }

  spanTo(from: { readonly start: number; readonly line: number; readonly column: number }, end: number): Span {
    if (++this.#nodes > maxNodes) throw new Failure('the file is too large', from.start)
    return { start: from.start, end, line: from.line, column: from.column }
  }

  nested<T>(read: () => T): T {
    if (++this.#depth > maxNesting) throw new Failure('too deeply nested', this.token.start)
    const result = read()
    this.#depth--
    return result
  }

  /** After going back to a mark, the depth too is as it was there. */
  tried<T>(read: () => T): T | undefined {
    const saved = this.mark()
    const depth = this.#depth
    const { scope } = this
    const opened = this.#opened.length
    try {
      const result = read()
      if (result !== undefined) return result
    } catch (error) {
      if (!(error instanceof Failure)) throw error
    }
    this.reset(saved)
    this.#depth = depth
    this.scope = scope
    this.#opened.length = opened
    return undefined
  }

  inScope<T>(kind: OpenScope['kind'], read: () => T): [T, Scope] {
    const outer = this.scope
    const scope = newScope(kind)
    this.scope = scope
    const result = read()
    const inner = this.scope
    this.scope = outer
    return [result, closed(inner)]
  }

  bind(name: string): void {
    this.scope.locals.add(name)
  }
}

function newScope(kind: OpenScope['kind']): OpenScope {
  return { kind, locals: new Set(), globals: new Set(), nonlocals: new Set(), generator: false }
}

export function closed(scope: OpenScope): Scope {
  const locals = new Set([...scope.locals].filter((name) => !scope.globals.has(name) && !scope.nonlocals.has(name)))
  return { locals, globals: scope.globals, nonlocals: scope.nonlocals, generator: scope.generator }
}
