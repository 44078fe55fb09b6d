import type { CatalogueObject, Part, Properties } from '../catalogue/model.ts'
import { name, outsideStrings } from '../catalogue/mysql-lexing.ts'
import { columnSql, constraintSql, optionSql, withoutDefaults } from '../catalogue/mysql-sql.ts'
import { partKey } from './compare.ts'
import { absolute, inPlace, isRemade, losesByType, sameColumn, unfinishedByNull } from './mysql-columns.ts'

/** How one table becomes another, but for its foreign keys. */
export interface TableChange {
  readonly statements: readonly {
    readonly sql: string
    readonly loses?: string | undefined
    readonly unfinished?: string | undefined
  }[]
  /** Columns that are not what they were, and those with which a changed index begins: foreign keys on them are in the way. */
  readonly touched: ReadonlySet<string>
  readonly isRebuilt: boolean
}

export function changeTable(actual: CatalogueObject, expected: CatalogueObject): TableChange {
  const gone = goneParts(actual, expected)
  const columns = columnClauses(actual, expected, gone)
  const keys = keyClauses(actual, expected, gone)
  const options = optionClauses(actual.properties, expected.properties)
  const clauses = [...keys.drops, ...columns.clauses, ...keys.adds, ...options]
  const [from, to] = [actual.properties['partition by'], expected.properties['partition by']]
  const alter = (text: string) => ({ sql: `ALTER TABLE ${name(expected.name)}${text}` })
  const undo = from !== undefined && from !== to && (clauses.length > 0 || to === undefined)
  const bare = bareDefaults(actual, expected)
  return {
    statements: [
      ...(undo ? [alter(' REMOVE PARTITIONING')] : []),
      ...(clauses.length === 0
        ? []
        : [{ ...alter(laidOut(clauses)), loses: joined(columns.loses), unfinished: joined(columns.unfinished) }]),
      ...bare.map((sql) => ({ sql })),
      ...(to !== undefined && from !== to ? [alter(`\nPARTITION BY ${to}`)] : []),
    ],
    touched: new Set([...columns.touched, ...keys.touched]),
    isRebuilt: actual.properties.engine !== expected.properties.engine,
  }
}

function laidOut(clauses: readonly string[]): string {
  return clauses.length === 1 ? ` ${clauses[0]}` : `\n${clauses.map((clause) => `  ${clause}`).join(',\n')}`
}

function joined(texts: readonly string[]): string | undefined {
  return texts.length === 0 ? undefined : texts.join('; ')
}

const columnsOf = ({ parts }: CatalogueObject) => parts.filter(({ kind }) => kind === 'column')
const keysOf = ({ parts }: CatalogueObject) => parts.filter(({ kind }) => kind !== 'column' && kind !== 'foreign key')

export function mentions(text: string, column: string): boolean {
  let found = false
  outsideStrings(text, (code) => {
    if (code.includes(name(column))) found = true
    return code
  })
  return found
}

/** Columns that are dropped, or dropped and made again, and with them the generated ones that are worked out from them. */
function goneParts(actual: CatalogueObject, expected: CatalogueObject): ReadonlySet<string> {
  const wanted = new Map(columnsOf(expected).map((part) => [part.name, part]))
  const gone = new Set(
    columnsOf(actual)
      .filter((part) => !wanted.has(part.name) || isRemade(part, wanted.get(part.name)!))
      .map(({ name }) => name),
  )
  for (let before = -1; before !== gone.size; ) {
    before = gone.size
    for (const { name: title, properties } of columnsOf(actual)) {
      if (properties.generated !== undefined && [...gone].some((other) => mentions(properties.generated!, other)))
        gone.add(title)
    }
  }
  return gone
}

interface ColumnClauses {
  readonly clauses: readonly string[]
  readonly touched: readonly string[]
  readonly loses: readonly string[]
  readonly unfinished: readonly string[]
}

function columnClauses(actual: CatalogueObject, expected: CatalogueObject, gone: ReadonlySet<string>): ColumnClauses {
  const there = new Map(columnsOf(actual).map((part) => [part.name, part]))
  const wanted = columnsOf(expected)
  const names = wanted.map(({ name }) => name)
  const common = names.filter((title) => there.has(title) && !gone.has(title))
  const stay = inPlace(
    [...there.keys()].filter((title) => common.includes(title)),
    common,
  )
  const isOtherwise =
    actual.properties.charset !== expected.properties.charset ||
    actual.properties.collation !== expected.properties.collation
  const written = (part: Part) => columnSql(isOtherwise ? absolute(part, expected) : part)
  const clauses: string[] = [...gone].map((title) => `DROP COLUMN ${name(title)}`)
  const touched: string[] = [...gone]
  const loses = [...gone]
    .filter((title) => there.get(title)!.properties.generated === undefined)
    .map((title) => `the values of ${title}`)
  const unfinished: string[] = []
  for (const [at, part] of wanted.entries()) {
    const before = gone.has(part.name) ? undefined : there.get(part.name)
    const moved = before ? !stay.has(part.name) : names.slice(at).some((title) => stay.has(title))
    const place = moved ? (at === 0 ? ' FIRST' : ` AFTER ${name(names[at - 1]!)}`) : ''
    if (before && !moved && sameColumn(before, actual, part, expected)) continue
    clauses.push(`${before ? 'MODIFY' : 'ADD'} COLUMN ${written(part)}${place}`)
    if (!before || !sameColumn(before, actual, part, expected)) touched.push(part.name)
    loses.push(...given(before && losesByType(absolute(before, actual), absolute(part, expected), part.name)))
    unfinished.push(...given(unfinishedByNull(before, part, part.name)))
  }
  return { clauses, touched, loses, unfinished }
}

function given(text: string | undefined): readonly string[] {
  return text === undefined ? [] : [text]
}

/** Columns that have lost their default, where the rest of their definition would give them `DEFAULT NULL`. */
function bareDefaults(actual: CatalogueObject, expected: CatalogueObject): readonly string[] {
  const there = new Map(columnsOf(actual).map((part) => [part.name, part]))
  const parts = columnsOf(expected).filter((part) => {
    const before = there.get(part.name)
    return !before || !sameColumn(before, actual, part, expected)
  })
  return withoutDefaults({ ...expected, parts })
}

interface KeyClauses {
  readonly drops: readonly string[]
  readonly adds: readonly string[]
  readonly touched: readonly string[]
}

function keyClauses(actual: CatalogueObject, expected: CatalogueObject, gone: ReadonlySet<string>): KeyClauses {
  const there = new Map(keysOf(actual).map((part) => [partKey(part), part]))
  const wanted = new Map(keysOf(expected).map((part) => [partKey(part), part]))
  const drops: string[] = []
  const adds: string[] = []
  const touched: string[] = []
  // MariaDB's keys keep the size that their table had when they were made
  const sized = actual.properties.key_block_size !== expected.properties.key_block_size
  for (const [key, part] of there) {
    const after = wanted.get(key)
    const mustGo =
      (sized && part.kind !== 'check') || [...gone].some((column) => mentions(part.properties.definition!, column))
    if (after && !mustGo && constraintSql(after) === constraintSql(part)) continue
    const switched = after && !mustGo ? switchOf(part, after) : undefined
    touched.push(...leading(part), ...(after ? leading(after) : []))
    if (switched !== undefined) adds.push(switched)
    else {
      drops.push(dropKey(part))
      if (after) adds.push(`ADD ${constraintSql(after)}`)
    }
  }
  for (const [key, part] of wanted) if (!there.has(key)) adds.push(`ADD ${constraintSql(part)}`)
  return { ...kept(there, wanted, drops, adds), touched }
}

/**
 * A server drops the index that it once made for a foreign key as soon as another one does for it. Made again under its
 * name, it is one that somebody has asked for.
 */
function kept(
  there: ReadonlyMap<string, Part>,
  wanted: ReadonlyMap<string, Part>,
  drops: readonly string[],
  adds: readonly string[],
): { drops: readonly string[]; adds: readonly string[] } {
  const fresh = [...wanted].filter(([key]) => !there.has(key)).flatMap(([, part]) => leading(part))
  const again = [...wanted.values()].filter(
    (part) =>
      part.kind === 'index' &&
      there.has(partKey(part)) &&
      leading(part).some((column) => fresh.includes(column)) &&
      !drops.includes(dropKey(part)),
  )
  return {
    drops: [...drops, ...again.map(dropKey)],
    adds: [...adds, ...again.map((part) => `ADD ${constraintSql(part)}`)],
  }
}

function dropKey({ kind, name: title }: Part): string {
  if (kind === 'primary key') return 'DROP PRIMARY KEY'
  return kind === 'check' ? `DROP CONSTRAINT ${name(title)}` : `DROP KEY ${name(title)}`
}

/** The column that an index begins with: foreign keys on it may need the index. */
function leading({ kind, properties }: Part): readonly string[] {
  const [, column] = (kind === 'check' ? null : /^\(`((?:[^`]|``)*)`/.exec(properties.definition!)) ?? []
  return column === undefined ? [] : [column.replaceAll('``', '`')]
}

/** What is switched on or off without being made again: an index's visibility, a check's being enforced. */
function switchOf(actual: Part, expected: Part): string | undefined {
  const without = ({ properties: { visibility, validity, ...rest }, ...part }: Part) =>
    constraintSql({ ...part, properties: rest })
  if (without(actual) !== without(expected)) return undefined
  const { visibility, validity } = expected.properties
  if (actual.kind === 'check')
    return `ALTER CHECK ${name(actual.name)} ${validity === undefined ? 'ENFORCED' : 'NOT ENFORCED'}`
  const off = (visibility ?? actual.properties.visibility)!.toUpperCase()
  const on = off === 'IGNORED' ? 'NOT IGNORED' : 'VISIBLE'
  return `ALTER INDEX ${name(actual.name)} ${visibility === undefined ? on : off}`
}

/** What an option is set to, to be as if it had never been set. */
const unset: Readonly<Record<string, string>> = {
  comment: "''",
  connection: "''",
  compression: "''",
  encryption: "'N'",
  key_block_size: '0',
  checksum: '0',
  delay_key_write: '0',
  avg_row_length: '0',
  min_rows: '0',
  max_rows: '0',
  transactional: 'DEFAULT',
}

function optionClauses(actual: Properties, expected: Properties): readonly string[] {
  const { 'partition by': _a, period: before, ...from } = actual
  const { 'partition by': _b, period: after, ...to } = expected
  const names = [...new Set([...Object.keys(from), ...Object.keys(to)])].filter((option) => from[option] !== to[option])
  const charset = names.includes('charset') || names.includes('collation')
  const clauses = names
    .filter((option) => option !== 'charset' && option !== 'collation')
    .map((option) => {
      if (to[option] !== undefined)
        return option === 'system versioning' ? 'ADD SYSTEM VERSIONING' : optionSql(option, to[option])
      return option === 'system versioning'
        ? 'DROP SYSTEM VERSIONING'
        : `${option.startsWith('`') ? option : option.toUpperCase()}=${unset[option] ?? 'DEFAULT'}`
    })
  const period = before === after ? [] : periodClauses(before, after)
  if (!charset) return [...clauses, ...period]
  const collation = to.collation === undefined ? '' : ` COLLATE=${to.collation}`
  return [...clauses, ...period, `DEFAULT CHARSET=${to.charset}${collation}`]
}

function periodClauses(before: string | undefined, after: string | undefined): readonly string[] {
  const drop = before === undefined ? [] : [`DROP PERIOD FOR ${before.slice(0, before.lastIndexOf(' ('))}`]
  return [...drop, ...(after === undefined ? [] : [`ADD PERIOD FOR ${after}`])]
}
