import { type CatalogueObject, keyOf, type Part, type Properties, partReference } from '../catalogue/model.ts'
import { isTable, looseNeeds } from '../catalogue/postgres-dump.ts'
import { titleOf } from '../catalogue/postgres-names.ts'
import { ownerOf } from '../catalogue/postgres-order.ts'
import { type Objects, objectsOf } from '../catalogue/postgres-sql.ts'
import { isStored, placeOf } from '../catalogue/postgres-table-sql.ts'

/**
 * What becomes of a thing that is there: it goes, it is dropped and made again, or it is changed in place; nothing is said
 * of what stays as it is. Things are objects by their keys, parts by their references, and defaults of columns, `default `
 * and the column's reference.
 */
export type Fate = 'drop' | 'again' | 'change'

export interface Fates {
  readonly of: ReadonlyMap<string, Fate>
  /** Columns whose type changes, or is made anew. */
  readonly retyped: ReadonlySet<string>
  /** Tables that are taken out of another one before anything changes there. */
  readonly detached: ReadonlySet<string>
  /** By a thing that is there: what needs it. */
  readonly dependents: ReadonlyMap<string, readonly string[]>
}

/** What may change without the thing being made again. */
const aspects: readonly string[] = ['comment', 'enabled', 'target']

const inPlace: Readonly<
  Partial<Record<CatalogueObject['kind'], (a: CatalogueObject, b: CatalogueObject, all: Objects) => boolean>>
> = {
  schema: () => true,
  extension: () => true,
  sequence: () => true,
  enum: (a, b, all) => onlyAdds(a, b) && !usesNew(a, b, all),
  domain: (a, b) => same(a.properties, b.properties, ['type', 'collation']),
  type: (a, b) => a.properties.definition === b.properties.definition,
  function: sameHead,
  procedure: sameHead,
  view: (a, b) => startsWith(columnsOf(b).map(shape), columnsOf(a).map(shape)),
  'materialized view': (a, b) =>
    same(a.properties, b.properties, ['definition', 'access method']) &&
    columnsOf(a).map(shape).join() === columnsOf(b).map(shape).join(),
  table: (a, b) => same(a.properties, b.properties, ['partitioned by', 'of type']) && !retypesKey(a, b),
  'foreign table': (a, b) => same(a.properties, b.properties, ['server']),
}

export const columnsOf = ({ parts }: CatalogueObject): readonly Part[] => parts.filter(({ kind }) => kind === 'column')
const shape = ({ name, properties }: Part) => JSON.stringify([name, properties.type, properties.collation])

function same(a: Properties, b: Properties, names: readonly string[]): boolean {
  return names.every((property) => a[property] === b[property])
}

function startsWith(all: readonly string[], first: readonly string[]): boolean {
  return first.every((one, at) => all[at] === one)
}

/** A function's name, arguments and result, which CREATE OR REPLACE does not change. */
function sameHead(a: CatalogueObject, b: CatalogueObject): boolean {
  const head = ({ properties }: CatalogueObject) => properties.definition!.split('\n LANGUAGE ')[0]
  return head(a) === head(b)
}

/** A partition's key holds its columns to their types. */
function retypesKey(a: CatalogueObject, b: CatalogueObject): boolean {
  const key = a.properties['partitioned by']
  if (key === undefined) return false
  return columnsOf(a).some((column) => {
    const after = b.parts.find((part) => part.kind === 'column' && part.name === column.name)
    return key.includes(column.name) && after !== undefined && shape(column) !== shape(after)
  })
}

export function onlyAdds(a: CatalogueObject, b: CatalogueObject): boolean {
  const values = b.parts.map(({ name }) => name)
  const kept = values.filter((value) => a.parts.some(({ name }) => name === value))
  return kept.length === a.parts.length && kept.every((value, at) => value === a.parts[at]!.name)
}

/** A value that was added cannot be used in the same transaction. */
function usesNew(a: CatalogueObject, b: CatalogueObject, all: Objects): boolean {
  const fresh = b.parts.filter(({ name }) => !a.parts.some((part) => part.name === name))
  const texts = fresh.map(({ name }) => `'${name.replaceAll("'", "''")}'::${titleOf(b)}`)
  if (texts.length === 0) return false
  const said = (properties: Properties) =>
    Object.values(properties).some((value) => texts.some((text) => value.includes(text)))
  return [...all.values()].some(
    ({ kind, properties, parts }) =>
      kind !== 'function' && (said(properties) || parts.some((part) => said(part.properties))),
  )
}

export function fatesOf(actual: readonly CatalogueObject[], expected: readonly CatalogueObject[]): Fates {
  const there = objectsOf(actual)
  const wanted = objectsOf(expected)
  const fates = new Map<string, Fate>()
  const retyped = new Set<string>()
  for (const object of actual) {
    const key = keyOf(object)
    const after = wanted.get(key)
    if (!after) fates.set(key, 'drop')
    else if (isDifferent(object, after)) {
      const own = Object.keys({ ...object.properties, ...after.properties }).filter(
        (property) => !aspects.includes(property),
      )
      const stays = inPlace[object.kind]
      const isSame = stays ? stays(object, after, wanted) : same(object.properties, after.properties, own)
      fates.set(key, isSame ? 'change' : 'again')
    }
    if (after && hasParts(object))
      for (const [reference, fate] of partFates(object, after, retyped)) fates.set(reference, fate)
  }
  return spread({ there, wanted, fates, retyped })
}

const hasParts = (object: CatalogueObject) => isTable(object) || object.kind === 'materialized view'

function isDifferent(a: CatalogueObject, b: CatalogueObject): boolean {
  const text = ({ properties, parts }: CatalogueObject) =>
    JSON.stringify([
      Object.entries(properties).sort(),
      parts.map(({ kind, name, properties }) => [kind, name, Object.entries(properties).sort()]),
    ])
  return text(a) !== text(b)
}

function partFates(a: CatalogueObject, b: CatalogueObject, retyped: Set<string>): readonly (readonly [string, Fate])[] {
  const key = keyOf(a)
  return a.parts.flatMap((part): readonly (readonly [string, Fate])[] => {
    if (part.kind === 'column' && !isTable(a)) return []
    const reference = partReference(key, part)
    const after = b.parts.find(({ kind, name }) => kind === part.kind && name === part.name)
    if (!after) return [[reference, 'drop']]
    if (part.kind === 'column') {
      if (isRemade(part, after)) return [[reference, 'again']]
      if (shape(part) !== shape(after)) retyped.add(reference)
      return sameText(part, after) ? [] : [[reference, 'change']]
    }
    if (sameText(part, after)) return []
    return [[reference, isChangedInPlace(part, after) ? 'change' : 'again']]
  })
}

const sameText = (a: Part, b: Part) =>
  same(a.properties, b.properties, Object.keys({ ...a.properties, ...b.properties }))

/** A generated column has no values of its own, and only a stored one becomes a plain one. */
function isRemade(a: Part, b: Part): boolean {
  const [from, to] = [a.properties.generated, b.properties.generated]
  if (from === to) return from !== undefined && shape(a) !== shape(b)
  return !(from !== undefined && isStored(from) && to === undefined)
}

/** A comment, being chosen for something, or being found valid. */
function isChangedInPlace(a: Part, b: Part): boolean {
  if (a.properties.invalid !== b.properties.invalid) return false
  const bare = ({ properties }: Part) =>
    [properties.definition!.replace(/ NOT VALID$/, ''), properties.options, properties.statistics].join('\n')
  const [from, to] = [a, b].map(({ properties }) => / NOT VALID$/.test(properties.definition!))
  if (a.properties.attached !== b.properties.attached && b.properties.attached === undefined) return false
  return bare(a) === bare(b) && (from === to || from === true)
}

interface Spreading {
  readonly there: Objects
  readonly wanted: Objects
  readonly fates: Map<string, Fate>
  readonly retyped: Set<string>
}

/** What needs something that goes, or changes its type, is made again too; and so on. */
function spread({ there, wanted, fates, retyped }: Spreading): Fates {
  const { dependents, things } = dependentsOf(there)
  const detached = new Set<string>()
  const queue: { readonly thing: string; readonly isRetyped: boolean }[] = [
    ...[...fates].filter(([, fate]) => fate !== 'change').map(([thing]) => ({ thing, isRetyped: false })),
    ...[...retyped].map((thing) => ({ thing, isRetyped: true })),
  ]
  const becomes = (thing: string, fate: Fate) => {
    const before = fates.get(thing)
    if (before === 'drop' || before === 'again') return
    fates.set(thing, fate)
    queue.push({ thing, isRetyped: false })
  }
  for (const object of there.values()) {
    const after = wanted.get(keyOf(object))
    const isIn = ({ properties }: CatalogueObject) => properties['partition of'] ?? properties.inherits
    if (after && isTable(object) && isIn(object) !== undefined && isIn(object) !== isIn(after))
      detached.add(keyOf(object))
  }
  for (let next = queue.shift(); next; next = queue.shift()) {
    const { thing, isRetyped } = next
    for (const dependent of dependents.get(thing) ?? []) {
      const { object, part, isDefault } = things.get(dependent)!
      if (fates.get(keyOf(object)) === 'drop') continue
      if (!part) {
        if (!isTable(object)) {
          const follows = isRetyped && (object.kind === 'statistics' || object.kind === 'grant')
          if (!follows) becomes(dependent, 'again')
        } else if (!isRetyped && there.get(ownerOf(thing, there) ?? '')?.kind === 'table') detached.add(keyOf(object))
        else if (!isRetyped) becomes(dependent, 'again')
      } else if (isDefault) {
        if (!isRetyped) becomes(dependent, 'again')
      } else if (part.kind !== 'column') {
        if (!isRetyped || part.kind === 'foreign key') becomes(dependent, isIn(wanted, object, part) ? 'again' : 'drop')
      } else if (part.properties.generated !== undefined)
        becomes(dependent, isIn(wanted, object, part) ? 'again' : 'drop')
      else if (!isRetyped && !fates.get(dependent)?.match(/drop|again/) && !retyped.has(dependent)) {
        retyped.add(dependent)
        fates.set(dependent, 'change')
        queue.push({ thing: dependent, isRetyped: true })
      }
    }
    for (const follower of followers(thing, there, things)) becomes(follower, 'again')
  }
  return { of: fates, retyped, detached, dependents }
}

function isIn(wanted: Objects, object: CatalogueObject, part: Part): boolean {
  return wanted.get(keyOf(object))?.parts.some(({ kind, name }) => kind === part.kind && name === part.name) ?? false
}

interface Thing {
  readonly object: CatalogueObject
  readonly part: Part | undefined
  readonly isDefault: boolean
}

/** With an object go its parts, so what needs one of them needs it. */
function dependentsOf(there: Objects): {
  dependents: ReadonlyMap<string, readonly string[]>
  things: ReadonlyMap<string, Thing>
} {
  const dependents = new Map<string, string[]>()
  const things = new Map<string, Thing>()
  const add = (thing: string, needs: readonly string[], of: Thing) => {
    things.set(thing, of)
    for (const need of needs) {
      const owner = ownerOf(need, there)
      if (owner === undefined) continue
      for (const one of new Set([need, owner])) dependents.set(one, [...(dependents.get(one) ?? []), thing])
    }
  }
  for (const object of there.values()) {
    const key = keyOf(object)
    const isLoose = hasParts(object)
    const own = isLoose ? [] : object.parts.flatMap(({ needs = [] }) => needs)
    add(key, [...object.needs, ...own], { object, part: undefined, isDefault: false })
    if (!isLoose) continue
    for (const part of object.parts) {
      const reference = partReference(key, part)
      add(reference, part.kind === 'column' ? (part.needs ?? []) : looseNeeds(part), { object, part, isDefault: false })
      if (part.defaultNeeds) add(`default ${reference}`, part.defaultNeeds, { object, part, isDefault: true })
    }
  }
  return { dependents, things }
}

/** The keys and checks that partitions have from the table that they are in. */
function followers(thing: string, there: Objects, things: ReadonlyMap<string, Thing>): readonly string[] {
  const { object, part } = things.get(thing) ?? {}
  if (!object || !part || part.kind === 'column' || object.properties['partitioned by'] === undefined) return []
  return partitionsOf(object, there).flatMap((child) =>
    child.parts.filter((own) => isFrom(part, own)).map((own) => partReference(keyOf(child), own)),
  )
}

/** Whether a partition's part is there because the table that it is in has this one. */
export function isFrom(parent: Part, own: Part): boolean {
  if (own.kind !== parent.kind) return false
  if (own.kind === 'check') return own.name === parent.name
  return own.properties.attached !== undefined && own.properties.definition === parent.properties.definition
}

/** The tables that are parts of, or inherit from, this one. */
export function partitionsOf(parent: CatalogueObject, all: Objects): readonly CatalogueObject[] {
  const title = titleOf(parent)
  return [...all.values()].filter(({ properties }) => placeOf(properties)?.parent === title)
}
