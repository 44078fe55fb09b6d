import type { NamePart, QualifiedName } from '../text/facts.ts'
import type { BatchSql } from './dialect.ts'
import { singleQuoted } from './names.ts'
import { folded, identifier, relation, tables } from './postgres-names.ts'
import { text } from './postgres-text.ts'

/** Types whose text can be read back to the same value under any setting of the session. */
const sound = ['int2', 'int4', 'int8', 'numeric', 'oid', 'uuid', 'text', 'varchar', 'bpchar', 'citext', 'bytea']

/** `UNIQUE` over the whole table and just these columns, in this order; a list of INCLUDE does no harm. */
function unique(key: readonly NamePart[]): string {
  const numbers = key.map(
    (part) =>
      `(SELECT u.attnum FROM pg_catalog.pg_attribute u WHERE u.attrelid = c.oid AND u.attname = ${folded(part)})`,
  )
  return `EXISTS (SELECT 1 FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid
  AND i.indpred IS NULL AND i.indnkeyatts = ${key.length} AND (i.indkey::int2[])[0:${key.length - 1}] = ARRAY[${numbers.join(', ')}])`
}

function inspect(table: QualifiedName, key: readonly NamePart[]): string {
  const columns = key.map((part, index) => `(${index + 1}, ${folded(part)})`).join(', ')
  return `SELECT k.n, pg_catalog.format_type(a.atttypid, a.atttypmod) AS declared, a.attnotnull AS required, ${unique(key)} AS single,
  CASE WHEN coalesce(b.typname, t.typname) IN (${sound.map(singleQuoted).join(', ')}) THEN pg_catalog.format_type(a.atttypid, a.atttypmod) END AS type
FROM (VALUES ${columns}) k (n, name) CROSS JOIN ${tables}
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attname = k.name AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_catalog.pg_type t ON t.oid = a.atttypid LEFT JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND ${relation(table, 'c')} ORDER BY k.n`
}

const row = (parts: readonly string[]): string => (parts.length === 1 ? parts[0]! : `(${parts.join(', ')})`)

export const batches: BatchSql = {
  name: identifier,
  inspect,
  asText: (column) => `${column}::pg_catalog.text`,
  literal: (value, type) => `CAST(${text(value)} AS ${type})`,
  shown: (value) => value,
  after: (columns, values) => `${row(columns)} > ${row(values)}`,
  estimate: (table) =>
    `SELECT c.reltuples::bigint AS number FROM ${tables} WHERE c.reltuples > 0 AND ${relation(table, 'c')}`,
}
