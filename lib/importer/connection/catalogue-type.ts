import type { Column } from '../../schema/table.ts'
import type { Target } from '../../schema/target.ts'
import { catalogueName, renderedType } from './column-types.ts'

/** A text of the catalogue: exactly this, or one that begins with one of these. */
export type CatalogueText = { readonly exact: string } | { readonly begins: readonly string[] }

/** What information_schema.columns says of the type of a column that the chain made; undefined where nothing is certain. */
export function catalogueType(
  column: Column,
  target: Target,
  means: 'dataType' | 'columnType',
): CatalogueText | undefined {
  if (target.dialect === 'postgres') {
    const name = means === 'dataType' ? catalogueName(column, target) : undefined
    return name === undefined ? undefined : { exact: name }
  }
  const text = target.dialect === 'mysql' ? renderedType(column, target) : undefined
  const type = text === undefined ? undefined : mysqlType(text)
  return type?.[means]
}

interface MysqlType {
  readonly dataType: CatalogueText
  readonly columnType: CatalogueText
}

/** As it is on MySQL and on MariaDB; where they differ (`int`, `int(11)`), only how it begins is known. */
function mysqlType(text: string): MysqlType | undefined {
  const [, written, inside] =
    /^(\w+(?: PRECISION)?)(?:\((.*)\))?(?: (?:CHARACTER SET|COLLATE) (?!binary\b)\w+)*$/is.exec(text) ?? []
  if (written === undefined) return undefined
  const name = written.toLowerCase()
  const word = Object.hasOwn(synonyms, name) ? synonyms[name]! : name
  const args = inside?.replace(/\s/g, '')
  if (Object.hasOwn(differing, word))
    return { dataType: { begins: differing[word]! }, columnType: { begins: differing[word]! } }
  if (!kinds.has(word)) return undefined
  const exact = columnType(word, name, args, inside)
  const dataType = (word === 'text' || word === 'blob') && args !== undefined ? undefined : { exact: word }
  if (!dataType) return undefined
  return { dataType, columnType: exact === undefined ? { begins: [word] } : { exact } }
}

const synonyms: Readonly<Record<string, string>> = {
  integer: 'int',
  bool: 'tinyint',
  boolean: 'tinyint',
  numeric: 'decimal',
  'double precision': 'double',
}

/** What the servers, their settings or the arguments make different types of. */
const differing: Readonly<Record<string, readonly string[]>> = {
  json: ['json', 'longtext'],
  float: ['float', 'double'],
  real: ['float', 'double'],
}

const kinds = new Set(
  `tinyint smallint mediumint int bigint decimal double date datetime timestamp time year char varchar binary varbinary
tinytext text mediumtext longtext tinyblob blob mediumblob longblob enum set bit`.split(/\s+/),
)

/** What stands after the name where that is the same on both servers; undefined where it is not. */
function columnType(
  word: string,
  written: string,
  args: string | undefined,
  inside: string | undefined,
): string | undefined {
  switch (word) {
    case 'datetime':
    case 'timestamp':
    case 'time':
      return args === undefined || args === '0' ? word : `${word}(${args})`
    case 'tinyint':
      // the one display width that MySQL has kept
      return written.startsWith('bool') || args === '1' ? 'tinyint(1)' : undefined
    case 'varchar':
      // what is longer than a row may become a text
      return args !== undefined && Number(args) <= 16_383 ? `varchar(${args})` : undefined
    case 'decimal':
      return args === undefined ? 'decimal(10,0)' : `decimal(${args.includes(',') ? args : `${args},0`})`
    case 'char':
    case 'binary':
    case 'bit':
      return `${word}(${args ?? '1'})`
    case 'varbinary':
    case 'double':
      return args === undefined ? word : `${word}(${args})`
    case 'enum':
    case 'set':
      return inside !== undefined && /^'\w+'(, ?'\w+')*$/.test(inside) ? `${word}(${args})` : undefined
    case 'smallint':
    case 'mediumint':
    case 'int':
    case 'bigint':
    case 'year':
      return undefined
    default:
      return args === undefined ? word : undefined
  }
}
