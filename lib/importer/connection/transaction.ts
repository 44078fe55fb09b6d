import type { Value } from '../../python/values.ts'
import { DatabaseHandle } from '../database-handle.ts'
import { type Call, hostFunction } from '../host-function.ts'
import type { Recorder } from '../recorder.ts'

/** How many effects there were when a script last committed. */
const committed = new WeakMap<Recorder, number>()

export function commit(recorder: Recorder, { vm }: Call): null {
  committed.set(recorder, vm.effectCount)
  return null
}

/** In a handler it is part of failing, where the runner rolls back too; elsewhere it undoes what was done. */
export function rollback(recorder: Recorder, { vm, at }: Call): null {
  const open = vm.effectCount > (committed.get(recorder) ?? 0)
  if (open && vm.handling.length === 0) recorder.todo(vm, 'the script rolls back what it did', at)
  return null
}

/** What `begin()` gives: a transaction, or in a `with` the connection that it belongs to. */
export class Transaction extends DatabaseHandle {
  readonly #recorder: Recorder
  readonly #entered: Value | undefined

  constructor(recorder: Recorder, entered?: Value) {
    super('a transaction')
    this.#recorder = recorder
    this.#entered = entered
  }

  override get(name: string): Value | undefined {
    if (name === 'commit') return hostFunction(name, (call) => commit(this.#recorder, call))
    if (name === 'rollback') return hostFunction(name, (call) => rollback(this.#recorder, call))
    if (name === 'close' || name === 'start') return hostFunction(name, () => (name === 'start' ? this : null))
    return name === 'is_active' || name === 'is_valid' ? true : undefined
  }

  override enter(): Value {
    return this.#entered ?? this
  }

  override truth(): boolean {
    return true
  }
}
