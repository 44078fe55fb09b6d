import type { Session } from '../drivers/driver.ts'
import type { DumpStatement } from './dump.ts'
import { type Catalogue, type CatalogueObject, keyOf } from './model.ts'

/** The server's own statements for each object, without what differs from copy to copy: definers, counters. */
export async function dumpMysql(session: Session, { objects }: Catalogue): Promise<readonly DumpStatement[]> {
  const of = (...kinds: readonly CatalogueObject['kind'][]) => objects.filter(({ kind }) => kinds.includes(kind))
  const order = [
    ...of('sequence'),
    ...of('table'),
    ...of('function', 'procedure'),
    ...inOrder(of('view')),
    ...of('trigger', 'event'),
  ]
  const statements: DumpStatement[] = []
  // tables refer to each other in any order
  if (objects.some(({ kind }) => kind === 'table')) statements.push({ object: '', sql: 'SET foreign_key_checks = 0' })
  for (const object of order) statements.push({ object: keyOf(object), sql: await shown(session, object) })
  if (statements.length > 1) statements.push({ object: '', sql: 'SET foreign_key_checks = 1' })
  return statements
}

async function shown(session: Session, { kind, name }: CatalogueObject): Promise<string> {
  const [row] = await session.query(`SHOW CREATE ${kind.toUpperCase()} \`${name.replaceAll('`', '``')}\``)
  const column = Object.keys(row ?? {}).find((key) => /^(create|sql original)/i.test(key))
  return withoutCopy(String(row?.[column ?? ''] ?? ''), kind)
}

function withoutCopy(sql: string, kind: CatalogueObject['kind']): string {
  const plain = sql.replace(/\bDEFINER\s*=\s*`(?:[^`]|``)*`(?:@`(?:[^`]|``)*`)?\s*/i, '')
  return kind === 'table' ? plain.replace(/(\n\)[^\n]*?) AUTO_INCREMENT=\d+/, '$1') : plain
}

/** Views after those that they name. */
function inOrder(views: readonly CatalogueObject[]): readonly CatalogueObject[] {
  const done: CatalogueObject[] = []
  const add = (view: CatalogueObject, above: readonly CatalogueObject[]) => {
    if (done.includes(view) || above.includes(view)) return
    const text = view.properties.definition ?? ''
    for (const other of views) if (other !== view && text.includes(`\`${other.name}\``)) add(other, [...above, view])
    done.push(view)
  }
  for (const view of views) add(view, [])
  return done
}
