import { quoteString } from '../../compiler/literal.ts'
import type { Span } from '../../python/ast.ts'
import type { Interpreter } from '../../python/interpreter.ts'
import type { Value } from '../../python/values.ts'
import { type Column, primaryKeyOf, type Schema, type Table } from '../../schema/table.ts'
import type { Recorder } from '../recorder.ts'
import { catalogueType } from './catalogue-type.ts'
import { type CatalogueRow, holdsAll } from './row-conditions.ts'
import type { SelectShape } from './select-shape.ts'
import { isSign, isWord, lineOf, splitAt, type Token } from './sql-tokens.ts'
import { whereCondition } from './where-conditions.ts'

/** Rows that a script goes through; undefined where they are not known. */
export type Elements = (vm: Interpreter, at: Span) => readonly (readonly Value[])[] | undefined

/**
 * The rows of information_schema.columns or .tables over all tables that the chain knows: `SELECT table_name,
 * column_name … WHERE data_type = 'datetime'`. That the database has these rows and no others is expected of it.
 */
export function schemaRows(shape: SelectShape, recorder: Recorder): Elements | undefined {
  const { schema } = recorder
  const source = sourceOf(shape)
  if (!source || !isWhole(shape)) return undefined
  const tables = tablesIn(schema, recorder)
  const found = tables && matching(shape, source, tables, recorder)
  if (!found) return undefined
  return (vm, at) => {
    if (recorder.schema !== schema) return undefined
    const select = differing(shape, source, found, recorder)
    const isExpected = select !== undefined && recorder.refuse?.(vm, { kind: 'rows', select }, at)
    if (!isExpected) return undefined
    return found.map((row) => shape.items.map(({ tokens }) => cellOf(tokens, row, vm, at)))
  }
}

type Source = 'columns' | 'tables'

function sourceOf({ tables, from }: SelectShape): Source | undefined {
  const [table, ...more] = tables
  const name = table?.name.toLowerCase()
  if (!table || more.length > 0 || table.args || table.schema?.toLowerCase() !== 'information_schema') return undefined
  if (from.some((token) => isWord(token, 'join'))) return undefined
  return name === 'columns' || name === 'tables' ? name : undefined
}

/** All rows in an order that makes no difference, of more than one table. */
function isWhole({ plain, where, order, items }: SelectShape): boolean {
  const conditions = where.map(whereCondition)
  const one = conditions.some((condition) => condition?.column === 'table_name' && condition.values.length === 1)
  const within = conditions.some((condition) => condition?.column === 'table_schema')
  return plain && within && !one && isUsualOrder(order) && !items.some(({ tokens }) => isSign(tokens.at(-1), '*'))
}

function isUsualOrder(order: readonly Token[]): boolean {
  if (order.length === 0) return true
  const names = splitAt(order, (token) => isSign(token, ',')).map((part) => lineOf(part)?.toLowerCase() ?? '')
  return /^(table_schema,)?table_name(,ordinal_position)?$/.test(names.map((name) => name.replace(/ asc$/, '')).join())
}

/** undefined where of one of them not all is known. */
function tablesIn(schema: Schema, { target }: Recorder): readonly Table[] | undefined {
  const tables = Object.values(schema.tables)
  if (tables.some(({ unknown }) => unknown !== undefined)) return undefined
  // a table that is named with its database may be in this one
  if (target.dialect === 'mysql' && tables.some((table) => table.schema !== undefined)) return undefined
  return [...tables].sort((a, b) => (a.name < b.name ? -1 : 1))
}

interface Row extends CatalogueRow {
  readonly table: string
  readonly column: string | undefined
}

/** The rows for which the WHERE holds; undefined where that is not certain of one. */
function matching(
  { where }: SelectShape,
  source: Source,
  tables: readonly Table[],
  recorder: Recorder,
): readonly Row[] | undefined {
  const blind = recorder.target.dialect === 'mysql'
  const rows = tables.flatMap((table) =>
    source === 'tables' ? [tableRow(table)] : table.columns.map((column) => columnRow(table, column, recorder)),
  )
  const found = rows.map((row) => ({ row, is: holdsAll(where, row, blind) }))
  return found.some(({ is }) => is === undefined) ? undefined : found.filter(({ is }) => is).map(({ row }) => row)
}

function tableRow({ name, schema }: Table): Row {
  const isCurrent = schema === undefined || schema === 'public'
  const texts = { table_name: { exact: name }, table_type: { exact: 'BASE TABLE' } }
  return { isCurrent, texts, table: name, column: undefined }
}

function columnRow(table: Table, column: Column, { target }: Recorder): Row {
  const { isCurrent, texts } = tableRow(table)
  const required = !column.nullable || primaryKeyOf(table)?.columns.includes(column.name)
  return {
    isCurrent,
    table: table.name,
    column: column.name,
    texts: {
      table_name: texts.table_name,
      column_name: { exact: column.name },
      is_nullable: { exact: required ? 'NO' : 'YES' },
      data_type: catalogueType(column, target, 'dataType'),
      column_type: catalogueType(column, target, 'columnType'),
    },
  }
}

function cellOf(tokens: readonly Token[], { texts }: Row, vm: Interpreter, at: Span): Value {
  const plain = tokens.length === 1 || (tokens.length === 3 && isSign(tokens[1], '.'))
  const value = plain ? texts[tokens.at(-1)!.value.toLowerCase()] : undefined
  return value && 'exact' in value ? value.exact : vm.unknown(`${lineOf(tokens) ?? 'a value'} of the catalogue`, at)
}

/** Where the tables are listed in which migrations are recorded: no script means them. */
const ledgers = "('alembic_version', 'sqlmig_history')"

/** A SELECT that gives rows where the database has others than these. */
function differing(
  { from, where }: SelectShape,
  source: Source,
  rows: readonly Row[],
  { target }: Recorder,
): string | undefined {
  const lines = [from, ...where].map(lineOf)
  if (lines.includes(undefined)) return undefined
  const [table, ...conditions] = lines as string[]
  const text = (value: string) => quoteString(value, target.dialect)
  const own = `FROM ${table} WHERE ${conditions.map((one) => `(${one})`).join(' AND ')} AND table_name NOT IN ${ledgers}`
  if (rows.length === 0) return `SELECT 1 ${own}`
  const names = rows.map((row) =>
    row.column === undefined ? text(row.table) : `(${text(row.table)}, ${text(row.column)})`,
  )
  const key = source === 'tables' ? 'table_name' : '(table_name, column_name)'
  const others = `SELECT 1 ${own} AND ${key} NOT IN (${names.join(', ')})`
  return `${others} UNION ALL SELECT 1 FROM (SELECT count(*) AS n ${own}) AS k WHERE n <> ${rows.length}`
}
