import type { ClientSql, Stop } from './client.ts'
import { singleQuoted } from './names.ts'
import { foreignKeys } from './sqlite-foreign-keys.ts'

/** Only a trigger can raise an error with words, and those are fixed: the reason is a row. */
function stop({ where, why, found, remedy }: Stop): readonly string[] {
  const told = [singleQuoted(why), ...(found === undefined ? [] : [found]), singleQuoted(remedy)]
  return [
    `UPDATE temp.sqlmig_script SET stops = coalesce((${where}), 1)`,
    `SELECT 'sqlmig stops: ' || ${told.join(" || '; ' || ")} FROM temp.sqlmig_script WHERE stops`,
    'UPDATE temp.sqlmig_script SET ended = 1 WHERE stops',
  ]
}

/** Its folder is the user's alone, so that nobody can change what stands in it before it is read. */
const generated = (token: string): string => `sqlmig-${token}/next.sql`
const privateFolder = 0o40700

function conditional(flag: string, sql: string, token: string): string {
  const file = singleQuoted(generated(token))
  return [
    `UPDATE temp.sqlmig_script SET written = writefile(${file}, CASE WHEN ${flag} THEN ${singleQuoted(`${sql}\n;\n`)} ELSE '' END);`,
    `.read ${generated(token)}`,
    `UPDATE temp.sqlmig_script SET written = writefile(${file}, '');`,
  ].join('\n')
}

const newViolations = `${foreignKeys.violations} EXCEPT SELECT child, id, parent FROM temp.sqlmig_violations`

const begin = (table: string): readonly string[] => ['BEGIN', `DELETE FROM ${table} WHERE seq < 0`]

export const client: ClientSql = {
  program: 'sqlite3',
  command: (file) => `sqlite3 DATABASE.db < ${file}`,
  advice: [],
  // psql heeds the second line and stops; mysql and mariadb stop at once
  head: [
    '.bail on',
    '# \\set ON_ERROR_STOP on',
    '.mode list',
    '.headers off',
    '.timeout 5000',
    'CREATE TEMP TABLE sqlmig_script (stops integer, ended integer, written integer, held integer, met integer, unmet integer, opened text);',
    'INSERT INTO temp.sqlmig_script (written) VALUES (0);',
    `CREATE TEMP TRIGGER sqlmig_ends AFTER UPDATE OF ended ON temp.sqlmig_script BEGIN SELECT RAISE(ABORT, 'sqlmig stops, for the reason above'); END;`,
    `CREATE TEMP TRIGGER sqlmig_wrote AFTER UPDATE OF written ON temp.sqlmig_script WHEN NEW.written IS NULL BEGIN SELECT RAISE(ABORT, 'sqlmig stops: the working folder has to be one that this user can write to'); END;`,
  ],
  session: [],
  // the pragma would print its value
  statement: (sql) => (/^PRAGMA busy_timeout = \d+$/.test(sql) ? `.timeout ${sql.split(' ').at(-1)}` : `${sql};`),
  verbatim: (sql) => `${sql};`,
  say: (words) => `.print ${singleQuoted(words.replaceAll("'", ''))}`,
  show: (select) => `.mode column\n.headers on\n${select};`,
  joined: (parts) => parts.join(' || '),
  stop,
  checks: () => [],
  checked: [],
  // in this mode what a transaction has locked stays locked after a ROLLBACK; a COMMIT would keep out readers, too
  lock: [
    ".print 'taking the lock: if it is locked, somebody else is running migrations'",
    '.timeout 1000',
    "ATTACH (SELECT file || '-sqlmig-lock' FROM pragma_database_list WHERE name = 'main') AS sqlmig_lock;",
    'CREATE TABLE IF NOT EXISTS sqlmig_lock.holder (no integer);',
    'PRAGMA sqlmig_lock.locking_mode = EXCLUSIVE;',
    'BEGIN;',
    'DELETE FROM sqlmig_lock.holder WHERE no = 1;',
    'ROLLBACK;',
  ],
  unlock: ['DETACH sqlmig_lock'],
  fence: [],
  database: "(SELECT file FROM pragma_database_list WHERE name = 'main')",
  anyDatabase: false,
  point: {
    applied: (table) =>
      `(SELECT coalesce(group_concat(id, ','), '') FROM (SELECT DISTINCT id FROM ${table} WHERE event NOT IN ('failed', 'resumed') ORDER BY id))`,
    tables: `(SELECT coalesce(group_concat(name, ', '), 'none') FROM (SELECT name FROM main.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name))`,
  },
  violations: {
    before: [
      'DROP TABLE IF EXISTS temp.sqlmig_violations',
      `CREATE TEMP TABLE sqlmig_violations AS ${foreignKeys.violations}`,
    ],
    after: (id) => [
      {
        where: `EXISTS (${newViolations})`,
        why: `${id} was rolled back: it leaves rows that refer to nothing`,
        found: `(SELECT coalesce('row ' || id, 'a row') || ' of ' || child || ' refers to no row of ' || parent FROM (${newViolations}) LIMIT 1)`,
        remedy: 'have the migration corrected, and a new script made',
      },
    ],
  },
  // BEGIN IMMEDIATE would be about the lock file, too; a write that changes nothing waits for other writers as that does
  open: ({ lockTimeout }, table) => [
    `PRAGMA busy_timeout = ${lockTimeout}`,
    ...begin(table),
    "UPDATE temp.sqlmig_script SET opened = strftime('%Y-%m-%dT%H:%M:%fZ', 'now')",
  ],
  begin,
  opened: '(SELECT opened FROM temp.sqlmig_script)',
  conditions: {
    prepare: ({ token }) =>
      `CREATE TEMP TABLE sqlmig_folder AS SELECT writefile('sqlmig-${token}', NULL, ${privateFolder});`,
    set: (flag, condition, only, { token }) => {
      const set = `UPDATE temp.sqlmig_script SET ${flag} = (${condition})`
      return only === undefined ? `${set};` : conditional(only, set, token)
    },
    only: (flag, { text }, { token }) => conditional(flag, text, token),
    value: (flag) => `(SELECT ${flag} FROM temp.sqlmig_script)`,
  },
  batches: undefined,
}
