import { readDdl } from '../ddl/read-ddl.ts'
import type { DialectName } from '../dialects/dialect-name.ts'
import { dialects } from '../dialects/dialects.ts'
import { SqlmigError } from '../errors.ts'
import type { TableName } from '../schema/table.ts'
import { Splitter, type Statement } from '../text/split.ts'
import { tablesChanged } from './fact-changes.ts'
import { Unreadable, unreadable } from './unreadable.ts'

/** The statements in texts that a script hands to `execute`, as the runner will split them; comments around them are left out. */
export function statementsIn(texts: readonly string[], dialect: DialectName): readonly Statement[] {
  try {
    return texts.flatMap((text) => [...new Splitter([text], dialects[dialect].lexis())])
  } catch (error) {
    if (!(error instanceof SqlmigError)) throw error
    return unreadable(`the SQL cannot be split: ${error.message}`)
  }
}

/** The tables that SQL may change in more than their rows; undefined where that may be any. */
export function tablesTouched(sql: string, dialect: DialectName): readonly TableName[] | undefined {
  try {
    const touched = statementsIn([sql], dialect).map(({ text }) => {
      const effect = readDdl(text, dialect)
      if (effect.kind === 'none') return []
      if (effect.kind === 'unknown') return effect.tables === 'all' ? undefined : effect.tables
      const changed = effect.operations.map(tablesChanged)
      return changed.includes(undefined) ? undefined : (changed as (readonly TableName[])[]).flat()
    })
    return touched.includes(undefined) ? undefined : (touched as (readonly TableName[])[]).flat()
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    return undefined
  }
}
