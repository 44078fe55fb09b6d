import type { Interpreter } from '../python/interpreter.ts'
import type { Recorder } from './recorder.ts'
import { unreadable } from './unreadable.ts'

const recorders = new WeakMap<Interpreter, Recorder>()

/** To be called where modules are made: values find their recorder by the interpreter they live in. */
export function remember(vm: Interpreter, recorder: Recorder): void {
  recorders.set(vm, recorder)
}

export function recorderOf(vm: Interpreter): Recorder {
  return recorders.get(vm) ?? unreadable('SQLAlchemy is used without being imported')
}
