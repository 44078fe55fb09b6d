import { comment, flag, identity, object, ours, parts, type Server, simple, since } from './postgres-query.ts'

const collation = (used: string, usual: string) =>
  `CASE WHEN ${used} <> 0 AND ${used} <> ${usual} THEN ${used}::pg_catalog.regcollation::text END`

/** What CREATE TYPE … AS takes for a range; the names of what comes with it are by default. */
const range = (
  server: Server,
) => `(SELECT pg_catalog.concat('RANGE (SUBTYPE = ', pg_catalog.format_type(r.rngsubtype, NULL),
  (SELECT ', SUBTYPE_OPCLASS = ' || CASE WHEN pg_catalog.pg_opclass_is_visible(q.oid) THEN '' ELSE pg_catalog.quote_ident(m.nspname) || '.' END || pg_catalog.quote_ident(q.opcname)
    FROM pg_catalog.pg_opclass q JOIN pg_catalog.pg_namespace m ON m.oid = q.opcnamespace WHERE q.oid = r.rngsubopc AND NOT q.opcdefault),
  ', COLLATION = ' || (${collation('r.rngcollation', '(SELECT b.typcollation FROM pg_catalog.pg_type b WHERE b.oid = r.rngsubtype)')}),
  ', CANONICAL = ' || nullif(r.rngcanonical::oid, 0)::pg_catalog.regproc::text, ', SUBTYPE_DIFF = ' || nullif(r.rngsubdiff::oid, 0)::pg_catalog.regproc::text,
  ', MULTIRANGE_TYPE_NAME = ' || ${since(server, 14, 'r.rngmultitypid::pg_catalog.regtype::text')}, ')')
  FROM pg_catalog.pg_range r WHERE r.rngtypid = t.oid)`

const members = `SELECT 'value' AS kind, e.enumlabel::text AS name, e.enumsortorder::numeric AS place, '{}'::json AS properties, NULL AS id, NULL AS default_id FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid
UNION ALL SELECT 'check', k.conname::text, 1, ${object({
  definition: 'pg_catalog.pg_get_constraintdef(k.oid)',
  comment: comment('k.oid', 'pg_constraint'),
})}, ${identity('k')}, NULL FROM pg_catalog.pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c'
UNION ALL SELECT 'column', a.attname::text, a.attnum, ${object({
  type: 'pg_catalog.format_type(a.atttypid, a.atttypmod)',
  collation: collation('a.attcollation', '(SELECT b.typcollation FROM pg_catalog.pg_type b WHERE b.oid = a.atttypid)'),
  comment: 'pg_catalog.col_description(a.attrelid, a.attnum)',
})}, a.tableoid::text || '/' || a.attrelid::text || '/' || a.attnum::text, NULL FROM pg_catalog.pg_attribute a WHERE t.typtype = 'c' AND a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped`

export const postgresTypeQueries = (server: Server): readonly string[] => [
  simple({
    kind: "CASE t.typtype WHEN 'e' THEN 'enum' WHEN 'd' THEN 'domain' ELSE 'type' END",
    schema: 'n.nspname',
    name: 't.typname',
    properties: {
      type: "CASE WHEN t.typtype = 'd' THEN pg_catalog.format_type(t.typbasetype, t.typtypmod) END",
      collation: `CASE WHEN t.typtype = 'd' THEN ${collation('t.typcollation', '(SELECT b.typcollation FROM pg_catalog.pg_type b WHERE b.oid = t.typbasetype)')} END`,
      'not null': flag('t.typnotnull'),
      default: 'coalesce(pg_catalog.pg_get_expr(t.typdefaultbin, 0), t.typdefault)',
      definition: `CASE t.typtype WHEN 'r' THEN ${range(server)} WHEN 'c' THEN 'composite' WHEN 'b' THEN pg_catalog.concat_ws(', ', 'base type', t.typinput, t.typoutput, t.typlen) END`,
      comment: comment('t.oid', 'pg_type'),
    },
    parts: parts(members),
    of: 't',
    from: `pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
WHERE (t.typtype IN ('e', 'd', 'r') OR (t.typtype = 'b' AND t.typelem = 0) OR (t.typtype = 'c' AND c.relkind = 'c')) AND ${ours('n.nspname', 'pg_type', 't.oid')}`,
  }),
]
