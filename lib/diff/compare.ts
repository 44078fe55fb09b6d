import { type Catalogue, type CatalogueObject, keyOf, type Part, type Properties } from '../catalogue/model.ts'

/** One thing that two catalogues say differently. */
export interface Difference {
  /** The object's key: `table lead`. */
  readonly object: string
  /** What of it: `object`, `column status`, `index lead_email`, `order of columns`, or the name of a property. */
  readonly kind: string
  /** null where it is not there. */
  readonly expected: string | null
  readonly actual: string | null
}

/** What two catalogues say of one object; one side is undefined where it is not there. */
export interface ObjectPair {
  readonly key: string
  readonly expected: CatalogueObject | undefined
  readonly actual: CatalogueObject | undefined
}

/** The objects of two catalogues side by side, in the order of their keys. */
export function pairs(expected: Catalogue, actual: Catalogue): readonly ObjectPair[] {
  const wanted = new Map(expected.objects.map((object) => [keyOf(object), object]))
  const there = new Map(actual.objects.map((object) => [keyOf(object), object]))
  const keys = [...new Set([...wanted.keys(), ...there.keys()])].sort()
  return keys.map((key) => ({ key, expected: wanted.get(key), actual: there.get(key) }))
}

/** Everything in which a catalogue is not as it should be; none where the schemas are the same. */
export function compare(expected: Catalogue, actual: Catalogue): readonly Difference[] {
  return pairs(expected, actual).flatMap(differencesOf)
}

export function differencesOf({ key, expected, actual }: ObjectPair): readonly Difference[] {
  if (!expected || !actual)
    return [
      {
        object: key,
        kind: 'object',
        expected: expected ? summary(expected) : null,
        actual: actual ? summary(actual) : null,
      },
    ]
  return [
    ...properties(expected.properties, actual.properties).map((difference) => ({ object: key, ...difference })),
    ...parts(expected.parts, actual.parts).map((difference) => ({ object: key, ...difference })),
  ]
}

type Detail = Omit<Difference, 'object'>

function properties(expected: Properties, actual: Properties): readonly Detail[] {
  const names = [...new Set([...Object.keys(expected), ...Object.keys(actual)])]
  return names
    .filter((name) => expected[name] !== actual[name])
    .map((name) => ({ kind: name, expected: expected[name] ?? null, actual: actual[name] ?? null }))
}

function parts(expected: readonly Part[], actual: readonly Part[]): readonly Detail[] {
  const wanted = new Map(expected.map((part) => [partKey(part), part]))
  const there = new Map(actual.map((part) => [partKey(part), part]))
  const keys = [...new Set([...wanted.keys(), ...there.keys()])]
  const changed = keys.flatMap((key) => {
    const [a, b] = [wanted.get(key), there.get(key)].map((part) => (part ? partText(part) : null))
    return a === b ? [] : [{ kind: key, expected: a ?? null, actual: b ?? null }]
  })
  return [...changed, ...orders(expected, actual, new Set([...wanted.keys()].filter((key) => there.has(key))))]
}

/** The order of columns, and of an enum's values, among those that both have. */
function orders(expected: readonly Part[], actual: readonly Part[], common: ReadonlySet<string>): readonly Detail[] {
  return (['column', 'value'] as const).flatMap((kind) => {
    const [a, b] = [expected, actual].map((all) =>
      all
        .filter((part) => part.kind === kind && common.has(partKey(part)))
        .map(({ name }) => name)
        .join(', '),
    )
    return a === b ? [] : [{ kind: `order of ${kind}s`, expected: a!, actual: b! }]
  })
}

export function partKey({ kind, name }: Part): string {
  return `${kind} ${name}`
}

/** A part as one line: its properties in the order in which they were read, each but the first with its name. */
export function partText({ properties }: Part): string {
  return Object.entries(properties)
    .map(([name, value], index) => (index === 0 ? value : value === 'yes' ? name : `${name} ${value}`))
    .join(', ')
}

function summary(object: CatalogueObject): string {
  const columns = object.parts.filter(({ kind }) => kind === 'column').length
  if (columns > 0) return `${columns} column${columns === 1 ? '' : 's'}`
  return Object.values(object.properties)[0] ?? 'there'
}
