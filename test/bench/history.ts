import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Arena, arena } from './arena.ts'
import { compare, gist, type Line } from './compare.ts'
import { type Contender, type Migration, migration, sqlmig } from './contenders.ts'
import { eachDatabase } from './each.ts'
import { peers } from './peers/peers.ts'
import { scaled, turns, withPeers } from './settings.ts'
import { spend } from './spent.ts'

/** `npm run bench -- history`: applying nothing, after ten thousand migrations and after none. */

const count = scaled(10_000)
const chain = [
  migration(0, 'visit', () => ['create table visit (id integer primary key, note varchar(50));\n']),
  ...Array.from({ length: count - 1 }, (_, n) =>
    migration(n + 1, `visit_${n}`, () => [`insert into visit values (${n}, 'visit number ${n}');\n`]),
  ),
]

/** A database and a folder in which all is applied, and a line that applies the nothing that is left. */
async function settled(contender: Contender, migrations: readonly Migration[], { fresh }: Arena) {
  const place = await fresh()
  const folder = mkdtempSync(join(tmpdir(), 'sqlmig-bench-'))
  const command = contender.lay(migrations, folder, place)
  const end = async () => {
    rmSync(folder, { recursive: true })
    await place.drop()
  }
  const line: Line = { name: `${migrations.length} applied`, run: () => spend(command) }
  try {
    await spend(command)
    if (migrations.length > 0) {
      const [row] = await place.query('select count(*) as n from visit')
      const missing = migrations.length - 1 - Number(row?.n)
      if (missing !== 0) throw new Error(`${missing} rows are missing`)
    }
    return { line, end }
  } catch (error) {
    await end()
    throw error
  }
}

async function measure(contender: Contender, where: Arena): Promise<void> {
  // dbmate refuses a folder without files
  const none = await settled(contender, contender === sqlmig ? [] : chain.slice(0, 1), where)
  const all = await settled(contender, chain, where).catch(async (error: unknown) => {
    await none.end()
    throw error
  })
  try {
    await compare(`${contender.name} with nothing to do, ${where.title}`, [none.line, all.line], turns(5), 'seconds')
  } finally {
    await none.end()
    await all.end()
  }
}

const others = withPeers() ? await peers() : []
await eachDatabase(['postgres', 'mariadb', 'sqlite'], async (kind) => {
  const where = await arena(kind)
  await measure(sqlmig, where)
  for (const peer of others.filter(({ kinds }) => kinds.includes(kind))) {
    await measure(peer, where).catch((error: unknown) => {
      console.error(`LEFT OUT: ${peer.name}, ${where.title}: ${gist(error)}`)
    })
  }
})
