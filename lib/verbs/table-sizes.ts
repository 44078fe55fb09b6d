import type { SizeOf } from '../review/sizes.ts'
import type { DatabaseOptions } from './context.ts'
import { withDatabase } from './context.ts'

/** Asks the server's statistics about how many rows its tables have. */
export async function tableSizes(options: DatabaseOptions): Promise<SizeOf> {
  return withDatabase(options, 'read', async ({ session, dialect }) => {
    const sizes = new Map<string, number | null>()
    for (const { name, schema, rows } of await session.query(dialect.tableSizes)) {
      sizes.set(key(String(name), schema), rows === null || rows === undefined ? null : Number(rows))
    }
    return ({ name, schema }) => sizes.get(key(name, schema))
  })
}

function key(name: string, schema: unknown): string {
  const path = schema === null || schema === undefined ? name : `${String(schema)}.${name}`
  return path.toLowerCase()
}
