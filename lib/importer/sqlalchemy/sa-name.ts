import { HostObject } from '../../python/host.ts'
import type { Interpreter } from '../../python/interpreter.ts'
import { Instance, type Value } from '../../python/values.ts'
import type { Name } from '../../schema/table.ts'
import { known, textOf } from '../arguments.ts'

/** `op.f('ix_a')`, `conv('ix_a')`: a name that no naming convention is applied to. */
export class SaName extends HostObject {
  readonly name: string

  constructor(name: string) {
    super('a fixed name')
    this.name = name
  }

  override text(): string {
    return this.name
  }

  override truth(): boolean {
    return this.name !== ''
  }

  override get(name: string, vm: Interpreter): Value | undefined {
    return vm.attribute(this.name, name)
  }

  override binary(operator: string, other: Value, reflected: boolean): Value | undefined {
    const text = other instanceof SaName ? other.name : other
    if (typeof text !== 'string') return undefined
    if (operator === '==') return text === this.name
    if (operator === '!=') return text !== this.name
    if (operator === '+') return reflected ? text + this.name : this.name + text
    return undefined
  }
}

export function nameFrom(vm: Interpreter, value: Value, what = 'a name'): Name | undefined {
  const found = known(vm, value)
  if (found === null) return undefined
  if (found instanceof SaName) return { fixed: found.name }
  return plainText(found) ?? textOf(vm, found, what)
}

/** A string, or what a member of `class E(str, Enum)` is as one. */
export function plainText(value: Value): string | undefined {
  if (typeof value === 'string') return value
  return value instanceof Instance && typeof value.native === 'string' ? value.native : undefined
}
