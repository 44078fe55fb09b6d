import { type CatalogueObject, keyOf, type Part, type Properties } from '../catalogue/model.ts'
import { foreignKeyDefinition, references } from '../catalogue/sqlite-constraints.ts'
import { TokenReader } from '../catalogue/sqlite-reader.ts'
import { canonical, declared, quoteName, type Token, tokensOf } from '../catalogue/sqlite-tokens.ts'
import type { Change, Renames } from './changes.ts'

export interface Renamed {
  /** The tables as they are after the changes. */
  readonly tables: readonly CatalogueObject[]
  readonly changes: readonly Change[]
  /** The keys, as they were, of tables that another name or a column of another name touches. */
  readonly touched: ReadonlySet<string>
  /** Of tables that have to be rebuilt for it, by their names: what their columns still are called, by their new names. */
  readonly sources: ReadonlyMap<string, ReadonlyMap<string, string>>
}

interface Step {
  readonly from: string
  readonly to: string
}

/**
 * Gives tables and columns their new names, by ALTER TABLE, which follows them into foreign keys, checks and indexes; and
 * follows them in the model. Names that differ only in case are the same thing, and are renamed unasked.
 */
export function rename(
  actual: readonly CatalogueObject[],
  expected: readonly CatalogueObject[],
  renames: Renames,
): Renamed {
  const names = tableNames(actual, expected, renames)
  const touched = new Set<string>()
  const changes: Change[] = []
  const sources = new Map<string, ReadonlyMap<string, string>>()
  let tables = actual
  for (const { from, to } of inSteps([...names].filter(([from, to]) => from !== to).map(pair), actual.map(nameOf))) {
    changes.push(change(from, `ALTER TABLE ${quoteName(from)} RENAME TO ${quoteName(to)}`))
    tables = tables.map((table) => withTableName(table, from, to))
  }
  for (const before of actual) {
    const name = names.get(before.name) ?? before.name
    if (name !== before.name) touched.add(keyOf(before))
    const steps = columnSteps(before, { name, expected, renames })
    if (steps.length > 0) touched.add(keyOf(before))
    if (isBeyondAlter(before, steps)) {
      sources.set(name, sourcesOf(steps))
      for (const step of steps)
        tables = tables.map((table) => (table.name === name ? withColumnName(table, name, step) : table))
      continue
    }
    for (const { from, to } of steps) {
      changes.push(change(name, `ALTER TABLE ${quoteName(name)} RENAME COLUMN ${quoteName(from)} TO ${quoteName(to)}`))
      tables = tables.map((table) => withColumnName(table, name, { from, to }))
    }
  }
  return { tables, changes, touched, sources }
}

/**
 * Where the key of a table WITHOUT ROWID is one INTEGER column, and another key has that column too, SQLite says `error in
 * table … after rename` (seen with 3.53.2).
 */
function isBeyondAlter({ properties, parts }: CatalogueObject, steps: readonly Step[]): boolean {
  const key = parts.find(({ kind }) => kind === 'primary key')?.properties.definition
  return (
    properties['without rowid'] !== undefined &&
    steps.some(({ from }) => key?.startsWith(`PRIMARY KEY (${quoteName(from)}`) && !key.includes(','))
  )
}

function sourcesOf(steps: readonly Step[]): ReadonlyMap<string, string> {
  const sources = new Map<string, string>()
  for (const { from, to } of steps) {
    sources.set(to, sources.get(from) ?? from)
    sources.delete(from)
  }
  return sources
}

/** The name that each table of the actual schema has in the expected one, where that is another. */
export function tableNames(
  actual: readonly CatalogueObject[],
  expected: readonly CatalogueObject[],
  renames: Renames,
): ReadonlyMap<string, string> {
  const wanted = declared(expected.map(nameOf))
  const asked = (table: CatalogueObject) => wanted.get(renames.get(keyOf(table))?.toLowerCase() ?? '')
  const names = new Map<string, string>()
  const targets = new Set<string>()
  for (const table of actual) {
    const name = asked(table) ?? wanted.get(table.name.toLowerCase())
    if (name === undefined || name === table.name || targets.has(name)) continue
    targets.add(name)
    names.set(table.name, name)
  }
  return names
}

interface ColumnsTo {
  readonly name: string
  readonly expected: readonly CatalogueObject[]
  readonly renames: Renames
}

function columnSteps(before: CatalogueObject, { name, expected, renames }: ColumnsTo): readonly Step[] {
  const after = expected.find((table) => table.name === name)
  if (!after) return []
  const wanted = declared(columnsOf(after).map(nameOf))
  const columns = columnsOf(before).map(nameOf)
  const asked = (column: string) => renames.get(`${keyOf(before)}.${column}`)
  const targets = new Set<string>()
  const steps: Step[] = []
  // what is asked for goes before what is the same but for its case
  for (const column of columns.toSorted((a, b) => Number(asked(b) !== undefined) - Number(asked(a) !== undefined))) {
    const to = wanted.get((asked(column) ?? column).toLowerCase())
    if (to === undefined || targets.has(to)) continue
    targets.add(to)
    if (to !== column) steps.push({ from: column, to })
  }
  return inSteps(steps, columns)
}

function columnsOf({ parts }: CatalogueObject): readonly Part[] {
  return parts.filter(({ kind }) => kind === 'column')
}

function nameOf({ name }: { readonly name: string }): string {
  return name
}

function pair([from, to]: readonly [string, string]): Step {
  return { from, to }
}

function change(table: string, sql: string): Change {
  return {
    object: keyOf({ kind: 'table', schema: undefined, name: table, table: undefined }),
    sql,
    loses: undefined,
    unfinished: undefined,
  }
}

/** Each name when it is free; through a passing one where names go in a circle, or where something else has it. */
function inSteps(renames: readonly Step[], names: readonly string[]): readonly Step[] {
  const taken = new Set(names.map((name) => name.toLowerCase()))
  const steps: Step[] = []
  const take = (from: string, to: string) => {
    taken.delete(from.toLowerCase())
    taken.add(to.toLowerCase())
    steps.push({ from, to })
  }
  let waiting = [...renames]
  while (waiting.length > 0) {
    const next = waiting.find(({ to }) => !taken.has(to.toLowerCase()))
    if (next) {
      take(next.from, next.to)
      waiting = waiting.filter((step) => step !== next)
      continue
    }
    const { to } = waiting[0]!
    const holder = names.find((name) => name.toLowerCase() === to.toLowerCase())!
    const passing = freeName(`sqlmig_was_${holder}`, taken)
    take(holder, passing)
    waiting = waiting.map((step) => (step.from === holder ? { ...step, from: passing } : step))
  }
  return steps
}

/** A name that nothing has; the names that are taken are in lower case. */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  let free = name
  for (let count = 2; taken.has(free.toLowerCase()); count++) free = `${name}_${count}`
  return free
}

function withTableName(table: CatalogueObject, from: string, to: string): CatalogueObject {
  const parts = table.parts.map((part) =>
    part.kind === 'foreign key'
      ? withForeignKey(part, (key) => (key.parent === from ? { ...key, parent: to } : key))
      : part,
  )
  return { ...table, name: table.name === from ? to : table.name, parts }
}

function withColumnName(table: CatalogueObject, owner: string, step: Step): CatalogueObject {
  const own = table.name === owner
  const columns = columnsOf(table).map(({ name }) => (own && name === step.from ? step.to : name))
  const text = (sql: string) => inExpression(sql, step, columns)
  const parts = table.parts.map((part) => {
    if (part.kind === 'foreign key')
      return withForeignKey(part, (key) => ({
        ...key,
        columns: own ? text(key.columns) : key.columns,
        parentColumns:
          key.parent === owner
            ? key.parentColumns?.map((name) => (name === step.from ? step.to : name))
            : key.parentColumns,
      }))
    return own ? withColumn(part, step, text) : part
  })
  return { ...table, parts }
}

function withColumn(part: Part, step: Step, text: (sql: string) => string): Part {
  const { generated, definition, constraint } = part.properties
  if (part.kind === 'column') {
    const properties =
      generated === undefined ? part.properties : { ...part.properties, generated: inParentheses(generated, text) }
    return { ...part, name: part.name === step.from ? step.to : part.name, properties }
  }
  const properties: Properties =
    definition === undefined ? part.properties : { ...part.properties, definition: inParentheses(definition, text) }
  return {
    ...part,
    name: constraint !== undefined || part.kind === 'index' ? part.name : inName(part.name, text),
    properties,
  }
}

/** What stands before the first parenthesis, and after it, are no columns; but a condition of an index is about them. */
function inParentheses(definition: string, text: (sql: string) => string): string {
  const [, head = '', rest = ''] = /^([^(]*)(.*)$/s.exec(definition) ?? []
  const [, inside = rest, tail = ''] = /^(.*\))((?: ON CONFLICT \w+| STORED| VIRTUAL)?)$/s.exec(rest) ?? []
  return head + text(inside) + tail
}

function inName(name: string, text: (sql: string) => string): string {
  const [, inside = name, number = ''] = /^(.*?)( #\d+)?$/s.exec(name) ?? []
  return text(inside) + number
}

function inExpression(sql: string, { from, to }: Step, columns: readonly string[]): string {
  const bare = quoteName(from) === from
  const isColumn = (token: Token, index: number, all: readonly Token[]) =>
    (token.kind === 'name' || (bare && token.kind === 'word')) &&
    token.value.toLowerCase() === from.toLowerCase() &&
    all[index + 1]?.kind !== 'open' &&
    all[index - 1]?.value !== 'collate'
  const tokens = (tokensOf(sql) ?? []).map(
    (token, index, all): Token =>
      isColumn(token, index, all) ? { ...token, kind: 'name', text: quoteName(to), value: to } : token,
  )
  return canonical(tokens, declared(columns))
}

type ForeignKey = ReturnType<typeof references>

function withForeignKey(part: Part, edit: (key: ForeignKey) => ForeignKey): Part {
  const { definition, constraint } = part.properties
  if (definition === undefined) return part
  const reader = new TokenReader(tokensOf(definition) ?? [])
  reader.expect('foreign', 'key')
  const inside = reader.parenthesis()
  const before = references(reader, `(${canonical(inside, new Map())})`)
  const key = edit(before)
  const name = constraint !== undefined ? part.name : part.name.replace(before.columns, () => key.columns)
  return { ...part, name, properties: { ...part.properties, definition: foreignKeyDefinition(key) } }
}
