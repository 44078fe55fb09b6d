import type { Alias, BinaryOperator, Expr, Name, Stmt } from './ast.ts'
import { parseCompound } from './compound.ts'
import type { Cursor } from './cursor.ts'
import { parseTypeParams } from './definitions.ts'
import { parseAny, parseExpression, parseStarExpressions } from './expressions.ts'
import { Failure } from './failure.ts'
import { toTarget } from './targets.ts'

export function parseModuleBody(c: Cursor): Stmt[] {
  const body: Stmt[] = []
  while (!c.is('end')) {
    if (c.is('newline')) c.advance()
    else parseStatement(c, body)
  }
  return body
}

/** What follows a compound statement's head: `:` and then either the rest of the line or an indented block. */
export function parseBlock(c: Cursor): Stmt[] {
  if (!c.isOp(':')) throw c.unexpected("':'")
  c.advance()
  const body: Stmt[] = []
  if (!c.is('newline')) {
    parseSimpleLine(c, body)
    return body
  }
  c.advance()
  if (!c.is('indent')) throw new Failure('expected an indented block', c.token.start)
  c.nested(() => {
    c.advance()
    while (!c.is('dedent') && !c.is('end')) parseStatement(c, body)
  })
  if (c.is('dedent')) c.advance()
  return body
}

function parseStatement(c: Cursor, body: Stmt[]): void {
  const compound = parseCompound(c)
  if (compound) body.push(compound)
  else parseSimpleLine(c, body)
}

function parseSimpleLine(c: Cursor, body: Stmt[]): void {
  do {
    if (c.is('newline')) break
    body.push(parseSimple(c))
  } while (c.acceptOp(';'))
  if (!c.is('newline')) throw c.unexpected('the end of the statement')
  c.advance()
}

function parseSimple(c: Cursor): Stmt {
  const { token } = c
  if (token.kind === 'keyword') {
    const parse = simple[token.text]
    if (parse && Object.hasOwn(simple, token.text)) return parse(c)
  }
  if (c.isSoft('type')) {
    const alias = c.tried(() => parseTypeAlias(c))
    if (alias) return alias
  }
  return parseAssignment(c)
}

const simple: Readonly<Record<string, (c: Cursor) => Stmt>> = {
  pass: (c) => ({ kind: 'Pass', ...c.span(c.advance()) }),
  break: (c) => ({ kind: 'Break', ...c.span(c.advance()) }),
  continue: (c) => ({ kind: 'Continue', ...c.span(c.advance()) }),
  return: parseReturn,
  raise: parseRaise,
  global: parseGlobal,
  nonlocal: parseGlobal,
  del: parseDelete,
  assert: parseAssert,
  import: parseImport,
  from: parseImportFrom,
}

function atEnd(c: Cursor): boolean {
  return c.is('newline') || c.isOp(';')
}

function parseReturn(c: Cursor): Stmt {
  const first = c.advance()
  if (c.scope.kind !== 'function') throw new Failure("'return' outside a function", first.start)
  const value = atEnd(c) ? undefined : parseStarExpressions(c)
  return { kind: 'Return', value, ...c.span(first) }
}

function parseRaise(c: Cursor): Stmt {
  const first = c.advance()
  const exc = atEnd(c) ? undefined : parseExpression(c)
  const cause = exc && c.acceptKeyword('from') ? parseExpression(c) : undefined
  return { kind: 'Raise', exc, cause, ...c.span(first) }
}

function parseGlobal(c: Cursor): Stmt {
  const first = c.advance()
  const names = [c.expectName().text]
  while (c.acceptOp(',')) names.push(c.expectName().text)
  for (const name of names) (first.text === 'global' ? c.scope.globals : c.scope.nonlocals).add(name)
  return { kind: first.text === 'global' ? 'Global' : 'Nonlocal', names, ...c.span(first) }
}

/** `del a, b` has two targets, `del (a, b)` one. */
function parseDelete(c: Cursor): Stmt {
  const first = c.advance()
  const target = toTarget(c, parseStarExpressions(c), 'delete')
  const bare = target.kind === 'Tuple' && target.elts.length > 0 && c.tokens.text[target.start] !== '('
  return { kind: 'Delete', targets: bare ? target.elts : [target], ...c.span(first) }
}

function parseAssert(c: Cursor): Stmt {
  const first = c.advance()
  const test = parseExpression(c)
  const msg = c.acceptOp(',') ? parseExpression(c) : undefined
  return { kind: 'Assert', test, msg, ...c.span(first) }
}

function dotted(c: Cursor): string {
  let name = c.expectName().text
  while (c.acceptOp('.')) name += `.${c.expectName().text}`
  return name
}

function parseImport(c: Cursor): Stmt {
  const first = c.advance()
  const names: Alias[] = []
  do {
    const start = c.token
    const name = dotted(c)
    const asname = c.acceptKeyword('as') ? c.expectName().text : undefined
    c.bind(asname ?? name.split('.', 1)[0]!)
    names.push({ name, asname, ...c.span(start) })
  } while (c.acceptOp(','))
  return { kind: 'Import', names, ...c.span(first) }
}

function parseImportFrom(c: Cursor): Stmt {
  const first = c.advance()
  let level = 0
  for (; c.isOp('.') || c.isOp('...'); c.advance()) level += c.token.text.length
  const module = level > 0 && c.isKeyword('import') ? undefined : dotted(c)
  c.expectKeyword('import')
  const names = c.isOp('*') ? [star(c)] : c.isOp('(') ? parenthesisedNames(c) : importedNames(c)
  return { kind: 'ImportFrom', module, names, level, ...c.span(first) }
}

function star(c: Cursor): Alias {
  return { name: '*', asname: undefined, ...c.span(c.advance()) }
}

function parenthesisedNames(c: Cursor): Alias[] {
  const opened = c.open()
  const names = importedNames(c)
  c.close(')', opened)
  return names
}

function importedNames(c: Cursor): Alias[] {
  const names: Alias[] = []
  do {
    if (names.length > 0 && c.isOp(')')) break
    const start = c.expectName()
    const asname = c.acceptKeyword('as') ? c.expectName().text : undefined
    c.bind(asname ?? start.text)
    names.push({ name: start.text, asname, ...c.span(start) })
  } while (c.acceptOp(','))
  return names
}

function parseTypeAlias(c: Cursor): Stmt | undefined {
  const first = c.advance()
  if (c.token.kind !== 'name') return undefined
  const token = c.advance()
  const name: Name = { kind: 'Name', id: token.text, ...c.span(token) }
  const typeParams = parseTypeParams(c)
  if (!c.acceptOp('=')) return undefined
  c.bind(name.id)
  const value = parseExpression(c)
  return { kind: 'TypeAlias', name, typeParams, value, ...c.span(first) }
}

function parseAssignment(c: Cursor): Stmt {
  const first = c.token
  const value = parseAny(c)
  if (c.isOp('=')) return parseAssign(c, first, value)
  if (c.isOp(':')) {
    c.advance()
    const target = toTarget(c, value, 'single')
    const annotation = parseExpression(c)
    const given = c.acceptOp('=') ? parseAny(c) : undefined
    const plain = target.kind === 'Name' && target.start === first.start
    return { kind: 'AnnAssign', target, annotation, value: given, simple: plain, ...c.span(first) }
  }
  if (c.token.kind === 'op' && /^(?:\*\*|\/\/|>>|<<|[-+*/%&|^@])=$/.test(c.token.text)) {
    const target = toTarget(c, value, 'single')
    const op = c.advance().text.slice(0, -1) as BinaryOperator
    return { kind: 'AugAssign', target, op, value: parseAny(c), ...c.span(first) }
  }
  return { kind: 'Expr', value, ...c.span(first) }
}

function parseAssign(c: Cursor, first: Cursor['token'], left: Expr): Stmt {
  const targets: Expr[] = []
  let value = left
  while (c.acceptOp('=')) {
    targets.push(toTarget(c, value, 'assign'))
    value = parseAny(c)
  }
  return { kind: 'Assign', targets, value, ...c.span(first) }
}
