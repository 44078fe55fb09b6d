import { eachDatabase } from './each.ts'
import { race } from './race.ts'
import { scaled } from './settings.ts'
import { tinyRace } from './tiny-chain.ts'

/** `npm run bench -- link`: two hundred tiny migrations in a server that is 20 ms away. */

const roundTrip = 20
const tiny = tinyRace(scaled(200))

await eachDatabase(['postgres', 'mysql', 'mariadb'], (kind) =>
  race(kind, { ...tiny, title: `${tiny.title} over ${roundTrip} ms`, roundTrip }),
)
