import type { DialectName } from '../dialects/dialect-name.ts'
import type { Catalogue } from './model.ts'
import { dumpMysql } from './mysql-dump.ts'
import { dumpPostgres } from './postgres-dump.ts'
import { dumpSqlite } from './sqlite-dump.ts'

export interface DumpStatement {
  /** The key of the object that it makes, or a part of which. */
  readonly object: string
  /** Without its terminator. */
  readonly sql: string
}

/**
 * The statements that make a schema in an empty database, in an order in which each finds what it needs. The same
 * catalogue gives the same statements.
 */
export function dumpOf(catalogue: Catalogue): readonly DumpStatement[] {
  return writers[catalogue.dialect](catalogue)
}

const writers: Readonly<Record<DialectName, (catalogue: Catalogue) => readonly DumpStatement[]>> = {
  postgres: dumpPostgres,
  mysql: dumpMysql,
  sqlite: dumpSqlite,
}
