import type { LeaseSql, LeaseTaker } from './dialect.ts'
import { failsUnless } from './mysql-lock.ts'
import { text } from './mysql-text.ts'
import { besideTable } from './names.ts'

const now = 'UTC_TIMESTAMP(6)'
const expires = `${now} + INTERVAL 20 SECOND`

function values({ token, user, host, session }: LeaseTaker): string {
  return `token = ${text(token)}, by_user = ${text(user)}, by_host = ${text(host)}, session = ${text(session)},
  since = ${now}, expires = ${expires}, beats = 0`
}

/**
 * Galera certifies what is written: two nodes that change one row cannot both commit. A statement of a killed runner
 * that is still at work can no longer commit, for each transaction of a run changes the row of the lease; and DDL
 * keeps all other writes of the cluster waiting.
 */
export const lease: LeaseSql = {
  table: (ledger) => besideTable(ledger, '_lock'),
  create: (table) => [
    `CREATE TABLE IF NOT EXISTS ${table} (
  id int PRIMARY KEY,
  token varchar(64) NOT NULL,
  by_user varchar(255) NOT NULL DEFAULT '',
  by_host varchar(255) NOT NULL DEFAULT '',
  session varchar(255) NOT NULL DEFAULT '',
  since datetime(6) NOT NULL DEFAULT '1970-01-01 00:00:00' COMMENT 'UTC',
  expires datetime(6) NOT NULL DEFAULT '1970-01-01 00:00:00' COMMENT 'UTC',
  beats int NOT NULL DEFAULT 0
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin`,
  ],
  session: "SELECT CONCAT('connection ', CONNECTION_ID()) AS session",
  sessionNames: /^/,
  look: (table) => `SELECT token, beats, expires <= ${now} AS expired, 0 AS busy FROM ${table} WHERE id = 1`,
  holder: (table) =>
    `SELECT CONCAT(by_host, ', user ', by_user, ', since ', since, 'Z') AS holder FROM ${table} WHERE id = 1 AND expires > ${now}`,
  challenge: (table) =>
    `INSERT INTO ${table} (id, token) VALUES (2, 'challenge') ON DUPLICATE KEY UPDATE beats = beats + 1`,
  take: (table, taker, former) => [
    former
      ? `UPDATE ${table} SET ${values(taker)} WHERE id = 1 AND token = ${text(former.token)} AND beats = ${former.beats}`
      : `INSERT IGNORE INTO ${table} SET id = 1, ${values(taker)}`,
  ],
  beat: (table, token) => [
    `UPDATE ${table} SET expires = ${expires}, beats = beats + 1 WHERE id = 1 AND token = ${text(token)}`,
    failsUnless('ROW_COUNT() = 1'),
  ],
  release: (table, token) => `DELETE FROM ${table} WHERE id = 1 AND token = ${text(token)}`,
  // where a lease is the lock, every run takes it
  honour: () => undefined,
}
