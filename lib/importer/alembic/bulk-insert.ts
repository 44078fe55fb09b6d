import type { Interpreter } from '../../python/interpreter.ts'
import type { Value } from '../../python/values.ts'
import type { BulkInsert } from '../../schema/operation.ts'
import type { Target } from '../../schema/target.ts'
import { entriesOf } from '../arguments.ts'
import type { Call } from '../host-function.ts'
import type { Recorder } from '../recorder.ts'
import { cellFrom, defaultFor, storedType } from '../sqlalchemy/dml-values.ts'
import { tableValue } from '../sqlalchemy/read-schema.ts'
import type { SaColumn, SaTable } from '../sqlalchemy/sa-table.ts'
import { Unreadable, unreadable } from '../unreadable.ts'
import { readArguments } from './signature.ts'

type Entries = readonly (readonly [key: string, value: Value])[]
type Row = BulkInsert['rows'][number]

/** `op.bulk_insert(table, rows)`; no rows are no effect. */
export function bulkInsert(recorder: Recorder, call: Call): Value {
  const { vm, at } = call
  try {
    const operation = readBulkInsert(call, recorder.target)
    if (operation.rows.length > 0) recorder.perform(vm, operation, at)
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    recorder.todo(vm, `op.bulk_insert: ${error.message}`, at, [])
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
  const columns = table.columns.map((column) => ({ name: column.definition.name, ...storedType(column) }))
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
    return [column.definition.name, cellFrom(vm, value, column)] as const
  })
  return Object.fromEntries(entries)
}

/** What SQLAlchemy fills in by itself: `default=` of the columns that a row leaves out. */
function defaults(vm: Interpreter, row: Entries, table: SaTable, { dialect }: Target): Row {
  const left = table.columns.filter((column) => !row.some(([given]) => given === column.key))
  const filled = left.flatMap((column) => {
    const value = column.definition.clientDefault && defaultFor(vm, column, dialect)
    return value === undefined ? [] : [[column.definition.name, value] as const]
  })
  return Object.fromEntries(filled)
}
