import t, { type Test } from 'tap'
import { compile } from '../../lib/compiler/compile.ts'
import type { Table } from '../../lib/schema/table.ts'
import { seeded } from '../seed.ts'
import { type Database, freshDatabase } from '../servers/databases.ts'
import { Pair } from './agree.ts'
import { RandomDdl } from './random-ddl.ts'
import { scripts } from './scripts.ts'

/** The text that a table has in the catalogue, but for what does not matter: checks and collations are nowhere else. */
async function checks({ query }: Database): Promise<readonly string[]> {
  const rows = await query("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'")
  return rows
    .flatMap(({ name, sql }) => {
      const text = String(sql).replace(/--.*/g, '').replace(/\s+/g, ' ')
      const found =
        text.match(/CHECK \((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)|COLLATE \w+|ON CONFLICT \w+|WHERE .*/gi) ?? []
      // SQLite renames in texts with quotes of its own
      return found.map((one) => `${name} ${one.replaceAll('"', '')}`.toLowerCase())
    })
    .toSorted()
}

function rebuilt(pair: Pair, table: Table): readonly string[] {
  const [column] = table.columns
  const changes = { nullable: column!.nullable }
  const { statements, problems } = compile(
    { kind: 'alterColumn', table, column: column!.name, changes },
    pair.schema,
    pair.target,
  )
  if (problems.length > 0) throw new Error(problems[0]!.reason)
  return statements
}

/** Every table is made anew from what the model knows of it, and is the same afterwards. */
async function rebuildsAll(t: Test, pair: Pair, database: Database, after: string): Promise<boolean> {
  await database.query('PRAGMA foreign_keys = OFF')
  const before = await checks(database)
  for (const table of Object.values(pair.schema.tables)) {
    if (table.unknown !== undefined) continue
    const statements = rebuilt(pair, table)
    for (const statement of statements) {
      try {
        await database.query(statement)
      } catch (error) {
        // a CHECK that names no column is taken by ADD COLUMN, and then no table of the database can be renamed
        if (/error in table \w+:/.test(String(error))) return false
        t.fail(`${after}: the server refuses ${statement}: ${String(error)}`)
        return false
      }
    }
  }
  const found = await pair.difference('known tables')
  const now = await checks(database)
  if (!found && JSON.stringify(before) === JSON.stringify(now)) return true
  t.same(found?.server, found?.model, `after ${after}`)
  t.same(now, before, `the checks after ${after}`)
  return false
}

for (const { name, statements } of scripts.filter((script) => script.on.includes('sqlite'))) {
  t.test(`tables that raw SQL made can be rebuilt without loss: ${name}`, async (t) => {
    const database = await freshDatabase('sqlite', t)
    const pair = new Pair(database)
    for (const statement of statements) {
      t.ok(await pair.run(statement), statement)
      if (!(await rebuildsAll(t, pair, database, statement))) return
    }
  })
}

t.test('tables that random statements made can be rebuilt without loss', async (t) => {
  const database = await freshDatabase('sqlite', t)
  const ddl = new RandomDdl(seeded(t), 'sqlite')
  const pair = new Pair(database)
  const taken: string[] = []
  for (let n = 0; n < 300; n++) {
    const statement = ddl.statement()
    if (!(await pair.run(statement))) continue
    taken.push(statement)
    if (!(await rebuildsAll(t, pair, database, taken.slice(-8).join(';\n')))) return
  }
  t.ok(taken.length > 20, `${taken.length} statements`)
})
