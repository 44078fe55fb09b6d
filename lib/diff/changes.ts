import type { Catalogue } from '../catalogue/model.ts'
import type { DialectName } from '../dialects/dialect-name.ts'
import { SqlmigError } from '../errors.ts'
import { changeMysql } from './mysql.ts'
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

/** Who writes the statements, for the dialects for which somebody does. */
const writers: Readonly<
  Partial<Record<DialectName, (actual: Catalogue, expected: Catalogue, renames: Renames) => readonly Change[]>>
> = { mysql: changeMysql, sqlite: changeSqlite }

/** @throws SqlmigError `unsupported` where nobody writes the statements for a dialect yet */
export function refuseUnwritten(dialect: DialectName): void {
  if (writers[dialect]) return
  throw new SqlmigError(
    'unsupported',
    'this version of sqlmig writes no statements that change a schema of PostgreSQL',
    {
      state: 'nothing was written',
      remedy: 'see the differences with "sqlmig diff", and write the migration by hand ("sqlmig new SLUG")',
    },
  )
}

/**
 * The statements that make the actual schema the expected one, in a safe order.
 * @throws SqlmigError `unsupported`
 */
export function changesBetween(actual: Catalogue, expected: Catalogue, renames: Renames): readonly Change[] {
  refuseUnwritten(expected.dialect)
  return writers[expected.dialect]!(actual, expected, renames)
}
