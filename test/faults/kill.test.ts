import t, { type Test } from 'tap'
import { Project } from '../project.ts'
import { seeded } from '../seed.ts'
import { type Database, eachServer, freshDatabase } from '../servers/databases.ts'
import { until } from '../slow.ts'
import { chain, eachStatementOnce, id, killedRun, length, numbers } from './killed.ts'

const random = seeded(t)
const moments = 20
const impatient = 4
for (const kind of ['postgres', 'sqlite'] as const) {
  await eachServer(
    t,
    'a killed run leaves whole migrations, and the next one finishes',
    async (t) => {
      let amid = 0
      for (let moment = 1; moment <= moments + impatient; moment++) {
        const database = await freshDatabase(kind, t)
        const project = new Project(database, chain(kind))
        await killedRun(project, random)
        // the last times the next run comes while the server may still be at work for the killed one
        if (moment <= moments) {
          await gone(database)
          const done = await wholeMigrations(t, project)
          if (done > 0 && done < length) amid++
        }
        const next = await project.up()
        t.equal(next.code, 0, next.stderr)
        t.equal(await wholeMigrations(t, project), length)
      }
      t.ok(amid > 0, `${amid} of ${moments} moments were in the middle of the chain`)
    },
    [kind],
  )
}

/** Waits until the server has noticed that its client is no more. */
async function gone({ kind, query }: Database): Promise<void> {
  if (kind !== 'postgres') return
  const others = `select 1 from pg_stat_activity where datname = current_database() and application_name like 'sqlmig%'`
  await until(async () => (await query(others)).length === 0)
}

/** How many migrations there are, after the schema and the rows were found to tell the same as the ledger. */
async function wholeMigrations(t: Test, project: Project): Promise<number> {
  const tables = await project.tables()
  const ledger = tables.includes('sqlmig_history') ? await project.ledger() : []
  const done = numbers.slice(0, ledger.length)
  t.strictSame(
    ledger,
    done.map((step) => `applied ${id(step)}`),
  )
  t.strictSame(
    tables.filter((name) => name.startsWith('made_')),
    done.map((step) => `made_${step}`).sort(),
  )
  if (done.length === 0) return 0
  await eachStatementOnce(t, project, done)
  return done.length
}
