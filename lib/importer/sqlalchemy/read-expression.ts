import type { Interpreter } from '../../python/interpreter.ts'
import { Dict, Instance, List, Tuple, type Value } from '../../python/values.ts'
import { column, type Expression, type Literal, literal } from '../../schema/expression.ts'
import type { TypeSpec } from '../../schema/type-spec.ts'
import { entriesOf, known, listOf } from '../arguments.ts'
import { unreadable } from '../unreadable.ts'
import { SaExpression } from './sa-expression.ts'

/** A value as a piece of SQL; what is no SQL already is a literal. */
export function expressionFrom(vm: Interpreter, value: Value, _type?: TypeSpec): Expression {
  const found = known(vm, value)
  if (found instanceof SaExpression) return found.expression
  if (found === null) return { kind: 'constant', value: null }
  return literal(literalFrom(vm, found))
}

/** A value of Python's as data. */
export function literalFrom(vm: Interpreter, value: Value, _type?: TypeSpec): Literal {
  const found = known(vm, value)
  if (found === null || typeof found === 'boolean' || typeof found === 'string') return found
  if (typeof found === 'bigint') return Number.isSafeInteger(Number(found)) ? Number(found) : found
  if (typeof found === 'number') return found
  if (found instanceof List || found instanceof Tuple)
    return listOf(vm, found, vm.node).map((one) => literalFrom(vm, one))
  if (found instanceof Instance && typeof found.native === 'string' && !found.volatile)
    return { kind: 'decimal', text: found.native }
  return unreadable('a value is no plain literal')
}

/** The parameters of a statement by name. */
export function parametersFrom(vm: Interpreter, value: Value): { readonly [name: string]: Literal } {
  const found = known(vm, value)
  if (!(found instanceof Dict)) return unreadable('the parameters are no dict')
  return Object.fromEntries(entriesOf(vm, found, 'the parameters').map(([name, of]) => [name, literalFrom(vm, of)]))
}

export { column }
