import type { Span } from '../ast.ts'
import { HostObject } from '../host.ts'
import type { Interpreter } from '../interpreter.ts'
import { Builtin, type Kwargs, PyClass, type Value } from '../values.ts'

export interface Definitions {
  readonly attrs: Readonly<Record<string, Value>>
  readonly fallback?: (name: string) => Value | undefined
}
export type Modules = Readonly<Record<string, (vm: Interpreter) => Definitions>>
export type Run = (args: readonly Value[], kwargs: Kwargs, node: Span) => Value

export function native(name: string, run: Run): Builtin {
  return new Builtin(name, run)
}

/** A class of the standard library, with a maker of its own. */
export function standardClass(name: string, module: string, bases: readonly Value[] = []): PyClass {
  const cls = new PyClass(name, bases)
  cls.module = module
  return cls
}

/** Logging and the like: everything it has is itself, every call of it does nothing. */
export class Ignored extends HostObject {
  override get(): Value {
    return this
  }
  override call(): Value {
    return this
  }
  override set(): boolean {
    return true
  }
  override truth(): boolean {
    return true
  }
  override iterate(): readonly Value[] {
    return []
  }
}
