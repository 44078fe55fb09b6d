import type { Place } from '../errors.ts'
import type { StatementDirective } from './directives.ts'
import { misplaced } from './directives.ts'
import type { NamePart } from './facts.ts'
import { Lexer, type TokenKind } from './lexer.ts'
import type { Lexis } from './lexis.ts'
import { placeWithin } from './source.ts'
import type { Statement } from './split.ts'

export type BatchDirective = Extract<StatementDirective, { name: 'batch' }>

/** Where a statement names an end of the range that a batch is to cover. */
export interface Bound {
  readonly edge: 'from' | 'to'
  /** Which column of the key; undefined for the key as a whole. */
  readonly column: number | undefined
  readonly start: number
  readonly end: number
}

interface Token {
  readonly kind: TokenKind
  /** In lower case, names without their quotes. */
  readonly text: string
  readonly start: number
  readonly end: number
  /** How many parentheses it stands in. */
  readonly depth: number
}

export function batchOf({ directives }: Pick<Statement, 'directives'>): BatchDirective | undefined {
  return directives.find((directive) => directive.name === 'batch')
}

/** The bounds that a statement names, in order; never those in literals and comments. */
export function boundsIn(text: string, directive: BatchDirective, lexis: Lexis): readonly Bound[] {
  return boundTokens(tokensOf(text, lexis)).flatMap(({ start, token }) => {
    const named = boundNamed(token.text, directive.key)
    return named ? [{ ...named, start, end: token.end }] : []
  })
}

/**
 * Whether a statement can be run in batches at all.
 * @throws SqlmigError `directive` with the place
 */
export function checkBatch(statement: Statement, directive: BatchDirective, lexis: Lexis): void {
  if (statement.directives.filter(({ name }) => name === 'batch').length > 1)
    throw misplaced(directive.place, '"batch" is given twice', 'remove one of the two')
  const tokens = tokensOf(statement.text, lexis)
  const words = new Set(tokens.filter(({ kind }) => kind === 'word').map(({ text }) => text))
  if (!runsInBatches(statement.words[0] ?? '', words))
    throw misplaced(
      directive.place,
      'batch stands above a statement of another kind',
      'batch runs one UPDATE, DELETE or INSERT … SELECT',
    )
  checkBounds(statement, directive, tokens)
  checkTarget(statement, directive, tokens)
}

function runsInBatches(first: string, words: ReadonlySet<string>): boolean {
  const changes = first === 'with' ? ['update', 'delete', 'insert'].find((word) => words.has(word)) : first
  return changes === 'update' || changes === 'delete' || (changes === 'insert' && words.has('select'))
}

function checkBounds({ text, place }: Statement, { key }: BatchDirective, tokens: readonly Token[]): void {
  const edges = new Set<string>()
  for (const { start, token } of boundTokens(tokens)) {
    const named = boundNamed(token.text, key)
    if (named) edges.add(named.edge)
    else throw misplaced(placeAt(text, place, start), `":${token.text}" is no bound of this batch`, allBounds(key))
  }
  const missing = ['from', 'to'].find((edge) => !edges.has(edge))
  if (missing !== undefined)
    throw misplaced(place, `the statement does not name :batch_${missing}`, `${allBounds(key)}: ${example(key)}`)
}

/** Whatever moves rows ahead of the batches would be run again, or for ever. */
function checkTarget(statement: Statement, { table, key, place }: BatchDirective, tokens: readonly Token[]): void {
  const name = table.at(-1)!.text.toLowerCase()
  const into = tokens.findIndex(({ kind, text }) => kind === 'word' && text === 'into')
  if (tokens.some(isWord('insert')) && into >= 0 && lastName(tokens, into + 1) === name)
    throw misplaced(
      place,
      `the statement inserts into ${name}, whose rows the batches go through: they would find what they have inserted`,
      'go through another table, or insert into another one and copy from there',
    )
  const set = tokens.findIndex(isWord('set'))
  if (set < 0 || !tokens.slice(0, set).some(({ text }) => text === name)) return
  const moved = assigned(tokens.slice(set)).find((column) => key.some(({ text }) => text.toLowerCase() === column))
  if (moved !== undefined)
    throw misplaced(
      statement.place,
      `the statement changes ${moved}, by which the batches go: rows would be met twice, or never`,
      'go by another unique key, or run the statement without batch',
    )
}

const isWord = (word: string) => (token: Token) => token.kind === 'word' && token.text === word

/** The last part of the dotted name that begins at a token. */
function lastName(tokens: readonly Token[], at: number): string | undefined {
  let last = at
  while (tokens[last + 1]?.text === '.') last += 2
  return tokens[last]?.text
}

/** The columns before the `=` of a SET. */
function assigned([set, ...tokens]: readonly Token[]): readonly string[] {
  const end = tokens.findIndex(
    ({ kind, text, depth }) => kind === 'word' && depth === set!.depth && ['where', 'from', 'returning'].includes(text),
  )
  const list = end < 0 ? tokens : tokens.slice(0, end)
  let fresh = true
  const found: string[] = []
  for (const [index, token] of list.entries()) {
    if (fresh && token.depth === set!.depth && token.text === '=') {
      found.push(...assignedBefore(list, index))
      fresh = false
    } else if (token.depth === set!.depth && token.text === ',') fresh = true
  }
  return found
}

/** `a`, `t.a`, `(a, b)` */
function assignedBefore(list: readonly Token[], equals: number): readonly string[] {
  const last = list[equals - 1]
  if (last === undefined) return []
  if (last.kind !== 'close') return [last.text]
  const open = list.slice(0, equals).findLastIndex(({ kind, depth }) => kind === 'open' && depth === last.depth)
  return list.slice(open + 1, equals - 1).map(({ text }) => text)
}

/** `:batch…`, but not the cast `::batch…`. */
function boundTokens(tokens: readonly Token[]): readonly { readonly start: number; readonly token: Token }[] {
  return tokens.flatMap((token, index) => {
    const [colon, before] = [tokens[index - 1], tokens[index - 2]]
    if (token.kind !== 'word' || !token.text.startsWith('batch')) return []
    if (colon?.text !== ':' || colon.end !== token.start) return []
    if (before?.text === ':' && before.end === colon.start) return []
    return [{ start: colon.start, token }]
  })
}

function boundNamed(word: string, key: readonly NamePart[]): Pick<Bound, 'edge' | 'column'> | undefined {
  const [, edge, of] = /^batch_(from|to)(?:_(.+))?$/s.exec(word) ?? []
  if (edge !== 'from' && edge !== 'to') return undefined
  if (of === undefined) return { edge, column: undefined }
  const column = key.findIndex(({ text }) => text.toLowerCase() === of)
  return column < 0 ? undefined : { edge, column }
}

function allBounds(key: readonly NamePart[]): string {
  if (key.length === 1) return 'a batch has :batch_from and :batch_to'
  const each = key.map(({ text }) => `:batch_from_${text}`).join(', ')
  return `a batch has :batch_from and :batch_to, which are rows here, and ${each}, :batch_to_…`
}

function example(key: readonly NamePart[]): string {
  const columns = key.map(({ text }) => text).join(', ')
  return key.length === 1
    ? `WHERE ${columns} BETWEEN :batch_from AND :batch_to`
    : `WHERE (${columns}) >= :batch_from AND (${columns}) <= :batch_to`
}

function tokensOf(text: string, lexis: Lexis): readonly Token[] {
  const lexer = new Lexer(lexis)
  const tokens: Token[] = []
  let depth = 0
  let inCode = false
  for (let at = 0; at < text.length; at = lexer.end) {
    const kind = lexer.next(text, at, inCode)
    if (kind === 'code') inCode = true
    if (kind === 'endcode') inCode = false
    if (kind === 'close') depth--
    if (kind !== 'space' && kind !== 'comment' && kind !== 'hint' && kind !== 'code' && kind !== 'endcode')
      tokens.push({ kind, text: plainText(kind, text.slice(at, lexer.end)), start: at, end: lexer.end, depth })
    if (kind === 'open') depth++
  }
  return tokens
}

function plainText(kind: TokenKind, token: string): string {
  const text = token.toLowerCase()
  return kind === 'name' ? text.slice(1, -1) : text
}

function placeAt(text: string, place: Place, start: number): Place {
  return placeWithin(text, place, Array.from(text.slice(0, start)).length)
}
