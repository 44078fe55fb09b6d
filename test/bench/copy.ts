import { Copy, table, verifyRows } from './bulk.ts'
import { migration } from './contenders.ts'
import { eachDatabase } from './each.ts'
import { race } from './race.ts'
import { scaled } from './settings.ts'

/** `npm run bench -- copy`: 200 MB of rows as pg_dump writes them. */

const megabytes = scaled(200)
const copy = new Copy(megabytes * 1e6)

await eachDatabase(['postgres'], (kind) =>
  race(kind, {
    title: `${megabytes} MB by COPY FROM stdin`,
    chain: [migration(0, 'bulk', () => copy.sql())],
    prepare: (place) => place.query(table),
    verify: (place) => verifyRows(place, copy.rows),
  }),
)
