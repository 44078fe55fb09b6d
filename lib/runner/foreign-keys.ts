import type { Row } from '../drivers/driver.ts'
import { SqlmigError } from '../errors.ts'
import type { Statement } from '../text/split.ts'
import type { PlanStep } from './plan.ts'
import type { Run } from './run.ts'

/**
 * Foreign keys around a migration, as SQLite's documentation tells for table rebuilds (lang_altertable.html, "Making
 * Other Kinds Of Table Schema Changes"): enforcement is switched off before the transaction, since inside it the pragma
 * has no effect, and violations are looked for before its end. Those that were there before are not this migration's.
 */
export class ForeignKeyWatch {
  private readonly run: Run
  private before: ReadonlySet<string> = new Set()
  /** There may be keys; to look for violations takes longer the more tables there are. */
  private declared = true

  constructor(run: Run) {
    this.run = run
  }

  /** Before the transaction. A file's own pragma decides whether keys are enforced while it runs. */
  async begin(step: PlanStep): Promise<void> {
    const { foreignKeys } = this.run.dialect
    if (!foreignKeys) return
    const own = ownPragma(step)
    await this.run.session.exec([own?.text ?? foreignKeys.off])
    this.declared = (await this.run.session.query(foreignKeys.declared)).length > 0
    this.before = new Set((await this.violations()).map(key))
  }

  /** Follows a statement of the migration. */
  follow({ text }: Statement): void {
    this.declared ||= this.run.dialect.foreignKeys?.declares.test(text) ?? false
  }

  /**
   * At the end of a migration, before that of its transaction; another one may follow in that.
   * @throws SqlmigError `foreign-key` where the migration made rows that refer to nothing
   */
  async end(step: PlanStep, state: string): Promise<void> {
    if (!this.run.dialect.foreignKeys) return
    const all = await this.violations()
    const found = all.filter((row) => !this.before.has(key(row)))
    this.before = new Set(all.map(key))
    const [first] = found
    if (!first) return
    const others = found.length > 1 ? `, and ${found.length - 1} more` : ''
    const row = first.id === null ? 'a row' : `row ${first.id}`
    throw new SqlmigError('foreign-key', `${row} of ${first.child} refers to no row of ${first.parent}${others}`, {
      at: { file: step.file.path },
      state,
      remedy: 'delete or mend such rows in the migration, then run "sqlmig up" again',
    })
  }

  private async violations(): Promise<readonly Row[]> {
    const { foreignKeys } = this.run.dialect
    return foreignKeys && this.declared ? this.run.session.query(foreignKeys.violations) : []
  }
}

/**
 * Does what commits piece by piece, and so could not be rolled back for what is found at the end: keys are enforced
 * meanwhile, as servers do it, unless the file says otherwise.
 */
export async function withForeignKeys(run: Run, step: PlanStep, work: () => Promise<void>): Promise<void> {
  const { foreignKeys } = run.dialect
  if (!foreignKeys || ownPragma(step)) return work()
  await run.session.exec([foreignKeys.on])
  try {
    await work()
  } finally {
    // within a transaction that a failure has left the pragma has no effect, and the next file begins with its own
    await run.session.exec([foreignKeys.off]).catch(() => undefined)
  }
}

/** The file's own switch of the foreign keys: it has an effect outside a transaction only. */
export function ownPragma({ file }: PlanStep): { readonly text: string } | undefined {
  return file.ownTransaction.find(({ text }) => /^pragma\b/i.test(text))
}

function key(row: Row): string {
  return `${row.child}\u0000${row.id}\u0000${row.parent}`
}
