import type { Span } from './ast.ts'
import { typeName } from './attributes.ts'
import { formatSpec } from './format-spec.ts'
import { findEntry } from './indexing.ts'
import type { Interpreter } from './interpreter.ts'
import { liftAll } from './lift.ts'
import { isNumber, plain } from './operators.ts'
import { textOf } from './text.ts'
import { Dict, Tuple, Unknown, type Value } from './values.ts'

const pattern = /%(?:\(([^)]*)\))?([-#0 +]*)(\*|\d+)?(?:\.(\*|\d+))?[hlL]?([diouxXeEfFgGcrsa%])/g

/** `'%s' % value` */
export function percentFormat(vm: Interpreter, format: string, given: Value, node: Span): Value {
  const args = given instanceof Tuple ? given.items : [given]
  return liftAll(vm, args, node, (settled) => fill(vm, format, settled, given, node))
}

function fill(vm: Interpreter, format: string, args: readonly Value[], given: Value, node: Span): Value {
  let next = 0
  let unknown: Unknown | undefined
  const take = (): Value => {
    if (next >= args.length) return vm.raise('TypeError', 'not enough arguments for format string')
    return args[next++]!
  }
  const made = format.replace(pattern, (_, name, flags, width, precision, type) => {
    if (type === '%') return '%'
    const size = width === '*' ? String(take()) : (width ?? '')
    const digits = precision === '*' ? String(take()) : precision
    const value = name === undefined ? take() : named(vm, given, name, node)
    const text = converted(vm, value, { flags, size, digits, type })
    if (text instanceof Unknown) unknown ??= text
    return typeof text === 'string' ? text : ''
  })
  if (unknown) return unknown
  if (next < args.length && !(given instanceof Dict))
    vm.raise('TypeError', 'not all arguments converted during string formatting')
  vm.allocate(made.length)
  return made
}

function named(vm: Interpreter, given: Value, name: string, node: Span): Value {
  if (!(given instanceof Dict)) return vm.raise('TypeError', 'format requires a mapping')
  return findEntry(vm, given, name, node) ?? vm.raiseKey(name)
}

interface Conversion {
  readonly flags: string
  readonly size: string
  readonly digits: string | undefined
  readonly type: string
}

function converted(vm: Interpreter, given: Value, { flags, size, digits, type }: Conversion): Value {
  if (given instanceof Unknown) return given
  const align = flags.includes('-') ? '<' : '>'
  if (type === 's' || type === 'r' || type === 'a') {
    const text = textOf(vm, given, type === 's' ? 'str' : 'repr')
    return formatSpec(vm, text, `${align}${size}${digits === undefined ? '' : `.${digits}`}`)
  }
  const value = plain(given)
  if (type === 'c' && typeof value === 'string') return value
  if (!isNumber(value)) {
    if (typeof value === 'object' && value !== null) return vm.unknown('a number that is not known')
    return vm.raise('TypeError', `%${type} format: a real number is required, not ${typeName(value)}`)
  }
  const sign = flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : ''
  const alternate = flags.includes('#') ? '#' : ''
  const zero = flags.includes('0') && align === '>' ? '0' : ''
  const whole = 'diu'.includes(type)
  const number = whole && typeof value === 'number' ? BigInt(Math.trunc(value)) : value
  const fraction = digits === undefined || whole ? '' : `.${digits}`
  return formatSpec(vm, number, `${zero ? '' : align}${sign}${alternate}${zero}${size}${fraction}${whole ? 'd' : type}`)
}
