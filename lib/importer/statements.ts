import type { DialectName } from '../dialects/dialect-name.ts'
import { dialects } from '../dialects/dialects.ts'
import { SqlmigError } from '../errors.ts'
import { Splitter, type Statement } from '../text/split.ts'
import { unreadable } from './unreadable.ts'

/** The statements in texts that a script hands to `execute`, as the runner will split them; comments around them are left out. */
export function statementsIn(texts: readonly string[], dialect: DialectName): readonly Statement[] {
  try {
    return texts.flatMap((text) => [...new Splitter([text], dialects[dialect].lexis())])
  } catch (error) {
    if (!(error instanceof SqlmigError)) throw error
    return unreadable(`the SQL cannot be split: ${error.message}`)
  }
}
