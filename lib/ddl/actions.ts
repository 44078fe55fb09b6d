import type { TableName } from '../schema/table.ts'
import { NotUnderstood } from './not-understood.ts'
import { Reader, type Setting } from './reader.ts'

/** One item of ALTER TABLE. */
export interface Action {
  /** Its words in upper case, everything else as it stands. */
  readonly words: readonly string[]
  /** The same as the names that they would be. */
  readonly names: readonly string[]
}

export interface Alteration {
  readonly table: TableName
  readonly actions: readonly Action[]
}

/** The items of an ALTER TABLE, those too that change nothing in the model; undefined where the statement is none. */
export function alterationOf(statement: string, setting: Setting): Alteration | undefined {
  try {
    const reader = new Reader(statement, setting)
    if (!reader.take('ALTER')) return undefined
    if (setting.dialect === 'mysql') while (reader.takeOne('IGNORE', 'ONLINE', 'OFFLINE'));
    if (!reader.take('TABLE')) return undefined
    reader.take('IF', 'EXISTS')
    reader.take('ONLY')
    const table = reader.table()
    reader.take('*')
    return { table, actions: reader.atEnd ? [] : reader.list(() => action(reader)) }
  } catch (error) {
    if (!(error instanceof NotUnderstood)) throw error
    return undefined
  }
}

function action(reader: Reader): Action {
  const words: string[] = []
  const names: string[] = []
  while (!reader.isItemEnd()) {
    words.push(reader.token.upper)
    names.push(reader.isName ? reader.nameOf(reader.token) : reader.token.text)
    reader.skipUnit()
  }
  return { words, names }
}
