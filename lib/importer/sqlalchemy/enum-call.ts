import { Instance, List, PyClass, Tuple, type Value } from '../../python/values.ts'
import { isBefore } from '../../schema/target.ts'
import { typeFromCall } from '../../schema/type-call.ts'
import type { TypeSpec } from '../../schema/type-spec.ts'
import { boolOf, known, listOf, notKnown, textOf } from '../arguments.ts'
import type { Call } from '../host-function.ts'
import { recorderOf } from '../recorder-of.ts'
import { unreadable } from '../unreadable.ts'
import { SaMetaData } from './sa-metadata.ts'
import type { TypeClass } from './sa-type.ts'
import { plain, readable } from './type-call.ts'

/** `sa.Enum('a', 'b', name='ab')`, `sa.Enum(Color)`, `postgresql.ENUM(…)`, `mysql.ENUM(…)`. */
export function enumSpec({ name: kind, origin }: Pick<TypeClass, 'name' | 'origin'>, call: Call): TypeSpec {
  const { vm, kwargs } = call
  const given = call.args.map((value) => known(vm, value))
  const cls = given[0]
  const isClass = given.length === 1 && cls instanceof PyClass && vm.isEnum(cls)
  const labels = isClass ? membersOf(cls, call) : given.map((value) => labelOf(call, value))
  const keywords = Object.fromEntries([...kwargs].map(([name, value]) => [name, plain(vm, value)]))
  const named = isClass && !kwargs.has('name') ? { name: cls.name.toLowerCase() } : {}
  const schema = schemaOf(call)
  const all = { ...keywords, ...named, ...(schema !== undefined && { schema }) }
  if (keywords.inherit_schema === true) return unreadable('the schema of an Enum with inherit_schema')
  return readable(typeFromCall({ kind, origin, positional: labels, keywords: all }))
}

/** Which label each member of the enum class stands for, where an Enum was made of one. */
export function enumLabels({ vm, args }: Call, { kind, args: made }: TypeSpec): ReadonlyMap<Value, string> {
  const [cls] = args.map((value) => vm.resolve(value))
  if ((kind !== 'Enum' && kind !== 'ENUM') || !(cls instanceof PyClass) || !vm.isEnum(cls)) return new Map()
  const labels = made?.values ?? []
  const members = [...vm.enumMembers(cls).map.values()]
  const pairs = members.length === labels.length ? members.map(({ value }, at) => [value, labels[at]!] as const) : []
  // A second name of a member comes later and must not take the place of its first one.
  return new Map([...pairs].reverse())
}

function labelOf({ vm }: Call, value: Value): string {
  if (value instanceof List || value instanceof Tuple) return unreadable('an Enum is given a list instead of labels')
  return textOf(vm, value, 'a label of an Enum')
}

function membersOf(cls: PyClass, call: Call): readonly string[] {
  const { vm, kwargs, at } = call
  if (cls.taint) return unreadable(notKnown(cls.taint.reason))
  const callable = vm.resolve(kwargs.get('values_callable') ?? null)
  if (callable !== null) {
    const values = listOf(vm, vm.invoke(callable, [cls], new Map(), at), at)
    return values.map((value) => textOf(vm, value, 'a label of an Enum'))
  }
  const members = [...vm.enumMembers(cls).map.values()]
  if (!omitsAliases(call)) return members.map(({ key }) => String(key))
  const isOwn = (key: Value, value: Value) => !(value instanceof Instance) || value.map.get('name')?.value === key
  return members.filter(({ key, value }) => isOwn(key, value)).map(({ key }) => String(key))
}

/** Since 2.0 a second name of a member is no label. */
function omitsAliases({ vm, kwargs }: Call): boolean {
  const given = kwargs.get('omit_aliases')
  if (given !== undefined) return boolOf(vm, given, 'omit_aliases')
  return !isBefore(recorderOf(vm).target, '2.0')
}

function schemaOf({ vm, kwargs }: Call): string | undefined {
  if (kwargs.has('schema')) return undefined
  const metadata = vm.resolve(kwargs.get('metadata') ?? null)
  return metadata instanceof SaMetaData ? metadata.schema : undefined
}
