import type { NamePart, QualifiedName } from '../text/facts.ts'
import { exact, hexadecimal, number } from './batch-values.ts'
import type { BatchSql } from './dialect.ts'
import { qualifierAndName, singleQuoted } from './names.ts'

const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** Arguments of a pragma's function: the table, and its schema where that is named. */
function about(table: QualifiedName): string {
  const { qualifier, name } = qualifierAndName(table)
  return [name, ...(qualifier ? [qualifier] : [])].map(({ text }) => singleQuoted(text)).join(', ')
}

/** An index of its own, or the rowid under another name (sqlite.org/lang_createtable.html, "ROWIDs and the INTEGER PRIMARY KEY"). */
function unique(table: QualifiedName, key: readonly NamePart[]): string {
  const { qualifier } = qualifierAndName(table)
  const schema = qualifier ? `, ${singleQuoted(qualifier.text)}` : ''
  const these = key.map((part, n) => `(i.seqno = ${n} AND lower(i.name) = lower(${singleQuoted(part.text)}))`)
  const index = `EXISTS (SELECT 1 FROM pragma_index_list(${about(table)}) l WHERE l."unique" = 1 AND l.partial = 0
  AND (SELECT count(*) = ${key.length} AND total(${these.join(' OR ')}) = ${key.length} FROM pragma_index_info(l.name${schema}) i))`
  const [first] = key
  return key.length > 1
    ? index
    : `(${index} OR EXISTS (SELECT 1 FROM pragma_table_info(${about(table)}) r
  WHERE lower(r.name) = lower(${singleQuoted(first!.text)}) AND ${rowid('r', table)}))`
}

/** The column is another name of the rowid, and so cannot be NULL. */
function rowid(alias: string, table: QualifiedName): string {
  return `(${alias}.pk = 1 AND upper(${alias}.type) = 'INTEGER'
  AND (SELECT count(*) FROM pragma_table_info(${about(table)}) p WHERE p.pk > 0) = 1
  AND NOT EXISTS (SELECT 1 FROM pragma_index_list(${about(table)}) o WHERE o.origin = 'pk'))`
}

/** Declared as numbers with a fraction (sqlite.org/datatype3.html, "Determination Of Column Affinity"). */
const real = `(upper(c.type) GLOB '*REAL*' OR upper(c.type) GLOB '*FLOA*' OR upper(c.type) GLOB '*DOUB*')
  AND NOT (upper(c.type) GLOB '*INT*' OR upper(c.type) GLOB '*CHAR*' OR upper(c.type) GLOB '*CLOB*' OR upper(c.type) GLOB '*TEXT*' OR upper(c.type) GLOB '*BLOB*')`

function inspect(table: QualifiedName, key: readonly NamePart[]): string {
  const columns = key.map((part, n) => `SELECT ${n + 1} AS n, ${singleQuoted(part.text)} AS name`).join(' UNION ALL ')
  const { name } = qualifierAndName(table)
  const withoutRowid = `(c.pk > 0 AND EXISTS (SELECT 1 FROM pragma_table_list(${singleQuoted(name.text)}) w WHERE w.wr = 1))`
  return `SELECT k.n, c.type AS declared, (c."notnull" = 1 OR ${withoutRowid} OR ${rowid('c', table)}) AS required,
  CASE WHEN ${real} THEN NULL ELSE 'any' END AS type, ${unique(table, key)} AS single
FROM (${columns}) k JOIN pragma_table_xinfo(${about(table)}) c ON lower(c.name) = lower(k.name) ORDER BY k.n`
}

/** A column may hold values of any kind, and orders them by kind first. */
function asText(column: string): string {
  return `CASE typeof(${column}) WHEN 'integer' THEN 'i' || ${column} WHEN 'text' THEN 't' || hex(${column}) WHEN 'blob' THEN 'b' || hex(${column}) END`
}

/** The plus takes the affinity off the CAST, which would make texts of a column's numbers. */
function literal(value: string): string {
  const [kind, rest] = [value[0], value.slice(1)]
  if (kind === 'i') return `(${exact(rest, number)})`
  const bytes = `X'${exact(rest, hexadecimal)}'`
  return kind === 't' ? `(+CAST(${bytes} AS TEXT))` : bytes
}

function shown(value: string): string {
  const [kind, rest] = [value[0], value.slice(1)]
  if (kind === 'i') return rest
  return kind === 't' ? Buffer.from(rest, 'hex').toString('utf8') : `X'${rest}'`
}

const row = (parts: readonly string[]): string => (parts.length === 1 ? parts[0]! : `(${parts.join(', ')})`)

export const batches: BatchSql = {
  name: ({ text }) => identifier(text),
  inspect,
  asText,
  literal,
  shown,
  after: (columns, values) => `${row(columns)} > ${row(values)}`,
  estimate: () => undefined,
}
