import { sqlite } from '../dialects/sqlite.ts'
import { sqliteKeywords } from '../dialects/sqlite-keywords.ts'
import { Lexer } from '../text/lexer.ts'

/** A token of a text that SQLite keeps in sqlite_schema. */
export interface Token {
  readonly kind: 'word' | 'name' | 'string' | 'number' | 'operator' | 'open' | 'close'
  /** As it stands in the text. */
  readonly text: string
  /** A word in lower case; a quoted name without its quotes; any other token as it stands. */
  readonly value: string
  readonly from: number
  readonly to: number
}

/** Operators of more than one character (sqlite.org/lang_expr.html), longest first. */
const longOperators = ['->>', '->', '||', '<=', '>=', '<>', '!=', '==', '<<', '>>']

/** The tokens of a text without white space and comments; undefined where it holds something that is none. */
export function tokensOf(text: string): readonly Token[] | undefined {
  const lexer = new Lexer(sqlite.lexis(''))
  const tokens: Token[] = []
  for (let at = 0; ; at = lexer.end) {
    const kind = lexer.next(text, at, false)
    if (kind === 'end') return tokens
    if (kind === 'space' || kind === 'comment' || kind === 'hint') continue
    if (kind !== 'word' && kind !== 'name' && kind !== 'string' && kind !== 'number' && kind !== 'operator')
      if (kind !== 'open' && kind !== 'close') return undefined
    if (kind === 'operator') {
      const long = longOperators.find((operator) => text.startsWith(operator, at))
      if (long) lexer.end = at + long.length
    }
    const last = tokens.at(-1)
    if (kind === 'string' && last?.to === at && last.value === 'x') tokens.pop()
    const from = kind === 'string' && last?.to === at && last.value === 'x' ? last.from : at
    tokens.push(token(kind as Token['kind'], text, from, lexer.end))
  }
}

function token(kind: Token['kind'], source: string, from: number, to: number): Token {
  const text = source.slice(from, to)
  return { kind, text, value: kind === 'word' ? text.toLowerCase() : kind === 'name' ? unquoted(text) : text, from, to }
}

function unquoted(text: string): string {
  const quote = text[0]!
  const inside = text.slice(1, -1)
  return quote === '[' ? inside : inside.replaceAll(quote + quote, quote)
}

/** What a token says as a name: SQLite takes strings for names, too. */
export function nameOf({ kind, text, value }: Token): string {
  if (kind === 'word') return text
  return kind === 'string' ? text.slice(1, -1).replaceAll("''", "'") : value
}

/** Types and functions among the words whose case says nothing; as names they need no quotes. */
const plainWords = new Set(
  `avg bigint blob boolean char clob coalesce count date datetime decimal double float int integer max min numeric
  real smallint sum text time timestamp tinyint varchar`.split(/\s+/),
)

/** A name as it stands in SQL: quoted only where it has to be. */
export function quoteName(name: string): string {
  const word = name.toLowerCase()
  const bare = /^[a-z_][a-z0-9_]*$/i.test(name) && (!sqliteKeywords.has(word) || plainWords.has(word))
  return bare ? name : sqlite.identifier(name)
}

/** Names as they are written elsewhere → as they were declared; blind to case, as SQLite is. */
export type Declared = ReadonlyMap<string, string>

export function declared(names: Iterable<string>): Declared {
  return new Map(Array.from(names, (name) => [name.toLowerCase(), name]))
}

/** Keywords after which a parenthesis does not hold the arguments of a function. */
const operatorWords = new Set(
  `all and as asc between by case check collate default desc distinct else escape exists from glob having in
  is like limit match not null on or order regexp select then union unique values when where end current_date
  current_time current_timestamp true false`.split(/\s+/),
)

/**
 * Tokens as one line in canonical form: keywords in capitals, functions in small letters, columns as they were declared
 * and quoted only where they have to be, white space in one manner. Quoted names that are no columns stay as they are:
 * SQLite may take them for strings.
 */
export function canonical(all: readonly Token[], columns: Declared): string {
  const tokens = withoutQualifiers(all)
  let line = ''
  let before: Piece | undefined
  tokens.forEach((token, index) => {
    const piece = pieceOf(token, tokens[index - 1], tokens[index + 1], columns)
    line += before && spaced(before, piece) ? ` ${piece.text}` : piece.text
    before = unary(before, piece) ? { ...piece, role: 'sign' } : piece
  })
  return line
}

/** Where no other table can be named, a column's table says nothing; and the table may get another name. */
function withoutQualifiers(tokens: readonly Token[]): readonly Token[] {
  const isName = (token: Token | undefined) => token?.kind === 'word' || token?.kind === 'name'
  const isDot = (index: number) => tokens[index]?.text === '.' && isName(tokens[index - 1]) && isName(tokens[index + 1])
  return tokens.filter((_, index) => !isDot(index) && !isDot(index + 1))
}

interface Piece {
  readonly text: string
  readonly role: 'value' | 'function' | 'keyword' | 'operator' | 'sign' | 'dot' | 'comma' | 'open' | 'close'
}

function pieceOf(token: Token, last: Token | undefined, next: Token | undefined, columns: Declared): Piece {
  const { kind, text, value } = token
  switch (kind) {
    case 'open':
    case 'close':
      return { text, role: kind }
    case 'operator':
      if (text === ',') return { text, role: 'comma' }
      return { text: text === '==' ? '=' : text, role: text === '.' ? 'dot' : 'operator' }
    case 'string':
      return { text: /^x/i.test(text) ? text.toUpperCase() : text, role: 'value' }
    case 'number':
      return { text: text.toLowerCase(), role: 'value' }
    case 'name': {
      const column = columns.get(value.toLowerCase())
      return { text: column === undefined || last?.value === 'collate' ? text : quoteName(column), role: 'value' }
    }
    case 'word':
      return wordOf(token, last, next, columns)
  }
}

function wordOf({ text, value }: Token, last: Token | undefined, next: Token | undefined, columns: Declared): Piece {
  if (last?.value === 'collate') return { text: collationName(text), role: 'value' }
  const column = columns.get(value)
  if (column !== undefined && next?.kind !== 'open' && !(operatorWords.has(value) && quoteName(column) !== column))
    return { text: quoteName(column), role: 'value' }
  if (next?.kind === 'open' && !operatorWords.has(value)) return { text: value, role: 'function' }
  if (!sqliteKeywords.has(value)) return { text, role: 'value' }
  return { text: value.toUpperCase(), role: operatorWords.has(value) ? 'keyword' : 'value' }
}

/** SQLite's own collations in capitals, any other as it is called. */
export function collationName(name: string): string {
  return ['binary', 'nocase', 'rtrim'].includes(name.toLowerCase()) ? name.toUpperCase() : quoteName(name)
}

function unary(before: Piece | undefined, { role, text }: Piece): boolean {
  if (role === 'dot') return before === undefined || before.role !== 'value'
  if (role !== 'operator' || !'+-~'.includes(text)) return false
  return before === undefined || ['keyword', 'operator', 'sign', 'comma', 'open'].includes(before.role)
}

function spaced(before: Piece, { role, text }: Piece): boolean {
  if (before.role === 'open' || before.role === 'dot' || role === 'close' || role === 'comma') return false
  if (role === 'dot') return before.role !== 'value'
  if (before.role === 'sign') return before.text === '-' && text === '-' // two of them would begin a comment
  if (role === 'open') return before.role !== 'function'
  return true
}
