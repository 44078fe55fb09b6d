import { postgres } from '../dialects/postgres.ts'
import type { Row } from '../drivers/driver.ts'
import type { CatalogueObject, ObjectKind, Part, Properties } from './model.ts'
import { postgresQueries } from './postgres-queries.ts'
import type { CatalogueReader } from './read.ts'

/** Reads all objects, a query for each kind. */
export const readPostgres: CatalogueReader = async (session, { without, grants }) => {
  const [found] = await session.query('SELECT current_schema() AS schema')
  const usual = String(found?.schema ?? 'public')
  const left = new Set(without.map(({ schema, name }) => `${schema ?? usual}.${name}`))
  const objects: CatalogueObject[] = []
  for (const query of postgresQueries(postgres.text(usual), grants)) {
    // with an empty path all names in the server's texts are qualified, whatever the session's path is
    const rows = await session.query(`SET LOCAL search_path = ''; ${query}`)
    for (const row of rows) if (!left.has(`${row.schema}.${row.name}`)) objects.push(objectOf(row, usual))
  }
  return objects
}

function objectOf(row: Row, usual: string): CatalogueObject {
  const parts = parsed<Part[] | null>(row.parts)
  return {
    kind: row.kind as ObjectKind,
    schema: row.schema === null || row.schema === usual ? undefined : String(row.schema),
    name: String(row.name),
    table: row.table === null || row.table === undefined ? undefined : String(row.table),
    properties: parsed<Properties>(row.properties),
    parts: parts ?? [],
    needs: [],
  }
}

function parsed<T>(value: unknown): T {
  return (typeof value === 'string' ? JSON.parse(value) : value) as T
}
