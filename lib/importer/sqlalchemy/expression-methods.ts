import type { Span } from '../../python/ast.ts'
import type { Interpreter } from '../../python/interpreter.ts'
import { Tuple, type Value } from '../../python/values.ts'
import type { Expression } from '../../schema/expression.ts'
import { type TypeSpec, typeFamily, type as typeSpec } from '../../schema/type-spec.ts'
import { Arguments, known, numberOf, textOf } from '../arguments.ts'
import { type Call, hostFunction } from '../host-function.ts'
import { Unreadable, unreadable } from '../unreadable.ts'
import { conditionFrom, expressionOf, itemsOf, junction, operandFrom } from './coerce.ts'
import { binaryOf, condition, constantOf, inList, unaryOf } from './expression-operators.ts'
import { typeFrom } from './read-type.ts'
import { boolean, integer, text } from './result-types.ts'
import { type ExpressionBehaviour, SaExpression, SaLabel } from './sa-expression.ts'
import { SaType } from './sa-type.ts'
import { rowsOf } from './selectables.ts'

type Method = (of: SaExpression, call: Call) => Value

const suffixed =
  (suffix: string): Method =>
  (of) =>
    new SaExpression({ kind: 'suffix', of: of.expression, suffix }, of.type)

const within =
  (isNegated: boolean): Method =>
  (of, { vm, args }) =>
    inList(vm, of, args[0] ?? null, isNegated)

const like =
  (operator: string): Method =>
  (of, call) => {
    const given = new Arguments(call, 'other', 'escape')
    const mark = given.optionalText('escape')
    const right = operandFrom(call.vm, given.value('other') ?? null, of.type)
    return condition(operator, of.expression, right.expression, mark === undefined ? {} : { escape: mark })
  }

/** `startswith` and its like: a LIKE with percent signs joined on. */
const affixed =
  (operator: string, before: boolean, after: boolean): Method =>
  (of, call) => {
    const given = new Arguments(call, 'other', 'autoescape', 'escape')
    const { vm } = call
    const auto = given.bool('autoescape') ?? false
    const mark = given.optionalText('escape') ?? (auto ? '/' : undefined)
    const other = given.value('other') ?? null
    const value = auto ? escaped(textOf(vm, other, 'a text'), mark!) : other
    const percent: Expression = { kind: 'sql', text: "'%'" }
    const right = operandFrom(vm, value, of.type ?? text).expression
    const parts = [...(before ? [percent] : []), right, ...(after ? [percent] : [])]
    const pattern = parts.reduce((left, part): Expression => ({ kind: 'binary', operator: '||', left, right: part }))
    return condition(operator, of.expression, pattern, mark === undefined ? {} : { escape: mark })
  }

function escaped(pattern: string, mark: string): string {
  return [...pattern].map((c) => (c === '%' || c === '_' || c === mark ? mark + c : c)).join('')
}

/** `x.is_(None)`, `x.is_(True)` */
const identity =
  (operator: string): Method =>
  (of, { vm, args }) => {
    const found = known(vm, args[0] ?? null)
    const constant = constantOf(found)
    const right: Expression =
      constant === undefined ? operandFrom(vm, found, of.type).expression : { kind: 'constant', value: constant }
    return condition(operator, of.expression, right)
  }

/** A comparison by an operator of PostgreSQL's: `@>`, `&&`, `?`. */
const comparing =
  (operator: string): Method =>
  (of, { vm, args }) =>
    condition(operator, of.expression, expressionOf(vm, args[0] ?? null, of.type))

function contains(of: SaExpression, call: Call): Value {
  const family = of.type && typeFamily(of.type)
  const isText =
    family !== 'json' && family !== 'array' && !of.type?.kind.endsWith('RANGE') && of.type?.kind !== 'HSTORE'
  return isText ? affixed('LIKE', true, true)(of, call) : comparing('@>')(of, call)
}

function between(of: SaExpression, call: Call): Value {
  const given = new Arguments(call, 'cleft', 'cright', 'symmetric')
  const [low, high] = ['cleft', 'cright'].map((name) => expressionOf(call.vm, given.value(name) ?? null, of.type))
  if (given.bool('symmetric')) return unreadable('BETWEEN SYMMETRIC')
  return new SaExpression({ kind: 'between', of: of.expression, low: low!, high: high! }, boolean)
}

/** `x.op('~')(y)` */
function op(of: SaExpression, call: Call): Value {
  const given = new Arguments(call, 'opstring', 'precedence', 'is_comparison', 'return_type', 'python_impl')
  const operator = given.text('opstring')
  const precedence = given.number('precedence') ?? 0
  const returned = given.given('return_type')
  const type = returned === undefined ? (given.bool('is_comparison') ? boolean : of.type) : typeFrom(call.vm, returned)
  return hostFunction(operator, ({ vm, args }) => {
    const right = operandFrom(vm, args[0] ?? null, of.type).expression
    return new SaExpression({ kind: 'binary', operator, left: of.expression, right, precedence }, type)
  })
}

function boolOp(of: SaExpression, call: Call): Value {
  return op(of, { ...call, kwargs: new Map([...call.kwargs, ['is_comparison', true]]) })
}

function concat(of: SaExpression, { vm, args }: Call): Value {
  const right = operandFrom(vm, args[0] ?? null, of.type).expression
  return new SaExpression({ kind: 'binary', operator: '||', left: of.expression, right }, of.type ?? text)
}

function cast(of: SaExpression, { vm, args, kwargs }: Call): Value {
  const type = typeFrom(vm, args[0] ?? kwargs.get('type_') ?? null)
  return new SaExpression({ kind: 'cast', of: of.expression, type }, type)
}

function label(of: SaExpression, { vm, args }: Call): Value {
  const name = args[0] ?? null
  return name === null ? of : new SaLabel(of, textOf(vm, name, 'a label'))
}

function collate(of: SaExpression, { vm, args }: Call): Value {
  const name = textOf(vm, args[0] ?? null, 'a collation')
  const right: Expression = { kind: 'column', name }
  return new SaExpression({ kind: 'binary', operator: 'COLLATE', left: of.expression, right }, of.type)
}

function matching(operator: string): Method {
  return (of, call) => {
    const given = new Arguments(call, 'pattern', 'flags')
    const flags = given.optionalText('flags')
    const right = expressionOf(call.vm, given.value('pattern') ?? null, text)
    return condition(operator, of.expression, right, flags === undefined ? {} : { flags })
  }
}

function regexpReplace(of: SaExpression, call: Call): Value {
  const given = new Arguments(call, 'pattern', 'replacement', 'flags')
  const args = ['pattern', 'replacement', 'flags'].filter((name) => given.given(name) !== undefined)
  const all = args.map((name) => expressionOf(call.vm, given.value(name)!))
  return new SaExpression({ kind: 'function', name: 'REGEXP_REPLACE', args: [of.expression, ...all] }, text)
}

function over(of: SaExpression, call: Call): Value {
  const given = new Arguments(call, '*', 'partition_by', 'order_by', 'range_', 'rows')
  if (given.given('range_') !== undefined || given.given('rows') !== undefined)
    return unreadable('the frame of a window')
  const list = (name: string) => {
    const value = given.given(name)
    return value === undefined ? [] : itemsOf(call.vm, [value]).map((each) => expressionOf(call.vm, each))
  }
  const expression: Expression = {
    kind: 'over',
    of: of.expression,
    partitionBy: list('partition_by'),
    orderBy: list('order_by'),
  }
  return new SaExpression(expression, of.type)
}

function filter(of: SaExpression, { vm, args }: Call): Value {
  const where = junction(
    'AND',
    args.map((value) => conditionFrom(vm, value)),
  )
  return where ? new SaExpression({ kind: 'filter', of: of.expression, where }, of.type) : of
}

const quantified =
  (prefix: 'ANY' | 'ALL'): Method =>
  (of) =>
    new SaExpression({ kind: 'function', name: prefix, args: [of.expression] }, of.type?.args?.item)

/** `data['a'].as_string()`, `data['a'].astext` */
function jsonAs(of: SaExpression, type: TypeSpec | undefined): SaExpression {
  const { expression } = of
  if (expression.kind !== 'jsonItem') return unreadable('only an element of a JSON value is read as a type')
  const { type: _, ...plain } = expression
  return type ? new SaExpression({ ...plain, type }, type) : new SaExpression(plain, of.type)
}

const methods: { readonly [name: string]: Method } = {
  in_: within(false),
  not_in: within(true),
  notin_: within(true),
  like: like('LIKE'),
  not_like: like('NOT LIKE'),
  notlike: like('NOT LIKE'),
  ilike: like('ILIKE'),
  not_ilike: like('NOT ILIKE'),
  notilike: like('NOT ILIKE'),
  startswith: affixed('LIKE', false, true),
  endswith: affixed('LIKE', true, false),
  contains,
  is_: identity('IS'),
  is_not: identity('IS NOT'),
  isnot: identity('IS NOT'),
  is_distinct_from: identity('IS DISTINCT FROM'),
  is_not_distinct_from: identity('IS NOT DISTINCT FROM'),
  isnot_distinct_from: identity('IS NOT DISTINCT FROM'),
  contained_by: comparing('<@'),
  overlap: comparing('&&'),
  has_key: (of, call) => comparing('?')(new SaExpression(of.expression), call),
  has_any: comparing('?|'),
  has_all: comparing('?&'),
  between,
  op,
  bool_op: boolOp,
  concat,
  cast,
  label,
  collate,
  desc: suffixed('DESC'),
  asc: suffixed('ASC'),
  nulls_first: suffixed('NULLS FIRST'),
  nullsfirst: suffixed('NULLS FIRST'),
  nulls_last: suffixed('NULLS LAST'),
  nullslast: suffixed('NULLS LAST'),
  distinct: (of) => new SaExpression({ kind: 'prefix', prefix: 'DISTINCT', of: of.expression }, of.type),
  regexp_match: matching('MATCHES'),
  regexp_replace: regexpReplace,
  over,
  filter,
  any_: quantified('ANY'),
  all_: quantified('ALL'),
  any: (of, { vm, args }) => condition('=', expressionOf(vm, args[0] ?? null), anyOf(of)),
  self_group: (of) => new SaExpression({ kind: 'group', of: of.expression }, of.type),
  as_string: (of) => jsonAs(of, text),
  as_integer: (of) => jsonAs(of, integer),
  as_float: (of) => jsonAs(of, typeSpec('Float')),
  as_boolean: (of) => jsonAs(of, boolean),
  as_json: (of) => jsonAs(of, undefined),
  alias: (of, call) => rowsOf(of, call, []),
  table_valued: (of, call) => rowsOf(of, call, call.args),
  column_valued: (of, call) => rowsOf(of, call, []).column,
  scalar_subquery: (of) => of,
  as_scalar: (of) => of,
}

function anyOf({ expression }: SaExpression): Expression {
  return { kind: 'function', name: 'ANY', args: [expression] }
}

function get(of: SaExpression, name: string): Value | undefined {
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined
  if (method) return hostFunction(name, (call) => method(of, call))
  if (name === 'astext' && of.expression.kind === 'jsonItem') return jsonAs(of, text)
  if (name === 'type') return of.type && new SaType(of.type)
  if (name === 'comparator') return of
  if ((name === 'name' || name === 'key') && of instanceof SaLabel) return of.name
  return name === 'name' && of.expression.kind === 'column' ? of.expression.name : undefined
}

/** `data['a']`, `data[('a', 'b')]`, `array[1]` */
function index(of: SaExpression, key: Value, vm: Interpreter): Value | undefined {
  const family = of.type && typeFamily(of.type)
  if (family === 'array') {
    const item: Expression = { kind: 'arrayItem', of: of.expression, key: expressionOf(vm, key) }
    return new SaExpression(item, of.type?.args?.item)
  }
  if (family !== 'json') return undefined
  const found = known(vm, key)
  const keys = found instanceof Tuple ? found.items : [found]
  const path = keys.map((each) => (typeof each === 'bigint' ? numberOf(vm, each, 'a key') : textOf(vm, each, 'a key')))
  return new SaExpression({ kind: 'jsonItem', of: of.expression, path, single: !(found instanceof Tuple) }, of.type)
}

/** What cannot be read makes the expression unknown. */
function quietly(run: () => Value | undefined, vm: Interpreter, at: Span): Value | undefined {
  try {
    return run()
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    return vm.unknown(error.message, at)
  }
}

export const expressionBehaviour: ExpressionBehaviour = {
  get,
  binary: (of, operator, other, reflected, vm, at) =>
    quietly(() => binaryOf(of, operator, other, reflected, vm), vm, at),
  unary: (of, operator) => unaryOf(of, operator),
  index: (of, key, vm, at) => quietly(() => index(of, key, vm), vm, at),
}
