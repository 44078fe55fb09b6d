import { type Catalogue, type CatalogueObject, keyOf } from '../catalogue/model.ts'
import { inOrder } from '../catalogue/sqlite-dump.ts'
import { quoteName } from '../catalogue/sqlite-tokens.ts'
import type { Change } from './changes.ts'

/**
 * Views and triggers: what is not expected so, or hangs on what is touched, is dropped; what is expected and not there, or
 * not there any more, is made.
 */
export function storedChanges(
  actual: Catalogue,
  expected: Catalogue,
  touched: ReadonlySet<string>,
): { readonly drops: readonly Change[]; readonly creates: readonly Change[] } {
  const wanted = new Map(stored(expected).map((object) => [keyOf(object), object]))
  const there = new Set(actual.objects.map(keyOf))
  const away = new Set(touched)
  const leaving: CatalogueObject[] = []
  // in the order of their needs: what a thing needs is decided on before it
  for (const object of inOrder(stored(actual))) {
    const key = keyOf(object)
    const after = wanted.get(key)
    // one that names what is made only now would stand in the way of every ALTER TABLE … RENAME until then
    const stays = after?.needs.every((need) => there.has(need)) && !object.needs.some((need) => away.has(need))
    if (stays && after?.properties.definition === object.properties.definition) continue
    away.add(key)
    leaving.push(object)
  }
  const left = new Set(leaving.map(keyOf))
  const staying = new Set(
    stored(actual)
      .map(keyOf)
      .filter((key) => !left.has(key)),
  )
  return {
    drops: leaving
      .toReversed()
      .map((object) => change(object, `DROP ${object.kind.toUpperCase()} ${quoteName(object.name)}`)),
    creates: inOrder(stored(expected))
      .filter((object) => !staying.has(keyOf(object)))
      .map((object) => change(object, object.properties.definition ?? '')),
  }
}

function stored({ objects }: Catalogue): readonly CatalogueObject[] {
  return objects.filter(({ kind }) => kind === 'view' || kind === 'trigger')
}

function change(object: CatalogueObject, sql: string): Change {
  return { object: keyOf(object), sql, loses: undefined, unfinished: undefined }
}
