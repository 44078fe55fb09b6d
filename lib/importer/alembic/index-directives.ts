import type { Index } from '../../schema/table.ts'
import type { Target } from '../../schema/target.ts'
import { type Arguments, listOf } from '../arguments.ts'
import { columnReference } from '../sqlalchemy/item-calls.ts'
import { nameFrom } from '../sqlalchemy/sa-name.ts'
import { unreadable } from '../unreadable.ts'
import { type Directive, dialectOptions, present, tableIn, vmOf } from './directive.ts'

const ofIndex = ['unique', 'quote', 'if_not_exists', 'info', '**']

const createIndex: Directive = {
  signature: ['index_name|name', 'table_name|tablename', 'columns', 'schema', ...ofIndex],
  batch: ['index_name|name', 'columns', 'schema', ...ofIndex],
  read: (args, target) => ({
    kind: 'createIndex',
    table: tableIn(args),
    index: indexIn(args, target),
    ...present({ ifNotExists: args.bool('if_not_exists') }),
  }),
}

function indexIn(args: Arguments, target: Target): Index {
  const vm = vmOf(args)
  const columns = args.given('columns') ?? unreadable('columns is missing')
  if (typeof columns === 'string' && columns.length > 1) return unreadable('columns is a text and no list')
  const unique = args.bool('unique')
  return {
    ...present({ name: nameFrom(vm, args.value('index_name') ?? null) }),
    columns: listOf(vm, columns, args.call.at).map((column) => columnReference(vm, column)),
    ...(unique && { unique }),
    ...present({ options: dialectOptions(args, target) }),
  }
}

const ofDrop = ['if_exists', 'info', 'unique', 'columns', '_reverse', '**']

const dropIndex: Directive = {
  signature: ['index_name|name', 'table_name|tablename', 'schema', ...ofDrop],
  batch: ['index_name|name', 'schema', ...ofDrop],
  read: (args, target) => ({
    kind: 'dropIndex',
    name: nameFrom(vmOf(args), args.value('index_name') ?? null) ?? unreadable('the index has no name'),
    // in PostgreSQL and SQLite the name alone says enough
    ...(args.given('table_name') === undefined
      ? present({ schema: args.optionalText('schema') })
      : { table: tableIn(args) }),
    ...present({ ifExists: args.bool('if_exists'), options: dialectOptions(args, target) }),
  }),
}

export const indexDirectives = { create_index: createIndex, drop_index: dropIndex }
