import type { Span } from './ast.ts'
import { Bytes } from './bytes.ts'
import { dictMethods } from './dict-methods.ts'
import type { Interpreter } from './interpreter.ts'
import { listMethods, tupleMethods } from './list-methods.ts'
import { bytesMethods, numberMethods } from './number-methods.ts'
import { setMethods } from './set-methods.ts'
import { stringMethods } from './string-methods.ts'
import { Builtin, Dict, Func, Generator, Iter, type Kwargs, List, PySet, Tuple, type Value } from './values.ts'

/** A method of a built-in type: the value, its arguments, and the place of the call. */
export type Method<T> = (vm: Interpreter, self: T, args: readonly Value[], kwargs: Kwargs, node: Span) => Value
export type Methods<T> = Readonly<Record<string, Method<T>>>

/** Names that Python has and these tables have not: their calls are unknown rather than an AttributeError. */
const others = new Set(
  `casefold encode expandtabs format_map isascii isdecimal isidentifier isnumeric isprintable maketrans translate
  as_integer_ratio bit_length bit_count to_bytes from_bytes conjugate hex fromhex imag real numerator denominator is_integer
  send throw close gi_frame cr_frame __aiter__ __anext__ __await__ __reversed__ __sizeof__ __reduce__ __reduce_ex__
  __getstate__ __dir__ __hash__ __eq__ __ne__ __lt__ __le__ __gt__ __ge__ __str__ __repr__ __format__ __doc__ __len__
  __contains__ __getitem__ __iter__ __next__ __add__ __mul__ __init__ __new__ __setattr__ __getattribute__ __delattr__
  __subclasshook__ __init_subclass__ __class__ __module__ decode`.split(/\s+/),
)

function tableOf(value: Value): Methods<never> | undefined {
  if (typeof value === 'string') return stringMethods as Methods<never>
  if (value instanceof List) return listMethods as Methods<never>
  if (value instanceof Dict) return dictMethods as Methods<never>
  if (value instanceof PySet) return setMethods as Methods<never>
  if (value instanceof Tuple) return tupleMethods as Methods<never>
  if (value instanceof Bytes) return bytesMethods as Methods<never>
  if (typeof value === 'bigint' || typeof value === 'number' || typeof value === 'boolean')
    return numberMethods as Methods<never>
  return undefined
}

export function hasMethod(value: Value, name: string): boolean {
  const table = tableOf(value)
  return table !== undefined && Object.hasOwn(table, name)
}

/** The bound method, an Unknown where Python has it and this does not, undefined where Python has none. */
export function methodOf(vm: Interpreter, value: Value, name: string, node: Span): Value | undefined {
  const table = tableOf(value)
  if (table && Object.hasOwn(table, name)) {
    const method = table[name]!
    return new Builtin(name, (args, kwargs, at) => method(vm, value as never, args, kwargs, at))
  }
  const known = others.has(name) || value instanceof Func || value instanceof Generator || value instanceof Iter
  return known && (table || value !== null)
    ? vm.unknown(`.${name} of a ${typeof value === 'object' ? 'value' : typeof value}`, node)
    : undefined
}
