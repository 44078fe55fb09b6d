import type { Dialect, ServerFacts } from './dialect.ts'
import type { DialectName } from './dialect-name.ts'
import { mysql } from './mysql.ts'
import { postgres } from './postgres.ts'
import { pooledPostgres } from './postgres-pooled.ts'
import { sqlite } from './sqlite.ts'

export const dialects: Readonly<Record<DialectName, Dialect>> = { postgres, mysql, sqlite }

/** The dialect to speak with a server of these facts. */
export function dialectFor(name: DialectName, { sharing }: Pick<ServerFacts, 'sharing'>): Dialect {
  return name === 'postgres' && sharing === 'pooler' ? pooledPostgres : dialects[name]
}
