import type { Expr } from './ast.ts'
import type { Cursor } from './cursor.ts'
import { Failure } from './failure.ts'

/** Checks that an expression can be assigned to (or deleted), and notes the names that it binds. */
export function toTarget(c: Cursor, expr: Expr, how: 'assign' | 'delete' | 'comprehension' | 'single'): Expr {
  switch (expr.kind) {
    case 'Name':
      if (how !== 'comprehension') c.bind(expr.id)
      return expr
    case 'Attribute':
    case 'Subscript':
      return expr
    case 'List':
    case 'Tuple':
      if (how === 'single') break
      for (const element of expr.elts) toTarget(c, element, how)
      return expr
    case 'Starred':
      if (how === 'delete' || how === 'single') break
      toTarget(c, expr.value, how)
      return expr
    default:
  }
  throw new Failure(`cannot ${how === 'delete' ? 'delete' : 'assign to'} ${named(expr)}`, expr.start)
}

function named(expr: Expr): string {
  if (expr.kind === 'Constant')
    return expr.value === null || typeof expr.value === 'boolean' ? 'a keyword' : 'a literal'
  if (expr.kind === 'Call') return 'a function call'
  if (expr.kind === 'Compare') return 'a comparison'
  if (expr.kind === 'List' || expr.kind === 'Tuple') return 'a list or tuple here'
  return 'an expression'
}
