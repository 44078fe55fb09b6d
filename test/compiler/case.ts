import type { DialectName } from '../../lib/dialects/dialect-name.ts'
import type { NamingConvention } from '../../lib/schema/naming.ts'
import type { Operation } from '../../lib/schema/operation.ts'
import type { ServerFlavor, Target } from '../../lib/schema/target.ts'

/** The body of an `upgrade()` in Python, beside the same operations as our data. */
export interface Case {
  readonly name: string
  readonly python: string
  readonly operations: readonly Operation[]
  /** All three unless told. */
  readonly on?: readonly DialectName[]
  readonly flavor?: ServerFlavor
  readonly sqlalchemy?: '1.4' | '2.0'
  readonly convention?: NamingConvention
  /** How many of the first operations only prepare, and are left out of the golden file. */
  readonly setup?: number
  /** What we can do although Alembic cannot; judged by nobody. */
  readonly beyond?: readonly (DialectName | 'mariadb')[]
}

export interface Group {
  readonly name: string
  readonly cases: readonly Case[]
}

export function targetOf(test: Case, dialect: DialectName, flavor?: ServerFlavor, sqlalchemy?: '1.4' | '2.0'): Target {
  return {
    dialect,
    sqlalchemy: sqlalchemy ?? test.sqlalchemy ?? '1.4',
    ...(flavor && { serverFlavor: flavor }),
    ...(test.convention && { namingConvention: test.convention }),
  }
}
