import { sql } from '../schema/expression.ts'
import type { AlterColumn, ColumnChanges, ColumnPlace, Operation } from '../schema/operation.ts'
import type { Constraint, TableName } from '../schema/table.ts'
import { addItem, change, columnToAdd } from './changes.ts'
import { isPlace, type ReadColumn, readColumn, readDefault } from './columns.ts'
import { notUnderstood } from './not-understood.ts'
import type { Reader } from './reader.ts'
import { mysqlOption } from './table-options.ts'

/** One of the actions of ALTER TABLE. */
export function mysqlAction(reader: Reader, table: TableName): readonly Operation[] {
  switch (reader.takeOne('ADD', 'DROP', 'ALTER', 'RENAME', 'CHANGE', 'MODIFY')) {
    case 'ADD':
      return add(reader, table)
    case 'DROP':
      return drop(reader, table)
    case 'ALTER':
      return alter(reader, table)
    case 'RENAME':
      return [rename(reader, table)]
    case 'CHANGE':
      return modify(reader, table, 'CHANGE')
    case 'MODIFY':
      return modify(reader, table, 'MODIFY')
    default:
      return settings(reader, table)
  }
}

function add(reader: Reader, table: TableName): readonly Operation[] {
  if (reader.take('PARTITION')) return skipRest(reader)
  if (reader.sees('PERIOD', 'FOR') || reader.sees('SYSTEM', 'VERSIONING'))
    return notUnderstood('its rows are versioned')
  const item = addItem(reader, table)
  if (item) return [item]
  reader.take('COLUMN')
  const ifNotExists = reader.take('IF', 'NOT', 'EXISTS')
  const how = ifNotExists ? { ifNotExists } : {}
  if (!reader.take('(')) return [{ ...columnToAdd(reader, table), ...how, ...place(reader) }]
  const columns = reader.list(() => addItem(reader, table) ?? { ...columnToAdd(reader, table), ...how })
  reader.expect(')')
  return columns
}

function place(reader: Reader): { readonly place?: ColumnPlace } {
  if (!isPlace(reader)) return {}
  if (reader.take('FIRST')) return { place: 'first' }
  reader.expect('AFTER')
  return { place: { after: reader.name() } }
}

function drop(reader: Reader, table: TableName): readonly Operation[] {
  if (reader.take('PARTITION')) return skipRest(reader)
  if (reader.take('PRIMARY', 'KEY')) return [dropConstraint(table, 'PRIMARY', 'primaryKey')]
  if (reader.sees('PERIOD', 'FOR') || reader.sees('SYSTEM', 'VERSIONING'))
    return notUnderstood('its rows are versioned')
  const what = reader.take('FOREIGN', 'KEY')
    ? 'FOREIGN'
    : reader.takeOne('INDEX', 'KEY', 'CHECK', 'CONSTRAINT', 'COLUMN')
  const ifExists = reader.take('IF', 'EXISTS')
  const name = reader.name()
  const how = ifExists ? { ifExists } : {}
  reader.takeOne('RESTRICT', 'CASCADE')
  switch (what) {
    case 'FOREIGN':
      return [{ ...dropConstraint(table, name, 'foreignKey'), ...how }]
    case 'CHECK':
      return [{ ...dropConstraint(table, name, 'check'), ...how }]
    case 'CONSTRAINT':
      return [{ ...dropConstraint(table, name), ...how }]
    case 'INDEX':
    case 'KEY':
      return [dropKey(table, name, ifExists)]
    default:
      return [{ kind: 'dropColumn', table, column: name, ...how }]
  }
}

/** DROP INDEX takes any key; the primary one by its name in quotes. */
export function dropKey(table: TableName, name: string, ifExists: boolean): Operation {
  if (name.toUpperCase() === 'PRIMARY') return dropConstraint(table, 'PRIMARY', 'primaryKey')
  return { kind: 'dropIndex', name: { fixed: name }, table, ...(ifExists && { ifExists }) }
}

function dropConstraint(table: TableName, name: string, type?: Exclude<Constraint['kind'], 'exclude'>): Operation {
  return { kind: 'dropConstraint', table, name: { fixed: name }, ...(type && { type }) }
}

function alter(reader: Reader, table: TableName): readonly Operation[] {
  if (reader.takeOne('INDEX', 'KEY', 'CHECK', 'CONSTRAINT')) {
    reader.take('IF', 'EXISTS')
    reader.name()
    reader.take('NOT')
    if (!reader.takeOne('VISIBLE', 'INVISIBLE', 'IGNORED', 'ENFORCED')) reader.wrong('what to alter')
    return []
  }
  reader.take('COLUMN')
  const ifExists = reader.take('IF', 'EXISTS')
  const column = reader.name()
  if (ifExists) return notUnderstood('IF EXISTS of a column that is altered')
  if (reader.take('DROP', 'DEFAULT')) return [change(table, column, { serverDefault: null })]
  if (reader.take('SET', 'DEFAULT')) return [change(table, column, { serverDefault: sql(readDefault(reader)) })]
  if (reader.take('SET', 'VISIBLE') || reader.take('SET', 'INVISIBLE')) return []
  return reader.wrong('what to alter')
}

function rename(reader: Reader, table: TableName): Operation {
  if (reader.take('COLUMN')) {
    reader.take('IF', 'EXISTS')
    const column = reader.name()
    reader.expect('TO')
    return change(table, column, { name: reader.name() })
  }
  if (reader.takeOne('INDEX', 'KEY')) {
    reader.take('IF', 'EXISTS')
    const name = reader.name()
    reader.expect('TO')
    return { kind: 'renameIndex', table, name, to: reader.name() }
  }
  reader.takeOne('TO', 'AS', '=')
  return renameTable(table, reader.table())
}

/** A name without a database stays where the table is. */
export function renameTable(table: TableName, { name, schema }: TableName): Operation {
  return {
    kind: 'renameTable',
    table,
    to: name,
    ...(schema !== undefined && schema !== table.schema && { toSchema: schema }),
  }
}

function modify(reader: Reader, table: TableName, verb: 'CHANGE' | 'MODIFY'): readonly Operation[] {
  reader.take('COLUMN')
  reader.take('IF', 'EXISTS')
  const old = verb === 'CHANGE' ? reader.name() : undefined
  const read = readColumn(reader)
  const { name } = read.column
  const operation: AlterColumn = {
    ...change(table, old ?? name, wholeChange(read, old)),
    ...place(reader),
  }
  const added = read.constraints.map((constraint): Operation => ({ kind: 'addConstraint', table, constraint }))
  return [operation, ...added]
}

/** All of the column as it is written, since what is not repeated is lost. */
function wholeChange({ column }: ReadColumn, old: string | undefined): ColumnChanges {
  const { name, type, nullable = true, serverDefault, computed, comment, autoincrement } = column
  return {
    type,
    nullable,
    serverDefault: computed ? { computed } : (serverDefault ?? null),
    comment: comment ?? null,
    autoincrement: autoincrement === 'written',
    ...(old !== undefined && old !== name && { name }),
  }
}

/** Options of the table, and words about how to go about it. */
function settings(reader: Reader, table: TableName): readonly Operation[] {
  if (reader.take('CONVERT', 'TO')) return notUnderstood('CONVERT TO CHARACTER SET may make columns wider')
  if (reader.take('PARTITION', 'BY') || reader.take('REMOVE', 'PARTITIONING')) return skipRest(reader)
  if (partitions.some((word) => reader.sees(word, 'PARTITION'))) return skipRest(reader)
  if (reader.take('FORCE') || reader.take('ENABLE', 'KEYS') || reader.take('DISABLE', 'KEYS')) return []
  if (reader.take('WITH', 'VALIDATION') || reader.take('WITHOUT', 'VALIDATION')) return []
  if (reader.take('ORDER', 'BY')) return skipRest(reader)
  if (reader.takeOne('DISCARD', 'IMPORT')) {
    reader.expect('TABLESPACE')
    return []
  }
  const { key, value } = mysqlOption(reader)
  return key === 'comment' ? [{ kind: 'commentTable', table, comment: value === '' ? null : value }] : []
}

const partitions = 'COALESCE REORGANIZE EXCHANGE TRUNCATE ANALYZE CHECK OPTIMIZE REBUILD REPAIR'.split(' ')

/** How rows are spread over partitions is not in the model. */
function skipRest(reader: Reader): readonly Operation[] {
  reader.skipAll()
  return []
}
