import type { BinaryOperator } from './ast.ts'
import type { Interpreter } from './interpreter.ts'
import type { Value } from './values.ts'

type Numeric = bigint | number | boolean
const maxBits = 4_000_000

export function arithmetic(vm: Interpreter, op: BinaryOperator, a: Numeric, b: Numeric): Value {
  const bools = typeof a === 'boolean' && typeof b === 'boolean'
  if (bools && op === '&') return a && b
  if (bools && op === '|') return a || b
  if (bools && op === '^') return a !== b
  if (typeof a === 'number' || typeof b === 'number' || op === '/') return floating(vm, op, Number(a), Number(b))
  return integral(vm, op, BigInt(a), BigInt(b))
}

function floating(vm: Interpreter, op: BinaryOperator, a: number, b: number): Value {
  switch (op) {
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b
    case '/':
      return b === 0 ? vm.raise('ZeroDivisionError', 'division by zero') : a / b
    case '//':
      return b === 0 ? vm.raise('ZeroDivisionError', 'float floor division by zero') : Math.floor(a / b)
    case '%':
      return b === 0 ? vm.raise('ZeroDivisionError', 'float modulo') : a - b * Math.floor(a / b)
    case '**':
      return a ** b
    default:
      return vm.raise('TypeError', `unsupported operand type(s) for ${op}: 'float' and 'float'`)
  }
}

function integral(vm: Interpreter, op: BinaryOperator, a: bigint, b: bigint): Value {
  switch (op) {
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      bounded(vm, bits(a) + bits(b))
      return a * b
    case '//':
      return b === 0n ? vm.raise('ZeroDivisionError', 'integer division or modulo by zero') : floorDivide(a, b)
    case '%':
      return b === 0n ? vm.raise('ZeroDivisionError', 'integer modulo by zero') : a - b * floorDivide(a, b)
    case '**':
      return power(vm, a, b)
    case '<<':
      if (b < 0n) vm.raise('ValueError', 'negative shift count')
      bounded(vm, bits(a) + Number(b))
      return a << b
    case '>>':
      return b < 0n ? vm.raise('ValueError', 'negative shift count') : a >> b
    case '|':
      return a | b
    case '&':
      return a & b
    case '^':
      return a ^ b
    default:
      return vm.raise('TypeError', `unsupported operand type(s) for ${op}: 'int' and 'int'`)
  }
}

export function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient
}

function power(vm: Interpreter, a: bigint, b: bigint): Value {
  if (b < 0n)
    return a === 0n ? vm.raise('ZeroDivisionError', '0.0 cannot be raised to a negative power') : Number(a) ** Number(b)
  if (a !== 0n && a !== 1n && a !== -1n) bounded(vm, bits(a) * Number(b))
  return a ** b
}

function bits(value: bigint): number {
  const size = value < 0n ? -value : value
  return size < 2n ** 53n ? Math.ceil(Math.log2(Number(size) + 1)) : size.toString(16).length * 4
}

/** Numbers beyond this take more time than a step stands for. */
function bounded(vm: Interpreter, size: number): void {
  if (size > maxBits) vm.allocate(Number.POSITIVE_INFINITY)
  vm.allocate(size / 8)
  vm.step(Math.ceil(size / 10_000))
}
