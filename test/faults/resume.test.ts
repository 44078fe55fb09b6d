import t from 'tap'
import { Project } from '../project.ts'
import { seeded } from '../seed.ts'
import { eachServer, freshDatabase } from '../servers/databases.ts'
import { chain, eachStatementOnce, id, killedRun, numbers } from './killed.ts'

const random = seeded(t)
const moments = 6

for (const kind of ['mysql', 'mariadb', 'postgres', 'sqlite'] as const) {
  const directive = kind === 'postgres' || kind === 'sqlite' ? '-- sqlmig: no-transaction\n' : ''
  await eachServer(
    t,
    'after a kill no statement is skipped or run twice: the next run goes on',
    async (t) => {
      let resumed = 0
      for (let moment = 1; moment <= moments; moment++) {
        const project = new Project(await freshDatabase(kind, t), chain(kind, directive))
        await killedRun(project, random)
        const next = await project.up()
        t.equal(next.code, 0, next.stderr)
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
