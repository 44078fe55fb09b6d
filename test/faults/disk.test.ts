import { execFileSync } from 'node:child_process'
import { chownSync, closeSync, existsSync, mkdirSync, openSync, symlinkSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { folder } from '../cli.ts'
import { Project } from '../project.ts'
import { connect } from '../servers/connection.ts'
import { type Database, eachServer } from '../servers/databases.ts'
import { startPostgres } from '../servers/postgres.ts'
import { scratch, unprivileged } from '../servers/server.ts'

const first = '20250101_000000_first'
const second = '20250102_000000_second'
const third = '20250103_000000_third'

// root may write everywhere, but not on what is mounted read-only, nor beyond a file system's end
const canMount = mountable()
const noMount = !canMount && 'NOT TESTED: full disks and read-only files (mounting a tmpfs needs Linux and root)'
if (noMount) console.error(`!!! ${noMount}`)

function mountable(): boolean {
  try {
    const path = folder()
    execFileSync('mount', ['-t', 'tmpfs', 'sqlmig', path], { stdio: 'ignore' })
    execFileSync('umount', [path], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** A file system of its own, of some kilobytes. */
function mounted(t: Test, kilobytes: number, path = folder()): string {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'sqlmig', path])
  t.teardown(() => execFileSync('umount', ['-l', path]))
  return path
}

/** Open only while it answers: a mount with a file that is open for writing cannot be made read-only. */
function sqlite(path: string): Database {
  const url = `sqlite:${path}`
  const query = async (sql: string) => {
    const connection = connect('sqlite', url)
    return connection.query(sql).finally(() => connection.close())
  }
  return { kind: 'sqlite', url, query, drop: async () => {} }
}

await t.test(
  'a read-only SQLite file is an error of configuration, and nothing is run',
  { skip: noMount },
  async (t) => {
    const place = mounted(t, 1000)
    const database = sqlite(join(place, 'app.db'))
    await database.query('create table there (id integer)')
    execFileSync('mount', ['-o', 'remount,ro', place])
    const project = new Project(database, { [first]: 'CREATE TABLE one (id integer);' })
    const { code, error } = await project.up()
    t.equal(code, 2)
    t.match(error, { code: 'read-only', server: /^SQLITE_(READONLY|CANTOPEN)/, state: 'nothing was run' })
    t.match(error?.remedy, /written|writable/)
    t.strictSame(await project.tables(), ['there'])
    const status = await project.json(['status'])
    t.equal(status.code, 0, 'reading still works')
    t.match(status.document.summary, { pending: 1 })
    execFileSync('mount', ['-o', 'remount,rw', place])
    t.equal((await project.up()).code, 0)
    project.write(second, 'CREATE TABLE two (id integer);')
    execFileSync('mount', ['-o', 'remount,ro', place])
    const later = await project.up()
    t.equal(later.code, 2, 'also where the ledger is there already')
    t.match(later.error, { code: 'read-only', remedy: /written|writable/ })
    t.strictSame(await project.ledger(), [`applied ${first}`])
  },
)

await t.test('a full disk rolls the migration back; with room it runs', { skip: noMount }, async (t) => {
  const place = mounted(t, 600)
  await fullDisk(t, new Project(sqlite(join(place, 'app.db'))), {
    fill: `CREATE TABLE two (body blob);\n${'INSERT INTO two VALUES (zeroblob(100000));\n'.repeat(20)}`,
    told: /disk is full/,
    server: /^SQLITE_(FULL|IOERR)/,
    room: () => execFileSync('mount', ['-o', 'remount,size=8m', place]),
  })
})

await t.test('a disk that is full from the start is told, too', { skip: noMount }, async (t) => {
  const place = mounted(t, 8)
  const project = new Project(sqlite(join(place, 'app.db')), { [first]: 'CREATE TABLE one (id integer);' })
  const { code, error } = await project.up()
  t.equal(code, 1)
  t.match(error, { code: 'statement', server: /^SQLITE_(FULL|IOERR)/, message: /ledger .* cannot be made/ })
})

const bin = process.env.SQLMIG_TEST_POSTGRES_BIN
const noServer =
  noMount ||
  (!(bin && existsSync(join(bin, 'postgres'))) && 'NOT TESTED: no PostgreSQL programs for a server with a full disk')
if (noServer && !noMount) console.error(`!!! ${noServer}`)

await t.test('a full disk of PostgreSQL rolls the migration back', { skip: noServer }, async (t) => {
  const server = await startPostgres(bin!)
  t.teardown(() => server.stop())
  const user = unprivileged('postgres')
  const place = scratch('tablespace', user)
  t.teardown(() => place.release())
  mounted(t, 600, place.folder)
  chownSync(place.folder, user!.uid, user!.gid)
  const connection = connect('postgres', server.url)
  t.teardown(() => connection.close())
  await connection.query(`create tablespace small location '${place.folder}'`)
  const database: Database = { kind: 'postgres', url: server.url, query: connection.query, drop: async () => {} }
  await fullDisk(t, new Project(database), {
    fill: `CREATE TABLE two (body text) TABLESPACE small;\nINSERT INTO two SELECT md5(n::text) FROM generate_series(1, 50000) n;`,
    told: /No space left on device/,
    server: /^53100$/,
    room: () => execFileSync('mount', ['-o', 'remount,size=30m', place.folder]),
  })
  await connection.query('drop table two')
  await connection.query('drop tablespace small')
})

interface Filling {
  readonly fill: string
  readonly told: RegExp
  readonly server: RegExp
  readonly room: () => unknown
}

async function fullDisk(t: Test, project: Project, { fill, told, server, room }: Filling): Promise<void> {
  mkdirSync(join(project.cwd, 'sql'))
  project.write(first, 'CREATE TABLE one (id integer);')
  project.write(second, fill)
  project.write(third, 'INSERT INTO one VALUES (3);')
  const failed = await project.up()
  t.equal(failed.code, 1)
  t.match(failed.document, {
    applied: [{ id: first }],
    pending: [second, third],
    failed: { id: second, file: project.file(second) },
  })
  t.match(failed.error, {
    code: 'statement',
    server,
    state: `${second} was rolled back; 1 migration applied before it stands`,
  })
  t.match(failed.error?.message, told)
  t.strictSame(await project.tables(), ['one', 'sqlmig_history'])
  t.strictSame(await project.ledger(), [`applied ${first}`])
  room()
  t.equal((await project.up()).code, 0)
  t.strictSame(
    await project.ledger(),
    [first, second, third].map((id) => `applied ${id}`),
  )
}

/** 100 MB of rows, for all servers. */
const large = (() => {
  const path = join(folder(), 'large.sql')
  const file = openSync(path, 'w')
  writeSync(file, 'CREATE TABLE wide (id integer PRIMARY KEY, body text);\n')
  const body = 'x'.repeat(50_000)
  for (let id = 0; id < 2000; id++) writeSync(file, `INSERT INTO wide VALUES (${id}, '${body}');\n`)
  closeSync(file)
  return path
})()

/** Prints the process's largest memory, in kilobytes, at its end; what the program keeps itself has a limit. */
const memory = `data:text/javascript,process.on('exit', () => console.error('peak', process.resourceUsage().maxRSS))`
const options = `--max-old-space-size=32 --import=${encodeURI(memory)}`

await eachServer(t, 'a file of 100 MB runs through, in little memory', async (t, database) => {
  const peaks: number[] = []
  const project = new Project(database, { [first]: 'CREATE TABLE one (id integer);' })
  for (const id of [first, second]) {
    if (id === second) symlinkSync(large, project.path(second))
    const { code, stderr } = await project.run(['up'], {
      env: { NODE_OPTIONS: options },
      timeout: 120_000,
    })
    t.equal(code, 0, stderr)
    peaks.push(Number(/peak (\d+)/.exec(stderr)?.[1]))
  }
  t.equal(await project.count('wide'), 2000)
  t.strictSame(await project.ledger(), [`applied ${first}`, `applied ${second}`])
  const [small = 0, big = 0] = peaks
  t.comment(`${small} kB for a small file, ${big} kB for the large one`)
  t.ok(small > 0 && big - small < 96 * 1024, `${small} kB, then ${big} kB`)
})
