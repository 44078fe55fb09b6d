import { column, sql } from '../schema/expression.ts'
import type { Exclude, ExcludeElement } from '../schema/table.ts'
import { keyOptions } from './keys.ts'
import type { Reader } from './reader.ts'

/** `EXCLUDE USING gist (room WITH =, during WITH &&) WHERE (…)`, from USING on. */
export function readExclude(reader: Reader): Exclude {
  const using = reader.take('USING') ? reader.name() : undefined
  reader.expect('(')
  const elements = reader.list(() => readElement(reader))
  reader.expect(')')
  keyOptions(reader)
  const where = reader.take('WHERE') ? sql(reader.parenthesised()) : undefined
  return { kind: 'exclude', elements, ...(using !== undefined && { using }), ...(where && { where }) }
}

function readElement(reader: Reader): ExcludeElement {
  const from = reader.mark
  const isPlain = reader.isName && ['WITH', 'COLLATE'].includes(reader.ahead(1).upper)
  const name = isPlain ? reader.name() : undefined
  if (!isPlain) reader.skipUnit()
  while (!reader.sees('WITH')) reader.skipUnit()
  const text = reader.text(from)
  const expression = name !== undefined && reader.mark === from + 1 ? column(name) : sql(text)
  reader.expect('WITH')
  const operator = reader.mark
  reader.skipItem()
  return { expression, operator: reader.text(operator).replace(/\s+/g, '') }
}
