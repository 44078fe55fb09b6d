import { type CatalogueObject, keyOf, objectKinds, type Part } from './model.ts'

/** The object that a reference is to, or to a part of. */
export function ownerOf(reference: string, objects: ReadonlyMap<string, unknown>): string | undefined {
  if (objects.has(reference)) return reference
  for (let at = reference.lastIndexOf(': '); at > 0; at = reference.lastIndexOf(': ', at - 1)) {
    if (objects.has(reference.slice(0, at))) return reference.slice(0, at)
  }
  return undefined
}

/** Made in the same statement as the object, so that they cannot wait: a column's type, or what it is generated from. */
const hardOf = (object: CatalogueObject): readonly string[] => [
  ...object.needs,
  ...object.parts.filter((part) => !isLoose(object, part)).flatMap(({ needs = [] }) => needs),
]

/** What can be made after its table. */
const isLoose = (object: CatalogueObject, { kind }: Part) =>
  (object.kind === 'table' || object.kind === 'foreign table') && kind !== 'column'

const softOf = (object: CatalogueObject): readonly string[] =>
  object.kind === 'table' || object.kind === 'foreign table'
    ? object.parts.flatMap((part) => [
        ...(isLoose(object, part) ? (part.needs ?? []) : []),
        ...(part.defaultNeeds ?? []),
      ])
    : []

/**
 * Each object after what it needs; else in the order of kinds and keys. What a table needs only for a foreign key, a check,
 * an index or a default comes before it where it does not need the table itself.
 */
export function sorted(objects: readonly CatalogueObject[]): readonly CatalogueObject[] {
  const place = new Map(objectKinds.map((kind, index) => [kind, index]))
  const all = objects.toSorted((a, b) => place.get(a.kind)! - place.get(b.kind)! || (keyOf(a) < keyOf(b) ? -1 : 1))
  const byKey = new Map(all.map((object) => [keyOf(object), object]))
  const targets = (object: CatalogueObject, references: readonly string[]) => {
    const schema = object.schema === undefined ? [] : [`schema ${object.schema}`]
    const keys = [...schema, ...references].map((reference) => ownerOf(reference, byKey))
    const own = keyOf(object)
    return [...new Set(keys)].filter((key) => key !== undefined && key !== own).map((key) => byKey.get(key!)!)
  }
  const hard = new Map(all.map((object) => [object, targets(object, hardOf(object))]))
  const soft = new Map(all.map((object) => [object, targets(object, softOf(object))]))
  const order = new Set<CatalogueObject>()
  const entered = new Set<CatalogueObject>()
  const open = new Set<CatalogueObject>()
  const needsOpen = (object: CatalogueObject, seen: Set<CatalogueObject>): boolean => {
    if (open.has(object)) return true
    if (seen.has(object) || order.has(object)) return false
    seen.add(object)
    return hard.get(object)!.some((needed) => needsOpen(needed, seen))
  }
  const visit = (object: CatalogueObject) => {
    if (entered.has(object)) return
    entered.add(object)
    open.add(object)
    for (const needed of hard.get(object)!) visit(needed)
    for (const needed of soft.get(object)!) if (!needsOpen(needed, new Set())) visit(needed)
    open.delete(object)
    order.add(object)
  }
  for (const object of all) visit(object)
  return [...order]
}
