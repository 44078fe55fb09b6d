import type { BinaryOperator, CompareOperator, Comprehension, Expr, Name, UnaryOperator } from './ast.ts'
import { parsePrimary } from './atoms.ts'
import type { Cursor } from './cursor.ts'
import { parseLambdaArguments } from './definitions.ts'
import { Failure } from './failure.ts'
import { toTarget } from './targets.ts'
import type { Token } from './tokenizer.ts'

const maxChain = 200
const precedence: ReadonlyMap<string, number> = new Map([
  ['|', 1],
  ['^', 2],
  ['&', 3],
  ['<<', 4],
  ['>>', 4],
  ['+', 5],
  ['-', 5],
  ['*', 6],
  ['/', 6],
  ['//', 6],
  ['%', 6],
  ['@', 6],
])
const comparisons = new Set(['==', '!=', '<', '<=', '>', '>='])

/** `yield …`, or expressions with commas and stars: what may stand on the right of an assignment. */
export function parseAny(c: Cursor): Expr {
  return c.isKeyword('yield') ? parseYield(c) : parseStarExpressions(c)
}

export function parseYield(c: Cursor): Expr {
  const first = c.expectKeyword('yield')
  if (c.scope.kind !== 'function') throw new Failure("'yield' outside a function", first.start)
  c.scope.generator = true
  if (c.acceptKeyword('from')) {
    const value = parseExpression(c)
    return { kind: 'YieldFrom', value, ...c.span(first) }
  }
  const value = startsExpression(c) ? parseStarExpressions(c) : undefined
  return { kind: 'Yield', value, ...c.span(first) }
}

/** Expressions, with stars, that make a tuple where there is a comma. */
export function parseStarExpressions(c: Cursor): Expr {
  return parseTuple(c, parseStarExpression)
}

/** As `parseStarExpressions`, with `:=` allowed: in subscripts, groups and the like. */
export function parseTuple(c: Cursor, element: (c: Cursor) => Expr, starts = startsExpression): Expr {
  const first = c.token
  const one = element(c)
  if (!c.isOp(',')) return one
  const elts = [one]
  while (c.acceptOp(',')) {
    if (!starts(c)) break
    elts.push(element(c))
  }
  return { kind: 'Tuple', elts, ...c.span(first) }
}

export function parseStarExpression(c: Cursor): Expr {
  return c.isOp('*') ? parseStarred(c, () => parseBinary(c, 1)) : parseExpression(c)
}

export function parseStarNamed(c: Cursor): Expr {
  return c.isOp('*') ? parseStarred(c, () => parseBinary(c, 1)) : parseNamed(c)
}

export function parseStarred(c: Cursor, read: () => Expr): Expr {
  const first = c.expectOp('*')
  const value = read()
  return { kind: 'Starred', value, ...c.span(first) }
}

export function startsExpression(c: Cursor): boolean {
  const { kind, text } = c.token
  if (kind === 'name' || kind === 'number' || kind === 'string' || kind === 'fstring') return true
  if (kind === 'keyword') return /^(?:None|True|False|not|lambda|await|yield)$/.test(text)
  return kind === 'op' && /^(?:[([{*~+-]|\.\.\.)$/.test(text)
}

export function parseNamed(c: Cursor): Expr {
  const first = c.token
  const expr = parseExpression(c)
  if (!c.isOp(':=')) return expr
  if (expr.kind !== 'Name' || first.kind !== 'name')
    throw new Failure("':=' needs a plain name on its left", expr.start)
  c.advance()
  c.bind(expr.id)
  const value = parseExpression(c)
  return { kind: 'NamedExpr', target: expr, value, ...c.span(first) }
}

export function parseExpression(c: Cursor): Expr {
  return c.nested(() => {
    if (c.isKeyword('lambda')) return parseLambda(c)
    const first = c.token
    const body = parseOr(c)
    if (!c.acceptKeyword('if')) return body
    const test = parseOr(c)
    if (!c.isKeyword('else')) throw c.unexpected("'else'")
    c.advance()
    const orelse = parseExpression(c)
    return { kind: 'IfExp', test, body, orelse, ...c.span(first) }
  })
}

function parseLambda(c: Cursor): Expr {
  const first = c.expectKeyword('lambda')
  const args = parseLambdaArguments(c)
  c.expectOp(':')
  const [body, scope] = c.inScope('function', () => parseExpression(c))
  return { kind: 'Lambda', args, body, scope, ...c.span(first) }
}

export function parseOr(c: Cursor): Expr {
  return parseBoolean(c, 'or', () => parseBoolean(c, 'and', () => parseNot(c)))
}

function parseBoolean(c: Cursor, op: 'and' | 'or', operand: () => Expr): Expr {
  const first = c.token
  const one = operand()
  if (!c.isKeyword(op)) return one
  const values = [one]
  while (c.acceptKeyword(op)) values.push(operand())
  return { kind: 'BoolOp', op, values, ...c.span(first) }
}

function parseNot(c: Cursor): Expr {
  const signs: Token[] = []
  while (c.isKeyword('not')) signs.push(c.advance())
  return wrapped(c, signs, parseComparison(c))
}

function wrapped(c: Cursor, signs: readonly Token[], operand: Expr): Expr {
  if (signs.length > maxChain) throw new Failure('too deeply nested', signs[0]!.start)
  return signs.reduceRight<Expr>(
    (inner, sign) => ({ kind: 'UnaryOp', op: sign.text as UnaryOperator, operand: inner, ...c.span(sign) }),
    operand,
  )
}

function parseComparison(c: Cursor): Expr {
  const first = c.token
  const left = parseBinary(c, 1)
  const ops: CompareOperator[] = []
  const comparators: Expr[] = []
  for (let op = comparison(c); op; op = comparison(c)) {
    ops.push(op)
    comparators.push(parseBinary(c, 1))
  }
  return ops.length === 0 ? left : { kind: 'Compare', left, ops, comparators, ...c.span(first) }
}

function comparison(c: Cursor): CompareOperator | undefined {
  const { kind, text } = c.token
  if (kind === 'op') return comparisons.has(text) ? (c.advance().text as CompareOperator) : undefined
  if (c.acceptKeyword('in')) return 'in'
  if (c.acceptKeyword('is')) return c.acceptKeyword('not') ? 'is not' : 'is'
  if (!c.isKeyword('not')) return undefined
  c.advance()
  c.expectKeyword('in')
  return 'not in'
}

/** Left-associative operators by their precedence; a long chain is a loop, not a recursion. */
export function parseBinary(c: Cursor, least: number): Expr {
  const first = c.token
  let left = parseUnary(c)
  for (;;) {
    const level = c.token.kind === 'op' ? precedence.get(c.token.text) : undefined
    if (level === undefined || level < least) return left
    const op = c.advance().text as BinaryOperator
    const right = parseBinary(c, level + 1)
    left = { kind: 'BinOp', left, op, right, ...c.span(first) }
  }
}

function parseUnary(c: Cursor): Expr {
  const signs: Token[] = []
  while (c.isOp('-') || c.isOp('+') || c.isOp('~')) signs.push(c.advance())
  return wrapped(c, signs, parsePower(c))
}

function parsePower(c: Cursor): Expr {
  const first = c.token
  const left = parseAwait(c)
  if (!c.acceptOp('**')) return left
  const right = c.nested(() => parseUnary(c))
  return { kind: 'BinOp', left, op: '**', right, ...c.span(first) }
}

function parseAwait(c: Cursor): Expr {
  if (!c.isKeyword('await')) return parsePrimary(c)
  const first = c.advance()
  const value = parsePrimary(c)
  return { kind: 'Await', value, ...c.span(first) }
}

export function startsComprehension(c: Cursor): boolean {
  return c.isKeyword('for') || c.isKeyword('async')
}

export function parseComprehensions(c: Cursor): Comprehension[] {
  const found: Comprehension[] = []
  while (startsComprehension(c)) {
    const isAsync = c.acceptKeyword('async')
    c.expectKeyword('for')
    const target = toTarget(c, parseTargetList(c), 'comprehension')
    c.expectKeyword('in')
    const iter = parseOr2(c)
    const ifs: Expr[] = []
    while (c.acceptKeyword('if')) ifs.push(parseCondition(c))
    found.push({ target, iter, ifs, isAsync })
  }
  return found
}

/** What follows `in` of a comprehension is no conditional expression: its `if` is the comprehension's. */
function parseOr2(c: Cursor): Expr {
  return c.nested(() => (c.isKeyword('lambda') ? parseLambda(c) : parseOr(c)))
}

function parseCondition(c: Cursor): Expr {
  const first = c.token
  const expr = parseOr2(c)
  if (!c.isOp(':=') || expr.kind !== 'Name') return expr
  c.advance()
  c.bind(expr.id)
  const target: Name = expr
  return { kind: 'NamedExpr', target, value: parseOr2(c), ...c.span(first) }
}

/** The targets of `for` and of comprehensions: no comparison, so that `in` ends them. */
export function parseTargetList(c: Cursor): Expr {
  return parseTuple(c, (cursor) =>
    cursor.isOp('*') ? parseStarred(cursor, () => parseBinary(cursor, 1)) : parseBinary(cursor, 1),
  )
}
