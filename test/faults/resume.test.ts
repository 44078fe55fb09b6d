import t, { type Test } from 'tap'
import { ended, Project, type UpDocument } from '../project.ts'
import { seeded } from '../seed.ts'
import { eachServer, freshDatabase } from '../servers/databases.ts'
import { chain, eachStatementOnce, id, killedRun, numbers } from './killed.ts'

const random = seeded(t)
const moments = 6

for (const kind of ['mysql', 'mariadb', 'postgres', 'sqlite'] as const) {
  const directive = kind === 'postgres' || kind === 'sqlite' ? '-- sqlmig: no-transaction\n' : ''
  await eachServer(
    t,
    'after a kill no statement is skipped or run twice: the next run goes on, or asks',
    async (t) => {
      let resumed = 0
      for (let moment = 1; moment <= moments; moment++) {
        const project = new Project(await freshDatabase(kind, t), chain(kind, directive))
        await killedRun(project, random)
        const next = await finish(t, project)
        if (/^ {2}resuming/m.test(next.stderr)) resumed++
        await eachStatementOnce(t, project, numbers)
        t.strictSame(
          await project.ledger(),
          numbers.map((step) => `applied ${id(step)}`),
        )
      }
      t.comment(`${resumed} of ${moments} runs were resumed in the middle of a file`)
    },
    [kind],
  )
}

/** Runs to the end; what the run cannot know, it asks, and is told after a look at the database. */
async function finish(t: Test, project: Project): Promise<{ stderr: string }> {
  for (;;) {
    const next = ended<UpDocument>(await project.run(['up', '--json']))
    if (next.code === 0) return next
    t.match(
      next,
      { code: 4, error: { code: 'partial', message: /nobody knows whether statement \d+ of \w+ took effect/ } },
      next.stderr,
    )
    const [, statement, migration] = /statement (\d+) of (\w+)/.exec(next.error!.message)!
    const through = (await tookEffect(project, migration!, Number(statement)))
      ? Number(statement)
      : Number(statement) - 1
    t.match(next.error?.remedy, `sqlmig resolve ${migration} --through ${through}`)
    const { code, stderr } = await project.run(['resolve', migration!, '--through', String(through)])
    t.equal(code, 0, stderr)
  }
}

/** What a person would look at: whether the table, the index or the column is there. */
async function tookEffect({ database }: Project, migration: string, ordinal: number): Promise<boolean> {
  const step = Number(migration.slice(6, 8))
  const questions: Readonly<Record<number, string>> = {
    0: `select 1 from information_schema.tables where table_schema = database() and table_name = 'trace'`,
    1: `select 1 from information_schema.tables where table_schema = database() and table_name = 'made_${step}'`,
    5: `select 1 from information_schema.statistics where table_schema = database() and index_name = 'made_${step}_name'`,
    6: `select 1 from information_schema.columns where table_schema = database() and table_name = 'made_${step}' and column_name = 'extra'`,
  }
  return (await database.query(questions[step === 1 ? ordinal - 1 : ordinal]!)).length > 0
}
