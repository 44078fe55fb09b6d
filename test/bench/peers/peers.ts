import type { Contender } from '../contenders.ts'
import { alembic } from './alembic.ts'
import { dbmate } from './dbmate.ts'
import { knex } from './knex.ts'
import { nodePgMigrate } from './node-pg-migrate.ts'
import { postgrator } from './postgrator.ts'
import { sqlMigrate } from './sql-migrate.ts'

/** Other tools, and how each is had; none of them is a dependency of the project. */
const all: Readonly<Record<string, () => Contender | Promise<Contender>>> = {
  dbmate,
  'node-pg-migrate': nodePgMigrate,
  postgrator,
  knex,
  'sql-migrate': sqlMigrate,
  alembic,
}

/** Those that this machine can have; the others are told. */
export async function peers(): Promise<readonly Contender[]> {
  const had: Contender[] = []
  for (const [name, get] of Object.entries(all)) {
    try {
      had.push(await get())
    } catch (error) {
      console.error(`LEFT OUT: ${name}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  return had
}
