import { dotted } from '../dialects/names.ts'
import { boundsIn } from '../text/batches.ts'
import type { BatchMark } from './batch-mark.ts'
import type { Batched } from './batches.ts'
import type { Run } from './run.ts'

/** A statement in batches, for a client program that has loops: what makes sure of the key, and the loop. */
export function batchSql(
  { dialect, table: ledger }: Run,
  { statement, directive, lexis, through }: Batched,
  { seq, behind }: { readonly seq: number; readonly behind: BatchMark | undefined },
): readonly string[] {
  const { batches, client } = dialect
  const { table, key, text, size } = directive
  const bounds = boundsIn(statement.text, directive, lexis)
  const bind = (value: (edge: 'from' | 'to', column: number | undefined) => string) => {
    let at = 0
    const parts = bounds.map(({ edge, column, start, end }) => {
      const part = statement.text.slice(at, start) + value(edge, column)
      at = end
      return part
    })
    return parts.join('') + statement.text.slice(at)
  }
  const sound = 'k.single AND k.required AND k.type IS NOT NULL'
  const stop = client.stop({
    where: `NOT coalesce((SELECT count(*) = ${key.length} AND bool_and(${sound}) FROM (${batches.inspect(table, key)}) k), false)`,
    why: `batches cannot go by ${text}: it is not there, not unique, may be NULL, or has no order to rely on`,
    remedy: 'have the migration corrected, and a new script made',
  })
  const loop = {
    table: dotted(table, batches.name),
    columns: key.map((part) => batches.name(part)),
    size,
    bind,
    ledger,
    seq,
    by: text,
    tokens: through,
    behind,
  }
  return [...stop, ...(client.batches ? [client.batches(loop)] : [])]
}
