import { renderType } from '../../lib/compiler/type-names.ts'
import type { Column, Constraint, ForeignKey, Index, Schema, Table } from '../../lib/schema/table.ts'
import { plainName, primaryKeyOf, tableKey } from '../../lib/schema/table.ts'
import type { Target } from '../../lib/schema/target.ts'

/** What model and server have to agree on, as lines: by table, and in it by kind. */
export interface Shape {
  readonly [table: string]: TableShape
}

export interface TableShape {
  readonly columns: readonly string[]
  readonly keys: readonly string[]
  readonly indexes: readonly string[]
}

export function modelShape(schema: Schema, target: Target): Shape {
  return Object.fromEntries(Object.values(schema.tables).map((table) => [tableKey(table), shapeOf(table, target)]))
}

function shapeOf(table: Table, target: Target): TableShape {
  if (table.unknown !== undefined) return { columns: [`unknown: ${table.unknown}`], keys: [], indexes: [] }
  const lines = { postgres: postgresLines, mysql: mysqlLines, sqlite: sqliteLines }[target.dialect]
  return lines(table, target)
}

const yes = (condition: unknown, word: string) => (condition ? [word] : [])

export function line(...parts: readonly (string | readonly string[])[]): string {
  return parts.flat().join(' ')
}

export function list(columns: readonly string[]): string {
  return `(${columns.join(', ')})`
}

const sorted = (lines: readonly string[]) => lines.toSorted()

function sqliteLines(table: Table, target: Target): TableShape {
  const key = primaryKeyOf(table)?.columns ?? []
  const columns = table.columns.map((c) =>
    line(
      c.name,
      renderType(c.type, target)
        .replace(/ COLLATE .*$/i, '')
        .toUpperCase()
        .replace(/\s/g, ''),
      yes(!c.nullable, 'not-null'),
      c.default === undefined ? [] : `default ${sqliteDefault(c)}`,
      yes(c.computed, c.computed?.persisted ? 'stored' : 'virtual'),
      yes(key.includes(c.name), `key${key.indexOf(c.name) + 1}`),
    ),
  )
  const keys = table.constraints.flatMap((c) => {
    if (c.kind === 'unique' || (c.kind === 'primaryKey' && !isRowId(table))) return [`unique ${list(c.columns)}`]
    return c.kind === 'foreignKey' ? [foreignKeyLine(c)] : []
  })
  return { columns, keys: sorted([...new Set(keys)]), indexes: sorted(table.indexes.map(sqliteIndex)) }
}

/** The key that is the row's number has no index. */
function isRowId(table: Table): boolean {
  const [first, second] = primaryKeyOf(table)?.columns ?? []
  const column = table.columns.find((c) => c.name === first)
  return second === undefined && column?.type.kind === 'INTEGER' && table.options?.sqlite_with_rowid !== false
}

/** PRAGMA tells an expression without its parentheses. */
function sqliteDefault({ default: value }: Column): string {
  const text = typeof value === 'object' && value.kind === 'sql' ? value.text : String(value)
  return text.replace(/^\(([\s\S]*)\)$/, '$1').trim()
}

function sqliteIndex(index: Index): string {
  const columns = index.columns.map((c) => {
    if (typeof c === 'string') return c
    return c.kind === 'suffix' && c.of.kind === 'column' ? c.of.name : '<expression>'
  })
  return line(
    plainName(index.name) ?? '-',
    yes(index.unique, 'unique'),
    list(columns),
    yes(index.options?.sqlite_where, 'partial'),
  )
}

function foreignKeyLine(key: ForeignKey): string {
  return line(
    `foreign ${list(key.columns)} -> ${tableKey(key.target)} ${list(key.targetColumns)}`,
    `delete ${key.onDelete ?? 'NO ACTION'} update ${key.onUpdate ?? 'NO ACTION'}`,
  )
}

function postgresLines(table: Table, target: Target): TableShape {
  const columns = table.columns.map((c) =>
    line(
      c.name,
      `<${renderType(c.type, target)}>`,
      yes(!c.nullable, 'not-null'),
      yes(c.default !== undefined || c.autoincrement, 'default'),
      yes(c.computed, 'generated'),
      yes(c.identity, `identity ${c.identity?.always ? 'a' : 'd'}`),
      c.comment === undefined ? [] : `comment ${c.comment}`,
    ),
  )
  return {
    columns,
    keys: sorted(table.constraints.map(postgresConstraint)),
    indexes: sorted(
      table.indexes.map((i) => line(plainName(i.name) ?? '-', yes(i.unique, 'unique'), elements(i.columns))),
    ),
  }
}

function elements(columns: Index['columns']): string {
  return list(
    columns.map((c) => {
      if (typeof c === 'string') return c
      return c.kind === 'suffix' && c.of.kind === 'column' ? c.of.name : '<expression>'
    }),
  )
}

function postgresConstraint(constraint: Constraint): string {
  const head = `${plainName(constraint.name) ?? '-'} ${constraint.kind}`
  const late = [...yes(constraint.deferrable, 'deferrable'), ...yes(constraint.initially === 'DEFERRED', 'deferred')]
  if (constraint.kind === 'check' || constraint.kind === 'exclude') return line(head, late)
  if (constraint.kind !== 'foreignKey') return line(head, list(constraint.columns), late)
  return line(head, foreignKeyLine(constraint), late)
}

function mysqlLines(table: Table, target: Target): TableShape {
  const columns = table.columns.map((c) =>
    line(
      c.name,
      `<${renderType(c.type, target)}>`,
      yes(!c.nullable, 'not-null'),
      yes(c.default !== undefined && !/^NULL ON UPDATE/.test((c.default as { readonly text: string }).text), 'default'),
      yes(c.computed, c.computed?.persisted ? 'stored' : 'virtual'),
      yes(c.autoincrement, 'auto'),
      c.comment === undefined ? [] : `comment ${c.comment}`,
    ),
  )
  const keys = table.constraints.flatMap((c) => {
    const name = plainName(c.name) ?? '-'
    if (c.kind === 'foreignKey') return [`${name} ${foreignKeyLine(c)}`]
    return c.kind === 'check' ? [`${name} check`] : []
  })
  const unique = table.constraints.flatMap((c) =>
    c.kind === 'unique' || c.kind === 'primaryKey' ? [line(plainName(c.name) ?? '-', 'unique', list(c.columns))] : [],
  )
  const plain = table.indexes.map((i) => line(plainName(i.name) ?? '-', yes(i.unique, 'unique'), elements(i.columns)))
  return { columns, keys: sorted(keys), indexes: sorted([...unique, ...plain]) }
}
