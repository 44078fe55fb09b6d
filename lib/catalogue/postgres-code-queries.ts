import { comment, flag, ours, simple, title, unqualified } from './postgres-query.ts'

/** CREATE AGGREGATE, for which the server has no text of its own. */
const aggregate = `(SELECT pg_catalog.concat('CREATE AGGREGATE ', ${title('n.nspname', 'f.proname')}, '(', coalesce(nullif(pg_catalog.pg_get_function_arguments(f.oid), ''), '*'), ') (SFUNC = ', g.aggtransfn,
  ', STYPE = ', pg_catalog.format_type(g.aggtranstype, NULL), CASE WHEN g.aggtransspace <> 0 THEN ', SSPACE = ' || g.aggtransspace END,
  ', FINALFUNC = ' || nullif(g.aggfinalfn::oid, 0)::pg_catalog.regproc::text, CASE WHEN g.aggfinalextra THEN ', FINALFUNC_EXTRA' END,
  CASE WHEN g.aggfinalfn <> 0 AND g.aggfinalmodify <> CASE WHEN g.aggkind = 'n' THEN 'r' ELSE 'w' END THEN CASE g.aggfinalmodify WHEN 'r' THEN ', FINALFUNC_MODIFY = READ_ONLY' WHEN 's' THEN ', FINALFUNC_MODIFY = SHAREABLE' ELSE ', FINALFUNC_MODIFY = READ_WRITE' END END,
  ', COMBINEFUNC = ' || nullif(g.aggcombinefn::oid, 0)::pg_catalog.regproc::text,
  ', SERIALFUNC = ' || nullif(g.aggserialfn::oid, 0)::pg_catalog.regproc::text, ', DESERIALFUNC = ' || nullif(g.aggdeserialfn::oid, 0)::pg_catalog.regproc::text,
  ', INITCOND = ' || pg_catalog.quote_literal(g.agginitval),
  ', MSFUNC = ' || nullif(g.aggmtransfn::oid, 0)::pg_catalog.regproc::text, ', MINVFUNC = ' || nullif(g.aggminvtransfn::oid, 0)::pg_catalog.regproc::text,
  CASE WHEN g.aggmtranstype <> 0 THEN ', MSTYPE = ' || pg_catalog.format_type(g.aggmtranstype, NULL) END, ', MFINALFUNC = ' || nullif(g.aggmfinalfn::oid, 0)::pg_catalog.regproc::text,
  ', MINITCOND = ' || pg_catalog.quote_literal(g.aggminitval),
  ', SORTOP = ' || (SELECT CASE WHEN pg_catalog.pg_operator_is_visible(o.oid) THEN o.oprname::text ELSE pg_catalog.concat('OPERATOR(', pg_catalog.quote_ident(m.nspname), '.', o.oprname, ')') END FROM pg_catalog.pg_operator o JOIN pg_catalog.pg_namespace m ON m.oid = o.oprnamespace WHERE o.oid = g.aggsortop),
  CASE WHEN g.aggkind = 'h' THEN ', HYPOTHETICAL' END, CASE f.proparallel WHEN 's' THEN ', PARALLEL = SAFE' WHEN 'r' THEN ', PARALLEL = RESTRICTED' END, ')')
  FROM pg_catalog.pg_aggregate g WHERE g.aggfnoid = f.oid)`

const routineDefinition = unqualified(
  'd.text',
  "CASE f.prokind WHEN 'p' THEN 'CREATE OR REPLACE PROCEDURE ' ELSE 'CREATE OR REPLACE FUNCTION ' END",
  'n.nspname',
)

/** The key of the relation that something is on. */
const on = `CASE c.relkind WHEN 'v' THEN 'view ' WHEN 'm' THEN 'materialized view ' WHEN 'f' THEN 'foreign table ' ELSE 'table ' END
  || c.relname || CASE WHEN n.nspname = :schema THEN '' ELSE ' in ' || n.nspname END`

const enabled = (column: string) =>
  `CASE ${column} WHEN 'D' THEN 'no' WHEN 'R' THEN 'on replicas' WHEN 'A' THEN 'always' END`

const role = `CASE role WHEN 0 THEN 'public' ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(role)) END`

export const postgresCodeQueries: readonly string[] = [
  simple({
    kind: "CASE f.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END",
    schema: 'n.nspname',
    name: "f.proname || '(' || pg_catalog.oidvectortypes(f.proargtypes) || ')'",
    properties: {
      definition: `CASE WHEN f.prokind = 'a' THEN ${aggregate} ELSE pg_catalog.rtrim(${routineDefinition}, E'\\n') END`,
      comment: comment('f.oid', 'pg_proc'),
    },
    of: 'f',
    from: `pg_catalog.pg_proc f JOIN pg_catalog.pg_namespace n ON n.oid = f.pronamespace
LEFT JOIN LATERAL (SELECT CASE WHEN f.prokind <> 'a' THEN pg_catalog.pg_get_functiondef(f.oid) END AS text) d ON true WHERE ${ours('n.nspname', 'pg_proc', 'f.oid')}`,
  }),
  simple({
    kind: "'trigger'",
    schema: 'n.nspname',
    name: 'g.tgname',
    table: on,
    properties: {
      definition: unqualified('d.text', "' ON '", 'n.nspname'),
      enabled: enabled('g.tgenabled'),
      comment: comment('g.oid', 'pg_trigger'),
    },
    of: 'g',
    from: `pg_catalog.pg_trigger g JOIN pg_catalog.pg_class c ON c.oid = g.tgrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN LATERAL pg_catalog.pg_get_triggerdef(g.oid) d(text)
WHERE NOT g.tgisinternal AND g.tgparentid = 0 AND ${ours('n.nspname', 'pg_class', 'c.oid')}`,
  }),
  simple({
    kind: "'rule'",
    schema: 'n.nspname',
    name: 'r.rulename',
    table: on,
    properties: {
      definition: `pg_catalog.rtrim(${unqualified('d.text', "' TO '", 'n.nspname')}, ';')`,
      enabled: enabled('r.ev_enabled'),
      comment: comment('r.oid', 'pg_rewrite'),
    },
    of: 'r',
    from: `pg_catalog.pg_rewrite r JOIN pg_catalog.pg_class c ON c.oid = r.ev_class JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN LATERAL pg_catalog.pg_get_ruledef(r.oid) d(text)
WHERE r.rulename <> '_RETURN' AND ${ours('n.nspname', 'pg_class', 'c.oid')}`,
  }),
  simple({
    kind: "'policy'",
    schema: 'n.nspname',
    name: 'p.polname',
    table: on,
    properties: {
      command:
        "CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' END",
      restrictive: flag('NOT p.polpermissive'),
      roles: `(SELECT nullif(pg_catalog.string_agg(${role}, ', ' ORDER BY 1), 'public') FROM pg_catalog.unnest(p.polroles) role)`,
      using: 'pg_catalog.pg_get_expr(p.polqual, p.polrelid)',
      'with check': 'pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid)',
      comment: comment('p.oid', 'pg_policy'),
    },
    of: 'p',
    from: `pg_catalog.pg_policy p JOIN pg_catalog.pg_class c ON c.oid = p.polrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE ${ours('n.nspname', 'pg_class', 'c.oid')}`,
  }),
  simple({
    kind: "'event trigger'",
    name: 'e.evtname',
    properties: {
      definition: `pg_catalog.concat('ON ', e.evtevent, ' WHEN TAG IN (' || (SELECT pg_catalog.string_agg(pg_catalog.quote_literal(tag), ', ') FROM pg_catalog.unnest(e.evttags) tag) || ')', ' EXECUTE FUNCTION ', e.evtfoid::pg_catalog.regproc, '()')`,
      enabled: enabled('e.evtenabled'),
      comment: comment('e.oid', 'pg_event_trigger'),
    },
    of: 'e',
    from: `pg_catalog.pg_event_trigger e WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_depend x WHERE x.deptype = 'e' AND x.classid = e.tableoid AND x.objid = e.oid)`,
  }),
  simple({
    kind: "'statistics'",
    schema: 'n.nspname',
    name: 's.stxname',
    properties: {
      definition: unqualified('d.text', "'CREATE STATISTICS '", 'n.nspname'),
      target: 'CASE WHEN s.stxstattarget >= 0 THEN s.stxstattarget END',
      comment: comment('s.oid', 'pg_statistic_ext'),
    },
    of: 's',
    from: `pg_catalog.pg_statistic_ext s JOIN pg_catalog.pg_namespace n ON n.oid = s.stxnamespace
CROSS JOIN LATERAL pg_catalog.pg_get_statisticsobjdef(s.oid) d(text) WHERE ${ours('n.nspname', 'pg_statistic_ext', 's.oid')}`,
  }),
]
