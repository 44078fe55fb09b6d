import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { folder, run } from '../cli.ts'
import { type Database, eachServer, freshDatabase } from '../servers/databases.ts'

// A dump, saved as one migration, goes through up into an empty database; a dump of that is the same text.

function program(name: string, variable: string): string | undefined {
  const places = [process.env[variable], ...(process.env.PATH ?? '').split(':')]
  return places.map((place) => place && join(place, name)).find((path) => path && existsSync(path)) || undefined
}

function dump(path: string, args: readonly string[], edit: (text: string) => string = (text) => text): string {
  return edit(execFileSync(path, args, { encoding: 'utf8', maxBuffer: 1 << 28 }))
}

/** Applies a dump to a new database of the same kind. */
async function applied(t: Test, kind: Database['kind'], text: string): Promise<Database> {
  const target = await freshDatabase(kind, t)
  const outcome = await run(['up', '--dir', folder({ '20250101_000000_dump.up.sql': text }), '--database', target.url])
  t.equal(outcome.code, 0, outcome.stderr)
  return target
}

async function load(database: Database, fixture: string): Promise<void> {
  const chain = folder({ '20250101_000000_load.up.sql': readFileSync(`test/fixtures/dumps/${fixture}.sql`, 'utf8') })
  const outcome = await run(['up', '--dir', chain, '--database', database.url])
  if (outcome.code !== 0) throw new Error(outcome.stderr)
  await database.query('DROP TABLE sqlmig_history')
}

function missing(t: Test, name: string): void {
  console.error(`!!! NOT TESTED: dumps by ${name}, which is not installed`)
  t.pass(`${name} is not there`, { skip: true })
}

await eachServer(
  t,
  'pg_dump goes round',
  async (t, source) => {
    const pgDump = program('pg_dump', 'SQLMIG_TEST_POSTGRES_BIN')
    if (!pgDump) return missing(t, 'pg_dump')
    await load(source, 'postgres')
    // the key of \restrict is new with every dump
    const own = (text: string) => text.replace(/^\\(un)?restrict .*$/gm, '')
    for (const options of [
      [],
      ['--inserts'],
      ['--column-inserts', '--rows-per-insert=2'],
      ['--schema-only'],
      ['--no-owner'],
    ]) {
      const args = [...options, '--exclude-table=*.sqlmig_history']
      const before = dump(pgDump, [...args, source.url])
      const target = await applied(t, 'postgres', before)
      t.equal(dump(pgDump, [...args, target.url], own), own(before), `pg_dump ${options.join(' ')}`)
    }
  },
  ['postgres'],
)

await eachServer(
  t,
  'mysqldump goes round, with routines, triggers and events',
  async (t, source) => {
    const mysqldump =
      program('mariadb-dump', 'SQLMIG_TEST_MARIADB_BIN') ?? program('mysqldump', 'SQLMIG_TEST_MYSQL_BIN')
    if (!mysqldump) return missing(t, 'mariadb-dump')
    await load(source, 'mysql')
    const args = (database: Database) => {
      const { hostname, port, username, password, pathname } = new URL(database.url)
      const name = pathname.slice(1)
      const login = [
        `--host=${hostname}`,
        `--port=${port}`,
        `--user=${username}`,
        `--password=${password}`,
        '--protocol=tcp',
      ]
      return { name, login: [...login, '--skip-dump-date', '--skip-comments', `--ignore-table=${name}.sqlmig_history`] }
    }
    const programs = ['--routines', '--triggers', '--events', '--hex-blob']
    for (const options of [
      [],
      ['--skip-extended-insert'],
      ['--single-transaction', '--no-autocommit'],
      ['--complete-insert'],
    ]) {
      const before = dump(mysqldump, [...args(source).login, ...programs, ...options, args(source).name])
      const target = await applied(t, source.kind, before)
      const after = dump(mysqldump, [...args(target).login, ...programs, ...options, args(target).name])
      t.equal(after.replaceAll(args(target).name, args(source).name), before, `dump ${options.join(' ')}`)
    }
  },
  ['mysql', 'mariadb'],
)

t.test('sqlite3 .dump goes round', async (t) => {
  const sqlite3 = program('sqlite3', 'SQLMIG_TEST_SQLITE_BIN')
  if (!sqlite3) return missing(t, 'sqlite3')
  const source = await freshDatabase('sqlite', t)
  execFileSync(sqlite3, [source.url.slice('sqlite:'.length)], { input: readFileSync('test/fixtures/dumps/sqlite.sql') })
  const before = dump(sqlite3, [source.url.slice('sqlite:'.length), '.dump'])
  const target = await applied(t, 'sqlite', before)
  t.equal(dump(sqlite3, [target.url.slice('sqlite:'.length), 'DROP TABLE sqlmig_history', '.dump']), before)
})

t.test("a dump's own BEGIN, COMMIT and pragma are told, not doubled", async (t) => {
  const text = 'PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\nCREATE TABLE a (b);\nCOMMIT;\n'
  const target = await freshDatabase('sqlite', t)
  const { code, stdout, stderr } = await run([
    'up',
    '--dir',
    folder({ '20250101_000000_a.up.sql': text }),
    '--database',
    target.url,
  ])
  t.equal(code, 0, stderr)
  for (const own of ['PRAGMA foreign_keys=OFF', 'BEGIN TRANSACTION', 'COMMIT'])
    t.match(stdout + stderr, `"${own}" is not run`)
})
