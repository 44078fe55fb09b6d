import type { Fact } from '../text/facts.ts'
import type { BlockTracker, Lexis } from '../text/lexis.ts'
import type {
  Dialect,
  Effect,
  LedgerSql,
  LockSql,
  Pace,
  SessionEffect,
  TransactionSettings,
  TransactionSql,
} from './dialect.ts'
import { singleQuoted } from './names.ts'
import { batches } from './postgres-batches.ts'
import { blockersOf } from './postgres-blockers.ts'
import { postgresBlocks } from './postgres-blocks.ts'
import { client } from './postgres-client.ts'
import { honouring, lease } from './postgres-lease.ts'
import { block, lockKey, lost, raise, raising, taken } from './postgres-lock.ts'
import { folded, relation, tables } from './postgres-names.ts'
import { recovery } from './postgres-recovery.ts'
import { text } from './postgres-text.ts'

function lexis(standardStrings: boolean): Lexis {
  return {
    hashComments: false,
    dashNeedsSpace: false,
    nestedComments: true,
    conditionalComments: false,
    backslashEscapes: !standardStrings,
    escapeStrings: true,
    dollarQuotes: true,
    doubleQuotedStrings: false,
    backticks: false,
    brackets: false,
    client: 'psql',
    clientCommands: new Set(),
    textToTerminator: false,
    caseBlind: 'all',
    blocks: (first): BlockTracker | undefined => (first === 'create' ? postgresBlocks() : undefined),
    after: (statement) => {
      const setting = /^\s*set\s+(?:session\s+|local\s+)?standard_conforming_strings\s*(?:=|to)\s*'?(\w+)/i.exec(
        statement,
      )
      return setting ? lexis(/^(on|true|yes|1|default)$/i.test(setting[1]!)) : lexis(standardStrings)
    },
  }
}

/** Statements that PostgreSQL refuses inside a transaction block (SQL reference, the notes of each command). */
function refusesTransaction(words: readonly string[]): boolean {
  const [first, second] = words
  switch (first) {
    case 'vacuum':
      return true
    case 'create':
    case 'drop':
      if (second === 'database' || second === 'tablespace' || second === 'subscription') return true
      return words.slice(1, 4).includes('index') && words.slice(2, 5).includes('concurrently')
    case 'reindex':
      return words.includes('concurrently') || second === 'database' || second === 'system' || second === 'schema'
    case 'alter':
      if (second === 'system') return true
      if (second === 'database') return words.includes('tablespace')
      return second === 'table' && words.includes('detach') && words.includes('concurrently')
    case 'cluster':
      return second === undefined
    case 'discard':
      return second === 'all'
    case 'commit':
    case 'rollback':
      return second === 'prepared'
    default:
      return false
  }
}

function effect({ words, text }: { words: readonly string[]; text: string }): Effect {
  const [first, second] = words
  if (refusesTransaction(words)) return 'alone'
  switch (first) {
    case 'begin':
      return 'begin'
    case 'start':
      return second === 'transaction' ? 'begin' : 'plain'
    case 'commit':
    case 'end':
      return 'commit'
    case 'rollback':
      return words.includes('to') ? 'plain' : ownRollback
    case 'abort':
      return ownRollback
    case 'prepare':
      return second === 'transaction' ? twoPhase : 'plain'
    case 'call':
    case 'do':
      return 'opaque'
    case 'copy':
      return words.includes('stdout') ? copyOut : 'plain'
    case 'set':
      return setsForeignEncoding(text) ? encoding : 'plain'
    default:
      return 'plain'
  }
}

/** True where a SET would have the server read the file's UTF-8 as something else. */
function setsForeignEncoding(text: string): boolean {
  const set = /^\s*set\s+(?:session\s+|local\s+)?(?:client_encoding\s*(?:=|to)|names)\s*['"]?([\w-]+)/i.exec(text)
  return set !== null && !/^(utf-?8|unicode|default)$/i.test(set[1]!)
}

/** `SET LOCAL` ends with its transaction; pg_dump sets with `SELECT pg_catalog.set_config(…)`. */
function leaves({ words, text }: { words: readonly string[]; text: string }): SessionEffect | undefined {
  const [first, second] = words
  if (first === 'reset' || (first === 'set' && second !== 'local' && second !== 'constraints')) return 'again'
  return first === 'select' && /^\s*select\s+(pg_catalog\s*\.\s*)?set_config\s*\(/i.test(text) ? 'again' : undefined
}

/** What makes something of its own, or writes rows that stand in the statement. */
function pace({ words: [first, second, third], text }: { words: readonly string[]; text: string }): Pace {
  const isNew =
    first === 'create' && (second === 'table' || second === 'type' || (second === 'or' && third === 'replace'))
  const isQuick = isNew || first === 'insert' || first === 'comment' || first === 'grant'
  return isQuick && !/\bselect\b/i.test(text) ? 'quick' : 'size'
}

const ownRollback = {
  refused: 'a ROLLBACK would undo the migration while it is recorded as applied',
  remedy: 'remove it; sqlmig rolls back when a statement fails',
}
const twoPhase = {
  refused: 'PREPARE TRANSACTION would take the migration out of its own transaction',
  remedy: 'remove it; the migration and its ledger row commit together',
}
const copyOut = {
  refused: 'COPY … TO STDOUT has nobody to read it',
  remedy: 'remove it, or copy into a file on the server',
}
const encoding = {
  refused: 'the file is UTF-8, so the session speaks UTF8',
  remedy: "convert the file to UTF-8 and write SET client_encoding = 'UTF8'",
}

export function timeouts(scope: 'LOCAL' | 'SESSION', asked: TransactionSettings): readonly string[] {
  const { lockTimeout, statementTimeout } = asked
  return [block(endingWithClient(scope === 'LOCAL')), ...timeLimits(scope, lockTimeout, statementTimeout)]
}

function timeLimits(scope: string, lockTimeout: number, statementTimeout: number | undefined): readonly string[] {
  const limits = [`SET ${scope} lock_timeout = ${lockTimeout}`]
  return statementTimeout === undefined ? limits : [...limits, `SET ${scope} statement_timeout = ${statementTimeout}`]
}

/** A killed runner's statement ends, and with it the lock: a server looks after its client only where told (from 14 on, not on every system). */
function endingWithClient(local: boolean): string {
  const set = `PERFORM pg_catalog.set_config('client_connection_check_interval', '2s', ${local})`
  return `BEGIN ${set}; EXCEPTION WHEN OTHERS THEN NULL; END;`
}

const movesRows = new Set(['insert', 'update', 'delete', 'merge', 'with', 'select', 'do', 'call', 'copy', 'refresh'])

const transaction: TransactionSql = {
  // one block costs a third of three
  open: ({ lockTimeout, statementTimeout }, lease) => [
    'BEGIN',
    block(`IF NOT pg_catalog.pg_try_advisory_xact_lock(${lockKey}) THEN ${raising('another sqlmig holds the lock', taken)} END IF;
${lease ? honouring(lease.table, lease.token) : ''}
${endingWithClient(true)}`),
    ...timeLimits('LOCAL', lockTimeout, statementTimeout),
  ],
  settings: (asked) => timeouts('SESSION', asked),
  patiently: ({ words: [word = ''] }, lockTimeout) =>
    movesRows.has(word) ? `SET LOCAL lock_timeout = ${lockTimeout}` : undefined,
  each: () => [],
  lazily: ['SET LOCAL synchronous_commit = off'],
  check: (table, seq) =>
    raise(`(SELECT coalesce(max(seq), 0) FROM ${table}) <> ${seq}`, 'the ledger has moved on', '55000'),
  // a message to the client flushes what waits before it, and INFO is told whatever client_min_messages says
  tell: ["DO $sqlmig$ BEGIN RAISE INFO 'sqlmig goes on'; END $sqlmig$"],
  begin: 'BEGIN',
  commit: 'COMMIT',
  rollback: 'ROLLBACK',
  savepoint: undefined,
}

const ledger: LedgerSql = {
  exists: (table) => `SELECT 1 AS present WHERE pg_catalog.to_regclass(${singleQuoted(table)}) IS NOT NULL`,
  create: (table) => [
    `CREATE TABLE IF NOT EXISTS ${table} (
  seq bigint PRIMARY KEY,
  event text NOT NULL,
  id text NOT NULL,
  at timestamptz NOT NULL,
  duration_ms bigint,
  rows_written bigint,
  statements integer,
  done integer,
  running integer,
  running_prefix text,
  fingerprint text,
  checksum text,
  tokens text,
  prefix text,
  guard smallint,
  batch text,
  body bytea,
  catalogue bytea,
  file text,
  by_user text NOT NULL,
  by_host text NOT NULL,
  version text NOT NULL,
  note text,
  hash text
)`,
  ],
  now: 'pg_catalog.clock_timestamp()',
  words: (columns) => `pg_catalog.concat_ws(' ', ${columns.join(', ')})`,
  iso: (column) => `pg_catalog.to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
  part: (column) => `coalesce(pg_catalog.replace(pg_catalog.replace((${column})::text, '~', '~~'), '|', '~p'), '~0')`,
  digest: (parts) =>
    `pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(pg_catalog.concat_ws('|', ${parts.join(', ')}), 'UTF8')), 'hex')`,
  digestName: 'sha256',
  // transactions that travel in one message share its time of arrival; each begins when the one before has its row
  elapsed: ({ table, lastSeq }) =>
    milliseconds(`greatest(pg_catalog.transaction_timestamp(), (SELECT at FROM ${table} WHERE seq = ${lastSeq}))`),
  since: (column) => milliseconds(column),
}

function milliseconds(from: string): string {
  return `(extract(epoch from pg_catalog.clock_timestamp() - ${from}) * 1000)::bigint`
}

const lock: LockSql = {
  acquire: `SELECT pg_catalog.pg_try_advisory_lock(${lockKey}) AS locked, pg_catalog.pg_backend_pid() AS session`,
  // a pooler that does not give itself away might hand over another session; DISCARD ALL gives up locks
  fence: ({ session }) => [
    raise(
      `pg_catalog.pg_backend_pid() <> ${session} OR NOT pg_catalog.pg_try_advisory_xact_lock(${lockKey})`,
      'the session has lost its lock',
      lost,
    ),
  ],
  lost,
  release: `SELECT pg_catalog.pg_advisory_unlock(${lockKey})`,
  beside: undefined,
  holders: () => [
    `SELECT concat(substring(a.application_name from 'sqlmig (\\d+@.*)$') || ', ', 'user ', a.usename, ', from ',
  coalesce(host(a.client_addr), 'a local socket'), ', since ',
  to_char(coalesce(a.xact_start, a.query_start, a.backend_start) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS"Z"'), ', backend ', a.pid) AS holder
FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
  AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
  AND (l.classid::bigint << 32) + l.objid::bigint = ${lockKey} AND a.pid <> pg_backend_pid() LIMIT 1`,
  ],
}

function factQuery(fact: Fact): string {
  switch (fact.kind) {
    case 'table':
      return `SELECT 1 FROM ${tables} WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND ${relation(fact.table, 'c')}`
    case 'column':
      return `SELECT 1 FROM ${tables} JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
WHERE ${relation(fact.table, 'c')} AND a.attname = ${folded(fact.column)} AND a.attnum > 0 AND NOT a.attisdropped`
    case 'index':
      return `SELECT 1 FROM ${tables} JOIN pg_catalog.pg_index i ON i.indrelid = c.oid
JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
WHERE ${relation(fact.table, 'c')} AND x.relname = ${folded(fact.name)}`
    case 'constraint':
      return `SELECT 1 FROM ${tables} JOIN pg_catalog.pg_constraint k ON k.conrelid = c.oid
WHERE ${relation(fact.table, 'c')} AND k.conname = ${folded(fact.name)}`
    case 'rows':
      return `SELECT 1 WHERE EXISTS (${fact.select})`
  }
}

export const postgres: Dialect = {
  name: 'postgres',
  title: 'PostgreSQL',
  rollsBackDdl: true,
  queuesBehindDdl: true,
  stretches: 'message',
  lexis: (modes = 'on') => lexis(modes !== 'off'),
  effect,
  prepared: ({ text }) => text,
  recovery,
  pace,
  leaves,
  undo: () => undefined,
  identifier: (name) => `"${name.replaceAll('"', '""')}"`,
  text,
  bytes: (value) => `decode('${Buffer.from(value).toString('base64')}', 'base64')`,
  factsQuery: `SELECT current_setting('server_version') AS version, pg_is_in_recovery() AS replica,
  current_setting('transaction_read_only') AS read_only, current_user AS "user", current_schema() AS schema,
  current_setting('standard_conforming_strings') AS modes, pg_backend_pid() AS process,
  current_setting('application_name') AS session`,
  readFacts: (row, announced) => ({
    version: `PostgreSQL ${String(row.version).split(' ')[0]}`,
    readOnly: row.replica === true || row.read_only === 'on',
    user: String(row.user),
    schema: row.schema === null ? null : String(row.schema),
    modes: String(row.modes),
    // a pooler makes keys of its own for cancelling, and a key begins with the number of a process
    sharing: announced === undefined || announced === Number(row.process) ? undefined : 'pooler',
    atomicDdl: true,
    atWork: `SELECT 1 FROM pg_catalog.pg_stat_activity WHERE pid = ${Number(row.process)} AND application_name = ${text(String(row.session))}`,
    restore: ['RESET SESSION AUTHORIZATION', 'RESET ROLE', 'RESET ALL'],
  }),
  factQuery,
  tableSizes: `WITH RECURSIVE parts AS (
  SELECT oid AS root, oid AS part FROM pg_catalog.pg_class WHERE relkind IN ('r', 'p')
  UNION ALL SELECT p.root, i.inhrelid FROM parts p JOIN pg_catalog.pg_inherits i ON i.inhparent = p.part
), counted AS (
  SELECT p.root, CASE WHEN c.relkind = 'p' THEN 0 WHEN c.reltuples > 0 THEN c.reltuples
    WHEN pg_catalog.pg_relation_size(c.oid) = 0 THEN 0 ELSE nullif(pg_catalog.pg_stat_get_live_tuples(c.oid), 0) END AS tuples
  FROM parts p JOIN pg_catalog.pg_class c ON c.oid = p.part
)
SELECT c.relname AS name, CASE WHEN pg_catalog.pg_table_is_visible(c.oid) THEN NULL ELSE n.nspname END AS schema,
  CASE WHEN bool_or(k.tuples IS NULL) THEN NULL ELSE sum(k.tuples)::bigint END AS rows
FROM counted k JOIN pg_catalog.pg_class c ON c.oid = k.root JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') GROUP BY c.oid, c.relname, n.nspname`,
  ledger,
  prepares: {
    types: { number: 'bigint', text: 'text', bytes: 'bytea' },
    // a division by zero
    check: (table, seq) => `SELECT 1 / (coalesce((SELECT max(seq) FROM ${table}), 0) = ${seq})::integer`,
    prepare: (name, types, sql) => `PREPARE ${name} (${types.join(', ')}) AS ${sql}`,
    execute: (name, values) => `EXECUTE ${name} (${values.join(', ')})`,
    deallocate: (name) => `DEALLOCATE ${name}`,
    // invalid_sql_statement_name, duplicate_prepared_statement
    gone: ['26000', '42P05'],
  },
  transaction,
  batches,
  foreignKeys: undefined,
  looseTables: undefined,
  lock,
  lease,
  client,
  databases: {
    create: (name) => `CREATE DATABASE "${name.replaceAll('"', '""')}"`,
    drop: (name) => `DROP DATABASE "${name.replaceAll('"', '""')}"`,
    alike: (name) => `SELECT format('CREATE DATABASE %I TEMPLATE template0 ENCODING %L LC_COLLATE %L LC_CTYPE %L',
  ${singleQuoted(name)}, pg_catalog.pg_encoding_to_char(encoding), datcollate, datctype) AS sql
FROM pg_catalog.pg_database WHERE datname = current_database()`,
  },
  blockers: [blockersOf(lockKey)],
  impatience: undefined,
  // lock_not_available, deadlock_detected, serialization_failure
  isRetryable: (code) => code === '55P03' || code === '40P01' || code === '40001',
  isDeadlock: (code) => code === '40P01' || code === '40001',
  isReadOnly: ({ code }) => code === '25006',
}
