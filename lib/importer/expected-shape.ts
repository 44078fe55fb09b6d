import { quoteString } from '../compiler/literal.ts'
import { renderType } from '../compiler/type-names.ts'
import { type Column, type Constraint, plainName, primaryKeyOf, type Table } from '../schema/table.ts'
import type { Target } from '../schema/target.ts'
import { typeOn } from '../schema/type-spec.ts'
import type { GuardFact } from './guards.ts'
import { rendering } from './rendering.ts'
import { unreadable } from './unreadable.ts'

/**
 * What SQLite's catalogue has to say where a table is made anew from a shape that is only assumed: whatever else the table
 * had would be lost without a word. Nothing for a shape that is certain.
 */
export function expectedShape(table: Table, target: Target): readonly GuardFact[] {
  if (table.assumed === undefined) return []
  if (table.schema !== undefined) unreadable(`${table.name} may have been there before, in another shape`)
  const name = text(table.name)
  const parts = [...columns(table, name, target), ...indexes(table, name), ...keys(table, name), ...checks(table, name)]
  const fact = { kind: 'rows', select: parts.join(' UNION ALL ') } as const
  return [{ key: `shape of ${table.name}`, fact, exists: false }]
}

function columns(table: Table, name: string, target: Target): readonly string[] {
  // generated columns are not in table_info
  const listed = table.columns.filter((column) => !column.computed)
  const key = primaryKeyOf(table)?.columns ?? []
  const rows = listed.map((column) => columnRow(column, key.indexOf(column.name) + 1, target))
  const from = `FROM pragma_table_info(${name})`
  const fields = `(name, upper(replace(type, ' ', '')), "notnull", dflt_value IS NOT NULL, pk)`
  return [`SELECT 1 ${from} WHERE ${fields} NOT IN (VALUES ${rows.join(', ')})`, notAsMany(from, rows.length)]
}

function columnRow(column: Column, place: number, target: Target): string {
  const type = rendering(() => renderType(typeOn(column.type, target.dialect), target))
  const values = [text(column.name), text(type.replaceAll(' ', '').toUpperCase())]
  const hasDefault = column.default !== undefined
  return `(${[...values, column.nullable ? 0 : 1, hasDefault ? 1 : 0, place].join(', ')})`
}

function indexes(table: Table, name: string): readonly string[] {
  const rows = table.indexes.map((index) => {
    const own = plainName(index.name) ?? unreadable(`an index of ${table.name} has no name`)
    return `(${text(own)}, ${index.unique ? 1 : 0})`
  })
  const from = `FROM pragma_index_list(${name})`
  const created = `${from} WHERE origin = 'c'`
  const unique = table.constraints.filter(({ kind }) => kind === 'unique').length
  return [
    ...(rows.length > 0
      ? [`SELECT 1 ${created} AND (name, "unique") NOT IN (VALUES ${rows.join(', ')})`, notAsMany(created, rows.length)]
      : [`SELECT 1 ${created}`]),
    `SELECT 1 WHERE (SELECT count(*) ${from} WHERE origin = 'u') > ${unique}`,
  ]
}

function keys(table: Table, name: string): readonly string[] {
  const rows = table.constraints
    .filter((constraint: Constraint) => constraint.kind === 'foreignKey')
    .flatMap(({ columns: own, target }) => own.map((column) => `(${text(column)}, ${text(target.name.toLowerCase())})`))
  const from = `FROM pragma_foreign_key_list(${name})`
  if (rows.length === 0) return [`SELECT 1 ${from}`]
  return [`SELECT 1 ${from} WHERE ("from", lower("table")) NOT IN (VALUES ${rows.join(', ')})`]
}

/** The catalogue has the checks of a table only in its text. */
function checks(table: Table, name: string): readonly string[] {
  if (table.constraints.some(({ kind }) => kind === 'check')) return []
  return [`SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ${name} AND sql LIKE '% CHECK (%'`]
}

function notAsMany(from: string, count: number): string {
  return `SELECT 1 WHERE (SELECT count(*) ${from}) <> ${count}`
}

function text(value: string): string {
  return quoteString(value, 'sqlite')
}
