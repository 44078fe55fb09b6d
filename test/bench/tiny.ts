import { everywhere } from './contenders.ts'
import { eachDatabase } from './each.ts'
import { race } from './race.ts'
import { scaled } from './settings.ts'
import { tinyRace } from './tiny-chain.ts'

/** `npm run bench -- tiny`: a thousand migrations of one CREATE TABLE each. */

await eachDatabase(everywhere, (kind) => race(kind, tinyRace(scaled(1000))))
