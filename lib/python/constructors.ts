import { argument, isOpen } from './arguments.ts'
import type { Span } from './ast.ts'
import { findInClass, typeName } from './attributes.ts'
import { Bytes } from './bytes.ts'
import { callValue } from './calls.ts'
import { fillDict } from './dict-methods.ts'
import { HostObject } from './host.ts'
import type { Interpreter } from './interpreter.ts'
import { drawAll, drawGuarded } from './iterate.ts'
import { plain } from './operators.ts'
import { toSet } from './set-methods.ts'
import { textOf } from './text.ts'
import { truthValue } from './truth.ts'
import {
  BoundMethod,
  Dict,
  Instance,
  type Kwargs,
  List,
  type PyClass,
  Range,
  SymSeq,
  Tuple,
  Unknown,
  type Value,
} from './values.ts'

type Make = (vm: Interpreter, args: readonly Value[], kwargs: Kwargs, node: Span) => Value

const makers: Readonly<Record<string, Make>> = {
  object: () => null,
  str: (vm, args) =>
    args.length === 0
      ? ''
      : args.length > 1 && args[0] instanceof Bytes
        ? vm.callNow(vm.attribute(args[0], 'decode'), args.slice(1))
        : ((args[0] instanceof HostObject ? args[0].string() : undefined) ?? textOf(vm, args[0]!, 'str')),
  int: (vm, args, kwargs, node) => toInt(vm, args, kwargs, node),
  float: (vm, args, _kwargs, node) => toFloat(vm, args[0] ?? 0n, node),
  bool: (vm, args, _kwargs, node) => truthValue(vm.truth(args[0] ?? false, node)),
  bytes: (vm, args) =>
    args[0] instanceof Bytes
      ? args[0]
      : typeof args[0] === 'string'
        ? vm.callNow(vm.attribute(args[0], 'encode'), [])
        : args.length === 0
          ? new Bytes('')
          : vm.unknown('bytes'),
  list: (vm, args, _kwargs, node) => toList(vm, args[0], node),
  tuple: (vm, args, _kwargs, node) => toTuple(vm, args[0], node),
  dict: (vm, args, kwargs, node) => {
    const dict = new Dict()
    fillDict(vm, dict, args[0], kwargs, node)
    return dict
  },
  set: (vm, args, _kwargs, node) => toSet(vm, args[0] ?? new Tuple([]), node),
  frozenset: (vm, args, _kwargs, node) => toSet(vm, args[0] ?? new Tuple([]), node, true),
  range: (vm, args) => toRange(vm, args),
  type: (vm, args, _kwargs, node) =>
    args.length === 1 ? vm.typeOf(args[0]!) : vm.unknown('a class that is made by type()', node),
  NoneType: () => null,
}

/** How a built-in type makes values; a subclass of one gets an instance that has it as its native value. */
export function typeMaker(vm: Interpreter, name: string): PyClass['make'] {
  const make = Object.hasOwn(makers, name) ? makers[name] : undefined
  if (!make) return undefined
  return (cls, args, kwargs, node) => {
    if (cls.module === 'builtins' && cls.name === name)
      return name === 'object' ? new Instance(cls) : make(vm, args, kwargs, node)
    const instance = new Instance(cls)
    const own = findInClass(cls, '__init__') !== undefined && !['str', 'int', 'float', 'bytes', 'tuple'].includes(name)
    if (name !== 'object') instance.native = make(vm, own ? [] : args, own ? new Map() : kwargs, node)
    return instance
  }
}

function toList(vm: Interpreter, value: Value | undefined, node: Span): Value {
  const list = new List()
  if (value === undefined) return list
  const items = drawGuarded(vm, value, node)
  if (items instanceof Unknown) return items
  if (items instanceof SymSeq) list.tails = [items]
  else list.items = [...items]
  return list
}

function toTuple(vm: Interpreter, value: Value | undefined, node: Span): Value {
  if (value === undefined) return new Tuple([])
  const items = drawAll(vm, value, node)
  return items instanceof Unknown ? items : new Tuple([...items])
}

function toInt(vm: Interpreter, args: readonly Value[], kwargs: Kwargs, node: Span): Value {
  const value = plain(args[0] ?? 0n)
  if (isOpen(value)) return value instanceof Unknown ? value : vm.unknown('a number of the database', node)
  if (typeof value === 'bigint') return value
  if (typeof value === 'boolean') return BigInt(value)
  if (typeof value === 'number')
    return Number.isFinite(value)
      ? BigInt(Math.trunc(value))
      : vm.raise('ValueError', 'cannot convert float to integer')
  if (typeof value === 'string') return parseInteger(vm, value, Number(argument(args, kwargs, 1, 'base') ?? 10n))
  const method =
    value instanceof Instance ? (findInClass(value.cls, '__int__') ?? findInClass(value.cls, '__index__')) : undefined
  if (method && value instanceof Instance) return callValue(vm, new BoundMethod(value, method), [], new Map(), node)
  if (value !== null && typeof value === 'object' && !(value instanceof List))
    return vm.unknown('a number that is not known', node)
  return vm.raise(
    'TypeError',
    `int() argument must be a string, a bytes-like object or a real number, not '${typeName(value)}'`,
  )
}

function parseInteger(vm: Interpreter, given: string, base: number): Value {
  const text = given.trim().replace(/(?<=[0-9a-zA-Z])_(?=[0-9a-zA-Z])/g, '')
  const bad = (): never => vm.raise('ValueError', `invalid literal for int() with base ${base}: ${vm.shown(given)}`)
  if (text.length > 4300) bad()
  if (base === 10) return /^[-+]?\d+$/.test(text) ? BigInt(text.replace('+', '')) : bad()
  const digits = /^([-+]?)(?:0[xXoObB])?([0-9a-zA-Z]+)$/.exec(text)
  if (!digits || text.length > 400) return bad()
  let number = 0n
  for (const character of digits[2]!) {
    const digit = Number.parseInt(character, 36)
    if (base !== 0 && digit >= base) bad()
    number = number * BigInt(base || 16) + BigInt(digit)
  }
  return base === 0 ? BigInt(text) : digits[1] === '-' ? -number : number
}

function toFloat(vm: Interpreter, given: Value, node: Span): Value {
  const value = plain(given)
  if (isOpen(value)) return value instanceof Unknown ? value : vm.unknown('a number of the database', node)
  if (typeof value === 'number') return value
  if (typeof value === 'bigint' || typeof value === 'boolean') return Number(value)
  if (typeof value !== 'string')
    return value === null
      ? vm.raise('TypeError', "float() argument must be a string or a real number, not 'NoneType'")
      : vm.unknown('a number that is not known', node)
  const text = value.trim().toLowerCase()
  const special = /^([-+]?)(inf(?:inity)?|nan)$/.exec(text)
  if (special)
    return special[2] === 'nan' ? Number.NaN : special[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  if (!/^[-+]?(?:\d[\d_]*\.?\d*|\.\d+)(?:e[-+]?\d+)?$/.test(text))
    return vm.raise('ValueError', `could not convert string to float: ${vm.shown(value)}`)
  return Number(text.replaceAll('_', ''))
}

function toRange(vm: Interpreter, args: readonly Value[]): Value {
  const open = args.find((value) => typeof value !== 'bigint' && typeof value !== 'boolean')
  if (open instanceof Unknown) return open
  if (open !== undefined)
    return typeof open === 'object' && open !== null
      ? vm.unknown('a range that is not known')
      : vm.raise('TypeError', `'${typeName(open)}' object cannot be interpreted as an integer`)
  const [a, b, c] = args.map((value) => BigInt(value as bigint))
  if (c === 0n) return vm.raise('ValueError', 'range() arg 3 must not be zero')
  return b === undefined ? new Range(0n, a ?? 0n, 1n) : new Range(a!, b, c ?? 1n)
}
