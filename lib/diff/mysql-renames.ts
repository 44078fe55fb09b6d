import { type Catalogue, type CatalogueObject, keyOf, type Part } from '../catalogue/model.ts'
import { name, outsideStrings } from '../catalogue/mysql-lexing.ts'
import type { Change, Renames } from './changes.ts'
import { mentions } from './mysql-table.ts'

/** The actual schema as it is after the renames, and the statements that rename. */
export interface Renamed {
  readonly catalogue: Catalogue
  readonly changes: readonly Change[]
}

export function renamed(actual: Catalogue, expected: Catalogue, renames: Renames): Renamed {
  const keys = new Set(expected.objects.map(keyOf))
  let objects = actual.objects
  const changes: Change[] = []
  for (const [from, to] of renames) {
    const table = objects.find((object) => object.kind === 'table' && from.startsWith(`${keyOf(object)}.`))
    if (!table) continue
    const key = keyOf(table)
    const column = from.slice(key.length + 1)
    if (!table.parts.some(({ kind, name }) => kind === 'column' && name === column)) continue
    const { parts, properties, drops } = withoutDependents(table, column)
    changes.push(
      ...(properties === table.properties ? [] : [plain(key, `ALTER TABLE ${name(table.name)} REMOVE PARTITIONING`)]),
      plain(
        key,
        `ALTER TABLE ${name(table.name)} ${[...drops, `RENAME COLUMN ${name(column)} TO ${name(to)}`].join(', ')}`,
      ),
    )
    objects = objects.map((object) =>
      inColumns(object === table ? { ...table, parts, properties } : object, table.name, column, to),
    )
  }
  for (const [from, to] of renames) {
    const table = objects.find((object) => object.kind === 'table' && keyOf(object) === from)
    if (!table || !keys.has(`table ${to}`)) continue
    changes.push(plain(`table ${to}`, `RENAME TABLE ${name(table.name)} TO ${name(to)}`))
    objects = objects.map((object) => inTable(object, table.name, to))
  }
  return { catalogue: { ...actual, objects }, changes }
}

function plain(object: string, sql: string): Change {
  return { object, sql, loses: undefined, unfinished: undefined }
}

/** Servers name what has no name after its table, and rename it with that. */
function inTable(object: CatalogueObject, from: string, to: string): CatalogueObject {
  const key = (text: string) => (text === `table ${from}` ? `table ${to}` : text)
  const isIt = object.kind === 'table' && object.name === from
  const own = (part: Part): Part => {
    const generated = new RegExp(`^${from.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}_(ibfk|chk)_\\d+$`).test(part.name)
    return isIt && generated ? { ...part, name: `${to}${part.name.slice(from.length)}` } : part
  }
  return {
    ...object,
    name: isIt ? to : object.name,
    table: object.table === undefined ? undefined : key(object.table),
    needs: object.needs.map((need) => key(need.replace(` on table ${from}`, ` on table ${to}`))).sort(),
    parts: object.parts
      .map(own)
      .map((part) =>
        part.kind === 'foreign key'
          ? withDefinition(
              part,
              replaced(part.properties.definition!, ` REFERENCES ${name(from)} `, ` REFERENCES ${name(to)} `),
            )
          : part,
      ),
  }
}

/** A column of this table, in keys and in foreign keys from wherever. */
function inColumns(object: CatalogueObject, table: string, from: string, to: string): CatalogueObject {
  const isIt = object.kind === 'table' && object.name === table
  const parts = object.parts.map((part) => {
    const { definition } = part.properties
    if (isIt && part.kind === 'column') {
      const check = part.properties.check
      const renamed = part.name === from ? { ...part, name: to } : part
      return check === undefined
        ? renamed
        : { ...renamed, properties: { ...part.properties, check: replaced(check, name(from), name(to)) } }
    }
    if (definition === undefined) return part
    if (part.kind !== 'foreign key')
      return isIt ? withDefinition(part, replaced(definition, name(from), name(to))) : part
    const [own, referred] = definition.split(' REFERENCES ') as [string, string]
    const isTarget = referred.startsWith(`${name(table)} (`)
    const rest = isTarget
      ? `${name(table)}${replaced(referred.slice(name(table).length), name(from), name(to))}`
      : referred
    return withDefinition(part, `${isIt ? replaced(own, name(from), name(to)) : own} REFERENCES ${rest}`)
  })
  return { ...object, parts }
}

function replaced(text: string, from: string, to: string): string {
  return outsideStrings(text, (code) => code.replaceAll(from, to))
}

function withDefinition(part: Part, definition: string): Part {
  return { ...part, properties: { ...part.properties, definition } }
}

/** A table without what is worked out from a column, as that holds the column to its name; the difference makes it again. */
function withoutDependents(
  table: CatalogueObject,
  column: string,
): Pick<CatalogueObject, 'parts' | 'properties'> & { readonly drops: readonly string[] } {
  const gone: string[] = []
  for (const { kind, name: title, properties } of table.parts) {
    const { generated } = properties
    if (kind === 'column' && generated !== undefined && [column, ...gone].some((other) => mentions(generated, other)))
      gone.push(title)
  }
  const isKey = ({ kind }: Part) => kind !== 'column' && kind !== 'foreign key'
  const isHeld = (part: Part) => {
    const definition = part.properties.definition ?? ''
    if (!isKey(part)) return false
    const isExpression = part.kind === 'check' || definition.includes('((')
    return gone.some((other) => mentions(definition, other)) || (isExpression && mentions(definition, column))
  }
  const held = table.parts.filter(isHeld)
  const { 'partition by': partitions, ...rest } = table.properties
  return {
    parts: table.parts.filter((part) => !held.includes(part) && !(part.kind === 'column' && gone.includes(part.name))),
    properties: partitions !== undefined && mentions(partitions, column) ? rest : table.properties,
    drops: [
      ...held.map(({ kind, name: title }) =>
        kind === 'check' ? `DROP CONSTRAINT ${name(title)}` : `DROP KEY ${name(title)}`,
      ),
      ...gone.map((title) => `DROP COLUMN ${name(title)}`),
    ],
  }
}
