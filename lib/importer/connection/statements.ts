import type { Value } from '../../python/values.ts'
import { known } from '../arguments.ts'
import type { Call } from '../host-function.ts'
import type { Recorder } from '../recorder.ts'
import { SaExpression } from '../sqlalchemy/sa-expression.ts'
import { SaStatement, type StatementData } from '../sqlalchemy/sa-statement.ts'
import { unreadable } from '../unreadable.ts'
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
  if (typeof value === 'string' && style === 'driver') {
    return [{ kind: 'text', sql: withDriverParameters(vm, value, parameters, recorder.target.dialect, at), raw: true }]
  }
  if (typeof value === 'string') return [{ kind: 'text', sql: value }]
  if (value instanceof SaStatement) return [value.data]
  if (value instanceof SaExpression && value.expression.kind === 'sql')
    return [{ kind: 'text', sql: value.expression.text }]
  return unreadable('what is executed cannot be told')
}
