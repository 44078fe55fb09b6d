import { HostObject } from '../../python/host.ts'
import type { Interpreter } from '../../python/interpreter.ts'
import { keyOf } from '../../python/keys.ts'
import { Dict, List, Tuple, type Value } from '../../python/values.ts'
import { hostFunction } from '../host-function.ts'
import type { EnumProto, EnumValueProto, FileProto, MessageProto } from './file-descriptor.ts'

/** A descriptor of protobuf's. What generated code writes on one (`_options`, `_serialized_start`) says nothing of enums. */
abstract class Descriptor extends HostObject {
  override set(name: string): boolean {
    return name.startsWith('_') || name === 'has_options'
  }

  override truth(): boolean {
    return true
  }
}

export class EnumValueDescriptor extends Descriptor {
  readonly proto: EnumValueProto

  constructor(proto: EnumValueProto) {
    super('an enum value of protobuf')
    this.proto = proto
  }

  override get(name: string): Value | undefined {
    if (name === 'name') return this.proto.name
    return name === 'number' ? this.proto.number : undefined
  }
}

export class EnumDescriptor extends Descriptor {
  readonly proto: EnumProto

  constructor(proto: EnumProto) {
    super('an enum of protobuf')
    this.proto = proto
  }

  override get(name: string, vm: Interpreter): Value | undefined {
    const { values } = this.proto
    if (name === 'name') return this.proto.name
    if (name === 'values') return new List(values.map((value) => new EnumValueDescriptor(value)))
    return name === 'values_by_name' ? byName(vm, values, (value) => new EnumValueDescriptor(value)) : undefined
  }
}

export class MessageDescriptor extends Descriptor {
  readonly proto: MessageProto

  constructor(proto: MessageProto) {
    super('a message of protobuf')
    this.proto = proto
  }

  override get(name: string, vm: Interpreter): Value | undefined {
    const { proto } = this
    if (name === 'name') return proto.name
    if (name === 'enum_types') return new List(proto.enums.map((inner) => new EnumDescriptor(inner)))
    if (name === 'enum_types_by_name') return byName(vm, proto.enums, (inner) => new EnumDescriptor(inner))
    if (name === 'nested_types') return new List(proto.messages.map((inner) => new MessageDescriptor(inner)))
    return name === 'nested_types_by_name'
      ? byName(vm, proto.messages, (inner) => new MessageDescriptor(inner))
      : undefined
  }
}

export class FileDescriptor extends Descriptor {
  readonly proto: FileProto

  constructor(proto: FileProto) {
    super('a file of protobuf')
    this.proto = proto
  }

  override get(name: string, vm: Interpreter): Value | undefined {
    const { proto } = this
    if (name === 'name' || name === 'package') return proto[name]
    if (name === 'enum_types_by_name') return byName(vm, proto.enums, (inner) => new EnumDescriptor(inner))
    return name === 'message_types_by_name'
      ? byName(vm, proto.messages, (inner) => new MessageDescriptor(inner))
      : undefined
  }
}

function byName<T extends { readonly name: string }>(
  vm: Interpreter,
  all: readonly T[],
  make: (one: T) => Value,
): Dict {
  const dict = new Dict()
  for (const one of all) dict.map.set(keyOf(vm, one.name)!, { key: one.name, value: make(one) })
  return dict
}

/** `EnumTypeWrapper(descriptor)`: what application code knows as the enum. */
export class EnumWrapper extends HostObject {
  readonly #descriptor: EnumDescriptor

  constructor(descriptor: EnumDescriptor) {
    super(descriptor.proto.name)
    this.#descriptor = descriptor
  }

  override get(name: string, vm: Interpreter): Value | undefined {
    const { values } = this.#descriptor.proto
    switch (name) {
      case 'DESCRIPTOR':
        return this.#descriptor
      case 'Name':
        return hostFunction(name, ({ args, kwargs }) => this.#name(vm, args[0] ?? kwargs.get('number')))
      case 'Value':
        return hostFunction(name, ({ args, kwargs }) => this.#value(vm, args[0] ?? kwargs.get('name')))
      case 'keys':
        return hostFunction(name, () => new List(values.map((value) => value.name)))
      case 'values':
        return hostFunction(name, () => new List(values.map((value) => value.number)))
      case 'items':
        return hostFunction(name, () => new List(values.map((value) => new Tuple([value.name, value.number]))))
      default:
        return numberOf(this.#descriptor.proto, name)
    }
  }

  override truth(): boolean {
    return true
  }

  #value(vm: Interpreter, given: Value | undefined): Value | undefined {
    const name = given === undefined ? undefined : vm.resolve(given)
    if (typeof name !== 'string') return undefined
    return numberOf(this.#descriptor.proto, name) ?? vm.raise('ValueError', this.#lacks('value', `name '${name}'`))
  }

  /** Of several names for a number the first one is meant. */
  #name(vm: Interpreter, given: Value | undefined): Value | undefined {
    const number = given === undefined ? undefined : vm.resolve(given)
    if (typeof number !== 'bigint') return undefined
    const found = this.#descriptor.proto.values.find((value) => value.number === number)
    return found?.name ?? vm.raise('ValueError', this.#lacks('name', `value ${number}`))
  }

  #lacks(what: string, given: string): string {
    return `Enum ${this.label} has no ${what} defined for ${given}`
  }
}

function numberOf({ values }: EnumProto, name: string): bigint | undefined {
  return values.find((value) => value.name === name)?.number
}

/** The class of a message: the enums, values and messages inside it are its attributes. Its fields are not known. */
export class MessageClass extends HostObject {
  readonly #descriptor: MessageDescriptor

  constructor(descriptor: MessageDescriptor) {
    super(descriptor.proto.name)
    this.#descriptor = descriptor
  }

  override get(name: string): Value | undefined {
    if (name === 'DESCRIPTOR') return this.#descriptor
    const { enums, messages } = this.#descriptor.proto
    const inner = enums.find((one) => one.name === name)
    if (inner) return new EnumWrapper(new EnumDescriptor(inner))
    const message = messages.find((one) => one.name === name)
    if (message) return new MessageClass(new MessageDescriptor(message))
    return enums.map((one) => numberOf(one, name)).find((number) => number !== undefined)
  }

  override truth(): boolean {
    return true
  }
}
