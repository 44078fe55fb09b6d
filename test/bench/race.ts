import type { Kind } from '../servers/connection.ts'
import { type Arena, arena, type Place } from './arena.ts'
import { compare, type Line, type Run } from './compare.ts'
import { type Contender, type Migration, ownClient, sqlmig } from './contenders.ts'
import { DelayProxy } from './delay-proxy.ts'
import { peers } from './peers/peers.ts'
import { turns, withPeers } from './settings.ts'
import { spend } from './spent.ts'

/** The same chain applied by all contenders, each time to an empty database. */
export interface Race {
  readonly title: string
  readonly chain: readonly Migration[]
  /** What is there before; none of the time. */
  prepare?(place: Place): Promise<unknown>
  /** Throws where the database does not hold what it should: nobody is to win by not working. */
  verify(place: Place): Promise<void>
  /** Milliseconds that the server is away; no way at all unless told. */
  readonly roundTrip?: number
}

/** The server's own client first, then sqlmig, then the peers that were asked for. */
export async function race(kind: Kind, what: Race): Promise<void> {
  const place = await arena(kind)
  const others = withPeers() ? (await peers()).filter(({ kinds }) => kinds.includes(kind)) : []
  const contenders = [ownClient(place), sqlmig, ...others]
  const lines = contenders.map(
    (contender): Line => ({
      name: contender.manner === undefined ? contender.name : `${contender.name} (${contender.manner})`,
      peer: others.includes(contender),
      run: (folder) => once(contender, what, place, folder),
    }),
  )
  await compare(`${what.title}, ${place.title}`, lines, turns(3), 'seconds')
}

async function once(contender: Contender, what: Race, { fresh }: Arena, folder: string): Promise<Run> {
  const place = await fresh()
  try {
    await what.prepare?.(place)
    const run = await apply(contender, what, { place, folder })
    await what.verify(place)
    return run
  } finally {
    await place.drop()
  }
}

async function apply(contender: Contender, what: Race, at: { place: Place; folder: string }): Promise<Run> {
  const { place, folder } = at
  if (what.roundTrip === undefined) return spend(contender.lay(what.chain, folder, place))
  const url = new URL(place.url)
  const proxy = await DelayProxy.open(url.hostname, Number(url.port), what.roundTrip)
  try {
    url.port = String(proxy.port)
    const spent = await spend(contender.lay(what.chain, folder, { kind: place.kind, url: url.href }))
    return { ...spent, roundTrips: proxy.roundTrips }
  } finally {
    await proxy.close()
  }
}
