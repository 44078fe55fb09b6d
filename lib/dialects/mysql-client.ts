import type { ClientSql, Stop } from './client.ts'
import type { ServerFacts } from './dialect.ts'
import { cluster, lockName } from './mysql-lock.ts'
import { text } from './mysql-text.ts'

/**
 * Only a stored program has IF and SIGNAL on MySQL: the reason is a row, and an error ends the program. Of all errors
 * that an expression can cause, that of a value which a variable does not take tells the most of a text.
 */
function stop({ where, why, found, remedy }: Stop): readonly string[] {
  const lines = [text(why), ...(found === undefined ? [] : [found]), text(remedy)]
  const told = `SELECT CONCAT_WS('; ', ${lines.join(', ')}) AS sqlmig_stops FROM (SELECT 1) one WHERE @sqlmig_stop`
  return [
    `SET @sqlmig_stop = COALESCE((${where}), 1)`,
    told,
    `SET SESSION sql_mode = IF(@sqlmig_stop, ${text(`sqlmig stops: ${plain(why).slice(0, 120)}`)}, @@sql_mode)`,
  ]
}

/** A comma would end what is told as the value. */
const plain = (words: string): string => words.replaceAll(',', ' -')

function checks({ version }: ServerFacts): readonly Stop[] {
  const maria = version.startsWith('MariaDB')
  const product = maria ? 'MariaDB' : 'MySQL'
  return [
    {
      where: `VERSION() ${maria ? 'NOT LIKE' : 'LIKE'} '%MariaDB%'`,
      why: `nothing was run: the script was made for ${product}`,
      found: "CONCAT('this server is ', VERSION())",
      remedy: 'have a script made for this server',
    },
    {
      where: 'DATABASE() IS NULL',
      why: 'nothing was run: no database is chosen',
      remedy: 'give its name on the command line',
    },
    {
      where: '@@global.read_only = 1',
      why: 'nothing was run: this server takes no writes: it is a replica, or set to read-only',
      remedy: 'connect to the primary server',
    },
    {
      where: `${cluster} > 0`,
      why: 'nothing was run: this is a cluster, of which each node has locks of its own',
      remedy: 'run the plan with sqlmig up',
    },
  ]
}

/** SQL Syntax Permitted in Prepared Statements (MySQL manual); MariaDB prepares all but PREPARE itself from 10.6.2 on. */
function isPreparable([first = '', ...rest]: readonly string[]): boolean {
  if (always.has(first)) return true
  if (first !== 'create' && first !== 'drop' && first !== 'alter') return false
  const what = rest.find((word) => objects.has(word))
  return what !== undefined && objects.get(what)!.includes(first)
}

function preparesAll(version: string): boolean {
  const [, major = 0, minor = 0] = /^MariaDB (\d+)\.(\d+)/.exec(version)?.map(Number) ?? []
  return major > 10 || (major === 10 && minor > 6)
}

const always = new Set(
  'analyze call checksum delete do flush grant insert optimize rename repair replace revoke select set show truncate update with values table'.split(
    ' ',
  ),
)
/** The first of these words tells what a DDL statement is about. */
const objects: ReadonlyMap<string, readonly string[]> = new Map([
  ['table', ['create', 'alter', 'drop']],
  ['index', ['create', 'drop']],
  ['view', ['create', 'drop']],
  ['user', ['create', 'alter', 'drop']],
  ['database', ['create', 'drop']],
  ['schema', ['create', 'drop']],
  ['procedure', []],
  ['function', []],
  ['trigger', []],
  ['event', []],
])

const statement = (sql: string): string =>
  sql.includes(';') ? `DELIMITER $sqlmig$\n${sql}$sqlmig$\nDELIMITER ;` : `${sql};`

function prepared(flag: string, sql: string): string {
  const lines = [
    `SET @sqlmig_sql = IF(@sqlmig_${flag}, ${text(sql)}, 'DO 0')`,
    'PREPARE sqlmig_conditional FROM @sqlmig_sql',
    'EXECUTE sqlmig_conditional',
    'DEALLOCATE PREPARE sqlmig_conditional',
  ]
  return lines.map(statement).join('\n')
}

export const client: ClientSql = {
  program: 'mysql',
  command: (file) => `mysql --comments --default-character-set=utf8mb4 -h HOST -u USER -p DATABASE < ${file}`,
  advice: ['Never add --force: the program would go on after an error. The program "mariadb" does as well as "mysql".'],
  // sqlite3 heeds the first line and stops at the second, which makes mysql forget the first; psql heeds the third
  head: ['.bail on', '\\c', '# \\set ON_ERROR_STOP on'],
  // the last two are what --safe-updates sets
  session: ['SET SESSION group_concat_max_len = 67108864, sql_select_limit = DEFAULT, max_join_size = DEFAULT'],
  statement,
  verbatim: statement,
  say: (words) => statement(`SELECT ${text(words)} AS sqlmig`),
  show: statement,
  joined: (parts) => `CONCAT(${parts.join(', ')})`,
  stop,
  checks,
  checked: ['the server is of the product it was made for, takes writes, and is no cluster'],
  lock: stop({
    where: `COALESCE(GET_LOCK(${lockName}, 0), 0) <> 1`,
    why: 'nothing was run: somebody else is running migrations in this database',
    found: `CONCAT('the lock is held by connection ', COALESCE(IS_USED_LOCK(${lockName}), 'unknown'))`,
    remedy: 'wait until that is done; if it has changed the ledger, have a new script made',
  }).map(statement),
  unlock: [`SET @sqlmig_unlocked = RELEASE_LOCK(${lockName})`],
  fence: stop({
    where: `COALESCE(IS_USED_LOCK(${lockName}), 0) <> CONNECTION_ID()`,
    why: 'the session has lost the lock: a statement gave it up',
    remedy: 'what is recorded stands; have a new script made',
  }),
  database: 'DATABASE()',
  anyDatabase: true,
  point: {
    applied: (table) =>
      `(SELECT SHA2(COALESCE(GROUP_CONCAT(DISTINCT id ORDER BY id SEPARATOR ','), ''), 256) FROM ${table} WHERE event NOT IN ('failed', 'resumed'))`,
    tables: `(SELECT COALESCE(GROUP_CONCAT(table_name ORDER BY BINARY table_name SEPARATOR ', '), 'none') FROM information_schema.tables
WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE')`,
  },
  violations: undefined,
  open: undefined,
  begin: undefined,
  opened: undefined,
  conditions: {
    prepare: () => '',
    set: (flag, condition, only) => {
      const set = `SET @sqlmig_${flag} = (${condition})`
      return only === undefined ? statement(set) : prepared(only, set)
    },
    only: (flag, { text: sql, words }, { version }) =>
      isPreparable(words) || preparesAll(version) ? prepared(flag, sql) : undefined,
    value: (flag) => `@sqlmig_${flag}`,
  },
  batches: undefined,
}
