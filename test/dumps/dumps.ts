import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import type { Test } from 'tap'
import { up } from '../../lib/index.ts'
import { type Database, freshDatabase, type Kind } from '../servers/databases.ts'
import { isExecutable, pathFolders } from '../servers/programs.ts'

const variables: Record<Kind, readonly string[]> = {
  postgres: ['SQLMIG_TEST_POSTGRES_BIN'],
  mysql: ['SQLMIG_TEST_MYSQL_BIN', 'SQLMIG_TEST_MARIADB_BIN'],
  mariadb: ['SQLMIG_TEST_MARIADB_BIN'],
  sqlite: [],
}

/** The first of these programs that is here; without any the test is skipped, loudly. */
export function program(t: Test, kind: Kind, ...names: readonly string[]): string | undefined {
  const folders = variables[kind].flatMap((name) => process.env[name]?.split(delimiter) ?? [])
  for (const name of names) {
    // links are not followed: Debian's pg_dump is a link to a program that looks at the name it was called by
    const path = [...folders, ...pathFolders()].map((folder) => join(folder, name)).find(isExecutable)
    if (path !== undefined) return path
  }
  notTested(
    t,
    `dumps of ${kind} (no program ${names.join(' or ')} on PATH${variables[kind].map((one) => ` or in ${one}`).join('')})`,
  )
  return undefined
}

export function notTested(t: Test, what: string): void {
  const message = `NOT TESTED: ${what}`
  console.error(`!!! ${message}`)
  t.pass(message, { skip: message })
}

/** What a client program prints, as bytes. */
export function output(path: string, args: readonly string[], input: string | Buffer = ''): Buffer {
  return execFileSync(path, args, { input, maxBuffer: 1 << 28, stdio: ['pipe', 'pipe', 'pipe'] })
}

export function fixture(name: string): string {
  return readFileSync(join('test', 'fixtures', 'dumps', name), 'utf8')
}

/** Applies texts as a chain, in this order. */
export async function apply(database: Database, ...texts: readonly (string | Buffer)[]): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'sqlmig-dumps-'))
  try {
    for (const [index, text] of texts.entries()) {
      writeFileSync(join(dir, `20240101_00000${index}_dump.up.sql`), text)
    }
    await up({ database: database.url, dir })
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

/**
 * A dump, saved as one migration, goes through `up` into an empty database, and a dump of that is the same.
 * @param dump prints a database without the ledger
 */
export async function goesRound(t: Test, source: Database, dump: (database: Database) => Buffer): Promise<void> {
  const before = dump(source)
  const target = await freshDatabase(source.kind, t)
  await apply(target, before)
  same(t, comparable(dump(target), target), comparable(before, source))
}

/** Two dumps differ in the key of \restrict, in the date, and in the database's name where it stands in comments. */
function comparable(dump: Buffer, { url }: Database): readonly string[] {
  const name = new URL(url).pathname.slice(1)
  const lines = dump.toString('latin1').split('\n')
  return lines
    .filter((line) => !/^\\(un)?restrict |^-- Dump completed/.test(line))
    .map((line) => (line.startsWith('-- ') ? line.replace(name, 'DATABASE') : line))
}

/** A whole dump in a failure's message would help nobody. */
function same(t: Test, found: readonly string[], wanted: readonly string[]): void {
  const at = wanted.findIndex((line, index) => line !== found[index])
  t.ok(wanted.length > 20, 'there is something to compare')
  t.equal(found[at], wanted[at], at < 0 ? 'the dumps are identical' : `the dumps differ in line ${at + 1}`)
  t.equal(found.length, wanted.length, 'the dumps are equally long')
}
