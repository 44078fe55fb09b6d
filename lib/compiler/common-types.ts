import type { TypeArguments } from '../schema/type-spec.ts'
import { renderType, type TypeWriters } from './type-names.ts'

/** The types that are written alike, as GenericTypeCompiler does (sqlalchemy/sql/compiler.py). */

export function withLength(name: string): TypeWriters[string] {
  return ({ length, collation }) => `${name}${length ? `(${length})` : ''}${collation ? ` COLLATE "${collation}"` : ''}`
}

export function withPrecision(name: string): TypeWriters[string] {
  return ({ precision, scale }) => name + precisionText(precision, scale)
}

export function precisionText(precision: number | undefined, scale: number | undefined): string {
  if (precision === undefined) return ''
  return scale === undefined ? `(${precision})` : `(${precision}, ${scale})`
}

export function plain(name: string): TypeWriters[string] {
  return () => name
}

/** Every name the same text: `same('DATE', 'Date', 'DATE')`. */
export function same(text: string, ...kinds: readonly string[]): TypeWriters {
  return Object.fromEntries(kinds.map((kind) => [kind, plain(text)]))
}

/** An Enum without a type of its own is a VARCHAR as long as its longest label. */
export function enumAsVarchar({ values = [], length = 0 }: TypeArguments): string {
  return `VARCHAR(${Math.max(length, ...values.map((v) => [...v].length))})`
}

const sizedBytes =
  (name: string): TypeWriters[string] =>
  ({ length }) =>
    name + (length ? `(${length})` : '')

export const commonTypes: TypeWriters = {
  ...same('INTEGER', 'Integer', 'INTEGER', 'INT'),
  ...same('SMALLINT', 'SmallInteger', 'SMALLINT'),
  ...same('BIGINT', 'BigInteger', 'BIGINT'),
  ...same('DATE', 'Date', 'DATE'),
  ...same('TIME', 'Time', 'TIME'),
  ...same('BOOLEAN', 'Boolean', 'BOOLEAN'),
  ...same('DATETIME', 'DateTime', 'DATETIME', 'Interval'),
  ...same('FLOAT', 'Float', 'FLOAT'),
  ...same('REAL', 'REAL'),
  ...same('DOUBLE', 'Double', 'DOUBLE'),
  ...same('DOUBLE PRECISION', 'DOUBLE_PRECISION'),
  ...same('JSON', 'JSON'),
  ...same('UUID', 'UUID'),
  ...same('BLOB', 'LargeBinary', 'BLOB', 'PickleType'),
  ...same('CLOB', 'CLOB'),
  ...same('NCLOB', 'NCLOB'),
  TIMESTAMP: plain('TIMESTAMP'),
  Numeric: withPrecision('NUMERIC'),
  NUMERIC: withPrecision('NUMERIC'),
  DECIMAL: withPrecision('DECIMAL'),
  String: withLength('VARCHAR'),
  Unicode: withLength('VARCHAR'),
  VARCHAR: withLength('VARCHAR'),
  NVARCHAR: withLength('NVARCHAR'),
  CHAR: withLength('CHAR'),
  NCHAR: withLength('NCHAR'),
  Text: withLength('TEXT'),
  UnicodeText: withLength('TEXT'),
  TEXT: withLength('TEXT'),
  BINARY: sizedBytes('BINARY'),
  VARBINARY: sizedBytes('VARBINARY'),
  Enum: enumAsVarchar,
  Uuid: plain('CHAR(32)'),
  /** A type of somebody's dialect that wraps another: what it stands on. */
  Decorated: ({ item }, target) => renderType(item!, target),
}
