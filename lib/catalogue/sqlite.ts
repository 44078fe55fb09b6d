import type { Row, Session } from '../drivers/driver.ts'
import { type CatalogueObject, keyOf, type Part } from './model.ts'
import type { CatalogueReader, ReadOptions } from './read.ts'
import { noType } from './sqlite-column.ts'
import { indexPart, type KnownTables, parentsOf, tableParts } from './sqlite-parts.ts'
import { readTable, withName } from './sqlite-table.ts'
import { type Declared, declared, nameOf, tokensOf } from './sqlite-tokens.ts'
import { agrees, type TableFacts } from './sqlite-witness.ts'

/**
 * SQLite keeps its schema as the text that made it. The text is read, and held against what the pragmas say: where they
 * disagree, or where it is not understood, the table is carried as its text.
 */
export const readSqlite: CatalogueReader = async (session, options) => {
  const rows = (await session.query(schemaRows)).map(schemaRow).filter(isOurs(options))
  const facts = await tableFacts(session)
  return new Schema(rows, facts).objects()
}

interface SchemaRow {
  readonly type: 'table' | 'view' | 'trigger' | 'index'
  readonly name: string
  /** The table that an index or a trigger belongs to. */
  readonly table: string
  readonly sql: string
}

/** What SQLite made by itself has no text, or is called sqlite_…; shadow tables belong to a virtual one. */
const schemaRows = `WITH list AS MATERIALIZED (SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'shadow')
SELECT s.type, s.name, s.tbl_name, s.sql FROM main.sqlite_schema s
WHERE s.sql IS NOT NULL AND s.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND s.tbl_name NOT IN list`

const columnRows = `SELECT s.name AS owner, x.name, x.type, x."notnull", x.dflt_value, x.pk, x.hidden
FROM main.sqlite_schema s JOIN pragma_table_xinfo(s.name, 'main') x
WHERE s.type = 'table' AND s.sql NOT LIKE 'CREATE VIRTUAL %' ORDER BY s.name, x.cid`

const listRows = `SELECT name, strict, wr FROM pragma_table_list WHERE schema = 'main'`

const keyRows = `SELECT s.name AS owner,
  (SELECT count(*) FROM pragma_index_list(s.name, 'main') i WHERE i.origin = 'u') AS uniques,
  (SELECT count(DISTINCT f.id) FROM pragma_foreign_key_list(s.name, 'main') f) AS foreign_keys
FROM main.sqlite_schema s
WHERE s.type = 'table' AND s.sql NOT LIKE 'CREATE VIRTUAL %'`

function schemaRow(row: Row): SchemaRow {
  const { type, name, tbl_name, sql } = row
  return { type: type as SchemaRow['type'], name: String(name), table: String(tbl_name), sql: toLastToken(String(sql)) }
}

/** SQLite keeps what follows the last token, too: a comment there would swallow the terminator of a dump. */
function toLastToken(sql: string): string {
  const last = tokensOf(withoutTerminators(sql))?.at(-1)
  return last ? sql.slice(0, last.to) : sql.trim()
}

/** Of the same length: positions stay. Triggers hold terminators. */
function withoutTerminators(sql: string): string {
  return sql.replaceAll(';', ' ')
}

function isOurs({ without }: ReadOptions): (row: SchemaRow) => boolean {
  const names = without
    .filter(({ schema }) => schema === undefined || schema.toLowerCase() === 'main')
    .map(({ name }) => name.toLowerCase())
  return ({ name, table }) => !names.includes(name.toLowerCase()) && !names.includes(table.toLowerCase())
}

async function tableFacts(session: Session): Promise<ReadonlyMap<string, TableFacts>> {
  const columns = new Map<string, TableFacts['columns'][number][]>()
  for (const row of await session.query(columnRows)) {
    const owner = String(row.owner)
    const column = {
      name: String(row.name),
      type: String(row.type),
      notNull: row.notnull === 1,
      default: row.dflt_value === null ? undefined : String(row.dflt_value),
      key: row.pk !== 0,
      generated: row.hidden === 2 ? 'VIRTUAL' : row.hidden === 3 ? 'STORED' : undefined,
    }
    columns.set(owner, [...(columns.get(owner) ?? []), column])
  }
  const options = new Map((await session.query(listRows)).map((row) => [String(row.name), row]))
  return new Map(
    (await session.query(keyRows)).map(({ owner, uniques, foreign_keys }) => [
      String(owner),
      {
        columns: columns.get(String(owner)) ?? [],
        strict: options.get(String(owner))?.strict === 1,
        withoutRowid: options.get(String(owner))?.wr === 1,
        uniques: Number(uniques),
        foreignKeys: Number(foreign_keys),
      },
    ]),
  )
}

/** The rows of sqlite_schema as objects that know of each other. */
class Schema {
  private readonly rows: readonly SchemaRow[]
  private readonly facts: ReadonlyMap<string, TableFacts>
  private readonly tables: KnownTables
  /** Of tables and views. */
  private readonly names: Declared
  private readonly views: ReadonlySet<string>
  private readonly indexes = new Map<string, SchemaRow[]>()

  constructor(rows: readonly SchemaRow[], facts: ReadonlyMap<string, TableFacts>) {
    this.rows = rows
    this.facts = facts
    this.tables = understood(rows, facts)
    this.names = declared(rows.filter(({ type }) => type === 'table' || type === 'view').map(({ name }) => name))
    this.views = new Set(rows.filter(({ type }) => type === 'view').map(({ name }) => name))
    for (const row of rows)
      if (row.type === 'index') this.indexes.set(row.table, [...(this.indexes.get(row.table) ?? []), row])
  }

  objects(): readonly CatalogueObject[] {
    return this.rows.flatMap((row) => {
      if (row.type === 'index') return []
      return [row.type === 'table' ? this.table(row) : this.storedText(row)]
    })
  }

  private table({ name, sql }: SchemaRow): CatalogueObject {
    const text = this.tables.get(name.toLowerCase())?.text
    const parts = text ? tableParts(text, this.tables) : columnsOf(this.facts.get(name))
    const columns = declared(parts.filter(({ kind }) => kind === 'column').map((part) => part.name))
    const indexes = (this.indexes.get(name) ?? []).map((index) => indexPart(index, columns)).toSorted(byName)
    const properties = text
      ? { ...(text.withoutRowid ? { 'without rowid': 'yes' } : {}), ...(text.strict ? { strict: 'yes' } : {}) }
      : { definition: withName(sql, name) }
    const parents = text ? parentsOf(text) : this.mentioned(sql)
    return {
      kind: 'table',
      schema: undefined,
      name,
      table: undefined,
      properties,
      parts: [...parts, ...indexes],
      needs: this.keys(parents, name),
    }
  }

  /** Views and triggers are their text. */
  private storedText({ type, name, table, sql }: SchemaRow): CatalogueObject {
    const owner = type === 'trigger' ? this.keys([table], '') : []
    return {
      kind: type === 'trigger' ? 'trigger' : 'view',
      schema: undefined,
      name,
      table: owner[0],
      properties: { definition: sql },
      parts: [],
      needs: this.keys([...(type === 'trigger' ? [table] : []), ...this.mentioned(sql)], type === 'view' ? name : ''),
    }
  }

  /** Every name in a text; what is no table or view is passed over later. */
  private mentioned(sql: string): readonly string[] {
    const tokens = tokensOf(withoutTerminators(sql)) ?? []
    return tokens.filter(({ kind }) => kind === 'word' || kind === 'name').map(nameOf)
  }

  private keys(names: readonly string[], own: string): readonly string[] {
    const found = new Set<string>()
    for (const written of names) {
      const name = this.names.get(written.toLowerCase())
      if (name === undefined || name === own) continue
      const kind = this.views.has(name) ? 'view' : 'table'
      found.add(keyOf({ kind, schema: undefined, name, table: undefined }))
    }
    return [...found].sort()
  }
}

function understood(rows: readonly SchemaRow[], facts: ReadonlyMap<string, TableFacts>): KnownTables {
  return new Map(
    rows.flatMap(({ type, name, sql }) => {
      const text = type === 'table' ? readTable(sql) : undefined
      const witness = facts.get(name)
      return text && witness && agrees(text, witness) ? [[name.toLowerCase(), { name, text }] as const] : []
    }),
  )
}

/** What is known of the columns of a table that is carried as its text. */
function columnsOf(facts: TableFacts | undefined): readonly Part[] {
  return (facts?.columns ?? []).map(({ name, type }) => ({
    kind: 'column',
    name,
    properties: { type: type || noType },
  }))
}

function byName(a: Part, b: Part): number {
  return a.name < b.name ? -1 : 1
}
