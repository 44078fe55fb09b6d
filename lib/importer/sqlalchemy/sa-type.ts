import type { Span } from '../../python/ast.ts'
import { HostObject } from '../../python/host.ts'
import type { Interpreter } from '../../python/interpreter.ts'
import { Instance, type Kwargs, PyClass, type Value } from '../../python/values.ts'
import { type TypeOrigin, type TypeSpec, type as typeSpec } from '../../schema/type-spec.ts'
import type { Call } from '../host-function.ts'
import { Unreadable } from '../unreadable.ts'
import { enumLabels } from './enum-call.ts'
import { typeAttribute } from './type-attributes.ts'
import { specOfCall } from './type-call.ts'
import { isTypeOf } from './type-names.ts'
import { inheritedFromType } from './user-type.ts'

/** A column type that a script made: `sa.String(30)`, `postgresql.JSONB()`. */
export class SaType extends HostObject {
  readonly spec: TypeSpec
  /** The labels of `sa.Enum(Color)` by the members of the class. */
  readonly labels: ReadonlyMap<Value, string>

  constructor(spec: TypeSpec, labels: ReadonlyMap<Value, string> = new Map()) {
    super(`the type ${spec.kind}`)
    this.spec = spec
    this.labels = labels
  }

  override get(name: string, vm: Interpreter, at: Span): Value | undefined {
    return typeAttribute(this, name, vm, at)
  }

  override binary(operator: string, other: Value, _reflected: boolean): Value | undefined {
    if (operator === 'is' || operator === '==') return this === other
    return operator === 'is not' || operator === '!=' ? this !== other : undefined
  }

  override truth(): boolean {
    return true
  }

  override text(how: 'str' | 'repr', vm: Interpreter): string | undefined {
    const text = how === 'str' ? typeAttribute(this, '__str__', vm, vm.node) : undefined
    return typeof text === 'string' ? text : undefined
  }
}

/** The class of a type: `sa.String`, `postgresql.JSONB`. */
export class TypeClass extends HostObject {
  readonly name: string
  readonly origin: TypeOrigin

  constructor(name: string, origin: TypeOrigin = 'sqlalchemy') {
    super(name)
    this.name = name
    this.origin = origin
  }

  /** What a column means that names the class without calling it. */
  get spec(): TypeSpec {
    return typeSpec(this.name, undefined, this.origin)
  }

  override get(name: string, vm: Interpreter): Value | undefined {
    if (name === '__name__' || name === '__qualname__') return this.name
    if (name === 'NULL' && this.name.startsWith('JSON')) return vm.unknown('JSON.NULL')
    return undefined
  }

  override call(args: readonly Value[], kwargs: Kwargs, vm: Interpreter, at: Span): Value | undefined {
    try {
      const call = { args, kwargs, vm, at }
      const spec = this.specOf(call)
      return new SaType(spec, enumLabels(call, spec))
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error
      return vm.unknown(error.message, at, args)
    }
  }

  /** The type that a call of it makes. */
  specOf(call: Call): TypeSpec {
    return specOfCall(this, call)
  }

  /** `TypeDecorator[str]`: what it is generic in means nothing to a database. */
  override index(): Value {
    return this
  }

  override truth(): boolean {
    return true
  }

  override hasInstance(value: Value): boolean | undefined {
    if (value instanceof SaType) return this.covers(value.spec.kind, value.spec.origin)
    if (value instanceof Instance) return this.hasSubclass(value.cls)
    return value instanceof HostObject || value instanceof PyClass ? false : undefined
  }

  hasSubclass(cls: PyClass): boolean | undefined {
    const base = cls.foreign.find((found) => found instanceof TypeClass)
    return base instanceof TypeClass ? this.covers(base.name, base.origin) : undefined
  }

  covers(kind: string, origin: TypeOrigin = 'sqlalchemy'): boolean {
    return isTypeOf({ kind, origin }, { kind: this.name, origin: this.origin })
  }

  override binary(operator: string, other: Value): Value | undefined {
    const same = other instanceof TypeClass && other.name === this.name && other.origin === this.origin
    if (operator === 'is' || operator === '==') return same
    return operator === 'is not' || operator === '!=' ? !same : undefined
  }

  override inherited(self: Value, name: string, vm: Interpreter, at: Span): Value | undefined {
    return self instanceof Instance ? inheritedFromType(this, self, name, vm, at) : undefined
  }
}
