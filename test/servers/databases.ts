import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import { type Connection, connect, type Kind, type Row } from './connection.ts'
import { urlVariable } from './server.ts'

export type { Kind, Row } from './connection.ts'

/** A new, empty database, and a session of its own in it that owes nothing to lib/. */
export interface Database {
  readonly kind: Kind
  readonly url: string
  query(sql: string): Promise<Row[]>
  drop(): Promise<void>
}

const all: readonly Kind[] = ['postgres', 'mysql', 'mariadb', 'sqlite']
const titles = { postgres: 'PostgreSQL', mysql: 'MySQL', mariadb: 'MariaDB', sqlite: 'SQLite' }
const told = new Set<Kind>()
let made = 0

/** The kinds of database that there are here. */
export function kinds(): readonly Kind[] {
  return all.filter((kind) => {
    const missing = notTested(kind)
    if (missing !== undefined && !told.has(kind)) tell(kind, missing)
    return missing === undefined
  })
}

/** Why a kind is not tested, for `skip`; undefined where it is. */
export function notTested(kind: Kind): string | undefined {
  if (kind === 'sqlite' || process.env[urlVariable(kind)]) return undefined
  return `NOT TESTED: ${titles[kind]} (no server; set ${urlVariable(kind)})`
}

function tell(kind: Kind, missing: string): void {
  told.add(kind)
  // under `npm test` the runner has said it, once for all files
  if (!process.env.SQLMIG_TEST_RUN) console.error(`!!! ${missing}`)
}

/** One subtest for each kind, with a new database that is dropped afterwards; skipped, and counted, where none is. */
export async function eachServer(
  t: Test,
  name: string,
  body: (t: Test, database: Database) => Promise<unknown>,
  only: readonly Kind[] = all,
): Promise<void> {
  kinds()
  for (const kind of only) {
    const skip = notTested(kind) ?? false
    await t.test(`${name} (${titles[kind]})`, { skip }, async (t) => {
      await body(t, await freshDatabase(kind, t))
    })
  }
}

/** A database with a name that nobody else has. With `t` it is dropped at that test's end, else by `drop()`. */
export async function freshDatabase(kind: Kind, t?: Pick<Test, 'teardown'>): Promise<Database> {
  const database = kind === 'sqlite' ? freshFile() : await freshOnServer(kind)
  t?.teardown(() => database.drop())
  return database
}

function freshFile(): Database {
  const folder = mkdtempSync(join(tmpdir(), 'sqlmig-sqlite-'))
  const url = `sqlite:${join(folder, 'test.db')}`
  return database('sqlite', url, async () => rmSync(folder, { recursive: true, force: true }))
}

async function freshOnServer(kind: Exclude<Kind, 'sqlite'>): Promise<Database> {
  const server = process.env[urlVariable(kind)]
  if (!server) throw new Error(notTested(kind))
  const name = `sqlmig_test_${process.pid}_${++made}_${Math.random().toString(36).slice(2, 8)}`
  const url = new URL(server)
  url.pathname = `/${name}`
  await once(kind, server, `create database ${name}`)
  // sessions that a killed process left behind must not keep the database
  const force = kind === 'postgres' ? ' with (force)' : ''
  return database(kind, url.href, () => once(kind, server, `drop database if exists ${name}${force}`))
}

async function once(kind: Kind, url: string, sql: string): Promise<void> {
  const connection = connect(kind, url)
  try {
    await connection.query(sql)
  } finally {
    await connection.close()
  }
}

// Connected at the first query, so that a test may delete or replace an SQLite file before.
function database(kind: Kind, url: string, remove: () => Promise<void>): Database {
  let connection: Connection | undefined
  return {
    kind,
    url,
    query: (sql) => (connection ??= connect(kind, url)).query(sql),
    async drop() {
      await connection?.close()
      connection = undefined
      await remove()
    },
  }
}
