import type { HostObject } from '../python/host.ts'
import type { Value } from '../python/values.ts'
import { type Call, hostFunction } from './host-function.ts'
import type { Recorder } from './recorder.ts'
import { recorderOf } from './recorder-of.ts'
import { Unreadable } from './unreadable.ts'

/** A function that changes the database. What it cannot read is a todo. */
export function effectFunction(label: string, run: (call: Call, recorder: Recorder) => Value | undefined): HostObject {
  return hostFunction(label, (call) => {
    const recorder = recorderOf(call.vm)
    try {
      return run(call, recorder) ?? null
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error
      recorder.todo(call.vm, error.message, call.at)
      return null
    }
  })
}
