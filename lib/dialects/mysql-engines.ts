import type { LooseTablesSql } from './dialect.ts'
import { text } from './mysql-text.ts'

/** Other engines know no transactions (MySQL manual, "Alternative Storage Engines"; MariaDB documentation, "Storage Engines"). */
const transactional = ['InnoDB', 'NDBCLUSTER', 'ROCKSDB', 'TokuDB', 'SEQUENCE', 'PERFORMANCE_SCHEMA']

export const looseTables: LooseTablesSql = {
  select: `SELECT table_name AS name FROM information_schema.tables WHERE table_type = 'BASE TABLE'
  AND engine NOT IN (${transactional.map(text).join(', ')})
  AND table_schema NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema')`,
  made: ({ words: [first, second], text: sql }) => {
    if ((first !== 'create' && first !== 'alter') || second !== 'table') return undefined
    const [, engine] = /\bengine\s*=?\s*['"`]?(\w+)/i.exec(sql) ?? []
    if (!engine || transactional.some((known) => known.toLowerCase() === engine.toLowerCase())) return undefined
    const [, quoted, plain] = tableName.exec(sql) ?? []
    return quoted ?? plain
  },
}

const tableName =
  /^\s*(?:create|alter)\s+table\s+(?:if\s+(?:not\s+)?exists\s+)?(?:(?:`[^`]+`|[\w$]+)\s*\.\s*)?(?:`([^`]+)`|([\w$\u0080-\uffff]+))/i
