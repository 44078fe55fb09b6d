import type { FormattedValue, Span } from './ast.ts'
import { findAttribute, findInClass, typeName } from './attributes.ts'
import { Bytes } from './bytes.ts'
import { callValue } from './calls.ts'
import { isException, messageOf } from './exceptions.ts'
import { formatSpec } from './format-spec.ts'
import { HostObject } from './host.ts'
import type { Interpreter } from './interpreter.ts'
import { liftAll } from './lift.ts'
import {
  BoundMethod,
  Builtin,
  Dict,
  Either,
  EllipsisValue,
  Fact,
  Func,
  Guarded,
  Instance,
  List,
  PyClass,
  PyModule,
  PySet,
  Range,
  Sym,
  SymSeq,
  Tuple,
  Unknown,
  type Value,
} from './values.ts'

type How = 'str' | 'repr'

/** `str(value)` or `repr(value)`, or why it is not known. */
export function textOf(vm: Interpreter, given: Value, how: How): string | Unknown {
  const value = vm.resolve(given)
  vm.step()
  if (value === null) return 'None'
  switch (typeof value) {
    case 'boolean':
      return value ? 'True' : 'False'
    case 'bigint':
      return String(value)
    case 'number':
      return floatText(value)
    case 'string':
      return how === 'str' ? value : quoted(value)
    default:
      return vm.deeper(() => objectText(vm, value, how))
  }
}

function objectText(
  vm: Interpreter,
  value: Exclude<Value, null | boolean | bigint | number | string>,
  how: How,
): string | Unknown {
  if (value instanceof Unknown) return value
  if (value instanceof Bytes) return bytesText(value)
  if (value instanceof List) {
    if (value.taint) return value.taint
    if (value.tails.length > 0) return vm.unknown('rows of the database')
    return wrapped(vm, '[', value.items, ']')
  }
  if (value instanceof Tuple) return tupleText(vm, value)
  if (value instanceof Dict) return value.taint ?? dictText(vm, value)
  if (value instanceof PySet) return setText(vm, value)
  if (value instanceof HostObject)
    return value.text(how, vm, vm.node) ?? vm.unknown(`${value.label} as text`, vm.node, [value])
  if (value instanceof Instance) return instanceText(vm, value, how)
  if (value instanceof PyClass)
    return `<class '${value.module && value.module !== 'builtins' ? `${value.module}.` : ''}${value.name}'>`
  if (value instanceof PyModule) return `<module '${value.name}'>`
  if (value instanceof EllipsisValue) return 'Ellipsis'
  if (value instanceof Range)
    return value.step === 1n
      ? `range(${value.start}, ${value.stop})`
      : `range(${value.start}, ${value.stop}, ${value.step})`
  if (value instanceof Func || value instanceof Builtin || value instanceof BoundMethod)
    return vm.unknown('a function as text')
  if (value instanceof Fact || value instanceof Either || value instanceof Guarded)
    return vm.unknown('text that depends on the state of the database')
  if (value instanceof Sym || value instanceof SymSeq) return vm.unknown('rows of the database')
  return vm.unknown(`a ${typeName(value)} as text`)
}

function join(parts: readonly (string | Unknown)[], between: string): string | Unknown {
  const unknown = parts.find((part): part is Unknown => part instanceof Unknown)
  return unknown ?? parts.join(between)
}

function wrapped(vm: Interpreter, open: string, items: readonly Value[], close: string): string | Unknown {
  const inner = join(
    items.map((item) => textOf(vm, item, 'repr')),
    ', ',
  )
  if (typeof inner !== 'string') return inner
  vm.allocate(inner.length)
  return open + inner + close
}

function tupleText(vm: Interpreter, value: Tuple): string | Unknown {
  if (value.cls?.fields) {
    const { fields, name } = value.cls
    const parts = value.items.map((item, at) => labelled(`${fields[at]?.name}=`, textOf(vm, item, 'repr')))
    return labelled(`${name}(`, join(parts, ', '), ')')
  }
  return wrapped(vm, '(', value.items, value.items.length === 1 ? ',)' : ')')
}

function labelled(before: string, text: string | Unknown, after = ''): string | Unknown {
  return typeof text === 'string' ? before + text + after : text
}

function dictText(vm: Interpreter, value: Dict): string | Unknown {
  if (value.tails.length > 0) return vm.unknown('rows of the database')
  const parts = [...value.map.values()].map((entry) => {
    const key = textOf(vm, entry.key, 'repr')
    return typeof key === 'string' ? labelled(`${key}: `, textOf(vm, entry.value, 'repr')) : key
  })
  return labelled('{', join(parts, ', '), '}')
}

function setText(vm: Interpreter, value: PySet): string | Unknown {
  if (value.taint) return value.taint
  if (value.tails.length > 0) return vm.unknown('rows of the database')
  const items = [...value.map.values()].map((entry) => entry.value)
  // The order of a set differs between runs of Python: only that of a single member is known.
  if (items.length > 1) return vm.unknown('the order of a set')
  const inner = items.length === 0 ? '' : wrapped(vm, '{', items, '}')
  if (value.frozen) return labelled('frozenset(', inner, ')')
  return items.length === 0 ? 'set()' : inner
}

function instanceText(vm: Interpreter, value: Instance, how: How): string | Unknown {
  const isEnum = vm.isEnum(value.cls)
  const own = [how === 'str' ? '__str__' : '', '__repr__'].map((name) =>
    name ? findInClass(value.cls, name) : undefined,
  )
  const method = own.find((found) => found !== undefined)
  if (method) {
    const made = callValue(vm, new BoundMethod(value, method), [], new Map(), vm.node)
    return typeof made === 'string' ? made : made instanceof Unknown ? made : vm.unknown('text that is not known')
  }
  if (isException(value)) return how === 'str' ? messageOf(vm, value) : exceptionText(vm, value)
  if (isEnum) return enumText(vm, value, how)
  if (value.volatile) return vm.unknown('a value that each run makes anew')
  if (value.native !== undefined) return textOf(vm, value.native, how)
  if (value.cls.fields) {
    const parts = value.cls.fields.map(({ name }) =>
      labelled(`${name}=`, textOf(vm, value.map.get(name)?.value ?? null, 'repr')),
    )
    return labelled(`${value.cls.name}(`, join(parts, ', '), ')')
  }
  return vm.unknown(`a ${value.cls.name} as text`)
}

function exceptionText(vm: Interpreter, value: Instance): string | Unknown {
  const args = value.map.get('args')?.value
  const inner =
    args instanceof Tuple
      ? join(
          args.items.map((item) => textOf(vm, item, 'repr')),
          ', ',
        )
      : ''
  return labelled(`${value.cls.name}(`, inner, ')')
}

function enumText(vm: Interpreter, value: Instance, how: How): string | Unknown {
  const name = value.map.get('name')?.value as string
  if (how === 'str' && value.cls.mro.some((cls) => cls.name === 'StrEnum' || cls.name === 'IntEnum')) {
    return textOf(vm, value.map.get('value')?.value ?? null, 'str')
  }
  if (how === 'str') return `${value.cls.name}.${name}`
  return labelled(`<${value.cls.name}.${name}: `, textOf(vm, value.map.get('value')?.value ?? null, 'repr'), '>')
}

export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  if (Object.is(value, -0)) return '-0.0'
  const exponent = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)))
  if (exponent >= 16 || exponent < -4) {
    const [digits, power] = value.toExponential().split('e') as [string, string]
    return `${digits}e${power.startsWith('-') ? '-' : '+'}${power.slice(1).padStart(2, '0')}`
  }
  const plain = String(value)
  return /[.e]/.test(plain) ? plain : `${plain}.0`
}

export function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  const body = text.replace(/[\\\x00-\x1f\x7f-\xa0\xad'"]/g, (character) => {
    if (character === '\\') return '\\\\'
    if (character === '"' || character === "'") return character === quote ? `\\${character}` : character
    const short = ({ '\n': '\\n', '\r': '\\r', '\t': '\\t' } as Record<string, string>)[character]
    return short ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`
  })
  return quote + body + quote
}

function bytesText(value: Bytes): string {
  const body = quoted(value.data).replace(/[\x80-\xff]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16)}`)
  return `b${body}`
}

/** One `{value!r:spec}` of an f-string, or `format(value, spec)`. */
export function formatValue(
  vm: Interpreter,
  given: Value,
  conversion: FormattedValue['conversion'],
  spec: Value,
  node: Span,
): Value {
  return liftAll(vm, [given, spec], node, ([value, how]) => {
    if (how instanceof Unknown) return how
    if (typeof how !== 'string') return vm.unknown('a format that is not known', node)
    if (conversion !== '') return formatSpec(vm, textOf(vm, value!, conversion === 's' ? 'str' : 'repr'), how)
    return formatPlain(vm, value!, how, node)
  })
}

function formatPlain(vm: Interpreter, value: Value, spec: string, node: Span): Value {
  if (value instanceof Instance) {
    const method = findAttribute(vm, value, '__format__', node)
    if (method !== undefined && !(method instanceof Unknown)) return callValue(vm, method, [spec], new Map(), node)
    // Since 3.12 a mixed-in member is formatted as str() gives it; before, as its value.
    if (vm.isEnum(value.cls) && value.native !== undefined && !findInClass(value.cls, '__str__')) {
      const standard = value.cls.mro.some((cls) => cls.name === 'StrEnum' || cls.name === 'IntEnum')
      return standard
        ? formatSpec(vm, value.native, spec)
        : vm.unknown('a mixed enum member as text differs between versions of Python', node)
    }
    return formatSpec(vm, spec !== '' && value.native !== undefined ? value.native : textOf(vm, value, 'str'), spec)
  }
  const simple = value === null || typeof value !== 'object'
  return formatSpec(vm, simple ? value : textOf(vm, value, 'str'), spec)
}

export function joinTexts(vm: Interpreter, parts: readonly Value[], node: Span): Value {
  return liftAll(vm, parts, node, (settled) => {
    const unknown = settled.find((part): part is Unknown => part instanceof Unknown)
    if (unknown) return unknown
    const text = settled.join('')
    vm.allocate(text.length / 2)
    return text
  })
}
