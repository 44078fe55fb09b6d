import type { Operation } from '../schema/operation.ts'
import { renameTable } from './alter-mysql.ts'
import { alterTable } from './alter-table.ts'
import { change } from './changes.ts'
import { createIndex } from './create-index.ts'
import { createTable } from './create-table.ts'
import { drop } from './drop.ts'
import { type DdlEffect, none, operations, unknown } from './effect.ts'
import { NotUnderstood, notUnderstood } from './not-understood.ts'
import { Reader, type Setting } from './reader.ts'
import { catalogueWrites, selectsInto, sets } from './side-effects.ts'
import { storedCode } from './stored-code.ts'
import { tokensOf } from './tokens.ts'
import { alterSequence, alterType, createSchema, createSequence, createType } from './types-and-sequences.ts'

/** What a statement does to the model, under the lexis that holds where it stands. */
export function effectOf(statement: string, setting: Setting): DdlEffect {
  const verb = firstWord(statement, setting)
  switch (verb) {
    case 'CREATE':
    case 'ALTER':
    case 'DROP':
    case 'RENAME':
    case 'COMMENT':
      return definition(statement, setting)
    case 'DO':
    case 'PREPARE':
    case 'EXECUTE':
    case 'CALL':
    case 'BEGIN':
    case 'IF':
    case 'CASE':
    case 'FOR':
    case 'WHILE':
    case 'LOOP':
    case 'REPEAT':
      return guarded(() => storedCode(statement, setting, `${verb} runs code that`))
    case 'SELECT':
    case 'WITH':
      return guarded(() => selectsInto(statement, setting))
    case 'SET':
      return guarded(() => sets(statement, setting))
    case 'INSERT':
    case 'UPDATE':
    case 'DELETE':
    case 'REPLACE':
      return setting.dialect === 'sqlite' ? catalogueWrites(statement) : none
    default:
      return none
  }
}

function firstWord(statement: string, { lexis }: Setting): string {
  try {
    for (const token of tokensOf(statement, lexis)) return token.kind === 'word' ? token.upper : ''
  } catch (error) {
    if (!(error instanceof NotUnderstood)) throw error
  }
  return ''
}

function guarded(read: () => DdlEffect): DdlEffect {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof NotUnderstood)) throw error
    return unknown('all', error.message)
  }
}

/** What is not understood makes the tables unknown that were named until there. */
function definition(statement: string, setting: Setting): DdlEffect {
  return guarded(() => {
    const reader = new Reader(statement, setting)
    try {
      return read(reader)
    } catch (error) {
      if (!(error instanceof NotUnderstood) || reader.tables.length === 0) throw error
      return unknown(reader.tables, error.message)
    }
  })
}

function read(reader: Reader): DdlEffect {
  switch (reader.next().upper) {
    case 'CREATE':
      return create(reader)
    case 'ALTER':
      return alter(reader)
    case 'DROP':
      return drop(reader)
    case 'RENAME':
      return renameTables(reader)
    default:
      return comment(reader)
  }
}

const tableWords = ['TABLE', 'TEMP', 'TEMPORARY', 'UNLOGGED', 'GLOBAL', 'LOCAL']

function create(reader: Reader): DdlEffect {
  const replaces = reader.take('OR', 'REPLACE')
  if (tableWords.some((word) => reader.sees(word))) return isTable(reader) ? createTable(reader, replaces) : none
  if (['UNIQUE', 'INDEX', 'FULLTEXT', 'SPATIAL'].some((word) => reader.sees(word))) return createIndex(reader)
  if (reader.take('TYPE')) return createType(reader)
  if (reader.take('SEQUENCE')) return createSequence(reader)
  if (reader.take('SCHEMA') || (reader.dialect === 'mysql' && reader.take('DATABASE'))) return createSchema(reader)
  if (!reader.take('FOREIGN', 'TABLE')) return none
  reader.take('IF', 'NOT', 'EXISTS')
  reader.table()
  return notUnderstood('it is a foreign table')
}

/** Views and sequences can be temporary too. */
function isTable(reader: Reader): boolean {
  let ahead = 0
  while (tableWords.includes(reader.ahead(ahead).upper) && reader.ahead(ahead).upper !== 'TABLE') ahead++
  return reader.ahead(ahead).upper === 'TABLE'
}

function alter(reader: Reader): DdlEffect {
  if (reader.dialect === 'mysql') while (reader.takeOne('IGNORE', 'ONLINE', 'OFFLINE'));
  if (reader.take('TABLE')) return alterTable(reader)
  if (reader.take('INDEX')) return alterIndex(reader)
  if (reader.take('TYPE')) return alterType(reader)
  if (reader.take('SEQUENCE')) return alterSequence(reader)
  if (reader.take('SCHEMA')) {
    reader.name()
    return reader.take('RENAME') ? unknown('all', 'a schema gets another name') : none
  }
  return none
}

function alterIndex(reader: Reader): DdlEffect {
  reader.take('IF', 'EXISTS')
  const { name, schema } = reader.qualified()
  if (!reader.take('RENAME', 'TO')) return none
  const to = reader.name()
  reader.finish()
  return operations({ kind: 'renameIndex', name, to, ...(schema !== undefined && { schema }) })
}

/** MySQL's RENAME TABLE a TO b, b TO c, one after the other. */
function renameTables(reader: Reader): DdlEffect {
  if (!reader.takeOne('TABLE', 'TABLES')) return none
  reader.take('IF', 'EXISTS')
  const renames = reader.list((): Operation => {
    const table = reader.table()
    reader.expect('TO')
    return renameTable(table, reader.table())
  })
  reader.finish()
  return operations(...renames)
}

function comment(reader: Reader): DdlEffect {
  reader.expect('ON')
  if (reader.take('TABLE')) {
    const table = reader.table()
    return operations({ kind: 'commentTable', table, comment: commentText(reader) })
  }
  if (!reader.take('COLUMN')) return none
  const table = columnOwner(reader)
  reader.expect('.')
  const column = reader.name()
  return operations(change(table, column, { comment: commentText(reader) }))
}

/** The table in `schema.table.column`. */
function columnOwner(reader: Reader): ReturnType<Reader['table']> {
  const first = reader.name()
  if (reader.ahead(2).text !== '.') return named(reader, first)
  reader.expect('.')
  const table = reader.name()
  return named(reader, table, first)
}

function named(reader: Reader, name: string, schema?: string): ReturnType<Reader['table']> {
  const table = schema === undefined || schema === 'public' ? { name } : { name, schema }
  reader.tables.push(table)
  return table
}

/** PostgreSQL takes an empty comment for none. */
function commentText(reader: Reader): string | null {
  reader.expect('IS')
  if (reader.take('NULL')) return null
  return reader.string() || null
}
