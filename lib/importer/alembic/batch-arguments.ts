import type { Value } from '../../python/values.ts'
import type { NamingConvention } from '../../schema/naming.ts'
import type { Batch } from '../../schema/operation.ts'
import type { TableName } from '../../schema/table.ts'
import type { Target } from '../../schema/target.ts'
import { type Arguments, entriesOf, listOf, textOf } from '../arguments.ts'
import type { Call } from '../host-function.ts'
import { optionsFrom } from '../sqlalchemy/read-options.ts'
import { tableFrom, tableItems } from '../sqlalchemy/read-schema.ts'
import { Unreadable, unreadable } from '../unreadable.ts'
import { present, tableIn, vmOf } from './directive.ts'
import { readArguments } from './signature.ts'

/** What the batch is called with, or why that cannot be told; the steps are todos then. */
export type BatchArguments =
  | Omit<Batch, 'kind' | 'steps'>
  | { readonly reason: string; readonly table: TableName | undefined }

const signature = [
  ...['table_name', 'schema', 'recreate', 'partial_reordering', 'copy_from', 'table_args', 'table_kwargs'],
  ...['reflect_args', 'reflect_kwargs', 'naming_convention'],
]

export function readBatchArguments(call: Call, target: Target): BatchArguments {
  let table: TableName | undefined
  try {
    const args = readArguments(call, signature)
    table = tableIn(args)
    return { table, ...rebuilding(args, target) }
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    return { reason: `op.batch_alter_table: ${error.message}`, table }
  }
}

/** How a new table is to be made; where none is, these arguments say nothing. */
function rebuilding(args: Arguments, { dialect }: Target): Omit<Batch, 'kind' | 'steps' | 'table'> {
  const vm = vmOf(args)
  const recreate = recreateIn(args)
  if (dialect !== 'sqlite' && recreate !== 'always') return present({ recreate })
  const from = args.given('copy_from')
  const options = args.given('table_kwargs')
  const items = itemsIn(args, 'table_args')
  const reflected = itemsIn(args, 'reflect_args')
  if (items.columns.length + items.indexes.length > 0) return unreadable('table_args are more than constraints')
  if (reflected.constraints.length + reflected.indexes.length > 0)
    return unreadable('reflect_args are more than columns')
  if (dialect !== 'sqlite' && items.constraints.length > 0) return unreadable('a new table would get table_args')
  checkReflection(args)
  return present({
    recreate,
    copyFrom: from === undefined ? undefined : tableFrom(vm, from),
    tableArguments: items.constraints.length > 0 ? items.constraints : undefined,
    tableOptions: options === undefined ? undefined : optionsFrom(vm, entriesOf(vm, options, 'table_kwargs')),
    reflectColumns: reflected.columns.length > 0 ? reflected.columns : undefined,
    namingConvention: conventionIn(args),
    partialReordering: args
      .list('partial_reordering')
      ?.map((names) => listOf(vm, names, args.call.at).map((name) => textOf(vm, name, 'the name of a column'))),
  })
}

function recreateIn(args: Arguments): NonNullable<Batch['recreate']> | undefined {
  const word = args.optionalText('recreate')
  if (word === undefined || word === 'auto' || word === 'always' || word === 'never') return word
  return unreadable(`recreate is ${word}`)
}

function itemsIn(args: Arguments, parameter: string): ReturnType<typeof tableItems> {
  const given: readonly Value[] = args.list(parameter) ?? []
  return tableItems(vmOf(args), given)
}

/** Listeners may change whatever is reflected. */
function checkReflection(args: Arguments): void {
  const vm = vmOf(args)
  const options = args.given('reflect_kwargs')
  const entries = options === undefined ? [] : entriesOf(vm, options, 'reflect_kwargs')
  for (const [name, value] of entries) {
    const isEmpty = name === 'listeners' && listOf(vm, value, args.call.at).length === 0
    if (!isEmpty) unreadable(`reflect_kwargs has ${name}`)
  }
}

const conventions = ['ix', 'uq', 'ck', 'fk', 'pk']

function conventionIn(args: Arguments): NamingConvention | undefined {
  const vm = vmOf(args)
  const given = args.given('naming_convention')
  if (given === undefined) return undefined
  const entries = entriesOf(vm, given, 'naming_convention')
  const stray = entries.find(([key]) => !conventions.includes(key))
  if (stray) return unreadable(`the naming convention has ${stray[0]}`)
  return Object.fromEntries(entries.map(([key, value]) => [key, textOf(vm, value, 'a naming convention')]))
}
