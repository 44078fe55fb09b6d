import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import t from 'tap'
import { folder, run } from '../cli.ts'
import { type Database, eachServer } from '../servers/databases.ts'

// The ten lines of the README, on the invented history of `legacy/`: import, review, up on a scratch database, adopt, up.

const dialects = { postgres: 'postgres', mysql: 'mysql', mariadb: 'mysql', sqlite: 'sqlite' } as const
const slugFile = 'sql/20251118_000000_form_slug.up.sql'

function project(): string {
  const cwd = folder()
  cpSync(resolve('legacy'), join(cwd, 'legacy'), { recursive: true })
  return cwd
}

/** Finishes the one thing that reading could not. */
function finish(cwd: string): void {
  const path = join(cwd, slugFile)
  const text = readFileSync(path, 'utf8')
  const done = `${text.slice(0, text.indexOf('-- sqlmig: todo'))}UPDATE form SET slug = lower(title) WHERE slug IS NULL;\n`
  writeFileSync(path, done)
}

await eachServer(t, 'a legacy history is imported, reviewed, tried, adopted, and goes on', async (t, database) => {
  const cwd = project()
  const { kind, url } = database
  const sqlmig = (...args: string[]) => run(args, { cwd, env: { DATABASE_URL: url } })
  const imported = await sqlmig('import-legacy', '--dialect', dialects[kind], '--report', 'import.html')
  t.equal(imported.code, 7, 'a todo is left')
  t.match(imported.stdout, /todo .*20251118_000000_form_slug\.py:\d+/)
  t.match(readFileSync(join(cwd, 'import.html'), 'utf8'), /op\.create_table/)
  t.equal((await sqlmig('up')).code, 4, 'and blocks')
  finish(cwd)
  t.equal((await sqlmig('import-legacy', '--dialect', dialects[kind])).code, 0, 'the finished file is kept')
  t.equal((await sqlmig('check', '--dialect', dialects[kind])).code, 0)
  await leaveBehind(cwd, database)
  const dry = await sqlmig('adopt', '--from', 'alembic', '--dry-run', '--json')
  t.equal(dry.code, 0, dry.stderr)
  const adopted = await sqlmig('adopt', '--from', 'alembic', '--json')
  t.equal(adopted.code, 0, adopted.stderr)
  const ids = (adopted.json() as { adopted: string[]; pending: string[] }).adopted
  t.same(ids, (dry.json() as { adopted: string[] }).adopted)
  t.equal(ids.at(-1), '20251107_110000_merge_languages_and_consent', 'no further than the old tool was')
  const up = await sqlmig('up')
  t.equal(up.code, 0, up.stderr)
  t.match(up.stdout, /3 migrations applied/)
  const [row] = await database.query('SELECT count(*) AS n FROM form WHERE slug IS NULL')
  t.equal(Number(row?.n), 0)
})

/** A database as Alembic leaves it in the middle of the history, made by the first part of the chain itself. */
async function leaveBehind(cwd: string, database: Database): Promise<void> {
  const { url } = database
  const options = { cwd, env: { DATABASE_URL: url } }
  const up = await run(['up', '--table', 'elsewhere', '--to', '20251107_110000_merge_languages_and_consent'], options)
  if (up.code !== 0) throw new Error(up.stderr)
  await database.query('CREATE TABLE alembic_version (version_num VARCHAR(60) NOT NULL PRIMARY KEY)')
  await database.query("INSERT INTO alembic_version VALUES ('20251107_110000_merge_languages_and_consent')")
}

const columnsOf = async (cwd: string, url: string) => {
  const { stdout, stderr, code } = await run(['up', '--json'], { cwd, env: { DATABASE_URL: url } })
  if (code !== 0) throw new Error(`${stdout}${stderr}`)
}

/** A script that looks before it acts, for every column and index. */
const looking = `
def _has(conn, table, column):
    if conn.dialect.name == "sqlite":
        return any(row[1] == column for row in conn.exec_driver_sql(f"PRAGMA table_info({table})"))
    sql = f"SELECT 1 FROM information_schema.columns WHERE table_name = '{table}' AND column_name = '{column}'"
    return conn.exec_driver_sql(sql).first() is not None

def run_migration(engine):
    with engine.begin() as conn:
        for column in ("source", "phone", "city"):
            if not _has(conn, "leads", column):
                conn.exec_driver_sql(f"ALTER TABLE leads ADD COLUMN {column} VARCHAR(20)")
                conn.exec_driver_sql(f"UPDATE leads SET {column} = 'none'")
        indexes = {index["name"] for index in __import__("sqlalchemy").inspect(conn).get_indexes("leads")}
        for column in ("source", "phone"):
            if f"lead_{column}_idx" not in indexes:
                conn.exec_driver_sql(f"CREATE INDEX lead_{column}_idx ON leads ({column})")
`.replace('__import__("sqlalchemy").inspect', 'inspect')

await eachServer(t, 'guards end in the same schema where half of it is there already', async (t, database) => {
  const cwd = folder({ 'legacy/20250101_000000_looking.py': `from sqlalchemy import inspect\n${looking}` })
  const imported = await run(['import-legacy', '--dialect', dialects[database.kind], '--json'], { cwd })
  t.equal(imported.code, 0, imported.stdout)
  t.equal((imported.json() as { files: { guards: number }[] }).files[0]!.guards, 8)
  await database.query('CREATE TABLE leads (id integer, phone varchar(20))')
  await database.query("INSERT INTO leads VALUES (1, 'kept')")
  await database.query('CREATE INDEX lead_phone_idx ON leads (phone)')
  await columnsOf(cwd, database.url)
  const [row] = await database.query('SELECT source, phone, city FROM leads')
  t.same({ ...row }, { source: 'none', phone: 'kept', city: 'none' }, 'what was there is left alone')
  const index =
    database.kind === 'mysql' || database.kind === 'mariadb' ? 'lead_source_idx ON leads' : 'lead_source_idx'
  await t.resolves(database.query(`DROP INDEX ${index}`), 'what was missing is made')
})

t.test('the example chain begins with what the importer makes of legacy/', async (t) => {
  const cwd = project()
  cpSync(resolve('sql'), join(cwd, 'sql'), { recursive: true })
  const { code, stdout } = await run(['import-legacy', '--json'], { cwd })
  t.equal(code, 0)
  const { files } = JSON.parse(stdout) as { files: { id: string; outputs: { state: string }[] }[] }
  for (const { id, outputs } of files)
    for (const { state } of outputs) t.equal(state, id.endsWith('form_slug') ? 'kept' : 'unchanged', id)
})
