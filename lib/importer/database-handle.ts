import { HostObject } from '../python/host.ts'
import { Dict, Func, Instance, List, Tuple, Unknown, type Value } from '../python/values.ts'

/** Something through which a script reaches the database: an engine, a connection, a cursor, a session, `op`. */
export class DatabaseHandle extends HostObject {}

/** Whether a value is such a thing, or holds one. */
export function reachesDatabase(value: Value, depth = 0): boolean {
  if (value instanceof DatabaseHandle || (value instanceof HostObject && value.owner instanceof DatabaseHandle))
    return true
  if (depth > 4) return false
  const inside = (values: Iterable<Value>) => [...values].some((one) => reachesDatabase(one, depth + 1))
  if (value instanceof List || value instanceof Tuple) return inside(value.items)
  if (value instanceof Dict || value instanceof Instance) return inside([...value.map.values()].map((e) => e.value))
  if (value instanceof Unknown) return inside(value.carries.filter((one) => !(one instanceof Func)))
  return false
}
