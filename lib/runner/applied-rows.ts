import { randomBytes } from 'node:crypto'
import { PreparedRows } from '../ledger/prepared-rows.ts'
import { recordRow } from '../ledger/write.ts'
import { rowOf } from './ledger-rows.ts'
import type { Unit } from './messages.ts'
import type { PlanStep } from './plan.ts'
import type { Run } from './run.ts'

/** Rows for which it is worth while to have their statements parsed once. */
const worthPreparing = 8

/** What the ledger is asked and told within the transactions of a row of migrations. */
export class AppliedRows {
  private readonly run: Run
  /** The ledger's last row before the first of them. */
  private readonly lastSeq: number
  private readonly mayPrepare: boolean
  /** What the server parses for the message that is collected. */
  private prepared: PreparedRows | undefined

  /** @param number how many they are at most; few are written as they come */
  constructor(run: Run, lastSeq: number, number: number) {
    this.run = run
    this.lastSeq = lastSeq
    this.mayPrepare = number >= worthPreparing
  }

  /** Fails where the ledger is not where the migration with this index expects it. */
  check(step: PlanStep, index: number): readonly Unit[] {
    const { dialect, table } = this.run
    const units: Unit[] = []
    if (!this.prepared && dialect.prepares && this.mayPrepare && !step.file.travelsAlone) {
      this.prepared = new PreparedRows(dialect, dialect.prepares, randomBytes(6).toString('hex'), this.run)
      units.push(...this.prepared.prepare.map((sql): Unit => ({ sql, role: 'ledger', step })))
    }
    const seq = this.lastSeq + index
    const sql = this.prepared?.check(seq) ?? dialect.transaction.check(table, seq)
    return [...units, { sql, role: 'check', step }]
  }

  /** @param openedAt when the migration began, by the client's clock in milliseconds */
  row(step: PlanStep, index: number, openedAt: number): readonly Unit[] {
    const { dialect, table, author } = this.run
    const lastSeq = this.lastSeq + index
    const row = rowOf(step.file, lastSeq + 1)
    const duration = dialect.ledger.elapsed({ at: openedAt, table, lastSeq })
    const written =
      this.prepared?.write(row) ?? recordRow(dialect, table, { ...row, event: 'applied', duration }, author)
    return written.map((sql) => ({ sql, role: 'ledger', step }))
  }

  /** The end of a message: nothing is left in a session that may be somebody else's next. */
  close(): readonly Unit[] {
    const { prepared } = this
    this.prepared = undefined
    return (prepared?.deallocate ?? []).map((sql) => ({ sql, role: 'setting', step: undefined }))
  }

  /** The message is not sent. */
  forget(): void {
    this.prepared = undefined
  }
}
