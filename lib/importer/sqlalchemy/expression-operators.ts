import type { Interpreter } from '../../python/interpreter.ts'
import { List, PySet, Tuple, type Value } from '../../python/values.ts'
import type { Binary, Expression } from '../../schema/expression.ts'
import { isBefore } from '../../schema/target.ts'
import { type TypeSpec, typeFamily } from '../../schema/type-spec.ts'
import { known, listOf } from '../arguments.ts'
import { recorderOf } from '../recorder-of.ts'
import { unreadable } from '../unreadable.ts'
import { expandingParameter } from './bind.ts'
import { asCondition, conditionFrom, junction, operandFrom } from './coerce.ts'
import { boolean, text } from './result-types.ts'
import { SaExpression } from './sa-expression.ts'
import { SaSelect } from './sa-select.ts'
import { SaDerived } from './selectables.ts'

const comparisons: { readonly [operator: string]: string } = {
  '==': '=',
  '!=': '!=',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
}
const mirrored: { readonly [operator: string]: string } = { '<': '>', '>': '<', '<=': '>=', '>=': '<=' }
const arithmetic = ['+', '-', '*', '/', '//', '%']

/** Python's operators on an expression; undefined for those that SQLAlchemy has not. */
export function binaryOf(
  of: SaExpression,
  operator: string,
  other: Value,
  reflected: boolean,
  vm: Interpreter,
): SaExpression | undefined {
  const sign = comparisons[operator]
  if (sign) return compared(vm, of, reflected ? (mirrored[sign] ?? sign) : sign, other)
  if (operator === '&' || operator === '|') return joined(vm, operator === '&' ? 'AND' : 'OR', of, other, reflected)
  if (!arithmetic.includes(operator)) return undefined
  // "%s" % expression is text
  if (reflected && typeof vm.resolve(other) === 'string' && operator !== '+') return undefined
  const operand = operandFrom(vm, other, typeBeside(of, operator))
  const [left, right] = reflected ? [operand, of] : [of, operand]
  return operator === '/' || operator === '//' ? divided(vm, left, operator, right) : calculated(left, operator, right)
}

/** Since 2.0 `/` gives fractions on each database, and `//` whole numbers (SQLCompiler.visit_truediv_binary). */
function divided(vm: Interpreter, left: SaExpression, operator: '/' | '//', right: SaExpression): SaExpression {
  const { target } = recorderOf(vm)
  const isWhole = right.type && typeFamily(right.type) === 'integer'
  if (operator === '//') {
    const plain = calculated(left, '/', right)
    if (isWhole && target.dialect !== 'mysql') return plain
    return new SaExpression({ kind: 'function', name: 'FLOOR', args: [plain.expression] }, left.type)
  }
  if (isBefore(target, '2.0') || target.dialect === 'mysql') return calculated(left, '/', right)
  if (target.dialect === 'sqlite') {
    const sum: Expression = {
      kind: 'binary',
      operator: '+',
      left: right.expression,
      right: { kind: 'sql', text: '0.0' },
    }
    return calculated(left, '/', new SaExpression({ kind: 'group', of: sum }))
  }
  const type = right.type && typeFamily(right.type) === 'numeric' ? right.type : { kind: 'Numeric' }
  return calculated(left, '/', new SaExpression({ kind: 'cast', of: right.expression, type }, type))
}

/** What is added to a moment is no moment. */
function typeBeside({ type }: SaExpression, operator: string): TypeSpec | undefined {
  const isMoment = type && ['date', 'datetime', 'time'].includes(typeFamily(type))
  return operator === '+' && isMoment ? undefined : type
}

export function unaryOf(of: SaExpression, operator: string): SaExpression | undefined {
  if (operator === '~') return negation(of)
  return operator === '-' ? new SaExpression({ kind: 'prefix', prefix: '-', of: of.expression }, of.type) : undefined
}

/** `not_(x)`: a Boolean alone is compared where the database has none (ColumnElement._negate). */
export function negation(of: SaExpression): SaExpression {
  const condition = asCondition(of)
  if (condition.kind === 'isTrue') {
    const { negated, of: inner } = condition
    return new SaExpression({ kind: 'isTrue', of: inner, negated: !negated }, boolean)
  }
  return new SaExpression({ kind: 'not', of: of.expression }, boolean)
}

function joined(
  vm: Interpreter,
  operator: 'AND' | 'OR',
  of: SaExpression,
  other: Value,
  reflected: boolean,
): SaExpression {
  const sides = [asCondition(of), conditionFrom(vm, other)]
  return new SaExpression(junction(operator, reflected ? sides.reverse() : sides)!, boolean)
}

/** `==` and its like; None and the Booleans have operators of their own (_boolean_compare). */
export function compared(vm: Interpreter, of: SaExpression, sign: string, other: Value): SaExpression {
  const found = known(vm, other)
  // ANY and ALL stand on the right only (CollectionAggregate.operate)
  if (isQuantified(of.expression))
    return condition(mirrored[sign] ?? sign, operandFrom(vm, found, of.type).expression, of.expression)
  const constant = constantOf(found)
  if (constant !== undefined && (sign === '=' || sign === '!=')) {
    const operator = constant === null ? (sign === '=' ? 'IS' : 'IS NOT') : sign
    return condition(operator, of.expression, { kind: 'constant', value: constant })
  }
  return condition(sign, of.expression, operandFrom(vm, found, of.type).expression)
}

function isQuantified(of: Expression): boolean {
  const word = of.kind === 'prefix' ? of.prefix : of.kind === 'function' ? of.name : ''
  return word === 'ANY' || word === 'ALL'
}

export function constantOf(value: Value): boolean | null | undefined {
  if (value === null || typeof value === 'boolean') return value
  return value instanceof SaExpression && value.expression.kind === 'constant' ? value.expression.value : undefined
}

export function condition(
  operator: string,
  left: Expression,
  right: Expression,
  more: Pick<Binary, 'escape' | 'flags'> = {},
): SaExpression {
  return new SaExpression({ kind: 'binary', operator, left, right, ...more }, boolean)
}

function calculated(left: SaExpression, operator: string, right: SaExpression): SaExpression {
  const isText = operator === '+' && concatenates(left, right)
  const sign = isText ? '||' : operator
  const type = isText ? text : (left.type ?? right.type)
  return new SaExpression({ kind: 'binary', operator: sign, left: left.expression, right: right.expression }, type)
}

/** Text plus text, or plus something of unknown type (Concatenable._adapt_expression). */
function concatenates(left: SaExpression, right: SaExpression): boolean {
  const families = [left, right].map(({ type }) => type && typeFamily(type))
  const fits = families.every((family) => family === undefined || ['string', 'array', 'enum'].includes(family))
  return fits && families.some((family) => family === 'string' || family === 'array')
}

/** `x.in_([…])`, `x.in_(select(…))` */
export function inList(vm: Interpreter, of: SaExpression, given: Value, isNegated: boolean): SaExpression {
  const operator = isNegated ? 'NOT IN' : 'IN'
  const members = membersFrom(vm, of, given)
  const looked = condition(operator, of.expression, members ?? nothingLike(of.expression))
  return members ? looked : decided(looked, isNegated)
}

/** Undefined for an empty list. */
function membersFrom(vm: Interpreter, of: SaExpression, given: Value): Expression | undefined {
  const found = known(vm, given)
  if (found instanceof SaSelect) return { kind: 'subquery', select: found.draft }
  if (found instanceof SaDerived && found.select) return { kind: 'subquery', select: found.select.draft }
  if (found instanceof SaExpression) return expanding(found, of)
  if (typeof found === 'string') return unreadable('in_() is given a string')
  const isList = found instanceof List || found instanceof Tuple || found instanceof PySet
  const values = isList ? listOf(vm, found, vm.node) : unreadable('what in_() is given is no list')
  if (values.length === 0) return undefined
  return { kind: 'list', of: values.map((value) => memberFrom(vm, of, value)) }
}

/** An empty list is a NULL, of whatever type it is compared with, and a condition that decides alone. */
function nothingLike(of: Expression): Expression {
  const none: Expression = { kind: 'constant', value: null }
  return { kind: 'list', of: [of.kind === 'list' ? { kind: 'list', of: of.of.map(() => none) } : none] }
}

function decided({ expression }: SaExpression, isNegated: boolean): SaExpression {
  const decision: Expression = { kind: 'sql', text: isNegated ? '(1 = 1)' : '(1 != 1)' }
  return new SaExpression({ kind: 'junction', operator: isNegated ? 'OR' : 'AND', of: [expression, decision] }, boolean)
}

function memberFrom(vm: Interpreter, of: SaExpression, value: Value): Expression {
  const found = known(vm, value)
  if (found instanceof Tuple && of.expression.kind === 'list')
    return { kind: 'list', of: found.items.map((item) => operandFrom(vm, item).expression) }
  return found === null ? { kind: 'constant', value: null } : operandFrom(vm, found, of.type).expression
}

/** `bindparam('ids', expanding=True)` stands for a list in parentheses. */
function expanding({ expression }: SaExpression, of: SaExpression): Expression {
  if (expression.kind !== 'parameter')
    return expression.kind === 'subquery' ? expression : { kind: 'group', of: expression }
  return expandingParameter(expression, of.type)
}
