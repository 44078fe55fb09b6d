import type { Expression } from '../schema/expression.ts'

/** How tightly operators bind, as SQLAlchemy thinks (sqlalchemy/sql/operators.py, _PRECEDENCE); one of `op('…')` is 0. */
const strength: { readonly [operator: string]: number } = {
  ...same(15, '->', '->>', '#>', '#>>'),
  ...same(8, '*', '/', '%'),
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
  ...same(5, 'BETWEEN', '~', '~*', '!~', 'REGEXP', 'NOT'),
  COLLATE: 4,
  AND: 3,
  OR: 2,
}

function same(level: number, ...operators: readonly string[]): { readonly [operator: string]: number } {
  return Object.fromEntries(operators.map((operator) => [operator, level]))
}

/** Operators that need no parentheses inside of themselves. */
const associative = ['=', '!=', '<>', '+', '*', '||']

/** Whether an operand goes into parentheses: SQLite keeps the text of a CHECK, so that each one counts. */
export function needsParentheses(of: Expression, inside: string): boolean {
  const operator = operatorOf(of)
  if (operator === undefined || (operator === inside && associative.includes(operator))) return false
  return (strength[operator] ?? 0) <= (strength[inside] ?? 0)
}

export function operatorOf(of: Expression): string | undefined {
  if (of.kind === 'binary' || of.kind === 'junction') return of.operator.toUpperCase()
  return of.kind === 'not' ? 'NOT' : of.kind === 'between' ? 'BETWEEN' : undefined
}

const negations: { readonly [operator: string]: string } = {
  '=': '!=',
  '!=': '=',
  '<': '>=',
  '>=': '<',
  '>': '<=',
  '<=': '>',
  IN: 'NOT IN',
  IS: 'IS NOT',
  'IS NOT': 'IS',
  LIKE: 'NOT LIKE',
  ILIKE: 'NOT ILIKE',
}

/** `sa.not_(a == b)` is `a != b`; only what has no opposite gets a NOT. */
export function negated(of: Expression): Expression | undefined {
  if (of.kind !== 'binary') return undefined
  const operator = negations[of.operator.toUpperCase()]
  return operator === undefined ? undefined : { ...of, operator }
}
