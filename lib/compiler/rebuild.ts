import type { Rebuild, Transfer } from '../schema/batch.ts'
import type { Target } from '../schema/target.ts'
import { typeFamily } from '../schema/type-spec.ts'
import { quoteName, quoteTable } from './quote.ts'
import { renderType } from './type-names.ts'

export interface RebuildTexts {
  readonly create: string
  readonly temporary: string
  readonly indexes: readonly string[]
  readonly target: Target
}

/**
 * A new table under another name, the rows copied, the old one dropped, the new one renamed, the indexes made: the
 * twelve steps of sqlite.org/lang_altertable.html, section 7. Foreign keys are the runner's part.
 */
export function rebuildStatements(
  { table, copy }: Rebuild,
  { create, temporary, indexes, target }: RebuildTexts,
): readonly string[] {
  const old = quoteTable(table, target.dialect)
  const to = copy.map((t) => quoteName(t.to, target.dialect)).join(', ')
  const from = copy.map((t) => source(t, target)).join(', ')
  return [
    create,
    ...(copy.length > 0 ? [`INSERT INTO ${temporary} (${to})\nSELECT ${from}\nFROM ${old}`] : []),
    `DROP TABLE ${old}`,
    `ALTER TABLE ${temporary} RENAME TO ${quoteName(table.name, target.dialect)}`,
    ...indexes,
  ]
}

/**
 * Alembic casts where the kind of type changes. SQLite has no dates: CAST('2024-05-01' AS DATE) is the number 2024,
 * which would destroy the rows, so that moments are copied as they are.
 */
function source({ from, cast }: Transfer, target: Target): string {
  const name = quoteName(from, target.dialect)
  const moments = ['date', 'datetime', 'time', 'interval', 'other']
  return cast && !moments.includes(typeFamily(cast)) ? `CAST(${name} AS ${renderType(cast, target)})` : name
}
