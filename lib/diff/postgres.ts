import { type Catalogue, type CatalogueObject, keyOf, type Part } from '../catalogue/model.ts'
import { isTable } from '../catalogue/postgres-dump.ts'
import { name, named, titleOf } from '../catalogue/postgres-names.ts'
import { type Objects, objectsOf } from '../catalogue/postgres-sql.ts'
import { placeOf } from '../catalogue/postgres-table-sql.ts'
import type { Change, Renames } from './changes.ts'
import { dropSql, dropsOf, isOwnedByGone } from './postgres-drops.ts'
import { columnsOf, type Fates, fatesOf } from './postgres-fates.ts'
import { Making, plain } from './postgres-making.ts'
import { renamed } from './postgres-renames.ts'

/**
 * The server knows what needs what. What goes or changes its type takes what needs it along: that is dropped first, in the
 * order of need, and made again when what it needs is as it is to be.
 */
export function changePostgres(before: Catalogue, expected: Catalogue, renames: Renames): readonly Change[] {
  const { catalogue: actual, changes } = renamed(before, expected, renames)
  const fates = fatesOf(actual.objects, expected.objects)
  const there = objectsOf(actual.objects)
  const wanted = objectsOf(expected.objects)
  const drops = dropsOf(actual.objects, there, fates)
  const making = new Making(actual, expected, fates)
  const made = making.run()
  return withBodies([
    ...changes,
    ...loosened(actual.objects, there, wanted, fates),
    ...drops.changes,
    ...aside(drops.late, wanted),
    ...made,
    ...drops.late.toReversed().map((object) => plain(keyOf(object), dropLate(object, wanted, there))),
  ])
}

/** Bodies in SQL are looked into when they are made, and may use what is made after them. */
function withBodies(changes: readonly Change[]): readonly Change[] {
  const first = changes.findIndex(({ sql }) =>
    /^CREATE OR REPLACE (FUNCTION|PROCEDURE) [\s\S]*\n LANGUAGE sql\n/.test(sql),
  )
  if (first < 0) return changes
  const { object } = changes[first]!
  return [
    ...changes.slice(0, first),
    plain(object, 'SET check_function_bodies = off'),
    ...changes.slice(first),
    plain(object, 'RESET check_function_bodies'),
  ]
}

/** Partitions are taken out, sequences that stay are taken from what goes. */
function loosened(
  actual: readonly CatalogueObject[],
  there: Objects,
  wanted: Objects,
  fates: Fates,
): readonly Change[] {
  const partitions = actual
    .filter((table) => fates.detached.has(keyOf(table)) && fates.of.get(keyOf(table)) !== 'drop')
    .flatMap((table) => {
      const place = placeOf(table.properties)
      if (place) return [plain(keyOf(table), `ALTER TABLE ${place.parent} DETACH PARTITION ${titleOf(table)}`)]
      const parents = table.properties.inherits?.split(', ') ?? []
      return parents.map((parent) => plain(keyOf(table), `ALTER TABLE ${titleOf(table)} NO INHERIT ${parent}`))
    })
  const sequences = actual
    .filter(
      (object) =>
        object.kind === 'sequence' && object.properties['owned by'] !== undefined && wanted.has(keyOf(object)),
    )
    .filter(
      (object) =>
        isOwnedByGone(object, there, fates) ||
        object.properties['owned by'] !== wanted.get(keyOf(object))!.properties['owned by'],
    )
    .map((object) => plain(keyOf(object), `ALTER SEQUENCE ${titleOf(object)} OWNED BY NONE`))
  return [...partitions, ...sequences, ...withoutIdentity(actual, wanted, fates)]
}

/** What a column counted by makes way for a sequence that may have its name. */
function withoutIdentity(actual: readonly CatalogueObject[], wanted: Objects, fates: Fates): readonly Change[] {
  return actual.filter(isTable).flatMap((table) => {
    const key = keyOf(table)
    const after = wanted.get(key)
    if (!after || fates.of.get(key) === 'again' || table.properties['partition of'] !== undefined) return []
    const isGone = ({ name: title, properties }: Part) => {
      const there = columnsOf(after).find((column) => column.name === title)
      return properties.identity !== undefined && there !== undefined && there.properties.identity === undefined
    }
    return columnsOf(table)
      .filter(isGone)
      .map(({ name: title }) => plain(key, `ALTER TABLE ${titleOf(table)} ALTER COLUMN ${name(title)} DROP IDENTITY`))
  })
}

const asideName = ({ name: title }: CatalogueObject) => `${title.slice(0, 50)}_before`

/** A type whose name is wanted for a new one, while columns still have the old one. */
function aside(late: readonly CatalogueObject[], wanted: Objects): readonly Change[] {
  return late
    .filter((object) => isInTheWay(object, wanted))
    .map((object) => plain(keyOf(object), `ALTER ${named(object, undefined)} RENAME TO ${name(asideName(object))}`))
}

function isInTheWay({ kind, schema, name: title }: CatalogueObject, wanted: Objects): boolean {
  if (kind === 'schema' || kind === 'extension') return false
  const others = [
    'enum',
    'domain',
    'type',
    'collation',
    'table',
    'view',
    'materialized view',
    'sequence',
    'foreign table',
  ]
  return [...wanted.values()].some(
    (object) => object.schema === schema && object.name === title && others.includes(object.kind),
  )
}

function dropLate(object: CatalogueObject, wanted: Objects, there: Objects): string {
  return dropSql(isInTheWay(object, wanted) ? { ...object, name: asideName(object) } : object, there)
}
