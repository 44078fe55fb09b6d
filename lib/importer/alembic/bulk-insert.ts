import type { Interpreter } from '../../python/interpreter.ts'
import type { Value } from '../../python/values.ts'
import type { ColumnDefinition } from '../../schema/definition.ts'
import type { Expression, Literal } from '../../schema/expression.ts'
import type { BulkInsert } from '../../schema/operation.ts'
import type { Target } from '../../schema/target.ts'
import { entriesOf, known } from '../arguments.ts'
import type { Call } from '../host-function.ts'
import type { Recorder } from '../recorder.ts'
import { expressionFrom, literalFrom } from '../sqlalchemy/read-expression.ts'
import { SaExpression } from '../sqlalchemy/sa-expression.ts'
import { SaTable } from '../sqlalchemy/sa-table.ts'
import { Unreadable, unreadable } from '../unreadable.ts'
import { present } from './directive.ts'
import { readArguments } from './signature.ts'

type Row = BulkInsert['rows'][number]

/** `op.bulk_insert(table, rows)`; no rows are no effect. */
export function bulkInsert(recorder: Recorder, call: Call): Value {
  const { vm, at } = call
  const table = vm.resolve(call.args[0] ?? call.kwargs.get('table') ?? null)
  const about = table instanceof SaTable ? [nameOf(table)] : undefined
  try {
    const operation = readBulkInsert(call, recorder.target)
    if (operation.rows.length > 0) recorder.perform(vm, operation, at)
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    recorder.todo(vm, `op.bulk_insert: ${error.message}`, at, about)
  }
  return null
}

function readBulkInsert(call: Call, target: Target): BulkInsert {
  const args = readArguments(call, ['table', 'rows', 'multiinsert'])
  const table = known(call.vm, args.value('table') ?? null)
  if (!(table instanceof SaTable)) return unreadable('the table is not known')
  const rows = (args.list('rows') ?? []).map((row) => readRow(call.vm, row, table))
  const named = new Set(rows.flatMap((row) => Object.keys(row)))
  const filled = table.definition.columns.find((column) => isFilled(column, target) && !named.has(column.name))
  if (filled && rows.length > 0)
    return unreadable(`the column ${filled.name} has a default that only the application can compute`)
  if (args.bool('multiinsert') !== false) checkKeys(rows)
  const columns = table.definition.columns.map(({ name, type }) => ({ name, ...present({ type }) }))
  return { kind: 'bulkInsert', table: nameOf(table), columns, rows }
}

/** Whether SQLAlchemy gives the column a value by itself. */
function isFilled({ clientDefault }: ColumnDefinition, { dialect }: Target): boolean {
  return clientDefault === 'value' || (clientDefault === 'sequence' && dialect === 'postgres')
}

function nameOf({ definition: { name, schema } }: SaTable): BulkInsert['table'] {
  return { name, ...(schema !== undefined && { schema }) }
}

function readRow(vm: Interpreter, row: Value, { definition }: SaTable): Row {
  const entries = entriesOf(vm, row, 'a row').map(([name, value]): readonly [string, Literal | Expression] => {
    const column = definition.columns.find((one) => one.name === name)
    if (!column) return unreadable(`the table ${definition.name} is said to have no column ${name}`)
    if (!(value instanceof SaExpression)) return [name, literalFrom(vm, value, column.type)]
    // `op.inline_literal(5)` is no more than its value here, since all values are written inline
    const { expression } = value
    return [name, expression.kind === 'literal' ? expression.value : expressionFrom(vm, value)]
  })
  return Object.fromEntries(entries)
}

/** One INSERT for all rows has the columns of the first: a row without one of them is an error of SQLAlchemy's. */
function checkKeys(rows: readonly Row[]): void {
  const [first, ...rest] = rows
  if (!first) return
  for (const row of rest) {
    const missing = Object.keys(first).find((name) => !Object.hasOwn(row, name))
    if (missing !== undefined) unreadable(`a row has no value for ${missing}, which the first one has`)
  }
}
