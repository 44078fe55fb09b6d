import { rawType, type TypeArguments, type TypeSpec, type } from '../schema/type-spec.ts'
import type { Reader } from './reader.ts'
import type { ReadType } from './types.ts'

type Args = { -readonly [K in keyof TypeArguments]: TypeArguments[K] }

const integers: { readonly [name: string]: string } = {
  TINYINT: 'TINYINT',
  INT1: 'TINYINT',
  SMALLINT: 'SMALLINT',
  INT2: 'SMALLINT',
  MEDIUMINT: 'MEDIUMINT',
  MIDDLEINT: 'MEDIUMINT',
  INT3: 'MEDIUMINT',
  INT: 'INTEGER',
  INTEGER: 'INTEGER',
  INT4: 'INTEGER',
  BIGINT: 'BIGINT',
  INT8: 'BIGINT',
}

const numbers: { readonly [name: string]: string } = {
  DECIMAL: 'DECIMAL',
  DEC: 'DECIMAL',
  NUMERIC: 'DECIMAL',
  FIXED: 'DECIMAL',
  FLOAT: 'FLOAT',
  FLOAT4: 'FLOAT',
  DOUBLE: 'DOUBLE',
  FLOAT8: 'DOUBLE',
  REAL: 'DOUBLE',
}

const strings = 'TEXT TINYTEXT MEDIUMTEXT LONGTEXT'.split(' ')
const bytes = 'BINARY VARBINARY BLOB TINYBLOB MEDIUMBLOB LONGBLOB'.split(' ')
const moments = 'DATETIME TIMESTAMP TIME'.split(' ')
const simple = 'DATE JSON'.split(' ')

export function mysqlType(reader: Reader): ReadType {
  const from = reader.mark
  if (reader.take('SERIAL')) {
    return { type: type('BIGINT', { unsigned: true }, 'mysql'), serial: true, unique: true }
  }
  const known = knownType(reader)
  if (known) return { type: known }
  reader.back(from)
  if (reader.token.kind !== 'word') return reader.wrong('a type')
  reader.next()
  if (reader.sees('(')) reader.skipGroup()
  return { type: rawType(reader.text(from)) }
}

function knownType(reader: Reader): TypeSpec | undefined {
  const national = reader.take('NATIONAL')
  const word = reader.next().upper
  if (Object.hasOwn(integers, word)) return numeric(reader, integers[word]!, 'displayWidth')
  if (Object.hasOwn(numbers, word)) {
    if (word === 'DOUBLE') reader.take('PRECISION')
    return numeric(reader, numbers[word]!, 'precision', 'scale')
  }
  if (word === 'BOOL' || word === 'BOOLEAN') return type('TINYINT', { displayWidth: 1 }, 'mysql')
  if (simple.includes(word)) return type(word)
  if (moments.includes(word)) return withNumbers(reader, word, 'fsp')
  if (word === 'BIT') return withNumbers(reader, word, 'length')
  if (word === 'YEAR') return withNumbers(reader, word, 'displayWidth')
  if (bytes.includes(word)) return withNumbers(reader, word, 'length')
  if (word === 'ENUM' || word === 'SET') return labels(reader, word)
  return textType(reader, word, national)
}

function textType(reader: Reader, word: string, national: boolean): TypeSpec | undefined {
  if (strings.includes(word)) return text(reader, word, {})
  if (word === 'VARCHAR' || word === 'VARCHARACTER') return text(reader, 'VARCHAR', national ? { national } : {})
  if (word === 'NVARCHAR') return text(reader, 'VARCHAR', { national: true })
  if (word !== 'CHAR' && word !== 'CHARACTER' && word !== 'NCHAR') return undefined
  const kind = reader.takeOne('VARYING', 'VARCHAR') ? 'VARCHAR' : 'CHAR'
  return text(reader, kind, national || word === 'NCHAR' ? { national: true } : {})
}

function withNumbers(reader: Reader, kind: string, ...keys: readonly ('displayWidth' | 'length' | 'fsp')[]): TypeSpec {
  const args = listed(reader, keys)
  return type(kind, Object.keys(args).length > 0 ? args : undefined, 'mysql')
}

function listed(reader: Reader, keys: readonly (keyof TypeArguments)[]): Args {
  if (!reader.take('(')) return {}
  const found = reader.list(() => reader.integer())
  reader.expect(')')
  return Object.fromEntries(found.slice(0, keys.length).map((number, n) => [keys[n], number]))
}

function numeric(reader: Reader, kind: string, ...keys: readonly (keyof TypeArguments)[]): TypeSpec {
  const args = listed(reader, keys)
  for (let word = sign(reader); word !== undefined; word = sign(reader)) {
    if (word !== 'SIGNED') args.unsigned = true
    if (word === 'ZEROFILL') args.zerofill = true
  }
  return type(kind, Object.keys(args).length > 0 ? args : undefined, 'mysql')
}

const sign = (reader: Reader) => reader.takeOne('UNSIGNED', 'SIGNED', 'ZEROFILL')

function labels(reader: Reader, kind: string): TypeSpec {
  reader.expect('(')
  const values = reader.list(() => reader.string())
  reader.expect(')')
  return type(kind, withCharset(reader, { values }), 'mysql')
}

function text(reader: Reader, kind: string, args: Args): TypeSpec {
  const all = withCharset(reader, { ...args, ...listed(reader, ['length']) })
  return type(kind, Object.keys(all).length > 0 ? all : undefined, 'mysql')
}

/** The collation may come later as well, among the column's other words. */
function withCharset(reader: Reader, args: Args): Args {
  for (;;) {
    if (reader.take('CHARACTER', 'SET') || reader.take('CHAR', 'SET') || reader.take('CHARSET')) {
      args.charset = charsetName(reader)
    } else if (reader.take('COLLATE')) args.collation = charsetName(reader)
    else if (reader.take('ASCII')) args.ascii = true
    else if (reader.take('UNICODE')) args.unicode = true
    else if (reader.take('BINARY')) args.binary = true
    else return args
  }
}

export function charsetName(reader: Reader): string {
  return reader.token.kind === 'string' ? reader.string() : reader.name()
}
