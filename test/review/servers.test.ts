import t from 'tap'
import { dialects } from '../../lib/dialects/dialects.ts'
import { Splitter } from '../../lib/text/split.ts'
import { type Database, eachServer, freshDatabase, notTested } from '../servers/databases.ts'
import type { Case } from './cases.ts'
import { mysqlCases } from './mysql-cases.ts'
import { postgresCases } from './postgres-cases.ts'
import { reviewed } from './reviewed.ts'
import { sqliteCases } from './sqlite-cases.ts'

// What the rules say of a server is asked of the server itself.

type Files = Case['finds'][number]

function statementsOf(files: Files, dialect: Case['dialect']): readonly string[] {
  const texts: string[] = []
  for (const file of [files].flat())
    for (const { text } of new Splitter([file], dialects[dialect].lexis())) texts.push(text)
  return texts
}

async function runAll(database: Database, files: Files, dialect: Case['dialect']): Promise<void> {
  for (const sql of statementsOf(files, dialect)) await database.query(sql)
}

/** These need things that the case does not make. */
function isWhole(files: Files): boolean {
  return ![files].flat().some((file) => /somewhere|table_of_before|uuid_generate|TABLESPACE/.test(file))
}

function casesOf(cases: readonly Case[], rule: string): Case {
  return cases.find((one) => one.rule === rule)!
}

const rewriting = ['type-change-rewrites', 'added-column-rewrites', 'table-rewritten']

for (const rule of rewriting) {
  const skip = notTested('postgres') ?? false
  t.test(`PostgreSQL writes a table anew just where ${rule} says so`, { skip }, async (t) => {
    const { landed, finds, passes } = casesOf(postgresCases, rule)
    const isRewritten = async (files: Files) => {
      const database = await freshDatabase('postgres', t)
      await runAll(database, landed, 'postgres')
      const file = () => database.query("SELECT relfilenode FROM pg_class WHERE relname = 'lead'")
      const before = await file()
      await database.query("SET TIME ZONE 'Europe/Berlin'")
      await database.query('BEGIN')
      await runAll(database, files, 'postgres')
      await database.query('COMMIT')
      return JSON.stringify(before) !== JSON.stringify(await file())
    }
    for (const files of finds.filter(isWhole)) t.ok(await isRewritten(files), `anew: ${files}`)
    for (const files of passes.filter(isWhole)) t.notOk(await isRewritten(files), `kept: ${files}`)
  })
}

const locking = [
  'index-not-concurrent',
  'drop-index-not-concurrent',
  'foreign-key-validated-at-once',
  'check-validated-at-once',
  'validate-in-same-transaction',
  'key-without-index',
  'set-not-null',
]

for (const rule of locking) {
  const skip = notTested('postgres') ?? false
  t.test(`who waits is who ${rule} says`, { skip }, async (t) => {
    const { landed, finds, dialect } = casesOf(postgresCases, rule)
    for (const files of finds.filter(isWhole)) {
      const [found] = reviewed([files].flat(), { dialect, landed }).filter((remark) => remark.rule === rule)
      const database = await freshDatabase('postgres', t)
      await runAll(database, landed, dialect)
      await database.query('BEGIN')
      await runAll(database, files, dialect)
      const locks = await database.query(
        "SELECT mode FROM pg_locks WHERE pid = pg_backend_pid() AND relation = 'lead'::regclass",
      )
      const modes = locks.map(({ mode }) => String(mode))
      const readersWait = modes.includes('AccessExclusiveLock')
      t.ok(readersWait || modes.some((mode) => /^Share(RowExclusive)?Lock$/.test(mode)), `writers wait: ${modes}`)
      t.equal(/\ball who use/.test(found?.message ?? ''), readersWait, `${files}: ${found?.message}`)
    }
  })
}

await eachServer(
  t,
  'the server refuses to do in place just what alter-copies-table finds',
  async (t, database) => {
    const { landed, finds, passes } = casesOf(mysqlCases, 'alter-copies-table')
    const isRefused = async (files: Files) => {
      for (const table of ['visit', 'lead_entry', 'customer']) await database.query(`DROP TABLE IF EXISTS ${table}`)
      await runAll(database, landed, 'mysql')
      const statements = statementsOf(files, 'mysql')
      for (const sql of statements.slice(0, -1)) await database.query(sql)
      const last = statements.at(-1)!.replace(/, ALGORITHM=\w+$/, '')
      // partitioning takes no comma before it
      const comma = last.includes('PARTITION')
        ? last.replace(' PARTITION', ' ALGORITHM=INPLACE PARTITION')
        : `${last}, ALGORITHM=INPLACE`
      return database.query(comma).then(
        () => false,
        () => true,
      )
    }
    // a new table may be copied; and MariaDB lets columns grow beyond 255 bytes
    const asked = (files: Files) => !/ALGORITHM|visit/.test(String(files))
    const copies = finds
      .filter(asked)
      .filter((files) => database.kind !== 'mariadb' || !/VARCHAR\(100\)/.test(String(files)))
    for (const files of copies) t.ok(await isRefused(files), `refused: ${files}`)
    for (const files of passes.filter(asked)) t.notOk(await isRefused(files), `done in place: ${files}`)
  },
  ['mysql', 'mariadb'],
)

await eachServer(
  t,
  'what blocks writes is refused without a lock, and what rebuilds is not done at once',
  async (t, database) => {
    const refuses = async (files: Files, option: string) => {
      for (const table of ['visit', 'lead_entry', 'customer']) await database.query(`DROP TABLE IF EXISTS ${table}`)
      await runAll(database, casesOf(mysqlCases, 'alter-rebuilds-table').landed, 'mysql')
      const sql = statementsOf(files, 'mysql').at(-1)!
      return database.query(`${sql}${sql.startsWith('CREATE') ? '' : ','} ${option}`).then(
        () => false,
        () => true,
      )
    }
    const isOld = (files: Files) => !String(files).includes('visit')
    const blocking = casesOf(mysqlCases, 'index-blocks-writes')
    for (const files of blocking.finds) t.ok(await refuses(files, 'LOCK=NONE'), `blocks: ${files}`)
    for (const files of blocking.passes.filter(isOld)) t.notOk(await refuses(files, 'LOCK=NONE'), `goes on: ${files}`)
    const rebuilding = casesOf(mysqlCases, 'alter-rebuilds-table')
    for (const files of rebuilding.finds) {
      t.ok(await refuses(files, 'ALGORITHM=INSTANT'), `not at once: ${files}`)
      t.notOk(await refuses(files, 'ALGORITHM=INPLACE, LOCK=NONE'), `but in place: ${files}`)
    }
    // MySQL calls a table's new comment INPLACE, and touches no row
    for (const files of rebuilding.passes.filter((one) => isOld(one) && !String(one).includes('COMMENT')))
      t.notOk(await refuses(files, 'ALGORITHM=INSTANT'), `at once: ${files}`)
  },
  ['mysql', 'mariadb'],
)

for (const rule of ['add-column-refused', 'drop-column-refused', 'rebuild-breaks-view']) {
  t.test(`SQLite refuses just what ${rule} finds`, async (t) => {
    const { landed, finds, passes } = casesOf(sqliteCases, rule)
    const isRefused = async (files: Files) => {
      const database = await freshDatabase('sqlite', t)
      await runAll(database, landed, 'sqlite')
      await database.query("INSERT INTO lead (id, email) VALUES (1, 'a@example.org')")
      return runAll(database, files, 'sqlite').then(
        () => false,
        () => true,
      )
    }
    for (const files of finds) t.ok(await isRefused(files), `refused: ${files}`)
    for (const files of passes) t.notOk(await isRefused(files), `taken: ${files}`)
  })
}
