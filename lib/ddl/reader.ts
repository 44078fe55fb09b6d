import type { DialectName } from '../dialects/dialect-name.ts'
import { homeSchemas } from '../schema/stored-names.ts'
import type { TableName } from '../schema/table.ts'
import type { Lexis } from '../text/lexis.ts'
import { notUnderstood } from './not-understood.ts'
import { stringValue } from './strings.ts'
import { type Token, tokensOf } from './tokens.ts'

/** What may stand for a statement's context. */
export interface Setting {
  readonly dialect: DialectName
  readonly lexis: Lexis
}

const nothing: Token = { kind: 'operator', text: '', upper: '', start: Infinity, end: Infinity }

/** A cursor over the tokens of one statement. */
export class Reader {
  readonly dialect: DialectName
  readonly lexis: Lexis
  readonly source: string
  /** The tables that the statement is about, as far as it was read. */
  readonly tables: TableName[] = []
  private readonly tokens: readonly Token[]
  private at = 0

  constructor(source: string, { dialect, lexis }: Setting, tokens?: readonly Token[]) {
    this.source = source
    this.dialect = dialect
    this.lexis = lexis
    this.tokens = tokens ?? [...tokensOf(source, lexis)]
  }

  get token(): Token {
    return this.tokens[this.at] ?? nothing
  }

  ahead(by: number): Token {
    return this.tokens[this.at + by] ?? nothing
  }

  get atEnd(): boolean {
    return this.at >= this.tokens.length
  }

  next(): Token {
    const { token } = this
    this.at++
    return token
  }

  /** Whether these words or characters come next. */
  sees(...words: readonly string[]): boolean {
    return words.every((word, n) => {
      const token = this.ahead(n)
      return token.upper === word && token.kind !== 'string' && token.kind !== 'name'
    })
  }

  /** Steps over these words if they come next: `take('IF', 'EXISTS')`. */
  take(...words: readonly string[]): boolean {
    if (!this.sees(...words)) return false
    this.at += words.length
    return true
  }

  /** Steps over the first of these words that comes next. */
  takeOne(...words: readonly string[]): string | undefined {
    return words.find((word) => this.take(word))
  }

  expect(...words: readonly string[]): void {
    if (!this.take(...words)) this.wrong(words.join(' '))
  }

  wrong(expected: string): never {
    return notUnderstood(
      this.atEnd ? `it ends where ${expected} is expected` : `"${this.token.text}" is not understood`,
    )
  }

  /** Nothing may be left over. */
  finish(): void {
    if (!this.atEnd) notUnderstood(`"${this.textFrom(this.token.start)}" is not understood`)
  }

  private textFrom(start: number): string {
    const text = this.source.slice(start).replace(/\s+/g, ' ')
    return text.length > 40 ? `${text.slice(0, 40)}…` : text
  }

  get isName(): boolean {
    const { kind } = this.token
    return kind === 'word' || kind === 'name' || (kind === 'string' && this.namesAreStrings)
  }

  /** SQLite takes a string where only a name can stand. */
  private get namesAreStrings(): boolean {
    return this.dialect === 'sqlite'
  }

  /** One identifier, as the server stores it. */
  name(): string {
    if (!this.isName) return this.wrong('a name')
    return this.nameOf(this.next())
  }

  nameOf({ kind, text }: Token): string {
    if (kind === 'word') return this.dialect === 'postgres' ? cut(text.replace(/[A-Z]/g, (c) => c.toLowerCase())) : text
    if (/^u&/i.test(text)) return notUnderstood(`the name ${text} has escapes`)
    if (text.startsWith('[')) return text.slice(1, -1)
    const mark = text[0]!
    const name = text.slice(1, -1).replaceAll(mark + mark, mark)
    return this.dialect === 'postgres' ? cut(name) : name
  }

  /** A dotted name: `a.b.c`. */
  path(): readonly string[] {
    const path = [this.name()]
    while (this.take('.')) path.push(this.name())
    return path
  }

  /** A name that may have a schema; the schema that everything is in by itself is left out. */
  qualified(): TableName {
    const path = this.path()
    const [name, schema] = [path.at(-1)!, path.at(-2)]
    return schema === undefined || schema === homeSchemas[this.dialect] ? { name } : { name, schema }
  }

  /** The table that the statement is about. */
  table(): TableName {
    const table = this.qualified()
    this.tables.push(table)
    return table
  }

  /** `(a, b, c)` */
  names(): readonly string[] {
    this.expect('(')
    const names = this.list(() => this.name())
    this.expect(')')
    return names
  }

  /** One or more, with commas between. */
  list<T>(item: () => T): readonly T[] {
    const items = [item()]
    while (this.take(',')) items.push(item())
    return items
  }

  string(): string {
    const { kind, text } = this.token
    const isString = kind === 'string' || (kind === 'name' && text.startsWith('"') && this.dialect !== 'postgres')
    const value = isString ? stringValue(text, this.lexis.backslashEscapes) : undefined
    if (value === undefined) return this.wrong('a string')
    this.next()
    return value
  }

  integer(): number {
    const sign = this.takeOne('-', '+') === '-' ? -1 : 1
    const { kind, text } = this.token
    if (kind !== 'number' || !/^\d+$/.test(text)) return this.wrong('a number')
    this.next()
    return sign * Number(text)
  }

  /** The text inside of the parentheses that come next. */
  parenthesised(): string {
    const from = this.at + 1
    this.skipGroup()
    return this.text(from, this.at - 1)
  }

  /** Steps over the parentheses that come next, and all that is inside. */
  skipGroup(): void {
    if (!this.take('(')) this.wrong('(')
    for (let depth = 1; depth > 0; ) {
      const { kind } = this.token
      if (this.atEnd) notUnderstood('a parenthesis has no end')
      depth += kind === 'open' ? 1 : kind === 'close' ? -1 : 0
      this.at++
    }
  }

  /** The text up to the comma or parenthesis that ends this item, or to one of these words. */
  expression(...stops: readonly string[]): string {
    const from = this.at
    this.skipUnit()
    while (!this.isItemEnd() && !(this.token.kind === 'word' && stops.includes(this.token.upper))) this.skipUnit()
    return this.text(from, this.at)
  }

  isItemEnd(): boolean {
    return this.atEnd || this.sees(',') || this.token.kind === 'close'
  }

  /** Steps over one token, or a group in parentheses. */
  skipUnit(): void {
    if (this.atEnd) this.wrong('an expression')
    if (this.token.kind === 'open') this.skipGroup()
    else this.at++
  }

  /** Steps over the rest of this item of a list. */
  skipItem(): void {
    while (!this.isItemEnd()) this.skipUnit()
  }

  skipAll(): void {
    this.at = this.tokens.length
  }

  /** Where the reader stands, to come back or to take the text from. */
  get mark(): number {
    return this.at
  }

  back(to: number): void {
    this.at = to
  }

  /** The source from one token to before another, without comments. */
  text(from: number, to = this.at): string {
    let text = ''
    for (let n = from; n < to; n++) {
      const token = this.tokens[n]!
      if (n > from) text += gap(this.source.slice(this.tokens[n - 1]!.end, token.start))
      text += token.text
    }
    return text
  }
}

/** Comments are not kept; white space is. */
function gap(between: string): string {
  return between.trim() === '' ? between : ' '
}

/** PostgreSQL cuts names after 63 bytes. */
function cut(name: string): string {
  let short = name
  while (Buffer.byteLength(short) > 63) short = [...short].slice(0, -1).join('')
  return short
}
