import { type CatalogueObject, keyOf, type Part } from '../catalogue/model.ts'
import { columnText, constraintText } from '../catalogue/sqlite-dump.ts'
import { quoteName, tokensOf } from '../catalogue/sqlite-tokens.ts'
import type { Change } from './changes.ts'
import { partKey } from './compare.ts'
import { missingValue } from './sqlite-rebuild.ts'

/** Whether two tables differ in more than their indexes. */
export function sameTable(a: CatalogueObject, b: CatalogueObject): boolean {
  return sameFacts(a.properties, b.properties) && sameParts(withoutIndexes(a), withoutIndexes(b))
}

export function withoutIndexes({ parts }: CatalogueObject): readonly Part[] {
  return parts.filter(({ kind }) => kind !== 'index')
}

export function sameFacts(a: Part['properties'], b: Part['properties']): boolean {
  const names = new Set([...Object.keys(a), ...Object.keys(b)])
  return [...names].every((name) => a[name] === b[name])
}

/** Columns in the same order; the order of anything else says nothing. */
function sameParts(a: readonly Part[], b: readonly Part[]): boolean {
  const columns = (parts: readonly Part[]) => parts.filter(isColumn).map(({ name }) => name)
  if (a.length !== b.length || columns(a).join('\0') !== columns(b).join('\0')) return false
  const there = new Map(b.map((part) => [partKey(part), part.properties]))
  return a.every((part) => sameFacts(part.properties, there.get(partKey(part)) ?? {}))
}

function isColumn({ kind }: Part): boolean {
  return kind === 'column'
}

/**
 * What ALTER TABLE can do without a rebuild: drop columns that nothing else names, and add columns at the end with what
 * may stand at them. undefined where that is not enough.
 */
export function alter(actual: CatalogueObject, expected: CatalogueObject): readonly Change[] | undefined {
  if ('definition' in actual.properties || 'definition' in expected.properties) return undefined
  if (!sameFacts(actual.properties, expected.properties)) return undefined
  const wanted = new Set(expected.parts.map(partKey))
  const there = new Set(actual.parts.map(partKey))
  const dropped = actual.parts.filter((part) => isColumn(part) && !wanted.has(partKey(part)))
  const added = expected.parts.filter((part) => isColumn(part) && !there.has(partKey(part)))
  const companions = expected.parts.filter(
    (part) => part.kind !== 'index' && !isColumn(part) && !there.has(partKey(part)),
  )
  if (!dropped.every((column) => canDrop(column, actual)) || !added.every(canAdd)) return undefined
  const stays = actual.parts.filter((part) => part.kind !== 'index' && !dropped.includes(part))
  if (stays.every((part) => !isColumn(part))) return undefined
  if (!sameParts([...stays, ...added, ...companions], withoutIndexes(expected))) return undefined
  const additions = new Map(added.map((column) => [column, [] as Part[]]))
  for (const companion of companions) {
    const column = added.findLast(({ name }) => mentions(companion, name))
    if (!column || !canStandAt(companion, column)) return undefined
    additions.get(column)!.push(companion)
  }
  const table = `ALTER TABLE ${quoteName(expected.name)}`
  return [
    ...dropped.map(({ name, properties }) => ({
      object: keyOf(expected),
      sql: `${table} DROP COLUMN ${quoteName(name)}`,
      loses: properties.generated === undefined ? `the values of ${quoteName(name)} go` : undefined,
      unfinished: undefined,
    })),
    ...added.map((column) => ({
      object: keyOf(expected),
      sql: `${table} ADD COLUMN ${[columnText(column), ...additions.get(column)!.map(atColumn)].join(' ')}`,
      loses: undefined,
      unfinished: needsValue(column) ? missingValue(column.name) : undefined,
    })),
  ]
}

/** sqlite.org/lang_altertable.html, section 5. Indexes that name it are gone by then. */
function canDrop({ name }: Part, table: CatalogueObject): boolean {
  return withoutIndexes(table).every((part) => (isColumn(part) && part.name === name) || !mentions(part, name))
}

/** sqlite.org/lang_altertable.html, section 4. */
function canAdd({ properties }: Part): boolean {
  const { default: value, generated } = properties
  if (value !== undefined && /^(\(|CURRENT_)/.test(value)) return false
  return !generated?.endsWith(' STORED')
}

/** A check, or a foreign key of this column alone whose default is NULL. */
function canStandAt({ kind, properties }: Part, column: Part): boolean {
  if (kind === 'check') return true
  const own = properties.definition?.startsWith(`FOREIGN KEY (${quoteName(column.name)}) `) ?? false
  return kind === 'foreign key' && own && column.properties.default === undefined
}

function atColumn(part: Part): string {
  return constraintText(part).replace(/FOREIGN KEY \(.*?\) (?=REFERENCES )/, '')
}

function needsValue({ properties }: Part): boolean {
  return properties['not null'] !== undefined && properties.default === undefined && properties.generated === undefined
}

/** Whether a name stands anywhere in a part: rather once too often, which costs a rebuild. */
function mentions({ properties }: Part, name: string): boolean {
  return [properties.definition, properties.generated].some((text) =>
    tokensOf(text ?? '')?.some(({ value }) => value.toLowerCase() === name.toLowerCase()),
  )
}
