import { type DdlEffect, none, unknown } from './effect.ts'
import { Reader, type Setting } from './reader.ts'
import { storedCode } from './stored-code.ts'
import { tokensOf } from './tokens.ts'

/** Functions of extensions that change the table whose name is their first argument. */
const altering =
  /\b(?:add|drop|recover|discard)geometrycolumn\s*\(|\bcreate_hypertable\s*\(|\bcreate_distributed_table\s*\(/i

/** SELECT … INTO makes a table in PostgreSQL, and some functions change one. */
export function selectsInto(statement: string, setting: Setting): DdlEffect {
  if (altering.test(statement)) return unknown('all', 'a function of an extension changes a table')
  if (setting.dialect !== 'postgres' || !/\binto\b/i.test(statement)) return none
  const reader = new Reader(statement, setting)
  const isMain = reader.sees('SELECT') || mainSelect(reader)
  if (!isMain) return none
  while (!reader.atEnd && !reader.sees('INTO') && !reader.sees('FROM')) reader.skipUnit()
  if (!reader.take('INTO')) return none
  if (reader.takeOne('TEMPORARY', 'TEMP', 'LOCAL', 'GLOBAL')) return none
  reader.take('UNLOGGED')
  reader.take('TABLE')
  return unknown([reader.table()], 'it is made from a query')
}

/** Steps over WITH to a SELECT outside of all parentheses. */
function mainSelect(reader: Reader): boolean {
  while (!reader.atEnd && !['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'MERGE'].some((word) => reader.sees(word))) {
    reader.skipUnit()
  }
  return reader.sees('SELECT')
}

/** SET puts DDL together for PREPARE, or leads plain names into another schema. */
export function sets(statement: string, setting: Setting): DdlEffect {
  if (setting.dialect !== 'postgres') return storedCode(statement, setting, 'SET keeps a statement that, once run,')
  const words = [...tokensOf(statement, setting.lexis)].filter((token) => token.kind !== 'operator')
  const at = words.findIndex((token) => token.upper === 'SEARCH_PATH')
  if (at < 0) return none
  const [to, first] = words.slice(at + 1)
  const schema = (to?.upper === 'TO' ? first : to)?.text.replace(/^['"]|['"]$/g, '').toLowerCase() ?? ''
  if (['', 'public', '$user', 'default', 'pg_catalog'].includes(schema.split(',')[0]!.trim())) return none
  return unknown('all', `names without a schema mean those of ${schema} from here on`)
}

/** PRAGMA writable_schema lets tables be changed by UPDATE; dumps put virtual tables back so. */
export function catalogueWrites(statement: string): DdlEffect {
  const head = statement.slice(0, 2000)
  if (!/^[^'(]*\bsqlite_(?:master|schema)\b/i.test(head) || /create\s+virtual\s+table/i.test(head)) return none
  return unknown('all', 'the catalogue itself is written to')
}
