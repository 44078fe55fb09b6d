import type { Span } from '../../python/ast.ts'
import { HostObject } from '../../python/host.ts'
import type { Interpreter } from '../../python/interpreter.ts'
import type { Kwargs, Value } from '../../python/values.ts'
import type { Expression } from '../../schema/expression.ts'
import { type TypeSpec, type as typeSpec } from '../../schema/type-spec.ts'
import { Unreadable } from '../unreadable.ts'
import { operandFrom } from './coerce.ts'
import { isTypeValue, typeFrom } from './read-type.ts'
import { dateTime, integer, text } from './result-types.ts'
import { SaExpression } from './sa-expression.ts'

/** What SQLAlchemy knows of the functions that it has classes for (sqlalchemy/sql/functions.py). */
const returned: { readonly [name: string]: TypeSpec } = {
  count: integer,
  char_length: integer,
  concat: text,
  now: dateTime,
  localtimestamp: dateTime,
  sysdate: dateTime,
  current_timestamp: dateTime,
  current_date: typeSpec('Date'),
  current_time: typeSpec('Time'),
  localtime: dateTime,
  current_user: text,
  session_user: text,
  user: text,
}
const likeTheirArgument = ['coalesce', 'max', 'min', 'sum']

/** `sa.func` */
export class SaFunctions extends HostObject {
  constructor() {
    super('func')
  }

  override get(name: string): Value | undefined {
    return new SaFunction(name.replace(/(?<=.)_$/, ''))
  }
}

/** `sa.func.lower`, `sa.func.my_schema.my_function`; to be called. */
class SaFunction extends HostObject {
  constructor(name: string) {
    super(name)
  }

  override get(name: string): Value | undefined {
    return new SaFunction(`${this.label}.${name}`)
  }

  override call(args: readonly Value[], kwargs: Kwargs, vm: Interpreter, at: Span): Value | undefined {
    try {
      return calledFunction(this.label, args, kwargs, vm)
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error
      return vm.unknown(error.message, at, args)
    }
  }
}

function calledFunction(name: string, args: readonly Value[], kwargs: Kwargs, vm: Interpreter): SaExpression {
  if (name === 'cast' && args.length === 2 && isTypeValue(vm.resolve(args[1]!))) {
    const type = typeFrom(vm, args[1]!)
    return new SaExpression({ kind: 'cast', of: operandFrom(vm, args[0]!).expression, type }, type)
  }
  const field = vm.resolve(args[0] ?? null)
  if (name === 'extract' && args.length === 2 && typeof field === 'string')
    return new SaExpression({ kind: 'extract', field, of: operandFrom(vm, args[1]!).expression }, integer)
  const operands = args.map((value) => operandFrom(vm, value))
  const type = kwargs.get('type_')
  return functionOf(name, operands, type === undefined ? undefined : typeFrom(vm, type))
}

export function functionOf(name: string, operands: readonly SaExpression[], given?: TypeSpec): SaExpression {
  const lower = name.toLowerCase()
  const all: Expression = { kind: 'sql', text: '*' }
  const args = lower === 'count' && operands.length === 0 ? [all] : operands.map(({ expression }) => expression)
  const [first] = operands
  const known = likeTheirArgument.includes(lower)
    ? first?.type
    : Object.hasOwn(returned, lower)
      ? returned[lower]
      : undefined
  return new SaExpression({ kind: 'function', name, args }, given ?? known, `the function ${name}`)
}
