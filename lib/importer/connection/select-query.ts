import type { DialectName } from '../../dialects/dialect-name.ts'
import { catalogueTable, isMaster } from './catalogue-tables.ts'
import type { About, Field, Given, Query } from './rows.ts'
import type { FromTable, SelectItem, SelectShape } from './select-shape.ts'
import { isSign, lineOf, type Token } from './sql-tokens.ts'
import { current, type WhereCondition, whereCondition } from './where-conditions.ts'

/** On which of the databases a SELECT can run; all of them, where it is about users' tables. */
export function runsOn(shape: SelectShape): readonly DialectName[] | undefined {
  for (const { schema, name } of shape.tables) {
    const table = catalogueTable(schema, name)
    if (table) return table.on
  }
  return undefined
}

/** What the rows of a SELECT are. */
export function queryOf(shape: SelectShape, dialect: DialectName): Query {
  const [table, ...more] = shape.tables
  const known = table && catalogueTable(table.schema, table.name)
  const where = shape.where.map(lineOf)
  const from = lineOf(shape.from)
  const readable = from !== undefined && !where.includes(undefined) && (shape.plain || shape.limited)
  const sql = readable
    ? {
        from: from === '' ? '' : `FROM ${from}`,
        where: (where as string[]).map(protectedText),
      }
    : undefined
  const meaning =
    known && more.length === 0 && readable ? meaningOf(table, known.about, known.columns, shape, dialect) : undefined
  const about = known ? (meaning?.about ?? 'catalogue') : catalogueIn(shape) ? 'catalogue' : 'data'
  return {
    about,
    what: table ? `rows read from ${[table.schema, table.name].filter(Boolean).join('.')}` : 'what a query gives',
    given: meaning?.given ?? [],
    fields: fieldsOf(shape.items, meaning?.columns ?? {}),
    sql,
    single: meaning !== undefined && isSingle(meaning.given, table!.name, about),
  }
}

function catalogueIn(shape: SelectShape): boolean {
  return shape.tables.length > 0 && shape.tables.some(({ schema, name }) => catalogueTable(schema, name) !== undefined)
}

/** Whether there is at most one row: these two tables have one for each column. */
function isSingle(given: readonly Given[], table: string, about: About): boolean {
  if (/^(statistics|key_column_usage)$/i.test(table)) return false
  const one = (means: string) => given.some((condition) => condition.means === means && condition.values.length === 1)
  return one('table') && (about === 'table' || one('name'))
}

/** `a OR b` stands in parentheses among others. */
function protectedText(text: string): string {
  return /\bor\b/i.test(text) ? `(${text})` : text
}

interface Meaning {
  readonly about: About
  readonly given: readonly Given[]
  readonly columns: Readonly<Record<string, string>>
}

/** What the WHERE says in terms of tables and names; undefined where it says more. */
function meaningOf(
  table: FromTable,
  about: About,
  columns: Readonly<Record<string, string>>,
  shape: SelectShape,
  dialect: DialectName,
): Meaning | undefined {
  const conditions = shape.where.filter((tokens) => !isIdle(tokens)).map(whereCondition)
  if (conditions.includes(undefined)) return undefined
  const all = conditions as WhereCondition[]
  if (isMaster(table.name)) return masterMeaning(all)
  const given: Given[] = []
  if (table.args) {
    const [name] = table.args
    if (name?.kind !== 'string' || table.args.length !== 1) return undefined
    given.push({ means: 'table', values: [name.value] })
  }
  for (const condition of all) {
    const found = givenOf(condition, columns, dialect)
    if (found === undefined) return undefined
    if (found !== true) given.push(found)
  }
  return { about, given, columns }
}

/** Conditions that leave out what no script means: dropped columns, system columns. */
function isIdle(tokens: readonly Token[]): boolean {
  const text = lineOf(tokens)?.toLowerCase() ?? ''
  return /^(not (\w+\.)?attisdropped|(\w+\.)?attnum > 0|(\w+\.)?attisdropped = false|1 ?= ?1)$/.test(text)
}

/** true for a condition that always holds. */
function givenOf(
  { column, values }: WhereCondition,
  columns: Readonly<Record<string, string>>,
  dialect: DialectName,
): Given | true | undefined {
  const means = Object.hasOwn(columns, column) ? columns[column]! : undefined
  if (means === 'catalog') return values.includes(current) ? true : undefined
  if (means === 'schema') return schemaGiven(values, dialect)
  if (values.includes(current)) return undefined
  const texts = values as readonly string[]
  if (means === 'tableType') return texts.includes('BASE TABLE') ? true : undefined
  if (means === 'table') return { means, values: texts.map((text) => withoutSchema(text, dialect)) }
  if (means === 'name') return { means, values: texts }
  // the name of a constraint says enough, whatever its kind
  return means === 'constraintType' ? { means, values: texts } : undefined
}

/** The schema that names without one go to is not named in facts either. */
function schemaGiven(values: WhereCondition['values'], dialect: DialectName): Given | true | undefined {
  if (values.length === 1 && values[0] === current) return true
  if (dialect === 'postgres' && values.includes('public')) return true
  const texts = values.filter((value) => typeof value === 'string')
  return texts.length === 1 && values.length === 1 ? { means: 'schema', values: texts } : undefined
}

/** `'public.users'::regclass` */
function withoutSchema(text: string, dialect: DialectName): string {
  const name = dialect === 'postgres' ? text.replace(/^public\./, '') : text
  return name.startsWith('"') && name.endsWith('"') ? name.slice(1, -1) : name
}

/** sqlite_master has tables and indexes in one. */
function masterMeaning(conditions: readonly WhereCondition[]): Meaning | undefined {
  const type = conditions.find(({ column }) => column === 'type')
  const rest = conditions.filter((condition) => condition !== type)
  const types = type?.values ?? []
  const about = types.includes('table') ? 'table' : types.length === 1 && types[0] === 'index' ? 'index' : undefined
  if (about === undefined || types.some((value) => value !== 'table' && value !== 'view' && value !== 'index'))
    return undefined
  if (about === 'table' && types.includes('index')) return undefined
  const columns: Readonly<Record<string, string>> =
    about === 'table' ? { name: 'table', tbl_name: 'table' } : { name: 'name', tbl_name: 'table' }
  const given = rest.map((condition) => givenOf(condition, columns, 'sqlite'))
  if (given.includes(undefined) || given.includes(true)) return undefined
  return { about, given: given as Given[], columns }
}

function fieldsOf(items: readonly SelectItem[], columns: Readonly<Record<string, string>>): ReadonlyMap<string, Field> {
  const fields = new Map<string, Field>()
  items.forEach((item, at) => {
    const field = fieldOf(item, columns)
    fields.set(String(at), field)
    if (item.name !== undefined) fields.set(item.name, field)
  })
  if (items.length === 1 && isSign(items[0]!.tokens[0], '*')) {
    fields.clear()
    for (const [column, means] of Object.entries(columns)) fields.set(column, { means, sql: column })
  }
  return fields
}

function fieldOf({ tokens }: SelectItem, columns: Readonly<Record<string, string>>): Field {
  const [first] = tokens
  if (tokens.length === 1 && first?.kind === 'number' && /^\d+$/.test(first.value))
    return { means: 'constant', value: BigInt(first.value) }
  if (tokens.length === 1 && first?.kind === 'string') return { means: 'constant', value: first.value }
  const sql = lineOf(tokens)
  const last = tokens.at(-1)
  const column = last?.value.toLowerCase() ?? ''
  const plain = tokens.length === 1 || (tokens.length === 3 && isSign(tokens[1], '.'))
  const means = plain && Object.hasOwn(columns, column) ? columns[column]! : column === 'sql' ? 'sql' : 'other'
  return { means, ...(sql !== undefined && { sql }), ...typeOfColumn(plain ? column : '') }
}

const numbers = ['character_maximum_length', 'numeric_precision', 'numeric_scale', 'ordinal_position', 'notnull', 'pk']
const words = [
  'is_nullable',
  'data_type',
  'column_type',
  'udt_name',
  'column_key',
  'extra',
  'table_type',
  'type',
  'name',
]

/** What the value is in Python, where a question to its truth needs that. */
function typeOfColumn(column: string): Pick<Field, 'type'> {
  if (numbers.includes(column)) return { type: 'number' }
  return words.includes(column) || column.endsWith('_name') ? { type: 'text' } : {}
}
