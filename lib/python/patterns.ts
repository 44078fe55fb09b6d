import type { Attribute, Expr, MatchStar, Name, Pattern } from './ast.ts'
import type { Cursor } from './cursor.ts'
import { parseBinary } from './expressions.ts'
import { Failure } from './failure.ts'

/** The pattern of a `case`: commas make a sequence. */
export function parseCasePattern(c: Cursor): Pattern {
  const first = c.token
  const one = starOrPattern(c)
  if (!c.isOp(',')) {
    if (one.kind === 'MatchStar') throw new Failure('a starred pattern needs a sequence around it', one.start)
    return one
  }
  const patterns = [one]
  while (c.acceptOp(',')) {
    if (c.isOp(':') || c.isKeyword('if')) break
    patterns.push(starOrPattern(c))
  }
  return { kind: 'MatchSequence', patterns, ...c.span(first) }
}

function starOrPattern(c: Cursor): Pattern {
  if (!c.isOp('*')) return parsePattern(c)
  const first = c.advance()
  const name = capture(c)
  return { kind: 'MatchStar', name, ...c.span(first) } satisfies MatchStar
}

function capture(c: Cursor): string | undefined {
  const name = c.expectName().text
  if (name === '_') return undefined
  c.bind(name)
  return name
}

function parsePattern(c: Cursor): Pattern {
  return c.nested(() => {
    const first = c.token
    const one = parseClosed(c)
    const patterns = [one]
    while (c.acceptOp('|')) patterns.push(parseClosed(c))
    const pattern: Pattern = patterns.length === 1 ? one : { kind: 'MatchOr', patterns, ...c.span(first) }
    if (!c.acceptKeyword('as')) return pattern
    const name = c.expectName().text
    if (name === '_') throw new Failure("cannot use '_' as a target", c.lastEnd - 1)
    c.bind(name)
    return { kind: 'MatchAs', pattern, name, ...c.span(first) }
  })
}

function parseClosed(c: Cursor): Pattern {
  const { token } = c
  if (token.kind === 'name') return parseNamePattern(c)
  if (token.kind === 'op' && token.text === '(') return parseGroup(c)
  if (token.kind === 'op' && token.text === '[') return parseBracketed(c)
  if (token.kind === 'op' && token.text === '{') return parseMapping(c)
  if (token.kind === 'keyword') {
    if (token.text !== 'None' && token.text !== 'True' && token.text !== 'False') throw c.unexpected('a pattern')
    c.advance()
    const value = token.text === 'None' ? null : token.text === 'True'
    return { kind: 'MatchSingleton', value, ...c.span(token) }
  }
  const value = parseLiteral(c)
  return { kind: 'MatchValue', value, ...c.span(token) }
}

/** A string, or a number with its sign and imaginary part. */
function parseLiteral(c: Cursor): Expr {
  const { token } = c
  const number = token.kind === 'number' || c.isOp('-')
  if (!number && token.kind !== 'string' && token.kind !== 'fstring') throw c.unexpected('a pattern')
  return parseBinary(c, 5)
}

function parseNamePattern(c: Cursor): Pattern {
  const first = c.advance()
  let value: Name | Attribute = { kind: 'Name', id: first.text, ...c.span(first) }
  while (c.acceptOp('.')) {
    const attr = c.expectName().text
    value = { kind: 'Attribute', value, attr, ...c.span(first) }
  }
  if (c.isOp('(')) return parseClassPattern(c, value)
  if (value.kind === 'Attribute') return { kind: 'MatchValue', value, ...c.span(first) }
  if (first.text === '_') return { kind: 'MatchAs', pattern: undefined, name: undefined, ...c.span(first) }
  c.bind(first.text)
  return { kind: 'MatchAs', pattern: undefined, name: first.text, ...c.span(first) }
}

function parseClassPattern(c: Cursor, cls: Expr): Pattern {
  const opened = c.open()
  const patterns: Pattern[] = []
  const kwdAttrs: string[] = []
  const kwdPatterns: Pattern[] = []
  while (!c.isOp(')')) {
    const keyword = c.token.kind === 'name' ? c.tried(() => keywordName(c)) : undefined
    if (keyword !== undefined) {
      kwdAttrs.push(keyword)
      kwdPatterns.push(parsePattern(c))
    } else if (kwdAttrs.length > 0) throw new Failure('a positional pattern follows a keyword pattern', c.token.start)
    else patterns.push(parsePattern(c))
    if (!c.acceptOp(',')) break
  }
  c.close(')', opened)
  return { kind: 'MatchClass', cls, patterns, kwdAttrs, kwdPatterns, ...c.span(cls) }
}

function keywordName(c: Cursor): string | undefined {
  const name = c.expectName().text
  return c.acceptOp('=') ? name : undefined
}

function parseGroup(c: Cursor): Pattern {
  const opened = c.open()
  if (c.isOp(')')) {
    c.close(')', opened)
    return { kind: 'MatchSequence', patterns: [], ...c.span(opened) }
  }
  const one = starOrPattern(c)
  if (!c.isOp(',')) {
    c.close(')', opened)
    return one.kind === 'MatchStar' ? { kind: 'MatchSequence', patterns: [one], ...c.span(opened) } : one
  }
  const patterns = [one, ...moreUntil(c, ')')]
  c.close(')', opened)
  return { kind: 'MatchSequence', patterns, ...c.span(opened) }
}

function parseBracketed(c: Cursor): Pattern {
  const opened = c.open()
  const patterns = c.isOp(']') ? [] : [starOrPattern(c), ...moreUntil(c, ']')]
  c.close(']', opened)
  return { kind: 'MatchSequence', patterns, ...c.span(opened) }
}

function moreUntil(c: Cursor, end: string): Pattern[] {
  const patterns: Pattern[] = []
  while (c.acceptOp(',')) {
    if (c.isOp(end)) break
    patterns.push(starOrPattern(c))
  }
  return patterns
}

function parseMapping(c: Cursor): Pattern {
  const opened = c.open()
  const keys: Expr[] = []
  const patterns: Pattern[] = []
  let rest: string | undefined
  while (!c.isOp('}')) {
    if (c.acceptOp('**')) rest = capture(c)
    else {
      keys.push(parseKey(c))
      c.expectOp(':')
      patterns.push(parsePattern(c))
    }
    if (!c.acceptOp(',')) break
  }
  c.close('}', opened)
  return { kind: 'MatchMapping', keys, patterns, rest, ...c.span(opened) }
}

function parseKey(c: Cursor): Expr {
  const { token } = c
  if (token.kind === 'keyword') {
    const pattern = parseClosed(c)
    if (pattern.kind === 'MatchSingleton') return { kind: 'Constant', value: pattern.value, ...c.span(token) }
  }
  if (token.kind !== 'name') return parseLiteral(c)
  const pattern = parseNamePattern(c)
  if (pattern.kind !== 'MatchValue') throw new Failure('a mapping key must be a literal or a dotted name', token.start)
  return pattern.value
}
