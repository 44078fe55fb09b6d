import { arena } from './arena.ts'
import { compare, type Line } from './compare.ts'
import { type Contender, everywhere, sqlmig } from './contenders.ts'
import { eachDatabase } from './each.ts'
import { peers } from './peers/peers.ts'
import { turns, withPeers } from './settings.ts'
import { type Command, spend } from './spent.ts'

/** `npm run bench -- start`: what it costs to start, in CPU time beside a node that does nothing. */

const usual = 20
const others = withPeers() ? await peers() : []
const contenders = [sqlmig, ...others]
const floor: Line = {
  name: 'node -e 0',
  run: (cwd) => spend({ file: process.execPath, args: ['-e', '0'], cwd }),
}

function line({ name }: Contender, what: string, command: (folder: string) => Command): Line {
  return { name: `${name} ${what}`, peer: name !== sqlmig.name, run: (folder) => spend(command(folder)) }
}

const versions = contenders.flatMap((one) =>
  one.version ? line(one, '--version', (cwd) => ({ ...one.version!, cwd })) : [],
)
await compare('--version', [floor, ...versions], turns(usual), 'cpu')

await eachDatabase(everywhere, async (kind) => {
  const { title, fresh } = await arena(kind)
  const place = await fresh()
  const all = contenders.flatMap((one) =>
    one.status && one.kinds.includes(kind) ? line(one, 'status', (folder) => one.status!(folder, place)) : [],
  )
  try {
    await compare(`status of nothing, ${title}`, [floor, ...all], turns(usual), 'cpu')
  } finally {
    await place.drop()
  }
})
