import type { Expr, Keyword, Name } from './ast.ts'
import type { Cursor } from './cursor.ts'
import {
  parseBinary,
  parseComprehensions,
  parseExpression,
  parseNamed,
  parseStarNamed,
  parseTuple,
  parseYield,
  startsComprehension,
} from './expressions.ts'
import { Failure } from './failure.ts'
import { numberValue } from './literals.ts'
import { parseStrings } from './strings.ts'

/** Longer chains of calls and attributes are refused: who walks the tree recurses into them. */
const maxTrailers = 600

export function parsePrimary(c: Cursor): Expr {
  const first = c.token
  let expr = parseAtom(c)
  for (let trailers = 0; c.token.kind === 'op'; trailers++) {
    if (trailers > maxTrailers) throw new Failure('too deeply nested', c.token.start)
    if (c.isOp('.')) {
      c.advance()
      const attr = c.expectName().text
      expr = { kind: 'Attribute', value: expr, attr, ...c.span(first) }
    } else if (c.isOp('(')) {
      const { args, keywords } = parseCallArguments(c)
      expr = { kind: 'Call', func: expr, args, keywords, ...c.span(first) }
    } else if (c.isOp('[')) {
      const opened = c.open()
      const slice = parseSlices(c)
      c.close(']', opened)
      expr = { kind: 'Subscript', value: expr, slice, ...c.span(first) }
    } else break
  }
  return expr
}

function parseAtom(c: Cursor): Expr {
  const { token } = c
  switch (token.kind) {
    case 'name':
      c.advance()
      return { kind: 'Name', id: token.text, ...c.span(token) }
    case 'number':
      c.advance()
      return { kind: 'Constant', value: numberValue(token.text, token.start), ...c.span(token) }
    case 'string':
    case 'fstring':
      return parseStrings(c)
    case 'keyword':
      return parseKeywordAtom(c)
    case 'op':
      if (token.text === '(') return parseParenthesised(c)
      if (token.text === '[') return parseList(c)
      if (token.text === '{') return parseBraces(c)
      if (token.text === '...') {
        c.advance()
        return { kind: 'Constant', value: { kind: 'ellipsis' }, ...c.span(token) }
      }
  }
  throw c.unexpected('an expression')
}

function parseKeywordAtom(c: Cursor): Expr {
  const { token } = c
  const values: Readonly<Record<string, null | boolean>> = { None: null, True: true, False: false }
  if (!Object.hasOwn(values, token.text)) throw c.unexpected('an expression')
  c.advance()
  return { kind: 'Constant', value: values[token.text]!, ...c.span(token) }
}

function parseParenthesised(c: Cursor): Expr {
  const opened = c.open()
  if (c.isOp(')')) {
    c.close(')', opened)
    return { kind: 'Tuple', elts: [], ...c.span(opened) }
  }
  if (c.isKeyword('yield')) {
    const value = parseYield(c)
    c.close(')', opened)
    return value
  }
  const one = parseStarNamed(c)
  if (startsComprehension(c)) {
    const generators = parseComprehensions(c)
    c.close(')', opened)
    return { kind: 'GeneratorExp', elt: one, generators, ...c.span(opened) }
  }
  if (!c.isOp(',')) {
    if (one.kind === 'Starred') throw new Failure('a starred expression cannot stand here', one.start)
    c.close(')', opened)
    return one
  }
  const elts = [one, ...parseMore(c, ')')]
  c.close(')', opened)
  return { kind: 'Tuple', elts, ...c.span(opened) }
}

/** The elements after the first one, up to the closing bracket. */
function parseMore(c: Cursor, end: string): Expr[] {
  const elts: Expr[] = []
  while (c.acceptOp(',')) {
    if (c.isOp(end)) break
    elts.push(parseStarNamed(c))
  }
  return elts
}

function parseList(c: Cursor): Expr {
  const opened = c.open()
  if (c.isOp(']')) {
    c.close(']', opened)
    return { kind: 'List', elts: [], ...c.span(opened) }
  }
  const one = parseStarNamed(c)
  if (startsComprehension(c)) {
    const generators = parseComprehensions(c)
    c.close(']', opened)
    return { kind: 'ListComp', elt: one, generators, ...c.span(opened) }
  }
  const elts = [one]
  for (const more of parseMore(c, ']')) elts.push(more)
  c.close(']', opened)
  return { kind: 'List', elts, ...c.span(opened) }
}

function parseBraces(c: Cursor): Expr {
  const opened = c.open()
  if (c.isOp('}')) {
    c.close('}', opened)
    return { kind: 'Dict', keys: [], values: [], ...c.span(opened) }
  }
  if (c.isOp('**')) return parseDict(c, opened)
  const one = parseStarNamed(c)
  if (c.isOp(':')) return parseDict(c, opened, one)
  if (startsComprehension(c)) {
    const generators = parseComprehensions(c)
    c.close('}', opened)
    return { kind: 'SetComp', elt: one, generators, ...c.span(opened) }
  }
  const elts = [one]
  for (const more of parseMore(c, '}')) elts.push(more)
  c.close('}', opened)
  return { kind: 'Set', elts, ...c.span(opened) }
}

function parseDict(c: Cursor, opened: ReturnType<Cursor['open']>, firstKey?: Expr): Expr {
  const keys: (Expr | undefined)[] = []
  const values: Expr[] = []
  let key = firstKey
  for (;;) {
    if (key === undefined && c.acceptOp('**')) {
      keys.push(undefined)
      values.push(parseBinary(c, 1))
    } else {
      key ??= parseExpression(c)
      c.expectOp(':')
      const value = parseExpression(c)
      if (startsComprehension(c)) {
        if (keys.length > 0) throw c.unexpected("'}'")
        const generators = parseComprehensions(c)
        c.close('}', opened)
        return { kind: 'DictComp', key, value, generators, ...c.span(opened) }
      }
      keys.push(key)
      values.push(value)
    }
    key = undefined
    if (!c.acceptOp(',') || c.isOp('}')) break
  }
  c.close('}', opened)
  return { kind: 'Dict', keys, values, ...c.span(opened) }
}

export function parseCallArguments(c: Cursor): { readonly args: Expr[]; readonly keywords: Keyword[] } {
  const opened = c.open()
  const args: Expr[] = []
  const keywords: Keyword[] = []
  while (!c.isOp(')')) {
    parseArgument(c, args, keywords)
    if (startsComprehension(c)) {
      const elt = args.pop()
      if (!elt || args.length > 0 || keywords.length > 0) throw c.unexpected("')'")
      const generators = parseComprehensions(c)
      const trailing = c.isOp(',')
      c.acceptOp(',')
      c.close(')', opened)
      if (trailing) throw new Failure('a generator expression must be parenthesised here', elt.start)
      return { args: [{ kind: 'GeneratorExp', elt, generators, ...c.span(opened) }], keywords }
    }
    if (!c.acceptOp(',')) break
  }
  c.close(')', opened)
  return { args, keywords }
}

function parseArgument(c: Cursor, args: Expr[], keywords: Keyword[]): void {
  const first = c.token
  if (c.acceptOp('**')) {
    const value = parseExpression(c)
    keywords.push({ arg: undefined, value, ...c.span(first) })
    return
  }
  if (c.acceptOp('*')) {
    const value = parseExpression(c)
    args.push({ kind: 'Starred', value, ...c.span(first) })
    return
  }
  const value = parseNamed(c)
  if (first.kind === 'name' && c.isOp('=')) {
    if (value.kind !== 'Name') throw new Failure('a keyword argument needs a plain name', value.start)
    c.advance()
    const given = parseExpression(c)
    keywords.push({ arg: (value as Name).id, value: given, ...c.span(first) })
    return
  }
  if (keywords.some((keyword) => keyword.arg !== undefined || value.kind !== 'Starred')) {
    throw new Failure('a positional argument follows a keyword argument', value.start)
  }
  args.push(value)
}

function parseSlices(c: Cursor): Expr {
  const slice = parseTuple(c, parseSlice, (cursor) => !cursor.isOp(']'))
  if (slice.kind !== 'Starred') return slice
  const { start, end, line, column } = slice
  return { kind: 'Tuple', elts: [slice], start, end, line, column }
}

function parseSlice(c: Cursor): Expr {
  const first = c.token
  const lower = c.isOp(':') ? undefined : parseStarNamed(c)
  if (!c.acceptOp(':')) return lower!
  const ends = (): boolean => c.isOp(':') || c.isOp(',') || c.isOp(']')
  const upper = ends() ? undefined : parseExpression(c)
  const step = c.acceptOp(':') && !ends() ? parseExpression(c) : undefined
  return { kind: 'Slice', lower, upper, step, ...c.span(first) }
}
