import { Lexer } from '../text/lexer.ts'
import type { Lexis } from '../text/lexis.ts'
import type { ClientSql, Stop } from './client.ts'
import type { ServerFacts } from './dialect.ts'
import { singleQuoted } from './names.ts'
import { batchLoop } from './postgres-batch-loop.ts'
import { block, lockKey } from './postgres-lock.ts'
import { text } from './postgres-text.ts'

const raised = ({ why, found, remedy }: Omit<Stop, 'where'>): string =>
  `RAISE EXCEPTION USING MESSAGE = ${text(`sqlmig: ${why}`)}, HINT = ${text(remedy)}${found === undefined ? '' : `, DETAIL = ${found}`};`

const stop = (one: Stop): readonly string[] => [block(`IF ${one.where} THEN ${raised(one)} END IF;`)]

function checks({ schema }: ServerFacts): readonly Stop[] {
  const own = schema === null ? 'no schema' : `the schema ${schema}`
  return [
    {
      where: "pg_catalog.pg_is_in_recovery() OR pg_catalog.current_setting('transaction_read_only') = 'on'",
      why: 'this server takes no writes: it is a replica, or set to read-only',
      remedy: 'connect to the primary server',
    },
    {
      where: `pg_catalog.current_schema() IS DISTINCT FROM ${schema === null ? 'NULL' : text(schema)}`,
      why: `the script was made for ${own}, and plain names go elsewhere here`,
      found: "concat('search_path is ', pg_catalog.current_setting('search_path'), ', the user ', current_user)",
      remedy: `set search_path, for example PGOPTIONS="-c search_path=${schema ?? ''}", or run it as the user that sqlmig uses`,
    },
  ]
}

const holder = `coalesce((SELECT pg_catalog.format('backend %s, user %s, program "%s", from %s', a.pid, a.usename, a.application_name,
  coalesce(pg_catalog.host(a.client_addr), 'a local socket'))
FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
  AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
  AND (l.classid::bigint << 32) + l.objid::bigint = ${lockKey} LIMIT 1), 'nobody that the server lists')`

/** psql puts the value of a variable for `:name`, and there is no telling which variables a person has set: `a[1:n]`. */
function withoutVariables(sql: string, lexis: Lexis): string {
  if (!/(?<!:):['"{\w\u0080-\uffff]/.test(sql)) return sql
  const lexer = new Lexer(lexis)
  let result = ''
  for (let at = 0; at < sql.length; at = lexer.end) {
    lexer.next(sql, at, true)
    const token = sql.slice(at, lexer.end)
    const opens = token === ':' && sql[at - 1] !== ':' && /['"{\w\u0080-\uffff]/.test(sql[lexer.end] ?? '')
    result += opens ? ': ' : token
  }
  return result
}

export const client: ClientSql = {
  program: 'psql',
  command: (file) => `psql -X -f ${file} "postgresql://USER@HOST/DATABASE"`,
  advice: [
    'Connect to the server itself, not through a pooler that deals out transactions (PgBouncer).',
    'What it makes belongs to the user who runs it: run it as the user that sqlmig uses.',
  ],
  // sqlite3, which goes on after an error, heeds the first line and stops at the second; psql forgets the first one
  head: ['.bail on', '\\set QUIET on \\\\ \\r', '\\set ON_ERROR_STOP on', '\\set AUTOCOMMIT on', '\\pset pager off'],
  session: ["SET client_encoding = 'UTF8'", "SET application_name = 'sqlmig script'"],
  statement: (sql) => `${sql};`,
  verbatim: (sql, lexis) => `${withoutVariables(sql, lexis)};`,
  say: (words) => `\\echo ${singleQuoted(words)}`,
  show: (select) => `${select};`,
  joined: (parts) => parts.join(' || '),
  stop,
  checks,
  checked: ['the server takes writes, and plain names go to the schema that they are meant for'],
  lock: stop({
    where: `NOT pg_catalog.pg_try_advisory_lock(${lockKey})`,
    why: 'nothing was run: somebody else is running migrations in this database',
    found: `concat('the lock is held by ', ${holder})`,
    remedy: 'wait until that is done; if it has changed the ledger, have a new script made',
  }).map((sql) => `${sql};`),
  unlock: [`DO $sqlmig$ BEGIN PERFORM pg_catalog.pg_advisory_unlock(${lockKey}); END $sqlmig$`],
  fence: stop({
    where: `NOT pg_catalog.pg_try_advisory_xact_lock(${lockKey})`,
    why: 'the session has lost the lock: a pooler deals out sessions, or a statement gave it up',
    remedy: 'what is recorded stands; connect to the server itself, and have a new script made',
  }),
  database: 'current_database()',
  anyDatabase: false,
  point: {
    applied: (table) =>
      `(SELECT encode(sha256(convert_to(coalesce(string_agg(id, ',' ORDER BY id COLLATE "C"), ''), 'UTF8')), 'hex') FROM (SELECT DISTINCT id FROM ${table} WHERE event NOT IN ('failed', 'resumed')) ids)`,
    tables: `(SELECT coalesce(string_agg(c.relname, ', ' ORDER BY c.relname COLLATE "C"), 'none') FROM pg_catalog.pg_class c
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = current_schema()))`,
  },
  violations: undefined,
  open: undefined,
  begin: undefined,
  opened: undefined,
  conditions: {
    prepare: () => '',
    set: (flag, condition, only) => {
      const asked = `SELECT (${condition})::int AS sqlmig_${flag} \\gset`
      return only === undefined ? asked : `\\if :sqlmig_${only}\n${asked}\n\\endif`
    },
    // within a branch that is not taken psql still looks for the ends of quotes, which are in balance
    only: (flag, { text: sql }, { lexis }) => `\\if :sqlmig_${flag}\n${client.verbatim(sql, lexis)}\n\\endif`,
    value: (flag) => `:sqlmig_${flag}`,
  },
  batches: batchLoop,
}
