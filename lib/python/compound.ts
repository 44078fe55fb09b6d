import type { ExceptHandler, Expr, If, MatchCase, Stmt, WithItem } from './ast.ts'
import type { Cursor } from './cursor.ts'
import { parseClass, parseDecorated, parseFunction } from './definitions.ts'
import {
  parseExpression,
  parseNamed,
  parseStarExpressions,
  parseStarNamed,
  parseTargetList,
  parseTuple,
} from './expressions.ts'
import { Failure } from './failure.ts'
import { parseCasePattern } from './patterns.ts'
import { parseBlock } from './statements.ts'
import { toTarget } from './targets.ts'
import type { Token } from './tokenizer.ts'

/** The compound statement that begins here, if one does. */
export function parseCompound(c: Cursor): Stmt | undefined {
  const first = c.token
  if (c.isOp('@')) return parseDecorated(c)
  if (c.isSoft('match')) return c.tried(() => parseMatchHead(c))?.()
  if (first.kind !== 'keyword') return undefined
  switch (first.text) {
    case 'if':
      return parseIf(c)
    case 'for':
      return parseFor(c, first, false)
    case 'while':
      return parseWhile(c)
    case 'try':
      return parseTry(c)
    case 'with':
      return parseWith(c, first, false)
    case 'def':
      return parseFunction(c, { decorators: [], isAsync: false, first })
    case 'class':
      return parseClass(c, [])
    case 'async':
      return parseAsync(c)
    default:
      return undefined
  }
}

function parseAsync(c: Cursor): Stmt {
  const first = c.advance()
  if (c.isKeyword('def')) return parseFunction(c, { decorators: [], isAsync: true, first })
  if (c.isKeyword('for')) return parseFor(c, first, true)
  if (c.isKeyword('with')) return parseWith(c, first, true)
  throw c.unexpected("'def', 'for' or 'with' after 'async'")
}

/** A chain of `elif` may be long, so it is read with a loop and put together from its end. */
function parseIf(c: Cursor): Stmt {
  const heads: { readonly first: Token; readonly test: Expr; readonly body: Stmt[]; readonly end: number }[] = []
  do {
    const first = c.advance()
    const test = parseNamed(c)
    const body = parseBlock(c)
    heads.push({ first, test, body, end: c.lastEnd })
  } while (c.isKeyword('elif'))
  let orelse: Stmt[] = parseElse(c)
  for (const { first, test, body } of heads.reverse()) {
    const made: If = { kind: 'If', test, body, orelse, ...c.span(first) }
    orelse = [made]
  }
  return orelse[0]!
}

function parseElse(c: Cursor): Stmt[] {
  return c.acceptKeyword('else') ? parseBlock(c) : []
}

function parseFor(c: Cursor, first: Token, isAsync: boolean): Stmt {
  c.expectKeyword('for')
  const target = toTarget(c, parseTargetList(c), 'assign')
  c.expectKeyword('in')
  const iter = parseStarExpressions(c)
  const body = parseBlock(c)
  const orelse = parseElse(c)
  return { kind: 'For', isAsync, target, iter, body, orelse, ...c.span(first) }
}

function parseWhile(c: Cursor): Stmt {
  const first = c.advance()
  const test = parseNamed(c)
  const body = parseBlock(c)
  const orelse = parseElse(c)
  return { kind: 'While', test, body, orelse, ...c.span(first) }
}

function parseWith(c: Cursor, first: Token, isAsync: boolean): Stmt {
  c.expectKeyword('with')
  const items = (c.isOp('(') ? c.tried(() => parseGroupedItems(c)) : undefined) ?? parseItems(c, () => c.isOp(':'))
  const body = parseBlock(c)
  return { kind: 'With', isAsync, items, body, ...c.span(first) }
}

function parseGroupedItems(c: Cursor): WithItem[] | undefined {
  const opened = c.open()
  if (c.isOp(')')) return undefined
  const items = parseItems(c, () => c.isOp(')'))
  c.close(')', opened)
  return c.isOp(':') ? items : undefined
}

function parseItems(c: Cursor, ended: () => boolean): WithItem[] {
  const items: WithItem[] = []
  do {
    if (items.length > 0 && ended()) break
    const context = parseExpression(c)
    const target = c.acceptKeyword('as') ? toTarget(c, parseWithTarget(c), 'assign') : undefined
    items.push({ context, target })
  } while (c.acceptOp(','))
  return items
}

function parseWithTarget(c: Cursor): Expr {
  const target = c.isOp('*') ? undefined : parseExpression(c)
  if (!target) throw c.unexpected('a name')
  return target
}

function parseTry(c: Cursor): Stmt {
  const first = c.advance()
  const body = parseBlock(c)
  const handlers: ExceptHandler[] = []
  let star = false
  while (c.isKeyword('except')) {
    const handler = parseHandler(c)
    if (handlers.length > 0 && handler.star !== star) {
      throw new Failure("'except' and 'except*' cannot stand together", handler.made.start)
    }
    star = handler.star
    handlers.push(handler.made)
  }
  const orelse = handlers.length > 0 ? parseElse(c) : []
  const finalbody = c.acceptKeyword('finally') ? parseBlock(c) : []
  if (handlers.length === 0 && finalbody.length === 0) throw c.unexpected("'except' or 'finally'")
  return { kind: 'Try', star, body, handlers, orelse, finalbody, ...c.span(first) }
}

function parseHandler(c: Cursor): { readonly made: ExceptHandler; readonly star: boolean } {
  const first = c.advance()
  const star = c.acceptOp('*')
  const type = c.isOp(':') ? undefined : parseExpression(c)
  // Python 2's `except A, e` and Python 3.14's `except A, B` look alike and mean different things.
  if (c.isOp(',')) throw new Failure('several exception types must be in parentheses', c.token.start)
  const name = type && c.acceptKeyword('as') ? c.expectName().text : undefined
  if (name !== undefined) c.bind(name)
  const body = parseBlock(c)
  return { made: { kind: 'ExceptHandler', type, name, body, ...c.span(first) }, star }
}

/** Whether this is a `match` statement shows only at the end of its line. */
function parseMatchHead(c: Cursor): (() => Stmt) | undefined {
  const first = c.advance()
  const subject = parseTuple(c, parseStarNamed)
  if (!c.isOp(':')) return undefined
  c.advance()
  if (!c.is('newline')) return undefined
  c.advance()
  if (!c.is('indent')) return undefined
  return () => parseCases(c, first, subject)
}

function parseCases(c: Cursor, first: Token, subject: Expr): Stmt {
  c.advance()
  const cases: MatchCase[] = []
  while (!c.is('dedent') && !c.is('end')) {
    if (!c.isSoft('case')) throw c.unexpected("'case'")
    c.advance()
    const pattern = parseCasePattern(c)
    const guard = c.acceptKeyword('if') ? parseNamed(c) : undefined
    cases.push({ pattern, guard, body: parseBlock(c) })
  }
  if (c.is('dedent')) c.advance()
  return { kind: 'Match', subject, cases, ...c.span(first) }
}
