import type { DialectName } from '../dialects/dialect-name.ts'
import type { Expression } from '../schema/expression.ts'
import type { Operation } from '../schema/operation.ts'

type Clock = Extract<Expression, { readonly kind: 'moment' }>['clock']

/** The server's clock in place of the application's. */
const moments: Readonly<Record<DialectName, Readonly<Record<Clock, string>>>> = {
  postgres: {
    utc: "(CURRENT_TIMESTAMP AT TIME ZONE 'UTC')",
    local: 'LOCALTIMESTAMP',
    zoned: 'CURRENT_TIMESTAMP',
    today: 'CURRENT_DATE',
  },
  mysql: { utc: 'UTC_TIMESTAMP()', local: 'NOW()', zoned: 'UTC_TIMESTAMP()', today: 'CURRENT_DATE' },
  sqlite: {
    utc: 'CURRENT_TIMESTAMP',
    local: "datetime('now', 'localtime')",
    zoned: 'CURRENT_TIMESTAMP',
    today: "date('now', 'localtime')",
  },
}

export function renderMoment(clock: Clock, dialect: DialectName): string {
  return moments[dialect][clock]
}

export function renderNewUuid(
  { hyphens, hex }: { readonly hyphens: boolean; readonly hex?: true },
  dialect: DialectName,
): string {
  if (dialect === 'postgres') return hex ? "replace(CAST(gen_random_uuid() AS TEXT), '-', '')" : 'gen_random_uuid()'
  if (dialect === 'mysql') return hyphens ? 'UUID()' : "REPLACE(UUID(), '-', '')"
  const parts = hyphens ? [4, 2, 2, 2, 6] : [16]
  return `lower(${parts.map((bytes) => `hex(randomblob(${bytes}))`).join(" || '-' || ")})`
}

/** What the reviewer of an operation should know: that it is the server now who makes a value. */
export function notesOnMoments(operation: Operation): readonly string[] {
  const found = new Set<string>()
  if (['bulkInsert', 'update', 'delete', 'insertSelect', 'execute'].includes(operation.kind)) look(operation, found)
  return [
    ...(found.has('moment') ? ["the server's clock stands here for the one of the application"] : []),
    ...(found.has('newUuid') ? ['the server makes the UUID here that the script made'] : []),
  ]
}

function look(data: unknown, found: Set<string>): void {
  if (typeof data !== 'object' || data === null) return
  if ('kind' in data && (data.kind === 'moment' || data.kind === 'newUuid')) found.add(data.kind)
  for (const part of Object.values(data)) look(part, found)
}
