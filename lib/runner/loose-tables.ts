import type { Dialect } from '../dialects/dialect.ts'
import type { Session } from '../drivers/driver.ts'
import type { Statement } from '../text/split.ts'

/** Tables whose rows cannot be rolled back (MyISAM and the like): a statement that was cut off may have changed some of them. */
export class LooseTables {
  private readonly dialect: Dialect
  private readonly names = new Set<string>()

  constructor(dialect: Dialect) {
    this.dialect = dialect
  }

  /** Asks the database which there are. */
  async read(session: Session): Promise<void> {
    const { looseTables } = this.dialect
    if (!looseTables) return
    for (const { name } of await session.query(looseTables.select)) this.names.add(String(name).toLowerCase())
  }

  /** Follows a statement that makes such a table, or makes a table one. */
  follow(statement: Statement): void {
    const made = this.dialect.looseTables?.made(statement)
    if (made !== undefined) this.names.add(made.toLowerCase())
  }

  /** True where a statement may change rows of such a table: where it names one at all. */
  changedBy({ text }: Statement): boolean {
    if (this.names.size === 0) return false
    return text.split(notInNames).some((word) => this.names.has(word.toLowerCase()))
  }

  /** True where any of a file's statements may. */
  changedByAny(statements: () => Iterable<Statement>): boolean {
    return this.names.size > 0 && [...statements()].some((statement) => this.changedBy(statement))
  }
}

const notInNames = /[^\w$\u0080-\uffff]+/
