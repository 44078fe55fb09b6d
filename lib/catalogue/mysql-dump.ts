import type { DumpStatement } from './dump.ts'
import { type Catalogue, type CatalogueObject, keyOf, type ObjectKind, type Part } from './model.ts'
import { name } from './mysql-lexing.ts'
import { codeSql, constraintSql, tableSql, withoutDefaults } from './mysql-sql.ts'

/** Bodies of routines are not looked into when they are made, so functions may come before the tables that they read. */
const kindOrder: readonly ObjectKind[] = [
  'sequence',
  'function',
  'procedure',
  'other',
  'table',
  'view',
  'trigger',
  'event',
  'grant',
]

export function dumpMysql(catalogue: Catalogue): readonly DumpStatement[] {
  const made = new Set<string>()
  const after: DumpStatement[] = []
  const statements = sorted(catalogue.objects).flatMap((object) => {
    const key = keyOf(object)
    made.add(key)
    if (object.kind !== 'table') return codeSql(object).map((sql) => ({ object: key, sql }))
    const later = foreignKeysBefore(object, made)
    if (later.length > 0) after.push({ object: key, sql: addForeignKeys(object, later) })
    return [tableSql(object, new Set(later)), ...withoutDefaults(object)].map((sql) => ({ object: key, sql }))
  })
  // right after the tables, before what may use them
  const end = statements.findLastIndex(({ object }) => object.startsWith('table ')) + 1
  return withoutIdleSettings([...statements.slice(0, end), ...after, ...statements.slice(end)])
}

/** Settings that the next body wants again stay. */
function withoutIdleSettings(statements: readonly DumpStatement[]): readonly DumpStatement[] {
  const kept: DumpStatement[] = []
  let setting = ''
  for (const statement of statements) {
    const { sql } = statement
    const last = kept.at(-1)?.sql
    if (sql.startsWith('SET sql_mode = ') && sql === setting && last === 'SET sql_mode = DEFAULT') kept.pop()
    else kept.push(statement)
    if (/^SET sql_mode = '/.test(sql)) setting = sql
  }
  return kept
}

/** Each after what it needs, as far as needs make no circle; else in the order of kinds and keys. */
export function sorted(objects: readonly CatalogueObject[]): readonly CatalogueObject[] {
  const place = (object: CatalogueObject) => kindOrder.indexOf(object.kind)
  const all = objects.toSorted((a, b) => place(a) - place(b) || (keyOf(a) < keyOf(b) ? -1 : 1))
  const byKey = new Map(all.map((object) => [keyOf(object), object]))
  const done = new Set<CatalogueObject>()
  const order: CatalogueObject[] = []
  const visit = (object: CatalogueObject) => {
    if (done.has(object)) return
    done.add(object)
    for (const key of object.needs) {
      const needed = byKey.get(key)
      if (needed) visit(needed)
    }
    order.push(object)
  }
  for (const object of all) visit(object)
  return order
}

/** Foreign keys to tables that are made later, where tables refer to each other in a circle. */
function foreignKeysBefore(table: CatalogueObject, made: ReadonlySet<string>): readonly Part[] {
  return table.parts.filter((part) => {
    const target = part.kind === 'foreign key' ? table.needs.filter((key) => refersTo(part, key)) : []
    return target.some((key) => !made.has(key))
  })
}

export function refersTo(foreignKey: Part, table: string): boolean {
  return foreignKey.properties.definition!.includes(` REFERENCES ${name(table.slice('table '.length))} (`)
}

function addForeignKeys(table: CatalogueObject, foreignKeys: readonly Part[]): string {
  const clauses = foreignKeys.map((part) => `  ADD ${constraintSql(part)}`)
  return `ALTER TABLE ${name(table.name)}\n${clauses.join(',\n')}`
}
