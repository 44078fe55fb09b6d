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
  return { postgres: dumpPostgres, mysql: dumpMysql, sqlite: dumpSqlite }[catalogue.dialect](catalogue)
}
