import type { Dialect, ServerFacts } from './dialect.ts'
import type { DialectName } from './dialect-name.ts'
import { mysql } from './mysql.ts'
import { postgres } from './postgres.ts'
import { pooledPostgres } from './postgres-pooled.ts'
import { sqlite } from './sqlite.ts'

/** Each is made when it is asked for: most projects have one. */
export const dialects: Readonly<Record<DialectName, Dialect>> = {
  get postgres() {
    return postgres
  },
  get mysql() {
    return mysql
  },
  get sqlite() {
    return sqlite
  },
}

/** The dialect to speak with a server of these facts. */
export function dialectFor(name: DialectName, { sharing }: Pick<ServerFacts, 'sharing'>): Dialect {
  return name === 'postgres' && sharing === 'pooler' ? pooledPostgres : dialects[name]
}
