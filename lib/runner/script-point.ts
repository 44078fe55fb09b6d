import type { Stop } from '../dialects/client.ts'
import type { Ledger, LedgerRow, Recorded } from '../ledger/rows.ts'
import type { Run } from './run.ts'

/** What a script expects to find: the database as it was when the script was made. */
export interface Point {
  readonly ledgerExists: boolean
  readonly lastSeq: number
  readonly newest: LedgerRow | undefined
  /** What the database said, by the expression that the script asks again, of what is applied; of its tables where there is no ledger. */
  readonly said: string
  readonly halfDone: readonly Recorded[]
}

export async function readPoint({ session, dialect, table }: Run, ledger: Ledger): Promise<Point> {
  const { applied, tables } = dialect.client.point
  for (const sql of dialect.client.session) await session.exec([sql])
  const [row] = await session.query(`SELECT ${ledger.exists ? applied(table) : tables} AS said`)
  return {
    ledgerExists: ledger.exists,
    lastSeq: ledger.lastSeq,
    newest: ledger.rows.at(-1),
    said: String(row?.said),
    halfDone: [...ledger.recorded.values()].filter(({ state }) => state === 'partial'),
  }
}

/** Qualified names would tie a script to the name of one database; without them it runs where the ledger is the same. */
export function inAnyDatabase(run: Run, leaves: boolean): Run {
  const { dialect, facts, table } = run
  const own = facts.schema === null ? undefined : `${dialect.identifier(facts.schema)}.`
  if (!dialect.client.anyDatabase || leaves || own === undefined || !table.startsWith(own)) return run
  const restore = facts.restore.filter((sql) => !/^USE /.test(sql))
  return { ...run, table: table.slice(own.length), facts: { ...facts, restore } }
}

/** Where names are qualified, only the database of that name will do. */
export function databaseStops({ dialect, facts, table, target }: Run): readonly Stop[] {
  const { client } = dialect
  if (!client.anyDatabase || facts.schema === null || !table.includes('.')) return []
  return [
    {
      where: `${client.database} <> ${dialect.text(facts.schema)}`,
      why: `nothing was run: the script names the database ${facts.schema} itself, and runs in no other`,
      found: client.joined(["'the database is '", client.database]),
      remedy: `is this the right database? The script was made for ${target.display}. If it is, ${fresh}`,
    },
  ]
}

const fresh = 'have a new script made for this database as it is now ("sqlmig script")'

/** Whether there is a ledger: no other statement could name it before. */
export function ledgerStop({ dialect, table, target }: Run, point: Point): Stop {
  const { client } = dialect
  const present = `EXISTS (${dialect.ledger.exists(table)})`
  const found = client.joined(["'the database is '", client.database])
  if (point.ledgerExists)
    return {
      where: `NOT ${present}`,
      why: `nothing was run: the table ${table} of applied migrations is expected, and not there`,
      found,
      remedy: `is this the right database? The script was made for ${target.display}. If it is, ${fresh}`,
    }
  return {
    where: present,
    why: `nothing was run: the script is for a database in which no migration was run, and here is the table ${table}`,
    found,
    remedy: fresh,
  }
}

/** The rest of what has to be as it was. */
export function pointStops(run: Run, point: Point): readonly Stop[] {
  return point.ledgerExists ? [...halfDoneStops(run, point), ...rowStops(run, point)] : [tablesStop(run, point)]
}

/** Without a ledger only its tables tell a database from others. */
function tablesStop({ dialect, target }: Run, { said }: Point): Stop {
  const { client } = dialect
  const wanted = said === 'none' ? 'an empty database' : `a database with these tables: ${short(said)}`
  return {
    where: `${client.point.tables} <> ${dialect.text(said)}`,
    why: `nothing was run: the script was made for ${wanted}`,
    found: client.joined([
      "'the database '",
      client.database,
      "' has these: '",
      `substr(${client.point.tables}, 1, 400)`,
    ]),
    remedy: `is this the right database? The script was made for ${target.display}. If it is, ${fresh}`,
  }
}

/** @param table the ledger */
function halfDone(table: string): string {
  return `${table} s WHERE s.event = 'started' AND NOT EXISTS (SELECT 1 FROM ${table} a WHERE a.id = s.id AND a.seq > s.seq AND a.event = 'applied')`
}

function halfDoneStops({ dialect, table }: Run, point: Point): readonly Stop[] {
  const { client } = dialect
  const open = halfDone(table)
  const stands = client.joined(['s.id', "': '", 's.done', "' of '", 's.statements', "' statements stand'"])
  const expected = point.halfDone.map(({ row }) => row)
  const others = expected.map(({ seq }) => ` AND s.seq <> ${seq}`).join('')
  const found = `(SELECT ${stands} FROM ${open}${others} ORDER BY s.seq LIMIT 1)`
  return [
    {
      where: `EXISTS (SELECT 1 FROM ${open}${others})`,
      why: 'nothing was run: a migration is half done in this database',
      found,
      remedy: 'it was interrupted, and has to be finished first: with "sqlmig up", or with a new script made now',
    },
    ...expected.map((row) => ({
      where: `NOT EXISTS (SELECT 1 FROM ${table} WHERE seq = ${row.seq} AND event = 'started' AND id = ${dialect.text(row.id)} AND done = ${row.done ?? 0} AND running IS NULL${row.batch === null ? ' AND batch IS NULL' : ` AND batch = ${dialect.text(row.batch)}`}${row.prefix === null ? '' : ` AND prefix = ${dialect.text(row.prefix)}`})`,
      why: `nothing was run: the script goes on in ${row.id} behind statement ${row.done ?? 0}, and that is not where it stands here`,
      remedy: fresh,
    })),
  ]
}

function rowStops({ dialect, table, target }: Run, { lastSeq, newest, said }: Point): readonly Stop[] {
  const { client } = dialect
  const row = client.joined(["'row '", 'seq', "', '", 'event', "' '", 'id', "', of '", dialect.ledger.iso('at')])
  const last = `coalesce((SELECT ${row} FROM ${table} WHERE seq = (SELECT max(seq) FROM ${table})), 'no row at all')`
  const found = client.joined(["'the newest here, in '", client.database, "', is '", last])
  const wanted = newest ? `row ${lastSeq}, ${newest.event} ${newest.id}` : 'no row at all'
  const matches = newest ? ` AND id = ${dialect.text(newest.id)} AND event = ${dialect.text(newest.event)}` : ''
  const remedy = `where it was run here already, there is nothing to do; else ask whether this is the right database (the script was made for ${target.display}), and ${fresh}`
  return [
    {
      where: `coalesce((SELECT max(seq) FROM ${table}), 0) <> ${lastSeq}${newest ? ` OR NOT EXISTS (SELECT 1 FROM ${table} WHERE seq = ${lastSeq}${matches})` : ''}`,
      why: `nothing was run: the ledger is not where the script was made for, its newest row being ${wanted}`,
      found,
      remedy,
    },
    {
      where: `${client.point.applied(table)} <> ${dialect.text(said)}`,
      why: 'nothing was run: other migrations are applied here than the script was made for',
      found,
      remedy,
    },
  ]
}

/** Between the migrations of a script: nobody else has written. */
export function movedStop({ dialect, table }: Run, seq: number): Stop {
  const { client } = dialect
  return {
    where: `coalesce((SELECT max(seq) FROM ${table}), 0) <> ${seq}`,
    why: 'somebody else has changed the ledger while the script ran: what was done before stands, and is recorded',
    found: client.joined([
      "'its newest row is '",
      `coalesce((SELECT max(seq) FROM ${table}), 0)`,
      `', expected ${seq}'`,
    ]),
    remedy: fresh,
  }
}

function short(names: string): string {
  return names.length > 300 ? `${names.slice(0, 300)}…` : names
}
