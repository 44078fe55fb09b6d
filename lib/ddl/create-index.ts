import { sql } from '../schema/expression.ts'
import type { Operation } from '../schema/operation.ts'
import type { Options } from '../schema/table.ts'
import { type DdlEffect, operations } from './effect.ts'
import { keyOptions, restOfIndex } from './keys.ts'
import type { Reader } from './reader.ts'

/** CREATE INDEX, from the words between CREATE and INDEX on. */
export function createIndex(reader: Reader): DdlEffect {
  const unique = reader.take('UNIQUE')
  const prefix = reader.takeOne('FULLTEXT', 'SPATIAL')
  reader.expect('INDEX')
  reader.take('CONCURRENTLY')
  const ifNotExists = reader.take('IF', 'NOT', 'EXISTS')
  const name = reader.sees('ON') ? undefined : reader.qualified()
  const before = keyOptions(reader)
  reader.expect('ON')
  reader.take('ONLY')
  const on = reader.table()
  // SQLite has the schema at the index
  const table = reader.dialect === 'sqlite' && name?.schema !== undefined ? { ...on, schema: name.schema } : on
  const method: Options =
    reader.dialect === 'postgres' && reader.take('USING') ? { postgresql_using: reader.name() } : {}
  const index = restOfIndex(reader, { name: name?.name, prefix, unique })
  const where: Options = reader.take('WHERE') ? { [`${keywords[reader.dialect]}_where`]: sql(reader.expression()) } : {}
  if (reader.dialect === 'mysql') skipHow(reader)
  reader.finish()
  const options = { ...before, ...method, ...index.options, ...where }
  const whole = Object.keys(options).length > 0 ? { ...index, options } : index
  const operation: Operation = { kind: 'createIndex', table, index: whole, ...(ifNotExists && { ifNotExists }) }
  return operations(operation)
}

const keywords = { postgres: 'postgresql', mysql: 'mysql', sqlite: 'sqlite' } as const

/** ALGORITHM and LOCK say how to go about it. */
export function skipHow(reader: Reader): void {
  while (reader.takeOne('ALGORITHM', 'LOCK', 'WAIT', 'NOWAIT')) {
    reader.take('=')
    if (!reader.atEnd) reader.next()
  }
}
