import type { Options } from '../schema/table.ts'
import { notUnderstood } from './not-understood.ts'
import type { Reader } from './reader.ts'

/** What stands behind the parenthesis of CREATE TABLE. */
export interface TableOptions {
  readonly options: Options
  readonly comment?: string
}

type Collected = { [keyword: string]: Options[string] }

export function readTableOptions(reader: Reader): TableOptions {
  switch (reader.dialect) {
    case 'postgres':
      return { options: postgresOptions(reader) }
    case 'mysql':
      return mysqlOptions(reader)
    case 'sqlite':
      return { options: sqliteOptions(reader) }
  }
}

function sqliteOptions(reader: Reader): Options {
  const options: Collected = {}
  while (!reader.atEnd) {
    if (reader.take('WITHOUT', 'ROWID')) options.sqlite_with_rowid = false
    else if (reader.take('STRICT')) options.sqlite_strict = true
    else reader.wrong('WITHOUT ROWID or STRICT')
    if (!reader.take(',')) reader.finish()
  }
  return options
}

function postgresOptions(reader: Reader): Options {
  const options: Collected = {}
  while (!reader.atEnd) {
    if (reader.take('INHERITS')) return notUnderstood('it inherits columns')
    if (reader.take('PARTITION', 'BY')) {
      const from = reader.mark
      reader.next()
      reader.skipGroup()
      options.postgresql_partition_by = reader.text(from)
    } else if (reader.take('USING')) options.postgresql_using = reader.name()
    else if (reader.take('WITH')) reader.skipGroup()
    else if (reader.take('WITHOUT', 'OIDS')) continue
    else if (reader.take('TABLESPACE')) options.postgresql_tablespace = reader.name()
    else if (reader.take('ON', 'COMMIT')) reader.skipAll()
    else reader.wrong('an option of the table')
  }
  return options
}

function mysqlOptions(reader: Reader): TableOptions {
  const options: Collected = {}
  let comment: string | undefined
  while (!reader.atEnd) {
    if (endsInQuery(reader)) return notUnderstood('it takes its columns from a query')
    if (reader.take('WITH', 'SYSTEM', 'VERSIONING')) return notUnderstood('its rows are versioned')
    if (reader.take('PARTITION', 'BY')) {
      options.mysql_partition_by = reader.text(reader.mark, restOf(reader))
    } else {
      const { key, value } = mysqlOption(reader)
      if (key === 'comment') comment = value
      else options[`mysql_${key}`] = value
      reader.take(',')
    }
  }
  return { options, ...(comment !== undefined && comment !== '' && { comment }) }
}

function endsInQuery(reader: Reader): boolean {
  return (
    ['AS', 'SELECT', 'IGNORE', 'REPLACE', 'WITH'].some((word) => reader.sees(word)) && !reader.sees('WITH', 'SYSTEM')
  )
}

function restOf(reader: Reader): number {
  reader.skipAll()
  return reader.mark
}

/** `ENGINE = InnoDB`, `DEFAULT CHARACTER SET utf8`, `UNION = (a, b)` */
export function mysqlOption(reader: Reader): { readonly key: string; readonly value: string } {
  reader.take('DEFAULT')
  const key = reader.take('CHARACTER', 'SET') || reader.take('CHAR', 'SET') ? 'CHARSET' : optionName(reader)
  reader.take('=')
  const name = key === 'CHARSET' || key === 'COLLATE' ? `default_${key.toLowerCase()}` : key.toLowerCase()
  return { key: name, value: optionValue(reader) }
}

function optionName(reader: Reader): string {
  for (const words of [
    ['DATA', 'DIRECTORY'],
    ['INDEX', 'DIRECTORY'],
  ]) {
    if (reader.take(...words)) return words.join('_')
  }
  if (reader.token.kind !== 'word') return reader.wrong('an option of the table')
  return reader.next().upper
}

function optionValue(reader: Reader): string {
  if (reader.token.kind === 'open') return `(${reader.parenthesised()})`
  if (reader.token.kind === 'string') return reader.string()
  if (reader.isName) return reader.name()
  if (reader.token.kind === 'number') return reader.next().text
  return reader.wrong('the value of an option')
}
