import type { Statement } from '../text/split.ts'
import type { Unit } from './messages.ts'
import type { PlanStep } from './plan.ts'

/** Statements of which the server's count is told, even where it is none. */
const writers = new Set(['insert', 'update', 'delete', 'replace', 'merge', 'load', 'with'])

/** True where a count is about rows of the user's: a SELECT has only read its own, an ALTER has copied what was there. */
function isTold({ words: [first = ''], text }: Pick<Statement, 'words' | 'text'>, rows: number): boolean {
  if (writers.has(first)) return true
  if (first === 'copy') return /^copy\s[^(]*\bfrom\b/i.test(text)
  return rows > 0 && (first === 'create' || first === 'call')
}

/** How many rows each migration of a run has written, as the server counts them; of what was rolled back, none. */
export class WrittenRows {
  private readonly counts = new Map<string, number>()

  /** A migration is tried, anew perhaps. */
  begin({ file }: PlanStep): void {
    this.counts.delete(file.id)
  }

  add({ file }: PlanStep, rows: number): void {
    this.counts.set(file.id, (this.counts.get(file.id) ?? 0) + rows)
  }

  /** undefined where it has no statement that writes rows. */
  of({ file }: PlanStep): number | undefined {
    return this.counts.get(file.id)
  }
}

/** The counts of one message, until it is known what stands. */
export class Tally {
  private readonly units: readonly Unit[]
  private readonly written: WrittenRows
  private readonly indexes: number[] = []
  private readonly rows: number[] = []

  constructor(units: readonly Unit[], written: WrittenRows) {
    this.units = units
    this.written = written
  }

  /** @param index that of a unit */
  wrote(index: number, rows: number): void {
    const { role, statement, bulk } = this.units[index] ?? {}
    if (role !== 'statement' || !(bulk || (statement && isTold(statement, rows)))) return
    if (this.indexes.at(-1) === index) {
      this.rows[this.rows.length - 1]! += rows
      return
    }
    this.indexes.push(index)
    this.rows.push(rows)
  }

  /** The first so many units stand. */
  keep(number: number): void {
    for (const [at, index] of this.indexes.entries()) {
      if (index < number) this.written.add(this.units[index]!.step!, this.rows[at]!)
    }
  }
}
