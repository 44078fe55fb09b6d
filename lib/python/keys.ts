import { findInClass, typeName } from './attributes.ts'
import { Bytes } from './bytes.ts'
import { callValue } from './calls.ts'
import type { Interpreter } from './interpreter.ts'
import {
  Dict,
  Either,
  Fact,
  Func,
  Guarded,
  Instance,
  type Key,
  List,
  PySet,
  Sym,
  Tuple,
  Unknown,
  type Value,
} from './values.ts'

const numbers = new WeakMap<object, number>()
let last = 0

function identity(value: object): number {
  const known = numbers.get(value) ?? ++last
  numbers.set(value, known)
  return known
}

/** Equal values have the same key. undefined: an unknown value is in it, so that nothing can be said. */
export function keyOf(vm: Interpreter, given: Value): Key | undefined {
  const value = vm.resolve(given)
  if (typeof value === 'string') return `s${value}`
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'n1' : 'n0'
  if (typeof value === 'bigint') return `n${value}`
  if (typeof value === 'number') return Number.isInteger(value) ? `n${BigInt(value)}` : `n${value}`
  if (value instanceof Bytes) return `b${value.data}`
  if (value instanceof Unknown || value instanceof Either || value instanceof Fact || value instanceof Guarded)
    return undefined
  if (value instanceof Sym) return undefined
  if (value instanceof Tuple) return tupleKey(vm, value.items)
  if (value instanceof PySet && value.frozen) return setKey(vm, value)
  if (value instanceof List || value instanceof Dict || value instanceof PySet) {
    return vm.raise('TypeError', `unhashable type: '${typeName(value)}'`)
  }
  return value instanceof Instance ? instanceKey(vm, value) : `o${identity(value)}`
}

function tupleKey(vm: Interpreter, items: readonly Value[]): Key | undefined {
  const keys = items.map((item) => keyOf(vm, item))
  if (keys.includes(undefined)) return undefined
  return `t${keys.map((key) => `${String(key).length}:${String(key)}`).join('')}`
}

function setKey(vm: Interpreter, value: PySet): Key | undefined {
  if (value.taint || value.tails.length > 0) return undefined
  vm.step(value.map.size)
  return `f${[...value.map.keys()].map(String).sort().join()}`
}

function instanceKey(vm: Interpreter, value: Instance): Key | undefined {
  const hash = findInClass(value.cls, '__hash__')
  if (hash instanceof Func) {
    const made = callValue(vm, hash, [value], new Map(), value.cls as never)
    return typeof made === 'bigint' ? `h${value.cls.name}${made}` : undefined
  }
  if (value.cls.fields && value.cls.frozen) {
    return tupleKey(
      vm,
      value.cls.fields.map((field) => value.map.get(field.name)?.value ?? null),
    )
  }
  // A member of `class E(str, Enum)` is equal to its value; a plain one only to itself.
  return value.native !== undefined ? keyOf(vm, value.native) : `o${identity(value)}`
}
