import { postgresCodeQueries } from './postgres-code-queries.ts'
import { postgresOtherQueries } from './postgres-other-queries.ts'
import type { Server } from './postgres-query.ts'
import { postgresRelationQueries } from './postgres-relation-queries.ts'
import { postgresTypeQueries } from './postgres-type-queries.ts'

/**
 * The queries for all objects, each with the columns `kind`, `schema`, `name`, `table`, `properties`, `parts`, `id`
 * (PostgreSQL manual, "System Catalogs"; from version 13 on). `:schema` is the schema that is not named.
 */
export function postgresQueries(server: Server): readonly string[] {
  return [
    ...postgresRelationQueries(server),
    ...postgresTypeQueries(server),
    ...postgresCodeQueries,
    ...postgresOtherQueries(server),
  ].map((query) => query.replaceAll(':schema', server.schema))
}

/** What depends on what, by the identities that the other queries give; what initdb makes is not in it. */
export const postgresDependencies = `SELECT d.classid::text || '/' || d.objid::text || CASE WHEN d.objsubid = 0 THEN '' ELSE '/' || d.objsubid::text END AS dependent,
  d.refclassid::text || '/' || d.refobjid::text || CASE WHEN d.refobjsubid = 0 THEN '' ELSE '/' || d.refobjsubid::text END AS needed, d.deptype::text AS type
FROM pg_catalog.pg_depend d WHERE d.objid >= 16384 AND d.refobjid >= 16384 AND d.deptype IN ('n', 'a', 'i', 'e', 'x', 'P', 'S')`
