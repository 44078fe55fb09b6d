/** Schemas that are the server's own, or a session's. */
const ours = (namespace: string) =>
  `${namespace} NOT IN (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname LIKE 'pg\\_%' OR nspname = 'information_schema')`

/** What an extension has made belongs to it, and comes with it. */
const notOfExtension = (catalogue: string, oid: string) =>
  `NOT EXISTS (SELECT FROM pg_catalog.pg_depend x WHERE x.deptype = 'e' AND x.classid = 'pg_catalog.${catalogue}'::pg_catalog.regclass AND x.objid = ${oid})`

/** An object with the properties that are not null; every value becomes a text. */
const object = (properties: Readonly<Record<string, string>>): string =>
  `pg_catalog.json_strip_nulls(pg_catalog.json_build_object(${Object.entries(properties)
    .map(([name, value]) => `'${name}', (${value})::text`)
    .join(', ')}))`

const flag = (condition: string) => `CASE WHEN ${condition} THEN 'yes' END`
const comment = (oid: string, catalogue: string) => `pg_catalog.obj_description(${oid}, '${catalogue}')`

/** The parts of a thing as one array of `kind`, `name` and `properties`, in an order. */
const parts = (rows: string): string =>
  `(SELECT pg_catalog.json_agg(pg_catalog.json_build_object('kind', p.kind, 'name', p.name, 'properties', p.properties) ORDER BY p.place, p.name) FROM (${rows}) p)`

const identity = `(SELECT pg_catalog.concat(CASE a.attidentity WHEN 'a' THEN 'always' ELSE 'by default' END,
  CASE WHEN s.seqstart <> 1 THEN ' start ' || s.seqstart END, CASE WHEN s.seqincrement <> 1 THEN ' increment ' || s.seqincrement END,
  CASE WHEN s.seqmin <> 1 THEN ' minimum ' || s.seqmin END,
  CASE WHEN s.seqmax NOT IN (32767, 2147483647, 9223372036854775807) THEN ' maximum ' || s.seqmax END,
  CASE WHEN s.seqcache <> 1 THEN ' cache ' || s.seqcache END, CASE WHEN s.seqcycle THEN ' cycle' END)
  FROM pg_catalog.pg_depend e JOIN pg_catalog.pg_sequence s ON s.seqrelid = e.objid
  WHERE e.refobjid = a.attrelid AND e.refobjsubid = a.attnum AND e.deptype = 'i' AND e.classid = 'pg_catalog.pg_class'::pg_catalog.regclass)`

const columns = `SELECT 1 AS kind_order, 'column' AS kind, a.attname::text AS name, a.attnum::bigint AS place, ${object(
  {
    type: 'pg_catalog.format_type(a.atttypid, a.atttypmod)',
    collation: `CASE WHEN a.attcollation <> t.typcollation THEN (SELECT pg_catalog.quote_ident(o.collname) FROM pg_catalog.pg_collation o WHERE o.oid = a.attcollation) END`,
    'not null': flag('a.attnotnull'),
    default: "CASE WHEN a.attgenerated = '' THEN pg_catalog.pg_get_expr(d.adbin, d.adrelid) END",
    identity: `CASE WHEN a.attidentity <> '' THEN ${identity} END`,
    generated: `CASE WHEN a.attgenerated <> '' THEN pg_catalog.concat(pg_catalog.pg_get_expr(d.adbin, d.adrelid), CASE a.attgenerated WHEN 's' THEN ' stored' ELSE ' virtual' END) END`,
    storage: `CASE WHEN a.attstorage <> t.typstorage THEN CASE a.attstorage WHEN 'p' THEN 'plain' WHEN 'e' THEN 'external' WHEN 'm' THEN 'main' ELSE 'extended' END END`,
    options: "pg_catalog.array_to_string(a.attoptions, ', ')",
    inherited: flag('NOT a.attislocal'),
    comment: 'pg_catalog.col_description(a.attrelid, a.attnum)',
  },
)} AS properties
FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped`

const constraints = `SELECT 2, CASE k.contype WHEN 'p' THEN 'primary key' WHEN 'u' THEN 'unique' WHEN 'x' THEN 'exclude' WHEN 'c' THEN 'check' ELSE 'foreign key' END,
  k.conname::text, 100000 + CASE k.contype WHEN 'p' THEN 1 WHEN 'u' THEN 2 WHEN 'x' THEN 3 WHEN 'c' THEN 4 ELSE 6 END, ${object(
    {
      definition: 'pg_catalog.pg_get_constraintdef(k.oid)',
      comment: comment('k.oid', 'pg_constraint'),
    },
  )}
FROM pg_catalog.pg_constraint k WHERE k.conrelid = c.oid AND k.contype IN ('p', 'u', 'x', 'c', 'f')`

const indexes = `SELECT 3, 'index', i.relname::text, 100005, ${object({
  definition: 'pg_catalog.pg_get_indexdef(x.indexrelid)',
  invalid: flag('NOT x.indisvalid'),
  clustered: flag('x.indisclustered'),
  'replica identity': flag('x.indisreplident'),
  comment: comment('x.indexrelid', 'pg_class'),
})}
FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid WHERE x.indrelid = c.oid
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint b WHERE b.conindid = x.indexrelid AND b.contype IN ('p', 'u', 'x'))`

const relation = (
  kinds: string,
  own: Readonly<Record<string, string>>,
): string => `SELECT CASE c.relkind WHEN 'v' THEN 'view'
  WHEN 'm' THEN 'materialized view' WHEN 'f' THEN 'foreign table' ELSE 'table' END AS kind, n.nspname::text AS schema, c.relname::text AS name,
  NULL::text AS "table", ${object({ ...own, options: "pg_catalog.array_to_string(c.reloptions, ', ')", comment: comment('c.oid', 'pg_class') })} AS properties,
  ${parts(`${columns} UNION ALL ${constraints} UNION ALL ${indexes}`)} AS parts
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN (${kinds}) AND ${ours('n.oid')} AND ${notOfExtension('pg_class', 'c.oid')}`

const tables = relation("'r', 'p'", {
  persistence: "CASE WHEN c.relpersistence = 'u' THEN 'unlogged' END",
  'partitioned by': 'pg_catalog.pg_get_partkeydef(c.oid)',
  'partition of': `CASE WHEN c.relispartition THEN (SELECT h.inhparent::pg_catalog.regclass::text || ' ' || pg_catalog.pg_get_expr(c.relpartbound, c.oid) FROM pg_catalog.pg_inherits h WHERE h.inhrelid = c.oid) END`,
  inherits: `CASE WHEN NOT c.relispartition THEN (SELECT pg_catalog.string_agg(h.inhparent::pg_catalog.regclass::text, ', ' ORDER BY h.inhseqno) FROM pg_catalog.pg_inherits h WHERE h.inhrelid = c.oid) END`,
  'row security': "CASE WHEN c.relforcerowsecurity THEN 'forced' WHEN c.relrowsecurity THEN 'enabled' END",
  'replica identity': "CASE c.relreplident WHEN 'f' THEN 'full' WHEN 'n' THEN 'nothing' WHEN 'i' THEN 'index' END",
})

const foreignTables = relation("'f'", {
  server: `(SELECT s.srvname || coalesce(' ' || pg_catalog.array_to_string(f.ftoptions, ', '), '') FROM pg_catalog.pg_foreign_table f JOIN pg_catalog.pg_foreign_server s ON s.oid = f.ftserver WHERE f.ftrelid = c.oid)`,
})

const views = relation("'v', 'm'", { definition: 'pg_catalog.pg_get_viewdef(c.oid)' })

interface Simple {
  readonly kind: string
  readonly schema?: string
  readonly name: string
  readonly table?: string
  readonly properties: Readonly<Record<string, string>>
  readonly parts?: string
  readonly from: string
}

const simple = ({
  kind,
  schema = 'NULL',
  name,
  table = 'NULL',
  properties,
  parts: own = 'NULL::json',
  from,
}: Simple): string =>
  `SELECT ${kind} AS kind, ${schema}::text AS schema, ${name}::text AS name, ${table}::text AS "table", ${object(properties)} AS properties, ${own} AS parts FROM ${from}`

const types = simple({
  kind: "CASE t.typtype WHEN 'e' THEN 'enum' WHEN 'd' THEN 'domain' ELSE 'type' END",
  schema: 'n.nspname',
  name: 't.typname',
  properties: {
    type: "CASE WHEN t.typtype = 'd' THEN pg_catalog.format_type(t.typbasetype, t.typtypmod) END",
    'not null': flag('t.typnotnull'),
    default: 't.typdefault',
    definition: `CASE t.typtype WHEN 'r' THEN (SELECT 'range of ' || pg_catalog.format_type(r.rngsubtype, NULL) FROM pg_catalog.pg_range r WHERE r.rngtypid = t.oid) WHEN 'c' THEN 'composite' END`,
    comment: comment('t.oid', 'pg_type'),
  },
  parts:
    parts(`SELECT 'value' AS kind, e.enumlabel::text AS name, e.enumsortorder::numeric AS place, '{}'::json AS properties FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid
UNION ALL SELECT 'check', k.conname::text, 1, ${object({ definition: 'pg_catalog.pg_get_constraintdef(k.oid)' })} FROM pg_catalog.pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c'
UNION ALL SELECT 'column', a.attname::text, a.attnum, ${object({ type: 'pg_catalog.format_type(a.atttypid, a.atttypmod)' })} FROM pg_catalog.pg_attribute a WHERE t.typtype = 'c' AND a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped`),
  from: `pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
WHERE (t.typtype IN ('e', 'd', 'r') OR (t.typtype = 'c' AND c.relkind = 'c')) AND ${ours('n.oid')} AND ${notOfExtension('pg_type', 't.oid')}`,
})

const sequences = simple({
  kind: "'sequence'",
  schema: 'n.nspname',
  name: 'c.relname',
  properties: {
    type: 'pg_catalog.format_type(s.seqtypid, NULL)',
    start: 's.seqstart',
    increment: 's.seqincrement',
    minimum: 's.seqmin',
    maximum: 's.seqmax',
    cache: 's.seqcache',
    cycle: flag('s.seqcycle'),
    'owned by': `(SELECT e.refobjid::pg_catalog.regclass::text || '.' || pg_catalog.quote_ident(a.attname) FROM pg_catalog.pg_depend e JOIN pg_catalog.pg_attribute a ON a.attrelid = e.refobjid AND a.attnum = e.refobjsubid WHERE e.objid = c.oid AND e.deptype = 'a' AND e.classid = 'pg_catalog.pg_class'::pg_catalog.regclass)`,
    comment: comment('c.oid', 'pg_class'),
  },
  from: `pg_catalog.pg_class c JOIN pg_catalog.pg_sequence s ON s.seqrelid = c.oid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE ${ours('n.oid')} AND ${notOfExtension('pg_class', 'c.oid')} AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.objid = c.oid AND e.deptype = 'i')`,
})

const routines = simple({
  kind: "CASE f.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END",
  schema: 'n.nspname',
  name: "f.proname || '(' || pg_catalog.pg_get_function_identity_arguments(f.oid) || ')'",
  properties: {
    definition: `CASE WHEN f.prokind = 'a' THEN (SELECT pg_catalog.concat_ws(', ', g.aggtransfn, g.aggfinalfn, g.aggcombinefn, pg_catalog.format_type(g.aggtranstype, NULL), g.agginitval, g.aggkind) FROM pg_catalog.pg_aggregate g WHERE g.aggfnoid = f.oid) ELSE pg_catalog.pg_get_functiondef(f.oid) END`,
    comment: comment('f.oid', 'pg_proc'),
  },
  from: `pg_catalog.pg_proc f JOIN pg_catalog.pg_namespace n ON n.oid = f.pronamespace WHERE ${ours('n.oid')} AND ${notOfExtension('pg_proc', 'f.oid')}`,
})

const onTable = (namespace: string, relationName: string) =>
  `'table ' || ${relationName} || CASE WHEN ${namespace} = :schema THEN '' ELSE ' in ' || ${namespace} END`

const triggers = simple({
  kind: "'trigger'",
  schema: 'n.nspname',
  name: 'g.tgname',
  table: onTable('n.nspname', 'c.relname'),
  properties: {
    definition: 'pg_catalog.pg_get_triggerdef(g.oid)',
    enabled: "CASE g.tgenabled WHEN 'D' THEN 'no' WHEN 'R' THEN 'on replicas' WHEN 'A' THEN 'always' END",
    comment: comment('g.oid', 'pg_trigger'),
  },
  from: `pg_catalog.pg_trigger g JOIN pg_catalog.pg_class c ON c.oid = g.tgrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE NOT g.tgisinternal AND ${ours('n.oid')}`,
})

const rules = simple({
  kind: "'rule'",
  schema: 'n.nspname',
  name: 'r.rulename',
  table: onTable('n.nspname', 'c.relname'),
  properties: { definition: 'pg_catalog.pg_get_ruledef(r.oid)' },
  from: `pg_catalog.pg_rewrite r JOIN pg_catalog.pg_class c ON c.oid = r.ev_class JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE r.rulename <> '_RETURN' AND ${ours('n.oid')} AND ${notOfExtension('pg_class', 'c.oid')}`,
})

const policies = simple({
  kind: "'policy'",
  schema: 'n.nspname',
  name: 'p.polname',
  table: onTable('n.nspname', 'c.relname'),
  properties: {
    command: 'p.polcmd',
    restrictive: flag('NOT p.polpermissive'),
    roles: `(SELECT pg_catalog.string_agg(CASE role WHEN 0 THEN 'public' ELSE pg_catalog.pg_get_userbyid(role) END, ', ') FROM pg_catalog.unnest(p.polroles) role)`,
    using: 'pg_catalog.pg_get_expr(p.polqual, p.polrelid)',
    'with check': 'pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid)',
  },
  from: `pg_catalog.pg_policy p JOIN pg_catalog.pg_class c ON c.oid = p.polrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE ${ours('n.oid')}`,
})

const others: readonly Simple[] = [
  {
    kind: "'schema'",
    name: 'n.nspname',
    properties: { comment: comment('n.oid', 'pg_namespace') },
    from: `pg_catalog.pg_namespace n WHERE n.nspname <> :schema AND ${ours('n.oid')} AND ${notOfExtension('pg_namespace', 'n.oid')}`,
  },
  {
    kind: "'extension'",
    name: 'e.extname',
    properties: { version: 'e.extversion', schema: 'n.nspname' },
    from: "pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace WHERE e.extname <> 'plpgsql'",
  },
  {
    kind: "'collation'",
    schema: 'n.nspname',
    name: 'o.collname',
    properties: {
      locale: "pg_catalog.concat_ws(' ', o.collprovider, o.collcollate, o.collctype)",
      deterministic: "CASE WHEN NOT o.collisdeterministic THEN 'no' END",
    },
    from: `pg_catalog.pg_collation o JOIN pg_catalog.pg_namespace n ON n.oid = o.collnamespace WHERE ${ours('n.oid')} AND ${notOfExtension('pg_collation', 'o.oid')}`,
  },
  {
    kind: "'statistics'",
    schema: 'n.nspname',
    name: 's.stxname',
    properties: { definition: 'pg_catalog.pg_get_statisticsobjdef(s.oid)' },
    from: `pg_catalog.pg_statistic_ext s JOIN pg_catalog.pg_namespace n ON n.oid = s.stxnamespace WHERE ${ours('n.oid')}`,
  },
  {
    kind: "'event trigger'",
    name: 'e.evtname',
    properties: {
      definition:
        "pg_catalog.concat_ws(' ', e.evtevent, pg_catalog.array_to_string(e.evttags, ', '), e.evtfoid::pg_catalog.regprocedure)",
      enabled: "nullif(e.evtenabled, 'O')",
    },
    from: `pg_catalog.pg_event_trigger e WHERE ${notOfExtension('pg_event_trigger', 'e.oid')}`,
  },
  {
    kind: "'publication'",
    name: 'p.pubname',
    properties: {
      publishes:
        "pg_catalog.concat_ws(', ', CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate THEN 'update' END, CASE WHEN p.pubdelete THEN 'delete' END, CASE WHEN p.pubtruncate THEN 'truncate' END)",
      tables: `CASE WHEN p.puballtables THEN 'all' ELSE (SELECT pg_catalog.string_agg(r.prrelid::pg_catalog.regclass::text, ', ' ORDER BY 1) FROM pg_catalog.pg_publication_rel r WHERE r.prpubid = p.oid) END`,
    },
    from: 'pg_catalog.pg_publication p',
  },
]

const grants = simple({
  kind: "'grant'",
  schema: 'n.nspname',
  name: "pg_catalog.concat(c.relname, ' to ', CASE g.grantee WHEN 0 THEN 'public' ELSE pg_catalog.pg_get_userbyid(g.grantee) END)",
  properties: {
    privileges:
      "pg_catalog.string_agg(g.privilege_type || CASE WHEN g.is_grantable THEN ' with grant option' ELSE '' END, ', ' ORDER BY g.privilege_type)",
  },
  from: `pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace CROSS JOIN LATERAL pg_catalog.aclexplode(c.relacl) g
WHERE ${ours('n.oid')} AND g.grantee <> c.relowner GROUP BY n.nspname, c.relname, g.grantee`,
})

/**
 * The queries for all objects, each with the columns `kind`, `schema`, `name`, `table`, `properties`, `parts` (PostgreSQL
 * manual, "System Catalogs"; from version 12 on).
 * @param schema the schema whose objects are named without it, as a literal
 */
export function postgresQueries(schema: string, withGrants: boolean): readonly string[] {
  const all = [
    tables,
    foreignTables,
    views,
    types,
    sequences,
    routines,
    triggers,
    rules,
    policies,
    ...others.map(simple),
  ]
  return [...all, ...(withGrants ? [grants] : [])].map((query) => query.replaceAll(':schema', schema))
}
