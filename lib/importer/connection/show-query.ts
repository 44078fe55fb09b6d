import type { Field, Given, Query } from './rows.ts'
import { isSign, isWord, splitAt, type Token } from './sql-tokens.ts'
import { current, whereCondition } from './where-conditions.ts'

/** A question to the catalogue that is no SELECT, with the columns of its result. */
export interface Listing {
  readonly query: Query
  readonly columns: readonly string[]
}

type Column = readonly [name: string, field: Field]

function fieldsOf(columns: readonly Column[]): ReadonlyMap<string, Field> {
  return new Map(columns.flatMap(([name, field], at) => [[name, field] as const, [String(at), field] as const]))
}

function text(means: string, sql: string): Field {
  return { means, sql, type: 'text' }
}

function number(means: string, sql: string): Field {
  return { means, sql, type: 'number' }
}

function listing(query: Omit<Query, 'fields'>, columns: readonly Column[]): Listing {
  return { query: { ...query, fields: fieldsOf(columns) }, columns: columns.map(([name]) => name) }
}

const quoted = (value: string): string => `'${value.replaceAll("'", "''")}'`

/** `PRAGMA table_info(t)`; undefined for one that tells nothing about the schema. */
export function pragmaQuery(tokens: readonly Token[]): Listing | undefined {
  const dotted = isSign(tokens[2], '.')
  const name = tokens[dotted ? 3 : 1]?.value.toLowerCase()
  const rest = tokens.slice(dotted ? 4 : 2)
  const argument =
    isSign(rest[0], '(') && isSign(rest.at(-1), ')') ? rest.slice(1, -1) : isSign(rest[0], '=') ? rest.slice(1) : []
  const [only] = argument
  if (!only || argument.length !== 1 || !['word', 'name', 'string'].includes(only.kind)) return undefined
  const table = only.kind === 'word' ? only.text : only.value
  return pragma(name ?? '', table)
}

function pragma(name: string, table: string): Listing | undefined {
  const what = `rows of PRAGMA ${name}(${table})`
  const given: readonly Given[] = [{ means: 'table', values: [table] }]
  const sql = { from: `FROM pragma_${name}(${quoted(table)})`, where: [] }
  switch (name) {
    case 'table_info':
    case 'table_xinfo':
      return listing({ about: 'column', what, given, sql }, [
        ['cid', number('place', 'cid')],
        ['name', text('name', 'name')],
        ['type', text('type', 'type')],
        ['notnull', number('notNull', '"notnull"')],
        ['dflt_value', { means: 'default', sql: 'dflt_value' }],
        ['pk', number('key', 'pk')],
        ...(name === 'table_xinfo' ? [['hidden', number('hidden', 'hidden')] as const] : []),
      ])
    case 'index_list':
      return listing({ about: 'index', what, given, sql }, [
        ['seq', number('place', 'seq')],
        ['name', text('name', 'name')],
        ['unique', number('unique', '"unique"')],
        ['origin', text('origin', 'origin')],
        ['partial', number('partial', 'partial')],
      ])
    case 'index_info':
      return listing({ about: 'catalogue', what, given: [], sql }, [
        ['seqno', number('place', 'seqno')],
        ['cid', number('column', 'cid')],
        ['name', text('columnName', 'name')],
      ])
    case 'foreign_key_list':
      return listing({ about: 'catalogue', what, given: [], sql }, [
        ['id', number('id', 'id')],
        ['seq', number('place', 'seq')],
        ['table', text('target', '"table"')],
        ['from', text('column', '"from"')],
        ['to', text('targetColumn', '"to"')],
        ['on_update', text('onUpdate', 'on_update')],
        ['on_delete', text('onDelete', 'on_delete')],
        ['match', text('match', '"match"')],
      ])
    default:
      return undefined
  }
}

const inDatabase = 'table_schema = DATABASE()'

/** SHOW and DESCRIBE of MySQL. */
export function showQuery(tokens: readonly Token[]): Listing | undefined {
  const words = tokens.filter((token) => !isWord(token, 'full', 'extended'))
  if (isWord(words[0], 'describe', 'desc', 'explain'))
    return words.length === 2 ? columnsOf(named(words[1]), []) : undefined
  const [, what] = words
  const from = words.findIndex((token) => isWord(token, 'from', 'in'))
  const rest = words.slice(from < 0 ? 2 : from + 2)
  if (isWord(what, 'tables')) return from < 0 ? tables(rest) : undefined
  if (from < 0) return undefined
  const full = tokens.some((token) => isWord(token, 'full'))
  if (isWord(what, 'columns', 'fields')) return columnsOf(named(words[from + 1]), rest, full)
  return isWord(what, 'index', 'indexes', 'keys') ? indexesOf(named(words[from + 1]), rest) : undefined
}

function named(token: Token | undefined): string | undefined {
  return token && (token.kind === 'word' ? token.text : token.value)
}

function tables(rest: readonly Token[]): Listing | undefined {
  const column = text('table', 'table_name')
  const given = conditions(rest, { like: 'table' }, {})
  const sql = { from: 'FROM information_schema.tables', where: [inDatabase] }
  return (
    given &&
    listing(
      { about: 'table', what: 'rows of SHOW TABLES', given, sql: withGiven(sql, given, { table: 'table_name' }) },
      [['Tables_in', column]],
    )
  )
}

function columnsOf(table: string | undefined, rest: readonly Token[], full = false): Listing | undefined {
  const given = conditions(rest, { like: 'name' }, { field: 'name' })
  if (!given || table === undefined) return undefined
  const from = 'FROM information_schema.columns'
  const sql = { from, where: [inDatabase, `table_name = ${quoted(table)}`] }
  return listing(
    {
      about: 'column',
      what: `rows of SHOW COLUMNS FROM ${table}`,
      given: [{ means: 'table', values: [table] }, ...given],
      sql: withGiven(sql, given, { name: 'column_name' }),
      single: given.some(({ values }) => values.length === 1),
    },
    [
      ['Field', text('name', 'column_name')],
      ['Type', text('type', 'column_type')],
      ...(full ? [['Collation', text('collation', 'collation_name')] as const] : []),
      ['Null', text('nullable', 'is_nullable')],
      ['Key', text('key', 'column_key')],
      ['Default', { means: 'default', sql: 'column_default' }],
      ['Extra', text('extra', 'extra')],
    ],
  )
}

function indexesOf(table: string | undefined, rest: readonly Token[]): Listing | undefined {
  const given = conditions(rest, {}, { key_name: 'name', column_name: 'column', non_unique: 'nonUnique' })
  if (!given || table === undefined) return undefined
  const sql = { from: 'FROM information_schema.statistics', where: [inDatabase, `table_name = ${quoted(table)}`] }
  return listing(
    {
      about: 'index',
      what: `rows of SHOW INDEX FROM ${table}`,
      given: [{ means: 'table', values: [table] }, ...given],
      sql: withGiven(sql, given, { name: 'index_name', column: 'column_name', nonUnique: 'non_unique' }),
    },
    [
      ['Table', text('table', 'table_name')],
      ['Non_unique', number('nonUnique', 'non_unique')],
      ['Key_name', text('name', 'index_name')],
      ['Seq_in_index', number('place', 'seq_in_index')],
      ['Column_name', text('column', 'column_name')],
    ],
  )
}

/** `LIKE 'x'` and `WHERE a = 'x' AND b = 'y'`; undefined for anything else. */
function conditions(
  rest: readonly Token[],
  { like }: { readonly like?: string },
  where: Readonly<Record<string, string>>,
): readonly Given[] | undefined {
  const [first, pattern] = rest
  if (!first) return []
  if (like !== undefined && isWord(first, 'like')) {
    const plain = rest.length === 2 && pattern?.kind === 'string' && !pattern.value.includes('%')
    return plain ? [{ means: like, values: [pattern.value.replaceAll('\\_', '_')] }] : undefined
  }
  if (!isWord(first, 'where')) return undefined
  const found = splitAt(rest.slice(1), (token) => isWord(token, 'and')).map((tokens): Given | undefined => {
    const condition = whereCondition(tokens)
    const means = condition && where[condition.column]
    return means && !condition.values.includes(current)
      ? { means, values: condition.values as readonly string[] }
      : undefined
  })
  return found.includes(undefined) ? undefined : (found as Given[])
}

function withGiven(
  sql: { readonly from: string; readonly where: readonly string[] },
  given: readonly Given[],
  columns: Readonly<Record<string, string>>,
): Query['sql'] {
  const more = given.map(({ means, values }) => `${columns[means]} IN (${values.map(quoted).join(', ')})`)
  return { ...sql, where: [...sql.where, ...more] }
}
