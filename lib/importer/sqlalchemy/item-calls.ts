import type { Interpreter } from '../../python/interpreter.ts'
import { Unknown, type Value } from '../../python/values.ts'
import { type Expression, tablesIn, withoutTables } from '../../schema/expression.ts'
import type { Constraint, ExcludeElement, Name, TableName } from '../../schema/table.ts'
import { Arguments, entriesOf, known, listOf, textOf } from '../arguments.ts'
import type { Call } from '../host-function.ts'
import { unreadable } from '../unreadable.ts'
import { modelTable } from './model-table.ts'
import { optionsEntry, sequenceOptionsFrom, sqlFrom } from './read-options.ts'
import { isTypeValue, typeFrom } from './read-type.ts'
import { SaExpression } from './sa-expression.ts'
import { SaComputed, SaConstraint, SaDefault, SaForeignKey, SaIdentity, SaIndex, SaSequence } from './sa-items.ts'
import { latestTable, SaMetaData } from './sa-metadata.ts'
import { nameFrom, plainText } from './sa-name.ts'
import { SaColumn, type SaTable } from './sa-table.ts'

/** A column by name or as an object; anything else is an expression. */
export function columnReference(vm: Interpreter, value: Value): string | Expression {
  const found = known(vm, value)
  if (found instanceof SaColumn) return found.definition.name || unreadable('a column that has no name yet')
  if (found instanceof SaExpression) return withoutTables(found.expression)
  return plainText(found) ?? textOf(vm, found, 'a column')
}

function columnName(vm: Interpreter, value: Value): string {
  const name = columnReference(vm, value)
  return typeof name === 'string' ? name : unreadable('a constraint is over an expression')
}

/** The table that all of these columns belong to. */
function tableOf(vm: Interpreter, values: readonly Value[]): SaTable | undefined {
  const tables = values.map((value) => columnsTable(vm.resolve(value)))
  const [first] = tables
  return tables.every((table) => table === first) ? first : undefined
}

function columnsTable(value: Value): SaTable | undefined {
  return value instanceof SaColumn ? value.table : undefined
}

function named(vm: Interpreter, given: Arguments): { readonly name?: Name } {
  const value = given.given('name')
  const name = value === undefined ? undefined : nameFrom(vm, value)
  return name === undefined || name === '' ? {} : { name }
}

function deferrability(given: Arguments): { readonly deferrable?: boolean; readonly initially?: string } {
  const [deferrable, initially] = [given.bool('deferrable'), given.optionalText('initially')]
  return {
    ...(deferrable !== undefined && { deferrable }),
    ...(initially !== undefined && initially !== '' && { initially }),
  }
}

function actions(given: Arguments) {
  const [onDelete, onUpdate, match] = ['ondelete', 'onupdate', 'match'].map((name) => given.optionalText(name))
  const useAlter = given.bool('use_alter')
  return {
    ...(onDelete && { onDelete }),
    ...(onUpdate && { onUpdate }),
    ...(match && { match }),
    ...(useAlter && { useAlter }),
    ...deferrability(given),
  }
}

/** `schema.table.column`; without a column the one of the same name, which is ''. */
function targetFrom(text: string): { readonly target: TableName; readonly targetColumn: string } {
  const parts = text.split('.')
  if (parts.length === 1) return { target: { name: text }, targetColumn: '' }
  const targetColumn = parts.at(-1)!
  const schema = parts.slice(0, -2).join('.')
  return { target: { name: parts.at(-2)!, ...(schema !== '' && { schema }) }, targetColumn }
}

interface Target {
  readonly target: TableName
  readonly targetColumn: string
  readonly written: boolean
}

function referred(vm: Interpreter, value: Value): Target {
  const found = known(vm, value)
  if (!(found instanceof SaColumn))
    return { ...targetFrom(textOf(vm, found, 'what a ForeignKey refers to')), written: true }
  const { table } = found
  if (!table) return unreadable(`the table of the column ${found.definition.name} that a ForeignKey refers to`)
  const { name, schema } = table.definition
  return {
    target: { name, ...(schema !== undefined && { schema }) },
    targetColumn: found.definition.name,
    written: false,
  }
}

export function foreignKeyCall(call: Call): Value {
  const given = new Arguments(
    call,
    ...['column', '_constraint', 'use_alter', 'name', 'onupdate', 'ondelete', 'deferrable', 'initially'],
    ...['link_to_name', 'match', 'info', 'comment', '_unresolvable'],
  )
  const { target, targetColumn, written } = referred(call.vm, given.value('column') ?? null)
  return new SaForeignKey({ target, targetColumn, ...named(call.vm, given), ...actions(given) }, written)
}

export function foreignKeyConstraintCall(call: Call): Value {
  const given = new Arguments(
    call,
    ...['columns', 'refcolumns', 'name', 'onupdate', 'ondelete', 'deferrable', 'initially', 'use_alter'],
    ...['link_to_name', 'match', 'table', 'info', 'comment'],
  )
  const { vm } = call
  const own = given.list('columns') ?? unreadable('the columns of a foreign key')
  const columns = own.map((value) => columnName(vm, value))
  const targets = (given.list('refcolumns') ?? []).map((value) => referred(vm, value))
  const [first] = targets
  if (!first) return unreadable('a foreign key refers to nothing')
  const constraint: Constraint = {
    kind: 'foreignKey',
    columns,
    target: first.target,
    targetColumns: targets.map(({ targetColumn }, at) => targetColumn || columns[at]!),
    ...named(vm, given),
    ...actions(given),
    ...optionsEntry(vm, given.more),
  }
  return attached(call, new SaConstraint(constraint), tableOf(vm, own))
}

/** A constraint over columns of a table is on that table from then on. */
function attached(call: Call, item: SaConstraint | SaIndex, owner: SaTable | undefined): Value {
  const told = call.kwargs.get('_table') ?? call.kwargs.get('table') ?? null
  const table = modelTable(call.vm, told) ?? owner
  if (!table) return item
  item.table = table
  table.add(call.vm, item)
  return item
}

export function keyCall(kind: 'primaryKey' | 'unique', call: Call): Value {
  const { vm } = call
  const given = new Arguments(
    call,
    '*',
    'name',
    'deferrable',
    'initially',
    'info',
    'comment',
    '_autoattach',
    '_column_flag',
  )
  const columns = given.rest.map((value) => columnName(vm, value))
  const constraint = { kind, columns, ...named(vm, given), ...deferrability(given), ...optionsEntry(vm, given.more) }
  return attached(call, new SaConstraint(constraint), tableOf(vm, given.rest))
}

export function checkCall(call: Call): Value {
  const { vm } = call
  const given = new Arguments(
    call,
    ...['sqltext', 'name', 'deferrable', 'initially', 'table', 'info', '_create_rule', '_autoattach', '_type_bound'],
  )
  const expression = sqlFrom(vm, given.value('sqltext') ?? null, 'a CHECK')
  const more = { ...named(vm, given), ...deferrability(given), ...optionsEntry(vm, given.more) }
  return attached(call, new SaConstraint({ kind: 'check', expression, ...more }), undefined)
}

export function indexCall(call: Call): Value {
  const { vm } = call
  const given = new Arguments(call, 'name', '*', 'unique', 'quote', 'info', '_table', '_column_flag')
  const unique = given.bool('unique')
  const columns = given.rest.map((value) => columnReference(vm, value))
  const index = {
    ...named(vm, given),
    columns,
    ...(unique !== undefined && { unique }),
    ...optionsEntry(vm, given.more),
  }
  return attached(call, new SaIndex(index), ownerAmong(vm, given.rest))
}

/** The one table whose columns are among the elements: `func.lower(t.c.a)`, `t.c.a.desc()`. */
function ownerAmong(vm: Interpreter, values: readonly Value[]): SaTable | undefined {
  const tables = values.flatMap((given) => {
    const value = vm.resolve(given)
    if (value instanceof SaColumn) return value.table ? [value.table] : []
    const names = value instanceof SaExpression ? tablesIn(value.expression) : []
    return names.flatMap((name) => latestTable(vm, name) ?? [])
  })
  return tables.every((table) => table === tables[0]) ? tables[0] : undefined
}

/** `postgresql.ExcludeConstraint((column, operator), …, using=…, where=…, ops=…)` */
export function excludeCall(call: Call): Value {
  const { vm, at } = call
  const given = new Arguments(call, '*', 'name', 'deferrable', 'initially', 'using', 'where', 'ops')
  const opsValue = given.given('ops')
  const ops = new Map(opsValue === undefined ? [] : entriesOf(vm, opsValue, 'ops'))
  const elements = given.rest.map((value): ExcludeElement => {
    const [of, operator] = listOf(vm, value, at)
    const expression = columnReference(vm, of ?? null)
    const opclass = typeof expression === 'string' ? ops.get(expression) : undefined
    return {
      expression: typeof expression === 'string' ? { kind: 'column', name: expression } : expression,
      operator: textOf(vm, operator ?? null, 'an operator'),
      ...(opclass !== undefined && { opclass: textOf(vm, opclass, 'ops') }),
    }
  })
  const using = given.optionalText('using')
  const where = given.given('where')
  return new SaConstraint({
    kind: 'exclude',
    elements,
    ...(using !== undefined && { using }),
    ...(where !== undefined && { where: sqlFrom(vm, where, 'where') }),
    ...named(vm, given),
    ...deferrability(given),
  })
}

export function computedCall(call: Call): Value {
  const given = new Arguments(call, 'sqltext', 'persisted')
  const persisted = given.bool('persisted')
  const expression = sqlFrom(call.vm, given.value('sqltext') ?? null, 'a computed column')
  return new SaComputed({ expression, ...(persisted !== undefined && { persisted }) })
}

const counting = ['start', 'increment', 'minvalue', 'maxvalue', 'nominvalue', 'nomaxvalue', 'cycle']

export function identityCall(call: Call): Value {
  const given = new Arguments(call, 'always', 'on_null', ...counting, 'cache', 'order')
  const always = given.bool('always')
  return new SaIdentity({ ...(always && { always }), ...sequenceOptionsFrom(call.vm, (name) => given.value(name)) })
}

export function sequenceCall(call: Call): Value {
  const given = new Arguments(
    call,
    ...['name', ...counting, 'schema', 'cache', 'order', 'data_type', 'optional', 'quote', 'metadata'],
  )
  const { vm } = call
  const metadata = given.given('metadata')
  const schema = given.optionalText('schema') ?? (metadata instanceof SaMetaData ? metadata.schema : undefined)
  const type = given.given('data_type')
  return new SaSequence(
    { name: given.text('name'), ...(schema !== undefined && { schema }) },
    sequenceOptionsFrom(vm, (name) => given.value(name)),
    given.bool('optional') ?? false,
    type === undefined ? undefined : typeFrom(vm, type),
  )
}

/** `DefaultClause('x')`, `FetchedValue()`, `ColumnDefault(f)` */
export function defaultCall(side: SaDefault['side'], call: Call): Value {
  const value = call.args[0] ?? call.kwargs.get('arg')
  if (side !== 'server' || value === undefined) return new SaDefault(side)
  return new SaDefault('server', defaultClause(call.vm, value))
}

/** What stands after DEFAULT: a string is a literal, all else SQL. */
export function defaultClause(vm: Interpreter, value: Value): string | Expression {
  const found = known(vm, value)
  const text = plainText(found)
  if (text !== undefined) return text
  if (found instanceof SaExpression) return withoutTables(found.expression)
  return unreadable('a server_default that is neither text nor SQL')
}

/** Whether an argument of Column is its type. */
export function isColumnType(value: Value): boolean {
  return value instanceof Unknown || value === null || isTypeValue(value)
}
