import {
  comment,
  flag,
  foreignOptions,
  identity,
  list,
  object,
  ours,
  parts,
  type Server,
  simple,
  since,
} from './postgres-query.ts'

const storages =
  "CASE a.attstorage WHEN 'p' THEN 'plain' WHEN 'e' THEN 'external' WHEN 'm' THEN 'main' ELSE 'extended' END"

/** What of a sequence is not by default, as options of SQL; `s` is its row. */
const sequenceOptions = (minimum: string) => `pg_catalog.concat_ws(' ',
  CASE WHEN s.seqincrement <> 1 THEN 'INCREMENT BY ' || s.seqincrement END,
  CASE WHEN s.seqmin <> ${minimum} THEN 'MINVALUE ' || s.seqmin END,
  CASE WHEN s.seqmax <> ${largest} THEN 'MAXVALUE ' || s.seqmax END,
  CASE WHEN s.seqstart <> CASE WHEN s.seqincrement > 0 THEN s.seqmin ELSE s.seqmax END THEN 'START WITH ' || s.seqstart END,
  CASE WHEN s.seqcache <> 1 THEN 'CACHE ' || s.seqcache END, CASE WHEN s.seqcycle THEN 'CYCLE' END)`
const bytes = '(SELECT b.typlen FROM pg_catalog.pg_type b WHERE b.oid = s.seqtypid)'
const largest = `CASE WHEN s.seqincrement < 0 THEN -1 WHEN ${bytes} = 2 THEN 32767 WHEN ${bytes} = 4 THEN 2147483647 ELSE 9223372036854775807 END`
const smallest = `CASE WHEN s.seqincrement > 0 THEN 1 WHEN ${bytes} = 2 THEN -32768 WHEN ${bytes} = 4 THEN -2147483648 ELSE -9223372036854775808 END`

const identityOf = `(SELECT CASE a.attidentity WHEN 'a' THEN 'ALWAYS' ELSE 'BY DEFAULT' END || coalesce(' (' || nullif(${sequenceOptions(smallest)}, '') || ')', '')
  FROM pg_catalog.pg_depend e JOIN pg_catalog.pg_sequence s ON s.seqrelid = e.objid
  WHERE e.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND e.refobjid = a.attrelid AND e.refobjsubid = a.attnum AND e.deptype = 'i' AND e.classid = 'pg_catalog.pg_class'::pg_catalog.regclass)`

/** From version 18 on NOT NULL is a constraint with a name; what is not as it is by default is told. */
const notNull = (server: Server) =>
  server.version < 18
    ? flag('a.attnotnull')
    : `CASE WHEN a.attnotnull THEN coalesce((SELECT pg_catalog.concat_ws(' ', 'yes',
  CASE WHEN k.conname <> pg_catalog.concat(c.relname, '_', a.attname, '_not_null') AND pg_catalog.length(c.relname || a.attname) < 50 THEN 'as ' || pg_catalog.quote_ident(k.conname) END,
  CASE WHEN k.connoinherit THEN 'no inherit' END, CASE WHEN NOT k.convalidated THEN 'not valid' END)
  FROM pg_catalog.pg_constraint k WHERE k.conrelid = a.attrelid AND k.contype = 'n' AND k.conkey[1] = a.attnum), 'yes') END`

const columns = (
  server: Server,
) => `SELECT 'column' AS kind, a.attname::text AS name, a.attnum::bigint AS place, ${object({
  type: 'pg_catalog.format_type(a.atttypid, a.atttypmod)',
  collation:
    'CASE WHEN a.attcollation <> t.typcollation THEN (SELECT o.oid::pg_catalog.regcollation::text FROM pg_catalog.pg_collation o WHERE o.oid = a.attcollation) END',
  'not null': notNull(server),
  default: "CASE WHEN a.attgenerated = '' THEN pg_catalog.pg_get_expr(d.adbin, d.adrelid) END",
  identity: `CASE WHEN a.attidentity <> '' THEN ${identityOf} END`,
  generated: `CASE WHEN a.attgenerated <> '' THEN pg_catalog.concat(pg_catalog.pg_get_expr(d.adbin, d.adrelid), CASE a.attgenerated WHEN 's' THEN ' stored' ELSE ' virtual' END) END`,
  storage: `CASE WHEN a.attstorage <> t.typstorage THEN ${storages} END`,
  compression: since(server, 14, "CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END"),
  statistics: 'CASE WHEN a.attstattarget >= 0 THEN a.attstattarget END',
  options: list('a.attoptions'),
  'foreign options': foreignOptions('a.attfdwoptions'),
  inherited: flag('NOT a.attislocal AND NOT c.relispartition'),
  comment: 'pg_catalog.col_description(a.attrelid, a.attnum)',
})} AS properties, c.tableoid::text || '/' || c.oid::text || '/' || a.attnum::text AS id, ${identity('d')} AS default_id
FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped`

const constraintKinds =
  "CASE k.contype WHEN 'p' THEN 'primary key' WHEN 'u' THEN 'unique' WHEN 'x' THEN 'exclude' WHEN 'c' THEN 'check' ELSE 'foreign key' END"

/**
 * Those of a parent come to its children by themselves; a partition has to have the checks before it can become one. Where
 * a foreign key refers to a table with partitions, the server has more of them, one for each.
 */
const constraints = `SELECT ${constraintKinds}, k.conname::text,
  100000 + CASE k.contype WHEN 'p' THEN 1 WHEN 'u' THEN 2 WHEN 'x' THEN 3 WHEN 'c' THEN 4 ELSE 6 END, ${object({
    definition: 'pg_catalog.pg_get_constraintdef(k.oid)',
    options: list('i.reloptions'),
    attached: flag("k.conparentid <> 0 AND k.contype IN ('p', 'u', 'f')"),
    clustered: flag("x.indisclustered AND k.contype IN ('p', 'u')"),
    'replica identity': flag("x.indisreplident AND k.contype IN ('p', 'u')"),
    comment: comment('k.oid', 'pg_constraint'),
  })}, ${identity('k')}, NULL
FROM pg_catalog.pg_constraint k LEFT JOIN pg_catalog.pg_class i ON i.oid = k.conindid AND k.contype IN ('p', 'u', 'x') LEFT JOIN pg_catalog.pg_index x ON x.indexrelid = i.oid
WHERE k.conrelid = c.oid AND k.contype IN ('p', 'u', 'x', 'c', 'f') AND (k.contype <> 'f' OR k.conparentid = 0 OR NOT EXISTS (SELECT FROM pg_catalog.pg_constraint u WHERE u.oid = k.conparentid AND u.conrelid = k.conrelid)) AND (c.relispartition OR k.conislocal)`

const indexHead = `pg_catalog.concat('CREATE ', CASE WHEN x.indisunique THEN 'UNIQUE ' END, 'INDEX ', pg_catalog.quote_ident(i.relname), ' ON ',
  CASE WHEN i.relkind = 'I' THEN 'ONLY ' END, pg_catalog.quote_ident(n.nspname), '.', pg_catalog.quote_ident(c.relname), ' ')`

const indexes = `SELECT 'index', i.relname::text, 100005, ${object({
  definition: `pg_catalog.concat(CASE WHEN x.indisunique THEN 'UNIQUE ' END, pg_catalog.substr(pg_catalog.pg_get_indexdef(x.indexrelid), pg_catalog.length(${indexHead}) + 1))`,
  invalid: flag('NOT x.indisvalid'),
  attached: flag('EXISTS (SELECT FROM pg_catalog.pg_inherits h WHERE h.inhrelid = x.indexrelid)'),
  clustered: flag('x.indisclustered'),
  'replica identity': flag('x.indisreplident'),
  statistics: `(SELECT pg_catalog.string_agg(a.attnum || ' ' || a.attstattarget, ', ' ORDER BY a.attnum) FROM pg_catalog.pg_attribute a WHERE a.attrelid = x.indexrelid AND a.attstattarget >= 0)`,
  comment: comment('x.indexrelid', 'pg_class'),
})}, ${identity('i')}, NULL
FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid WHERE x.indrelid = c.oid
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint b WHERE b.conindid = x.indexrelid AND b.contype IN ('p', 'u', 'x'))`

const relation = (server: Server, kinds: string, own: Readonly<Record<string, string>>): string =>
  simple({
    kind: "CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'f' THEN 'foreign table' ELSE 'table' END",
    schema: 'n.nspname',
    name: 'c.relname',
    properties: { ...own, options: list('c.reloptions'), comment: comment('c.oid', 'pg_class') },
    parts: parts(`${columns(server)} UNION ALL ${constraints} UNION ALL ${indexes}`),
    of: 'c',
    from: `pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN (${kinds}) AND ${ours('n.nspname', 'pg_class', 'c.oid')}`,
  })

const access = "(SELECT m.amname FROM pg_catalog.pg_am m WHERE m.oid = c.relam AND m.amname <> 'heap')"

export const postgresRelationQueries = (server: Server): readonly string[] => [
  relation(server, "'r', 'p'", {
    persistence: "CASE WHEN c.relpersistence = 'u' THEN 'unlogged' END",
    'access method': access,
    'of type': 'CASE WHEN c.reloftype <> 0 THEN c.reloftype::pg_catalog.regtype END',
    'partitioned by': 'pg_catalog.pg_get_partkeydef(c.oid)',
    'partition of':
      "CASE WHEN c.relispartition THEN (SELECT h.inhparent::pg_catalog.regclass::text || ' ' || pg_catalog.pg_get_expr(c.relpartbound, c.oid) FROM pg_catalog.pg_inherits h WHERE h.inhrelid = c.oid) END",
    inherits:
      "CASE WHEN NOT c.relispartition THEN (SELECT pg_catalog.string_agg(h.inhparent::pg_catalog.regclass::text, ', ' ORDER BY h.inhseqno) FROM pg_catalog.pg_inherits h WHERE h.inhrelid = c.oid) END",
    'row security':
      "nullif(pg_catalog.concat_ws(', ', CASE WHEN c.relrowsecurity THEN 'enabled' END, CASE WHEN c.relforcerowsecurity THEN 'forced' END), '')",
    'replica identity': "CASE c.relreplident WHEN 'f' THEN 'full' WHEN 'n' THEN 'nothing' END",
  }),
  relation(server, "'f'", {
    server:
      '(SELECT pg_catalog.quote_ident(s.srvname) FROM pg_catalog.pg_foreign_table f JOIN pg_catalog.pg_foreign_server s ON s.oid = f.ftserver WHERE f.ftrelid = c.oid)',
    'foreign options': `(SELECT ${foreignOptions('f.ftoptions')} FROM pg_catalog.pg_foreign_table f WHERE f.ftrelid = c.oid)`,
  }),
  relation(server, "'v', 'm'", {
    definition: "pg_catalog.rtrim(pg_catalog.pg_get_viewdef(c.oid), ';')",
    'access method': access,
  }),
  simple({
    kind: "'sequence'",
    schema: 'n.nspname',
    name: 'c.relname',
    properties: {
      type: 'CASE WHEN s.seqtypid <> 20 THEN pg_catalog.format_type(s.seqtypid, NULL) END',
      persistence: "CASE WHEN c.relpersistence = 'u' THEN 'unlogged' END",
      options: `nullif(${sequenceOptions(smallest)}, '')`,
      'owned by': `(SELECT e.refobjid::pg_catalog.regclass::text || '.' || pg_catalog.quote_ident(a.attname) FROM pg_catalog.pg_depend e JOIN pg_catalog.pg_attribute a ON a.attrelid = e.refobjid AND a.attnum = e.refobjsubid WHERE e.objid = c.oid AND e.deptype = 'a' AND e.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND e.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass)`,
      comment: comment('c.oid', 'pg_class'),
    },
    of: 'c',
    from: `pg_catalog.pg_class c JOIN pg_catalog.pg_sequence s ON s.seqrelid = c.oid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE ${ours('n.nspname', 'pg_class', 'c.oid')} AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND e.objid = c.oid AND e.deptype = 'i')`,
  }),
]
