import { Inserts, table, verifyRows } from './bulk.ts'
import { migration } from './contenders.ts'
import { eachDatabase } from './each.ts'
import { race } from './race.ts'
import { scaled } from './settings.ts'

/** `npm run bench -- inserts`: a file of 40 MB with an INSERT for each row, and one of 200 MB with 50 rows in each. */

const sizes = [
  { megabytes: scaled(40), each: 1 },
  { megabytes: scaled(200), each: 50 },
]

await eachDatabase(['postgres', 'mariadb', 'sqlite'], async (kind) => {
  for (const { megabytes, each } of sizes) {
    const inserts = new Inserts(megabytes * 1e6, each)
    await race(kind, {
      title: `${megabytes} MB of INSERTs with ${each} row${each > 1 ? 's' : ''} each`,
      chain: [migration(0, 'bulk', () => inserts.sql())],
      prepare: (place) => place.query(table),
      verify: (place) => verifyRows(place, inserts.rows),
    })
  }
})
