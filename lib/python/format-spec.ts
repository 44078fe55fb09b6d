import type { Interpreter } from './interpreter.ts'
import { floatText } from './text.ts'
import { Unknown, type Value } from './values.ts'

const grammar = /^(?:([\s\S])?([<>=^]))?([-+ ])?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([bcdeEfFgGnosxX%])?$/u

/** `format(value, spec)` of a text or a number. */
export function formatSpec(vm: Interpreter, value: Value, spec: string): Value {
  if (value instanceof Unknown) return value
  if (spec === '') return typeof value === 'string' ? value : plainText(value)
  const parts = grammar.exec(spec)
  if (!parts) return vm.raise('ValueError', `Invalid format specifier '${spec}'`)
  const [, fill, align, sign, alternate, zero, width, grouping, precision, type] = parts
  const size = Number(width ?? 0)
  vm.allocate(size * 2)
  if (typeof value === 'string' || value === null || typeof value === 'object') {
    const text = typeof value === 'string' ? value : String(value)
    const cut = precision === undefined ? text : text.slice(0, Number(precision))
    return padded(cut, size, align ?? '<', fill ?? (zero ? '0' : ' '))
  }
  vm.allocate(Number(precision ?? 0))
  const number = Number(precision ?? 0) > 100 ? undefined : numberText(value, { type, precision, alternate, grouping })
  if (number === undefined) return vm.unknown(`the format '${spec}'`)
  const negative = number.startsWith('-')
  const digits = negative ? number.slice(1) : number
  const shown = negative ? '-' : sign === '+' || sign === ' ' ? sign : ''
  if (zero && !align) return shown + digits.padStart(size - shown.length, '0')
  if (align === '=') return shown + digits.padStart(size - shown.length, fill ?? ' ')
  return padded(shown + digits, size, align ?? '>', fill ?? ' ')
}

function plainText(value: Value): string {
  if (typeof value === 'number') return floatText(value)
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  return value === null ? 'None' : String(value)
}

function padded(text: string, width: number, align: string, fill: string): string {
  const missing = width - [...text].length
  if (missing <= 0) return text
  if (align === '<') return text + fill.repeat(missing)
  if (align === '^') return fill.repeat(Math.floor(missing / 2)) + text + fill.repeat(Math.ceil(missing / 2))
  return fill.repeat(missing) + text
}

interface NumberFormat {
  readonly type: string | undefined
  readonly precision: string | undefined
  readonly alternate: string | undefined
  readonly grouping: string | undefined
}

function numberText(value: bigint | number | boolean, how: NumberFormat): string | undefined {
  const { type, precision, alternate } = how
  if (typeof value === 'number' || (type !== undefined && 'eEfFgG%'.includes(type)))
    return floatFormat(Number(value), how)
  const number = BigInt(value)
  const bases: Readonly<Record<string, number>> = { b: 2, o: 8, x: 16, X: 16 }
  if (type === 'c') return String.fromCodePoint(Number(number))
  if (precision !== undefined) return undefined
  const base = bases[type ?? '']
  if (base === undefined) return grouped(String(number), how.grouping)
  const digits = (number < 0n ? -number : number).toString(base)
  const prefix = alternate ? `0${type}` : ''
  return (number < 0n ? '-' : '') + prefix + (type === 'X' ? digits.toUpperCase() : digits)
}

function floatFormat(value: number, how: NumberFormat): string | undefined {
  const { type, precision, grouping } = how
  if (!Number.isFinite(value)) return floatText(value)
  const digits = Number(precision ?? 6)
  if (type === 'f' || type === 'F') return grouped(fixed(value, digits), grouping)
  if (type === '%') return `${fixed(value * 100, digits)}%`
  if (type === 'e' || type === 'E') {
    const text = exponential(value.toExponential(digits))
    return type === 'E' ? text.toUpperCase() : text
  }
  if (type === 'g' || type === 'G' || precision !== undefined)
    return general(value, Math.max(1, digits), type === undefined)
  return grouped(floatText(value), grouping)
}

/** toFixed rounds the decimal value, as Python does, but gives up beyond 1e21. */
function fixed(value: number, digits: number): string {
  return Math.abs(value) < 1e21 ? value.toFixed(digits) : BigInt(value) + (digits > 0 ? `.${'0'.repeat(digits)}` : '')
}

function exponential(text: string): string {
  return text.replace(/e([-+])(\d)$/, 'e$10$2')
}

function general(value: number, digits: number, keepPoint: boolean): string {
  const exponent = value === 0 ? 0 : Number(value.toExponential(digits - 1).split('e')[1])
  if (exponent < -4 || exponent >= digits) {
    const [mantissa, power] = exponential(value.toExponential(digits - 1)).split('e') as [string, string]
    return `${stripped(mantissa)}e${power}`
  }
  const text = stripped(value.toFixed(Math.max(0, digits - 1 - exponent)))
  return keepPoint && !text.includes('.') ? `${text}.0` : text
}

function stripped(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}

function grouped(text: string, separator: string | undefined): string {
  if (!separator) return text
  const [whole, fraction] = text.split('.') as [string, string | undefined]
  const made = whole.replace(/\B(?=(\d{3})+$)/g, separator)
  return fraction === undefined ? made : `${made}.${fraction}`
}
