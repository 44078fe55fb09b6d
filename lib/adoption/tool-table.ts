import type { Dialect, ServerFacts } from '../dialects/dialect.ts'
import { splitTableName } from '../dialects/names.ts'
import type { Session } from '../drivers/driver.ts'
import { SqlmigError } from '../errors.ts'
import type { Told, Tool, ToolName } from './tools.ts'
import { tools } from './tools.ts'

/** A database that a tool may have worked in. */
export interface Place {
  readonly session: Session
  readonly dialect: Dialect
  readonly facts: ServerFacts
}

export interface Choice {
  readonly from?: ToolName | undefined
  /** The tool's table, may be schema-qualified. */
  readonly toolTable?: string | undefined
}

export interface ToolTable {
  readonly tool: Tool
  /** As a person writes it. */
  readonly table: string
}

/**
 * Finds the table that tells what the old tool has applied: the one that is named, or the only one that is there.
 * @throws SqlmigError `usage` where there is none, or more than one
 */
export async function findToolTable(place: Place, { from, toolTable }: Choice): Promise<ToolTable> {
  if (toolTable !== undefined) return namedTable(place, toolTable, from)
  const found: ToolTable[] = []
  for (const tool of tools) {
    if ((from ?? tool.name) === tool.name && (await toolOf(place, tool.table))?.name === tool.name)
      found.push({ tool, table: tool.table })
  }
  const [first, ...more] = found
  if (first && more.length === 0) return first
  throw first ? several(found) : none(from)
}

/** What the table says. */
export async function readToolTable({ session, dialect, facts }: Place, { tool, table }: ToolTable): Promise<Told> {
  const columns = tool.select.map((name) => dialect.identifier(name)).join(', ')
  const sql = `SELECT ${columns} FROM ${nameIn(table, dialect, facts)} ORDER BY ${dialect.identifier(tool.orderBy)}`
  return tool.tell(await session.query(sql))
}

async function namedTable(place: Place, table: string, from: ToolName | undefined): Promise<ToolTable> {
  if (!(await exists(place, table)))
    throw new SqlmigError('usage', `there is no table ${table} in this database`, {
      state: 'nothing was recorded',
      remedy: 'name it with its schema: --tool-table SCHEMA.NAME',
    })
  const tool = await toolOf(place, table)
  if (tool && (from ?? tool.name) === tool.name) return { tool, table }
  throw new SqlmigError('usage', `${table} is not a table of ${from ?? 'a migration tool that sqlmig knows'}`, {
    state: 'nothing was recorded',
    remedy: tool
      ? `it looks like one of ${tool.name}: --from ${tool.name}`
      : 'say how far the database is with "sqlmig adopt --to ID"',
  })
}

/** The tool that a table is of, as its columns tell. */
async function toolOf(place: Place, table: string): Promise<Tool | undefined> {
  if (!(await exists(place, table))) return undefined
  for (const tool of tools) if (await hasColumns(place, table, tool.columns)) return tool
  return undefined
}

async function exists({ session, dialect, facts }: Place, table: string): Promise<boolean> {
  const name = nameIn(table, dialect, facts)
  if (name === undefined) return false
  return (await session.query(dialect.ledger.exists(name))).length > 0
}

async function hasColumns({ session, dialect, facts }: Place, table: string, columns: readonly string[]) {
  const { schema = facts.schema, name } = splitTableName(table)
  const qualified = [...(schema === null ? [] : [schema]), name].map((text) => ({ text, quoted: true }))
  for (const column of columns) {
    const fact = { kind: 'column', table: qualified, column: { text: column, quoted: true }, exists: true } as const
    if ((await session.query(dialect.factQuery(fact))).length === 0) return false
  }
  return true
}

/** The name as it stands in SQL; undefined where no schema is given and the session has none. */
function nameIn(table: string, dialect: Dialect, facts: ServerFacts): string | undefined {
  const { schema = facts.schema, name } = splitTableName(table)
  return schema === null ? undefined : `${dialect.identifier(schema)}.${dialect.identifier(name)}`
}

function several(found: readonly ToolTable[]): SqlmigError {
  const list = found.map(({ tool, table }) => `${table} (${tool.name})`).join(', ')
  return new SqlmigError('usage', `several tools have worked in this database: ${list}`, {
    state: 'nothing was recorded',
    remedy: `choose one with --from ${found.map(({ tool }) => tool.name).join(', or --from ')}`,
  })
}

function none(from: ToolName | undefined): SqlmigError {
  const wanted = tools.filter(({ name }) => (from ?? name) === name).map(({ table }) => table)
  const list = [...new Set(wanted)].join(', ')
  return new SqlmigError('usage', `no table of ${from ?? 'a migration tool'} is in this database (${list})`, {
    state: 'nothing was recorded',
    remedy:
      'name it with --tool-table SCHEMA.NAME; where the old scripts kept no table, say how far the database is with --to ID',
  })
}
