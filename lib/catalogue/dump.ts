import type { Catalogue } from './model.ts'
import { dumpMysql } from './mysql-dump.ts'
import { dumpSqlite } from './sqlite-dump.ts'

export interface DumpStatement {
  /** The key of the object that it makes, or a part of which. */
  readonly object: string
  /** Without its terminator. */
  readonly sql: string
}

/**
 * The statements that make a schema in an empty database, in an order in which each finds what it needs. The same
 * catalogue gives the same statements. PostgreSQL's come from its own program.
 */
export function dumpOf(catalogue: Catalogue): readonly DumpStatement[] {
  return catalogue.dialect === 'mysql' ? dumpMysql(catalogue) : dumpSqlite(catalogue)
}
