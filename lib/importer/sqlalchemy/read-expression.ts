import { renderSelect } from '../../compiler/select.ts'
import type { Span } from '../../python/ast.ts'
import type { Interpreter } from '../../python/interpreter.ts'
import { Dict, List, Tuple, type Value } from '../../python/values.ts'
import type { Expression, Select } from '../../schema/expression.ts'
import { nothingAround, settle, settledSelect } from '../../schema/froms.ts'
import type { Target } from '../../schema/target.ts'
import type { TypeSpec } from '../../schema/type-spec.ts'
import { known, listOf } from '../arguments.ts'
import { unreadable } from '../unreadable.ts'
import { bind, type Given, parametersFrom } from './bind.ts'
import { expressionOf } from './coerce.ts'
import { modelTable } from './model-table.ts'
import { SaExpression } from './sa-expression.ts'
import { SaInsert } from './sa-insert.ts'
import { SaSelect } from './sa-select.ts'
import { SaStatement, type StatementData } from './sa-statement.ts'
import type { SaColumn } from './sa-table.ts'
import { SaUpdate } from './sa-update.ts'
import { SaDerived, SaJoin, selecting, shownFrom } from './selectables.ts'
import { SaText } from './text-clause.ts'

export { literalFrom } from './read-literal.ts'
export { tableMethod } from './table-methods.ts'

/** Anything that stands for SQL, or a plain value as a literal. */
export function expressionFrom(vm: Interpreter, value: Value, type?: TypeSpec): Expression {
  return settle(expressionOf(vm, value, type), nothingAround())
}

/** What a column can as an expression. */
export function columnMethod(column: SaColumn, name: string, vm: Interpreter, at: Span): Value | undefined {
  return SaExpression.prototype.get.call(column, name, vm, at)
}

/** A SELECT, or a table for all of its rows. */
export function selectFrom(vm: Interpreter, value: Value): Select {
  const found = known(vm, value)
  if (found instanceof SaSelect) return settledSelect(found.draft)
  if (found instanceof SaText) return { text: found.sql }
  if (modelTable(vm, found) || found instanceof SaDerived || found instanceof SaJoin)
    return settledSelect(selecting(shownFrom(vm, found)).draft)
  return unreadable('what is selected from is no SELECT')
}

export function selectText(select: Select, target: Target): string {
  return renderSelect(select, target)
}

/**
 * What `execute(value, parameters)` runs; several where the parameters are a list. A string is `sa.text` here: what a
 * driver makes of one is the connection's business.
 */
export function statementFrom(
  vm: Interpreter,
  value: Value,
  parameters: Value = null,
  at: Span = vm.node,
): readonly StatementData[] {
  const found = known(vm, value)
  const sets = parameterSets(vm, parameters, at)
  if (found instanceof SaInsert) {
    found.run()
    return [sets.length > 0 ? found.executed(vm, sets) : found.data]
  }
  const each = sets.length > 0 ? sets : [new Map()]
  return each.map((given) => oneStatement(vm, found, given))
}

function oneStatement(vm: Interpreter, value: Value, given: Given): StatementData {
  if (typeof value === 'string') return new SaText(value).statement(vm, given)
  if (value instanceof SaText) return value.statement(vm, given)
  if (value instanceof SaUpdate) return given.size > 0 ? value.executed(vm, given) : value.data
  if (value instanceof SaSelect) return { kind: 'select', select: settledSelect(bind(vm, value.draft, given)) }
  if (value instanceof SaStatement) return value.data
  if (value instanceof SaExpression && value.expression.kind === 'sql')
    return new SaText(value.expression.text).statement(vm, given)
  if (value instanceof SaExpression) return selectingExpression(vm, value, given)
  if (modelTable(vm, value)) return { kind: 'select', select: selectFrom(vm, value) }
  return unreadable('what is executed cannot be told')
}

/** `execute(func.setval(…))`, `execute(seq)`: SQLAlchemy puts a SELECT around it. */
function selectingExpression(vm: Interpreter, { expression, type }: SaExpression, given: Given): StatementData {
  const shown = [{ expression: bind(vm, expression, given), ...(type && { type }) }]
  return { kind: 'select', select: settledSelect(selecting(shown).draft) }
}

function parameterSets(vm: Interpreter, parameters: Value, at: Span): readonly Given[] {
  const found = known(vm, parameters)
  if (found === null) return []
  if (found instanceof Dict) return [parametersFrom(vm, [found], new Map())]
  if (!(found instanceof List || found instanceof Tuple)) return unreadable('the parameters of a statement are no dict')
  return listOf(vm, found, at).map((each) => parametersFrom(vm, [each], new Map()))
}
