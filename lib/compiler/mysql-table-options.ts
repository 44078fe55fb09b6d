import type { Table } from '../schema/table.ts'
import { quoteString } from './literal.ts'

/** Options whose value is a string for the server (sqlalchemy/dialects/mysql/reflection.py, _options_of_type_string). */
const strings = ['COMMENT', 'DATA DIRECTORY', 'INDEX DIRECTORY', 'PASSWORD', 'CONNECTION']
const twoWords = [
  'DATA_DIRECTORY',
  'INDEX_DIRECTORY',
  'DEFAULT_CHARACTER_SET',
  'CHARACTER_SET',
  'DEFAULT_CHARSET',
  'DEFAULT_COLLATE',
]
const withBlank = ['TABLESPACE', 'DEFAULT CHARACTER SET', 'CHARACTER SET', 'COLLATE']
const partitions = ['PARTITION_BY', 'PARTITIONS', 'SUBPARTITION_BY', 'SUBPARTITIONS']
/** The character set has to come before the collation. */
const rank = (option: string) => (option === 'COLLATE' ? 1 : 0)

/** What stands behind the parenthesis: ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='…' */
export function mysqlTableOptions({ options = {}, comment }: Table): string {
  const given = Object.entries(options)
    .filter(([key, value]) => key.startsWith('mysql_') && value !== null && value !== undefined)
    .map(([key, value]) => [key.slice('mysql_'.length).toUpperCase(), String(value)] as const)
  const all = comment === undefined ? given : [...given, ['COMMENT', comment] as const]
  const plain = all.filter(([key]) => !partitions.includes(key)).toSorted(([a], [b]) => rank(a) - rank(b))
  const partition = partitions.flatMap((key) => all.filter(([k]) => k === key))
  return [...plain.map(optionText), ...partition.map(([k, v]) => `${k.replaceAll('_', ' ')} ${v}`)].join(' ')
}

function optionText([key, value]: readonly [string, string]): string {
  const name = twoWords.includes(key) ? key.replaceAll('_', ' ') : key
  const text = strings.includes(name) ? quoteString(value, 'mysql') : value
  return name + (withBlank.includes(name) ? ' ' : '=') + text
}
