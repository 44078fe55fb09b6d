import type { Expression } from '../schema/expression.ts'

/** How tightly operators bind, as SQLAlchemy thinks (sqlalchemy/sql/operators.py, _PRECEDENCE); one of `op('…')` is 0. */
const strength: { readonly [operator: string]: number } = {
  ...same(15, '->', '->>', '#>', '#>>', '[]', 'ANY', 'ALL'),
  ...same(8, '*', '/', '%', '-NEG'),
  ...same(7, '+', '-'),
  '||': 6,
  ...same(
    5,
    '=',
    '!=',
    '<>',
    '<',
    '>',
    '<=',
    '>=',
    'IN',
    'NOT IN',
    'IS',
    'IS NOT',
    'LIKE',
    'NOT LIKE',
    'ILIKE',
    'NOT ILIKE',
  ),
  ...same(5, 'BETWEEN', '~', '~*', '!~', 'REGEXP', 'NOT', 'DISTINCT', 'MATCHES', 'NOT MATCHES'),
  ...same(5, 'IS DISTINCT FROM', 'IS NOT DISTINCT FROM'),
  COLLATE: 4,
  ...same(3, 'AND', 'DESC', 'ASC'),
  OR: 2,
  EXISTS: 0,
}

function same(level: number, ...operators: readonly string[]): { readonly [operator: string]: number } {
  return Object.fromEntries(operators.map((operator) => [operator, level]))
}

/** Operators that need no parentheses inside of themselves; `(a = b) = c` is another thing than `a = (b = c)`. */
const associative = ['+', '*', '||']

/** Whether an operand goes into parentheses: SQLite keeps the text of a CHECK, so that each one counts. */
export function needsParentheses(of: Expression, inside: string, precedence?: number): boolean {
  const operator = operatorOf(of)
  if (operator === undefined || (operator === inside && associative.includes(operator))) return false
  const own = of.kind === 'binary' ? of.precedence : undefined
  return (own ?? strength[operator] ?? 0) <= (precedence ?? strength[inside] ?? 0)
}

export function operatorOf(of: Expression): string | undefined {
  switch (of.kind) {
    case 'binary':
    case 'junction':
      return of.operator.toUpperCase()
    case 'not':
      return 'NOT'
    case 'between':
      return 'BETWEEN'
    case 'prefix':
      return of.prefix === '-' ? '-NEG' : of.prefix
    default:
      return undefined
  }
}

const negations: { readonly [operator: string]: string } = {
  '=': '!=',
  '!=': '=',
  '<': '>=',
  '>=': '<',
  '>': '<=',
  '<=': '>',
  ...bothWays('IN', 'NOT IN'),
  ...bothWays('IS', 'IS NOT'),
  ...bothWays('LIKE', 'NOT LIKE'),
  ...bothWays('ILIKE', 'NOT ILIKE'),
  ...bothWays('MATCHES', 'NOT MATCHES'),
  ...bothWays('IS DISTINCT FROM', 'IS NOT DISTINCT FROM'),
}

function bothWays(one: string, other: string): { readonly [operator: string]: string } {
  return { [one]: other, [other]: one }
}

/** `sa.not_(a == b)` is `a != b`; only what has no opposite gets a NOT. */
export function negated(of: Expression): Expression | undefined {
  if (of.kind === 'between' || of.kind === 'isTrue') return { ...of, negated: !of.negated }
  if (of.kind === 'constant' && of.value !== null) return { ...of, value: !of.value }
  if (of.kind !== 'binary' || of.precedence !== undefined) return undefined
  const operator = negations[of.operator.toUpperCase()]
  return operator === undefined ? undefined : { ...of, operator }
}
