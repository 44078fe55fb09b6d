import type { Interpreter } from '../../python/interpreter.ts'
import { PyClass, Unknown, type Value } from '../../python/values.ts'
import { unreadable } from '../unreadable.ts'
import { SaTable } from './sa-table.ts'

/** Where a declarative class keeps its table. */
export const tableName = '__table__'

/** The table that a value is, or that a declarative class stands for. */
export function modelTable(vm: Interpreter, given: Value): SaTable | undefined {
  const value = vm.resolve(given)
  if (value instanceof SaTable) return value
  if (!(value instanceof PyClass)) return undefined
  for (const base of value.mro) {
    const held = base.map.get(tableName)
    const found = held && vm.resolve(held.value)
    if (found instanceof SaTable) return found
    if (found instanceof Unknown) return unreadable(found.reason)
  }
  return undefined
}
