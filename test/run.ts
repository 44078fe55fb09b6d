import { availableParallelism, tmpdir } from 'node:os'
import { runFiles, type Tally, testFiles } from './files.ts'
import { findMariadb } from './servers/mariadb.ts'
import { findMysql } from './servers/mysql.ts'
import { findPostgres } from './servers/postgres.ts'
import { releaseAll, type Server, type ServerKind, urlVariable } from './servers/server.ts'

// `npm test`: finds or starts the servers, runs the test files, tells the result, and leaves nothing behind.

const finders: Record<ServerKind, () => Promise<Server>> = {
  postgres: findPostgres,
  mysql: findMysql,
  mariadb: findMariadb,
}
const titles: Record<ServerKind, string> = { postgres: 'PostgreSQL', mysql: 'MySQL', mariadb: 'MariaDB' }

const interrupted = new AbortController()

async function findServer(kind: ServerKind): Promise<NodeJS.ProcessEnv> {
  try {
    const server = await finders[kind]()
    console.log(`servers: ${server.name}`)
    const variable = urlVariable(kind)
    return { [variable]: server.url, ...(server.bin && { [variable.replace(/URL$/, 'BIN')]: server.bin }) }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    console.log(`\n!!! NOT TESTED: ${titles[kind]}. Its tests are skipped.\n!!! To run them, ${message}\n`)
    return {}
  }
}

async function environment(): Promise<NodeJS.ProcessEnv> {
  const kinds: readonly ServerKind[] = ['postgres', 'mysql', 'mariadb']
  const found = await Promise.all(kinds.map(findServer))
  return Object.assign({ ...process.env, SQLMIG_TEST_RUN: '1', SQLMIG_TEST_TMPDIR: tmpdir() }, ...found)
}

function closingLine({ passed, failures, skipped }: Tally): string {
  return `${passed} passed, ${failures.length} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}

async function main(): Promise<number> {
  const files = testFiles(process.argv.slice(2))
  const env = await environment()
  const jobs = Number(process.env.SQLMIG_TEST_JOBS) || Math.min(Math.max(availableParallelism(), 2), 8)
  const tally = await runFiles(files, { env, jobs, signal: interrupted.signal })
  await releaseAll()
  if (interrupted.signal.aborted) return 1
  console.log(`\n${closingLine(tally)}`)
  return tally.failures.length > 0 || tally.passed === 0 ? 1 : 0
}

// A second signal does not hurry: the servers take a second at most, and are ended even if we are killed.
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const) {
  process.on(signal, () => {
    interrupted.abort()
    void releaseAll().finally(() => process.exit(code))
  })
}

main().then(
  (code) => process.exit(code),
  async (error: unknown) => {
    console.error(error)
    interrupted.abort()
    await releaseAll()
    process.exit(1)
  },
)
