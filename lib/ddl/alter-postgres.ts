import { sql } from '../schema/expression.ts'
import type { Operation } from '../schema/operation.ts'
import type { TableName } from '../schema/table.ts'
import { addColumn, addItem, change, renameColumn } from './changes.ts'
import { readDefault, readIdentity } from './columns.ts'
import { deferrability, readConstraintName } from './constraints.ts'
import { named } from './naming.ts'
import { notUnderstood } from './not-understood.ts'
import type { Reader } from './reader.ts'
import { sequenceOptions } from './sequences.ts'
import { readType } from './types.ts'

/** The actions of ALTER TABLE, in the order of the passes in which PostgreSQL does them (AlterTablePass in tablecmds.c). */
export function postgresActions(reader: Reader, table: TableName): readonly Operation[] {
  return reader
    .list(() => {
      const drops = isDrop(reader)
      return action(reader, table).map((operation) => ({ operation, pass: drops ? 0 : pass(operation) }))
    })
    .flat()
    .toSorted((a, b) => a.pass - b.pass)
    .map(({ operation }) => operation)
}

/** Whether it drops something: a column, a constraint, or the DEFAULT or NOT NULL of a column. */
function isDrop(reader: Reader): boolean {
  const from = reader.mark
  if (!reader.sees('ALTER', 'CONSTRAINT') && reader.take('ALTER')) {
    reader.take('COLUMN')
    reader.name()
  }
  const drops = reader.sees('DROP')
  reader.back(from)
  return drops
}

function pass(operation: Operation): number {
  if (operation.kind === 'alterColumn' && operation.changes.type) return 1
  return operation.kind === 'addColumn' ? 2 : 3
}

function action(reader: Reader, table: TableName): readonly Operation[] {
  switch (reader.takeOne('ADD', 'DROP', 'ALTER', 'RENAME', 'SET')) {
    case 'ADD':
      return add(reader, table)
    case 'DROP':
      return [drop(reader, table)]
    case 'ALTER':
      return reader.take('CONSTRAINT') ? alterConstraint(reader) : alterColumn(reader, table)
    case 'RENAME':
      return [rename(reader, table)]
    case 'SET':
      return set(reader, table)
    default:
      return settings(reader)
  }
}

function add(reader: Reader, table: TableName): readonly Operation[] {
  const from = reader.mark
  const name = readConstraintName(reader)
  const kind = reader.takeOne('UNIQUE', 'PRIMARY')
  if (kind === 'PRIMARY') reader.expect('KEY')
  if (kind !== undefined && reader.take('USING', 'INDEX')) {
    const usingIndex = reader.name()
    const head = { kind: kind === 'UNIQUE' ? 'unique' : 'primaryKey', columns: [] } as const
    const constraint = { ...head, ...named(name), ...deferrability(reader) }
    return [{ kind: 'addConstraint', table, constraint, usingIndex }]
  }
  reader.back(from)
  return [addItem(reader, table) ?? addColumn(reader, table)]
}

function drop(reader: Reader, table: TableName): Operation {
  const isConstraint = reader.take('CONSTRAINT')
  if (!isConstraint) reader.take('COLUMN')
  const ifExists = reader.take('IF', 'EXISTS')
  const name = reader.name()
  const cascade = reader.takeOne('CASCADE', 'RESTRICT') === 'CASCADE'
  const how = { ...(ifExists && { ifExists }), ...(cascade && { cascade }) }
  if (!isConstraint) return { kind: 'dropColumn', table, column: name, ...how }
  return { kind: 'dropConstraint', table, name: { fixed: name }, ...how }
}

function rename(reader: Reader, table: TableName): Operation {
  if (reader.take('TO')) return { kind: 'renameTable', table, to: reader.name() }
  if (!reader.take('CONSTRAINT')) return renameColumn(reader, table)
  const name = reader.name()
  reader.expect('TO')
  return { kind: 'renameConstraint', table, name, to: reader.name() }
}

/** Only when a constraint is checked can be altered, which no statement of a later file depends on. */
function alterConstraint(reader: Reader): readonly Operation[] {
  reader.name()
  deferrability(reader)
  return []
}

function alterColumn(reader: Reader, table: TableName): readonly Operation[] {
  reader.take('COLUMN')
  const column = reader.name()
  if (reader.take('TYPE') || reader.take('SET', 'DATA', 'TYPE')) return [retype(reader, table, column)]
  if (reader.take('SET', 'DEFAULT')) return [setDefault(reader, table, column)]
  if (reader.take('DROP', 'DEFAULT')) return [change(table, column, { serverDefault: null, autoincrement: false })]
  if (reader.take('SET', 'NOT', 'NULL')) return [change(table, column, { nullable: false })]
  if (reader.take('DROP', 'NOT', 'NULL')) return [change(table, column, { nullable: true })]
  if (reader.take('ADD', 'GENERATED')) return [addIdentity(reader, table, column)]
  if (reader.take('DROP', 'IDENTITY') || reader.take('DROP', 'EXPRESSION')) {
    const ifExists = reader.take('IF', 'EXISTS')
    return ifExists ? notUnderstood('IF EXISTS of an identity') : [change(table, column, { serverDefault: null })]
  }
  return columnSetting(reader)
}

function retype(reader: Reader, table: TableName, column: string): Operation {
  const { type, serial } = readType(reader)
  if (serial) return notUnderstood('serial is no type to alter a column to')
  const using = reader.take('USING') ? reader.expression() : undefined
  return { ...change(table, column, { type }), ...(using !== undefined && { using }) }
}

function setDefault(reader: Reader, table: TableName, column: string): Operation {
  const text = readDefault(reader)
  const isNull = /^\(?NULL\)?(::[\w "]+)?$/i.test(text)
  return change(table, column, { serverDefault: isNull ? null : sql(text), autoincrement: false })
}

function addIdentity(reader: Reader, table: TableName, column: string): Operation {
  const always = reader.take('ALWAYS')
  if (!always) reader.expect('BY', 'DEFAULT')
  reader.expect('AS', 'IDENTITY')
  return change(table, column, { serverDefault: { identity: readIdentity(reader, always) } })
}

/** What the model does not hold: statistics, storage; and the sequence of an identity, which it holds but need not. */
function columnSetting(reader: Reader): readonly Operation[] {
  if (reader.take('SET', 'EXPRESSION')) return notUnderstood('SET EXPRESSION')
  if (reader.take('SET', 'STATISTICS')) reader.integer()
  else if (reader.take('SET', 'STORAGE') || reader.take('SET', 'COMPRESSION')) reader.next()
  else if (reader.sees('SET', '(') || reader.sees('RESET', '(')) {
    reader.next()
    reader.skipGroup()
  } else if (reader.sees('SET') || reader.sees('RESTART')) return identityChange(reader)
  else return reader.wrong('what to alter')
  return []
}

function identityChange(reader: Reader): readonly Operation[] {
  while (!reader.isItemEnd()) {
    reader.take('SET')
    if (reader.take('GENERATED')) return notUnderstood('a change of the identity')
    const from = reader.mark
    sequenceOptions(reader)
    if (reader.mark === from) return reader.wrong('an option of the sequence')
  }
  return []
}

function set(reader: Reader, table: TableName): readonly Operation[] {
  if (reader.take('SCHEMA')) {
    const schema = reader.name()
    return [{ kind: 'renameTable', table, to: table.name, toSchema: schema }]
  }
  if (reader.sees('(')) reader.skipGroup()
  else if (reader.take('WITHOUT')) reader.expect(reader.sees('OIDS') ? 'OIDS' : 'CLUSTER')
  else if (reader.take('TABLESPACE') || reader.take('ACCESS', 'METHOD')) reader.name()
  else if (!reader.takeOne('LOGGED', 'UNLOGGED')) return reader.wrong('what to set')
  return []
}

/** What changes nothing that the model holds. */
function settings(reader: Reader): readonly Operation[] {
  if (reader.take('OWNER', 'TO')) reader.name()
  else if (reader.take('VALIDATE', 'CONSTRAINT')) reader.name()
  else if (reader.take('RESET')) reader.skipGroup()
  else if (reader.take('CLUSTER', 'ON')) reader.name()
  else if (reader.take('REPLICA', 'IDENTITY')) reader.skipItem()
  else if (reader.takeOne('ENABLE', 'DISABLE', 'FORCE') || reader.take('NO', 'FORCE')) reader.skipItem()
  else return notUnderstood(`"${reader.token.text}" of ALTER TABLE cannot be followed`)
  return []
}
