import { postgres } from '../dialects/postgres.ts'
import type { Row, Session } from '../drivers/driver.ts'
import { type CatalogueObject, keyOf, type ObjectKind, type Properties } from './model.ts'
import { grantSql } from './postgres-grant.ts'
import { postgresGrants } from './postgres-grants.ts'
import { type Found, type FoundPart, needsOf } from './postgres-needs.ts'
import { postgresDependencies, postgresQueries } from './postgres-queries.ts'
import type { CatalogueReader } from './read.ts'

/** Reads all objects, a query for each kind, and what needs what by the server's own records. */
export const readPostgres: CatalogueReader = async (session, { without, grants }) => {
  const [server] = await session.query(
    "SELECT current_schema() AS schema, current_setting('server_version_num') AS version",
  )
  const usual = String(server?.schema ?? 'public')
  const schema = postgres.text(usual)
  const query = reading(session, usual)
  const left = new Set(without.map(({ schema, name }) => `${schema ?? usual}.${name}`))
  const found: Found[] = []
  for (const sql of postgresQueries({ version: Math.floor(Number(server?.version) / 10_000), schema })) {
    for (const row of await query(sql)) if (!isLeft(row, left, usual)) found.push(foundIn(row, usual))
  }
  const objects = needsOf(found, await query(postgresDependencies))
  const given = new Map<string, CatalogueObject[]>()
  for (const sql of postgresGrants) {
    for (const row of await query(sql.replaceAll(':schema', schema))) {
      const owner = found.find(({ id }) => id === row.id)
      if (owner) given.set(owner.key, [...(given.get(owner.key) ?? []), grantOf(row, owner.key)])
    }
  }
  if (grants) return [...objects, ...mergedGrants([...given.values()].flat())]
  return objects.map((object) => {
    const granted = mergedGrants(given.get(keyOf(object)) ?? []).flatMap(grantSql)
    return granted.length === 0 ? object : { ...object, granted }
  })
}

/**
 * With only the usual schema in the path, a name in the server's texts stands alone where it is in that, and is qualified
 * where it is not, whatever the session's path is.
 */
function reading(session: Session, usual: string): (sql: string) => Promise<readonly Row[]> {
  return (sql) => session.query(`SET LOCAL search_path = ${postgres.identifier(usual)}, pg_temp; ${sql}`)
}

/** What is left out, and what is on it. */
function isLeft(row: Row, left: ReadonlySet<string>, usual: string): boolean {
  if (left.has(`${row.schema}.${row.name}`)) return true
  const table = row.table === null ? undefined : /^table (.*?)(?: in (.*))?$/.exec(String(row.table))
  return table !== undefined && table !== null && left.has(`${table[2] ?? usual}.${table[1]}`)
}

function foundIn(row: Row, usual: string): Found {
  const object = {
    kind: row.kind as ObjectKind,
    schema: row.schema === null || row.schema === usual ? undefined : String(row.schema),
    name: String(row.name),
    table: row.table === null ? undefined : String(row.table),
    properties: parsed<Properties>(row.properties),
  }
  return { ...object, key: keyOf(object), id: String(row.id), parts: parsed<FoundPart[] | null>(row.parts) ?? [] }
}

function parsed<T>(value: unknown): T {
  return (typeof value === 'string' ? JSON.parse(value) : value) as T
}

function grantOf({ what, grantee, option, privileges }: Row, owner: string): CatalogueObject {
  const isOption = option === true || option === 't'
  return {
    kind: 'grant',
    schema: undefined,
    name: `${what} to ${grantee}`,
    table: undefined,
    properties: {
      [isOption ? 'with grant option' : 'privileges']: String(privileges),
      on: String(what),
      grantee: String(grantee),
    },
    parts: [],
    needs: [owner],
  }
}

/** What one user has on one thing, in rows of its own for whole tables, columns, and what may be passed on. */
function mergedGrants(grants: readonly CatalogueObject[]): readonly CatalogueObject[] {
  const byName = new Map<string, CatalogueObject>()
  for (const grant of grants) {
    const before = byName.get(grant.name)
    const both = (property: string) =>
      [before?.properties[property], grant.properties[property]].filter((text) => text !== undefined).join(', ')
    const lists = (['privileges', 'with grant option'] as const)
      .map((property) => [property, both(property)] as const)
      .filter(([, text]) => text !== '')
    const { on, grantee } = grant.properties
    byName.set(grant.name, { ...grant, properties: { ...Object.fromEntries(lists), on: on!, grantee: grantee! } })
  }
  return [...byName.values()]
}
