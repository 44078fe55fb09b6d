import {
  type Catalogue,
  type CatalogueObject,
  keyOf,
  type Part,
  type Properties,
  partReference,
} from '../catalogue/model.ts'
import { isTable } from '../catalogue/postgres-dump.ts'
import { name, titleOf } from '../catalogue/postgres-names.ts'
import { beside, objectsOf } from '../catalogue/postgres-sql.ts'
import { notNullName } from '../catalogue/postgres-table-sql.ts'
import type { Change, Renames } from './changes.ts'
import { ownerColumn } from './postgres-drops.ts'

/** The actual schema as it is after the renames, and the statements that rename. */
export interface Renamed {
  readonly catalogue: Catalogue
  readonly changes: readonly Change[]
}

interface State {
  objects: readonly CatalogueObject[]
  readonly changes: Change[]
  /** Whether NOT NULL has a name, which stays as it is. */
  readonly hasNames: boolean
}

/**
 * Tables and columns get their new names; so do keys, indexes and sequences that are the same but for a name. The server
 * follows a new name everywhere; where its texts cannot be followed here, the thing is made again.
 */
export function renamed(actual: Catalogue, expected: Catalogue, renames: Renames): Renamed {
  const hasNames = Number(/ (\d+)/.exec(actual.server)?.[1] ?? 0) >= 18
  const state: State = { objects: actual.objects, changes: [], hasNames }
  const keys = new Map<string, string>()
  for (const [from, to] of renames) {
    const table = actual.objects.find((object) => isTable(object) && keyOf(object) === from)
    if (table) keys.set(from, renameTable(state, table, to))
  }
  for (const [from, to] of renames) {
    const table = actual.objects.find((object) => isTable(object) && from.startsWith(`${keyOf(object)}.`))
    if (!table || keys.has(from)) continue
    const column = from.slice(keyOf(table).length + 1)
    renameColumn(state, keys.get(keyOf(table)) ?? keyOf(table), column, to)
  }
  const there = objectsOf(state.objects)
  const taken = namesIn(state.objects)
  for (const table of expected.objects.filter(isTable)) {
    const before = there.get(keyOf(table))
    if (before) renameParts(state, before, table, taken)
  }
  renameSequences(state, expected)
  return { catalogue: { ...actual, objects: state.objects }, changes: state.changes }
}

function tell({ changes }: State, object: string, sql: string): void {
  changes.push({ object, sql, loses: undefined, unfinished: undefined })
}

function renameTable(state: State, table: CatalogueObject, title: string): string {
  const after = { ...table, name: title }
  const [before, key] = [keyOf(table), keyOf(after)]
  tell(state, key, `ALTER TABLE ${titleOf(table)} RENAME TO ${name(title)}`)
  const word = (text: string) => replaced(text, titleOf(table), titleOf(after))
  const owner = (text: string) =>
    text.startsWith(`${titleOf(table)}.`) ? `${titleOf(after)}${text.slice(titleOf(table).length)}` : word(text)
  const follow = (text: string) =>
    text === before || text.startsWith(`${before}: `) ? `${key}${text.slice(before.length)}` : text
  const followed = (object: CatalogueObject) => {
    const { parts } = withReferences(object, follow)
    return keyOf(object) === before && state.hasNames ? withNames(parts, table, after) : parts
  }
  state.objects = state.objects.map((object) => ({
    ...withReferences(object, follow),
    name: keyOf(object) === before ? title : isRoutine(object) ? word(object.name) : object.name,
    table: object.table === undefined ? undefined : follow(object.table),
    properties: mapped(
      object.properties,
      object.table === before ? ['definition'] : ['partition of', 'inherits', 'owned by', 'on'],
      owner,
    ),
    parts: followed(object).map((part) =>
      part.kind === 'foreign key' ? { ...part, properties: mapped(part.properties, ['definition'], word) } : part,
    ),
  }))
  return key
}

const usualName = (table: Pick<CatalogueObject, 'name'>, column: Pick<Part, 'name'>) =>
  `${table.name}_${column.name}_not_null`

function withNames(parts: readonly Part[], before: CatalogueObject, after: CatalogueObject): readonly Part[] {
  return parts.map((part) =>
    part.kind === 'column' ? withName(part, usualName(before, part), usualName(after, part)) : part,
  )
}

/** A column whose NOT NULL was called as is usual, which is not as usual any more, or the other way round. */
function withName(column: Part, before: string, after: string): Part {
  const property = column.properties['not null']
  if (property === undefined) return column
  const title = notNullName(property) ?? name(before)
  const rest = property.replace(/^yes(?: as (?:"(?:[^"]|"")*"|\S+))?/, '')
  return {
    ...column,
    properties: { ...column.properties, 'not null': `yes${title === name(after) ? '' : ` as ${title}`}${rest}` },
  }
}

const isRoutine = ({ kind }: CatalogueObject) => kind === 'function' || kind === 'procedure' || kind === 'aggregate'

function renameColumn(state: State, key: string, from: string, to: string): void {
  const table = state.objects.find((object) => keyOf(object) === key)
  const column = table?.parts.find((part) => part.kind === 'column' && part.name === from)
  if (!table || !column) return
  tell(state, key, `ALTER TABLE ${titleOf(table)} RENAME COLUMN ${name(from)} TO ${name(to)}`)
  const [before, after] = [column, { ...column, name: to }].map((part) => partReference(key, part))
  const follow = (text: string) => (text === before ? after! : text)
  const word = (text: string) => replaced(text, name(from), name(to))
  const owned = `${titleOf(table)}.${name(from)}`
  const own = (part: Part): Part =>
    state.hasNames
      ? withName({ ...part, name: to }, usualName(table, part), usualName(table, { name: to }))
      : { ...part, name: to }
  const target = ` REFERENCES ${titleOf(table)}(`
  state.objects = state.objects.map((object) => {
    const there = withReferences(object, follow)
    if (object === table) {
      const parts = there.parts.map((part) => (part.kind === 'column' && part.name === from ? own(part) : part))
      return {
        ...there,
        properties: mapped(there.properties, ['partitioned by'], word),
        parts: parts.map((part) => ({ ...part, properties: ownColumn(part, word, target) })),
      }
    }
    const properties =
      object.table === key
        ? mapped(there.properties, ['using', 'with check'], word)
        : mapped(there.properties, ['owned by'], (text) => (text === owned ? `${titleOf(table)}.${name(to)}` : text))
    return {
      ...there,
      properties,
      parts: there.parts.map((part) => ({ ...part, properties: referredColumn(part, word, target) })),
    }
  })
}

/** What a part of the column's own table says of it; another table's columns may have the same name. */
function ownColumn(part: Part, word: (text: string) => string, target: string): Properties {
  if (part.kind !== 'foreign key') return mapped(part.properties, ['definition', 'generated'], word)
  const { definition } = part.properties
  const at = definition!.indexOf(' REFERENCES ')
  const own = { ...part.properties, definition: `${word(definition!.slice(0, at))}${definition!.slice(at)}` }
  return referredColumn({ ...part, properties: own }, word, target)
}

function referredColumn(part: Part, word: (text: string) => string, target: string): Properties {
  const { definition } = part.properties
  const at = part.kind === 'foreign key' ? definition!.indexOf(target) : -1
  if (at < 0) return part.properties
  const end = at + target.length
  return { ...part.properties, definition: `${definition!.slice(0, end)}${word(definition!.slice(end))}` }
}

function mapped(properties: Properties, names: readonly string[], change: (text: string) => string): Properties {
  return Object.fromEntries(
    Object.entries(properties).map(([property, value]) => [property, names.includes(property) ? change(value) : value]),
  )
}

function withReferences(object: CatalogueObject, follow: (text: string) => string): CatalogueObject {
  return {
    ...object,
    needs: object.needs.map(follow),
    parts: object.parts.map(({ needs, defaultNeeds, ...part }) => ({
      ...part,
      ...(needs && { needs: needs.map(follow) }),
      ...(defaultNeeds && { defaultNeeds: defaultNeeds.map(follow) }),
    })),
  }
}

/** A name outside strings, where it is neither a part of another one nor a function's. */
export function replaced(text: string, from: string, to: string): string {
  return text.replace(
    /'(?:[^']|'')*'|"(?:[^"]|"")*"(?:\."(?:[^"]|"")*"|\.\w+)*|[\w$]+(?:\.(?:\w+|"(?:[^"]|"")*"))*/g,
    (token) => (token === from ? to : token),
  )
}

/** A key or an index that is the same but for its name has what it needs: only the name changes. */
function renameParts(state: State, table: CatalogueObject, expected: CatalogueObject, taken: Set<string>): void {
  const key = keyOf(expected)
  const has = ({ parts }: CatalogueObject, { kind, name }: Part) =>
    parts.some((part) => part.kind === kind && part.name === name)
  const bare = ({ kind, properties: { comment, ...rest } }: Part) => JSON.stringify([kind, Object.entries(rest).sort()])
  for (const part of table.parts) {
    if (part.kind === 'column' || has(expected, part)) continue
    const after = expected.parts.find((one) => bare(one) === bare(part) && !taken.has(one.name))
    if (!after) continue
    taken.add(after.name)
    const sql =
      part.kind === 'index'
        ? `ALTER INDEX ${beside(table, part.name)} RENAME TO ${name(after.name)}`
        : `ALTER TABLE ${titleOf(table)} RENAME CONSTRAINT ${name(part.name)} TO ${name(after.name)}`
    tell(state, key, sql)
    const [from, to] = [partReference(key, part), partReference(key, after)]
    state.objects = state.objects.map((object) => {
      const there = withReferences(object, (text) => (text === from ? to : text))
      if (keyOf(object) !== key) return there
      const isIt = ({ kind, name }: Part) => kind === part.kind && name === part.name
      return { ...there, parts: there.parts.map((one) => (isIt(one) ? { ...one, name: after.name } : one)) }
    })
  }
}

function namesIn(objects: readonly CatalogueObject[]): Set<string> {
  const names = new Set<string>()
  for (const { name: own, parts } of objects) {
    names.add(own)
    for (const { kind, name: part } of parts) if (kind !== 'column') names.add(part)
  }
  return names
}

/** The sequence of a column that is to be called something else is still the one which the column counts by. */
function renameSequences(state: State, expected: Catalogue): void {
  const wanted = objectsOf(expected.objects)
  const there = objectsOf(state.objects)
  for (const sequence of state.objects) {
    if (sequence.kind !== 'sequence' || wanted.has(keyOf(sequence)) || sequence.properties['owned by'] === undefined)
      continue
    const after = expected.objects.find(
      (object) =>
        object.kind === 'sequence' &&
        object.properties['owned by'] === sequence.properties['owned by'] &&
        object.schema === sequence.schema,
    )
    if (!after || there.has(keyOf(after)) || !ownerColumn(sequence, there)) continue
    const [before, key] = [keyOf(sequence), keyOf(after)]
    tell(state, key, `ALTER SEQUENCE ${titleOf(sequence)} RENAME TO ${name(after.name)}`)
    const next = (title: string) => `nextval('${title.replaceAll("'", "''")}'::regclass)`
    state.objects = state.objects.map((object) => {
      const one = withReferences(object, (text) => (text === before ? key : text))
      const parts = one.parts.map((part) => ({
        ...part,
        properties: mapped(part.properties, ['default'], (text) =>
          text.replace(next(titleOf(sequence)), next(titleOf(after))),
        ),
      }))
      return { ...one, parts, name: keyOf(object) === before ? after.name : object.name }
    })
  }
}
