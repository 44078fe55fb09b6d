import type { Span } from '../../python/ast.ts'
import type { Interpreter } from '../../python/interpreter.ts'
import { Dict, List, Tuple, type Value } from '../../python/values.ts'
import type { Literal } from '../../schema/expression.ts'
import { entriesOf, known, listOf } from '../arguments.ts'
import type { Call } from '../host-function.ts'
import type { Recorder } from '../recorder.ts'
import { SaExpression } from '../sqlalchemy/sa-expression.ts'
import { SaStatement, type StatementData } from '../sqlalchemy/sa-statement.ts'
import { unreadable } from '../unreadable.ts'
import { ComposedSql } from './composed-sql.ts'
import { plainLiteral, withDriverParameters } from './driver-parameters.ts'

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
  if (value instanceof SaStatement) return [value.data]
  const sql = typeof value === 'string' ? value : textOf(value)
  if (sql === undefined) return unreadable('what is executed cannot be told')
  return setsOf(vm, parameters, at).map((set) => ({
    kind: 'text',
    sql,
    ...(Object.keys(set).length > 0 && { parameters: set }),
  }))
}

function textOf(value: Value): string | undefined {
  return value instanceof SaExpression && value.expression.kind === 'sql' ? value.expression.text : undefined
}

/** Values by their place are the driver's business. */
function isPlainRow(vm: Interpreter, parameters: Value | undefined): boolean {
  const value = vm.resolve(parameters ?? null)
  return value instanceof Tuple || (value instanceof List && !(value.items[0] instanceof Dict))
}

type Parameters = Readonly<Record<string, Literal>>

/** The parameters of each run: a list of dicts is as many. */
function setsOf(vm: Interpreter, parameters: Value | undefined, at: Span): readonly Parameters[] {
  if (parameters === undefined || vm.resolve(parameters) === null) return [{}]
  const value = known(vm, parameters)
  const sets = value instanceof Dict ? [value] : listOf(vm, value, at)
  return sets.map((set) =>
    Object.fromEntries(entriesOf(vm, set, 'the parameters').map(([name, of]) => [name, plainLiteral(vm, of)])),
  )
}
