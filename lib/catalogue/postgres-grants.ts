import { notOfExtension, ours, title } from './postgres-query.ts'

const grantee =
  "CASE g.grantee WHEN 0 THEN 'public' ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(g.grantee)) END"

/** What is granted on things of one catalogue to others than their owner, where it is not as by default. */
const on = (
  what: string,
  type: string,
  alias: string,
  acl: string,
  owner: string,
  from: string,
): string => `SELECT ${what} AS what, ${alias}.tableoid::text || '/' || ${alias}.oid::text AS id, ${grantee} AS grantee, g.is_grantable AS option,
  pg_catalog.string_agg(g.privilege_type, ', ' ORDER BY g.privilege_type) AS privileges
FROM ${from} AND ${acl} IS NOT NULL CROSS JOIN LATERAL pg_catalog.aclexplode(${acl}) g
WHERE g.grantee <> ${owner} AND NOT (g.grantee = 0 AND EXISTS (SELECT FROM pg_catalog.aclexplode(pg_catalog.acldefault(${type}, ${owner})) u WHERE u.grantee = 0 AND u.privilege_type = g.privilege_type))
GROUP BY 1, 2, 3, 4
UNION ALL SELECT ${what}, ${alias}.tableoid::text || '/' || ${alias}.oid::text, 'public', false, 'none'
FROM ${from} AND ${acl} IS NOT NULL
WHERE EXISTS (SELECT FROM pg_catalog.aclexplode(pg_catalog.acldefault(${type}, ${owner})) u WHERE u.grantee = 0) AND NOT EXISTS (SELECT FROM pg_catalog.aclexplode(${acl}) g WHERE g.grantee = 0)`

const relationWord = "CASE c.relkind WHEN 'S' THEN 'SEQUENCE ' ELSE 'TABLE ' END"
const relations = `pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND ${ours('n.nspname', 'pg_class', 'c.oid')}`

/** Rows with `what`, `id`, `grantee`, `option`, `privileges`; `none` where what everybody has by default is taken away. */
export const postgresGrants: readonly string[] = [
  on(
    `${relationWord} || ${title('n.nspname', 'c.relname')}`,
    "CASE c.relkind WHEN 'S' THEN 's'::\"char\" ELSE 'r'::\"char\" END",
    'c',
    'c.relacl',
    'c.relowner',
    relations,
  ),
  `SELECT 'TABLE ' || ${title('n.nspname', 'c.relname')} AS what, c.tableoid::text || '/' || c.oid::text AS id, ${grantee} AS grantee, g.is_grantable AS option,
  pg_catalog.string_agg(pg_catalog.concat(g.privilege_type, ' (', pg_catalog.quote_ident(a.attname), ')'), ', ' ORDER BY g.privilege_type, a.attname) AS privileges
FROM ${relations} JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attacl IS NOT NULL AND NOT a.attisdropped
CROSS JOIN LATERAL pg_catalog.aclexplode(a.attacl) g WHERE g.grantee <> c.relowner GROUP BY 1, 2, 3, 4`,
  on(
    `CASE f.prokind WHEN 'p' THEN 'PROCEDURE ' ELSE 'FUNCTION ' END || ${title('n.nspname', 'f.proname')} || '(' || pg_catalog.oidvectortypes(f.proargtypes) || ')'`,
    '\'f\'::"char"',
    'f',
    'f.proacl',
    'f.proowner',
    `pg_catalog.pg_proc f JOIN pg_catalog.pg_namespace n ON n.oid = f.pronamespace AND ${ours('n.nspname', 'pg_proc', 'f.oid')}`,
  ),
  on(
    `CASE t.typtype WHEN 'd' THEN 'DOMAIN ' ELSE 'TYPE ' END || ${title('n.nspname', 't.typname')}`,
    '\'T\'::"char"',
    't',
    't.typacl',
    't.typowner',
    `pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace AND ${ours('n.nspname', 'pg_type', 't.oid')}`,
  ),
  on(
    "'SCHEMA ' || pg_catalog.quote_ident(n.nspname)",
    '\'n\'::"char"',
    'n',
    'n.nspacl',
    'n.nspowner',
    `pg_catalog.pg_namespace n JOIN pg_catalog.pg_database b ON b.datname = pg_catalog.current_database() AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname NOT IN ('information_schema', 'public') AND ${notOfExtension('pg_namespace', 'n.oid')}`,
  ),
]
