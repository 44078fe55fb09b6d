import type { DumpStatement } from './dump.ts'
import { type Catalogue, type CatalogueObject, keyOf, type Part, partReference } from './model.ts'
import { name, titleOf } from './postgres-names.ts'
import { ownerOf, sorted } from './postgres-order.ts'
import { commentSql, createSql, objectsOf, ownedSql } from './postgres-sql.ts'
import { addPartSql, attachSql, tableSql } from './postgres-table-sql.ts'

/** Bodies of routines may use what is made after them. */
const unchecked = 'SET check_function_bodies = off'

export function dumpPostgres(catalogue: Catalogue): readonly DumpStatement[] {
  const objects = objectsOf(catalogue.objects)
  const made = new Set<string>()
  const isMade = (reference: string) => made.has(reference) || ownerOf(reference, objects) === undefined
  const statements: DumpStatement[] = []
  let waiting: Waiting[] = []
  const tell = (object: CatalogueObject, all: readonly string[]) => {
    for (const sql of all) statements.push({ object: keyOf(object), sql })
  }
  for (const object of sorted(catalogue.objects)) {
    const key = keyOf(object)
    if (isTable(object)) {
      const later = object.parts.filter(
        (part) => !looseNeeds(part).every((need) => need.startsWith(`${key}: `) || isMade(need)),
      )
      tell(object, [...tableSql(object, new Set(later)), ...commentSql(object, objects, object.properties.comment)])
      waiting.push(
        ...later.map((part) => ({
          object,
          needs: looseNeeds(part),
          statements: () => addPartSql(object, part),
          makes: part,
        })),
      )
      tell(object, attachSql(object))
      for (const part of object.parts) if (!later.includes(part)) made.add(partReference(key, part))
    } else {
      tell(object, createSql(object, objects))
      for (const part of object.parts) made.add(partReference(key, part))
      const owner = object.properties['owned by']
      if (object.kind === 'sequence' && owner !== undefined)
        waiting.push({
          object,
          needs: [ownerReference(object, catalogue.objects)],
          statements: () => ownedSql(object),
          makes: undefined,
        })
    }
    made.add(key)
    waiting = waiting.filter((one) => {
      if (!one.needs.every(isMade)) return true
      tell(one.object, one.statements())
      if (one.makes) made.add(partReference(keyOf(one.object), one.makes))
      return false
    })
  }
  for (const one of waiting) tell(one.object, one.statements())
  const hasBodies = catalogue.objects.some(({ kind }) => kind === 'function' || kind === 'procedure')
  return hasBodies ? [{ object: statements[0]!.object, sql: unchecked }, ...statements] : statements
}

interface Waiting {
  readonly object: CatalogueObject
  readonly needs: readonly string[]
  readonly statements: () => readonly string[]
  readonly makes: Part | undefined
}

export const isTable = ({ kind }: CatalogueObject): boolean => kind === 'table' || kind === 'foreign table'

/** What a part needs that can be made after its table. */
export function looseNeeds(part: Part): readonly string[] {
  return part.kind === 'column' ? (part.defaultNeeds ?? []) : (part.needs ?? [])
}

/** The column that owns a sequence, as a reference. */
export function ownerReference({ properties }: CatalogueObject, objects: readonly CatalogueObject[]): string {
  const owner = properties['owned by']!
  for (const table of objects.filter(isTable)) {
    const column = table.parts.find(
      (part) => part.kind === 'column' && owner === `${titleOf(table)}.${name(part.name)}`,
    )
    if (column) return partReference(keyOf(table), column)
  }
  return owner
}
