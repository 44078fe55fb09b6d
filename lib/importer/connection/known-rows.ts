import { Unknown, type Value } from '../../python/values.ts'
import { primaryKeyOf } from '../../schema/table.ts'
import { Result } from './result.ts'
import type { Rows } from './rows.ts'
import { knownTable } from './settled.ts'

/** All columns of a table that the chain made, in order; undefined where the query asks for anything else. */
export function knownColumns(rows: Rows, names: readonly string[] | undefined): Result | undefined {
  const { about, given, fields, what } = rows.query
  const [table, ...more] = given
  if (
    about !== 'column' ||
    names === undefined ||
    table?.means !== 'table' ||
    table.values.length !== 1 ||
    more.length > 0
  )
    return undefined
  const known = knownTable(rows.schema, { name: table.values[0]! })
  if (!known) return undefined
  const key = primaryKeyOf(known)?.columns ?? []
  const found = known.columns.map((column, place) =>
    names.map((_, at): Value => {
      const field = fields.get(String(at))
      if (field?.means === 'name') return column.name
      if (field?.means === 'table') return known.name
      if (field?.means === 'place') return BigInt(place)
      if (field?.means === 'notNull') return column.nullable ? 0n : 1n
      if (field?.means === 'nullable') return column.nullable ? 'YES' : 'NO'
      if (field?.means === 'key' && field.type === 'number') return BigInt(key.indexOf(column.name) + 1)
      return new Unknown(what, { file: '', line: 0, column: 0 })
    }),
  )
  return new Result({ kind: 'known', columns: names, rows: found })
}
