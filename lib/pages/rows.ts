import { renderExpression } from '../compiler/expression.ts'
import { renderType } from '../compiler/type-names.ts'
import type { DialectName } from '../dialects/dialect-name.ts'
import type { Expression } from '../schema/expression.ts'
import type { Column, Constraint, ForeignKey, Index, Table } from '../schema/table.ts'
import { plainName, tableKey } from '../schema/table.ts'
import { Unknowable } from '../schema/unknowable.ts'

/** A column as it is shown. */
export interface ColumnRow {
  readonly name: string
  readonly type: string
  readonly nullable: boolean
  readonly primary: boolean
  readonly unique: boolean
  /** Its default, or how it is computed. */
  readonly value: string
}

/** A foreign key, to be drawn as an arrow. */
export interface KeyLink {
  readonly columns: readonly string[]
  /** The key of the table that it refers to. */
  readonly to: string
  readonly onDelete: string | undefined
}

export function columnRows(table: Table, dialect: DialectName): readonly ColumnRow[] {
  const primary = new Set(table.constraints.flatMap((c) => (c.kind === 'primaryKey' ? c.columns : [])))
  const alone = (columns: Index['columns']) =>
    columns.length === 1 && typeof columns[0] === 'string' ? [columns[0]] : []
  const unique = new Set([
    ...table.constraints.flatMap((c) => (c.kind === 'unique' ? alone(c.columns) : [])),
    ...table.indexes.flatMap((index) => (index.unique ? alone(index.columns) : [])),
  ])
  return table.columns.map((column) => ({
    name: column.name,
    type: typeText(column, dialect),
    nullable: column.nullable && !primary.has(column.name),
    primary: primary.has(column.name),
    unique: unique.has(column.name),
    value: valueText(column, dialect),
  }))
}

export function keyLinks({ constraints }: Table): readonly KeyLink[] {
  return constraints
    .filter((c): c is ForeignKey => c.kind === 'foreignKey')
    .map(({ columns, target, onDelete }) => ({ columns, to: tableKey(target), onDelete }))
}

/** What a column is beyond its name, in words: `varchar(20), not null, default 'new'`. */
export function columnText({ type, nullable, value }: ColumnRow): string {
  return [...(type === '' ? [] : [type]), nullable ? 'null' : 'not null', ...(value === '' ? [] : [value])].join(', ')
}

function typeText({ type }: Column, dialect: DialectName): string {
  if (type.kind === 'Null') return ''
  return attempt(() => renderType(type, { dialect }).toLowerCase())
}

/** A type in as few letters as people use for it. */
export function shortType(type: string): string {
  return type
    .replace(/\b(timestamp|time)( ?\(\d+\))? without time zone/, '$1$2')
    .replace(/\b(timestamp|time)( ?\(\d+\))? with time zone/, '$1tz$2')
    .replace('character varying', 'varchar')
    .replace('double precision', 'double')
}

function valueText({ default: value, computed, identity, autoincrement }: Column, dialect: DialectName): string {
  if (computed) return `= ${expressionText(computed.expression, dialect)}`
  if (identity || autoincrement) return 'counts up'
  if (value === undefined) return ''
  return `default ${typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : expressionText(value, dialect)}`
}

export function expressionText(of: Expression, dialect: DialectName): string {
  return attempt(() => renderExpression(of, { dialect }).replace(/\s+/g, ' '))
}

function attempt(write: () => string): string {
  try {
    return write()
  } catch (error) {
    if (!(error instanceof Unknowable)) throw error
    return '?'
  }
}

/** Constraints and indexes, each as a line. */
export function otherLines(table: Table, dialect: DialectName): readonly string[] {
  const constraints = table.constraints.flatMap((one) => constraintLine(one, dialect) ?? [])
  return [...constraints, ...table.indexes.map((index) => indexLine(index, dialect))]
}

function constraintLine(constraint: Constraint, dialect: DialectName): string | undefined {
  const name = plainName(constraint.name)
  const called = name === undefined ? '' : ` ${name}`
  switch (constraint.kind) {
    case 'primaryKey':
      return `primary key (${constraint.columns.join(', ')})`
    case 'unique':
      return `unique${called} (${constraint.columns.join(', ')})`
    case 'check':
      return `check${called} (${expressionText(constraint.expression, dialect)})`
    case 'exclude':
      return `exclude${called}`
    case 'foreignKey': {
      const { columns, target, targetColumns, onDelete } = constraint
      const to = `${tableKey(target)}${targetColumns.length === 0 ? '' : ` (${targetColumns.join(', ')})`}`
      return `(${columns.join(', ')}) → ${to}${onDelete === undefined ? '' : `, on delete ${onDelete.toLowerCase()}`}`
    }
  }
}

function indexLine({ name, columns, unique }: Index, dialect: DialectName): string {
  const parts = columns.map((column) => (typeof column === 'string' ? column : expressionText(column, dialect)))
  return `${unique ? 'unique index' : 'index'} ${plainName(name) ?? ''} (${parts.join(', ')})`.replace('  ', ' ')
}
