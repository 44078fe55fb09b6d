import { HostObject } from '../../python/host.ts'
import { Tuple, type Value } from '../../python/values.ts'
import { findTable } from '../../schema/table.ts'
import { Arguments, known, listOf, textOf } from '../arguments.ts'
import { type Call, hostFunction } from '../host-function.ts'
import type { ModuleParts } from '../modules.ts'
import type { Recorder } from '../recorder.ts'
import { Unreadable, unreadable } from '../unreadable.ts'

/** A column that has the enum, of the package alembic_postgresql_enum. */
class TableReference extends HostObject {
  readonly table: string
  readonly column: string
  /** undefined: that of the enum; an empty text: none. */
  readonly schema: string | undefined
  readonly isArray: boolean
  readonly default: string | undefined

  constructor(call: Call) {
    super('a TableReference')
    const names = ['table_name', 'column_name', 'table_schema', 'column_type', 'existing_server_default']
    const args = new Arguments(call, ...names)
    this.table = args.text('table_name')
    this.column = args.text('column_name')
    this.schema = args.has('table_schema') ? (args.optionalText('table_schema') ?? '') : undefined
    this.isArray = args.value('column_type') === arrayType
    this.default = args.optionalText('existing_server_default')
  }
}

const commonType = new HostObject('ColumnType.COMMON')
const arrayType = new HostObject('ColumnType.ARRAY')

class ColumnType extends HostObject {
  override get(name: string): Value | undefined {
    return name === 'ARRAY' ? arrayType : name === 'COMMON' ? commonType : undefined
  }
}

export const enumModules: ModuleParts = {
  alembic_postgresql_enum: () => ({
    TableReference: hostFunction('TableReference', (call) => new TableReference(call)),
    ColumnType: new ColumnType('ColumnType'),
  }),
}

type Renames = readonly (readonly [from: string, to: string])[]

/** `op.sync_enum_values(…)`: a new type under the old name, to which the columns are moved; PostgreSQL only. */
export function syncEnumValues(recorder: Recorder, call: Call): Value {
  if (recorder.target.dialect !== 'postgres') return null
  const { vm, at } = call
  try {
    for (const sql of statements(recorder, call)) recorder.perform(vm, { kind: 'execute', sql, raw: true }, at)
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    recorder.todo(vm, `op.sync_enum_values: ${error.message}`, at)
  }
  return null
}

function statements(recorder: Recorder, call: Call): readonly string[] {
  const added = addedValues(call)
  // it has a connection of its own for that, outside of the transaction
  if (added) recorder.leaveTransaction(call.at)
  return added ?? replacedType(recorder, call)
}

/** The directive of that name of the package alembic_autogenerate_enums: `(schema, name, old, new)`, which only adds. */
function addedValues(call: Call): readonly string[] | undefined {
  const args = new Arguments(call, 'schema', 'name', 'old_options', 'new_options')
  const options = args.list('new_options')
  if (!options || options.length === 0 || !options.every((option) => typeof option === 'string')) return undefined
  const old = args.texts('old_options') ?? []
  const type = `${quotedName(args.text('schema'))}.${quotedName(args.text('name'))}`
  const added = options.filter((option): option is string => typeof option === 'string' && !old.includes(option))
  return added.map((option) => `ALTER TYPE ${type} ADD VALUE IF NOT EXISTS ${quoted(option)}`)
}

function replacedType(recorder: Recorder, call: Call): readonly string[] {
  const names = ['enum_schema', 'enum_name', 'new_values', 'affected_columns', 'enum_values_to_rename']
  const args = new Arguments(call, ...names)
  const schema = args.text('enum_schema')
  const name = args.text('enum_name')
  const values = args.texts('new_values') ?? unreadable('new_values is missing')
  const renames = (args.list('enum_values_to_rename') ?? []).map((pair) => renameIn(call, pair))
  const type = `"${schema}"."${name}"`
  const columns = (args.list('affected_columns') ?? []).map((column) => reference(recorder, call, schema, column))
  return [
    `ALTER TYPE ${type} RENAME TO "${name}_old"`,
    `CREATE TYPE ${type} AS ENUM (${values.map(quoted).join(', ')})`,
    ...columns.flatMap((column) => moved(column, type, renames)),
    `DROP TYPE "${schema}"."${name}_old"`,
  ]
}

function renameIn({ vm, at }: Call, pair: Value): Renames[number] {
  const [from, to] = listOf(vm, pair, at).map((word) => textOf(vm, word, 'a value'))
  return from === undefined || to === undefined ? unreadable('enum_values_to_rename has no pairs') : [from, to]
}

interface Affected {
  readonly table: string
  readonly column: string
  readonly isArray: boolean
  readonly default: string | undefined
}

function reference(recorder: Recorder, call: Call, schema: string, value: Value): Affected {
  const column = known(call.vm, value)
  if (column instanceof TableReference) {
    const { isArray, default: given } = column
    const prefix = (column.schema ?? schema) === '' ? '' : `${quotedName(column.schema ?? schema)}.`
    return {
      table: prefix + quotedName(column.table),
      column: quotedName(column.column),
      isArray,
      default: given,
    }
  }
  if (!(column instanceof Tuple)) return unreadable('a column is no TableReference')
  return byTuple(recorder, call, schema, column)
}

/** The old form, which reads the default from the database. */
function byTuple(recorder: Recorder, { vm }: Call, schema: string, { items }: Tuple): Affected {
  const [table, column] = items.slice(0, 2).map((item) => textOf(vm, item, 'a name'))
  if (table === undefined || column === undefined) return unreadable('a column is no pair')
  const own = schema === 'public' ? undefined : schema
  const found = findTable(recorder.schema, { name: table, ...(own !== undefined && { schema: own }) })
  const definition = found?.unknown || found?.assumed ? undefined : found?.columns.find(({ name }) => name === column)
  if (!definition) return unreadable(`the default of ${table}.${column} is not known`)
  const { default: given } = definition
  const text = typeof given === 'object' && given.kind === 'sql' ? given.text : given
  if (typeof text === 'object') return unreadable(`the default of ${table}.${column} is no plain text`)
  const literal = typeof given === 'string' ? quoted(given) : text
  return {
    table: `${quotedName(schema)}.${quotedName(table)}`,
    column: quotedName(column),
    isArray: items[2] === arrayType,
    default: literal,
  }
}

function moved(of: Affected, type: string, renames: Renames): readonly string[] {
  const alter = `ALTER TABLE ${of.table} ALTER COLUMN ${of.column}`
  const whole = of.isArray ? `${type}[]` : type
  const statement = `${alter} TYPE ${whole} USING ${cast(of, type, renames)}`
  if (of.default === undefined) return [statement]
  return [`${alter} DROP DEFAULT`, statement, `${alter} SET DEFAULT ${renamedDefault(of.default, whole, renames)}`]
}

function cast({ column, isArray }: Affected, type: string, renames: Renames): string {
  if (isArray) {
    const text = renames.reduce(
      (of, [from, to]) => `array_replace(${of}, ${quoted(from)}, ${quoted(to)})`,
      `${column}::text[]`,
    )
    return `${text}::${type}[]`
  }
  if (renames.length === 0) return `${column}::text::${type}`
  const arms = renames.map(([from, to]) => `WHEN ${column}::text = ${quoted(from)} THEN ${quoted(to)}::${type}`)
  return `CASE ${arms.join(' ')} ELSE ${column}::text::${type} END`
}

/** The default's own cast names the old type: it is put on anew. */
function renamedDefault(given: string, type: string, renames: Renames): string {
  const renamed = renames.reduce((text, [from, to]) => text.replaceAll(quoted(from), quoted(to)), given)
  if (renamed.startsWith('ARRAY[')) return renamed.replace(/::[\w."]+/g, `::${type.replace('[]', '')}`)
  const end = renamed.indexOf('::')
  return `${end < 0 ? renamed : renamed.slice(0, end)}::${type}`
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

function quotedName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
