import type { Dialect } from '../dialects/dialect.ts'
import type { Statement } from '../text/split.ts'
import { lostValue } from './half-done.ts'
import type { PlanStep } from './plan.ts'

/** What the session of a former run had, as the statements tell that it ran: settings, and values in variables. */
export class FormerSession {
  private readonly dialect: Dialect
  private readonly file: PlanStep['file']
  private readonly lost = new Set<string>()

  constructor(dialect: Dialect, file: PlanStep['file']) {
    this.dialect = dialect
    this.file = file
  }

  /** True for a statement that is run again, although it is done, because it sets the session. */
  sets(statement: Statement): boolean {
    const effect = this.dialect.leaves(statement)
    if (effect === undefined || effect === 'again') return effect === 'again'
    for (const variable of effect.lost) this.lost.add(variable)
    return false
  }

  /** @throws SqlmigError `partial` where a statement takes a value that is gone */
  refuseLost(statement: Statement): void {
    if (this.lost.size === 0) return
    const named = new Set(
      Array.from(statement.text.matchAll(/(?<!@)@([\w$.]+|`[^`]+`)/g), ([, name]) => name!.toLowerCase()),
    )
    const effect = this.dialect.leaves(statement)
    const gone = [...named].find((name) => this.lost.has(name))
    if (gone === undefined) return
    if (typeof effect !== 'object' || !effect.lost.includes(gone))
      throw lostValue(this.file.id, statement, gone, this.file.path)
    this.lost.delete(gone) // it is set anew
  }
}
