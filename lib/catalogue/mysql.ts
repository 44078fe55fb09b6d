import type { Row, Session } from '../drivers/driver.ts'
import { SqlmigError } from '../errors.ts'
import type { CatalogueObject } from './model.ts'
import { type Context, eventsFrom, routineFrom, triggersFrom, viewFrom } from './mysql-code.ts'
import { grants } from './mysql-grants.ts'
import { name, withoutDatabase } from './mysql-lexing.ts'
import { assertSeesAll } from './mysql-rights.ts'
import { type Collations, tableFrom } from './mysql-tables.ts'
import type { CatalogueReader, ReadOptions } from './read.ts'

/** How many SHOW statements go in one message. */
const batch = 200

/**
 * MySQL and MariaDB say in information_schema less than in SHOW CREATE, and each says something else; so the lists are from
 * there, and the rest is from SHOW CREATE, hundreds of them in one message.
 */
export const readMysql: CatalogueReader = async (session, options) => {
  const [before] = await session.query('SELECT @@sql_mode AS modes, @@sql_quote_show_create AS quotes')
  // ANSI_QUOTES, NO_BACKSLASH_ESCAPES and the like change what SHOW CREATE prints.
  await session.exec(["SET SESSION sql_mode = '', SESSION sql_quote_show_create = 1"])
  try {
    return await read(session, options)
  } finally {
    await session.exec([`SET SESSION sql_mode = '${before?.modes}', SESSION sql_quote_show_create = ${before?.quotes}`])
  }
}

async function read(session: Session, options: ReadOptions): Promise<readonly CatalogueObject[]> {
  const context = await contextOf(session)
  const { database } = context
  await assertSeesAll(session, database)
  const isLeftOut = (title: string) =>
    options.without.some(({ schema, name }) => name === title && (schema === undefined || schema === database))
  const listed = (await session.query(relations))
    .map(({ name, type }) => ({ name: String(name), type: String(type) }))
    .filter(({ name }) => !isLeftOut(name))
  const named = (pattern: RegExp) => listed.filter(({ type }) => pattern.test(type)).map(({ name }) => name)
  const collations = await collationsOf(session)
  const tables = (await shown(session, 'TABLE', named(/^(BASE TABLE|SYSTEM VERSIONED)$/))).map(({ sql }) =>
    tableFrom(sql, database, collations),
  )
  const sequences = (await shown(session, 'SEQUENCE', named(/^SEQUENCE$/))).map(({ title, sql }) =>
    sequenceFrom(title, withoutDatabase(sql, database)),
  )
  const routines = await readRoutines(session, context)
  const others = new Set([...tables, ...sequences, ...routines].map(({ kind, name }) => `${kind} ${name}`))
  const views = named(/VIEW$/)
  for (const view of views) others.add(`view ${view}`)
  return [
    ...tables,
    ...sequences,
    ...routines,
    ...(await shown(session, 'VIEW', views)).map(({ title, sql }) => viewFrom(title, sql, context, others)),
    ...triggersFrom(await session.query(triggers), context).filter(({ table }) => others.has(table!)),
    ...eventsFrom(await session.query(events), context),
    ...(options.grants ? await grants(session, isLeftOut) : []),
  ]
}

async function contextOf(session: Session): Promise<Context> {
  const [row] = await session.query(
    'SELECT DATABASE() AS name, CURRENT_USER() AS user, @@global.sql_mode AS modes, @@global.time_zone AS zone',
  )
  return { database: String(row?.name), user: String(row?.user), modes: String(row?.modes), zone: String(row?.zone) }
}

const relations = `SELECT TABLE_NAME AS name, TABLE_TYPE AS type FROM information_schema.TABLES
WHERE TABLE_SCHEMA = DATABASE() ORDER BY TABLE_NAME`

async function collationsOf(session: Session): Promise<Collations> {
  const rows = [...(await session.query(tableCollations)), ...(await session.query(columnCollations))]
  return new Map(
    rows.map(({ name, charset, collation }) => [String(name), [String(charset), String(collation)] as const]),
  )
}

// Each server's collations are named after their character set first.
const tableCollations = `SELECT TABLE_NAME AS name, SUBSTRING_INDEX(TABLE_COLLATION, '_', 1) AS charset, TABLE_COLLATION AS collation
FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_COLLATION IS NOT NULL`
const columnCollations = `SELECT CONCAT(TABLE_NAME, '.', COLUMN_NAME) AS name, CHARACTER_SET_NAME AS charset, COLLATION_NAME AS collation
FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND COLLATION_NAME IS NOT NULL`

interface Shown {
  readonly title: string
  readonly sql: string
  readonly row: Row
}

/** SHOW CREATE of things of one kind. */
async function shown(session: Session, kind: string, names: readonly string[]): Promise<readonly Shown[]> {
  const all: Shown[] = []
  for (let at = 0; at < names.length; at += batch) {
    const some = names.slice(at, at + batch)
    const rows = await session.query(some.map((title) => `SHOW CREATE ${kind} ${name(title)}`).join(';\n'))
    for (const [index, title] of some.entries()) all.push({ title, ...createdBy(kind, title, rows[index]) })
  }
  return all
}

function createdBy(kind: string, title: string, row: Row | undefined): Omit<Shown, 'title'> {
  const key = Object.keys(row ?? {}).find((column) => column.startsWith('Create '))
  const sql = key === undefined ? null : row![key]
  if (typeof sql === 'string') return { sql, row: row! }
  throw new SqlmigError('no-privilege', `the server does not show the ${kind.toLowerCase()} ${title}`, {
    remedy:
      'connect as a user who may see all of the schema: its owner, or one with SHOW VIEW, SHOW_ROUTINE, TRIGGER and EVENT',
  })
}

function sequenceFrom(title: string, sql: string): CatalogueObject {
  const definition = sql.slice(sql.indexOf('` ') + 2)
  return {
    kind: 'sequence',
    schema: undefined,
    name: title,
    table: undefined,
    properties: { definition },
    parts: [],
    needs: [],
  }
}

async function readRoutines(session: Session, context: Context): Promise<readonly CatalogueObject[]> {
  const rows = await session.query(`SELECT ROUTINE_NAME AS name, ROUTINE_TYPE AS type FROM information_schema.ROUTINES
WHERE ROUTINE_SCHEMA = DATABASE() ORDER BY ROUTINE_TYPE, ROUTINE_NAME`)
  const found: CatalogueObject[] = []
  for (const kind of ['FUNCTION', 'PROCEDURE', 'PACKAGE', 'PACKAGE BODY'] as const) {
    const names = rows.filter(({ type }) => type === kind).map(({ name }) => String(name))
    const all = await shown(session, kind, names)
    found.push(...all.map(({ title, sql, row }) => routineFrom(kind, title, sql, String(row.sql_mode), context)))
  }
  return found
}

const triggers = `SELECT TRIGGER_NAME AS name, EVENT_OBJECT_TABLE AS \`table\`, ACTION_TIMING AS timing, EVENT_MANIPULATION AS event,
  ACTION_ORDER AS place, ACTION_STATEMENT AS body, DEFINER AS definer, SQL_MODE AS modes
FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE()
ORDER BY EVENT_OBJECT_TABLE, ACTION_TIMING, EVENT_MANIPULATION, ACTION_ORDER`

const events = `SELECT EVENT_NAME AS name, DEFINER AS definer, TIME_ZONE AS zone, SQL_MODE AS modes, EVENT_DEFINITION AS body,
  CAST(EXECUTE_AT AS CHAR) AS at, INTERVAL_VALUE AS value, INTERVAL_FIELD AS unit, CAST(STARTS AS CHAR) AS starts,
  CAST(ENDS AS CHAR) AS ends, STATUS AS status, ON_COMPLETION AS completion, EVENT_COMMENT AS comment,
  ABS(TIMESTAMPDIFF(SECOND, CREATED, STARTS)) <= 1 AS at_once
FROM information_schema.EVENTS WHERE EVENT_SCHEMA = DATABASE() ORDER BY EVENT_NAME`
