import type { Interpreter } from '../../python/interpreter.ts'
import { Dict, List, Tuple, Unknown, type Value } from '../../python/values.ts'
import type { Expression, Literal } from '../../schema/expression.ts'
import type { TypeSpec } from '../../schema/type-spec.ts'
import { known, listOf, notKnown, textOf } from '../arguments.ts'
import { unreadable } from '../unreadable.ts'
import { operandFrom } from './coerce.ts'
import { Moment } from './moments.ts'
import { literalFrom } from './read-literal.ts'
import { SaExpression } from './sa-expression.ts'
import { SaSelect } from './sa-select.ts'
import { SaColumn, type SaTable } from './sa-table.ts'
import { boundValue } from './user-type.ts'

/** What a statement gives to columns, by their names. */
export type Cells = ReadonlyMap<string, Literal | Expression>

/** The column that a key of `values` means: its object or its key. */
export function columnNamed(vm: Interpreter, table: SaTable, key: Value): SaColumn {
  const found = known(vm, key)
  if (found instanceof SaColumn) return found
  const name = textOf(vm, found, 'a column')
  const column = table.column(name)
  if (column) return column
  if (table.reflected) return new SaColumn({ name, type: { kind: 'Null' } }, table)
  return unreadable(`the table ${table.name} is said to have no column ${name}`)
}

/** A value for a column: SQL, or what the column's type makes of it. */
export function cellFrom(vm: Interpreter, value: Value, column: SaColumn): Literal | Expression {
  const found = known(vm, value)
  if (found instanceof Moment) return found.cell(column.type)
  if (found instanceof SaExpression || found instanceof SaSelect)
    return untyped(operandFrom(vm, found, column.type).expression)
  const bound = boundValue(vm, column.typeObject, found)
  const { converts } = bound.type
  if (converts !== undefined && bound.value !== null)
    return unreadable(`what the type ${converts} makes of a value is not known`)
  return literalFrom(vm, bound.value, bound.type)
}

/** The type that the values of a column are written in, once its own type has made them. */
export function storedType({ type }: SaColumn): { readonly type?: TypeSpec } {
  if (!type) return {}
  const { converts: _, ...stored } = type
  return { type: stored }
}

/** `op.inline_literal(5)` is no more than its value, since all values are written inline. */
function untyped(of: Expression): Literal | Expression {
  return of.kind === 'literal' && !of.type ? of.value : of
}

/** A dict, or the keyword arguments: column → value. */
export function cellsFrom(vm: Interpreter, table: SaTable, entries: Iterable<readonly [Value, Value]>): Cells {
  return new Map(
    Array.from(entries, ([key, value]) => {
      const column = columnNamed(vm, table, key)
      return [column.definition.name, cellFrom(vm, value, column)] as const
    }),
  )
}

export function dictEntries(dict: Dict): readonly (readonly [Value, Value])[] {
  if (dict.taint instanceof Unknown) return unreadable(notKnown(dict.taint.reason))
  return [...dict.map.values()].map(({ key, value }) => [key, value] as const)
}

/** One row: a dict, or a tuple in the order of the columns. */
export function rowFrom(vm: Interpreter, table: SaTable, value: Value): Cells {
  const found = known(vm, value)
  if (found instanceof Dict) return cellsFrom(vm, table, dictEntries(found))
  if (!(found instanceof List || found instanceof Tuple)) return unreadable('a row is neither dict nor tuple')
  const columns = table.columns
  return cellsFrom(
    vm,
    table,
    listOf(vm, found, vm.node).map(
      (each, at) => [columns[at] ?? unreadable('a row has too many values'), each] as const,
    ),
  )
}

/** What `values(…)` is given: rows, or one; several only where it is a list of dicts or tuples. */
export function rowsFrom(vm: Interpreter, table: SaTable, value: Value): readonly Cells[] {
  const found = known(vm, value)
  if (!(found instanceof List || found instanceof Tuple)) return [rowFrom(vm, table, found)]
  const items = listOf(vm, found, vm.node).map((each) => known(vm, each))
  const several =
    items.length > 0 && items.every((each) => each instanceof Dict || each instanceof List || each instanceof Tuple)
  return several ? items.map((each) => rowFrom(vm, table, each)) : [rowFrom(vm, table, found)]
}

/** The order of the table, as SQLAlchemy has it. */
export function inTableOrder(table: SaTable, names: Iterable<string>): readonly string[] {
  const order = table.columns.map(({ definition }) => definition.name)
  const place = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length)
  return [...names].sort((a, b) => place(a) - place(b))
}

/** What SQLAlchemy itself gives to a column that nothing is said of. */
export function withDefaults(vm: Interpreter, table: SaTable, cells: Cells, dialect: string): Cells {
  const missing = table.columns.filter(({ definition }) => definition.clientDefault && !cells.has(definition.name))
  const filled = missing.flatMap((column) => {
    const value = defaultFor(vm, column, dialect)
    return value === undefined ? [] : [[column.definition.name, value] as const]
  })
  return new Map([...cells, ...filled])
}

export function defaultFor(vm: Interpreter, column: SaColumn, dialect: string): Literal | Expression | undefined {
  const { definition, more } = column
  const { clientDefault } = definition
  if (clientDefault === 'value') {
    const value = more.defaultValue === undefined ? undefined : vm.resolve(more.defaultValue)
    if (value === undefined)
      return unreadable(`the column ${definition.name} has a default that only the application can compute`)
    return cellFrom(vm, calledDefault(vm, value, definition.name), column)
  }
  // only PostgreSQL has sequences; an optional one is left to SERIAL
  return clientDefault === 'sequence' && dialect === 'postgres' ? more.sequence?.expression : undefined
}

/** What an UPDATE sets besides: the columns with `onupdate=` that it says nothing of. */
export function withUpdates(vm: Interpreter, table: SaTable, cells: Cells): Cells {
  const missing = table.columns.filter(
    ({ definition, more }) => more.onUpdate !== undefined && !cells.has(definition.name),
  )
  const filled = missing.map((column) => {
    const { name } = column.definition
    return [name, cellFrom(vm, calledDefault(vm, vm.resolve(column.more.onUpdate!), name), column)] as const
  })
  return new Map([...cells, ...filled])
}

/** `default=datetime.utcnow`, `default=dict`: a function is called for each row. */
function calledDefault(vm: Interpreter, value: Value, column: string): Value {
  const isCallable =
    typeof value === 'object' && value !== null && ['function', 'builtin', 'method', 'class'].includes(value.kind)
  if (!isCallable) return value
  const made = vm.invoke(value, [], new Map(), vm.node)
  return made instanceof Unknown ? unreadable(`the default of the column ${column}: ${made.reason}`) : made
}
