import type { Interpreter } from '../../python/interpreter.ts'
import type { Value } from '../../python/values.ts'
import type { ColumnDefinition, TableDefinition } from '../../schema/definition.ts'
import type { Computed, Constraint, Identity, Index, ServerDefault } from '../../schema/table.ts'
import { known } from '../arguments.ts'
import { unreadable } from '../unreadable.ts'
import { createdDefinition } from './create-all.ts'
import { defaultClause } from './item-calls.ts'
import { modelTable } from './model-table.ts'
import { SaComputed, SaConstraint, SaDefault, SaIdentity, SaIndex } from './sa-items.ts'
import { SaColumn, type SaTable } from './sa-table.ts'
import { itemsOf, tableParts } from './table-call.ts'

export function columnFrom(vm: Interpreter, value: Value): ColumnDefinition {
  const found = known(vm, value)
  if (!(found instanceof SaColumn)) return unreadable('what stands for a column is none')
  return found.definition.name === '' ? unreadable('a column without a name') : found.definition
}

export interface Items {
  readonly columns: readonly ColumnDefinition[]
  readonly constraints: readonly Constraint[]
  readonly indexes: readonly Index[]
}

/** The arguments of `op.create_table` after the name. */
export function tableItems(vm: Interpreter, values: readonly Value[]): Items {
  const { columns, constraints = [], indexes = [] } = tableParts(itemsOf(vm, values))
  return { columns, constraints, indexes }
}

export function constraintFrom(vm: Interpreter, value: Value): Constraint {
  const found = known(vm, value)
  return found instanceof SaConstraint ? found.constraint : unreadable('what stands for a constraint is none')
}

export function indexFrom(vm: Interpreter, value: Value): Index {
  const found = known(vm, value)
  return found instanceof SaIndex ? found.definition : unreadable('what stands for an Index is none')
}

/** A table, or a declarative class. */
export function tableValue(vm: Interpreter, value: Value): SaTable {
  const found = known(vm, value)
  return modelTable(vm, found) ?? unreadable('what stands for a table is none')
}

export function tableFrom(vm: Interpreter, value: Value): TableDefinition {
  return createdDefinition(tableValue(vm, value))
}

export type ColumnDefaultValue =
  | ServerDefault
  | { readonly identity: Identity }
  | { readonly computed: Computed }
  | null

/** `server_default=` of `op.alter_column`. A FetchedValue says nothing, and so gives undefined. */
export function serverDefaultFrom(vm: Interpreter, value: Value): ColumnDefaultValue | undefined {
  const found = known(vm, value)
  if (found === null) return null
  if (found instanceof SaIdentity) return { identity: found.identity }
  if (found instanceof SaComputed) return { computed: found.computed }
  return found instanceof SaDefault ? found.clause : defaultClause(vm, found)
}
