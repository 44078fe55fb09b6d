import type { Interpreter } from '../../python/interpreter.ts'
import { type Kwargs, List, PySet, Tuple, type Value } from '../../python/values.ts'
import type { BindParameter, Expression, Literal } from '../../schema/expression.ts'
import type { TypeSpec } from '../../schema/type-spec.ts'
import { Arguments, entriesOf, known, listOf } from '../arguments.ts'
import type { Call } from '../host-function.ts'
import { recorderOf } from '../recorder-of.ts'
import { unreadable } from '../unreadable.ts'
import { operandFrom } from './coerce.ts'
import { Moment } from './moments.ts'
import { typeFrom } from './read-type.ts'
import { SaExpression } from './sa-expression.ts'

/** Values for parameters, by their names. */
export type Given = ReadonlyMap<string, Value>

/** `.params(x=1)`, `.params({'x': 1})`, and what `execute` is handed. */
export function parametersFrom(vm: Interpreter, args: readonly Value[], kwargs: Kwargs): Given {
  return new Map([...args.flatMap((dict) => entriesOf(vm, dict, 'the parameters')), ...kwargs])
}

/** A statement or an expression with the values of its parameters. */
export function bind<T>(vm: Interpreter, data: T, given: Given): T {
  return given.size === 0 ? data : (filled(vm, data, given) as T)
}

function filled(vm: Interpreter, data: unknown, given: Given): unknown {
  if (Array.isArray(data)) return data.map((each) => filled(vm, each, given))
  if (typeof data !== 'object' || data === null) return data
  if (isParameter(data)) return given.has(data.name) ? withValue(vm, data, given.get(data.name)!) : data
  const parts = Object.fromEntries(Object.entries(data).map(([key, value]) => [key, filled(vm, value, given)]))
  if (parts.kind !== 'sql' || parts.parameters === undefined) return parts
  const own = parts.parameters as Readonly<Record<string, Expression>>
  return { ...parts, parameters: { ...textParameters(vm, String(parts.text), given), ...own } }
}

function isParameter(data: object): data is BindParameter {
  return 'kind' in data && data.kind === 'parameter' && 'name' in data
}

export function withValue(vm: Interpreter, parameter: BindParameter, value: Value): Expression {
  return { ...parameter, value: parameterValue(vm, value, parameter.type, parameter.expanding) }
}

/** The parameters that a text names and that were not declared. */
export function textParameters(vm: Interpreter, sql: string, given: Given): Readonly<Record<string, Expression>> {
  const all = namesIn(sql)
  const names = [...new Set(all)].filter((name) => given.has(name))
  const isRow = insertsRow(sql)
  return Object.fromEntries(
    names.map((name) => {
      const value = vm.resolve(given.get(name)!)
      const parameter: BindParameter = { kind: 'parameter', name }
      // one row takes a new UUID
      const isOwn = isRow && all.filter((other) => other === name).length === 1
      if (value instanceof Moment && isOwn) return [name, { ...parameter, value: value.cell(undefined) }]
      return [name, withValue(vm, parameter, value)]
    }),
  )
}

/** Whether a value of the statement is one of a single row. */
export function insertsRow(sql: string): boolean {
  return /^\s*(?:insert|replace)\b/i.test(sql) && !/\bselect\b/i.test(sql)
}

/** The parameters of a text, by the pattern of sa.text. */
export function namesIn(sql: string): readonly string[] {
  return Array.from(sql.matchAll(/(?<![:\w\\]):(\w+)(?!:)/g), ([, name]) => name!)
}

/** A value as it reaches the driver: psycopg2 and the drivers of MySQL write a tuple in parentheses. */
export function parameterValue(
  vm: Interpreter,
  value: Value,
  type: TypeSpec | undefined,
  isExpanding = false,
): Literal | Expression {
  const found = known(vm, value)
  const isList = found instanceof List || found instanceof Tuple || found instanceof PySet
  if (!isList) return plainValue(vm, found, type)
  const { dialect } = recorderOf(vm).target
  const parenthesized =
    isExpanding || (!type && (found instanceof Tuple || (found instanceof List && dialect === 'mysql')))
  if (!parenthesized) return plainValue(vm, found, type)
  if (dialect === 'sqlite' && !isExpanding) return unreadable('SQLite takes no list as a parameter')
  const items = listOf(vm, found, vm.node).map((each) => operandFrom(vm, each, type).expression)
  // a NULL in its place would make NOT IN find nothing, where it finds all
  return items.length > 0 ? { kind: 'list', of: items } : unreadable('a parameter is an empty list')
}

function plainValue(vm: Interpreter, value: Value, type: TypeSpec | undefined): Literal | Expression {
  const { expression } = operandFrom(vm, value, type)
  return expression.kind === 'literal' && !expression.type ? expression.value : expression
}

/** `bindparam('x', value, type_=…, expanding=True)` */
export function bindparamCall(call: Call): SaExpression {
  const names = ['key', 'value', 'type_', 'unique', 'required', 'quote', 'callable_', 'expanding']
  const given = new Arguments(call, ...names)
  const { vm } = call
  const typeValue = given.given('type_')
  const value = given.value('value')
  const type = typeValue === undefined ? undefined : typeFrom(vm, typeValue)
  const parameter: BindParameter = {
    kind: 'parameter',
    name: given.optionalText('key') ?? 'param',
    ...(type && { type }),
    ...(given.bool('expanding') && { expanding: true }),
  }
  return new SaExpression(value === undefined ? parameter : withValue(vm, parameter, value), type)
}

/** In `IN` a parameter is a list, and its elements are like what they are looked for. */
export function expandingParameter(parameter: BindParameter, type: TypeSpec | undefined): Expression {
  if (parameter.value !== undefined) return parameter
  return { ...parameter, expanding: true, ...(type && !parameter.type && { type }) }
}
