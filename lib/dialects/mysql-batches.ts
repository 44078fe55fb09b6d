import type { NamePart, QualifiedName } from '../text/facts.ts'
import { exact, hexadecimal, number } from './batch-values.ts'
import type { BatchSql } from './dialect.ts'
import { backticked, belongs } from './mysql-names.ts'
import { text } from './mysql-text.ts'

/**
 * Texts travel as the bytes of their own character set, so that nothing is converted; they are compared by the column's
 * collation, since that of a literal yields to it (MySQL manual, "Collation Coercibility in Expressions").
 */
const type = `CASE
  WHEN c.data_type IN ('tinyint', 'smallint', 'mediumint', 'int', 'bigint', 'decimal') THEN 'number'
  WHEN c.data_type IN ('char', 'varchar', 'tinytext', 'text', 'mediumtext', 'longtext') THEN CONCAT('_', c.character_set_name)
  WHEN c.data_type IN ('binary', 'varbinary', 'tinyblob', 'blob', 'mediumblob', 'longblob') THEN '_binary'
  WHEN c.data_type = 'uuid' THEN 'uuid' END`

/** An index over prefixes tells rows apart by them, but does not order them. */
function unique(table: QualifiedName, key: readonly NamePart[]): string {
  const these = key.map((part, index) => `(s.seq_in_index = ${index + 1} AND s.column_name = ${text(part.text)})`)
  return `EXISTS (SELECT 1 FROM information_schema.statistics s WHERE ${belongs(table, 's')} AND s.non_unique = 0
  GROUP BY s.index_name HAVING COUNT(*) = ${key.length} AND SUM(s.sub_part IS NULL AND (${these.join(' OR ')})) = ${key.length})`
}

function inspect(table: QualifiedName, key: readonly NamePart[]): string {
  const columns = key.map((part, index) => `SELECT ${index + 1} AS n, ${text(part.text)} AS name`).join(' UNION ALL ')
  return `SELECT k.n, c.column_type AS declared, c.is_nullable = 'NO' AS required, ${type} AS type, ${unique(table, key)} AS single
FROM (${columns}) k JOIN information_schema.columns c ON c.column_name = k.name WHERE ${belongs(table, 'c')} ORDER BY k.n`
}

function literal(value: string, kind: string): string {
  if (kind === 'number') return `(${exact(value, number)})`
  return kind === 'uuid' ? `CAST(${text(value)} AS UUID)` : `(${kind} X'${exact(value, hexadecimal)}')`
}

const decoders: Readonly<Record<string, BufferEncoding>> = {
  _utf8mb4: 'utf8',
  _utf8mb3: 'utf8',
  _utf8: 'utf8',
  _latin1: 'latin1',
  _ascii: 'latin1',
}

function shown(value: string, kind: string): string {
  if (kind === 'number' || kind === 'uuid') return value
  const encoding = decoders[kind]
  return encoding ? Buffer.from(value, 'hex').toString(encoding) : `X'${value}'`
}

/** A comparison of rows would read the whole index (MySQL manual, "Range Optimization of Row Constructor Expressions"). */
function after(columns: readonly string[], values: readonly string[]): string {
  const [[column, ...others], [value, ...rest]] = [columns, values]
  if (others.length === 0) return `${column} > ${value}`
  return `(${column} >= ${value} AND (${column} > ${value} OR (${column} = ${value} AND ${after(others, rest)})))`
}

export const batches: BatchSql = {
  name: ({ text: name }) => backticked(name),
  inspect,
  asText: (column, kind) => (kind === 'number' || kind === 'uuid' ? `CAST(${column} AS CHAR)` : `HEX(${column})`),
  literal,
  shown,
  after,
  estimate: (table) =>
    `SELECT t.table_rows AS number FROM information_schema.tables t WHERE t.table_rows > 0 AND ${belongs(table, 't')}`,
}
