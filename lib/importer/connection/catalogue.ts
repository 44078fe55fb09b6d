import type { Span } from '../../python/ast.ts'
import { Bytes } from '../../python/bytes.ts'
import type { Site } from '../../python/host.ts'
import type { Interpreter } from '../../python/interpreter.ts'
import { drawAll } from '../../python/iterate.ts'
import { type Condition, conditionsOf } from '../../python/symbolic.ts'
import { type Fact, List, PySet, type SymSeq, Tuple, Unknown, type Value } from '../../python/values.ts'
import type { Literal } from '../../schema/expression.ts'
import type { Recorder } from '../recorder.ts'
import { TypeClass } from '../sqlalchemy/sa-type.ts'
import { type Asked, type Comparison, type Field, Rows } from './rows.ts'

/** Answers `Host.exists` for the sequences that this room made; undefined for those of others. */
export function existsInCatalogue(
  vm: Interpreter,
  _recorder: Recorder,
  seq: SymSeq,
  site: Site,
): boolean | Fact | Unknown | undefined {
  const rows = seq.source
  if (!(rows instanceof Rows)) return undefined
  const conditions = conditionsOf(seq)
  const asked = conditions?.map((condition) => askedOf(vm, rows, condition, site.node))
  if (!asked || asked.includes(undefined)) return vm.unknown(rows.query.what, site.node)
  return rows.has(vm, asked as Asked[], site.node)
}

function askedOf(vm: Interpreter, rows: Rows, condition: Condition, at: Span): Asked | undefined {
  const field = fieldAt(rows, condition.path)
  if (!field) return undefined
  return comparisonOf(vm, field, condition.operator, condition.value, condition.holds, at)
}

/** `row[1]`, `row['name']`, `row.name`, `row._mapping['name']`, each in lower case or not. */
function fieldAt(rows: Rows, path: readonly (bigint | string)[]): Field | undefined {
  const called = path.at(-1) === '()'
  const own = called ? path.slice(0, -2) : path
  const keys = own.filter((part) => part !== '._mapping')
  if (keys.length > 1) return undefined
  const [key = ''] = keys
  const field = rows.query.fields.get(typeof key === 'bigint' ? String(key) : key.replace(/^\./, ''))
  if (!field || !called) return field
  const method = path.at(-2)
  return method === '.lower' || method === '.upper' ? folded(field, method.slice(1)) : undefined
}

/** The text of a field in lower or upper case. Names are compared as they are: a name of another case is not meant. */
export function folded(field: Field, how: string): Field {
  return { ...field, ...(field.sql !== undefined && { sql: `${how}(${field.sql})` }), type: 'text' }
}

const comparisons: Readonly<Record<string, Comparison>> = {
  '==': '=',
  '!=': '=',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
  in: '=',
  truth: 'true',
  is: 'null',
  contains: 'contains',
  isinstance: 'type',
}

/** A comparison of Python's as a question to the rows. */
export function comparisonOf(
  vm: Interpreter,
  field: Field,
  operator: string,
  given: Value,
  holds: boolean,
  at: Span,
): Asked | undefined {
  const value = vm.resolve(given)
  const comparison = value === null && ['==', '!='].includes(operator) ? 'null' : comparisons[operator]
  if (comparison === undefined) return undefined
  const positive = operator === '!=' ? !holds : holds
  if (comparison === 'type') return typed(field, value, holds)
  if (comparison === 'null') return value === null ? { field, comparison, values: [], holds: positive } : undefined
  if (comparison === 'true') return { field, comparison, values: [], holds: positive }
  const values = operator === 'in' ? valuesIn(vm, value, at) : [literalOf(value)]
  if (!values || values.includes(undefined)) return undefined
  return { field, comparison, values: values as Literal[], holds: positive }
}

function typed(field: Field, value: Value, holds: boolean): Asked | undefined {
  if (!(value instanceof TypeClass)) return undefined
  const typeClass = { kind: value.name, origin: value.origin }
  return { field, comparison: 'type', values: [], holds, typeClass }
}

function valuesIn(vm: Interpreter, value: Value, at: Span): readonly (Literal | undefined)[] | undefined {
  if (!(value instanceof List || value instanceof Tuple || value instanceof PySet)) return undefined
  const items = drawAll(vm, value, at)
  return items instanceof Unknown ? undefined : items.map((item) => literalOf(vm.resolve(item)))
}

function literalOf(value: Value): Literal | undefined {
  if (value instanceof Bytes) return value.data
  if (typeof value === 'string' || typeof value === 'bigint' || typeof value === 'boolean') return value
  return typeof value === 'number' ? value : undefined
}
