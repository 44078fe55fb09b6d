import t from 'tap'
import { seeded } from '../seed.ts'
import { eachServer } from '../servers/databases.ts'
import { dialectOf, Pair } from './agree.ts'
import { RandomDdl } from './random-ddl.ts'

const rounds = Number(process.env.SQLMIG_TEST_ROUNDS) || 1
// one round judges a change with the same statements each time; more rounds look for what nobody has seen
const usualSeed = rounds === 1 ? 1 : undefined

await eachServer(t, 'the model follows whatever statements the server takes', async (t, database) => {
  const ddl = new RandomDdl(seeded(t, usualSeed), database.kind)
  const taken: string[] = []
  const pair = new Pair(database)
  for (let n = 0; n < 400 * rounds; n++) {
    const statement = ddl.statement()
    if (!(await pair.run(statement))) continue
    taken.push(statement)
    const found = await pair.difference('known tables')
    if (!found) continue
    t.same(found.model, found.server, `after ${taken.slice(-12).join(';\n')}`)
    return
  }
  t.ok(taken.length > 5, `${taken.length} statements were taken by ${dialectOf(database)}`)
})
