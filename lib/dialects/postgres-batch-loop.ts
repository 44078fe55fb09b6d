import type { BatchLoop } from './client.ts'
import { text } from './postgres-text.ts'

/**
 * Outside a transaction a block of code may commit (PostgreSQL manual, "Transaction Management", from 11 on), so that each
 * range is committed with the mark of it, as `up` does.
 */
export function batchLoop(loop: BatchLoop): string {
  const { table, columns, size, ledger, seq, behind } = loop
  const list = columns.join(', ')
  const row = (prefix: string) => columns.map((_, index) => `sqlmig_${prefix}_${index + 1}`).join(', ')
  const after = `(${list}) > (${row('behind')})`
  const select = (into: string, where: string, rest: string) =>
    `SELECT ${list} INTO ${row(into)} FROM ${table}${where === '' ? '' : ` WHERE ${where}`} ORDER BY ${rest};`
  const ascending = columns.join(', ')
  const descending = columns.map((column) => `${column} DESC`).join(', ')
  const declared = ['behind', 'from', 'to'].flatMap((prefix) =>
    columns.map((column, index) => {
      const begins = prefix === 'behind' && behind ? ` := ${text(behind.through[index]!)}` : ''
      return `  sqlmig_${prefix}_${index + 1} ${table}.${column}%TYPE${begins};`
    }),
  )
  const through = columns.map((_, index) => `sqlmig_to_${index + 1}::text`)
  const shown = through.length === 1 ? through[0]! : `concat('(', ${through.join(", ', ', ")}, ')')`
  const statement = loop.bind((edge, column) => {
    if (column !== undefined) return `sqlmig_${edge}_${column + 1}`
    return columns.length === 1 ? row(edge) : `(${row(edge)})`
  })
  return `DO $sqlmig_batch$ DECLARE
${declared.join('\n')}
  sqlmig_begun boolean := ${behind !== undefined};
  sqlmig_rows bigint := ${behind?.rows ?? 0};
  sqlmig_found bigint;
BEGIN
  LOOP
    IF sqlmig_begun THEN
      ${select('from', after, `${ascending} LIMIT 1`)}
    ELSE
      ${select('from', '', `${ascending} LIMIT 1`)}
    END IF;
    EXIT WHEN NOT FOUND;
    ${select('to', `(${list}) >= (${row('from')})`, `${ascending} LIMIT 1 OFFSET ${size - 1}`)}
    sqlmig_found := ${size};
    IF NOT FOUND THEN
      ${select('to', '', `${descending} LIMIT 1`)}
      SELECT count(*) INTO sqlmig_found FROM ${table} WHERE (${list}) >= (${row('from')});
    END IF;
    ${statement};
    sqlmig_rows := sqlmig_rows + sqlmig_found;
    sqlmig_begun := true;
${columns.map((_, index) => `    sqlmig_behind_${index + 1} := sqlmig_to_${index + 1};`).join('\n')}
    UPDATE ${ledger} SET batch = json_build_object('by', ${text(loop.by)}, 'through', json_build_array(${through.join(', ')}),
      'shown', ${shown}, 'rows', sqlmig_rows, 'tokens', ${text(loop.tokens)})::text WHERE seq = ${seq};
    COMMIT;
  END LOOP;
END $sqlmig_batch$`
}
