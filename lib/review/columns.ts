import type { AddColumn } from '../schema/operation.ts'
import type { TableName } from '../schema/table.ts'
import type { Found, Rule, Step } from './rule.ts'
import { tableSql, tableText, written } from './wording.ts'

const consequences = {
  postgres: 'fails as soon as the table has a row',
  sqlite: 'fails as soon as the table has a row',
  mysql: 'fills every row with an empty value that nobody chose, and code that still runs cannot insert without it',
} as const

const notNull: Rule = {
  name: 'not-null-without-default',
  about: 'a NOT NULL column without a default is added to a table that has rows',
  dialects: ['postgres', 'mysql', 'sqlite'],
  severity: 'error',
  find: (step) =>
    step.operations
      .filter((o): o is AddColumn => o.kind === 'addColumn')
      .filter(({ table, column }) => !step.isNew(table) && lacksValue(column) && !isEmptied(table, step))
      .map((operation) => missing(operation, step)),
}

function lacksValue(column: AddColumn['column']): boolean {
  if (column.nullable !== false || column.computed !== undefined || column.identity !== undefined) return false
  if (column.autoincrement === 'written' || column.autoincrement === true) return false
  return column.serverDefault === undefined
}

/** The file empties the table first. */
function isEmptied(table: TableName, { file, place }: Step): boolean {
  return file.steps.some(
    ({ words, place: other }) =>
      other.line < place.line &&
      (words[0] === 'truncate' || (words[0] === 'delete' && !words.includes('where'))) &&
      words.includes(table.name.toLowerCase()),
  )
}

function missing({ table, column }: AddColumn, step: Step): Found {
  const [name, col] = [tableSql(table, step), written(column.name, step)]
  return {
    why: `a new NOT NULL column ${tableText(table)}.${column.name} without a default ${consequences[step.dialect]}`,
    safe: `ALTER TABLE ${name} ADD COLUMN ${col} … NOT NULL DEFAULT …;`,
    ...(step.dialect === 'mysql' && { severity: 'warning' as const }),
    table,
  }
}

export const columns: readonly Rule[] = [notNull]
