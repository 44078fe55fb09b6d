import type { Binary } from '../schema/expression.ts'
import { isMariadb, type Target } from '../schema/target.ts'
import { unknowable } from '../schema/unknowable.ts'
import { operand, renderExpression } from './expression.ts'
import { quoteString } from './literal.ts'

type Write = (left: string, right: string, of: Binary, target: Target) => string | undefined

/** Operators that a database has under another name, or not at all (the compilers of SQLAlchemy's dialects). */
const special: { readonly [operator: string]: Write } = {
  '||': (left, right, _, { dialect }) => (dialect === 'mysql' ? `concat(${left}, ${right})` : undefined),
  ILIKE: (left, right, of, target) => caseless('LIKE', left, right, of, target),
  'NOT ILIKE': (left, right, of, target) => caseless('NOT LIKE', left, right, of, target),
  'IS DISTINCT FROM': (left, right, _, { dialect }) => distinctFrom(left, right, dialect, true),
  'IS NOT DISTINCT FROM': (left, right, _, { dialect }) => distinctFrom(left, right, dialect, false),
  MATCHES: (left, right, of, target) => matches(left, right, of, target, true),
  'NOT MATCHES': (left, right, of, target) => matches(left, right, of, target, false),
  IN: (left, right, of, target) => `${left} IN ${rowsIn(right, of, target)}`,
  /** NOT IN stands in parentheses always (SQLCompiler.visit_not_in_op_binary). */
  'NOT IN': (left, right, of, target) => `(${left} NOT IN ${rowsIn(right, of, target)})`,
}

export function renderBinary(of: Binary, target: Target): string {
  const { operator, left, right, precedence } = of
  // an operator of `op('…')` is written as it is
  const write = precedence === undefined ? special[operator.toUpperCase()] : undefined
  const joined = write !== undefined && operator === '||' && target.dialect === 'mysql'
  const [a, b] = joined
    ? [renderExpression(left, target), renderExpression(right, target)]
    : [operand(left, operator, target, precedence), operand(right, operator, target, precedence)]
  return write?.(a, b, of, target) ?? `${a} ${operator} ${b}${escapeText(of, target)}`
}

/** SQLite looks for a row among VALUES only. */
function rowsIn(text: string, { right }: Binary, { dialect }: Target): string {
  const isRows = right.kind === 'list' && right.of.length > 0 && right.of.every(({ kind }) => kind === 'list')
  return isRows && dialect === 'sqlite' ? `(VALUES ${text.slice(1)}` : text
}

function escapeText({ escape: character }: Binary, { dialect }: Target): string {
  return character === undefined ? '' : ` ESCAPE ${quoteString(character, dialect)}`
}

function caseless(operator: string, left: string, right: string, of: Binary, target: Target): string | undefined {
  if (target.dialect === 'postgres') return undefined
  return `lower(${left}) ${operator} lower(${right})${escapeText(of, target)}`
}

function distinctFrom(
  left: string,
  right: string,
  dialect: Target['dialect'],
  isDistinct: boolean,
): string | undefined {
  if (dialect === 'sqlite') return `${left} IS ${isDistinct ? 'NOT ' : ''}${right}`
  if (dialect === 'mysql') return isDistinct ? `NOT (${left} <=> ${right})` : `${left} <=> ${right}`
  return undefined
}

/** A regular expression. */
function matches(left: string, right: string, { flags }: Binary, target: Target, holds: boolean): string {
  const { dialect } = target
  if (dialect === 'postgres') {
    const sign = holds ? '~' : '!~'
    if (flags === undefined || flags === 'i') return `${left} ${sign}${flags === 'i' ? '*' : ''} ${right}`
    return `${left} ${sign} CONCAT('(?', ${quoteString(flags, dialect)}, ')', ${right})`
  }
  const word = holds ? 'REGEXP' : 'NOT REGEXP'
  if (flags === undefined || dialect === 'sqlite') return `${left} ${word} ${right}`
  if (isMariadb(target)) return unknowable('the flags of a regular expression are not carried over to MariaDB')
  return `${holds ? '' : 'NOT '}REGEXP_LIKE(${left}, ${right}, ${quoteString(flags, dialect)})`
}
