import type { Catalogue } from '../catalogue/model.ts'
import type { DialectName } from '../dialects/dialect-name.ts'
import { changeMysql } from './mysql.ts'
import { changePostgres } from './postgres.ts'
import { changeSqlite } from './sqlite.ts'

/** A statement on the way from one schema to another. */
export interface Change {
  /** The key of the object that it changes. */
  readonly object: string
  /** Without its terminator. */
  readonly sql: string
  /** Why rows or values may be lost by it; undefined where none can. */
  readonly loses: string | undefined
  /** Why it will not do as it stands (a NOT NULL column without a default in a table that may have rows); a person has to finish it. */
  readonly unfinished: string | undefined
}

/** Old name → new name: of a table by its key (`table lead`), of a column by the table's key and its name (`table lead.status`). */
export type Renames = ReadonlyMap<string, string>

/** Who writes the statements. */
const writers: Readonly<
  Record<DialectName, (actual: Catalogue, expected: Catalogue, renames: Renames) => readonly Change[]>
> = { postgres: changePostgres, mysql: changeMysql, sqlite: changeSqlite }

/** The statements that make the actual schema the expected one, in a safe order. */
export function changesBetween(actual: Catalogue, expected: Catalogue, renames: Renames): readonly Change[] {
  return writers[expected.dialect](actual, expected, renames)
}
