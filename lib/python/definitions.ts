import type { Arg, Arguments, ClassDef, Expr, FunctionDef, TypeParam } from './ast.ts'
import { parseCallArguments } from './atoms.ts'
import type { Cursor } from './cursor.ts'
import { parseBinary, parseExpression, parseNamed, parseStarred } from './expressions.ts'
import { Failure } from './failure.ts'
import { parseBlock } from './statements.ts'
import type { Token } from './tokenizer.ts'

export function parseDecorated(c: Cursor): FunctionDef | ClassDef {
  const decorators: Expr[] = []
  while (c.acceptOp('@')) {
    decorators.push(parseNamed(c))
    if (c.token.kind !== 'newline') throw c.unexpected('the end of the line')
    c.advance()
  }
  const first = c.token
  if (c.isKeyword('class')) return parseClass(c, decorators)
  const isAsync = c.acceptKeyword('async')
  if (!c.isKeyword('def')) throw c.unexpected("'def' or 'class' after a decorator")
  return parseFunction(c, { decorators, isAsync, first })
}

export function parseFunction(
  c: Cursor,
  how: { readonly decorators: readonly Expr[]; readonly isAsync: boolean; readonly first: Token },
): FunctionDef {
  c.expectKeyword('def')
  const name = c.expectName().text
  c.bind(name)
  const typeParams = parseTypeParams(c)
  const opened = c.open()
  const args = parseArguments(c, ')', true)
  c.close(')', opened)
  const returns = c.acceptOp('->') ? parseExpression(c) : undefined
  const [body, scope] = c.inScope('function', () => {
    for (const parameter of allArgs(args)) c.bind(parameter.arg)
    return parseBlock(c)
  })
  const { decorators, isAsync, first } = how
  return { kind: 'FunctionDef', isAsync, name, args, body, decorators, returns, typeParams, scope, ...c.span(first) }
}

export function allArgs(args: Arguments): Arg[] {
  const { posonly, vararg, kwonly, kwarg } = args
  return [...posonly, ...args.args, ...(vararg ? [vararg] : []), ...kwonly, ...(kwarg ? [kwarg] : [])]
}

export function parseClass(c: Cursor, decorators: readonly Expr[]): ClassDef {
  const first = c.expectKeyword('class')
  const name = c.expectName().text
  c.bind(name)
  const typeParams = parseTypeParams(c)
  const { args: bases, keywords } = c.isOp('(') ? parseCallArguments(c) : { args: [], keywords: [] }
  const [body, scope] = c.inScope('class', () => parseBlock(c))
  return { kind: 'ClassDef', name, bases, keywords, body, decorators, typeParams, scope, ...c.span(first) }
}

export function parseLambdaArguments(c: Cursor): Arguments {
  return parseArguments(c, ':', false)
}

interface Building {
  posonly: Arg[]
  args: Arg[]
  vararg: Arg | undefined
  kwonly: Arg[]
  kwDefaults: (Expr | undefined)[]
  kwarg: Arg | undefined
  defaults: Expr[]
}

function parseArguments(c: Cursor, end: string, annotated: boolean): Arguments {
  const made: Building = {
    posonly: [],
    args: [],
    vararg: undefined,
    kwonly: [],
    kwDefaults: [],
    kwarg: undefined,
    defaults: [],
  }
  const names = new Set<string>()
  let star = false
  while (!c.isOp(end)) {
    const { start } = c.token
    if (made.kwarg) throw new Failure("no parameter can follow '**'", start)
    if (c.acceptOp('/')) {
      if (star || made.posonly.length > 0 || made.args.length === 0) throw new Failure("'/' cannot stand here", start)
      made.posonly = made.args
      made.args = []
    } else if (c.acceptOp('**')) made.kwarg = parameter(c, annotated, names)
    else if (c.acceptOp('*')) {
      if (star) throw new Failure("'*' may stand only once", start)
      star = true
      if (!c.isOp(',')) made.vararg = parameter(c, annotated, names, true)
    } else parsePlain(c, made, star, parameter(c, annotated, names))
    if (!c.acceptOp(',')) break
  }
  if (star && !made.vararg && made.kwonly.length === 0) throw new Failure("names must follow a bare '*'", c.token.start)
  return made
}

function parsePlain(c: Cursor, made: Building, star: boolean, name: Arg): void {
  const value = c.acceptOp('=') ? parseExpression(c) : undefined
  if (star) {
    made.kwonly.push(name)
    made.kwDefaults.push(value)
    return
  }
  made.args.push(name)
  if (value) made.defaults.push(value)
  else if (made.defaults.length > 0) {
    throw new Failure('a parameter without a default follows one with a default', name.start)
  }
}

function parameter(c: Cursor, annotated: boolean, names: Set<string>, star = false): Arg {
  const first = c.expectName()
  if (names.has(first.text)) throw new Failure(`the parameter '${first.text}' is named twice`, first.start)
  names.add(first.text)
  const colon = annotated && c.acceptOp(':')
  const annotation = colon
    ? star && c.isOp('*')
      ? parseStarred(c, () => parseBinary(c, 1))
      : parseExpression(c)
    : undefined
  return { arg: first.text, annotation, ...c.span(first) }
}

/** PEP 695: `[T, *Ts, **P]`, with bounds and (PEP 696) defaults. */
export function parseTypeParams(c: Cursor): TypeParam[] {
  if (!c.isOp('[')) return []
  const opened = c.open()
  const found: TypeParam[] = []
  do {
    if (c.isOp(']')) break
    const first = c.token
    const kind = c.acceptOp('**') ? 'ParamSpec' : c.acceptOp('*') ? 'TypeVarTuple' : 'TypeVar'
    const name = c.expectName().text
    const bound = kind === 'TypeVar' && c.acceptOp(':') ? parseExpression(c) : undefined
    const fallback = c.acceptOp('=') ? parseTypeDefault(c) : undefined
    found.push({ kind, name, bound, default: fallback, ...c.span(first) })
  } while (c.acceptOp(','))
  if (found.length === 0) throw new Failure('type parameters cannot be empty', opened.start)
  c.close(']', opened)
  return found
}

function parseTypeDefault(c: Cursor): Expr {
  return c.isOp('*') ? parseStarred(c, () => parseBinary(c, 1)) : parseExpression(c)
}
