import type { DumpStatement } from './dump.ts'
import { type Catalogue, type CatalogueObject, keyOf, type Part } from './model.ts'
import { noType } from './sqlite-column.ts'
import { withName } from './sqlite-table.ts'
import { quoteName } from './sqlite-tokens.ts'

/**
 * Each table with its indexes, parents before children as far as foreign keys go in no circle (SQLite does not mind), then
 * views, then triggers.
 */
export function dumpSqlite(catalogue: Catalogue): readonly DumpStatement[] {
  return inOrder(catalogue.objects).flatMap((object) => {
    const key = keyOf(object)
    if (object.kind !== 'table') return [{ object: key, sql: object.properties.definition! }]
    const indexes = object.parts.filter(({ kind }) => kind === 'index')
    return [createTable(object), ...indexes.map((index) => createIndex(index, object.name))].map((sql) => ({
      object: key,
      sql,
    }))
  })
}

/** Objects after what they need; where needs go in a circle, it is broken at the first in the order of keys. */
export function inOrder(objects: readonly CatalogueObject[]): readonly CatalogueObject[] {
  const byKey = new Map(objects.map((object) => [keyOf(object), object]))
  const done = new Set<string>()
  const ordered: CatalogueObject[] = []
  const visit = (key: string): void => {
    const object = byKey.get(key)
    if (!object || done.has(key)) return
    done.add(key)
    for (const need of object.needs) visit(need)
    ordered.push(object)
  }
  const kinds = ['table', 'view', 'trigger']
  const rank = ({ kind }: CatalogueObject) => kinds.indexOf(kind)
  for (const object of objects.toSorted((a, b) => rank(a) - rank(b) || (keyOf(a) < keyOf(b) ? -1 : 1)))
    visit(keyOf(object))
  return ordered
}

/** CREATE TABLE, under another name where one is given. */
export function createTable({ name, properties, parts }: CatalogueObject, as = name): string {
  if (properties.definition !== undefined) return withName(properties.definition, as)
  const key = parts.find(({ kind }) => kind === 'primary key')
  const columns = parts.filter(({ kind }) => kind === 'column')
  const owner = key && columns.find((column) => isAtColumn(key, column))
  const lines = [
    ...columns.map((column) => columnText(column) + (column === owner ? ` ${primaryKeyAtColumn(key!)}` : '')),
    ...parts
      .filter((part) => part.kind !== 'column' && part.kind !== 'index' && !(part === key && owner))
      .map(constraintText),
  ]
  const options = [
    ...(properties.strict ? ['STRICT'] : []),
    ...(properties['without rowid'] ? ['WITHOUT ROWID'] : []),
  ].join(', ')
  return `CREATE TABLE ${quoteName(as)} (\n  ${lines.join(',\n  ')}\n)${options ? ` ${options}` : ''}`
}

/** The key of one column stands at it; AUTOINCREMENT and the key that is no rowid can be written only there. */
function isAtColumn(key: Part, column: Part): boolean {
  const { definition = '' } = key.properties
  const own = `PRIMARY KEY (${quoteName(column.name)}`
  const rest = definition.startsWith(own) ? definition.slice(own.length) : undefined
  if (key.properties['rowid alias'] === 'no') return rest?.startsWith(' DESC)') ?? false
  return rest?.startsWith(')') ?? false
}

function primaryKeyAtColumn({ properties }: Part): string {
  const { definition = '', autoincrement, constraint } = properties
  const conflict = / ON CONFLICT \w+$/.exec(definition)?.[0] ?? ''
  const descending = properties['rowid alias'] === 'no' ? ' DESC' : ''
  const name = constraint === undefined ? '' : `CONSTRAINT ${quoteName(constraint)} `
  return `${name}PRIMARY KEY${descending}${conflict}${autoincrement ? ' AUTOINCREMENT' : ''}`
}

export function columnText({ name, properties }: Part): string {
  const { type, collation, generated } = properties
  const notNullName = properties['not null constraint']
  const conflict = properties['not null on conflict']
  return [
    quoteName(name),
    ...(type === undefined || type === noType ? [] : [type]),
    ...(notNullName === undefined ? [] : [`CONSTRAINT ${quoteName(notNullName)}`]),
    ...(properties['not null'] ? ['NOT NULL'] : []),
    ...(conflict === undefined ? [] : [`ON CONFLICT ${conflict}`]),
    ...(collation === undefined ? [] : [`COLLATE ${collation}`]),
    ...(properties.default === undefined ? [] : [`DEFAULT ${properties.default}`]),
    ...(generated === undefined ? [] : [`GENERATED ALWAYS AS ${generated}`]),
  ].join(' ')
}

export function constraintText({ properties }: Part): string {
  const { constraint, definition = '', autoincrement } = properties
  const name = constraint === undefined ? '' : `CONSTRAINT ${quoteName(constraint)} `
  return name + (autoincrement ? definition.replace(/\)(?= ON CONFLICT|$)/, ' AUTOINCREMENT)') : definition)
}

export function createIndex({ name, properties }: Part, table: string): string {
  const { definition = '' } = properties
  if (/^CREATE\s/i.test(definition)) return definition
  const [, unique = '', rest = ''] = /^(UNIQUE )?(.*)$/s.exec(definition) ?? []
  return `CREATE ${unique}INDEX ${quoteName(name)} ON ${quoteName(table)} ${rest}`
}
