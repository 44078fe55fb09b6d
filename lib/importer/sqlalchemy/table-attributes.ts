import type { Interpreter } from '../../python/interpreter.ts'
import { truthValue } from '../../python/truth.ts'
import { List, Unknown, type Value } from '../../python/values.ts'
import { Arguments, known, textOf } from '../arguments.ts'
import { effectFunction } from '../effect-function.ts'
import { type Call, hostFunction } from '../host-function.ts'
import { recorderOf } from '../recorder-of.ts'
import { unreadable } from '../unreadable.ts'
import { createTable, dropTable } from './create-all.ts'
import { isThere } from './presence.ts'
import { SaConstraint, SaIndex } from './sa-items.ts'
import { SaMetaData } from './sa-metadata.ts'
import { SaColumn, SaColumns, SaTable } from './sa-table.ts'

/** What Python code reads from a table as a part of a schema; its statements are another room's. */
export function tableAttribute(table: SaTable, name: string, vm: Interpreter): Value | undefined {
  const { definition } = table
  switch (name) {
    case 'name':
      return definition.name
    case 'schema':
      return definition.schema ?? null
    case 'fullname':
    case 'key':
      return table.key
    case 'comment':
      return definition.comment ?? null
    case 'metadata':
      return table.metadata
    case 'c':
    case 'columns':
      return new SaColumns(table)
    case 'indexes':
      return table.reflected ?? new List((definition.indexes ?? []).map((index) => new SaIndex(index, table)))
    case 'constraints':
      return table.reflected ?? new List((definition.constraints ?? []).map((c) => new SaConstraint(c, table)))
    case 'foreign_keys':
      return table.reflected ?? new List(table.columns.flatMap((column) => column.more.foreignKeys ?? []))
    case 'create':
      return effectFunction(name, (call, recorder) => createTable(table, call, recorder))
    case 'drop':
      return effectFunction(name, (call, recorder) => dropTable(table, call, recorder))
    case 'exists':
      return hostFunction(name, (call) => {
        const where = { name: definition.name, ...(definition.schema !== undefined && { schema: definition.schema }) }
        return truthValue(isThere(call, recorderOf(vm), { kind: 'table', table: where }))
      })
    case 'append_constraint':
    case 'append_column':
      return hostFunction(name, (call) => append(table, call))
    case 'to_metadata':
    case 'tometadata':
      return hostFunction(name, (call) => copyTo(table, call))
    default:
      return undefined
  }
}

function append(table: SaTable, { vm, args }: Call): Value {
  const item = known(vm, args[0] ?? null)
  if (item instanceof SaColumn) table.add(vm, item.within(table))
  else if (item instanceof SaConstraint || item instanceof SaIndex) {
    item.table = table
    table.add(vm, item)
  } else unreadable('what is appended to a table is no column or constraint')
  return null
}

function copyTo(table: SaTable, call: Call): Value {
  const given = new Arguments(call, 'metadata', 'schema', 'referred_schema_fn', 'name')
  const metadata = given.value('metadata')
  if (!(metadata instanceof SaMetaData)) return unreadable('the MetaData that a table is copied to is not known')
  const name = given.optionalText('name') ?? table.definition.name
  const { schema: own, ...rest } = table.definition
  const told = given.has('schema') ? given.given('schema') : (own ?? metadata.schema)
  const schema =
    told instanceof Unknown ? unreadable(told.reason) : told === undefined ? undefined : textOf(call.vm, told, 'schema')
  const copy = new SaTable({ ...rest, name, ...(schema !== undefined && { schema }) }, undefined, {
    metadata,
    columns: table.columns,
    ...(table.reflected && { reflected: table.reflected }),
  })
  metadata.add(call.vm, copy)
  return copy
}
