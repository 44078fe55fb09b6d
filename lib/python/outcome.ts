import type { Predicate } from './predicates.ts'
import type { Instance, Mutable, PyPlace, Saved, Value } from './values.ts'

/** A Python exception on its way; no Error, which would write down the JavaScript stack each time a script raises. */
export class PyRaise {
  readonly exc: Instance

  constructor(exc: Instance) {
    this.exc = exc
  }
}

export type BoundName = 'steps' | 'calls' | 'memory' | 'depth'

/** The script needs more than it may have. */
export class BoundsExceeded extends Error {
  readonly bound: BoundName
  place: PyPlace | undefined

  constructor(bound: BoundName, place?: PyPlace) {
    super(
      `the script takes more ${bound === 'steps' ? 'steps' : bound === 'memory' ? 'memory' : 'nested calls'} than allowed`,
    )
    this.bound = bound
    this.place = place
  }
}

export type Completion =
  | { readonly type: 'normal'; readonly value: Value }
  | { readonly type: 'return'; readonly value: Value }
  | { readonly type: 'break' }
  | { readonly type: 'continue' }
  | { readonly type: 'raise'; readonly error: PyRaise }

export const done: Completion = { type: 'normal', value: null }

/** One way in which a stretch of code may have ended: under which path, how, and with what state of all it touched. */
export interface Alternative {
  readonly path: readonly Predicate[]
  readonly completion: Completion
  readonly state: Map<Mutable, Saved>
}

/** A stretch of execution whose changes can be taken back; `escapes` are the ways out that were taken before it began. */
export interface Region {
  readonly id: number
  readonly saved: Map<Mutable, Saved>
  readonly escapes: readonly Alternative[]
}
