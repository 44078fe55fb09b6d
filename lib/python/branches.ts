import { mergeSaved, mergeValues } from './merge.ts'
import { type Alternative, type Completion, done, PyRaise, type Region } from './outcome.ts'
import { always, and, atoms, knownIn, never, not, or, type Predicate, simplifyWith, size } from './predicates.ts'
import { type Mutable, nextBirth, type Saved, type Unknown } from './values.ts'

/** A condition of more literals than this is no longer followed: it would double with every branch. */
const heaviest = 64

/**
 * The path predicate and the state under it. A condition that cannot be settled runs both arms, one after the other, each
 * from the same state; their ends are alternatives, and `join` makes one state of those that go on from here. Those that
 * leave (return, break, raise) wait in a region until the boundary that catches them, while the rest carries their negation.
 */
export class Branches {
  #path: Predicate[] = []
  #regions: Region[] = []
  /** What each beginning of the path settles, by its length; filled as the path grows. */
  #known: ReadonlyMap<string, boolean>[] = [new Map()]
  /** The length from which on the path contradicts itself. */
  #contradicted = Number.POSITIVE_INFINITY
  readonly #lost: (predicate: Predicate) => Unknown
  readonly #doubt: () => Predicate

  /**
   * @param lost makes the Unknown for a name whose value depends on this predicate
   * @param doubt makes a predicate of its own, of which nothing is known
   */
  constructor(lost: (predicate: Predicate) => Unknown, doubt: () => Predicate) {
    this.#lost = lost
    this.#doubt = doubt
  }

  get path(): readonly Predicate[] {
    return this.#path
  }

  /** What holds for sure here, literal by literal. */
  known(): ReadonlyMap<string, boolean> {
    for (let length = this.#known.length; length <= this.#path.length; length++) {
      const path = this.#path.slice(0, length)
      const known = this.#contradicted < length ? undefined : knownBeside(path, this.#known[length - 1]!)
      if (!known) this.#contradicted = Math.min(this.#contradicted, length)
      this.#known.push(known ?? knownOf(path))
    }
    return this.#known[this.#path.length]!
  }

  /** The predicate, as far as the path does not settle it. */
  settle(p: Predicate): Predicate {
    return this.#path.length === 0 ? p : simplifyWith(p, this.known())
  }

  /** To be called before anything changes. */
  touch(m: Mutable): void {
    const top = this.#regions.at(-1)
    if (top && m.born < top.id && !top.saved.has(m)) top.saved.set(m, m.save())
  }

  /** Runs one arm or the other, or both where the predicate is open. The result is how it goes on from here. */
  branch(predicate: Predicate, yes: () => Completion, no: () => Completion): Completion {
    const settled = this.settle(predicate)
    if (settled.op === 'const') return settled.value ? yes() : no()
    const base = this.#path.length
    const alternatives = [...this.arm(settled, yes), ...this.arm(not(settled), no)]
    return this.join(alternatives, base, (completion) => completion.type === 'normal')
  }

  /** Runs under a further predicate, takes all changes back, and gives the ways in which it may end. */
  arm(predicate: Predicate, run: () => Completion): Alternative[] {
    const base = this.#path.length
    const regions = this.#regions.length
    this.#open([])
    this.#push(predicate)
    const completion = attempt(run)
    const { alternatives, saved } = this.#collapse(regions, completion)
    for (const [m, before] of saved) m.load(before)
    this.#truncate(base)
    return alternatives
  }

  /** Runs something that catches some ways out: a function catches returns, a loop breaks, a `try` exceptions. */
  boundary(run: () => Completion, catches: (completion: Completion) => boolean): Completion {
    const base = this.#path.length
    const regions = this.#regions.length
    const completion = attempt(run)
    if (this.#regions.length === regions) {
      if (completion.type === 'raise' && !catches(completion)) throw completion.error
      return completion
    }
    const { alternatives, saved } = this.#collapse(regions, completion)
    for (const [m, before] of saved) this.#touchWith(m, before)
    for (const [m, before] of saved) m.load(before)
    this.#truncate(base)
    return this.join(alternatives, base, catches)
  }

  /** What may have ended otherwise since the region count `from`; for a `try` that looks for conditional exceptions. */
  get depth(): number {
    return this.#regions.length
  }

  escapesSince(depth: number): readonly Alternative[] {
    return this.#regions.slice(depth).flatMap((region) => region.escapes)
  }

  /** As `boundary`, but gives the alternatives instead of joining them. */
  separate(run: () => Completion): Alternative[] {
    return this.arm(always, run)
  }

  /** Applies an alternative's state and goes on under its path. */
  resume(alternative: Alternative, base: number, run: () => Completion): Alternative[] {
    const relative = and(alternative.path.slice(base))
    return this.arm(relative, () => {
      this.apply(alternative.state)
      return run()
    })
  }

  /** One state and one way on, out of alternatives that begin at this path; the others wait as escapes. */
  join(given: readonly Alternative[], base: number, goesOn: (completion: Completion) => boolean): Completion {
    const possible = given.filter(({ path }) => and(path.slice(base)) !== never)
    const alternatives = possible.length > 0 ? possible : given
    const going = alternatives.filter(({ completion }) => goesOn(completion) || completion.type === 'normal')
    const last = going.at(-1) ?? alternatives.at(-1)!
    const merged = going.length > 0 ? going : [last]
    const waiting = alternatives.filter((alternative) => !merged.includes(alternative))
    const touched = this.#complete(alternatives)
    const completion = this.#merge(merged, base, touched)
    if (waiting.length > 0) {
      const ways = waiting.map(({ path }) => path.slice(base))
      const weight = ways.flat().reduce((sum, p) => sum + size(p), 0)
      this.#push(weight > heaviest ? this.#doubt() : not(or(ways.map((way) => and(way)))))
      this.#open(waiting)
    }
    if (completion.type === 'raise' && !goesOn(completion)) throw completion.error
    return completion
  }

  /** Gives every alternative a state of everything that any of them touched. */
  #complete(alternatives: readonly Alternative[]): Set<Mutable> {
    const touched = new Set(alternatives.flatMap(({ state }) => [...state.keys()]))
    for (const { state } of alternatives) {
      for (const m of touched) if (!state.has(m)) state.set(m, m.save())
    }
    return touched
  }

  #merge(merged: readonly Alternative[], base: number, touched: ReadonlySet<Mutable>): Completion {
    const last = merged.at(-1)!
    let { completion } = last
    const state = new Map([...touched].map((m) => [m, last.state.get(m)!]))
    for (const other of merged.slice(0, -1).reverse()) {
      const predicate = and(other.path.slice(base))
      for (const m of touched) {
        state.set(m, mergeSaved(predicate, other.state.get(m)!, state.get(m)!, this.#lost))
      }
      completion = mergeCompletions(predicate, other.completion, completion, this.#lost)
    }
    this.apply(state)
    return completion
  }

  apply(state: ReadonlyMap<Mutable, Saved>): void {
    for (const [m, saved] of state) {
      this.touch(m)
      m.load(saved)
    }
  }

  #collapse(from: number, completion: Completion): { alternatives: Alternative[]; saved: Map<Mutable, Saved> } {
    const regions = this.#regions.slice(from)
    const saved = new Map<Mutable, Saved>()
    for (const region of regions) {
      for (const [m, before] of region.saved) if (!saved.has(m)) saved.set(m, before)
    }
    const alternatives: Alternative[] = []
    regions.forEach((region, at) => {
      for (const way of region.escapes) {
        const state = new Map(way.state)
        for (const m of saved.keys()) {
          if (state.has(m)) continue
          const later = regions.slice(at).find((candidate) => candidate.saved.has(m))
          state.set(m, later?.saved.get(m) ?? m.save())
        }
        alternatives.push({ ...way, state })
      }
    })
    const state = new Map([...saved.keys()].map((m) => [m, m.save()]))
    // What an way changed and nothing else touched is, without it, as it is now.
    for (const m of alternatives.flatMap((a) => [...a.state.keys()])) if (!state.has(m)) state.set(m, m.save())
    alternatives.push({ path: [...this.#path], completion, state })
    this.#regions.length = from
    return { alternatives, saved }
  }

  #touchWith(m: Mutable, before: Saved): void {
    const top = this.#regions.at(-1)
    if (top && m.born < top.id && !top.saved.has(m)) top.saved.set(m, before)
  }

  #open(escapes: readonly Alternative[]): void {
    this.#regions.push({ id: nextBirth(), saved: new Map(), escapes })
  }

  #push(predicate: Predicate): void {
    const settled = this.settle(predicate)
    this.#path.push(size(settled) > heaviest ? this.#doubt() : settled)
  }

  #truncate(length: number): void {
    this.#path.length = length
    this.#known.length = Math.min(this.#known.length, length + 1)
    if (length < this.#contradicted) this.#contradicted = Number.POSITIVE_INFINITY
  }
}

/** What a whole path settles: what is settled may settle more. */
function knownOf(path: readonly Predicate[]): ReadonlyMap<string, boolean> {
  let known = new Map<string, boolean>()
  for (let grown = true; grown; ) {
    const next = knownIn(and(path.map((p) => simplifyKeeping(p, known))))
    grown = next.size > known.size
    known = new Map([...known, ...next])
  }
  return known
}

/**
 * The same with what the path without its last predicate settles, which that has been simplified with. Undefined where
 * the path contradicts itself.
 */
function knownBeside(
  path: readonly Predicate[],
  before: ReadonlyMap<string, boolean>,
): ReadonlyMap<string, boolean> | undefined {
  const last = path.at(-1)!
  if (last === never) return undefined
  let fresh = knownIn(last)
  if (fresh.size === 0) return before
  const known = new Map(before)
  while (fresh.size > 0) {
    for (const [key, holds] of fresh) known.set(key, holds)
    const found = new Map<string, boolean>()
    for (const p of path) {
      if (p.op === 'is' || p.op === 'const' || !mentions(p, fresh)) continue
      const simple = simplifyWith(p, known)
      if (simple.op === 'const' && !simple.value) return undefined
      for (const [key, holds] of knownIn(simple)) {
        if ((found.get(key) ?? holds) !== holds) return undefined
        found.set(key, holds)
      }
    }
    fresh = found
  }
  return known
}

function mentions(p: Predicate, keys: ReadonlyMap<string, boolean>): boolean {
  if (p.op === 'is') return keys.has(p.atom.key)
  return p.op !== 'const' && p.of.some((inner) => mentions(inner, keys))
}

function simplifyKeeping(p: Predicate, known: ReadonlyMap<string, boolean>): Predicate {
  return p.op === 'is' ? p : simplifyWith(p, known)
}

/** Runs, and makes a Python exception a completion. */
export function attempt(run: () => Completion): Completion {
  try {
    return run()
  } catch (error) {
    if (error instanceof PyRaise) return { type: 'raise', error }
    throw error
  }
}

function mergeCompletions(
  predicate: Predicate,
  a: Completion,
  b: Completion,
  lost: (predicate: Predicate) => Unknown,
): Completion {
  const value = mergeValues(predicate, heldBy(a), heldBy(b), lost)
  if (a.type === 'return' || b.type === 'return') return { type: 'return', value }
  return value === null ? (b.type === 'raise' ? b : b.type === 'normal' ? b : done) : { type: 'normal', value }
}

function heldBy(completion: Completion) {
  return completion.type === 'return' || completion.type === 'normal' ? completion.value : null
}

export function hasUnknown(p: Predicate): boolean {
  return atoms(p).some((atom) => atom.type !== 'fact')
}
