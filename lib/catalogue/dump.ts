import type { Session } from '../drivers/driver.ts'
import type { Catalogue } from './model.ts'
import { dumpMysql } from './mysql-dump.ts'
import { dumpSqlite } from './sqlite-dump.ts'

export interface DumpStatement {
  /** The key of the object that it makes, or a part of which; empty where it is about all. */
  readonly object: string
  /** Without its terminator. */
  readonly sql: string
}

/**
 * The statements that make a schema in an empty database, in an order in which each finds what it needs. The same
 * schema gives the same statements. PostgreSQL's come from its own program.
 */
export async function dumpOf(session: Session, catalogue: Catalogue): Promise<readonly DumpStatement[]> {
  return catalogue.dialect === 'mysql' ? dumpMysql(session, catalogue) : dumpSqlite(catalogue)
}
