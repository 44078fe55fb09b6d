import type { Renames } from '../ddl/renames.ts'
import { unmade } from '../ddl/trail.ts'
import type { DialectName } from '../dialects/dialect-name.ts'
import type { Schema, Table } from '../schema/table.ts'
import type { ColumnRow, KeyLink } from './rows.ts'
import { columnRows, columnText, keyLinks, otherLines } from './rows.ts'

export type Mark = 'same' | 'added' | 'removed' | 'changed'

/** A line of a table, and what became of it. */
export interface MarkedLine {
  readonly mark: Mark
  readonly text: string
}

export interface MarkedColumn {
  readonly mark: Mark
  readonly row: ColumnRow
  /** What it was before, where it changed. */
  readonly was: string | undefined
}

/** A table that a migration has made, changed or removed. */
export interface TableChange {
  readonly key: string
  readonly mark: Exclude<Mark, 'same'>
  readonly was: string | undefined
  readonly columns: readonly MarkedColumn[]
  readonly lines: readonly MarkedLine[]
  readonly links: readonly (KeyLink & { readonly mark: Mark })[]
  readonly unknown: string | undefined
}

/** In what a schema is other than it was. */
export function tableChanges(
  before: Schema,
  after: Schema,
  renames: Renames,
  dialect: DialectName,
): readonly TableChange[] {
  const kept = new Set<string>()
  const there = Object.keys(after.tables).flatMap((key) => {
    const table = after.tables[key]!
    const origin = originOf(key, before, renames)
    if (origin !== undefined) kept.add(origin)
    const was = origin === undefined ? foundHere(table) : before.tables[origin]
    return was === table && origin === key ? [] : [changeOf({ key, origin, was, table }, renames, dialect) ?? []].flat()
  })
  const gone = Object.keys(before.tables).filter((key) => !kept.has(key))
  return [...there, ...gone.map((key) => removedTable(key, before.tables[key]!, dialect))]
}

/** A table made anew under the old name, as SQLite wants it, is the same to a reader. */
function originOf(key: string, before: Schema, renames: Renames): string | undefined {
  const origin = renames.tableBefore(key)
  if (origin !== undefined && Object.hasOwn(before.tables, origin)) return origin
  return Object.hasOwn(before.tables, key) ? key : undefined
}

/** What a table was that no file has made: there, and nothing is known of it. */
function foundHere(table: Table): Table | undefined {
  return table.unknown === unmade ? { ...table, columns: [], constraints: [], indexes: [], unknown: '' } : undefined
}

interface Pair {
  readonly key: string
  readonly origin: string | undefined
  readonly was: Table | undefined
  readonly table: Table
}

function changeOf({ key, origin, was, table }: Pair, renames: Renames, dialect: DialectName): TableChange | undefined {
  const links = markedLinks(was ? keyLinks(was) : [], keyLinks(table))
  const columns = markedColumns(was, table, (name) => renames.columnBefore(key, name) ?? name, dialect)
  const lines = markedLines(was ? otherLines(was, dialect) : [], otherLines(table, dialect))
  const all = [...columns, ...lines, ...links]
  const renamed = origin !== undefined && origin !== key
  const isSame = was && !renamed && all.every(({ mark }) => mark === 'same') && was.unknown === table.unknown
  if (isSame) return undefined
  const mark = was ? 'changed' : 'added'
  return { key, mark, was: renamed ? origin : undefined, columns, lines, links, unknown: table.unknown }
}

function removedTable(key: string, table: Table, dialect: DialectName): TableChange {
  const columns = columnRows(table, dialect).map((row) => ({ mark: 'removed' as const, row, was: undefined }))
  return { key, mark: 'removed', was: undefined, columns, lines: [], links: [], unknown: undefined }
}

function markedColumns(
  was: Table | undefined,
  table: Table,
  nameBefore: (name: string) => string,
  dialect: DialectName,
): readonly MarkedColumn[] {
  const old = new Map((was ? columnRows(was, dialect) : []).map((row) => [row.name, row]))
  const now = columnRows(table, dialect).map((row): MarkedColumn => {
    const before = old.get(nameBefore(row.name)) ?? old.get(row.name)
    if (!before) return { mark: was ? 'added' : 'same', row, was: undefined }
    old.delete(before.name)
    const [from, to] = [columnText(before), columnText(row)]
    const text = [...(before.name === row.name ? [] : [before.name]), ...(from === to ? [] : [from])].join(': ')
    return text === '' ? { mark: 'same', row, was: undefined } : { mark: 'changed', row, was: text }
  })
  return [...now, ...Array.from(old.values(), (row): MarkedColumn => ({ mark: 'removed', row, was: undefined }))]
}

function markedLines(was: readonly string[], now: readonly string[]): readonly MarkedLine[] {
  return [
    ...now.map((text): MarkedLine => ({ mark: was.includes(text) ? 'same' : 'added', text })),
    ...was.filter((text) => !now.includes(text)).map((text): MarkedLine => ({ mark: 'removed', text })),
  ]
}

function markedLinks(was: readonly KeyLink[], now: readonly KeyLink[]): TableChange['links'] {
  const has = (links: readonly KeyLink[], link: KeyLink) => links.some((other) => linkText(other) === linkText(link))
  return [
    ...now.map((link) => ({ ...link, mark: has(was, link) ? ('same' as const) : ('added' as const) })),
    ...was.filter((link) => !has(now, link)).map((link) => ({ ...link, mark: 'removed' as const })),
  ]
}

function linkText({ columns, to, onDelete = '' }: KeyLink): string {
  return JSON.stringify([columns, to, onDelete])
}
