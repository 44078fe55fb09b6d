import type { Fact, QualifiedName } from '../text/facts.ts'
import type { BlockTracker, Lexis } from '../text/lexis.ts'
import type { Statement } from '../text/split.ts'
import type { Dialect, Effect, LedgerSql, LockSql, Pace, TransactionSql } from './dialect.ts'
import { qualifierAndName, singleQuoted } from './names.ts'
import { batches } from './sqlite-batches.ts'
import { client } from './sqlite-client.ts'
import { foreignKeys } from './sqlite-foreign-keys.ts'
import { sqliteKeywords } from './sqlite-keywords.ts'

const lexis: Lexis = {
  hashComments: false,
  dashNeedsSpace: false,
  nestedComments: false,
  conditionalComments: false,
  backslashEscapes: false,
  escapeStrings: false,
  dollarQuotes: false,
  doubleQuotedStrings: false,
  backticks: true,
  brackets: true,
  client: 'sqlite3',
  clientCommands: new Set(),
  textToTerminator: true, // sqlite_schema has the text of CREATE INDEX so
  caseBlind: sqliteKeywords,
  blocks: (first) => (first === 'create' ? triggerBlock() : undefined),
  after: () => lexis,
}

/** CREATE TRIGGER ends at `; END ;`, as SQLite's own sqlite3_complete() tells it. */
function triggerBlock(): BlockTracker {
  let isTrigger: boolean | undefined
  let ended = false
  let afterTerminator = false
  return {
    token(kind, word) {
      if (isTrigger === undefined && kind === 'word' && !['create', 'temp', 'temporary'].includes(word)) {
        isTrigger = word === 'trigger'
      }
      ended = kind === 'word' && word === 'end' && afterTerminator
      afterTerminator = kind === 'terminator'
    },
    get inside() {
      return isTrigger === true && !ended
    },
    what: 'the trigger',
  }
}

function effect({ words }: { words: readonly string[] }): Effect {
  const [first, second, third] = words
  switch (first) {
    case 'begin':
      return 'begin'
    case 'commit':
    case 'end':
      return 'commit'
    case 'rollback':
      return words.includes('to') ? 'plain' : ownRollback
    case 'pragma':
      return pragma(third !== undefined && (second === 'main' || second === 'temp') ? third : (second ?? ''))
    case 'vacuum':
    case 'attach':
    case 'detach':
      return 'alone'
    default:
      return 'plain'
  }
}

/** Pragmas that have no effect, or fail, inside a transaction (sqlite.org/pragma.html). */
function pragma(name: string): Effect {
  if (name === 'foreign_keys') return 'skip'
  return ['journal_mode', 'synchronous', 'page_size', 'auto_vacuum', 'locking_mode'].includes(name) ? 'alone' : 'plain'
}

/** Pragmas of the session, off unless a file sets them; `foreign_keys` is set for each file anyway. */
const sessionPragmas = [
  'query_only',
  'writable_schema',
  'ignore_check_constraints',
  'case_sensitive_like',
  'recursive_triggers',
  'legacy_alter_table',
  'reverse_unordered_selects',
]

const ownRollback = {
  refused: 'a ROLLBACK would undo the migration while it is recorded as applied',
  remedy: 'remove it; sqlmig rolls back when a statement fails',
}

const transaction: TransactionSql = {
  // who waits for another runner looks again soon, and is not stuck inside the call
  open: ({ lockTimeout }) => ['PRAGMA busy_timeout = 100', 'BEGIN IMMEDIATE', `PRAGMA busy_timeout = ${lockTimeout}`],
  settings: ({ lockTimeout }) => [`PRAGMA busy_timeout = ${lockTimeout}`],
  patiently: () => undefined,
  each: () => [],
  lazily: [],
  // malformed JSON is an error that an expression can raise
  check: (table, seq) =>
    `SELECT iif((SELECT coalesce(max(seq), 0) FROM ${table}) = ${seq}, 1, json('the ledger has moved on'))`,
  tell: [],
  begin: 'BEGIN IMMEDIATE',
  commit: 'COMMIT',
  rollback: 'ROLLBACK',
  savepoint: {
    set: 'SAVEPOINT sqlmig_migration',
    release: 'RELEASE sqlmig_migration',
    rollback: 'ROLLBACK TO sqlmig_migration',
    size: 'SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size',
  },
}

/** A recursive query makes its own rows. */
function pace({ words: [first, second], text }: Pick<Statement, 'words' | 'text'>): Pace {
  if (/\brecursive\b|\bgenerate_series\b/i.test(text)) return 'open'
  const reads = /\bselect\b/i.test(text)
  if (first === 'create')
    return second === 'index' || second === 'unique' || (second === 'table' && reads) ? 'size' : 'quick'
  return first === 'insert' && !reads ? 'quick' : 'size'
}

const clock = "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')"

const ledger: LedgerSql = {
  exists: (table) => {
    const [, schema, name] = /^"((?:[^"]|"")+)"\."((?:[^"]|"")+)"$/.exec(table) ?? []
    return `SELECT 1 AS present FROM "${schema}".sqlite_master WHERE type = 'table' AND lower(name) = lower(${singleQuoted((name ?? '').replaceAll('""', '"'))})`
  },
  create: (table) => [
    `CREATE TABLE IF NOT EXISTS ${table} (
  seq integer PRIMARY KEY,
  event text NOT NULL,
  id text NOT NULL,
  at text NOT NULL,
  duration_ms integer,
  rows_written integer,
  statements integer,
  done integer,
  running integer,
  running_prefix text,
  fingerprint text,
  checksum text,
  tokens text,
  prefix text,
  guard integer,
  batch text,
  body blob,
  catalogue blob,
  file text,
  by_user text NOT NULL,
  by_host text NOT NULL,
  version text NOT NULL,
  note text,
  hash text
)`,
  ],
  now: clock,
  words: (columns) => `${columns.slice(0, -1).join(" || ' ' || ")} || coalesce(' ' || ${columns.at(-1)}, '')`,
  iso: (column) => column,
  part: (column) => `coalesce(replace(replace(${column}, '~', '~~'), '|', '~p'), '~0')`,
  // a function of the sqlite3 program, which our sessions have as well; SQLite itself has none
  digest: (parts) => `lower(hex(sha3(${parts.join(" || '|' || ")}, 256)))`,
  digestName: 'sha3-256',
  elapsed: ({ at }) => sinceTime(`'${new Date(at).toISOString()}'`),
  since: sinceTime,
}

function sinceTime(time: string): string {
  return `max(0, cast(round((julianday('now') - julianday(${time})) * 86400000) AS integer))`
}

/** A database file has no lock that outlasts a transaction and lets others read. */
const lock: LockSql = {
  acquire: 'BEGIN IMMEDIATE',
  fence: () => [],
  lost: '',
  release: 'ROLLBACK',
  beside: '-sqlmig-lock',
  holders: () => [],
}

function master(name: QualifiedName): { schema: string; table: string } {
  const { qualifier, name: last } = qualifierAndName(name)
  return { schema: qualifier ? `"${qualifier.text.replaceAll('"', '""')}".` : '', table: singleQuoted(last.text) }
}

function factQuery(fact: Fact): string {
  switch (fact.kind) {
    case 'table': {
      const { schema, table } = master(fact.table)
      return `SELECT 1 FROM ${schema}sqlite_master WHERE type IN ('table', 'view') AND lower(name) = lower(${table})`
    }
    case 'column': {
      const { table } = master(fact.table)
      return `SELECT 1 FROM pragma_table_xinfo(${table}) WHERE lower(name) = lower(${singleQuoted(fact.column.text)})`
    }
    case 'index': {
      const { schema, table } = master(fact.table)
      return `SELECT 1 FROM ${schema}sqlite_master WHERE type = 'index' AND lower(tbl_name) = lower(${table}) AND lower(name) = lower(${singleQuoted(fact.name.text)})`
    }
    case 'constraint': {
      // SQLite keeps constraint names only in the text of the table
      const { schema, table } = master(fact.table)
      const name = fact.name.text.toLowerCase()
      const forms = [name, `"${name}"`, `\`${name}\``, `[${name}]`]
      const found = forms.map((form) => `instr(text, ${singleQuoted(` constraint ${form} `)}) > 0`).join(' OR ')
      return `SELECT 1 FROM (SELECT ' ' || replace(replace(replace(replace(replace(lower(sql), char(10), ' '), char(9), ' '), ',', ' '), '(', ' ('), '  ', ' ') || ' ' AS text
FROM ${schema}sqlite_master WHERE type = 'table' AND lower(name) = lower(${table})) WHERE ${found}`
    }
    case 'rows':
      return `SELECT 1 WHERE EXISTS (${fact.select})`
  }
}

export const sqlite: Dialect = {
  name: 'sqlite',
  title: 'SQLite',
  rollsBackDdl: true,
  queuesBehindDdl: false,
  stretches: 'transaction',
  lexis: () => lexis,
  effect,
  // A .dump puts virtual tables into sqlite_schema by hand; only RESET makes the session see them (pragma.html, "writable_schema").
  prepared: ({ text, words }) => (words[1] === 'writable_schema' ? text.replace(/=\s*off\s*$/i, '= RESET') : text),
  // what refuses a transaction (VACUUM, pragmas) changes no data, and may be done twice
  recovery: (statement) => (effect(statement) === 'alone' ? { kind: 'again' } : undefined),
  pace,
  leaves: ({ words: [first] }) =>
    first === 'pragma' || first === 'attach' || first === 'detach' ? 'again' : undefined,
  undo: () => undefined,
  identifier: (name) => `"${name.replaceAll('"', '""')}"`,
  text: singleQuoted,
  bytes: (value) => `X'${Buffer.from(value).toString('hex')}'`,
  factsQuery: `SELECT sqlite_version() AS version, (SELECT foreign_keys FROM pragma_foreign_keys) AS foreign_keys`,
  readFacts: (row) => ({
    version: `SQLite ${row.version}`,
    readOnly: false,
    user: '',
    schema: 'main',
    modes: '',
    sharing: undefined,
    atomicDdl: true,
    atWork: undefined,
    restore: sessionPragmas.map((name) => `PRAGMA ${name} = OFF`),
  }),
  factQuery,
  tableSizes: `SELECT m.name, NULL AS schema, (SELECT sum(d.ncell) FROM dbstat d WHERE d.name = m.name AND d.pagetype = 'leaf') AS rows
FROM sqlite_schema m WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'`,
  ledger,
  prepares: undefined,
  transaction,
  batches,
  foreignKeys,
  looseTables: undefined,
  lock,
  lease: undefined,
  client,
  databases: undefined,
  blockers: [],
  impatience: undefined,
  isRetryable: (code) => code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED'),
  isDeadlock: () => false,
  isReadOnly: ({ code }) => code.startsWith('SQLITE_READONLY'),
}
