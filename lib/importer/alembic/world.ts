import type { Value } from '../../python/values.ts'
import { Connection } from '../connection/connection.ts'
import type { Recorder } from '../recorder.ts'

/** What the modules of Alembic share while one script is read on one dialect. */
export class World {
  readonly recorder: Recorder
  readonly connection: Connection
  /** `@Operations.register_operation(…)`: directives of the script's own, by name, and those of a batch. */
  readonly registered = new Map<string, Value>()
  readonly registeredInBatch = new Map<string, Value>()
  /** `@Operations.implementation_for(…)`, by the class of the operation. */
  readonly implementations = new Map<Value, Value>()

  constructor(recorder: Recorder) {
    this.recorder = recorder
    this.connection = new Connection(recorder)
  }
}

const worlds = new WeakMap<Recorder, World>()

export function worldOf(recorder: Recorder): World {
  const known = worlds.get(recorder)
  if (known) return known
  const made = new World(recorder)
  worlds.set(recorder, made)
  return made
}
