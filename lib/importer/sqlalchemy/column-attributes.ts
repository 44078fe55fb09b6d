import type { Span } from '../../python/ast.ts'
import type { Interpreter } from '../../python/interpreter.ts'
import { Dict, List, type Value } from '../../python/values.ts'
import { hostFunction } from '../host-function.ts'
import { SaDefault } from './sa-items.ts'
import { SaColumn } from './sa-table.ts'

/** What Python code reads from a column as a part of a schema; undefined for what it has as an expression. */
export function columnAttribute(column: SaColumn, name: string, vm: Interpreter, at: Span): Value | undefined {
  const { definition, more } = column
  switch (name) {
    case 'name':
      return definition.name
    case 'key':
      return column.key
    case 'type':
      return definition.type.kind === 'Unknown'
        ? vm.unknown(definition.type.args?.text ?? 'a type', at)
        : column.typeObject
    case 'table':
      return column.table ?? null
    case 'nullable':
      return definition.nullable ?? (!definition.primaryKey && definition.identity === undefined)
    case 'primary_key':
      return definition.primaryKey ?? false
    case 'unique':
    case 'index':
      return definition[name] ?? null
    case 'autoincrement':
      return definition.autoincrement ?? 'auto'
    case 'comment':
      return definition.comment ?? null
    case 'info':
      return more.info ?? new Dict()
    case 'default':
      return more.defaultValue ?? more.sequence ?? null
    case 'server_default':
      return definition.serverDefault === undefined ? null : new SaDefault('server', definition.serverDefault)
    case 'foreign_keys':
      return new List([...(more.foreignKeys ?? [])])
    case 'copy':
    case '_copy':
      return hostFunction(name, () => new SaColumn(definition, undefined, more))
    default:
      return undefined
  }
}
