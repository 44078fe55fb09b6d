import type { Interpreter } from '../../python/interpreter.ts'
import type { Value } from '../../python/values.ts'
import type { Expression, Literal } from '../../schema/expression.ts'
import type { BulkInsert } from '../../schema/operation.ts'
import type { Target } from '../../schema/target.ts'
import type { TypeSpec } from '../../schema/type-spec.ts'
import { entriesOf } from '../arguments.ts'
import type { Call } from '../host-function.ts'
import type { Recorder } from '../recorder.ts'
import { modelTable } from '../sqlalchemy/model-table.ts'
import { expressionFrom, literalFrom } from '../sqlalchemy/read-expression.ts'
import { tableValue } from '../sqlalchemy/read-schema.ts'
import { SaExpression } from '../sqlalchemy/sa-expression.ts'
import type { SaColumn, SaTable } from '../sqlalchemy/sa-table.ts'
import { boundValue } from '../sqlalchemy/user-type.ts'
import { Unreadable, unreadable } from '../unreadable.ts'
import { readArguments } from './signature.ts'

type Entries = readonly (readonly [key: string, value: Value])[]
type Row = BulkInsert['rows'][number]

/** `op.bulk_insert(table, rows)`; no rows are no effect. */
export function bulkInsert(recorder: Recorder, call: Call): Value {
  const { vm, at } = call
  let about: BulkInsert['table'][] | undefined
  try {
    const table = modelTable(vm, vm.resolve(call.args[0] ?? call.kwargs.get('table') ?? null))
    about = table && [nameOf(table)]
    const operation = readBulkInsert(call, recorder.target)
    if (operation.rows.length > 0) recorder.perform(vm, operation, at)
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    recorder.todo(vm, `op.bulk_insert: ${error.message}`, at, about)
  }
  return null
}

function readBulkInsert(call: Call, target: Target): BulkInsert {
  const { vm } = call
  const args = readArguments(call, ['table', 'rows', 'multiinsert'])
  const table = tableValue(vm, args.value('table') ?? null)
  const rows = (args.list('rows') ?? []).map((row) => entriesOf(vm, row, 'a row'))
  const given = args.bool('multiinsert') === false ? rows : alike(rows, table)
  // What a type of the script's own makes of a value is worked out value by value.
  const columns = table.columns.map(({ definition: { name, type } }) => ({ name, type: storedType(type) }))
  return {
    kind: 'bulkInsert',
    table: nameOf(table),
    columns,
    rows: given.map((row) => ({ ...readRow(vm, row, table), ...defaults(vm, row, table, target) })),
  }
}

function nameOf({ definition: { name, schema } }: SaTable): BulkInsert['table'] {
  return { name, ...(schema !== undefined && { schema }) }
}

/** All rows go with one INSERT, which has the columns of the first: what others have more is left out, as by SQLAlchemy. */
function alike(rows: readonly Entries[], table: SaTable): readonly Entries[] {
  const keys = (rows[0] ?? []).map(([key]) => key).filter((key) => columnOf(table, key) !== undefined)
  return rows.map((row) =>
    keys.map((key) => row.find(([own]) => own === key) ?? unreadable(`a row has no ${key}, which the first one has`)),
  )
}

function columnOf(table: SaTable, key: string): SaColumn | undefined {
  const column = table.column(key)
  if (!column && table.reflected) return unreadable(`whether ${table.name} has a column ${key} is not known`)
  return column
}

function readRow(vm: Interpreter, row: Entries, table: SaTable): Row {
  const entries = row.map(([key, value]) => {
    const column = columnOf(table, key) ?? unreadable(`the table ${table.name} is said to have no column ${key}`)
    return [column.definition.name, readValue(vm, value, column)] as const
  })
  return Object.fromEntries(entries)
}

function storedType({ converts: _, ...type }: TypeSpec): TypeSpec {
  return type
}

function readValue(vm: Interpreter, value: Value, column: SaColumn): Literal | Expression {
  if (!(value instanceof SaExpression)) {
    const bound = boundValue(vm, column.typeObject, value)
    if (bound.type.converts !== undefined && bound.value !== null)
      return unreadable(`what the type ${bound.type.converts} makes of a value is not known`)
    return literalFrom(vm, bound.value, bound.type)
  }
  // `op.inline_literal(5)` is no more than its value here, since all values are written inline
  const { expression } = value
  return expression.kind === 'literal' ? expression.value : expressionFrom(vm, value)
}

/** What SQLAlchemy fills in by itself: `default=` of the columns that a row leaves out. */
function defaults(vm: Interpreter, row: Entries, table: SaTable, { dialect }: Target): Row {
  const left = table.columns.filter(({ key }) => !row.some(([given]) => given === key))
  const filled = left.filter(
    ({ definition: { clientDefault } }) =>
      clientDefault === 'value' || (clientDefault === 'sequence' && dialect === 'postgres'),
  )
  return Object.fromEntries(filled.map((column) => [column.definition.name, defaultOf(vm, column)]))
}

function defaultOf(vm: Interpreter, column: SaColumn): Literal | Expression {
  const value = vm.resolve(column.more.defaultValue ?? null)
  const isPlain = ['string', 'boolean', 'number', 'bigint'].includes(typeof value) || value instanceof SaExpression
  if (isPlain) return readValue(vm, value, column)
  return unreadable(`the column ${column.definition.name} has a default that only the application can compute`)
}
