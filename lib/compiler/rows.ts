import type { Expression, FromName, Literal, Select, SelectColumn } from '../schema/expression.ts'
import type { BulkInsert, Delete, InsertSelect, Update } from '../schema/operation.ts'
import type { Target } from '../schema/target.ts'
import { type TypeSpec, typeOn } from '../schema/type-spec.ts'
import { unknowable } from '../schema/unknowable.ts'
import { renderExpression } from './expression.ts'
import { renderLiteral } from './literal.ts'
import { quoteName, quoteTable } from './quote.ts'

/** How many rows go into one INSERT: enough to be quick, few enough to be read, and within every server's packet. */
const rowsAtOnce = 500

/** The rows of `op.bulk_insert`. As with executemany, the first row says which columns there are. */
export function renderInsert({ table, columns, rows }: BulkInsert, target: Target): readonly string[] {
  const [first] = rows
  if (!first) return []
  const used = columns.filter(({ name }) => Object.hasOwn(first, name))
  const head = `INSERT INTO ${quoteTable(table, target.dialect)} (${used.map((c) => quoteName(c.name, target.dialect)).join(', ')}) VALUES`
  const lines = rows.map(
    (row) => `  (${used.map(({ name, type }) => renderCell(row[name], name, type, target)).join(', ')})`,
  )
  return chunks(lines).map((some) => `${head}\n${some.join(',\n')}`)
}

export function renderUpdate({ table, set, where }: Update, target: Target): string {
  const values = set.map(
    ({ column, value, type }) => `${quoteName(column, target.dialect)} = ${renderValue(value, type, target)}`,
  )
  return [`UPDATE ${quoteTable(table, target.dialect)}`, `SET ${values.join(', ')}`, ...whereLine(where, target)].join(
    '\n',
  )
}

export function renderDelete({ table, where }: Delete, target: Target): string {
  return [`DELETE FROM ${quoteTable(table, target.dialect)}`, ...whereLine(where, target)].join('\n')
}

export function renderInsertSelect({ table, columns, select }: InsertSelect, target: Target): string {
  const names = columns.map((c) => quoteName(c, target.dialect)).join(', ')
  return `INSERT INTO ${quoteTable(table, target.dialect)} (${names})\n${renderSelect(select, target)}`
}

export function renderSelect(select: Select, target: Target): string {
  if ('text' in select) return select.text
  const { columns, from, distinct, where, groupBy, orderBy, limit } = select
  const list = (of: readonly Expression[]) => of.map((e) => renderExpression(e, target)).join(', ')
  return [
    `SELECT ${distinct ? 'DISTINCT ' : ''}${columns.length === 0 ? '*' : columns.map((c) => selected(c, target)).join(', ')}`,
    ...(from.length > 0 ? [`FROM ${from.map((name) => fromName(name, target)).join(', ')}`] : []),
    ...whereLine(where, target),
    ...(groupBy ? [`GROUP BY ${list(groupBy)}`] : []),
    ...(orderBy ? [`ORDER BY ${list(orderBy)}`] : []),
    ...(limit === undefined ? [] : [`LIMIT ${limit}`]),
  ].join('\n')
}

function whereLine(where: Expression | undefined, target: Target): readonly string[] {
  return where ? [`WHERE ${renderExpression(where, target)}`] : []
}

function selected({ expression, label }: SelectColumn, target: Target): string {
  const text = renderExpression(expression, target)
  return label === undefined ? text : `${text} AS ${quoteName(label, target.dialect)}`
}

function fromName({ alias, ...table }: FromName, target: Target): string {
  const name = quoteTable(table, target.dialect)
  return alias === undefined ? name : `${name} AS ${quoteName(alias, target.dialect)}`
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

function renderValue(value: Literal | Expression, type: TypeSpec | undefined, target: Target): string {
  if (isExpression(value)) return renderExpression(value, target)
  if (value !== null && type) assertStored(typeOn(type, target.dialect))
  return renderLiteral(value, target.dialect, type)
}

/** Only the application knows what a value becomes in a type of its own. */
function assertStored({ kind, args, converts }: TypeSpec): void {
  if (converts !== undefined) unknowable(`what the type ${converts} makes of a value is not known`)
  if (kind === 'Unknown') unknowable(args?.text ?? 'a value of a type that is not known')
}

/** Both are data with a kind; those of a literal are these. */
const literalKinds = ['decimal', 'date', 'datetime', 'time', 'interval', 'bytes', 'uuid', 'json']

function isExpression(value: Literal | Expression): value is Expression {
  return typeof value === 'object' && value !== null && 'kind' in value && !literalKinds.includes(value.kind)
}

function chunks(lines: readonly string[]): readonly (readonly string[])[] {
  return Array.from({ length: Math.ceil(lines.length / rowsAtOnce) }, (_, i) =>
    lines.slice(i * rowsAtOnce, (i + 1) * rowsAtOnce),
  )
}
