import { statementsOf } from '../chain/examine.ts'
import { SqlmigError } from '../errors.ts'
import { namesIn } from '../text/names-in.ts'
import type { PlanStep } from './plan.ts'
import type { Run } from './run.ts'

/** That rows of one table are deleted may delete rows of others: by a trigger, or by ON DELETE CASCADE. */
interface Link {
  readonly from: string
  readonly to: string
  /** The one it takes a DELETE for; other triggers fire at an INSERT or UPDATE, too. */
  readonly onDelete: boolean
  readonly why: string
}

interface Bystander {
  readonly table: string
  readonly rows: number
  readonly why: string
}

/**
 * Tables that a migration does not name must not lose rows by it: with foreign keys on, dropping a table in order to
 * rebuild it empties those that refer to it with ON DELETE CASCADE, and a trigger may delete anywhere. What a DELETE of the
 * migration takes along by such declarations is intended. Only tables that can be reached so are counted, since a count
 * reads the whole table: most migrations cost nothing.
 */
export class Bystanders {
  private readonly run: Run
  private before: readonly Bystander[] = []

  constructor(run: Run) {
    this.run = run
  }

  /** Within the transaction, before the migration's first statement. */
  async begin(step: PlanStep): Promise<void> {
    this.before = []
    const links = await this.links()
    if (links.length === 0) return
    const tables = await this.tables()
    const { named, deleted } = this.namedBy(step, new Set([...tables.keys(), ...links.map(({ from }) => from)]))
    const intended = reached(
      links.filter(({ onDelete }) => onDelete),
      deleted,
    )
    const found = [...reached(links, named)].filter(([name]) => !named.has(name) && !intended.has(name))
    const counted: Bystander[] = []
    for (const [name, why] of found) {
      const table = tables.get(name)
      if (table !== undefined) counted.push({ table, rows: await this.count(table), why })
    }
    this.before = counted
  }

  /**
   * Before the end of the transaction.
   * @throws SqlmigError `rows-lost`
   */
  async end(step: PlanStep, state: string): Promise<void> {
    const tables = this.before.length > 0 ? await this.tables() : new Map<string, string>()
    for (const { table, rows, why } of this.before) {
      // what is gone as a whole was dropped, and that names it
      const left = tables.has(table.toLowerCase()) ? await this.count(table) : rows
      if (left >= rows) continue
      const message = `${table} lost ${rows - left} of its ${rows} rows, though no statement of the migration names it: ${why}`
      throw new SqlmigError('rows-lost', message, {
        at: { file: step.file.path },
        state,
        remedy: `if they are to go, say so with a DELETE FROM ${table} of its own; else take out "PRAGMA foreign_keys = ON", or drop the trigger before and make it again after`,
      })
    }
  }

  private async links(): Promise<readonly Link[]> {
    const { session, dialect, lexis } = this.run
    const { foreignKeys } = dialect
    if (!foreignKeys) return []
    const keys = await session.query(foreignKeys.cascades)
    const triggers = await session.query(foreignKeys.triggers)
    const fromKeys = keys.map(({ parent, child }): Link => {
      const why = `its foreign key to ${parent} says ON DELETE CASCADE`
      return { from: lower(parent), to: lower(child), onDelete: true, why }
    })
    const fromTriggers = triggers.flatMap(({ name, table, sql }) => {
      const names = [...namesIn(String(sql), lexis)]
      const onDelete = names.slice(0, names.indexOf('on')).includes('delete')
      const why = `the trigger ${name} of ${table} names it`
      return [...new Set(names)].map((to): Link => ({ from: lower(table), to, onDelete, why }))
    })
    return [...fromKeys, ...fromTriggers]
  }

  /** The database's tables, by their names in lower case. */
  private async tables(): Promise<ReadonlyMap<string, string>> {
    const rows = await this.run.session.query(this.run.dialect.foreignKeys!.tables)
    return new Map(rows.map(({ name }) => [lower(name), String(name)]))
  }

  /** Of the things that are known, which a migration names, and from which it deletes rows. */
  private namedBy(step: PlanStep, known: ReadonlySet<string>): { named: Set<string>; deleted: Set<string> } {
    const named = new Set<string>()
    const deleted = new Set<string>()
    for (const { text } of statementsOf(step.file, this.run.lexis).statements) {
      let [second, first] = ['', '']
      for (const name of namesIn(text, this.run.lexis)) {
        if (known.has(name)) {
          named.add(name)
          if ((second === 'delete' && first === 'from') || (second === 'replace' && first === 'into')) deleted.add(name)
        }
        // a schema before the table's name stands for nothing
        if (name !== 'main') [second, first] = [first, name]
      }
    }
    return { named, deleted }
  }

  private async count(table: string): Promise<number> {
    const { session, dialect } = this.run
    const [row] = await session.query(`SELECT count(*) AS n FROM ${dialect.identifier(table)}`)
    return Number(row?.n)
  }
}

/** What can be reached from some tables, and by which last link. */
function reached(links: readonly Link[], from: ReadonlySet<string>): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  const queue = [...from]
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    for (const { from: start, to, why } of links) {
      if (start !== name || found.has(to)) continue
      found.set(to, why)
      queue.push(to)
    }
  }
  return found
}

function lower(name: unknown): string {
  return String(name).toLowerCase()
}
