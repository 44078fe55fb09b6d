import { type Catalogue, type CatalogueObject, keyOf } from '../catalogue/model.ts'
import { createIndex, createTable, inOrder } from '../catalogue/sqlite-dump.ts'
import { quoteName } from '../catalogue/sqlite-tokens.ts'
import type { Change, Renames } from './changes.ts'
import { alter, sameTable } from './sqlite-alter.ts'
import { type RebuildOptions, rebuild } from './sqlite-rebuild.ts'
import { freeName, rename, tableNames } from './sqlite-renames.ts'
import { storedChanges } from './sqlite-stored.ts'

/**
 * By ALTER TABLE where SQLite can do it so, else by building the table anew. What hangs on a table that is rebuilt, renamed
 * or loses a column (triggers, views, views on these) is dropped before and made again after: SQLite refuses to rename
 * anything while a view names what is not there.
 */
export function changeSqlite(actual: Catalogue, expected: Catalogue, renames: Renames): readonly Change[] {
  const wanted = tablesOf(expected)
  const gone = goneTables(tablesOf(actual), wanted, renames)
  const kept = tablesOf(actual).filter((table) => !gone.includes(table))
  const renamed = rename(kept, wanted, renames)
  const taken = new Set([...actual.objects, ...expected.objects].map(({ name }) => name.toLowerCase()))
  const plans = inOrder(wanted).map((table) => {
    const before = renamed.tables.find(({ name }) => name === table.name)
    const passing = freeName(`sqlmig_new_${table.name}`, taken)
    return planOf(before, table, { passing, sources: renamed.sources.get(table.name) })
  })
  const disturbed = new Set(plans.filter(({ disturbs }) => disturbs).map(({ name }) => name))
  const touched = kept.filter(
    (table, index) => renamed.touched.has(keyOf(table)) || disturbed.has(renamed.tables[index]!.name),
  )
  const stored = storedChanges(actual, expected, new Set([...gone, ...touched].map(keyOf)))
  return [
    ...stored.drops,
    ...plans.flatMap(({ dropIndexes }) => dropIndexes),
    ...inOrder(gone).toReversed().map(dropTable),
    ...renamed.changes,
    ...plans.flatMap(({ changes }) => changes),
    ...plans.flatMap(({ createIndexes }) => createIndexes),
    ...stored.creates,
  ]
}

function tablesOf({ objects }: Catalogue): readonly CatalogueObject[] {
  return objects.filter(({ kind }) => kind === 'table')
}

/** Tables that are not expected; also one whose name another table shall have. */
function goneTables(
  actual: readonly CatalogueObject[],
  wanted: readonly CatalogueObject[],
  renames: Renames,
): readonly CatalogueObject[] {
  const names = tableNames(actual, wanted, renames)
  const finalName = ({ name }: CatalogueObject) => names.get(name) ?? name
  const asked = new Set(actual.filter((table) => renames.has(keyOf(table))).map(finalName))
  return actual.filter((table) => {
    const name = finalName(table)
    if (!wanted.some((other) => other.name === name)) return true
    return asked.has(name) && !renames.has(keyOf(table))
  })
}

interface Plan {
  readonly name: string
  readonly dropIndexes: readonly Change[]
  readonly changes: readonly Change[]
  readonly createIndexes: readonly Change[]
  /** Whether views and triggers on it have to make way. */
  readonly disturbs: boolean
}

/** @param actual as it is after it was given its new names */
function planOf(actual: CatalogueObject | undefined, expected: CatalogueObject, options: RebuildOptions): Plan {
  const name = expected.name
  const indexes = indexesOf(expected)
  const all = indexes.map((index) => plain(expected, createIndex(index, name)))
  if (!actual)
    return {
      name,
      dropIndexes: [],
      changes: [plain(expected, createTable(expected))],
      createIndexes: all,
      disturbs: false,
    }
  const altered = options.sources ? undefined : isSame(actual, expected) ? [] : alter(actual, expected)
  if (!altered) {
    const changes =
      isVirtual(actual) || isVirtual(expected) ? replace(actual, expected) : rebuild(actual, expected, options)
    return { name, dropIndexes: [], changes, createIndexes: all, disturbs: true }
  }
  const there = new Map(indexesOf(actual).map((index) => [index.name, index.properties.definition]))
  const wanted = new Map(indexes.map((index) => [index.name, index.properties.definition]))
  return {
    name,
    dropIndexes: [...there]
      .filter(([index, definition]) => wanted.get(index) !== definition)
      .map(([index]) => plain(expected, `DROP INDEX ${quoteName(index)}`)),
    changes: altered,
    createIndexes: indexes
      .filter((index) => there.get(index.name) !== index.properties.definition)
      .map((index) => plain(expected, createIndex(index, name))),
    disturbs: altered.some(({ sql }) => / DROP COLUMN /.test(sql)),
  }
}

function indexesOf({ parts }: CatalogueObject): CatalogueObject['parts'] {
  return parts.filter(({ kind }) => kind === 'index')
}

/** What is carried as text has its name in it. */
function isSame(actual: CatalogueObject, expected: CatalogueObject): boolean {
  if (actual.properties.definition === undefined || expected.properties.definition === undefined)
    return sameTable(actual, expected)
  return createTable(actual, 'x') === createTable(expected, 'x')
}

function isVirtual({ properties }: CatalogueObject): boolean {
  return /^CREATE\s+VIRTUAL\s/i.test(properties.definition ?? '')
}

/** Of a virtual table nobody but its module knows what it holds. */
function replace(actual: CatalogueObject, expected: CatalogueObject): readonly Change[] {
  return [dropTable(actual), plain(expected, createTable(expected))]
}

function dropTable(table: CatalogueObject): Change {
  return { ...plain(table, `DROP TABLE ${quoteName(table.name)}`), loses: 'the table goes with its rows' }
}

function plain(object: CatalogueObject, sql: string): Change {
  return { object: keyOf(object), sql, loses: undefined, unfinished: undefined }
}
