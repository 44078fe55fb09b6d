import type { LeaseSql, LeaseTaker } from './dialect.ts'
import { besideTable } from './names.ts'
import { block, lockKey, lost, raise, raising, taken } from './postgres-lock.ts'
import { text } from './postgres-text.ts'

const expires = "pg_catalog.clock_timestamp() + interval '20 s'"
const live = 'expires > pg_catalog.clock_timestamp()'

/** While the lease changes hands nobody may be in a transaction that has the other lock. */
const guarded = (statements: readonly string[]): readonly string[] => [
  'BEGIN',
  raise(`NOT pg_catalog.pg_try_advisory_xact_lock(${lockKey})`, 'another sqlmig holds the lock', taken),
  "SET LOCAL lock_timeout = '2s'",
  ...statements,
  'COMMIT',
]

function values({ token, user, host, session }: LeaseTaker): string {
  return `token = ${text(token)}, by_user = ${text(user)}, by_host = ${text(host)}, session = ${text(session)},
  since = pg_catalog.clock_timestamp(), expires = ${expires}, beats = 0`
}

export const lease: LeaseSql = {
  table: (ledger) => besideTable(ledger, '_lock'),
  create: (table) =>
    guarded([
      `CREATE TABLE IF NOT EXISTS ${table} (
  id integer PRIMARY KEY,
  token text NOT NULL,
  by_user text NOT NULL DEFAULT '',
  by_host text NOT NULL DEFAULT '',
  session text NOT NULL DEFAULT '',
  since timestamptz NOT NULL DEFAULT 'epoch',
  expires timestamptz NOT NULL DEFAULT 'epoch',
  beats integer NOT NULL DEFAULT 0
)`,
    ]),
  session: "SELECT pg_catalog.current_setting('application_name') AS session",
  sessionNames: /\bsqlmig \d+@/,
  // the server lists every session's name and locks to everyone, unlike its statement; whoever runs something has a virtual transaction
  look: (table) => `SELECT l.token, l.beats, NOT ${live} AS expired, EXISTS (
  SELECT 1 FROM pg_catalog.pg_stat_activity a JOIN pg_catalog.pg_locks k ON k.pid = a.pid
  WHERE a.application_name = l.session AND a.datname = current_database() AND a.pid <> pg_catalog.pg_backend_pid()
    AND k.locktype = 'virtualxid' AND k.granted) AS busy
FROM ${table} l WHERE l.id = 1`,
  holder: (table) => `SELECT concat(by_host, ', user ', by_user, ', since ',
  to_char(since AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS"Z"')) AS holder FROM ${table} WHERE id = 1 AND ${live}`,
  challenge: (table) => `INSERT INTO ${table} (id, token) VALUES (2, 'challenge')
ON CONFLICT (id) DO UPDATE SET beats = ${table}.beats + 1`,
  take: (table, taker, former) =>
    guarded(
      former
        ? [
            `UPDATE ${table} SET ${values(taker)} WHERE id = 1 AND token = ${text(former.token)} AND beats = ${former.beats}`,
          ]
        : [
            `INSERT INTO ${table} (id, token, by_user, by_host, session, since, expires)
VALUES (1, ${text(taker.token)}, ${text(taker.user)}, ${text(taker.host)}, ${text(taker.session)}, pg_catalog.clock_timestamp(), ${expires})
ON CONFLICT (id) DO NOTHING`,
          ],
    ),
  beat: (table, token) => [
    block(`UPDATE ${table} SET expires = ${expires}, beats = beats + 1 WHERE id = 1 AND token = ${text(token)};
IF NOT FOUND THEN ${raising('another sqlmig has taken the lock over', lost)} END IF;`),
  ],
  release: (table, token) => `DELETE FROM ${table} WHERE id = 1 AND token = ${text(token)}`,
  honour: (table, token) => block(honouring(table, token)),
}

/** What a block does that honours a lease. */
export function honouring(table: string, token: string | undefined): string {
  return `IF pg_catalog.to_regclass(${text(table)}) IS NOT NULL THEN
IF EXISTS (SELECT 1 FROM ${table} WHERE id = 1 AND ${live} AND token <> ${text(token ?? '')}) THEN ${raising('another sqlmig holds the lock', taken)} END IF;
END IF;`
}
