import type { Span } from '../../python/ast.ts'
import { HostObject } from '../../python/host.ts'
import type { Interpreter } from '../../python/interpreter.ts'
import type { Kwargs, Value } from '../../python/values.ts'
import type { Call } from '../host-function.ts'
import { Unreadable } from '../unreadable.ts'

/** A class of SQLAlchemy's: `sa.Column`. It makes values, and `isinstance` may be asked of it. */
export class SaClass extends HostObject {
  readonly #make: ((call: Call) => Value) | undefined
  readonly #has: ((value: Value) => boolean) | undefined
  readonly #attributes: Readonly<Record<string, Value>>

  constructor(
    label: string,
    make?: (call: Call) => Value,
    has?: (value: Value) => boolean,
    attributes: Readonly<Record<string, Value>> = {},
  ) {
    super(label)
    this.#make = make
    this.#has = has
    this.#attributes = attributes
  }

  override get(name: string): Value | undefined {
    if (name === '__name__') return this.label
    return Object.hasOwn(this.#attributes, name) ? this.#attributes[name] : undefined
  }

  override call(args: readonly Value[], kwargs: Kwargs, vm: Interpreter, at: Span): Value | undefined {
    try {
      return this.#make?.({ args, kwargs, vm, at })
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error
      return vm.unknown(error.message, at, args)
    }
  }

  override hasInstance(value: Value): boolean | undefined {
    return this.#has?.(value)
  }

  /** Subscripted for the sake of type hints. */
  override index(): Value {
    return this
  }

  override truth(): boolean {
    return true
  }
}
