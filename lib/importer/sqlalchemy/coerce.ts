import type { Interpreter } from '../../python/interpreter.ts'
import { Dict, Instance, List, PySet, Tuple, type Value } from '../../python/values.ts'
import type { Expression, Literal } from '../../schema/expression.ts'
import { type TypeSpec, typeFamily, type as typeSpec } from '../../schema/type-spec.ts'
import { known, listOf } from '../arguments.ts'
import { recorderOf } from '../recorder-of.ts'
import { unreadable } from '../unreadable.ts'
import { Moment } from './moments.ts'
import { literalFrom } from './read-literal.ts'
import { boolean, float, integer, text } from './result-types.ts'
import { SaExpression, SaLabel } from './sa-expression.ts'
import { SaSelect } from './sa-select.ts'

/** What a value means as an operand of an expression, beside one of the given type. */
export function operandFrom(vm: Interpreter, value: Value, beside?: TypeSpec): SaExpression {
  const found = known(vm, value)
  if (found instanceof SaLabel) return new SaExpression(found.expression, found.type)
  if (found instanceof SaExpression) return typedParameter(found, beside)
  if (found instanceof SaSelect) return found.scalar()
  if (found instanceof Moment) return momentOperand(found)
  return literalBeside(vm, found, beside)
}

/** A UUID that is made anew is for one row; elsewhere it would be many. */
function momentOperand(of: Moment): SaExpression {
  if (of.expression.kind === 'newUuid') return unreadable('uuid4() is made anew by each run')
  return new SaExpression(of.expression, of.type)
}

/** `bindparam('x')` takes the type of what it is compared with. */
function typedParameter(of: SaExpression, type: TypeSpec | undefined): SaExpression {
  const { expression } = of
  if (expression.kind !== 'parameter' || expression.type || !type) return of
  return new SaExpression({ ...expression, type }, type)
}

function literalBeside(vm: Interpreter, value: Value, beside: TypeSpec | undefined): SaExpression {
  const isJson = beside !== undefined && typeFamily(beside) === 'json'
  const structured = value instanceof Dict || value instanceof List || value instanceof Tuple
  const expected = isJson && !structured ? undefined : beside
  const literal = literalFrom(vm, value, expected)
  const type = comparedType(literal, value, beside)
  if (typeof literal === 'object' && literal !== null && 'kind' in literal && literal.kind === 'interval')
    return intervalOperand(vm, literal)
  return new SaExpression({ kind: 'literal', value: literal, ...(type && { type }) }, type ?? ownType(value))
}

/** PostgreSQL takes a bare string beside a moment for another moment; the other databases know no lengths of time. */
function intervalOperand(vm: Interpreter, value: Literal): SaExpression {
  if (recorderOf(vm).target.dialect !== 'postgres') return unreadable('a timedelta in an expression')
  const interval = typeSpec('Interval')
  return new SaExpression({ kind: 'cast', of: { kind: 'literal', value }, type: interval }, interval)
}

/** `TypeEngine.coerce_compared_value`: a value of another kind keeps its own. */
function comparedType(literal: Literal, value: Value, beside: TypeSpec | undefined): TypeSpec | undefined {
  if (!beside || literal === null) return undefined
  // what the application makes of a value is not known: the compiler says so
  if (beside.converts !== undefined || beside.kind === 'Unknown') return beside
  const family = typeFamily(beside)
  if (family === 'boolean') return typeof literal === 'boolean' ? beside : undefined
  if (family === 'uuid') return typeof literal === 'string' || value instanceof Instance ? beside : undefined
  if (['date', 'datetime', 'time', 'interval'].includes(family)) return value instanceof Instance ? beside : undefined
  return family === 'array' && Array.isArray(literal) ? beside : undefined
}

function ownType(value: Value): TypeSpec | undefined {
  if (typeof value === 'boolean') return boolean
  if (typeof value === 'bigint') return integer
  if (typeof value === 'number') return float
  return typeof value === 'string' ? text : undefined
}

/** Any piece of SQL as an expression; plain values become literals. */
export function expressionOf(vm: Interpreter, value: Value, type?: TypeSpec): Expression {
  return operandFrom(vm, value, type).expression
}

/** What stands in WHERE: a Boolean alone is a condition, a string is SQL, as before SQLAlchemy 1.4. */
export function conditionFrom(vm: Interpreter, value: Value): Expression {
  const found = known(vm, value)
  if (typeof found === 'string') return { kind: 'sql', text: found }
  if (typeof found === 'boolean') return asCondition(new SaExpression({ kind: 'constant', value: found }, boolean))
  if (found === null) return { kind: 'constant', value: null }
  if (found instanceof SaSelect || found instanceof SaExpression) return asCondition(operandFrom(vm, found))
  return unreadable('what stands for a condition is none')
}

const standalone: readonly Expression['kind'][] = [
  'column',
  'function',
  'cast',
  'case',
  'literal',
  'constant',
  'parameter',
]

/** ColumnElement.self_group(against=_asbool) */
export function asCondition({ expression, type }: SaExpression): Expression {
  const isBoolean = type !== undefined && typeFamily(type) === 'boolean' && standalone.includes(expression.kind)
  return isBoolean && !(expression.kind === 'constant' && expression.value === null)
    ? { kind: 'isTrue', of: expression }
    : expression
}

function constantOf(of: Expression): boolean | null | undefined {
  if (of.kind === 'constant') return of.value
  if (of.kind !== 'isTrue' || of.of.kind !== 'constant') return undefined
  return of.of.value === null ? null : of.of.value !== (of.negated ?? false)
}

/** `and_`: what is always true is left out, and what is never true is all there is; `or_` the other way round. */
export function junction(operator: 'AND' | 'OR', all: readonly Expression[]): Expression | undefined {
  const idle = operator === 'AND'
  const deciding = all.find((each) => constantOf(each) === !idle)
  if (deciding) return deciding
  const rest = all.filter((each) => constantOf(each) !== idle)
  if (rest.length < 2) return rest[0] ?? all[0]
  return { kind: 'junction', operator, of: rest }
}

/** A list of values that is given as such or as several arguments. */
export function itemsOf(vm: Interpreter, values: readonly Value[]): readonly Value[] {
  const [first] = values.map((value) => vm.resolve(value))
  const isList = first instanceof List || first instanceof Tuple || first instanceof PySet
  return values.length === 1 && isList ? listOf(vm, first, vm.node) : values
}
