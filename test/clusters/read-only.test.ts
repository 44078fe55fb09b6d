import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { ended, Project, type UpDocument } from '../project.ts'
import { connect } from '../servers/connection.ts'
import { type Database, type Kind, notTested } from '../servers/databases.ts'
import { startMariadb } from '../servers/mariadb.ts'
import { startMysql } from '../servers/mysql.ts'
import { servePostgres } from '../servers/postgres.ts'
import { complete, type Server, scratch, unprivileged } from '../servers/server.ts'
import { atSlowStatement, slow } from '../slow.ts'

const a = '20250101_000000_a'
const b = '20250102_000000_b'
const c = '20250103_000000_c'

const files = (kind: Kind, seconds: number) => ({
  [a]: 'CREATE TABLE one (id integer);',
  [b]: `INSERT INTO one VALUES (1);\n${slow(kind, seconds)}\nINSERT INTO one VALUES (2);`,
  [c]: 'INSERT INTO one VALUES (3);',
})

function databaseAt(t: Test, kind: Kind, url: string): Database {
  const connection = connect(kind, url)
  t.teardown(() => connection.close())
  return { kind, url, query: connection.query, drop: () => connection.close() }
}

const bin = process.env.SQLMIG_TEST_POSTGRES_BIN
const noPrograms = !(bin && existsSync(join(bin, 'initdb'))) && 'NOT TESTED: no PostgreSQL programs for a failover'
if (noPrograms) console.error(`!!! ${noPrograms}`)

t.test(
  'a run whose primary comes back as a replica stops, and goes on after its promotion',
  { skip: noPrograms },
  async (t) => {
    const place = scratch('failover', unprivileged('postgres'))
    t.teardown(() => place.release())
    const data = join(place.folder, 'data')
    await complete(
      join(bin!, 'initdb'),
      ['-D', data, '-U', 'postgres', '-A', 'trust', '--no-sync', '-E', 'UTF8'],
      place,
    )
    const primary = await servePostgres(bin!, place)
    const database = databaseAt(t, 'postgres', primary.url)
    const project = new Project(database, files('postgres', 300))
    const running = project.start(['up', '--json'], { timeout: 60_000 })
    await atSlowStatement(database)

    writeFileSync(join(data, 'standby.signal'), '')
    const pg = (...args: readonly string[]) => complete(join(bin!, 'pg_ctl'), ['-D', data, '-s', ...args], place)
    await pg('stop', '-m', 'fast')
    const lost = ended<UpDocument>(await running.finished)
    t.match(lost.error, { code: 'lost-connection', remedy: /sqlmig up/ })
    const standby = await servePostgres(bin!, place)

    const replica = databaseAt(t, 'postgres', standby.url)
    const second = new Project(replica, { ...files('postgres', 300), [b]: 'INSERT INTO one VALUES (1), (2);' })
    const refused = await second.up()
    t.equal(refused.code, 2)
    t.match(refused.error, { code: 'read-only', message: /it is a replica/, state: 'nothing was run' })
    t.strictSame(await second.ledger(), [`applied ${a}`])

    await replica.query('select pg_promote()')
    const { code, stderr } = await second.up()
    t.equal(code, 0, stderr)
    t.equal(await second.count('one'), 3)
  },
)

/** A server of its own, since what is set here is set for all its databases. */
async function own(t: Test, start: () => Promise<Server>): Promise<Server> {
  const server = await start()
  t.teardown(() => server.stop())
  return server
}

const starts = {
  mariadb: () => startMariadb(['--wait-timeout=1']),
  mysql: () => startMysql(['--wait-timeout=1']),
} as const

for (const kind of ['mariadb', 'mysql'] as const) {
  t.test(`a server that must not be written (${kind})`, { skip: notTested(kind) ?? false }, async (t) => {
    const server = await own(t, starts[kind]).catch((error: unknown) => {
      console.error(`!!! NOT TESTED: read_only of ${kind}: ${error instanceof Error ? error.message : String(error)}`)
      return undefined
    })
    if (!server) return t.pass('there are no programs to start one')
    const root = databaseAt(t, kind, server.url)
    await root.query("create database app; create user app@'127.0.0.1'; grant all on app.* to app@'127.0.0.1'")
    const url = new URL(server.url)
    url.username = 'app'
    url.pathname = '/app'
    const database = databaseAt(t, kind, url.href)

    await t.test('is refused before anything is run', async (t) => {
      await root.query('set global read_only = 1')
      const project = new Project(database, files(kind, 2))
      const { code, error } = await project.up()
      t.equal(code, 2)
      t.match(error, { code: 'read-only', state: 'nothing was run', remedy: /primary/ })
      t.strictSame(await project.tables(), [])
      await root.query('set global read_only = 0')
    })

    await t.test('keeps a waiting run, whatever its idle time', async (t) => {
      const project = new Project(database, { [a]: `CREATE TABLE waited (id integer);\n${slow(kind, 6)}` })
      const first = project.start(['up', '--json'], { timeout: 60_000 })
      await atSlowStatement(database)
      const second = await project.up()
      t.equal(second.code, 0, second.stderr)
      t.match(second.stderr, /waiting/)
      t.equal((await first.finished).code, 0)
      await database.query('drop table sqlmig_history')
    })

    await t.test('stops a run when it becomes so, and the next one goes on', async (t) => {
      const project = new Project(database, files(kind, 2))
      const running = project.start(['up', '--json'], { timeout: 60_000 })
      await atSlowStatement(database)
      await root.query('set global read_only = 1')
      const stopped = ended<UpDocument>(await running.finished)
      t.match(stopped.error, { code: 'read-only', server: '1290', remedy: /writ/ })
      await root.query('set global read_only = 0')
      project.write(b, 'INSERT INTO one VALUES (1), (2);')
      const { code, stderr } = await project.up()
      t.equal(code, 0, stderr)
      t.equal(await project.count('one'), 3)
    })
  })
}
