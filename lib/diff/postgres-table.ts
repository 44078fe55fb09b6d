import { type CatalogueObject, keyOf, type Part, type Properties, partReference } from '../catalogue/model.ts'
import { looseNeeds } from '../catalogue/postgres-dump.ts'
import { name, titleOf } from '../catalogue/postgres-names.ts'
import { partCommentSql } from '../catalogue/postgres-sql.ts'
import {
  addPartSql,
  columnSql,
  identitySql,
  notNullName,
  notNullSql,
  securitySql,
} from '../catalogue/postgres-table-sql.ts'
import type { Change } from './changes.ts'
import { columnsOf, type Fates } from './postgres-fates.ts'
import { losesByType, usingAnew, usingSql } from './postgres-types.ts'

/** A part that is made as soon as what it needs is there. */
export interface Waiting {
  readonly object: CatalogueObject
  readonly needs: readonly string[]
  readonly statements: readonly string[]
  readonly makes: string | undefined
}

export interface TableChange {
  readonly changes: readonly Change[]
  readonly waiting: readonly Waiting[]
}

/**
 * What makes a table the one that is wanted, after what had to go is gone.
 * @param actual as it is after the change of the tables that it is in
 * @param given the names of columns that it has from those, so that they are made and get their types there
 */
export function changeTable(
  actual: CatalogueObject,
  expected: CatalogueObject,
  fates: Fates,
  given: ReadonlySet<string>,
): TableChange {
  const key = keyOf(expected)
  const plain = (sql: string): Change => ({ object: key, sql, loses: undefined, unfinished: undefined })
  const columns = columnChanges(actual, expected, fates, given)
  const parts = expected.parts.filter((part) => part.kind !== 'column')
  const before = (part: Part) => actual.parts.find(({ kind, name }) => kind === part.kind && name === part.name)
  const isMade = (part: Part) => !before(part) || fates.of.get(partReference(key, part)) === 'again'
  const waiting = parts.filter(isMade).map(
    (part): Waiting => ({
      object: expected,
      needs: looseNeeds(part),
      statements: addPartSql(expected, part),
      makes: partReference(key, part),
    }),
  )
  const changed = parts.filter((part) => !isMade(part)).flatMap((part) => partChanges(expected, before(part)!, part))
  return {
    changes: [...tableAspects(actual, expected).map(plain), ...columns.changes, ...changed.map(plain)],
    waiting: [...columns.waiting, ...waiting],
  }
}

function partChanges(table: CatalogueObject, before: Part, after: Part): readonly string[] {
  const title = titleOf(table)
  const isNotValid = ({ properties }: Part) => / NOT VALID$/.test(properties.definition!)
  const chosen = (property: string) => before.properties[property] !== after.properties[property]
  return [
    ...(isNotValid(before) && !isNotValid(after)
      ? [`ALTER TABLE ${title} VALIDATE CONSTRAINT ${name(after.name)}`]
      : []),
    ...(chosen('clustered')
      ? [
          `ALTER TABLE ${title} ${after.properties.clustered ? `CLUSTER ON ${name(after.name)}` : 'SET WITHOUT CLUSTER'}`,
        ]
      : []),
    ...(chosen('replica identity')
      ? [
          `ALTER TABLE ${title} REPLICA IDENTITY ${after.properties['replica identity'] ? `USING INDEX ${name(after.name)}` : 'DEFAULT'}`,
        ]
      : []),
    ...(chosen('comment') ? [partCommentSql(table, after, after.properties.comment)] : []),
  ]
}

function tableAspects(actual: CatalogueObject, expected: CatalogueObject): readonly string[] {
  const [from, to] = [actual.properties, expected.properties]
  const title = titleOf(expected)
  const alter = `ALTER ${expected.kind === 'foreign table' ? 'FOREIGN TABLE' : 'TABLE'} ${title}`
  const differs = (property: string) => from[property] !== to[property]
  return [
    ...(differs('persistence') ? [`${alter} SET ${to.persistence === undefined ? 'LOGGED' : 'UNLOGGED'}`] : []),
    ...(differs('access method') ? [`${alter} SET ACCESS METHOD ${name(to['access method'] ?? 'heap')}`] : []),
    ...optionsSql(alter, from.options, to.options),
    ...(differs('foreign options') ? [`${alter} OPTIONS (${foreignOptions(from, to)})`] : []),
    ...securitySql(expected, from['row security'], to['row security']),
    ...(differs('replica identity')
      ? [`${alter} REPLICA IDENTITY ${(to['replica identity'] ?? 'default').toUpperCase()}`]
      : []),
  ]
}

/** Storage parameters: those that are no longer there are reset. */
export function optionsSql(alter: string, before: string | undefined, after: string | undefined): readonly string[] {
  if (before === after) return []
  const names = (text: string | undefined) => (text ?? '').split(', ').map((option) => option.split('=')[0]!)
  const gone = names(before).filter((option) => option !== '' && !names(after).includes(option))
  return [
    ...(gone.length === 0 ? [] : [`${alter} RESET (${gone.join(', ')})`]),
    ...(after === undefined ? [] : [`${alter} SET (${after})`]),
  ]
}

function foreignOptions(from: Properties, to: Properties): string {
  const parsed = (text = '') =>
    new Map(
      Array.from(text.matchAll(/("(?:[^"]|"")*"|\w+) ('(?:[^']|'')*')/g), ([, option, value]) => [option!, value!]),
    )
  const [before, after] = [parsed(from['foreign options']), parsed(to['foreign options'])]
  const gone = [...before.keys()].filter((option) => !after.has(option)).map((option) => `DROP ${option}`)
  const set = [...after]
    .filter(([option, value]) => before.get(option) !== value)
    .map(([option, value]) => `${before.has(option) ? 'SET' : 'ADD'} ${option} ${value}`)
  return [...gone, ...set].join(', ')
}

/** The clauses that need no thought go into one statement, so that the table is read once; each other has its own. */
function columnChanges(
  actual: CatalogueObject,
  expected: CatalogueObject,
  fates: Fates,
  given: ReadonlySet<string>,
): TableChange {
  const key = keyOf(expected)
  const alter = `ALTER ${expected.kind === 'foreign table' ? 'FOREIGN TABLE' : 'TABLE'} ${titleOf(expected)}`
  const harmless: string[] = []
  const own: Change[] = []
  const last: Change[] = []
  const waiting: Waiting[] = []
  const others: string[] = []
  for (const column of columnsOf(expected)) {
    const reference = partReference(key, column)
    const there = columnsOf(actual).find(({ name }) => name === column.name)
    const before =
      there && (given.has(column.name) || fates.of.get(reference) !== 'again')
        ? withoutDefault(there, fates.of.has(`default ${reference}`))
        : undefined
    const clauses = before
      ? alterClauses(before, column, fates.retyped.has(reference) && !given.has(column.name))
      : [`ADD COLUMN ${columnSql(column, isLater(column))}`, ...addedClauses(column)]
    const loses = before && column.properties.generated === undefined ? losesByType(before, column) : undefined
    const unfinished = unfinishedByNull(before, column)
    const isApart = loses !== undefined || unfinished !== undefined
    const change = (all: readonly string[]): Change => ({
      object: key,
      sql: `${alter} ${all.join(', ')}`,
      loses,
      unfinished,
    })
    if (clauses.length > 0) {
      if (column.properties.generated !== undefined && !before) last.push(...clauses.map((clause) => change([clause])))
      else if (isApart) own.push(change(clauses))
      else harmless.push(...clauses)
    }
    if (!before && isLater(column) && column.properties.default !== undefined)
      waiting.push({
        object: expected,
        needs: looseNeeds(column),
        statements: addPartSql(expected, column),
        makes: undefined,
      })
    if (!given.has(column.name)) others.push(...notNullRenamed(expected, before, column))
    if (before?.properties.comment !== column.properties.comment)
      others.push(partCommentSql(expected, column, column.properties.comment))
  }
  const plain = (sql: string): Change => ({ object: key, sql, loses: undefined, unfinished: undefined })
  const changes = [
    ...(harmless.length === 0 ? [] : [plain(`${alter} ${harmless.join(',\n  ')}`)]),
    ...own,
    ...last,
    ...others.map(plain),
  ]
  return { changes, waiting }
}

/** A default that needs the table itself is set when that is there. */
const isLater = ({ defaultNeeds = [] }: Part) => defaultNeeds.some((need) => need.startsWith('function '))

function withoutDefault(column: Part, isGone: boolean): Part {
  if (!isGone) return column
  const { default: _, ...properties } = column.properties
  return { ...column, properties }
}

function alterClauses(before: Part, after: Part, isRetyped: boolean): readonly string[] {
  const [from, to] = [before.properties, after.properties]
  const of = `ALTER COLUMN ${name(after.name)}`
  const isNew = isRetyped && from.type === to.type && from.collation === to.collation
  const using = isNew ? usingAnew(after) : usingSql(before, after)
  const isDefaultAgain =
    from.default !== undefined &&
    (from.default !== to.default || (isRetyped && (using !== '' || baseOf(from.type!) !== baseOf(to.type!))))
  const collation =
    to.collation === undefined ? (from.collation === undefined ? '' : ' COLLATE "default"') : ` COLLATE ${to.collation}`
  return [
    ...(from.generated !== undefined && to.generated === undefined ? [`${of} DROP EXPRESSION`] : []),
    ...(isDefaultAgain ? [`${of} DROP DEFAULT`] : []),
    ...(from['not null'] !== undefined && to['not null'] === undefined ? [`${of} DROP NOT NULL`] : []),
    ...(isRetyped ? [`${of} TYPE ${to.type}${collation}${using}`] : []),
    ...(from['not null'] === undefined && to['not null'] !== undefined ? [setNotNull(after)] : []),
    ...(to.default !== undefined && (isDefaultAgain || from.default === undefined)
      ? [`${of} SET DEFAULT ${to.default}`]
      : []),
    ...identityClauses(of, from.identity, to.identity),
    ...storageClauses(of, from, to, isRetyped),
  ]
}

const baseOf = (type: string) => type.replace(/\([^)]*\)/, '')

/** From version 18 on NOT NULL has a name, which is all that may be different. */
function notNullRenamed(table: CatalogueObject, before: Part | undefined, after: Part): readonly string[] {
  const [from, to] = [before?.properties['not null'], after.properties['not null']]
  if (from === to || from === undefined || to === undefined) return []
  const title = titleOf(table)
  const named = (property: string) => notNullName(property) ?? name(`${table.name}_${after.name}_not_null`)
  const bare = (property: string) => property.replace(/ as ("(?:[^"]|"")*"|\S+)/, '')
  if (bare(from) === bare(to)) return [`ALTER TABLE ${title} RENAME CONSTRAINT ${named(from)} TO ${named(to)}`]
  if (bare(from) === `${bare(to)} not valid`) return [`ALTER TABLE ${title} VALIDATE CONSTRAINT ${named(from)}`]
  const add = `ADD CONSTRAINT ${named(to)} NOT NULL ${name(after.name)}${bare(to).slice('yes'.length).toUpperCase()}`
  return [`ALTER TABLE ${title} ALTER COLUMN ${name(after.name)} DROP NOT NULL, ${add}`]
}

function setNotNull(column: Part): string {
  const sql = notNullSql(column.properties['not null']!)
  return sql === 'NOT NULL'
    ? `ALTER COLUMN ${name(column.name)} SET NOT NULL`
    : `ADD ${sql.replace('NOT NULL', `NOT NULL ${name(column.name)}`)}`
}

function identityClauses(of: string, from: string | undefined, to: string | undefined): readonly string[] {
  if (from === to || to === undefined) return []
  if (from === undefined) return [`${of} ADD GENERATED ${identitySql(to)}`]
  const [, when, options = ''] = /^(ALWAYS|BY DEFAULT)(?: \((.*)\))?$/.exec(to)!
  const clauses = sequenceClauses(options).map((clause) => `SET ${clause}`)
  return [`${of} SET GENERATED ${when} ${clauses.join(' ')}`]
}

/** All options of a sequence, those that are not said as they are by default. */
export function sequenceClauses(options: string): readonly string[] {
  const number = (word: string) => new RegExp(`${word} (-?\\d+)`).exec(options)?.[1]
  const [least, most] = [number('MINVALUE'), number('MAXVALUE')]
  const increment = number('INCREMENT BY') ?? '1'
  const usual = increment.startsWith('-') ? (most ?? '-1') : (least ?? '1')
  return [
    `INCREMENT BY ${increment}`,
    least === undefined ? 'NO MINVALUE' : `MINVALUE ${least}`,
    most === undefined ? 'NO MAXVALUE' : `MAXVALUE ${most}`,
    `START WITH ${number('START WITH') ?? usual}`,
    `CACHE ${number('CACHE') ?? '1'}`,
    /\bCYCLE\b/.test(options) ? 'CYCLE' : 'NO CYCLE',
  ]
}

function storageClauses(of: string, from: Properties, to: Properties, isRetyped: boolean): readonly string[] {
  const options = optionsSql(of, from.options, to.options)
  return [
    // a new type brings its own manner of storing
    ...(to.storage !== undefined && (isRetyped || from.storage !== to.storage)
      ? [`${of} SET STORAGE ${to.storage.toUpperCase()}`]
      : []),
    ...(to.storage === undefined && from.storage !== undefined && !isRetyped ? [`${of} SET STORAGE DEFAULT`] : []),
    ...(from.compression === to.compression ? [] : [`${of} SET COMPRESSION ${to.compression ?? 'default'}`]),
    ...(from.statistics === to.statistics ? [] : [`${of} SET STATISTICS ${to.statistics ?? -1}`]),
    ...options,
    ...(from['foreign options'] === to['foreign options'] ? [] : [`${of} OPTIONS (${foreignOptions(from, to)})`]),
  ]
}

/** What ADD COLUMN cannot say. */
function addedClauses(column: Part): readonly string[] {
  const { storage, statistics, options } = column.properties
  const of = `ALTER COLUMN ${name(column.name)}`
  return [
    ...(storage === undefined ? [] : [`${of} SET STORAGE ${storage.toUpperCase()}`]),
    ...(statistics === undefined ? [] : [`${of} SET STATISTICS ${statistics}`]),
    ...(options === undefined ? [] : [`${of} SET (${options})`]),
  ]
}

/** Why a column's change cannot be finished without knowing the rows. */
function unfinishedByNull(before: Part | undefined, { name: title, properties }: Part): string | undefined {
  if (properties['not null'] === undefined || properties.generated !== undefined || properties.identity !== undefined)
    return undefined
  if (before)
    return before.properties['not null'] === undefined
      ? `it fails where ${title} is NULL: give these rows a value before`
      : undefined
  return properties.default === undefined
    ? `it fails where there are rows: ${title} has no default to give them`
    : undefined
}
