import type { Operation } from '../schema/operation.ts'
import type { TypeSpec } from '../schema/type-spec.ts'
import { dropKey } from './alter-mysql.ts'
import { skipHow } from './create-index.ts'
import { isTemporary } from './create-table.ts'
import { type DdlEffect, none, operations, unknown } from './effect.ts'
import type { Reader } from './reader.ts'

/** DROP, from the words behind it on. */
export function drop(reader: Reader): DdlEffect {
  if (reader.take('TEMPORARY')) return none
  if (reader.takeOne('TABLE', 'TABLES')) return dropTables(reader)
  if (reader.take('INDEX')) return dropIndexes(reader)
  if (reader.takeOne('SCHEMA', 'DATABASE')) return dropSchemas(reader)
  if (reader.take('SEQUENCE')) return dropSequences(reader)
  if (reader.takeOne('TYPE', 'DOMAIN')) return dropTypes(reader)
  return dropOther(reader)
}

function ifExists(reader: Reader): { readonly ifExists?: true } {
  return reader.take('IF', 'EXISTS') ? { ifExists: true } : {}
}

/** MySQL and SQLite know the word, or not even that, and nothing happens. */
function cascades(reader: Reader): boolean {
  return reader.takeOne('CASCADE', 'RESTRICT') === 'CASCADE' && reader.dialect === 'postgres'
}

function dropTables(reader: Reader): DdlEffect {
  const how = ifExists(reader)
  const tables = reader.list(() => reader.table())
  const cascade = cascades(reader)
  if (reader.dialect === 'mysql') skipHow(reader)
  reader.finish()
  const dropped = tables.filter((table) => !isTemporary(table, reader))
  return operations(
    ...dropped.map((table): Operation => ({ kind: 'dropTable', table, ...how, ...(cascade && { cascade }) })),
  )
}

function dropIndexes(reader: Reader): DdlEffect {
  reader.take('CONCURRENTLY')
  const how = ifExists(reader)
  if (reader.dialect === 'mysql') {
    const name = reader.name()
    reader.expect('ON')
    const table = reader.table()
    skipHow(reader)
    reader.finish()
    return operations(dropKey(table, name, how.ifExists === true))
  }
  const names = reader.list(() => reader.qualified())
  cascades(reader)
  reader.finish()
  return operations(
    ...names.map(
      ({ name, schema }): Operation => ({
        kind: 'dropIndex',
        name: { fixed: name },
        ...(schema !== undefined && { schema }),
        ...how,
      }),
    ),
  )
}

function dropSchemas(reader: Reader): DdlEffect {
  const how = ifExists(reader)
  const names = reader.list(() => reader.name())
  const cascade = cascades(reader)
  if (names.includes('public') && cascade) return unknown('all', 'the schema public is dropped')
  return operations(
    ...names.map((name): Operation => ({ kind: 'dropSchema', name, ...how, ...(cascade && { cascade }) })),
  )
}

function dropSequences(reader: Reader): DdlEffect {
  const how = ifExists(reader)
  const names = reader.list(() => reader.qualified())
  if (cascades(reader)) return unknown('all', 'DROP SEQUENCE … CASCADE takes defaults of columns along')
  return operations(...names.map((sequence): Operation => ({ kind: 'dropSequence', sequence, ...how })))
}

function dropTypes(reader: Reader): DdlEffect {
  reader.take('IF', 'EXISTS')
  const names = reader.list(() => reader.qualified())
  if (cascades(reader)) return unknown('all', 'DROP TYPE … CASCADE takes columns along')
  return operations(...names.map((name): Operation => ({ kind: 'dropEnum', type: enumType(name) })))
}

export function enumType(
  { name, schema }: { readonly name: string; readonly schema?: string },
  values: readonly string[] = [],
): TypeSpec {
  return { kind: 'ENUM', origin: 'postgres', args: { name, values, ...(schema !== undefined && { schema }) } }
}

/** Views, functions, triggers and the like are not in the model, but CASCADE may reach what is. */
function dropOther(reader: Reader): DdlEffect {
  const what = reader.token.upper
  if (what === 'OWNED') return unknown('all', 'DROP OWNED takes whatever a user has')
  while (!reader.atEnd)
    if (reader.next().upper === 'CASCADE' && reader.dialect === 'postgres' && reaches.includes(what))
      return unknown('all', `DROP ${what} … CASCADE may take columns along`)
  return none
}

/** What a column, a default or a check can stand on. */
const reaches = [
  'EXTENSION',
  'FUNCTION',
  'PROCEDURE',
  'ROUTINE',
  'AGGREGATE',
  'OPERATOR',
  'COLLATION',
  'LANGUAGE',
  'CAST',
]
