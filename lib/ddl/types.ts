import type { TypeSpec } from '../schema/type-spec.ts'
import { mysqlType } from './mysql-types.ts'
import { postgresType } from './postgres-types.ts'
import type { Reader } from './reader.ts'
import { sqliteType } from './sqlite-types.ts'

/** A type as a column definition has it. */
export interface ReadType {
  readonly type: TypeSpec
  /** SERIAL: the column counts up, and takes no NULL. */
  readonly serial?: boolean
  /** MySQL's SERIAL is unique as well. */
  readonly unique?: boolean
}

export function readType(reader: Reader): ReadType {
  switch (reader.dialect) {
    case 'postgres':
      return postgresType(reader)
    case 'mysql':
      return mysqlType(reader)
    case 'sqlite':
      return { type: sqliteType(reader) }
  }
}
