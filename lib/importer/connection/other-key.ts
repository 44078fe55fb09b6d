import { quoteString } from '../../compiler/literal.ts'
import type { DialectName } from '../../dialects/dialect-name.ts'
import { plainName, primaryKeyOf, type Table } from '../../schema/table.ts'

/** A SELECT that gives rows where the primary key of a table is not the one that is known. */
export function otherPrimaryKey(table: Table, dialect: DialectName): string {
  const key = primaryKeyOf(table)
  const text = (value: string) => quoteString(value, dialect)
  const columns = key?.columns ?? []
  if (dialect === 'sqlite') {
    const from = `FROM pragma_table_info(${text(table.name)}) WHERE pk > 0`
    return differing(
      from,
      '(name, pk)',
      columns.map((column, at) => `(${text(column)}, ${at + 1})`),
    )
  }
  const within =
    table.schema === undefined ? (dialect === 'mysql' ? 'DATABASE()' : 'current_schema()') : text(table.schema)
  const own = `table_schema = ${within} AND table_name = ${text(table.name)}`
  const keys = `SELECT constraint_name FROM information_schema.table_constraints WHERE ${own} AND constraint_type = 'PRIMARY KEY'`
  const from = `FROM information_schema.key_column_usage WHERE ${own} AND constraint_name IN (${keys})`
  const name = dialect === 'mysql' ? 'PRIMARY' : plainName(key?.name)
  const named = (rest: string) => (name === undefined ? `(${rest})` : `(${text(name)}, ${rest})`)
  const fields =
    name === undefined ? '(column_name, ordinal_position)' : '(constraint_name, column_name, ordinal_position)'
  return differing(
    from,
    fields,
    columns.map((column, at) => named(`${text(column)}, ${at + 1}`)),
  )
}

/** Rows beside the ones that are expected, or fewer than those. */
function differing(from: string, fields: string, rows: readonly string[]): string {
  if (rows.length === 0) return `SELECT 1 ${from}`
  const values = rows.map((row) => `${fields} = ${row}`).join(' OR ')
  return `SELECT 1 ${from} AND NOT (${values}) UNION ALL SELECT 1 FROM (SELECT count(*) AS n ${from}) AS k WHERE n <> ${rows.length}`
}
