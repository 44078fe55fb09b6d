/** Which column has to stand before which. */
export type Pair = readonly [before: string, after: string]

export interface Placing {
  readonly existing: readonly string[]
  /** A partial_reordering was given: then a new column without a place is not put anywhere. */
  readonly partial: boolean
}

/** The pairs that an added column brings (alembic/operations/batch.py, _setup_dependencies_for_add_column). */
export function placeColumn(
  name: string,
  { before, after }: { readonly before?: string | undefined; readonly after?: string | undefined },
  pairs: readonly Pair[],
  { existing, partial }: Placing,
): readonly Pair[] {
  if (partial) return [...pairs, ...between(name, before, after)]
  const last = existing.at(-1)
  if (before === undefined && after === undefined) return last === undefined ? pairs : [...pairs, [last, name]]
  return [
    ...pairs,
    ...between(name, before ?? follower(after, pairs, existing), after ?? leader(before, pairs, existing)),
  ]
}

function between(name: string, before: string | undefined, after: string | undefined): readonly Pair[] {
  return [
    ...(before === undefined ? [] : [[name, before] as const]),
    ...(after === undefined ? [] : [[after, name] as const]),
  ]
}

function follower(after: string | undefined, pairs: readonly Pair[], existing: readonly string[]): string | undefined {
  const at = existing.indexOf(after ?? '')
  return at >= 0 ? existing[at + 1] : pairs.findLast(([before]) => before === after)?.[1]
}

function leader(before: string | undefined, pairs: readonly Pair[], existing: readonly string[]): string | undefined {
  const at = existing.indexOf(before ?? '')
  return at >= 0 ? existing[at - 1] : pairs.findLast(([, after]) => after === before)?.[0]
}

/** Names in an order that keeps every pair, else as they are; `undefined` where the pairs go in a circle. */
export function sortByPairs(names: readonly string[], pairs: readonly Pair[]): readonly string[] | undefined {
  const sorted: string[] = []
  let open = [...names]
  while (open.length > 0) {
    const waiting = new Set(open)
    const free = open.filter((name) => !pairs.some(([b, a]) => a === name && b !== name && waiting.has(b)))
    if (free.length === 0) return undefined
    sorted.push(...free)
    open = open.filter((name) => !free.includes(name))
  }
  return sorted
}
