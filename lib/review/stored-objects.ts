import { namesIn } from '../text/names-in.ts'
import { reading } from './reading.ts'
import type { Step, StoredObject } from './rule.ts'

/** The views and triggers there are after a statement. */
export function withObject(objects: Step['objects'], step: Step): Step['objects'] {
  const [first] = step.words
  if (first !== 'create' && first !== 'drop') return objects
  const kind = step.words.slice(1, 5).find((word) => word === 'view' || word === 'trigger')
  if (kind !== 'view' && kind !== 'trigger') return objects
  const object = objectOf(kind, step)
  if (!object) return objects
  const changed = new Map(objects)
  if (first === 'create') changed.set(object.name.toLowerCase(), object)
  else changed.delete(object.name.toLowerCase())
  return changed
}

function objectOf(kind: StoredObject['kind'], step: Step): StoredObject | undefined {
  return reading(step, (reader) => {
    while (!reader.atEnd && !reader.take(kind.toUpperCase())) reader.next()
    reader.take('IF', 'NOT', 'EXISTS')
    reader.take('IF', 'EXISTS')
    const { name } = reader.qualified()
    const names = new Set(namesIn(step.text, step.lexis))
    if (kind === 'view') return { kind, name, on: undefined, names }
    while (!reader.atEnd && !reader.take('ON')) reader.next()
    return { kind, name, on: reader.isName ? reader.qualified().name : undefined, names }
  })
}
