import { ServerError } from '../drivers/driver.ts'
import type { Unit } from './messages.ts'

/** The units of a message, by the numbers of their statements: a bulk has many. */
export class Numbering {
  private readonly units: readonly Unit[]
  private at = 0
  /** The number of the first statement of the unit that was last asked for. */
  private first = 0

  constructor(units: readonly Unit[]) {
    this.units = units
  }

  /** The index of the unit that a statement belongs to. */
  unitOf(statement: number): number {
    // answers come in ascending order
    if (statement < this.first) {
      this.at = 0
      this.first = 0
    }
    for (let count = this.count; statement >= this.first + count && this.at < this.units.length; count = this.count) {
      this.first += count
      this.at++
    }
    return this.at
  }

  private get count(): number {
    return this.units[this.at]?.bulk?.count ?? 1
  }

  /** The units, with what failed as one of its own; and the error, with the index of that. */
  failed(error: ServerError): { units: readonly Unit[]; error: ServerError } {
    const at = this.unitOf(error.index)
    const unit = this.units[at]
    const within = error.index - this.first
    const index = unit?.bulk ? at + within : at
    const found =
      index === error.index ? error : new ServerError(error.message, { ...error, index, cause: error.cause })
    return { units: unit?.bulk ? this.units.toSpliced(at, 1, ...apart(unit)) : this.units, error: found }
  }
}

/** The statements of a bulk as units of their own. */
function apart({ bulk, ...rest }: Unit): readonly Unit[] {
  return Array.from({ length: bulk!.count }, (_, index) => {
    const statement = bulk!.statement(index)
    return { ...rest, sql: statement.text, statement }
  })
}
