import type { TypeArguments } from '../schema/type-spec.ts'
import { unknowable } from '../schema/unknowable.ts'
import { commonTypes, enumAsVarchar, plain, precisionText, same } from './common-types.ts'
import { quoteString } from './literal.ts'
import type { TypeWriters } from './type-names.ts'

const { CLOB: _1, NCLOB: _2, ...common } = commonTypes

function number(name: string, { unsigned, zerofill }: TypeArguments): string {
  return name + (unsigned ? ' UNSIGNED' : '') + (zerofill ? ' ZEROFILL' : '')
}

const integer =
  (name: string): TypeWriters[string] =>
  (args) =>
    number(args.displayWidth === undefined ? name : `${name}(${args.displayWidth})`, args)

const decimal =
  (name: string): TypeWriters[string] =>
  (args) =>
    number(name + precisionText(args.precision, args.scale), args)

/** DOUBLE and REAL take both numbers or none. */
const double =
  (name: string): TypeWriters[string] =>
  (args) => {
    const both = args.precision !== undefined && args.scale !== undefined
    return number(both ? `${name}(${args.precision}, ${args.scale})` : name, args)
  }

const float: TypeWriters[string] = (args) => number(`FLOAT${precisionText(args.precision, args.scale)}`, args)

/** MySQLTypeCompiler._extend_string */
function text(name: string, args: TypeArguments, national = args.national): string {
  const charset = args.charset ? `CHARACTER SET ${args.charset}` : args.ascii ? 'ASCII' : args.unicode ? 'UNICODE' : ''
  const collation = args.collation ? `COLLATE ${args.collation}` : args.binary ? 'BINARY' : ''
  const parts = national ? ['NATIONAL', name, collation] : [name, charset, collation]
  return parts.filter((part) => part !== '').join(' ')
}

const texts =
  (name: string): TypeWriters[string] =>
  (args) =>
    text(args.length ? `${name}(${args.length})` : name, args)

const varchar =
  (kind: string, national?: boolean): TypeWriters[string] =>
  (args) => {
    if (!args.length) return unknowable(`${kind} requires a length on dialect mysql`)
    return text(`VARCHAR(${args.length})`, args, national ?? args.national)
  }

const labels =
  (name: string): TypeWriters[string] =>
  (args) =>
    text(`${name}(${(args.values ?? []).map((v) => quoteString(v, 'mysql')).join(', ')})`, args)

const fraction =
  (name: string): TypeWriters[string] =>
  ({ fsp }) =>
    fsp ? `${name}(${fsp})` : name

const enumeration: TypeWriters[string] = (args, target, spec) =>
  args.nativeEnum === false ? enumAsVarchar(args) : labels('ENUM')!(args, target, spec)

/** MySQLTypeCompiler (sqlalchemy/dialects/mysql/base.py). */
export const mysqlTypes: TypeWriters = {
  ...common,
  ...same('BOOL', 'Boolean', 'BOOLEAN'),
  Integer: integer('INTEGER'),
  INTEGER: integer('INTEGER'),
  INT: integer('INTEGER'),
  TINYINT: integer('TINYINT'),
  SMALLINT: integer('SMALLINT'),
  MEDIUMINT: integer('MEDIUMINT'),
  BIGINT: integer('BIGINT'),
  Numeric: decimal('NUMERIC'),
  NUMERIC: decimal('NUMERIC'),
  DECIMAL: decimal('DECIMAL'),
  Double: double('DOUBLE'),
  DOUBLE: double('DOUBLE'),
  REAL: double('REAL'),
  Float: float,
  FLOAT: float,
  BIT: ({ length }) => (length === undefined ? 'BIT' : `BIT(${length})`),
  DATETIME: fraction('DATETIME'),
  TIMESTAMP: fraction('TIMESTAMP'),
  TIME: fraction('TIME'),
  YEAR: ({ displayWidth }) => (displayWidth === undefined ? 'YEAR' : `YEAR(${displayWidth})`),
  String: varchar('VARCHAR'),
  Unicode: varchar('VARCHAR'),
  VARCHAR: varchar('VARCHAR'),
  NVARCHAR: varchar('NVARCHAR', true),
  CHAR: texts('CHAR'),
  NCHAR: (args) => text(args.length ? `CHAR(${args.length})` : 'CHAR', args, true),
  Text: texts('TEXT'),
  UnicodeText: texts('TEXT'),
  TEXT: texts('TEXT'),
  TINYTEXT: (args) => text('TINYTEXT', args),
  MEDIUMTEXT: (args) => text('MEDIUMTEXT', args),
  LONGTEXT: (args) => text('LONGTEXT', args),
  LargeBinary: ({ length }) => (length ? `BLOB(${length})` : 'BLOB'),
  BLOB: ({ length }) => (length ? `BLOB(${length})` : 'BLOB'),
  TINYBLOB: plain('TINYBLOB'),
  MEDIUMBLOB: plain('MEDIUMBLOB'),
  LONGBLOB: plain('LONGBLOB'),
  VARBINARY: ({ length }) => `VARBINARY(${length ?? unknowable('VARBINARY requires a length on dialect mysql')})`,
  Enum: enumeration,
  ENUM: enumeration,
  SET: labels('SET'),
}
