import { breaking } from './breaking.ts'
import { columns } from './columns.ts'
import { existing } from './existing.ts'
import { mysqlAlters } from './mysql-alters.ts'
import { postgresConstraints } from './postgres-constraints.ts'
import { postgresIndexes } from './postgres-indexes.ts'
import { postgresLocks } from './postgres-locks.ts'
import { postgresRewrites } from './postgres-rewrites.ts'
import { rows } from './rows.ts'
import type { Rule, RuleFacts } from './rule.ts'
import { sqliteColumns } from './sqlite-columns.ts'
import { sqliteRebuilds } from './sqlite-rebuilds.ts'

/** All that `check` looks for in statements. A name may stand twice, for several dialects. */
export const rules: readonly Rule[] = [
  ...breaking,
  ...rows,
  ...columns,
  ...existing,
  ...postgresIndexes,
  ...postgresConstraints,
  ...postgresRewrites,
  ...postgresLocks,
  ...mysqlAlters,
  ...sqliteRebuilds,
  ...sqliteColumns,
]

/** The same for those who show them. */
export const ruleFacts: readonly RuleFacts[] = rules.map(({ find: _, ...facts }) => facts)
