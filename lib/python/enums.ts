import type { Interpreter } from './interpreter.ts'
import { Builtin, Dict, Func, Instance, Property, PyClass, Tuple, type Value } from './values.ts'

export function isEnum(cls: PyClass): boolean {
  return cls.mro.some((base) => base.name === 'Enum' && base.module === 'enum')
}

export function enumMembersOf(cls: PyClass): Dict {
  const found = cls.map.get('__members__')?.value
  return found instanceof Dict ? found : new Dict()
}

/** Makes members of the names that a class body assigned. */
export function finishEnum(vm: Interpreter, cls: PyClass): void {
  const members = new Dict()
  const order: Instance[] = []
  const mixed = cls.mro.find((base) => ['str', 'int', 'float'].includes(base.name) && base.module === 'builtins')
  const text = cls.mro.some((base) => base.name === 'StrEnum')
  let last = 0n
  for (const [name, entry] of [...cls.map]) {
    if (typeof name !== 'string' || name.startsWith('_') || isPlainAttribute(entry.value)) continue
    let value = vm.resolve(entry.value)
    if (value instanceof Instance && value.cls.name === 'auto') value = text ? name.toLowerCase() : last + 1n
    if (typeof value === 'bigint') last = value
    const same = order.find((member) => member.map.get('_value_')?.value === value)
    const member = same ?? makeMember(cls, name, value, mixed !== undefined || text)
    if (!same) order.push(member)
    cls.map.set(name, { key: name, value: member })
    members.map.set(`s${name}`, { key: name, value: member })
  }
  if (members.map.size === 0) return
  cls.map.set('__members__', { key: '__members__', value: members })
  for (const member of order) construct(vm, cls, member)
}

function makeMember(cls: PyClass, name: string, value: Value, mixed: boolean): Instance {
  const member = new Instance(cls)
  for (const [key, held] of [
    ['name', name],
    ['value', value],
    ['_name_', name],
    ['_value_', value],
  ] as const) {
    member.map.set(key, { key, value: held })
  }
  if (mixed) member.native = value
  return member
}

/** An enum whose members are made by its own `__init__`. */
function construct(vm: Interpreter, cls: PyClass, member: Instance): void {
  const init = cls.map.get('__init__')?.value
  const value = member.map.get('_value_')?.value ?? null
  if (init instanceof Func) vm.callNow(init, [member, ...(value instanceof Tuple ? value.items : [value])])
}

function isPlainAttribute(value: Value): boolean {
  return value instanceof Func || value instanceof Property || value instanceof PyClass || value instanceof Builtin
}
