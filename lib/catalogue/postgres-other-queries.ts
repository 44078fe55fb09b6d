import {
  comment,
  flag,
  foreignOptions,
  notOfExtension,
  ours,
  type Server,
  simple,
  since,
  title,
} from './postgres-query.ts'

/** The word that the function of an operator or a cast goes by. */
const routine = (oid: string) => `nullif(${oid}, 0)::pg_catalog.regprocedure::text`

const operator =
  "CASE WHEN m.nspname = :schema THEN q.oprname::text ELSE pg_catalog.concat('OPERATOR(', pg_catalog.quote_ident(m.nspname), '.', q.oprname, ')') END"

const publishes =
  "pg_catalog.concat_ws(', ', CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate THEN 'update' END, CASE WHEN p.pubdelete THEN 'delete' END, CASE WHEN p.pubtruncate THEN 'truncate' END)"

const published = (server: Server) =>
  `(SELECT pg_catalog.string_agg(pg_catalog.concat('TABLE ONLY ', r.prrelid::pg_catalog.regclass,
  ${since(server, 15, "' (' || (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM pg_catalog.pg_attribute a WHERE a.attrelid = r.prrelid AND a.attnum = ANY (r.prattrs)) || ')'")},
  ${since(server, 15, "' WHERE ' || pg_catalog.pg_get_expr(r.prqual, r.prrelid)")}), ', ' ORDER BY r.prrelid::pg_catalog.regclass::text) FROM pg_catalog.pg_publication_rel r WHERE r.prpubid = p.oid)`

const publishedSchemas = (server: Server) =>
  since(
    server,
    15,
    "(SELECT 'TABLES IN SCHEMA ' || pg_catalog.string_agg(pg_catalog.quote_ident(n.nspname), ', ' ORDER BY 1) FROM pg_catalog.pg_publication_namespace r JOIN pg_catalog.pg_namespace n ON n.oid = r.pnnspid WHERE r.pnpubid = p.oid)",
  )

const collationLocale = (server: Server) =>
  server.version >= 17 ? 'o.colllocale' : since(server, 15, 'o.colliculocale')

/** What is written out in full, and dropped by its name, which is as SQL has it. */
export const postgresOtherQueries = (server: Server): readonly string[] => [
  simple({
    kind: "'schema'",
    name: 'n.nspname',
    properties: { comment: comment('n.oid', 'pg_namespace') },
    of: 'n',
    from: `pg_catalog.pg_namespace n WHERE n.nspname <> :schema AND n.nspname <> 'public' AND ${ours('n.nspname', 'pg_namespace', 'n.oid')}`,
  }),
  simple({
    kind: "'extension'",
    name: 'e.extname',
    properties: {
      version: 'e.extversion',
      schema: 'CASE WHEN n.nspname <> :schema THEN n.nspname END',
      comment: `nullif(${comment('e.oid', 'pg_extension')}, (SELECT v.comment FROM pg_catalog.pg_available_extensions v WHERE v.name = e.extname))`,
    },
    of: 'e',
    from: "pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace WHERE e.extname <> 'plpgsql'",
  }),
  simple({
    kind: "'collation'",
    schema: 'n.nspname',
    name: 'o.collname',
    properties: {
      definition: `pg_catalog.concat_ws(', ', 'PROVIDER = ' || CASE o.collprovider WHEN 'c' THEN 'libc' WHEN 'b' THEN 'builtin' ELSE 'icu' END,
  'LOCALE = ' || pg_catalog.quote_literal(${server.version < 15 ? 'CASE WHEN o.collcollate = o.collctype THEN o.collcollate END' : `coalesce(${collationLocale(server)}, CASE WHEN o.collcollate = o.collctype THEN o.collcollate END)`}),
  CASE WHEN o.collcollate <> o.collctype THEN pg_catalog.concat('LC_COLLATE = ', pg_catalog.quote_literal(o.collcollate), ', LC_CTYPE = ', pg_catalog.quote_literal(o.collctype)) END,
  'RULES = ' || pg_catalog.quote_literal(${since(server, 16, 'o.collicurules')}), CASE WHEN NOT o.collisdeterministic THEN 'DETERMINISTIC = false' END)`,
      comment: comment('o.oid', 'pg_collation'),
    },
    of: 'o',
    from: `pg_catalog.pg_collation o JOIN pg_catalog.pg_namespace n ON n.oid = o.collnamespace WHERE ${ours('n.nspname', 'pg_collation', 'o.oid')}`,
  }),
  simple({
    kind: "'publication'",
    name: 'p.pubname',
    properties: {
      tables: `CASE WHEN p.puballtables THEN 'ALL TABLES' ELSE nullif(pg_catalog.concat_ws(', ', ${published(server)}, ${publishedSchemas(server)}), '') END`,
      publishes: `nullif(${publishes}, 'insert, update, delete, truncate')`,
      'via root': flag('p.pubviaroot'),
      comment: comment('p.oid', 'pg_publication'),
    },
    of: 'p',
    from: 'pg_catalog.pg_publication p',
  }),
  simple({
    kind: "'operator'",
    schema: 'n.nspname',
    name: "pg_catalog.concat(o.oprname, '(', CASE WHEN o.oprleft = 0 THEN 'NONE' ELSE pg_catalog.format_type(o.oprleft, NULL) END, ', ', pg_catalog.format_type(o.oprright, NULL), ')')",
    properties: {
      definition: `pg_catalog.concat_ws(', ', 'FUNCTION = ' || o.oprcode::text, 'LEFTARG = ' || pg_catalog.format_type(nullif(o.oprleft, 0), NULL), 'RIGHTARG = ' || pg_catalog.format_type(o.oprright, NULL),
  (SELECT 'COMMUTATOR = ' || ${operator} FROM pg_catalog.pg_operator q JOIN pg_catalog.pg_namespace m ON m.oid = q.oprnamespace WHERE q.oid = o.oprcom),
  (SELECT 'NEGATOR = ' || ${operator} FROM pg_catalog.pg_operator q JOIN pg_catalog.pg_namespace m ON m.oid = q.oprnamespace WHERE q.oid = o.oprnegate),
  'RESTRICT = ' || nullif(o.oprrest::oid, 0)::pg_catalog.regproc::text, 'JOIN = ' || nullif(o.oprjoin::oid, 0)::pg_catalog.regproc::text,
  CASE WHEN o.oprcanhash THEN 'HASHES' END, CASE WHEN o.oprcanmerge THEN 'MERGES' END)`,
      comment: comment('o.oid', 'pg_operator'),
    },
    of: 'o',
    from: `pg_catalog.pg_operator o JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace WHERE o.oprcode <> 0 AND ${ours('n.nspname', 'pg_operator', 'o.oid')}`,
  }),
  simple({
    kind: "'other'",
    name: "pg_catalog.concat('CAST (', pg_catalog.format_type(k.castsource, NULL), ' AS ', pg_catalog.format_type(k.casttarget, NULL), ')')",
    properties: {
      definition: `pg_catalog.concat(CASE k.castmethod WHEN 'f' THEN 'WITH FUNCTION ' || ${routine('k.castfunc')} WHEN 'i' THEN 'WITH INOUT' ELSE 'WITHOUT FUNCTION' END, CASE k.castcontext WHEN 'a' THEN ' AS ASSIGNMENT' WHEN 'i' THEN ' AS IMPLICIT' END)`,
      comment: comment('k.oid', 'pg_cast'),
    },
    of: 'k',
    from: `pg_catalog.pg_cast k WHERE k.oid >= 16384 AND ${notOfExtension('pg_cast', 'k.oid')}`,
  }),
  simple({
    kind: "'other'",
    schema: 'n.nspname',
    name: `'TEXT SEARCH DICTIONARY ' || ${title('n.nspname', 'd.dictname')}`,
    properties: {
      definition: `pg_catalog.concat('(TEMPLATE = ', (SELECT CASE WHEN m.nspname = 'pg_catalog' THEN '' ELSE pg_catalog.quote_ident(m.nspname) || '.' END || pg_catalog.quote_ident(x.tmplname) FROM pg_catalog.pg_ts_template x JOIN pg_catalog.pg_namespace m ON m.oid = x.tmplnamespace WHERE x.oid = d.dicttemplate), ', ' || d.dictinitoption, ')')`,
      comment: comment('d.oid', 'pg_ts_dict'),
    },
    of: 'd',
    from: `pg_catalog.pg_ts_dict d JOIN pg_catalog.pg_namespace n ON n.oid = d.dictnamespace WHERE ${ours('n.nspname', 'pg_ts_dict', 'd.oid')}`,
  }),
  simple({
    kind: "'other'",
    schema: 'n.nspname',
    name: `'TEXT SEARCH CONFIGURATION ' || ${title('n.nspname', 'g.cfgname')}`,
    properties: {
      definition: `(SELECT pg_catalog.concat('(PARSER = ', pg_catalog.quote_ident(m.nspname), '.', pg_catalog.quote_ident(x.prsname), ')') FROM pg_catalog.pg_ts_parser x JOIN pg_catalog.pg_namespace m ON m.oid = x.prsnamespace WHERE x.oid = g.cfgparser)`,
      mappings: `(SELECT pg_catalog.string_agg(pg_catalog.concat('ADD MAPPING FOR ', q.alias, ' WITH ', q.dictionaries), E'\\n' ORDER BY q.alias)
  FROM (SELECT (SELECT y.alias FROM pg_catalog.ts_token_type(g.cfgparser) y WHERE y.tokid = x.maptokentype) AS alias, pg_catalog.string_agg(x.mapdict::pg_catalog.regdictionary::text, ', ' ORDER BY x.mapseqno) AS dictionaries
    FROM pg_catalog.pg_ts_config_map x WHERE x.mapcfg = g.oid GROUP BY x.maptokentype) q)`,
      comment: comment('g.oid', 'pg_ts_config'),
    },
    of: 'g',
    from: `pg_catalog.pg_ts_config g JOIN pg_catalog.pg_namespace n ON n.oid = g.cfgnamespace WHERE ${ours('n.nspname', 'pg_ts_config', 'g.oid')}`,
  }),
  simple({
    kind: "'other'",
    name: "'FOREIGN DATA WRAPPER ' || pg_catalog.quote_ident(w.fdwname)",
    properties: {
      definition: `coalesce(pg_catalog.concat_ws(' ', 'HANDLER ' || nullif(w.fdwhandler, 0)::pg_catalog.regproc::text, 'VALIDATOR ' || nullif(w.fdwvalidator, 0)::pg_catalog.regproc::text, 'OPTIONS (' || ${foreignOptions('w.fdwoptions')} || ')'), '')`,
    },
    of: 'w',
    from: `pg_catalog.pg_foreign_data_wrapper w WHERE ${notOfExtension('pg_foreign_data_wrapper', 'w.oid')}`,
  }),
  simple({
    kind: "'other'",
    name: "'SERVER ' || pg_catalog.quote_ident(s.srvname)",
    properties: {
      definition: `pg_catalog.concat_ws(' ', 'TYPE ' || pg_catalog.quote_literal(s.srvtype), 'VERSION ' || pg_catalog.quote_literal(s.srvversion), 'FOREIGN DATA WRAPPER ' || (SELECT pg_catalog.quote_ident(w.fdwname) FROM pg_catalog.pg_foreign_data_wrapper w WHERE w.oid = s.srvfdw), 'OPTIONS (' || ${foreignOptions('s.srvoptions')} || ')')`,
    },
    of: 's',
    from: `pg_catalog.pg_foreign_server s WHERE ${notOfExtension('pg_foreign_server', 's.oid')}`,
  }),
]
