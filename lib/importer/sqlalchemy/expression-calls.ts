import type { Interpreter } from '../../python/interpreter.ts'
import { Dict, List, Tuple, type Value } from '../../python/values.ts'
import type { CaseArm, Expression, Select } from '../../schema/expression.ts'
import type { TypeSpec } from '../../schema/type-spec.ts'
import { Arguments, known, listOf, textOf } from '../arguments.ts'
import type { Call } from '../host-function.ts'
import { unreadable } from '../unreadable.ts'
import { conditionFrom, expressionOf, itemsOf, junction, operandFrom } from './coerce.ts'
import { negation } from './expression-operators.ts'
import { literalFrom } from './read-literal.ts'
import { typeFrom } from './read-type.ts'
import { boolean } from './result-types.ts'
import { SaExpression, SaLabel } from './sa-expression.ts'
import { SaSelect } from './sa-select.ts'
import { SaColumn, SaTable } from './sa-table.ts'
import { SaText } from './text-clause.ts'

export function conjunction(operator: 'AND' | 'OR', { vm, args }: Call): Value {
  const all = args.map((value) => conditionFrom(vm, value))
  const joined = junction(operator, all)
  return joined ? new SaExpression(joined, boolean) : new SaExpression({ kind: 'constant', value: true }, boolean)
}

export function notCall({ vm, args }: Call): Value {
  return negation(operandFrom(vm, args[0] ?? null))
}

/** `case((cond, value), else_=…)`, and as it was written before 1.4: `case([(cond, value)], else_=…)`, `case({…}, value=x)`. */
export function caseCall(call: Call): Value {
  const given = new Arguments(call, '*', 'value', 'else_', 'whens')
  const { vm } = call
  const of = given.given('value')
  const subject = of === undefined ? undefined : operandFrom(vm, of)
  const arms = armsIn(call, given.has('whens') ? [given.value('whens')!] : given.rest)
  const values: SaExpression[] = []
  const resultOf = (value: Value) => {
    const found = operandFrom(vm, value)
    values.push(found)
    return found.expression
  }
  const when = arms.map(
    ([test, value]): CaseArm => ({
      condition: subject ? expressionOf(vm, test, subject.type) : testFrom(vm, test),
      value: resultOf(value),
    }),
  )
  const otherwise = given.has('else_') && given.value('else_') !== null ? resultOf(given.value('else_')!) : undefined
  const expression: Expression = {
    kind: 'case',
    ...(subject && { value: subject.expression }),
    when,
    ...(otherwise && { otherwise }),
  }
  return new SaExpression(expression, values.find(({ type }) => type)?.type)
}

/** Here a Boolean stands as it is. */
function testFrom(vm: Interpreter, value: Value): Expression {
  const test = conditionFrom(vm, value)
  return test.kind === 'isTrue' && !test.negated ? test.of : test
}

function armsIn({ vm }: Call, given: readonly Value[]): readonly (readonly [Value, Value])[] {
  return given.flatMap((value) => {
    const found = known(vm, value)
    if (found instanceof Dict) return [...found.map.values()].map(({ key, value: to }) => [key, to] as const)
    if (found instanceof List) return listOf(vm, found, vm.node).map((each) => armFrom(known(vm, each)))
    return [armFrom(found)]
  })
}

function armFrom(value: Value): readonly [Value, Value] {
  const isPair = (value instanceof Tuple || value instanceof List) && value.items.length === 2
  return isPair ? [value.items[0]!, value.items[1]!] : unreadable('an arm of case() is no pair')
}

export function castCall(call: Call): Value {
  const given = new Arguments(call, 'expression', 'type_')
  const type = typeFrom(call.vm, given.value('type_') ?? null)
  return new SaExpression(
    { kind: 'cast', of: expressionOf(call.vm, given.value('expression') ?? null, type), type },
    type,
  )
}

/** The same SQL; only what is written beside it changes. */
export function typeCoerceCall(call: Call): Value {
  const given = new Arguments(call, 'expression', 'type_')
  const type = typeFrom(call.vm, given.value('type_') ?? null)
  const value = known(call.vm, given.value('expression') ?? null)
  if (value instanceof SaExpression) return new SaExpression(value.expression, type)
  return new SaExpression({ kind: 'literal', value: literalFrom(call.vm, value, type), type }, type)
}

export function literalCall(call: Call): Value {
  const given = new Arguments(call, 'value', 'type_', 'literal_execute')
  const type = given.given('type_')
  const spec = type === undefined ? undefined : typeFrom(call.vm, type)
  return spec
    ? typedLiteral(call, given.value('value') ?? null, spec)
    : operandFrom(call.vm, given.value('value') ?? null)
}

function typedLiteral({ vm }: Call, value: Value, type: TypeSpec): SaExpression {
  return new SaExpression({ kind: 'literal', value: literalFrom(vm, value, type), type }, type)
}

export function literalColumnCall(call: Call): Value {
  const given = new Arguments(call, 'text', 'type_')
  const type = given.given('type_')
  const expression: Expression = { kind: 'sql', text: given.text('text') }
  return new SaExpression(expression, type === undefined ? undefined : typeFrom(call.vm, type))
}

/** `sa.column('a', sa.Integer)` */
export function columnCall(call: Call): Value {
  const given = new Arguments(call, 'text', 'type_', 'is_literal', '_selectable')
  if (given.bool('is_literal')) return literalColumnCall(call)
  const type = given.given('type_')
  const name = given.text('text')
  if (name === '*') return new SaExpression({ kind: 'sql', text: '*' })
  const more = type === undefined ? {} : { typeValue: type }
  return new SaColumn({ name, type: type === undefined ? { kind: 'Null' } : typeFrom(call.vm, type) }, undefined, more)
}

/** `sa.table('t', sa.column('a'), …)` */
export function tableClauseCall(call: Call): Value {
  const given = new Arguments(call, 'name', '*', 'schema')
  const columns = call.args.slice(1).map((value) => {
    const found = known(call.vm, value)
    return found instanceof SaColumn ? found : unreadable('what stands for a column is none')
  })
  const schema = given.optionalText('schema')
  const name = textOf(call.vm, call.args[0] ?? call.kwargs.get('name') ?? null, 'the name of a table')
  const definition = { name, columns: columns.map((column) => column.definition) }
  return new SaTable({ ...definition, ...(schema !== undefined && { schema }) }, undefined, { columns })
}

export function extractCall(call: Call): Value {
  const given = new Arguments(call, 'field', 'expr')
  const of = expressionOf(call.vm, given.value('expr') ?? null)
  return new SaExpression({ kind: 'extract', field: given.text('field'), of }, { kind: 'Integer' })
}

export function tupleCall({ vm, args }: Call): Value {
  return new SaExpression({ kind: 'list', of: args.map((value) => expressionOf(vm, value)) })
}

export function arrayCall({ vm, args, kwargs }: Call): Value {
  const items = itemsOf(vm, args).map((value) => operandFrom(vm, value))
  const given = kwargs.get('type_')
  const item = given === undefined ? items[0]?.type : typeFrom(vm, given)
  return new SaExpression(
    { kind: 'array', of: items.map(({ expression }) => expression) },
    { kind: 'ARRAY', ...(item && { args: { item } }), origin: 'postgres' },
  )
}

export function quantifiedCall(name: 'ANY' | 'ALL', { vm, args }: Call): Value {
  const found = known(vm, args[0] ?? null)
  if (found instanceof SaSelect)
    return new SaExpression({ kind: 'prefix', prefix: name, of: found.scalar().expression })
  const { expression, type } = operandFrom(vm, found)
  if (expression.kind === 'subquery') return new SaExpression({ kind: 'prefix', prefix: name, of: expression }, type)
  return new SaExpression({ kind: 'function', name, args: [expression] }, type?.args?.item)
}

export const constant = (value: boolean | null): SaExpression =>
  new SaExpression({ kind: 'constant', value }, value === null ? undefined : boolean)

/** `desc('x')`: a string names a column or a label. */
export function modifier(suffix: string, { vm, args }: Call): Value {
  const found = known(vm, args[0] ?? null)
  const of: Expression =
    typeof found === 'string'
      ? { kind: 'column', name: found }
      : found instanceof SaLabel
        ? { kind: 'column', name: found.name }
        : expressionOf(vm, found)
  return new SaExpression({ kind: 'suffix', of, suffix })
}

export function distinctCall({ vm, args }: Call): Value {
  const { expression, type } = operandFrom(vm, args[0] ?? null)
  return new SaExpression({ kind: 'prefix', prefix: 'DISTINCT', of: expression }, type)
}

export function collateCall({ vm, args, kwargs, at }: Call): Value {
  return vm.invoke(vm.attribute(operandFrom(vm, args[0] ?? null), 'collate', at), args.slice(1), kwargs, at)
}

export function betweenCall({ vm, args, kwargs, at }: Call): Value {
  return vm.invoke(vm.attribute(operandFrom(vm, args[0] ?? null), 'between', at), args.slice(1), kwargs, at)
}

export function compound(operator: string, { vm, args }: Call): Value {
  const selects = args.map((value) => known(vm, value))
  const parts = selects.map((part) => (part instanceof SaSelect ? part : unreadable('what is united is no SELECT')))
  const [first] = parts
  if (!first) return unreadable('a UNION of nothing')
  const of: readonly Select[] = parts.map(({ draft }) => draft)
  return new SaSelect({ compound: operator, of }, first.shown)
}

export function textCall(call: Call): Value {
  const given = new Arguments(call, 'text', 'bind')
  return new SaText(given.text('text'))
}

/** `array_agg(x ORDER BY y)` */
export function aggregateOrderBy({ vm, args }: Call): Value {
  const [of, ...order] = args.map((value) => expressionOf(vm, value))
  if (!of || order.length === 0) return unreadable('aggregate_order_by without an order')
  const [first, ...more] = order
  const right: Expression = more.length === 0 ? first! : unreadable('aggregate_order_by with several orders')
  return new SaExpression({ kind: 'binary', operator: 'ORDER BY', left: of, right, precedence: -1 })
}
