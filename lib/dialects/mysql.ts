import type { Fact } from '../text/facts.ts'
import type { Lexis } from '../text/lexis.ts'
import type {
  Dialect,
  Effect,
  LedgerSql,
  LockSql,
  SessionEffect,
  TransactionSettings,
  TransactionSql,
} from './dialect.ts'
import { batches } from './mysql-batches.ts'
import { blockersOf } from './mysql-blockers.ts'
import { mysqlBlocks } from './mysql-blocks.ts'
import { client } from './mysql-client.ts'
import { looseTables } from './mysql-engines.ts'
import { mysqlKeywords } from './mysql-keywords.ts'
import { lease } from './mysql-lease.ts'
import { cluster, failsUnless, lockName, lost } from './mysql-lock.ts'
import { backticked, belongs } from './mysql-names.ts'
import { recovery } from './mysql-recovery.ts'
import { text } from './mysql-text.ts'
import { ledgerAgain } from './names.ts'

interface Modes {
  readonly ansiQuotes: boolean
  readonly noBackslash: boolean
  /** What user variables keep of the modes, as dumps save and restore them. */
  readonly saved: ReadonlyMap<string, Omit<Modes, 'saved'>>
}

function modesOf(text: string, saved: Modes['saved'] = new Map()): Modes {
  return { ansiQuotes: /\bANSI(_QUOTES)?\b/i.test(text), noBackslash: /\bNO_BACKSLASH_ESCAPES\b/i.test(text), saved }
}

/** MySQL manual, "mysql Client Commands", but for DELIMITER, which is obeyed, and those that are SQL too (HELP, USE). */
const clientCommands = new Set(
  'charset clear connect edit ego exit go nopager notee nowarning pager print prompt quit rehash source status system tee warnings'.split(
    ' ',
  ),
)

function lexis(modes: Modes): Lexis {
  return {
    hashComments: true,
    dashNeedsSpace: true,
    nestedComments: false,
    conditionalComments: true,
    backslashEscapes: !modes.noBackslash,
    escapeStrings: false,
    dollarQuotes: false,
    doubleQuotedStrings: !modes.ansiQuotes,
    backticks: true,
    brackets: false,
    client: 'mysql',
    clientCommands,
    textToTerminator: false,
    caseBlind: mysqlKeywords,
    blocks: mysqlBlocks,
    after: (statement) => lexis(modesAfter(statement, modes)),
  }
}

/** Follows `SET sql_mode = '…'`, `SET @saved = @@sql_mode` and `SET sql_mode = @saved`. */
function modesAfter(statement: string, modes: Modes): Modes {
  let now = modes
  const save = /@(\w+)\s*:?=\s*@@(?:session\.|local\.)?sql_mode\b/gi
  for (const [, name] of statement.matchAll(save)) {
    now = { ...now, saved: new Map(now.saved).set(name!.toLowerCase(), now) }
  }
  const set = /(?:^|[\s,.])(?:@@(?:session\.|local\.)?)?sql_mode\s*:?=\s*(?:'([^']*)'|"([^"]*)"|@(\w+))/gi
  for (const [, single, double, variable] of statement.matchAll(set)) {
    if (variable === undefined) now = modesOf(single ?? double ?? '', now.saved)
    else now = { ...(now.saved.get(variable.toLowerCase()) ?? now), saved: now.saved }
  }
  return now
}

/** Statements that cause no implicit commit (MySQL manual, "Statements That Cause an Implicit Commit", is the complement). */
const plainStatements = new Set(
  'insert update delete replace select set with do values table show explain describe desc savepoint release load use prepare deallocate signal get'.split(
    ' ',
  ),
)

function effect({ words }: { words: readonly string[] }): Effect {
  const [first = '', second = ''] = words
  if (plainStatements.has(first))
    return first === 'set' && second === 'autocommit' ? 'skip' : plainUnlessPassword(first, second)
  switch (first) {
    case 'begin':
      return second === 'not' ? 'opaque' : 'begin'
    case 'start':
      return second === 'transaction' ? 'begin' : 'autocommit'
    case 'commit':
      return 'commit'
    case 'rollback':
      return words.includes('to') ? 'plain' : ownRollback
    case 'create':
    case 'drop':
      return second === 'temporary' ? 'plain' : 'autocommit'
    case 'call':
    case 'execute':
      return 'opaque'
    case 'if':
    case 'case':
    case 'while':
    case 'loop':
    case 'repeat':
    case 'for':
      return 'opaque' // MariaDB's compound statements
    default:
      return 'autocommit'
  }
}

function plainUnlessPassword(first: string, second: string): Effect {
  return first === 'set' && second === 'password' ? 'autocommit' : 'plain'
}

const ownRollback = {
  refused: 'a ROLLBACK would undo a part of the migration while it is recorded as applied',
  remedy: 'remove it; sqlmig rolls back what can be rolled back when a statement fails',
}

/** Session settings, and user variables: what a query or a function has put into one is gone with the session. */
function leaves({ words, text }: { words: readonly string[]; text: string }): SessionEffect | undefined {
  const [first, second = ''] = words
  if (first === 'use') return 'again'
  const variables = Array.from(text.matchAll(/(?<!@)@([\w$.]+|`[^`]+`)\s*(?=:?=|,|$)/g), ([, name]) =>
    name!.toLowerCase(),
  )
  if (first === 'select') return /\binto\s+@/i.test(text) ? { lost: variables } : undefined
  if (first !== 'set' || ['password', 'global', 'persist', 'persist_only', 'role', 'default'].includes(second))
    return undefined
  return variables.length > 0 && text.includes('(') ? { lost: variables } : 'again'
}

/** Under LOCK TABLES only locked tables can be used, the ledger too (MySQL manual, "LOCK TABLES and UNLOCK TABLES"). */
function prepared({ words, text }: { words: readonly string[]; text: string }, ledgerTable: string): string {
  const locks = words[0] === 'lock' && (words[1] === 'tables' || words[1] === 'table')
  return locks ? `${text}, ${ledgerTable} WRITE, ${ledgerTable} AS ${ledgerAgain} READ` : text
}

/** @param seconds MySQL counts lock time-outs in whole seconds, at least one */
function settings(lockTimeout: number): readonly string[] {
  const seconds = Math.max(1, Math.ceil(lockTimeout / 1000))
  return [`SET SESSION lock_wait_timeout = ${seconds}, SESSION innodb_lock_wait_timeout = ${seconds}`]
}

function statementTimeout(milliseconds: number | undefined): readonly string[] {
  return milliseconds === undefined ? [] : [`SET SESSION ${timeLimit(`${milliseconds}`, `${milliseconds / 1000}`)}`]
}

/** MariaDB's max_statement_time covers all statements, MySQL's max_execution_time only SELECT. */
function timeLimit(milliseconds: string, seconds: string): string {
  return `/*!50708 max_execution_time = ${milliseconds} */ /*M!100101 max_statement_time = ${seconds} */`
}

const session = (asked: TransactionSettings): readonly string[] => [
  'SET autocommit = 0',
  ...settings(asked.lockTimeout),
  ...statementTimeout(asked.statementTimeout),
]

const transaction: TransactionSql = {
  open: (asked) => [...session(asked), 'SET @sqlmig_opened = SYSDATE(6)'],
  settings: session,
  patiently: () => undefined,
  each: () => [],
  lazily: [],
  check: (table, seq) => failsUnless(`(SELECT COALESCE(MAX(seq), 0) FROM ${table}) = ${seq}`),
  tell: [],
  begin: undefined,
  commit: 'COMMIT',
  rollback: 'ROLLBACK',
  savepoint: undefined,
}

const ledger: LedgerSql = {
  exists: (table) => {
    const [, schema, name = ''] = /^(?:`((?:[^`]|``)+)`\.)?`((?:[^`]|``)+)`$/.exec(table) ?? []
    return `SELECT 1 AS present FROM information_schema.tables
WHERE table_schema = ${schema === undefined ? 'DATABASE()' : text(schema)} AND table_name = ${text(name)}`
  },
  create: (table) => [
    `CREATE TABLE IF NOT EXISTS ${table} (
  seq bigint PRIMARY KEY,
  event varchar(20) NOT NULL,
  id varchar(255) NOT NULL,
  at datetime(6) NOT NULL COMMENT 'UTC',
  duration_ms bigint,
  rows_written bigint,
  statements int,
  done int,
  running int,
  running_prefix char(64),
  fingerprint varchar(255),
  checksum char(64),
  tokens char(64),
  prefix char(64),
  guard tinyint,
  batch mediumtext,
  body longblob,
  catalogue longblob,
  file varchar(1024),
  by_user varchar(255) NOT NULL,
  by_host varchar(255) NOT NULL,
  version varchar(50) NOT NULL,
  note text,
  hash char(64)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin`,
  ],
  now: 'UTC_TIMESTAMP(6)',
  words: (columns) => `CONCAT_WS(' ', ${columns.join(', ')})`,
  iso: (column) =>
    `CONCAT(DATE_FORMAT(${column}, '%Y-%m-%dT%H:%i:%s.'), LPAD(MICROSECOND(${column}) DIV 1000, 3, '0'), 'Z')`,
  part: (column) => `COALESCE(REPLACE(REPLACE(${column}, '~', '~~'), '|', '~p'), '~0')`,
  digest: (parts) => `SHA2(CONVERT(CONCAT_WS('|', ${parts.join(', ')}) USING utf8mb4), 256)`,
  digestName: 'sha256',
  elapsed: () => 'TIMESTAMPDIFF(MICROSECOND, @sqlmig_opened, SYSDATE(6)) DIV 1000',
  since: (column) => `TIMESTAMPDIFF(MICROSECOND, ${column}, UTC_TIMESTAMP(6)) DIV 1000`,
}

const lock: LockSql = {
  acquire: `SELECT GET_LOCK(${lockName}, 0) AS locked, CONNECTION_ID() AS session, ${lockName} AS name`,
  fence: ({ session, name }) => [failsUnless(`IS_USED_LOCK(${text(String(name))}) = ${session}`)],
  lost,
  release: `SELECT RELEASE_LOCK(${lockName})`,
  beside: undefined,
  // a courtesy of our own ledger; and MySQL cannot list a session whose statement holds an emoji
  holders: (ledger) => {
    const connection = "SELECT CONCAT('connection ', ID, ', user ', USER, ', from ', HOST) AS holder"
    const listed = `FROM information_schema.PROCESSLIST WHERE ID = IS_USED_LOCK(${lockName})`
    const started = `(SELECT CONCAT(by_host, ', ', by_user, ', since ', at) FROM ${ledger} WHERE event IN ('started', 'resumed') AND seq = (SELECT MAX(seq) FROM ${ledger}))`
    return [
      `SELECT CONCAT_WS(', ', ${started}, holder) AS holder FROM (${connection} ${listed}) held`,
      `${connection} ${listed}`,
      `SELECT CONCAT('connection ', IS_USED_LOCK(${lockName})) AS holder`,
    ]
  },
}

function factQuery(fact: Fact): string {
  switch (fact.kind) {
    case 'table':
      return `SELECT 1 FROM information_schema.tables t WHERE ${belongs(fact.table, 't')}`
    case 'column':
      return `SELECT 1 FROM information_schema.columns c WHERE ${belongs(fact.table, 'c')} AND c.column_name = ${text(fact.column.text)}`
    case 'index':
      return `SELECT 1 FROM information_schema.statistics s WHERE ${belongs(fact.table, 's')} AND s.index_name = ${text(fact.name.text)}`
    case 'constraint':
      return `SELECT 1 FROM information_schema.table_constraints k WHERE ${belongs(fact.table, 'k')} AND k.constraint_name = ${text(fact.name.text)}`
    case 'rows':
      return `SELECT 1 FROM (SELECT 1 AS one) one WHERE EXISTS (${fact.select})`
  }
}

/** Who has the lock is told to everybody; the list of sessions needs the right to see them, and of MySQL fails at an emoji. */
function atWork(session: number, cluster: boolean): string {
  return cluster
    ? `SELECT 1 AS busy FROM information_schema.PROCESSLIST WHERE ID = ${session}`
    : `SELECT 1 AS busy FROM (SELECT 1 AS one) one WHERE IS_USED_LOCK(${lockName}) = ${session}`
}

export const mysql: Dialect = {
  name: 'mysql',
  title: 'MySQL',
  rollsBackDdl: false,
  queuesBehindDdl: true,
  stretches: 'message',
  lexis: (modes = '') => lexis(modesOf(modes)),
  effect,
  prepared,
  recovery,
  pace: () => 'size',
  leaves,
  undo: () => undefined,
  identifier: backticked,
  text,
  bytes: (value) => `FROM_BASE64('${Buffer.from(value).toString('base64')}')`,
  factsQuery: `SELECT VERSION() AS version, @@global.read_only AS read_only, CURRENT_USER() AS user, DATABASE() AS \`schema\`,
  @@sql_mode AS modes, @@foreign_key_checks AS foreign_keys, @@unique_checks AS unique_checks, @@time_zone AS time_zone,
  ${cluster} AS cluster, @@character_set_client AS charset_client, @@character_set_results AS charset_results,
  @@collation_connection AS collation, @@sql_notes AS notes, @@sql_safe_updates AS safe,
  CONNECTION_ID() AS session`,
  readFacts: (row) => {
    const version = String(row.version)
    return {
      version: `${version.includes('MariaDB') ? 'MariaDB' : 'MySQL'} ${/[\d.]+/.exec(version)?.[0]}`,
      readOnly: Number(row.read_only) === 1,
      user: String(row.user),
      schema: row.schema === null ? null : String(row.schema),
      modes: String(row.modes),
      sharing: Number(row.cluster) > 0 ? 'cluster' : undefined,
      atomicDdl: hasAtomicDdl(version),
      atWork: atWork(Number(row.session), Number(row.cluster) > 0),
      restore: restore(row),
    }
  },
  factQuery,
  tableSizes: `SELECT table_name AS name, nullif(table_schema, database()) AS \`schema\`, table_rows AS \`rows\`
FROM information_schema.tables WHERE table_type = 'BASE TABLE'
AND table_schema NOT IN ('mysql', 'information_schema', 'performance_schema', 'sys')`,
  ledger,
  prepares: undefined,
  transaction,
  batches,
  foreignKeys: undefined,
  looseTables,
  lock,
  lease,
  client,
  databases: {
    create: (name) => `CREATE DATABASE ${backticked(name)}`,
    drop: (name) => `DROP DATABASE ${backticked(name)}`,
    alike: (
      name,
    ) => `SELECT CONCAT(${text(`CREATE DATABASE ${backticked(name)} CHARACTER SET `)}, default_character_set_name,
  ' COLLATE ', default_collation_name) AS \`sql\` FROM information_schema.schemata WHERE schema_name = DATABASE()`,
  },
  blockers: blockersOf(`IS_USED_LOCK(${lockName})`),
  impatience: { cancelled: '1317', code: '1205' },
  // lock wait timeout, deadlock, MariaDB's record changed since last read, a table that somebody is just changing
  isRetryable: (code) => ['1205', '1213', '1020', '1684'].includes(code),
  // in a cluster, of any statement that looks at a table which DDL of another node is about (Galera Cluster manual, "Multi-Primary Conflicts")
  isDeadlock: (code) => code === '1213',
  // 1290 names the option that is in the way, of which read_only is one
  isReadOnly: ({ code, message }) =>
    ['1792', '1836', '1874'].includes(code) || (code === '1290' && /read[-_]only/.test(message)),
}

/** MySQL from 8.0 on, MariaDB from 10.6 on. */
function hasAtomicDdl(version: string): boolean {
  const [major = 0, minor = 0] = /[\d.]+/.exec(version)![0].split('.').map(Number)
  return version.includes('MariaDB') ? major > 10 || (major === 10 && minor >= 6) : major >= 8
}

function restore(row: Readonly<Record<string, unknown>>): readonly string[] {
  const schema = row.schema === null ? [] : [`USE ${backticked(String(row.schema))}`]
  return [
    'UNLOCK TABLES',
    'SET SESSION TRANSACTION READ WRITE',
    `SET SESSION ${timeLimit('DEFAULT', 'DEFAULT')}`,
    `SET SESSION sql_mode = ${text(String(row.modes))}, foreign_key_checks = ${row.foreign_keys}, unique_checks = ${row.unique_checks}, time_zone = ${text(String(row.time_zone))}, character_set_client = ${row.charset_client}, character_set_results = ${row.charset_results ?? 'NULL'}, collation_connection = ${row.collation}, sql_notes = ${row.notes}, sql_safe_updates = ${row.safe}, autocommit = 0`,
    ...schema,
  ]
}
