import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t, { type Test } from 'tap'
import { Project } from '../project.ts'
import type { Database } from '../servers/databases.ts'
import { eachServer, freshDatabase } from '../servers/databases.ts'
import { type FlywayRow, makeToolTable, writeFlyway, writeGoose } from './tool-tables.ts'

interface Adopted {
  readonly from: { readonly tool: string; readonly table: string; readonly versions: readonly string[] } | null
  readonly adopted: readonly string[]
  readonly pending: readonly string[]
  readonly dry_run: boolean
}

const idOf = (index: number) => `2025010${index + 1}_000000_m${index}`
const ids = (...indexes: number[]) => indexes.map(idOf)

/** A chain of legacy revisions (one without where the text is empty), of which nothing can run: there are no tables. */
function project(database: Database, revisions: readonly string[], source = 'sql'): Project {
  const entries = revisions.map((revision, index) => {
    const head = [`source legacy/${index}.${source}`, ...(revision ? [`legacy-revision ${revision}`] : [])]
    return [
      idOf(index),
      `${head.map((text) => `-- sqlmig: ${text}\n`).join('')}INSERT INTO not_there VALUES (${index});`,
    ]
  })
  return new Project(database, Object.fromEntries(entries))
}

function writeIn(folder: string, path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), text)
}

function adopt(project: Project, ...args: string[]) {
  return project.json<Adopted>(['adopt', ...args])
}

async function refused(
  t: Test,
  project: Project,
  message: RegExp,
  args: readonly string[] = [],
  code = 'not-adoptable',
) {
  const before = await project.tables()
  const ended = await adopt(project, ...args)
  t.equal(ended.code, code === 'usage' ? 2 : 4, `${message}`)
  t.match(ended.error, { code, message, state: 'nothing was recorded', remedy: /./ })
  t.strictSame(await project.tables(), before, 'nothing is made')
}

await eachServer(
  t,
  'dbmate: what its table has is recorded, again when it has gone on, and up goes on after it',
  async (t, database) => {
    await makeToolTable(database, 'dbmate')
    const chain = project(database, ['20250101000000', '20250102000000', '20250103000000', ''])
    await refused(t, chain, /dbmate has applied nothing/)
    await database.query("insert into schema_migrations (version) values ('20250101000000')")
    const dry = await adopt(chain, '--dry-run')
    t.match(dry.document, { adopted: ids(0), pending: ids(1, 2, 3), dry_run: true })
    t.strictSame(await chain.tables(), ['schema_migrations'], 'a dry run makes no table')
    const first = await adopt(chain, '--reason', 'ticket 7')
    t.equal(first.code, 0)
    t.match(first.document, {
      dialect: database.kind === 'mariadb' ? 'mysql' : database.kind,
      from: { tool: 'dbmate', table: 'schema_migrations', versions: ['20250101000000'] },
      adopted: ids(0),
      pending: ids(1, 2, 3),
      dry_run: false,
    })
    await database.query("insert into schema_migrations (version) values ('20250102000000'), ('20250103000000')")
    t.match((await adopt(chain)).document, { adopted: ids(1, 2), pending: ids(3) })
    t.match((await adopt(chain)).document, { adopted: [], pending: ids(3) })
    t.strictSame(
      await chain.ledger(),
      ids(0, 1, 2).map((id) => `adopted ${id}`),
    )
    const { document } = await chain.json<{ history: unknown[] }>(['history'])
    t.match(document.history.at(-1), {
      event: 'adopted',
      note: 'applied by dbmate, as schema_migrations has it: ticket 7',
    })
    chain.write(idOf(3), 'CREATE TABLE after_it (id integer);')
    t.match((await chain.up()).document.applied, [{ id: idOf(3) }])
    t.match((await chain.json<{ summary: unknown }>(['status'])).document.summary, { applied: 4 })
  },
)

await eachServer(t, 'dbmate: a file that was merged late stays pending, and that is told', async (t, database) => {
  await makeToolTable(database, 'dbmate')
  await database.query("insert into schema_migrations (version) values ('1'), ('3')")
  const chain = project(database, ['1', '2', '3', '4'])
  const { stdout, code } = await chain.run(['adopt'])
  t.equal(code, 0)
  t.match(stdout, /dbmate, in schema_migrations: 1, 3\n/)
  t.match(
    stdout,
    new RegExp(`note +${idOf(1)} was not applied, and is older than ${idOf(2)}: "sqlmig up --out-of-order"`),
  )
  t.match(stdout, new RegExp(`adopted ${idOf(2)}\\n2 recorded as applied, and nothing was run; 2 pending`))
  t.match((await chain.up()).error, { code: 'out-of-order' })
})

await eachServer(t, 'goose: the newest row of a version counts', async (t, database) => {
  await makeToolTable(database, 'goose')
  const chain = project(database, ['1', '2', '20250103000000', '4'])
  await writeGoose(database, [[0, true]])
  await refused(t, chain, /goose has applied nothing/)
  await writeGoose(database, [
    [1, true],
    [2, true],
    [2, false],
    [20250103000000, true],
    [4, true],
    [4, false],
    [4, true],
  ])
  const { document } = await adopt(chain)
  t.match(document.from, { tool: 'goose', versions: ['1', '20250103000000', '4'] })
  t.match(document, { adopted: ids(0, 2, 3), pending: ids(1) })
})

await eachServer(
  t,
  'golang-migrate: everything up to its one version, and nothing where it is dirty',
  async (t, database) => {
    const no = database.kind === 'postgres' ? 'false' : '0'
    const yes = database.kind === 'postgres' ? 'true' : '1'
    await makeToolTable(database, 'golang-migrate')
    const chain = project(database, ['1', '2', '10', ''])
    await database.query(`insert into schema_migrations (version, dirty) values (2, ${yes})`)
    await refused(t, chain, /version 2 is dirty/)
    await database.query(`update schema_migrations set dirty = ${no}`)
    const { stdout } = await chain.run(['adopt', '--dry-run'])
    t.match(stdout, /note +golang-migrate keeps only its last version/)
    t.match((await adopt(chain)).document, {
      from: { tool: 'golang-migrate', versions: ['2'] },
      adopted: ids(0, 1),
      pending: ids(2, 3),
    })
    await database.query(`insert into schema_migrations (version, dirty) values (10, ${no})`)
    await refused(t, chain, /keeps one row, and there are 2/)
    await database.query('delete from schema_migrations where version = 2')
    t.match((await adopt(chain)).document, { adopted: ids(2), pending: ids(3) })
    await database.query('update schema_migrations set version = 11')
    await refused(t, chain, /golang-migrate has applied 11, and no file/)
  },
)

await eachServer(t, 'sql-migrate: its versions are the names of the files', async (t, database) => {
  await makeToolTable(database, 'sql-migrate')
  const now = "'2025-01-01 10:00:00'"
  await database.query(`insert into gorp_migrations (id, applied_at) values ('1-a.sql', ${now}), ('2 b.sql', ${now})`)
  const chain = project(database, ['1-a.sql', '"2 b.sql"', '3-c.sql'])
  t.match((await adopt(chain)).document, { from: { tool: 'sql-migrate' }, adopted: ids(0, 1), pending: ids(2) })
  await database.query(`insert into gorp_migrations (id, applied_at) values ('9-z.sql', ${now})`)
  await refused(t, chain, /sql-migrate has applied 9-z\.sql, and no file/)
})

await eachServer(
  t,
  'flyway: versions as numbers, undone ones, repeatable scripts, and no failed ones',
  async (t, database) => {
    await makeToolTable(database, 'flyway')
    const rows: FlywayRow[] = [
      ['SCHEMA', null, '"public"'],
      ['SQL', '1', 'V1__a.sql'],
      ['SQL', '1.10', 'V1_10__b.sql'],
      ['SQL', null, 'views/R__views.sql'],
      ['SQL', '2.0', 'V2.0__c.sql'],
      ['UNDO_SQL', '2.0', 'U2.0__c.sql'],
      ['SQL', null, 'R__old.sql'],
    ]
    await writeFlyway(database, rows)
    const chain = project(database, ['1.0', '01.10', '2', 'R__views.sql'])
    const { stdout } = await chain.run(['adopt', '--dry-run'])
    t.match(stdout, /note +Flyway runs R__views\.sql again when it changes/)
    t.match(stdout, /note +Flyway has run R__old\.sql, and no file/)
    t.match((await adopt(chain)).document, { from: { tool: 'flyway' }, adopted: ids(0, 1, 3), pending: ids(2) })
    await writeFlyway(database, [['SQL', '3', 'V3__d.sql', false]], 20)
    await refused(t, chain, /Flyway failed at 3 \(V3__d\.sql\)/)
    await database.query("delete from flyway_schema_history where version = '3'")
    await writeFlyway(database, [['JDBC', '4', 'db.migration.V4__Java']], 21)
    await refused(t, chain, /flyway has applied 4, and no file/)
  },
)

await eachServer(t, 'flyway: a baseline stands for everything up to it', async (t, database) => {
  await makeToolTable(database, 'flyway')
  await writeFlyway(database, [
    ['BASELINE', '2', '<< Flyway Baseline >>'],
    ['SQL', '3', 'V3__c.sql'],
  ])
  const chain = project(database, ['1', '2', '2.1', '3'])
  t.match((await adopt(chain)).document, { from: { versions: ['2', '3'] }, adopted: ids(0, 1, 3), pending: ids(2) })
})

t.test('flyway: a baseline script in the chain stands for versions whose files are gone', async (t) => {
  const database = await freshDatabase('sqlite', t)
  await makeToolTable(database, 'flyway')
  await writeFlyway(database, [['SQL', '1', 'V1__a.sql']])
  const chain = new Project(database, {
    [idOf(0)]: '-- sqlmig: source legacy/B2__base.sql\n-- sqlmig: legacy-revision 2\nSELECT 1;',
    [idOf(1)]: '-- sqlmig: source legacy/V3__c.sql\n-- sqlmig: legacy-revision 3\nSELECT 1;',
  })
  await refused(t, chain, /flyway has applied 1, and no file/)
  await writeFlyway(database, [['SQL', '2', 'V2__b.sql']], 2)
  t.match((await adopt(chain)).document, { adopted: ids(0), pending: ids(1) })
})

await eachServer(
  t,
  'alembic: what stands above its heads is recorded, and a branch that was not applied stays pending',
  async (t, database) => {
    await makeToolTable(database, 'alembic')
    // a0 - b1 - d3, a0 - c2, merge of c2 and d3, and a root of its own that depends on c2
    const chain = project(
      database,
      ['a0', 'b1', 'c2 after a0', 'd3 after b1', 'e4 after c2, d3', 'f5 after base', 'g6 after f5, c2'],
      'py',
    )
    const heads = async (...revisions: string[]) => {
      await database.query('delete from alembic_version')
      for (const revision of revisions) await database.query(`insert into alembic_version values ('${revision}')`)
      return (await adopt(chain, '--dry-run')).document.adopted
    }
    await refused(t, chain, /alembic has applied nothing/)
    t.strictSame(await heads('a0'), ids(0))
    t.strictSame(await heads('b1'), ids(0, 1))
    t.strictSame(await heads('c2'), ids(0, 2))
    t.strictSame(await heads('c2', 'd3'), ids(0, 1, 2, 3))
    t.strictSame(await heads('e4'), ids(0, 1, 2, 3, 4))
    t.strictSame(await heads('d3', 'f5'), ids(0, 1, 3, 5))
    t.strictSame(await heads('g6'), ids(0, 2, 5, 6), 'what it depends on is not in the table')
    await heads('x9')
    await refused(t, chain, /alembic has applied x9, and no file/)
    await heads('d3')
    t.match((await adopt(chain)).document, { adopted: ids(0, 1, 3), pending: ids(2, 4, 5, 6) })
    await heads('e4')
    t.match((await adopt(chain)).document, { adopted: ids(2, 4), pending: ids(5, 6) })
  },
)

await eachServer(
  t,
  'several tables are refused until one is chosen, and another name can be given',
  async (t, database) => {
    const chain = project(database, ['1', '2'])
    await refused(t, chain, /no table of a migration tool/, [], 'usage')
    await makeToolTable(database, 'goose')
    await makeToolTable(database, 'dbmate')
    await writeGoose(database, [[1, true]])
    await database.query("insert into schema_migrations values ('1'), ('2')")
    await refused(t, chain, /goose_db_version \(goose\), schema_migrations \(dbmate\)/, [], 'usage')
    await refused(t, chain, /no table of flyway/, ['--from', 'flyway'], 'usage')
    await refused(t, chain, /no table of golang-migrate/, ['--from', 'golang-migrate'], 'usage')
    t.match((await adopt(chain, '--from', 'goose', '--dry-run')).document, { adopted: ids(0) })
    await database.query('create table my_versions (version varchar(20) primary key)')
    await database.query("insert into my_versions values ('2')")
    t.match((await adopt(chain, '--tool-table', 'my_versions', '--dry-run')).document, {
      from: { tool: 'dbmate', table: 'my_versions', versions: ['2'] },
      adopted: ids(1),
    })
    await refused(
      t,
      chain,
      /my_versions is not a table of goose/,
      ['--tool-table', 'my_versions', '--from', 'goose'],
      'usage',
    )
    await refused(t, chain, /there is no table nothing/, ['--tool-table', 'nothing'], 'usage')
    await database.query('create table other (x integer)')
    await refused(t, chain, /other is not a table of a migration tool/, ['--tool-table', 'other'], 'usage')
    t.match((await adopt(chain, '--from', 'goos')).error, { code: 'usage', remedy: 'did you mean "goose"?' })
  },
)

await eachServer(
  t,
  "the tool's table may stand in another schema",
  async (t, database) => {
    const schema = `ops_${process.pid}_${database.kind}`
    await database.query(`create schema ${schema}`)
    if (database.kind !== 'postgres') t.teardown(() => database.query(`drop schema ${schema}`))
    await database.query(`create table ${schema}.alembic_version (version_num varchar(32) primary key)`)
    await database.query(`insert into ${schema}.alembic_version values ('b')`)
    const chain = project(database, ['a', 'b', 'c'], 'py')
    await refused(t, chain, /no table of a migration tool/, [], 'usage')
    const { document } = await adopt(chain, '--tool-table', `${schema}.alembic_version`)
    t.match(document, { from: { tool: 'alembic', table: `${schema}.alembic_version` }, adopted: ids(0, 1) })
  },
  ['postgres', 'mysql', 'mariadb'],
)

await eachServer(t, 'scripts that kept no table are adopted up to an id', async (t, database) => {
  const chain = project(database, ['', '1', ''], 'py')
  t.match((await adopt(chain, '--to', idOf(1), '--reason', 'by hand')).document, {
    from: null,
    adopted: ids(0, 1),
    pending: ids(2),
  })
  t.match((await adopt(chain, '--to', '20990101_000000_x')).error, { code: 'unknown-id' })
  t.match((await adopt(chain, '--to', idOf(1), '--from', 'goose')).error, {
    code: 'usage',
    message: /--to says how far/,
  })
  const { document } = await chain.json<{ history: unknown[] }>(['history'])
  t.match(document.history, [{ event: 'adopted', id: idOf(1), note: 'by hand' }, { id: idOf(0) }])
})

await eachServer(t, 'a half-applied migration is finished first', async (t, database) => {
  const chain = project(database, ['1'])
  chain.write(idOf(1), '-- sqlmig: no-transaction\nCREATE TABLE one (id integer);\nINSERT INTO not_there VALUES (1);')
  chain.write(idOf(0), 'SELECT 1;')
  await chain.up()
  await makeToolTable(database, 'dbmate')
  await database.query("insert into schema_migrations values ('1')")
  await refused(t, chain, /m1 is half applied/, [], 'partial')
})

t.test('a chain that contradicts itself is refused, and versions of two tools are kept apart', async (t) => {
  const database = await freshDatabase('sqlite', t)
  await makeToolTable(database, 'goose')
  await writeGoose(database, [[1, true]])
  await refused(t, project(database, ['1', '01']), /m0 and .*m1 have the same legacy-revision/)
  const both = project(database, ['1', '2'])
  both.write(idOf(2), '-- sqlmig: source legacy/x.py\n-- sqlmig: legacy-revision 1 after base\nSELECT 1;')
  t.match((await adopt(both)).document, { adopted: ids(0), pending: ids(1, 2) })
  const lost = project(await freshDatabase('sqlite', t), ['a after gone'], 'py')
  await makeToolTable(lost.database, 'alembic')
  await lost.database.query("insert into alembic_version values ('a')")
  await refused(t, lost, /a follows gone, which no file of the chain has/)
})

t.test(
  'a read-only session is refused where it would write',
  { skip: !process.env.SQLMIG_TEST_POSTGRES_URL },
  async (t) => {
    const database = await freshDatabase('postgres', t)
    const { pathname } = new URL(database.url)
    await makeToolTable(database, 'dbmate')
    await database.query("insert into schema_migrations values ('1')")
    await database.query(`alter database ${pathname.slice(1)} set default_transaction_read_only = on`)
    const chain = project(database, ['1'])
    t.match((await adopt(chain)).error, { code: 'read-only' })
    t.match((await adopt(chain, '--dry-run')).document, { adopted: ids(0) })
  },
)

await eachServer(t, 'what is imported from a tool is adopted by its table, and up goes on', async (t, database) => {
  const legacy = {
    'legacy/20250101000000_a.sql': '-- migrate:up\nCREATE TABLE a (id integer);\n\n-- migrate:down\nDROP TABLE a;\n',
    'legacy/20250102000000_b.sql': '-- migrate:up\nCREATE TABLE b (id integer);\n\n-- migrate:down\n',
  }
  const chain = new Project(database)
  for (const [path, text] of Object.entries(legacy)) writeIn(chain.cwd, path, text)
  const dialect = database.kind === 'mariadb' ? 'mysql' : database.kind
  t.equal((await chain.run(['import-legacy', '--dialect', dialect])).code, 0)
  await makeToolTable(database, 'dbmate')
  await database.query('CREATE TABLE a (id integer)')
  await database.query("insert into schema_migrations values ('20250101000000')")
  t.match((await adopt(chain)).document, { adopted: ['20250101_000000_a'], pending: ['20250102_000000_b'] })
  t.match((await chain.up()).document.applied, [{ id: '20250102_000000_b' }])
})
