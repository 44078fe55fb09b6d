import type { Span } from '../python/ast.ts'
import { HostObject } from '../python/host.ts'
import type { Interpreter } from '../python/interpreter.ts'
import type { Kwargs, Value } from '../python/values.ts'
import { Unreadable } from './unreadable.ts'

export interface Call {
  readonly args: readonly Value[]
  readonly kwargs: Kwargs
  readonly vm: Interpreter
  readonly at: Span
}

/** A function of a library that the importer knows. What it cannot read makes its result unknown. */
class HostFunction extends HostObject {
  readonly #run: (call: Call) => Value | undefined

  constructor(label: string, run: (call: Call) => Value | undefined) {
    super(label)
    this.#run = run
  }

  override call(args: readonly Value[], kwargs: Kwargs, vm: Interpreter, at: Span): Value | undefined {
    try {
      return this.#run({ args, kwargs, vm, at })
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error
      return vm.unknown(error.message.replace(/ is not known$/, ''), at, args)
    }
  }
}

export function hostFunction(label: string, run: (call: Call) => Value | undefined): HostObject {
  return new HostFunction(label, run)
}
