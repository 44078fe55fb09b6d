import type { Value } from '../../python/values.ts'
import { finalName } from '../../schema/naming.ts'
import type { Index } from '../../schema/table.ts'
import { Arguments } from '../arguments.ts'
import type { Call } from '../host-function.ts'
import type { Recorder } from '../recorder.ts'
import { unreadable } from '../unreadable.ts'
import { whereAbsent, wherePresent } from './presence.ts'
import type { SaIndex } from './sa-items.ts'
import type { SaTable } from './sa-table.ts'

/** The index with the name that its own table's MetaData gives it. */
export function namedIndex(index: Index, table: SaTable, recorder: Recorder): Index {
  const { definition } = table
  const target = { ...recorder.target, ...(table.naming && { namingConvention: table.naming }) }
  const name = finalName(index, { ...definition, constraints: [] }, target)
  return name === undefined ? index : { ...index, name: { fixed: name } }
}

function ownerOf(index: SaIndex): SaTable {
  return index.table ?? unreadable('an Index is used without a table')
}

export function createIndex(item: SaIndex, call: Call, recorder: Recorder): Value {
  const owner = ownerOf(item)
  const index = namedIndex(item.definition, owner, recorder)
  const { name, schema } = owner.definition
  const table = { name, ...(schema !== undefined && { schema }) }
  const run = () => recorder.perform(call.vm, { kind: 'createIndex', table, index }, call.at)
  if (!new Arguments(call, 'bind', 'checkfirst').bool('checkfirst')) run()
  else whereAbsent(call, recorder, [{ kind: 'index', table, name: nameOf(index) }], run)
  return null
}

export function dropIndex(item: SaIndex, call: Call, recorder: Recorder): Value {
  const owner = ownerOf(item)
  const index = namedIndex(item.definition, owner, recorder)
  const { name, schema } = owner.definition
  const table = { name, ...(schema !== undefined && { schema }) }
  const dropped = index.name ?? unreadable('an Index without a name is dropped')
  const run = () =>
    recorder.perform(
      call.vm,
      { kind: 'dropIndex', name: dropped, table, ...(schema !== undefined && { schema }) },
      call.at,
    )
  if (!new Arguments(call, 'bind', 'checkfirst').bool('checkfirst')) run()
  else wherePresent(call, recorder, { kind: 'index', table, name: nameOf(index) }, run)
  return null
}

function nameOf({ name }: Index): string {
  if (name === undefined) return unreadable('an Index without a name')
  return typeof name === 'string' ? name : name.fixed
}
