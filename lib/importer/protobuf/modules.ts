import { Bytes } from '../../python/bytes.ts'
import { HostObject } from '../../python/host.ts'
import type { Interpreter } from '../../python/interpreter.ts'
import { Dict, type Value } from '../../python/values.ts'
import { Arguments } from '../arguments.ts'
import { type Call, hostFunction } from '../host-function.ts'
import type { ModuleParts } from '../modules.ts'
import { unreadable } from '../unreadable.ts'
import {
  EnumDescriptor,
  EnumValueDescriptor,
  EnumWrapper,
  FileDescriptor,
  MessageClass,
  MessageDescriptor,
} from './descriptors.ts'
import { type EnumProto, type MessageProto, readFileDescriptor } from './file-descriptor.ts'

/** `descriptor_pool.Default()` */
class Pool extends HostObject {
  constructor() {
    super('the descriptor pool')
  }

  override get(name: string): Value | undefined {
    const adds = name === 'AddSerializedFile'
    return adds ? hostFunction(name, ({ vm, args }) => fileOf(vm, args[0] ?? null)) : undefined
  }
}

function fileOf(vm: Interpreter, given: Value): FileDescriptor | undefined {
  const bytes = vm.resolve(given)
  const proto = bytes instanceof Bytes ? readFileDescriptor(bytes.data) : undefined
  return proto && new FileDescriptor(proto)
}

/** The arguments of the descriptors' constructors as code of before 2022 writes them, by keyword. */
function fileDescriptor(call: Call): Value | undefined {
  return fileOf(call.vm, new Arguments(call).value('serialized_pb') ?? null)
}

function enumValueDescriptor(call: Call): Value {
  const given = new Arguments(call, 'name', 'index', 'number')
  const number = given.value('number')
  if (typeof number !== 'bigint') return unreadable('the number of an enum value')
  return new EnumValueDescriptor({ name: given.text('name'), number })
}

function enumDescriptor(call: Call): Value {
  const given = new Arguments(call, 'name', 'full_name', 'filename', 'values')
  const values = given.list('values') ?? unreadable('the values of an enum')
  const protos = values.map((value) => ownOf(call, value, EnumValueDescriptor).proto)
  return new EnumDescriptor({ name: given.text('name'), values: protos })
}

function messageDescriptor(call: Call): Value {
  const given = new Arguments(call, 'name')
  const enums = (given.list('enum_types') ?? []).map((value): EnumProto => ownOf(call, value, EnumDescriptor).proto)
  const messages = (given.list('nested_types') ?? []).map(
    (value): MessageProto => ownOf(call, value, MessageDescriptor).proto,
  )
  return new MessageDescriptor({ name: given.text('name'), enums, messages })
}

function ownOf<T extends HostObject>({ vm }: Call, value: Value, type: abstract new (...args: never[]) => T): T {
  const found = vm.resolve(value)
  return found instanceof type ? found : unreadable('a descriptor of protobuf')
}

/** `GeneratedProtocolMessageType('Run', (Message,), {'DESCRIPTOR': _RUN, …})` */
function messageType({ vm, args }: Call): Value | undefined {
  const [, , names] = args.map((value) => vm.resolve(value))
  const given = names instanceof Dict ? names.map.get('sDESCRIPTOR')?.value : undefined
  const descriptor = given === undefined ? undefined : vm.resolve(given)
  return descriptor instanceof MessageDescriptor ? new MessageClass(descriptor) : undefined
}

/** `_USERSTATUS`, and `_RUN_STATUS` for the one inside Run. */
function descriptorNames(enums: readonly EnumProto[], messages: readonly MessageProto[], prefix: string): Named[] {
  return [
    ...enums.map((one): Named => [prefix + one.name.toUpperCase(), new EnumDescriptor(one)]),
    ...messages.flatMap((one): Named[] => {
      const name = prefix + one.name.toUpperCase()
      return [[name, new MessageDescriptor(one)], ...descriptorNames(one.enums, one.messages, `${name}_`)]
    }),
  ]
}

type Named = readonly [name: string, value: Value]

function topNames(enums: readonly EnumProto[], messages: readonly MessageProto[]): Named[] {
  return [
    ...enums.flatMap((one): Named[] => [
      [`_${one.name.toUpperCase()}`, new EnumDescriptor(one)],
      [one.name, new EnumWrapper(new EnumDescriptor(one))],
      ...one.values.map(({ name, number }): Named => [name, number]),
    ]),
    ...messages.map((one): Named => [one.name, new MessageClass(new MessageDescriptor(one))]),
  ]
}

/** What the builder puts into `globals()` becomes names of the module that calls it. */
function build(call: Call, globals: number, names: (file: FileDescriptor) => readonly Named[]): Value {
  const { vm, args } = call
  const file = ownOf(call, args[0] ?? null, FileDescriptor)
  const dict = vm.resolve(args[globals] ?? null)
  const { currentModule: module } = vm
  // the dict of a module is a copy of its names: this one has to be of this module
  if (!(dict instanceof Dict) || dict.map.get('sDESCRIPTOR')?.value !== module.map.get('DESCRIPTOR')?.value)
    return unreadable('what the builder of protobuf writes to')
  vm.branches.touch(dict)
  vm.branches.touch(module)
  for (const [key, value] of names(file)) {
    dict.map.set(`s${key}`, { key, value })
    module.map.set(key, { key, value })
  }
  return null
}

/**
 * The little of protobuf that generated `*_pb2.py` files need for their enums, of which applications make columns and
 * checks. All else of it is unknown.
 */
export const protobufModules: ModuleParts = {
  'google.protobuf.descriptor_pool': () => ({ Default: hostFunction('Default', () => new Pool()) }),
  'google.protobuf.descriptor': () => ({
    FileDescriptor: hostFunction('FileDescriptor', fileDescriptor),
    EnumDescriptor: hostFunction('EnumDescriptor', enumDescriptor),
    EnumValueDescriptor: hostFunction('EnumValueDescriptor', enumValueDescriptor),
    Descriptor: hostFunction('Descriptor', messageDescriptor),
  }),
  'google.protobuf.reflection': () => ({
    GeneratedProtocolMessageType: hostFunction('GeneratedProtocolMessageType', messageType),
  }),
  'google.protobuf.internal.enum_type_wrapper': () => ({
    EnumTypeWrapper: hostFunction(
      'EnumTypeWrapper',
      (call) => new EnumWrapper(ownOf(call, call.args[0] ?? null, EnumDescriptor)),
    ),
  }),
  'google.protobuf.internal.builder': () => ({
    BuildMessageAndEnumDescriptors: hostFunction('BuildMessageAndEnumDescriptors', (call) =>
      build(call, 1, ({ proto }) => descriptorNames(proto.enums, proto.messages, '_')),
    ),
    BuildTopDescriptorsAndMessages: hostFunction('BuildTopDescriptorsAndMessages', (call) =>
      build(call, 2, ({ proto }) => topNames(proto.enums, proto.messages)),
    ),
  }),
}
