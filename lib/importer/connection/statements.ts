import type { Interpreter } from '../../python/interpreter.ts'
import { Dict, List, Tuple, type Value } from '../../python/values.ts'
import { known } from '../arguments.ts'
import type { Call } from '../host-function.ts'
import type { Recorder } from '../recorder.ts'
import { statementFrom } from '../sqlalchemy/read-expression.ts'
import type { StatementData } from '../sqlalchemy/sa-statement.ts'
import { ComposedSql } from './composed-sql.ts'
import { withDriverParameters } from './driver-parameters.ts'

/** How a plain string that is executed is meant: as the driver's SQL, or as `sa.text`. */
export type StringStyle = 'driver' | 'text'

/** What `execute(statement, parameters)` runs. */
export function statementsOf(
  { vm, at }: Call,
  recorder: Recorder,
  given: Value,
  parameters: Value | undefined,
  style: StringStyle,
): readonly StatementData[] {
  const value = known(vm, given)
  const raw = style === 'driver' || isPlainRow(vm, parameters)
  if (value instanceof ComposedSql || (typeof value === 'string' && raw)) {
    const text = typeof value === 'string' ? value : value.sql
    return [{ kind: 'text', sql: withDriverParameters(vm, text, parameters, recorder.target.dialect, at), raw: true }]
  }
  return statementFrom(vm, value, parameters ?? null, at)
}

/** Values by their place are the driver's business. */
function isPlainRow(vm: Interpreter, parameters: Value | undefined): boolean {
  const value = vm.resolve(parameters ?? null)
  return value instanceof Tuple || (value instanceof List && !(value.items[0] instanceof Dict))
}
