import type { Test } from 'tap'
import { follow, readDdl } from '../../lib/ddl/read-ddl.ts'
import type { DialectName } from '../../lib/dialects/dialect-name.ts'
import { emptySchema, type Schema } from '../../lib/schema/table.ts'
import type { Target } from '../../lib/schema/target.ts'
import type { Database } from '../servers/databases.ts'
import { modelShape, type Shape, type TableShape } from './model-shape.ts'
import { action, serverShape } from './server-shape.ts'

export function dialectOf({ kind }: Database): DialectName {
  return kind === 'mariadb' ? 'mysql' : kind
}

export function targetOf(database: Database): Target {
  const dialect = dialectOf(database)
  return dialect === 'mysql'
    ? { dialect, serverFlavor: database.kind === 'mariadb' ? 'mariadb' : 'mysql' }
    : { dialect }
}

/** A database, and the model that follows what is done to it. */
export class Pair {
  schema: Schema = emptySchema
  readonly database: Database
  readonly target: Target
  private readonly types = new Map<string, string>()

  constructor(database: Database) {
    this.database = database
    this.target = targetOf(database)
  }

  /** Runs a statement on both; false where the server refuses it. */
  async run(statement: string): Promise<boolean> {
    try {
      await this.database.query(statement)
    } catch {
      return false
    }
    this.schema = follow(this.schema, readDdl(statement, this.target.dialect), this.target)
    return true
  }

  /** Where the two differ, as two texts. */
  async difference(
    which: 'all' | 'known tables' = 'all',
  ): Promise<{ readonly model: Shape; readonly server: Shape } | undefined> {
    const [all, real] = [await this.model(), this.comparable(await serverShape(this.database))]
    const isUnknown = (name: string) => which !== 'all' && this.schema.tables[name]?.unknown !== undefined
    const known = (shape: Shape) => Object.fromEntries(Object.entries(shape).filter(([name]) => !isUnknown(name)))
    const [model, server] = [known(all), known(real)]
    return JSON.stringify(ordered(model)) === JSON.stringify(ordered(server)) ? undefined : differing(model, server)
  }

  private async model(): Promise<Shape> {
    const shape = modelShape(this.schema, this.target)
    const entries = Object.entries(shape).map(async ([name, table]) => {
      const columns: string[] = []
      for (const column of table.columns) columns.push(await this.withServerType(column))
      return [name, { ...table, columns }] as const
    })
    return this.comparable(Object.fromEntries(await Promise.all(entries)))
  }

  /** The server's own name for a type. */
  private async withServerType(column: string): Promise<string> {
    const type = /<([\s\S]*)>/.exec(column)?.[1]
    if (type === undefined) return column
    if (!this.types.has(type)) this.types.set(type, await this.serverType(type))
    return column.replace(`<${type}>`, `<${this.types.get(type)}>`)
  }

  private async serverType(type: string): Promise<string> {
    const { query } = this.database
    await query(`CREATE TEMPORARY TABLE type_of (c ${type})`)
    const [row] = await query(
      this.target.dialect === 'postgres'
        ? "SELECT format_type(atttypid, atttypmod) AS type FROM pg_attribute WHERE attrelid = 'type_of'::regclass AND attname = 'c'"
        : 'SHOW COLUMNS FROM type_of',
    )
    await query(`DROP ${this.target.dialect === 'mysql' ? 'TEMPORARY ' : ''}TABLE type_of`)
    return String(row?.type ?? row?.Type)
  }

  /** MySQL adds indexes of its own for foreign keys, which the model leaves out. */
  private comparable(shape: Shape): Shape {
    if (this.target.dialect === 'sqlite') return Object.fromEntries(Object.entries(shape).map(caseBlindTargets))
    if (this.target.dialect !== 'mysql') return shape
    return Object.fromEntries(Object.entries(shape).map(([name, table]) => [name, this.mysqlComparable(name, table)]))
  }

  private mysqlComparable(name: string, table: TableShape): TableShape {
    const known = this.schema.tables[name]
    const own = new Set(
      modelShape(known ? { ...emptySchema, tables: { [name]: known } } : emptySchema, this.target)[name]?.indexes,
    )
    const names = new Set([...own].map((index) => index.split(' ')[0]))
    return {
      columns: table.columns,
      keys: table.keys.map((k) =>
        k.replace(/ (delete|update) (SET NULL|CASCADE|RESTRICT|NO ACTION)/g, (_, on, rule) => ` ${on} ${action(rule)}`),
      ),
      indexes: table.indexes.filter((index) => names.has(index.split(' ')[0]!)),
    }
  }
}

/** SQLite keeps the name of a foreign key's table in the case that it was written in. */
function caseBlindTargets([name, table]: readonly [string, TableShape]): readonly [string, TableShape] {
  return [
    name,
    { ...table, keys: table.keys.map((key) => key.replace(/ -> \S+/, (target) => target.toLowerCase())).toSorted() },
  ]
}

function ordered(shape: Shape): Shape {
  return Object.fromEntries(Object.entries(shape).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

function differing(model: Shape, server: Shape): { readonly model: Shape; readonly server: Shape } {
  const names = new Set([...Object.keys(model), ...Object.keys(server)])
  const differ = [...names].filter((name) => JSON.stringify(model[name]) !== JSON.stringify(server[name]))
  const only = (shape: Shape) =>
    Object.fromEntries(differ.flatMap((name) => (shape[name] ? [[name, shape[name]]] : [])))
  return { model: only(model), server: only(server) }
}

/** Runs a script on both, one statement after the other, and tells after which they differ first. */
export async function agrees(t: Test, database: Database, script: readonly string[]): Promise<void> {
  const pair = new Pair(database)
  for (const statement of script) {
    if (!(await pair.run(statement))) {
      await database
        .query(statement)
        .catch((error: Error) => t.fail(`the server refuses ${statement}: ${error.message}`))
      return
    }
    const found = await pair.difference()
    if (found) {
      t.same(found.model, found.server, `after ${statement}`)
      return
    }
  }
  t.pass('model and catalogue agree after every statement')
}
