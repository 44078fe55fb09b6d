import type { Row } from '../drivers/driver.ts'
import { type CatalogueObject, type Part, partReference } from './model.ts'

/** An object as it was read, with the identities by which the server's records of dependencies call it. */
export interface Found extends Omit<CatalogueObject, 'parts' | 'needs'> {
  readonly key: string
  readonly id: string
  readonly parts: readonly FoundPart[]
}

export interface FoundPart extends Part {
  readonly id: string | null
  /** Of the expression that a column's default, or what it is generated from, is. */
  readonly defaultId: string | null
}

/** What an identity stands for: an object, a part of one, or a column's default. */
interface Thing {
  readonly object: string
  /** undefined for an object as a whole, or something in it that is no part. */
  readonly reference: string
  readonly isDefault: boolean
}

/** The objects with what they and their parts need. */
export function needsOf(found: readonly Found[], dependencies: readonly Row[]): readonly CatalogueObject[] {
  const things = thingsOf(found)
  const inside = new Map<string, string>()
  const edges = dependencies.map(({ dependent, needed, type }) => ({
    dependent: String(dependent),
    needed: String(needed),
    type: String(type),
  }))
  for (const { dependent, needed, type } of edges) {
    // what the server made for something else, or an extension for itself, stands for that
    if ((type === 'i' || type === 'e') && !inside.has(dependent)) inside.set(dependent, needed)
  }
  const resolve = (id: string, depth = 0): Thing | undefined => {
    const known = things.get(id)
    if (known || depth > 6) return known
    const outer = inside.get(id) ?? (id.split('/').length > 2 ? id.slice(0, id.lastIndexOf('/')) : undefined)
    return outer === undefined ? undefined : resolve(outer, depth + 1)
  }
  const needs = new Map<string, Set<string>>()
  for (const { dependent, needed, type } of edges) {
    if (type === 'P' || type === 'S') continue
    const [from, to] = [resolve(dependent), resolve(needed)]
    if (!from || !to || from.reference === to.reference) continue
    // a sequence is made before the column that owns it; an extension's own things are in it
    if (type === 'a' && from.object.startsWith('sequence ')) continue
    const of = from.isDefault ? `default ${from.reference}` : from.reference
    needs.set(of, (needs.get(of) ?? new Set()).add(to.reference))
  }
  const list = (reference: string) => [...(needs.get(reference) ?? [])].sort()
  return found.map(({ key, id: _, parts, ...object }) => ({
    ...object,
    parts: parts.map((part) => withNeeds(key, part, list)),
    needs: list(key).filter((need) => need !== key && !need.startsWith(`${key}: `)),
  }))
}

function thingsOf(found: readonly Found[]): ReadonlyMap<string, Thing> {
  const things = new Map<string, Thing>()
  for (const { key, id, parts, kind } of found) {
    things.set(id, { object: key, reference: key, isDefault: false })
    const isTable = kind === 'table' || kind === 'foreign table'
    for (const part of parts) {
      const reference = partReference(key, part)
      if (part.id) things.set(part.id, { object: key, reference, isDefault: false })
      const isDefault = isTable && part.properties.generated === undefined
      if (part.defaultId) things.set(part.defaultId, { object: key, reference, isDefault })
    }
  }
  return things
}

function withNeeds(key: string, found: FoundPart, list: (reference: string) => readonly string[]): Part {
  const { id: _, defaultId: _expression, ...part } = found
  const reference = partReference(key, part)
  const [needs, defaultNeeds] = [list(reference), list(`default ${reference}`)].map((all) =>
    all.filter((need) => need !== key && need !== reference),
  )
  return {
    ...part,
    ...(needs!.length > 0 && { needs: needs! }),
    ...(defaultNeeds!.length > 0 && { defaultNeeds: defaultNeeds! }),
  }
}
