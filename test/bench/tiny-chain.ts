import { countTables } from './arena.ts'
import { migration } from './contenders.ts'
import type { Race } from './race.ts'

/** Migrations of one CREATE TABLE each. */
export function tinyRace(count: number): Race {
  const sql = (n: number) => [`create table tiny_${n} (id integer primary key, name varchar(50) not null);\n`]
  return {
    title: `${count} tiny migrations`,
    chain: Array.from({ length: count }, (_, n) => migration(n, `tiny_${n}`, () => sql(n))),
    async verify(place) {
      const made = await countTables(place, 'tiny_')
      if (made !== count) throw new Error(`there are ${made} tables of ${count}`)
    },
  }
}
