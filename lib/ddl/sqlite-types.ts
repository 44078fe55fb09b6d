import { rawType, type TypeArguments, type TypeSpec, type } from '../schema/type-spec.ts'
import type { Reader } from './reader.ts'

/** What ends a type, and begins the next part of a column. */
const ends = new Set(
  'CONSTRAINT PRIMARY NOT NULL UNIQUE CHECK DEFAULT COLLATE REFERENCES GENERATED AS AUTOINCREMENT ON'.split(' '),
)

const plain = 'INTEGER SMALLINT BIGINT TEXT REAL FLOAT BLOB BOOLEAN DATE TIME DATETIME TIMESTAMP JSON'.split(' ')
const sized = 'VARCHAR CHAR NVARCHAR NCHAR TEXT'.split(' ')
const precise = 'NUMERIC DECIMAL'.split(' ')

/** Any words, with up to two numbers behind them; no type at all is one too. */
export function sqliteType(reader: Reader): TypeSpec {
  const from = reader.mark
  while (reader.isName && !(reader.token.kind === 'word' && ends.has(reader.token.upper))) reader.next()
  if (reader.mark > from && reader.token.kind === 'open') reader.skipGroup()
  const text = reader.text(from).replace(/\s+/g, ' ')
  const collate = reader.mark
  if (!reader.take('COLLATE')) return sqliteTypeOf(text)
  reader.name()
  return rawType(`${text} ${reader.text(collate)}`.trim())
}

/** A kind of its own only where that is written the same again: INT is not INTEGER to SQLite. */
function sqliteTypeOf(text: string): TypeSpec {
  const [, name = '', list] = /^(\w+)(?:\s*\(([\d\s,]*)\))?$/.exec(text) ?? []
  const kind = name.toUpperCase()
  const numbers = list?.split(',').map(Number) ?? []
  if (kind === 'BOOLEAN' && !list) return type(kind, { createConstraint: false })
  if (list === undefined && [...plain, ...sized, ...precise].includes(kind)) return type(kind)
  const args = argumentsOf(kind, numbers)
  return args ? type(kind, args) : rawType(text)
}

function argumentsOf(kind: string, numbers: readonly number[]): TypeArguments | undefined {
  const [first, second] = numbers
  if (!first || numbers.length > 2) return undefined
  if (sized.includes(kind) && second === undefined) return { length: first }
  if (!precise.includes(kind)) return undefined
  return { precision: first, ...(second !== undefined && { scale: second }) }
}
