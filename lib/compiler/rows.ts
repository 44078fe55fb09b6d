import type { Expression, Literal } from '../schema/expression.ts'
import type {
  Assignment,
  BulkInsert,
  ConflictTarget,
  Delete,
  InsertSelect,
  OnConflict,
  Update,
} from '../schema/operation.ts'
import type { Target } from '../schema/target.ts'
import type { TypeSpec } from '../schema/type-spec.ts'
import { unknowable } from '../schema/unknowable.ts'
import { renderExpression, renderValue } from './expression.ts'
import { quoteName, quoteTable } from './quote.ts'
import { renderFroms, renderSelect, whereLine, withLines } from './select.ts'

/** How many rows go into one INSERT: enough to be quick, few enough to be read, and within every server's packet. */
const rowsAtOnce = 500

/** The rows of `op.bulk_insert`. As with executemany, the first row says which columns there are. */
export function renderInsert(operation: BulkInsert, target: Target): readonly string[] {
  const { columns, rows } = operation
  const [first] = rows
  if (!first) return []
  const used = columns.filter(({ name }) => Object.hasOwn(first, name))
  const into = insertInto(operation, target)
  if (used.length === 0) return rows.map(() => into + emptyRow(target) + conflictText(operation, target))
  const head = `${into} (${used.map((c) => quoteName(c.name, target.dialect)).join(', ')}) VALUES`
  const lines = rows.map(
    (row) => `  (${used.map(({ name, type }) => renderCell(row[name], name, type, target)).join(', ')})`,
  )
  return chunks(lines).map((some) => `${head}\n${some.join(',\n')}${conflictText(operation, target)}`)
}

function emptyRow({ dialect }: Target): string {
  return dialect === 'mysql' ? ' () VALUES ()' : ' DEFAULT VALUES'
}

function insertInto({ table, prefixes = [] }: Pick<BulkInsert, 'table' | 'prefixes'>, { dialect }: Target): string {
  return ['INSERT', ...prefixes, 'INTO', quoteTable(table, dialect)].join(' ')
}

export function renderInsertSelect(operation: InsertSelect, target: Target): string {
  const names = operation.columns.map((c) => quoteName(c, target.dialect)).join(', ')
  const text = `${insertInto(operation, target)} (${names})\n${renderSelect(operation.select, target)}`
  return text + conflictText(operation, target)
}

export function renderUpdate(update: Update, target: Target): string {
  const { set, from = [], where } = update
  const several = from.length > 0
  const isMysql = target.dialect === 'mysql'
  const named = several && isMysql
  const values = set.map((assignment) => {
    const table = named ? `${quoteName(update.alias ?? update.table.name, target.dialect)}.` : ''
    return table + assigned(assignment, target)
  })
  const tables = [aliased(update, target), ...(named ? [renderFroms(from, target)] : [])]
  return [
    ...withLines(update.with, target),
    ['UPDATE', ...(update.prefixes ?? []), tables.join(', ')].join(' '),
    `SET ${values.join(', ')}`,
    ...(several && !isMysql ? [`FROM ${renderFroms(from, target)}`] : []),
    ...whereLine(where, target),
  ].join('\n')
}

export function renderDelete(operation: Delete, target: Target): string {
  const { from = [], where } = operation
  if (from.length > 0 && target.dialect === 'sqlite') return unknowable('SQLite deletes from one table only')
  const using = target.dialect === 'mysql' ? [aliased(operation, target)] : []
  return [
    ...withLines(operation.with, target),
    ['DELETE', ...(operation.prefixes ?? []), 'FROM', aliased(operation, target)].join(' '),
    ...(from.length > 0 ? [`USING ${[...using, renderFroms(from, target)].join(', ')}`] : []),
    ...whereLine(where, target),
  ].join('\n')
}

function aliased({ table, alias }: Pick<Update, 'table' | 'alias'>, { dialect }: Target): string {
  const name = quoteTable(table, dialect)
  return alias === undefined ? name : `${name} AS ${quoteName(alias, dialect)}`
}

function assigned({ column, value, type }: Assignment, target: Target): string {
  return `${quoteName(column, target.dialect)} = ${renderValue(value, type, target)}`
}

/** ON CONFLICT and ON DUPLICATE KEY. */
function conflictText({ conflict }: Pick<BulkInsert, 'conflict'>, target: Target): string {
  if (!conflict) return ''
  const isMysql = target.dialect === 'mysql'
  if ((conflict.kind === 'duplicate') !== isMysql)
    return unknowable(`${target.dialect} has no ${conflict.kind === 'duplicate' ? 'ON DUPLICATE KEY' : 'ON CONFLICT'}`)
  if (conflict.kind === 'duplicate') return `\nON DUPLICATE KEY UPDATE ${assignments(conflict, target)}`
  const head = ['ON CONFLICT', ...conflictTarget(conflict.target, target)].join(' ')
  if (conflict.kind === 'nothing') return `\n${head} DO NOTHING`
  return [`\n${head} DO UPDATE SET ${assignments(conflict, target)}`, ...whereLine(conflict.where, target)].join(' ')
}

function assignments({ set }: Extract<OnConflict, { readonly set: unknown }>, target: Target): string {
  return set.map((assignment) => assigned(assignment, target)).join(', ')
}

function conflictTarget(of: ConflictTarget | undefined, target: Target): readonly string[] {
  if (!of) return []
  if ('constraint' in of) return [`ON CONSTRAINT ${quoteName(of.constraint, target.dialect)}`]
  const elements = of.columns.map((c) =>
    typeof c === 'string' ? quoteName(c, target.dialect) : renderExpression(c, target),
  )
  return [`(${elements.join(', ')})`, ...whereLine(of.where, target)]
}

function renderCell(
  value: Literal | Expression | undefined,
  name: string,
  type: TypeSpec | undefined,
  target: Target,
): string {
  if (value === undefined) return unknowable(`a row has no value for the column ${name}, which the first row has`)
  return renderValue(value, type, target)
}

function chunks(lines: readonly string[]): readonly (readonly string[])[] {
  return Array.from({ length: Math.ceil(lines.length / rowsAtOnce) }, (_, i) =>
    lines.slice(i * rowsAtOnce, (i + 1) * rowsAtOnce),
  )
}
