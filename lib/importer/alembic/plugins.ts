import type { Value } from '../../python/values.ts'
import type { TableName } from '../../schema/table.ts'
import { Arguments } from '../arguments.ts'
import type { Call } from '../host-function.ts'
import type { Recorder } from '../recorder.ts'
import { Unreadable } from '../unreadable.ts'
import { tableIn } from './directive.ts'
import { entityDirective } from './replaceable-entities.ts'
import { syncEnumValues } from './sync-enum-values.ts'

/** A directive that a well-known plugin adds to `op`. */
export type PluginDirective = (recorder: Recorder, call: Call) => Value

/** GeoAlchemy2's: what they do depends on the version of PostGIS or SpatiaLite. */
const spatial = [
  ...['create_geospatial_table', 'drop_geospatial_table', 'add_geospatial_column', 'drop_geospatial_column'],
  ...['create_geospatial_index', 'drop_geospatial_index', 'batch_create_geospatial_table'],
]

export function pluginDirective(name: string): PluginDirective | undefined {
  if (name === 'sync_enum_values') return syncEnumValues
  if (spatial.includes(name)) return (recorder, call) => beyond(recorder, call, `op.${name} is GeoAlchemy2's`)
  return entityDirective(name)
}

function beyond(recorder: Recorder, call: Call, reason: string): Value {
  recorder.todo(call.vm, reason, call.at, tablesIn(call))
  return call.vm.unknown(reason, call.at)
}

function tablesIn(call: Call): readonly TableName[] | undefined {
  try {
    return [tableIn(new Arguments(call, 'table_name', '*', 'schema'))]
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    return undefined
  }
}
