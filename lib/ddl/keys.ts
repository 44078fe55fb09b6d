import { column, type Expression, sql } from '../schema/expression.ts'
import type { Index, Options } from '../schema/table.ts'
import { named, withOptions } from './naming.ts'
import { notUnderstood } from './not-understood.ts'
import type { Reader } from './reader.ts'

export interface KeyParts {
  readonly columns: readonly string[]
  readonly options: Options
}

/** The columns of a primary or unique key: `(a, b(10))`. */
export function keyParts(reader: Reader): KeyParts {
  const { columns, options } = indexParts(reader)
  const names = columns.map((c) => keyColumn(c, reader))
  return { columns: names, options: columns.some(isCounting) ? { ...options, sqlite_autoincrement: true } : options }
}

/** SQLite's `PRIMARY KEY (id AUTOINCREMENT)`. */
function isCounting(of: string | Expression): boolean {
  return typeof of === 'object' && of.kind === 'suffix' && /^AUTOINCREMENT$/i.test(of.suffix)
}

/** MySQL keeps an order in its keys, which changes nothing about them; to SQLite DESC makes another key. */
function keyColumn(of: string | Expression, reader: Reader): string {
  if (typeof of === 'string') return of
  const isPlain = reader.dialect === 'mysql' || isCounting(of)
  if (of.kind === 'suffix' && of.of.kind === 'column' && isPlain) return of.of.name
  return notUnderstood('a key on more than plain columns')
}

/** The columns and expressions of an index, in parentheses. */
export function indexParts(reader: Reader): { readonly columns: Index['columns']; readonly options: Options } {
  const lengths: { [column: string]: number } = {}
  reader.expect('(')
  const columns = reader.list(() => indexElement(reader, lengths))
  reader.expect(')')
  return { columns, options: Object.keys(lengths).length > 0 ? { mysql_length: lengths } : {} }
}

function indexElement(reader: Reader, lengths: { [column: string]: number }): string | Expression {
  const of = elementItself(reader, lengths)
  const from = reader.mark
  reader.skipItem()
  const suffix = reader.text(from).replace(/\s+/g, ' ')
  if (suffix === '' || /^ASC$/i.test(suffix)) return of.kind === 'column' ? of.name : of
  return { kind: 'suffix', of, suffix: /^DESC$/i.test(suffix) ? 'DESC' : suffix }
}

function elementItself(reader: Reader, lengths: { [column: string]: number }): Expression {
  const from = reader.mark
  if (reader.isName && isEndOfName(reader)) {
    const name = reader.name()
    if (reader.dialect === 'mysql' && reader.take('(')) {
      lengths[name] = reader.integer()
      reader.expect(')')
    }
    return column(name)
  }
  if (reader.token.kind === 'open' && reader.dialect !== 'sqlite') {
    reader.skipGroup()
    const text = reader.text(from)
    return reader.dialect === 'postgres' ? columnInside(text) : sql(text)
  }
  skipExpression(reader)
  return sql(reader.text(from))
}

/** PostgreSQL takes `(name)` and `(name COLLATE x)` for the column itself. */
function columnInside(text: string): Expression {
  const [, open = '', quoted, word, collate, close = ''] =
    /^(\(+)\s*(?:"((?:[^"]|"")+)"|(\w+))\s*(COLLATE\s+[^()]+)?(\)+)$/i.exec(text) ?? []
  if (open === '' || open.length !== close.length || (word && /^(?:current_|local|user|true|false|null)/i.test(word)))
    return sql(text)
  const of = column(quoted?.replaceAll('""', '"') ?? word!.toLowerCase())
  return collate === undefined ? of : { kind: 'suffix', of, suffix: collate.trim() }
}

/** A name alone is a column; MySQL puts a length behind it, the others have functions there. */
function isEndOfName(reader: Reader): boolean {
  const { kind, upper } = reader.ahead(1)
  if (kind === 'open') return reader.dialect === 'mysql' && reader.ahead(2).kind === 'number'
  if (reader.dialect === 'sqlite' && kind === 'word') return ['COLLATE', 'ASC', 'DESC', 'AUTOINCREMENT'].includes(upper)
  return kind === 'word' || kind === 'close' || kind === 'name' || upper === ','
}

/** PostgreSQL wants parentheses around all but a function's call; SQLite takes any expression. */
function skipExpression(reader: Reader): void {
  if (reader.dialect === 'sqlite') {
    const stops = ['ASC', 'DESC']
    reader.skipUnit()
    while (!reader.isItemEnd() && !(reader.token.kind === 'word' && stops.includes(reader.token.upper)))
      reader.skipUnit()
    return
  }
  reader.path()
  reader.skipGroup()
}

/** What may stand around the columns of a key, in the order that each server has. */
export function keyOptions(reader: Reader): Options {
  const options: { [keyword: string]: Options[string] } = {}
  while (reader.dialect === 'mysql' ? mysqlKeyOption(reader, options) : postgresKeyOption(reader, options));
  return options
}

type Collected = { [keyword: string]: Options[string] }

function mysqlKeyOption(reader: Reader, options: Collected): boolean {
  if (reader.takeOne('USING', 'TYPE')) options.mysql_using = reader.next().upper
  else if (reader.take('WITH', 'PARSER')) options.mysql_with_parser = reader.name()
  else if (reader.take('COMMENT')) reader.string()
  else if (reader.take('KEY_BLOCK_SIZE')) {
    reader.take('=')
    reader.integer()
  } else return reader.takeOne('VISIBLE', 'INVISIBLE', 'IGNORED') !== undefined || reader.take('NOT', 'IGNORED')
  return true
}

function postgresKeyOption(reader: Reader, options: Collected): boolean {
  if (reader.dialect !== 'postgres') return false
  if (reader.take('INCLUDE')) options.postgresql_include = reader.names()
  else if (reader.take('USING', 'INDEX', 'TABLESPACE')) reader.name()
  else if (reader.take('TABLESPACE')) reader.name()
  else if (reader.take('NULLS', 'NOT', 'DISTINCT')) options.postgresql_nulls_not_distinct = true
  else if (reader.take('NULLS', 'DISTINCT')) return true
  else if (reader.take('WITH')) options.postgresql_with = storageParameters(reader)
  else return false
  return true
}

/** `(fillfactor = 70)` */
function storageParameters(reader: Reader): { readonly [key: string]: string } {
  reader.expect('(')
  const pairs = reader.list(() => {
    const key = reader.path().join('.')
    return [key, reader.take('=') ? reader.expression() : 'true'] as const
  })
  reader.expect(')')
  return Object.fromEntries(pairs)
}

/** KEY, INDEX, FULLTEXT and SPATIAL in MySQL's CREATE and ALTER TABLE; undefined where something else comes. */
export function readKeyIndex(reader: Reader): Index | undefined {
  const prefix = reader.takeOne('FULLTEXT', 'SPATIAL')
  const isKey = reader.takeOne('KEY', 'INDEX') !== undefined
  if (!prefix && !isKey) return undefined
  reader.take('IF', 'NOT', 'EXISTS')
  const name = reader.sees('(') || reader.sees('USING') ? undefined : reader.name()
  return restOfIndex(reader, { name, prefix })
}

interface IndexHead {
  readonly name: string | undefined
  readonly prefix?: string | undefined
  readonly unique?: boolean
}

/** An index from its method or its columns on. */
export function restOfIndex(reader: Reader, { name, prefix, unique = false }: IndexHead): Index {
  const before = keyOptions(reader)
  const { columns, options } = indexParts(reader)
  const after = keyOptions(reader)
  const all = { ...(prefix && { mysql_prefix: prefix }), ...before, ...options, ...after }
  return { columns, ...named(name), ...(unique && { unique }), ...withOptions(all) }
}
