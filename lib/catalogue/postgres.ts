import type { Row } from '../drivers/driver.ts'
import { type CatalogueObject, keyOf, type ObjectKind, type Properties } from './model.ts'
import { grantSql } from './postgres-grant.ts'
import { postgresGrants } from './postgres-grants.ts'
import { type Found, type FoundPart, needsOf } from './postgres-needs.ts'
import { postgresDependencies, postgresQueries } from './postgres-queries.ts'
import type { CatalogueReader } from './read.ts'

/** Reads all objects, a query for each kind, and what needs what by the server's own records; all in one message. */
export const readPostgres: CatalogueReader = async (session, { without, grants, server }) => {
  const version = Number(/\d+/.exec(server)?.[0])
  const queries = postgresQueries({ version, schema: usualSchema })
  const grantQueries = postgresGrants.map((sql) => sql.replaceAll(':schema', usualSchema))
  const [first, ...answers] = await session.queries([inUsualSchema, ...queries, postgresDependencies, ...grantQueries])
  const usual = String(first?.[0]?.schema)
  const left = new Set(without.map(({ schema, name }) => `${schema ?? usual}.${name}`))
  const found = answers
    .slice(0, queries.length)
    .flat()
    .filter((row) => !isLeft(row, left, usual))
    .map((row) => foundIn(row, usual))
  const objects = needsOf(found, answers[queries.length] ?? [])
  const owners = new Map(found.map(({ id, key }) => [id, key]))
  const given = new Map<string, CatalogueObject[]>()
  for (const row of answers.slice(queries.length + 1).flat()) {
    const owner = owners.get(String(row.id))
    if (owner !== undefined) given.set(owner, [...(given.get(owner) ?? []), grantOf(row, owner)])
  }
  if (grants) return [...objects, ...mergedGrants([...given.values()].flat())]
  return objects.map((object) => {
    const granted = mergedGrants(given.get(keyOf(object)) ?? []).flatMap(grantSql)
    return granted.length === 0 ? object : { ...object, granted }
  })
}

/** The schema that names go to, as the first statement of the message has found it. */
const usualSchema = "pg_catalog.current_setting('sqlmig.usual_schema')"

/**
 * With only the usual schema in the path, a name in the server's texts stands alone where it is in that, and is qualified
 * where it is not, whatever the session's path is. Both settings end with the message.
 */
const inUsualSchema = `SELECT usual.schema, pg_catalog.set_config('sqlmig.usual_schema', usual.schema, true),
  pg_catalog.set_config('search_path', pg_catalog.quote_ident(usual.schema) || ', pg_temp', true)
FROM (SELECT coalesce(pg_catalog.current_schema()::text, 'public') AS schema) usual`

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
