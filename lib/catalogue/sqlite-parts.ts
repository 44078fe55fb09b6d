import type { Part, Properties } from './model.ts'
import { type ConstraintText, foreignKeyDefinition, indexed } from './sqlite-constraints.ts'
import { atCommas, NotUnderstood, TokenReader } from './sqlite-reader.ts'
import type { TableText } from './sqlite-table.ts'
import { canonical, type Declared, declared, nameOf, tokensOf } from './sqlite-tokens.ts'

/** Tables whose text is understood, by their names in lower case. */
export type KnownTables = ReadonlyMap<string, { readonly name: string; readonly text: TableText }>

/**
 * Columns in their order, then keys, checks and foreign keys by name. One without a name is called by what it is about;
 * `constraint` is the name of one that has one.
 */
export function tableParts(text: TableText, tables: KnownTables): readonly Part[] {
  const order = ['primary key', 'unique', 'check', 'foreign key']
  const parts = text.constraints
    .map((constraint) => constraintPart(constraint, tables))
    .toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || (a.name < b.name ? -1 : 1))
  return [...text.columns, ...numbered(parts)]
}

/** Two constraints may be about the same columns. */
function numbered(parts: readonly Part[]): readonly Part[] {
  const seen = new Map<string, number>()
  return parts.map((part) => {
    const key = `${part.kind} ${part.name}`
    const count = (seen.get(key) ?? 0) + 1
    seen.set(key, count)
    return count === 1 ? part : { ...part, name: `${part.name} #${count}` }
  })
}

function constraintPart(text: ConstraintText, tables: KnownTables): Part {
  const named: Properties = text.constraint === undefined ? {} : { constraint: text.constraint }
  switch (text.kind) {
    case 'primary key':
    case 'unique': {
      const { kind, columns, conflict, autoincrement, descending } = text
      const definition = `${kind.toUpperCase()} ${columns}${conflict ? ` ON CONFLICT ${conflict}` : ''}`
      const special = {
        ...(autoincrement ? { autoincrement: 'yes' } : {}),
        ...(descending ? { 'rowid alias': 'no' } : {}),
      }
      return { kind, name: text.constraint ?? columns, properties: { definition, ...special, ...named } }
    }
    case 'check': {
      const { kind, expression } = text
      return { kind, name: text.constraint ?? expression, properties: { definition: `CHECK ${expression}`, ...named } }
    }
    case 'foreign key': {
      const definition = foreignKeyDefinition(resolved(text, tables))
      return { kind: text.kind, name: text.constraint ?? text.columns, properties: { definition, ...named } }
    }
  }
}

type ForeignKeyText = Extract<ConstraintText, { readonly kind: 'foreign key' }>

/** The parent and its columns as they were declared; the columns of its primary key where none are named. */
function resolved(key: ForeignKeyText, tables: KnownTables): ForeignKeyText {
  const parent = tables.get(key.parent.toLowerCase())
  if (!parent) return key
  const names = declared(parent.text.columns.map(({ name }) => name))
  const parentColumns = key.parentColumns?.map((name) => names.get(name.toLowerCase()) ?? name)
  const implied = primaryKeyOf(parent.text)
  // with another number of columns it is no foreign key that SQLite could use; it stays as it is written
  const usable = implied?.length === atCommas(tokensOf(key.columns.slice(1, -1)) ?? []).length
  return { ...key, parent: parent.name, parentColumns: parentColumns ?? (usable ? implied : undefined) }
}

function primaryKeyOf({ columns, constraints }: TableText): readonly string[] | undefined {
  const key = constraints.find(({ kind }) => kind === 'primary key')
  if (key?.kind !== 'primary key') return undefined
  const names = declared(columns.map(({ name }) => name))
  const written = atCommas(tokensOf(key.columns.slice(1, -1)) ?? []).map(([column]) => column && nameOf(column))
  return written.map((name) => names.get((name ?? '').toLowerCase()) ?? name ?? '')
}

/** The tables that foreign keys lead to, as they are written. */
export function parentsOf({ constraints }: TableText): readonly string[] {
  return constraints.flatMap((constraint) => (constraint.kind === 'foreign key' ? [constraint.parent] : []))
}

/** An index, from its CREATE INDEX; its whole text where that is not understood. */
export function indexPart({ name, sql }: { readonly name: string; readonly sql: string }, columns: Declared): Part {
  return { kind: 'index', name, properties: { definition: indexDefinition(sql, columns) ?? sql } }
}

function indexDefinition(sql: string, columns: Declared): string | undefined {
  const reader = new TokenReader(tokensOf(sql) ?? [])
  try {
    reader.expect('create')
    const unique = reader.take('unique')
    reader.expect('index')
    reader.name()
    reader.expect('on')
    reader.name()
    const what = `${unique ? 'UNIQUE ' : ''}${indexed(reader.parenthesis(), columns)}`
    if (reader.ended) return what
    reader.expect('where')
    return `${what} WHERE ${canonical(reader.rest(), columns)}`
  } catch (error) {
    if (error instanceof NotUnderstood) return undefined
    throw error
  }
}
