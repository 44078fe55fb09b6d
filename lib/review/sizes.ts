import type { TableName } from '../schema/table.ts'
import type { Severity } from './rule.ts'

/** About how many rows a table has; null where the database does not know, undefined where it has no such table. */
export type SizeOf = (table: TableName) => number | null | undefined

interface Said {
  readonly severity: Severity
  readonly message: string
}

/** Up to here, whatever is done to a table is done in a moment. */
const few = 10_000
/** From here on, a lock for as long as it takes to read every row is an outage. */
const many = 1_000_000

/** The tone that the size of the table asks for. */
export function weighed({ severity, message }: Said, size: (() => number | null | undefined) | undefined): Said {
  if (!size) return { severity, message }
  const rows = size()
  if (rows === null) return { severity, message }
  if (rows === undefined) return { severity: 'note', message: `${message} (the database has no such table yet)` }
  const told = `${message} (it has about ${rows.toLocaleString('en')} ${rows === 1 ? 'row' : 'rows'})`
  return { severity: toned(severity, rows), message: told }
}

function toned(severity: Severity, rows: number): Severity {
  // what fails with the first row fails with few
  if (severity === 'error') return rows === 0 ? 'note' : 'error'
  if (rows <= few) return 'note'
  return rows >= many && severity === 'warning' ? 'error' : severity
}
