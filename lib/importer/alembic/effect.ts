import type { Span } from '../../python/ast.ts'
import { HostObject } from '../../python/host.ts'
import type { Interpreter } from '../../python/interpreter.ts'
import type { Kwargs, Value } from '../../python/values.ts'
import type { Call } from '../host-function.ts'

/** A function with an effect: what is unreadable in its call, it deals with itself. */
class Effectful extends HostObject {
  readonly #run: (call: Call) => Value

  constructor(label: string, run: (call: Call) => Value) {
    super(label)
    this.#run = run
  }

  override call(args: readonly Value[], kwargs: Kwargs, vm: Interpreter, at: Span): Value {
    return this.#run({ args, kwargs, vm, at })
  }
}

export function effect(label: string, run: (call: Call) => Value): HostObject {
  return new Effectful(label, run)
}
