import type { Expression, Literal } from '../schema/expression.ts'
import type { BulkInsert } from '../schema/operation.ts'
import type { Target } from '../schema/target.ts'
import type { TypeSpec } from '../schema/type-spec.ts'
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

function renderCell(
  value: Literal | Expression | undefined,
  name: string,
  type: TypeSpec | undefined,
  target: Target,
): string {
  if (value === undefined) return unknowable(`a row has no value for the column ${name}, which the first row has`)
  if (isExpression(value)) return renderExpression(value, target)
  return renderLiteral(value, target.dialect, type)
}

const expressionKinds = [
  'sql',
  'literal',
  'constant',
  'column',
  'function',
  'binary',
  'junction',
  'not',
  'list',
  'cast',
  'case',
  'nextValue',
  'subquery',
]

function isExpression(value: Literal | Expression): value is Expression {
  return typeof value === 'object' && value !== null && 'kind' in value && expressionKinds.includes(value.kind)
}

function chunks(lines: readonly string[]): readonly (readonly string[])[] {
  return Array.from({ length: Math.ceil(lines.length / rowsAtOnce) }, (_, i) =>
    lines.slice(i * rowsAtOnce, (i + 1) * rowsAtOnce),
  )
}
