import { type CatalogueObject, keyOf, type Part } from '../catalogue/model.ts'
import { createTable } from '../catalogue/sqlite-dump.ts'
import { quoteName } from '../catalogue/sqlite-tokens.ts'
import { sqlite } from '../dialects/sqlite.ts'
import type { Change } from './changes.ts'

export interface RebuildOptions {
  /** The new table's name while the old one is there. */
  readonly passing: string
  /** What columns of the old table are called, by their new names. */
  readonly sources: ReadonlyMap<string, string> | undefined
}

/**
 * A new table under a passing name, the rows copied, the old table dropped, the new one given its name: the procedure of
 * sqlite.org/lang_altertable.html, section 7. Indexes, triggers and views are the caller's part, foreign keys the runner's.
 */
export function rebuild(
  actual: CatalogueObject,
  expected: CatalogueObject,
  { passing, sources }: RebuildOptions,
): readonly Change[] {
  const [old, made] = [quoteName(actual.name), quoteName(passing)]
  const names = copied(actual, expected).map(({ name }) => name)
  const columns = names.map(quoteName).join(', ')
  const values = names.map((name) => quoteName(sources?.get(name) ?? name)).join(', ')
  // a conflict clause of the new table must not make rows go
  const insert = expected.parts.some(hasConflictClause) ? 'INSERT OR ABORT INTO' : 'INSERT INTO'
  const statements = [
    createTable(expected, passing),
    ...(columns === '' ? [] : [`${insert} ${made} (${columns})\nSELECT ${values}\nFROM ${old}`]),
    ...(counts(actual) && counts(expected) ? sameCounter(actual.name, passing) : []),
    `DROP TABLE ${old}`,
    `ALTER TABLE ${made} RENAME TO ${quoteName(expected.name)}`,
  ]
  const loses = sentence(losses(actual, expected))
  const unfinished = sentence(refusals(actual, expected))
  // they stand or fall together: without the copy, the rows would go
  return statements.map((sql) => ({ object: keyOf(expected), sql, loses, unfinished }))
}

function sentence(reasons: readonly string[]): string | undefined {
  return reasons.length > 0 ? reasons.join('; ') : undefined
}

function columnsOf({ parts }: CatalogueObject): readonly Part[] {
  return parts.filter(({ kind }) => kind === 'column')
}

/** The columns of the new table that take their values from the old one. */
function copied(actual: CatalogueObject, expected: CatalogueObject): readonly Part[] {
  const there = new Set(columnsOf(actual).map(({ name }) => name))
  return columnsOf(expected).filter(({ name, properties }) => there.has(name) && properties.generated === undefined)
}

function hasConflictClause({ properties }: Part): boolean {
  return properties['not null on conflict'] !== undefined || / ON CONFLICT \w+$/.test(properties.definition ?? '')
}

function counts({ parts }: CatalogueObject): boolean {
  return parts.some(({ properties }) => properties.autoincrement === 'yes')
}

/** AUTOINCREMENT never gives a number twice; what it gave last may be of a row that is gone. */
function sameCounter(name: string, passing: string): readonly string[] {
  const [old, made] = [sqlite.text(name), sqlite.text(passing)]
  return [
    `DELETE FROM sqlite_sequence WHERE name = ${made}`,
    `INSERT INTO sqlite_sequence (name, seq) SELECT ${made}, seq FROM sqlite_sequence WHERE name = ${old}`,
  ]
}

function losses(actual: CatalogueObject, expected: CatalogueObject): readonly string[] {
  const wanted = new Map(columnsOf(expected).map((column) => [column.name, column]))
  const columns = columnsOf(actual).filter(({ properties }) => properties.generated === undefined)
  return columns.flatMap(({ name, properties }) => {
    const column = wanted.get(name)
    if (!column) return [`the values of ${quoteName(name)} go`]
    if (column.properties.generated !== undefined) return [`the values of ${quoteName(name)} are computed anew`]
    const [from, to] = [properties.type ?? '', column.properties.type ?? '']
    return mayConvert(from, to) ? [`values of ${quoteName(name)} may be converted from ${from} to ${to}`] : []
  })
}

type Affinity = 'INTEGER' | 'TEXT' | 'BLOB' | 'REAL' | 'NUMERIC'

/** sqlite.org/datatype3.html, section 3.1. */
function affinity(type: string): Affinity {
  if (/INT/.test(type)) return 'INTEGER'
  if (/CHAR|CLOB|TEXT/.test(type)) return 'TEXT'
  if (/BLOB|^ANY$/.test(type) || type === '(none)') return 'BLOB'
  return /REAL|FLOA|DOUB/.test(type) ? 'REAL' : 'NUMERIC'
}

/** Whether values can be changed by being stored anew in a column of another type. */
function mayConvert(from: string, to: string): boolean {
  const [before, after] = [affinity(from), affinity(to)]
  if (before === after || after === 'BLOB') return false
  return (
    !(before === 'INTEGER' && (after === 'TEXT' || after === 'NUMERIC')) &&
    !(before === 'NUMERIC' && after === 'INTEGER')
  )
}

/** What existing rows may be refused for, without a word of whoever knows what to put there. */
function refusals(actual: CatalogueObject, expected: CatalogueObject): readonly string[] {
  const there = new Map(columnsOf(actual).map((column) => [column.name, column]))
  return columnsOf(expected).flatMap(({ name, properties }) => {
    if (properties['not null'] === undefined || properties.generated !== undefined) return []
    const before = there.get(name)
    if (before?.properties['not null']) return []
    if (before) return [`rows without a value in ${quoteName(name)} are refused: give them one first`]
    return properties.default === undefined ? [missingValue(name)] : []
  })
}

export function missingValue(column: string): string {
  return `${quoteName(column)} is NOT NULL and has no default: a table with rows refuses it`
}
