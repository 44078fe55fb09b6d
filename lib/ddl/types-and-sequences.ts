import type { AlterEnum, Operation } from '../schema/operation.ts'
import type { TableName } from '../schema/table.ts'
import { enumType } from './drop.ts'
import { type DdlEffect, none, operations, unknown } from './effect.ts'
import { notUnderstood } from './not-understood.ts'
import type { Reader } from './reader.ts'
import { sequenceOptions } from './sequences.ts'
import { readType } from './types.ts'

/** CREATE TYPE, behind TYPE. The model has enums only. */
export function createType(reader: Reader): DdlEffect {
  const name = reader.qualified()
  if (!reader.take('AS', 'ENUM')) return none
  reader.expect('(')
  const values = reader.sees(')') ? [] : reader.list(() => reader.string())
  reader.expect(')')
  reader.finish()
  return operations({ kind: 'createEnum', type: enumType(name, values) })
}

/** ALTER TYPE, behind TYPE. */
export function alterType(reader: Reader): DdlEffect {
  const type = reader.qualified()
  const change = enumChange(reader, type)
  return change ? operations({ kind: 'alterEnum', type, change }) : none
}

function enumChange(reader: Reader, type: TableName): AlterEnum['change'] | undefined {
  if (reader.take('ADD', 'VALUE')) return addedValue(reader)
  if (reader.take('RENAME', 'TO')) return { name: reader.name() }
  if (reader.take('RENAME', 'VALUE')) {
    const value = reader.string()
    reader.expect('TO')
    return { value, to: reader.string() }
  }
  if (reader.take('SET', 'SCHEMA')) return { schema: reader.name() }
  if (reader.take('OWNER', 'TO')) return undefined
  return notUnderstood(`a change of the type ${type.name}`)
}

function addedValue(reader: Reader): AlterEnum['change'] {
  const ifNotExists = reader.take('IF', 'NOT', 'EXISTS')
  const add = reader.string()
  const where = reader.takeOne('BEFORE', 'AFTER')
  const beside = where && { [where.toLowerCase()]: reader.string() }
  reader.finish()
  return { add, ...beside, ...(ifNotExists && { ifNotExists }) }
}

/** CREATE SEQUENCE, behind SEQUENCE. */
export function createSequence(reader: Reader): DdlEffect {
  const ifNotExists = reader.take('IF', 'NOT', 'EXISTS')
  const sequence = reader.qualified()
  const type = reader.take('AS') ? readType(reader).type : undefined
  const options = sequenceOptions(reader)
  if (reader.dialect === 'mysql') reader.skipAll()
  reader.finish()
  return operations({
    kind: 'createSequence',
    sequence,
    ...(Object.keys(options).length > 0 && { options }),
    ...(type && { type }),
    ...(ifNotExists && { ifNotExists }),
  })
}

/** ALTER SEQUENCE, behind SEQUENCE: the model knows that there is one, not how it counts. */
export function alterSequence(reader: Reader): DdlEffect {
  reader.take('IF', 'EXISTS')
  const sequence = reader.qualified()
  if (reader.take('RENAME', 'TO')) return moved(sequence, { ...sequence, name: reader.name() })
  if (reader.take('SET', 'SCHEMA')) return moved(sequence, { ...sequence, schema: reader.name() })
  return none
}

function moved(from: TableName, to: TableName): DdlEffect {
  return operations({ kind: 'dropSequence', sequence: from }, { kind: 'createSequence', sequence: to })
}

/** CREATE SCHEMA or DATABASE, behind that word. */
export function createSchema(reader: Reader): DdlEffect {
  const ifNotExists = reader.take('IF', 'NOT', 'EXISTS')
  const owned = reader.take('AUTHORIZATION')
  const name = reader.name()
  if (!owned && reader.take('AUTHORIZATION')) reader.name()
  if (reader.dialect === 'postgres' && !reader.atEnd) return unknown('all', 'CREATE SCHEMA makes more than the schema')
  const operation: Operation = { kind: 'createSchema', name, ...(ifNotExists && { ifNotExists }) }
  return operations(operation)
}
