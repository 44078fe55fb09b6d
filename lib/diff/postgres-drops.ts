import { type CatalogueObject, keyOf, type Part, partReference } from '../catalogue/model.ts'
import { isTable } from '../catalogue/postgres-dump.ts'
import { revokeSql } from '../catalogue/postgres-grant.ts'
import { name, named, titleOf } from '../catalogue/postgres-names.ts'
import { ownerOf, sorted } from '../catalogue/postgres-order.ts'
import { beside, type Objects, tableOf } from '../catalogue/postgres-sql.ts'
import { placeOf } from '../catalogue/postgres-table-sql.ts'
import type { Change } from './changes.ts'
import { type Fates, isFrom } from './postgres-fates.ts'

/** What is dropped before anything is made, what needs something before that. */
export interface Drops {
  readonly changes: readonly Change[]
  /** Types and the like that columns have until they are changed: they go in the end. */
  readonly late: readonly CatalogueObject[]
}

const typeKinds: readonly string[] = ['enum', 'domain', 'type', 'collation']

export function dropsOf(actual: readonly CatalogueObject[], there: Objects, fates: Fates): Drops {
  const changes: Change[] = []
  const done = new Set<string>()
  const open = new Set<string>()
  const late = lateOnes(actual, fates)
  const goes = (thing: string) => fates.of.get(thing) === 'drop' || fates.of.get(thing) === 'again'
  const dependentsOf = (thing: string) => (fates.dependents.get(thing) ?? []).filter(isGoing)
  const isGoing = (thing: string) => goes(thing) || goes(ownerOf(bare(thing), there) ?? '')

  const dropObject = (object: CatalogueObject) => {
    const key = keyOf(object)
    if (done.has(key) || open.has(key) || late.has(object)) return
    // a table takes with it what is on it
    const table = object.table !== undefined && goes(object.table) ? there.get(object.table) : undefined
    if (table && !open.has(keyOf(table))) dropObject(table)
    if (table && done.has(keyOf(table))) return
    open.add(key)
    for (const dependent of dependentsOf(key)) if (ownerOf(bare(dependent), there) !== key) dropThing(dependent)
    if (isRange(object)) changes.push(...asText(key, there, fates))
    open.delete(key)
    done.add(key)
    changes.push(...dropStatements(object, there, fates))
  }
  /** Whether something that is about to go, but has not gone yet, needs an object as a whole. */
  const isNeededByOpen = (key: string, seen: Set<string>): boolean => {
    if (seen.has(key)) return false
    seen.add(key)
    return dependentsOf(key).some((thing) => there.has(thing) && (open.has(thing) || isNeededByOpen(thing, seen)))
  }
  const dropThing = (thing: string) => {
    const owner = there.get(ownerOf(bare(thing), there)!)!
    const key = keyOf(owner)
    if (done.has(thing) || done.has(bare(thing)) || done.has(key)) return
    if (goes(key) && !open.has(key) && (thing === key || !isNeededByOpen(key, new Set()))) {
      dropObject(owner)
      return
    }
    if (thing === key) return
    // a part goes with its table, unless it holds another thing that goes before
    done.add(thing)
    for (const dependent of dependentsOf(thing)) dropThing(dependent)
    const part = owner.parts.find((one) => partReference(key, one) === bare(thing))!
    changes.push(...dropPart(owner, part, thing.startsWith('default '), there, fates))
  }
  for (const object of actual) {
    const key = keyOf(object)
    if (goes(key)) dropObject(object)
    else for (const part of object.parts) for (const thing of things(key, part)) if (goes(thing)) dropThing(thing)
  }
  return { changes, late: sorted([...late]) }
}

const bare = (thing: string) => thing.replace(/^default /, '')
const things = (key: string, part: Part) => [`default ${partReference(key, part)}`, partReference(key, part)]

/** Types that columns which stay have now; extensions and schemas go when nothing is in them any more. */
function lateOnes(actual: readonly CatalogueObject[], fates: Fates): ReadonlySet<CatalogueObject> {
  const late = new Set<CatalogueObject>()
  const isLate = (object: CatalogueObject): boolean => {
    const fate = fates.of.get(keyOf(object))
    if (fate !== 'drop' && fate !== 'again') return false
    if (object.kind === 'schema' || object.kind === 'extension') return true
    if (!typeKinds.includes(object.kind) || isRange(object)) return false
    const dependents = fates.dependents.get(keyOf(object)) ?? []
    return dependents.some(
      (thing) =>
        fates.retyped.has(thing) ||
        actual.some((other) => keyOf(other) === thing && typeKinds.includes(other.kind) && isLate(other)),
    )
  }
  for (const object of actual) if (isLate(object)) late.add(object)
  return late
}

/** A range comes with functions and another type, none of which can stand aside. */
const isRange = ({ kind, properties }: CatalogueObject) =>
  kind === 'type' && /^RANGE\b/.test(properties.definition ?? '')

/** Columns of a range that is made anew are texts in the meantime. */
function asText(range: string, there: Objects, fates: Fates): readonly Change[] {
  return [...there.values()].filter(isTable).flatMap((table) => {
    const key = keyOf(table)
    const columns = table.parts.filter((part) => {
      const reference = partReference(key, part)
      return fates.retyped.has(reference) && fates.dependents.get(range)?.includes(reference)
    })
    return columns.map((column) =>
      change(key, `ALTER TABLE ${titleOf(table)} ALTER COLUMN ${name(column.name)} TYPE text`),
    )
  })
}

function dropStatements(object: CatalogueObject, there: Objects, fates: Fates): readonly Change[] {
  const key = keyOf(object)
  const gone = (thing: string) => fates.of.get(thing) === 'drop' || fates.of.get(thing) === 'again'
  if (object.kind === 'grant') return object.needs.some(gone) ? [] : [change(key, revokeSql(object))]
  if (object.kind === 'sequence' && isOwnedByGone(object, there, fates)) return []
  return [...takenOut(object, there, fates), change(key, dropSql(object, there), loss(object))]
}

/** A partition of a table that foreign keys refer to is not dropped as long as it is one. */
function takenOut(table: CatalogueObject, there: Objects, fates: Fates): readonly Change[] {
  const place = placeOf(table.properties)
  if (!place || fates.detached.has(keyOf(table))) return []
  const isReferred = (one: CatalogueObject): boolean =>
    (fates.dependents.get(keyOf(one)) ?? []).some((thing) => thing.includes(': foreign key ')) ||
    parentsOf(one, there).some(isReferred)
  if (!isReferred(table)) return []
  return [change(keyOf(table), `ALTER TABLE ${place.parent} DETACH PARTITION ${titleOf(table)}`)]
}

function loss(object: CatalogueObject): string | undefined {
  if (object.kind === 'table') return 'the table and its rows'
  return object.kind === 'sequence' ? 'the number that it is at' : undefined
}

export function dropSql(object: CatalogueObject, there: Objects): string {
  return `DROP ${named(object, tableOf(object, there))}`
}

function change(object: string, sql: string, loses?: string): Change {
  return { object, sql, loses, unfinished: undefined }
}

/** Whether what owns a sequence takes it along. */
export function isOwnedByGone(sequence: CatalogueObject, there: Objects, fates: Fates): boolean {
  const owner = ownerColumn(sequence, there)
  if (!owner) return false
  return [keyOf(owner.table), partReference(keyOf(owner.table), owner.column)].some((thing) => {
    const fate = fates.of.get(thing)
    return fate === 'drop' || fate === 'again'
  })
}

export function ownerColumn(
  sequence: CatalogueObject,
  there: Objects,
): { table: CatalogueObject; column: Part } | undefined {
  const owned = sequence.properties['owned by']
  if (owned === undefined) return undefined
  for (const table of there.values()) {
    const column = isTable(table)
      ? table.parts.find((part) => part.kind === 'column' && `${titleOf(table)}.${name(part.name)}` === owned)
      : undefined
    if (column) return { table, column }
  }
  return undefined
}

function dropPart(
  table: CatalogueObject,
  part: Part,
  isDefault: boolean,
  there: Objects,
  fates: Fates,
): readonly Change[] {
  const key = keyOf(table)
  const title = titleOf(table)
  const alter = `ALTER ${table.kind === 'foreign table' ? 'FOREIGN TABLE' : 'TABLE'}`
  if (isDefault) return [change(key, `${alter} ${title} ALTER COLUMN ${name(part.name)} DROP DEFAULT`)]
  if (comesFromParent(table, part, there, fates)) return []
  if (part.kind === 'index') return [change(key, `DROP INDEX ${beside(table, part.name)}`)]
  if (part.kind !== 'column') return [change(key, `${alter} ${title} DROP CONSTRAINT ${name(part.name)}`)]
  const loses = part.properties.generated === undefined ? `the column ${part.name} and its values` : undefined
  return [change(key, `${alter} ${title} DROP COLUMN ${name(part.name)}`, loses)]
}

/** What goes because it goes in the table that this one is in. */
function comesFromParent(table: CatalogueObject, part: Part, there: Objects, fates: Fates): boolean {
  if (fates.detached.has(keyOf(table))) return false
  return parentsOf(table, there).some((parent) =>
    parent.parts.some((own) => {
      const isSame = part.kind === 'column' ? own.kind === 'column' && own.name === part.name : isFrom(own, part)
      const fate = fates.of.get(partReference(keyOf(parent), own))
      return isSame && (fate === 'drop' || fate === 'again') && (part.kind !== 'column' || isOnlyInherited(table, part))
    }),
  )
}

const isOnlyInherited = (table: CatalogueObject, part: Part) =>
  table.properties['partition of'] !== undefined || part.properties.inherited !== undefined

/** The tables that a partition is in, or that a table inherits from. */
export function parentsOf({ properties }: CatalogueObject, there: Objects): readonly CatalogueObject[] {
  const place = placeOf(properties)
  const titles = place ? [place.parent] : (properties.inherits?.split(', ') ?? [])
  if (titles.length === 0) return []
  return [...there.values()].filter((table) => isTable(table) && titles.includes(titleOf(table)))
}
