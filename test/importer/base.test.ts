import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { folder, run } from '../cli.ts'
import { eachServer } from '../servers/databases.ts'

const dialects = { postgres: 'postgres', mysql: 'mysql', mariadb: 'mysql', sqlite: 'sqlite' } as const

/** Asks for two columns, of which the base has one, and for a table and an index that it has. */
const asking = `from sqlalchemy import inspect, text

def run_migration(engine):
    with engine.begin() as conn:
        columns = [c["name"] for c in inspect(conn).get_columns("leads")]
        for name in ("phone", "city"):
            if name not in columns:
                conn.execute(text(f"ALTER TABLE leads ADD COLUMN {name} VARCHAR(20)"))
        if not inspect(conn).has_table("leads"):
            conn.execute(text("CREATE TABLE leads (id INTEGER)"))
        if not inspect(conn).has_table("forms"):
            conn.execute(text("CREATE TABLE forms (id INTEGER)"))
        if "leads_phone_idx" not in {i["name"] for i in inspect(conn).get_indexes("leads")}:
            conn.execute(text("CREATE INDEX leads_phone_idx ON leads (phone)"))
`
const made = [
  'CREATE TABLE leads (id integer NOT NULL PRIMARY KEY, phone varchar(20))',
  'CREATE INDEX leads_phone_idx ON leads (phone)',
]

interface Imported {
  readonly files: readonly {
    readonly guards: number
    readonly statements: number
    readonly outputs: { text?: string }[]
  }[]
}

await eachServer(t, 'what was there before is read from the database as it was', async (t, database) => {
  const cwd = folder({ 'legacy/20250101_000000_asking.py': asking })
  for (const sql of made) await database.query(sql)
  const args = ['import-legacy', '--json', '--dialect', dialects[database.kind], '--base', database.url]
  const { code, stdout, stderr } = await run(args, { cwd })
  t.equal(code, 0, stdout + stderr)
  t.match(
    (JSON.parse(stdout) as Imported).files,
    [{ guards: 0, statements: 2 }],
    'one column and one table are missing',
  )
})

t.test('what was there before is read from a file with its schema', async (t) => {
  const cwd = folder({ 'legacy/20250101_000000_asking.py': asking })
  writeFileSync(join(cwd, 'schema.sql'), made.map((sql) => `${sql};\n`).join(''))
  const { code, stdout } = await run(['import-legacy', '--json', '--base', 'schema.sql'], { cwd })
  t.equal(code, 0)
  t.match((JSON.parse(stdout) as Imported).files, [{ guards: 0, statements: 2 }])
})

t.test('without it, nothing is known of tables that no script made', async (t) => {
  const cwd = folder({ 'legacy/20250101_000000_asking.py': asking })
  const { stdout } = await run(['import-legacy', '--json', '--dialect', 'sqlite'], { cwd })
  t.match((JSON.parse(stdout) as Imported).files, [{ statements: 5 }])
  t.ok((JSON.parse(stdout) as Imported).files[0]!.guards >= 4)
})

t.test('a base of another dialect, or one that is not there, is wrong use', async (t) => {
  const cwd = folder({ 'legacy/20250101_000000_asking.py': asking })
  const other = await run(['import-legacy', '--dialect', 'postgres', '--base', ':memory:'], { cwd })
  t.equal(other.code, 2)
  t.match(other.stderr, /add --dialect sqlite/)
  const missing = await run(['import-legacy', '--base', 'nowhere.sql'], { cwd })
  t.equal(missing.code, 2)
  t.match(missing.stderr, /error\[file-access\]/)
})
