import { nextStamp } from './names.ts'
import type { Fault } from './script.ts'

/** What the order of a history needs to know of a file. */
export interface Node {
  readonly source: string
  readonly revision: string | undefined
  readonly parents: readonly string[]
  readonly labels: readonly string[]
  readonly stamp: string | undefined
  readonly number: bigint | undefined
  readonly slug: string
}

export interface Placed<N extends Node> {
  readonly node: N
  readonly id: string
  /** The revisions that it follows, where that is not just the one before it in the line. */
  readonly after: readonly string[] | undefined
  readonly faults: readonly Fault[]
}

/**
 * Lays a graph of revisions out as one line: parents first, else by time, number and name. An id keeps the script's own
 * time, moved forward only where the order asks for it.
 * @param pinned ids of a former import, by source
 */
export function layOut<N extends Node>(nodes: readonly N[], pinned: ReadonlyMap<string, string>): readonly Placed<N>[] {
  const graph = new Graph(nodes)
  return withIds(graph.line(), graph, pinned)
}

class Graph<N extends Node> {
  readonly faults = new Map<N, Fault[]>()
  readonly #nodes: readonly N[]
  readonly #byName = new Map<string, N>()
  readonly #parents = new Map<N, readonly N[]>()

  constructor(nodes: readonly N[]) {
    this.#nodes = [...nodes].sort(byKey)
    for (const node of this.#nodes) this.#name(node)
    for (const node of this.#nodes) this.#parents.set(node, this.#parentsOf(node))
  }

  parents(node: N): readonly N[] {
    return this.#parents.get(node) ?? []
  }

  /** Kahn's algorithm; among those that may come next, the first by key. */
  line(): readonly N[] {
    const line: N[] = []
    const placed = new Set<N>()
    const waiting = [...this.#nodes]
    while (waiting.length > 0) {
      let at = waiting.findIndex((node) => this.parents(node).every((parent) => placed.has(parent)))
      if (at < 0) {
        at = 0
        this.#fault(waiting[0]!, 'its revisions follow each other in a circle')
      }
      const [next] = waiting.splice(at, 1) as [N]
      placed.add(next)
      line.push(next)
    }
    return line
  }

  #name(node: N): void {
    const stem = node.source.replace(/^.*\//, '').replace(/\.\w+$/, '')
    if (!this.#byName.has(stem)) this.#byName.set(stem, node)
    for (const label of node.labels) if (!this.#byName.has(label)) this.#byName.set(label, node)
    if (node.revision === undefined) return
    const other = this.#byName.get(node.revision)
    if (other?.revision === node.revision && other !== node)
      this.#fault(node, `${other.source} has the same revision ${node.revision}`)
    this.#byName.set(node.revision, node)
  }

  #parentsOf(node: N): readonly N[] {
    return node.parents.flatMap((name) => {
      const found = this.#byName.get(name) ?? this.#byPrefix(name)
      if (found && found !== node) return [found]
      this.#fault(node, `it follows ${name}, which is not in the folder`)
      return []
    })
  }

  /** Alembic takes the beginning of a revision for it where only one begins so. */
  #byPrefix(name: string): N | undefined {
    const found = this.#nodes.filter(({ revision }) => revision?.startsWith(name))
    return found.length === 1 && name.length >= 4 ? found[0] : undefined
  }

  #fault(node: N, reason: string): void {
    this.faults.set(node, [...(this.faults.get(node) ?? []), { line: 1, reason }])
  }
}

function byKey(a: Node, b: Node): number {
  return (
    compare(a.stamp ?? '', b.stamp ?? '') ||
    compare(a.number ?? -1n, b.number ?? -1n) ||
    compare(a.slug, b.slug) ||
    compare(a.source, b.source)
  )
}

function compare<T extends string | bigint>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Where a script tells no time at all. */
const firstStamp = '20000101_000000'

function withIds<N extends Node>(
  line: readonly N[],
  graph: Graph<N>,
  pinned: ReadonlyMap<string, string>,
): readonly Placed<N>[] {
  const placed: Placed<N>[] = []
  let before: string | undefined
  let lastRevision: N | undefined
  for (const node of line) {
    const id: string = idAfter(before, node, pinned.get(node.source))
    const parents = graph.parents(node)
    const straight = lastRevision ? parents.length === 1 && parents[0] === lastRevision : parents.length === 0
    const names = parents.flatMap(({ revision }) => (revision === undefined ? [] : [revision]))
    const after = node.revision === undefined || straight ? undefined : names
    placed.push({ node, id, after, faults: graph.faults.get(node) ?? [] })
    before = id
    if (node.revision !== undefined) lastRevision = node
  }
  return placed
}

function idAfter(before: string | undefined, { stamp, slug }: Node, pinned: string | undefined): string {
  if (pinned !== undefined && (before === undefined || pinned > before)) return pinned
  const next = before === undefined ? firstStamp : nextStamp(before.slice(0, 15))
  const own = `${stamp ?? next}_${slug}`
  return before === undefined || own > before ? own : `${next}_${slug}`
}
