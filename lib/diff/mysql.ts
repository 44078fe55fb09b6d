import { type Catalogue, type CatalogueObject, keyOf, type Part } from '../catalogue/model.ts'
import { refersTo, sorted } from '../catalogue/mysql-dump.ts'
import { name } from '../catalogue/mysql-lexing.ts'
import { codeSql, constraintSql, tableSql, viewSql, withoutDefaults } from '../catalogue/mysql-sql.ts'
import type { Change, Renames } from './changes.ts'
import { differencesOf } from './compare.ts'
import { renamed } from './mysql-renames.ts'
import { changeTable, type TableChange } from './mysql-table.ts'

/**
 * Views and bodies are looked up by name when they are used, so tables may change below them; foreign keys are in the way
 * of what changes under them, so they are dropped before and made again at the end.
 */
export function changeMysql(before: Catalogue, expected: Catalogue, renames: Renames): readonly Change[] {
  const { catalogue: actual, changes } = renamed(before, expected, renames)
  const there = new Map(actual.objects.map((object) => [keyOf(object), object]))
  const wanted = new Map(expected.objects.map((object) => [keyOf(object), object]))
  const tables = tableChanges(there, wanted)
  const again = triggersMadeAgain(actual.objects, expected.objects)
  const cut = cutForeignKeys(actual.objects, wanted, tables)
  return [
    ...changes,
    ...droppedCode(actual.objects, wanted, again),
    ...cut.map(({ table, part }) =>
      change(table, `ALTER TABLE ${name(table.name)} DROP FOREIGN KEY ${name(part.name)}`),
    ),
    ...droppedTables(actual.objects, wanted),
    ...madeCode(there, expected, ['sequence', 'function', 'procedure', 'other']),
    ...[...tables].flatMap(([key, { statements }]) =>
      statements.map(({ sql, loses, unfinished }) => ({ object: key, sql, loses, unfinished })),
    ),
    ...madeTables(there, expected, cut),
    ...madeCode(there, expected, ['view', 'trigger', 'event', 'grant'], again),
  ]
}

function change(object: CatalogueObject, sql: string, loses?: string): Change {
  return { object: keyOf(object), sql, loses, unfinished: undefined }
}

type Objects = ReadonlyMap<string, CatalogueObject>

function tableChanges(there: Objects, wanted: Objects): ReadonlyMap<string, TableChange> {
  const changes = new Map<string, TableChange>()
  for (const [key, expected] of wanted) {
    const actual = there.get(key)
    if (expected.kind === 'table' && actual) changes.set(key, changeTable(actual, expected))
  }
  return changes
}

interface ForeignKey {
  readonly table: CatalogueObject
  readonly part: Part
}

const foreignKeysOf = (table: CatalogueObject): readonly ForeignKey[] =>
  table.parts.filter(({ kind }) => kind === 'foreign key').map((part) => ({ table, part }))

/** Foreign keys that are gone or different, and those on what changes; between tables that are dropped, too. */
function cutForeignKeys(
  actual: readonly CatalogueObject[],
  wanted: Objects,
  tables: ReadonlyMap<string, TableChange>,
): readonly ForeignKey[] {
  return actual.flatMap(foreignKeysOf).filter(({ table, part }) => {
    const after = wanted.get(keyOf(table))
    if (!after) return table.needs.some((key) => key !== keyOf(table) && refersTo(part, key))
    const same = after.parts.find(({ kind, name }) => kind === 'foreign key' && name === part.name)
    if (!same || same.properties.definition !== part.properties.definition) return true
    return isTouched(tables.get(keyOf(table)), own(part)) || isTouched(tables.get(target(table, part)), referred(part))
  })
}

function isTouched(change: TableChange | undefined, columns: readonly string[]): boolean {
  return change !== undefined && (change.isRebuilt || columns.some((column) => change.touched.has(column)))
}

const target = (table: CatalogueObject, part: Part) => table.needs.find((key) => refersTo(part, key)) ?? ''

const list = (text: string) =>
  Array.from(text.matchAll(/`((?:[^`]|``)*)`/g), ([, column]) => column!.replaceAll('``', '`'))
const own = ({ properties }: Part) => list(properties.definition!.split(' REFERENCES ')[0]!)
const referred = ({ properties }: Part) => {
  const definition = properties.definition!.split(' REFERENCES ')[1]!
  return list(definition.slice(definition.indexOf(' (')))
}

/** Bodies that are gone or different; a view that is different is replaced in place. */
function droppedCode(
  actual: readonly CatalogueObject[],
  wanted: Objects,
  again: ReadonlySet<string>,
): readonly Change[] {
  return sorted(actual)
    .toReversed()
    .filter((object) => object.kind !== 'table' && object.kind !== 'view' && object.kind !== 'sequence')
    .concat(
      sorted(actual)
        .toReversed()
        .filter(({ kind }) => kind === 'view'),
    )
    .filter((object) => {
      // a table takes its triggers with it
      if (object.table !== undefined && !wanted.has(object.table)) return false
      const expected = wanted.get(keyOf(object))
      if (object.kind === 'view') return !expected
      return isDifferent(object, expected) || again.has(keyOf(object))
    })
    .map((object) => change(object, dropSql(object)))
}

/** Triggers of one moment run in the order in which they were made: from the first that is not in its place, all are made again. */
function triggersMadeAgain(
  actual: readonly CatalogueObject[],
  expected: readonly CatalogueObject[],
): ReadonlySet<string> {
  const [from, to] = [moments(actual), moments(expected)]
  const again = [...from].flatMap(([moment, there]) => {
    const wanted = to.get(moment) ?? []
    const first = there.findIndex(
      (trigger, at) => trigger.name !== wanted[at]?.name || isDifferent(trigger, wanted[at]),
    )
    return first < 0 ? [] : [...there.slice(first), ...wanted.slice(first)].map(keyOf)
  })
  return new Set(again)
}

function moments(objects: readonly CatalogueObject[]): ReadonlyMap<string, readonly CatalogueObject[]> {
  const found = new Map<string, CatalogueObject[]>()
  for (const trigger of sorted(objects).filter(({ kind }) => kind === 'trigger')) {
    const moment = `${trigger.properties.definition} ${trigger.table}`
    found.set(moment, [...(found.get(moment) ?? []), trigger])
  }
  return found
}

function isDifferent(actual: CatalogueObject | undefined, expected: CatalogueObject | undefined): boolean {
  return !actual || !expected || differencesOf({ key: '', expected, actual }).length > 0
}

function dropSql({ kind, name: title, properties }: CatalogueObject): string {
  if (kind === 'grant') {
    const option = properties['grant option'] ? ', GRANT OPTION' : ''
    return `REVOKE ${properties.privileges}${option} ON ${properties.on} FROM ${properties.grantee}`
  }
  if (kind === 'other')
    return `DROP ${title.replace(/^(package body|package) (.*)$/, (_, word, own) => `${word.toUpperCase()} ${name(own)}`)}`
  return `DROP ${kind.toUpperCase()} ${name(title)}`
}

function droppedTables(actual: readonly CatalogueObject[], wanted: Objects): readonly Change[] {
  return sorted(actual)
    .toReversed()
    .filter((object) => (object.kind === 'table' || object.kind === 'sequence') && !wanted.has(keyOf(object)))
    .map((object) =>
      change(object, dropSql(object), object.kind === 'table' ? 'the table and its rows' : 'the number that it is at'),
    )
}

function madeCode(
  there: Objects,
  expected: Catalogue,
  kinds: readonly string[],
  again: ReadonlySet<string> = new Set(),
): readonly Change[] {
  return sorted(expected.objects)
    .filter(({ kind }) => kinds.includes(kind))
    .filter((object) => isDifferent(there.get(keyOf(object)), object) || again.has(keyOf(object)))
    .flatMap((object) => {
      const before = there.get(keyOf(object))
      if (object.kind === 'sequence' && before)
        return [
          change(
            object,
            `ALTER SEQUENCE ${name(object.name)} ${object.properties.definition!.replace(/ ENGINE=\w+$/, '')}`,
          ),
        ]
      if (object.kind === 'view' && before) return [change(object, viewSql('CREATE OR REPLACE', object))]
      return codeSql(object).map((sql) => change(object, sql))
    })
}

/** New tables, then the foreign keys of all: those of new tables inside, where what they refer to is there by then. */
function madeTables(there: Objects, expected: Catalogue, cut: readonly ForeignKey[]): readonly Change[] {
  const made = new Set(there.keys())
  const later: ForeignKey[] = []
  const created = sorted(expected.objects)
    .filter((object) => object.kind === 'table' && !there.has(keyOf(object)))
    .flatMap((table) => {
      made.add(keyOf(table))
      const open = foreignKeysOf(table).filter(({ part }) =>
        table.needs.some((key) => refersTo(part, key) && !made.has(key)),
      )
      later.push(...open)
      const sql = tableSql(table, new Set(open.map(({ part }) => part)))
      return [sql, ...withoutDefaults(table)].map((sql) => change(table, sql))
    })
  const again = expected.objects
    .filter((object) => object.kind === 'table' && there.has(keyOf(object)))
    .flatMap((table) =>
      foreignKeysOf(table).filter(({ part }) => isMissing(there.get(keyOf(table))!, table, part, cut)),
    )
  const added = [...again, ...later].map(({ table, part }) =>
    change(table, `ALTER TABLE ${name(table.name)} ADD ${constraintSql(part)}`),
  )
  return [...created, ...added]
}

function isMissing(actual: CatalogueObject, table: CatalogueObject, part: Part, cut: readonly ForeignKey[]): boolean {
  const isThere = actual.parts.some(({ kind, name }) => kind === 'foreign key' && name === part.name)
  return !isThere || cut.some((key) => keyOf(key.table) === keyOf(table) && key.part.name === part.name)
}
