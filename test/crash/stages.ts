import { type Database, freshDatabase, type Kind } from '../servers/databases.ts'
import { contentOf } from './catalogue.ts'
import type { Migration, Statement } from './chain.ts'

/**
 * What a database holds after each statement of a chain, run by the tests' own session: the key is `id statement`. It
 * answers as a person would to whom `up` says that it cannot know.
 */
export type Stages = ReadonlyMap<string, readonly string[]>

export async function stagesOf(kind: Kind, chain: readonly Migration[]): Promise<Stages> {
  const database = await freshDatabase(kind)
  // as it is while `up` works
  if (kind === 'sqlite') await database.query('pragma foreign_keys = off')
  const stages = new Map<string, readonly string[]>()
  let now = await contentOf(database)
  for (const { id, statements } of chain) {
    stages.set(stage(id, 0), now)
    for (const [index, statement] of statements.entries()) {
      if (!statement.skipped) await execute(database, statement)
      if (!statement.skipped) now = await contentOf(database)
      stages.set(stage(id, index + 1), now)
    }
  }
  await database.drop()
  return stages
}

export const stage = (id: string, statement: number): string => `${id} ${statement}`

async function execute({ query }: Database, { sql, instead }: Statement): Promise<void> {
  await query(instead ?? sql)
}

export function same(a: readonly string[] | undefined, b: readonly string[]): boolean {
  return a !== undefined && a.length === b.length && a.every((line, index) => line === b[index])
}
