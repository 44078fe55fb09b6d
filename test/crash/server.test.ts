import t, { type Test } from 'tap'
import { Project } from '../project.ts'
import { type Random, seeded } from '../seed.ts'
import { connect } from '../servers/connection.ts'
import { type Database, freshDatabase, notTested } from '../servers/databases.ts'
import { startMariadb } from '../servers/mariadb.ts'
import { startPostgres } from '../servers/postgres.ts'
import { type Server, urlVariable } from '../servers/server.ts'
import { crashChain } from './chain.ts'
import { CrashMatrix } from './matrix.ts'

const random = seeded(t)
const moments = process.env.SQLMIG_TEST_CRASH ? 25 : 3

// what a server has confirmed has to outlive its process, as in production
const starts = {
  postgres: () => startPostgres(process.env.SQLMIG_TEST_POSTGRES_BIN ?? '', { fsync: 'on' }),
  mariadb: () => startMariadb(['--innodb-flush-log-at-trx-commit=1']),
}

for (const kind of ['postgres', 'mariadb'] as const) {
  const skip =
    notTested(kind) ??
    (kind === 'postgres' && !process.env.SQLMIG_TEST_POSTGRES_BIN && 'NOT TESTED: no programs of PostgreSQL')
  await t.test(`a server that is killed in the middle of a run (${kind})`, { skip }, async (t) => {
    let server = await starts[kind]()
    t.teardown(() => server.stop())
    process.env[urlVariable(kind)] = server.url
    const matrix = new CrashMatrix(kind)
    await matrix.undisturbed(t)
    for (let moment = 1; moment <= moments; moment++) server = await killed(t, server, matrix, random)
    t.comment(`${kind}: ${moments} moments, ${matrix.figures.resumed} resumed in a file, ${matrix.figures.asked} asked`)
  })
}

async function killed(t: Test, server: Server, matrix: CrashMatrix, random: Random): Promise<Server> {
  const { kind, url, drop } = await freshDatabase(matrix.kind)
  const before = { kind, url, query: async () => [], drop }
  const running = new Project(before, crashChain(kind)).start(['up'])
  const delay = Math.floor(random() * matrix.duration)
  const timer = setTimeout(() => process.kill(-server.pid!, 'SIGKILL'), delay)
  const { code } = await running.finished
  clearTimeout(timer)
  // the run was over before its time
  if (code === 0) process.kill(-server.pid!, 'SIGKILL')
  const again = await server.restart!()
  const connection = connect(kind, url)
  const database: Database = { kind, url, query: connection.query, drop: async () => {} }
  await matrix.finished(t, new Project(database, crashChain(kind)), `the server was killed after ${delay} ms`)
  await connection.close()
  t.pass(`killed after ${delay} ms`)
  return again
}
