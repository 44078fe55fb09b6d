import type { Value } from '../../python/values.ts'
import type { TableDefinition } from '../../schema/definition.ts'
import type { Target } from '../../schema/target.ts'
import type { Arguments } from '../arguments.ts'
import { listOf } from '../arguments.ts'
import { tableItems } from '../sqlalchemy/read-schema.ts'
import { SaMetaData } from '../sqlalchemy/sa-metadata.ts'
import { SaTable } from '../sqlalchemy/sa-table.ts'
import { itemsOf } from '../sqlalchemy/table-call.ts'
import { type Directive, dialectOptions, present, refuse, tableIn, vmOf } from './directive.ts'

/** Keywords of `sa.Table` that say nothing to the database. */
const ofTable = [
  'info',
  'quote',
  'quote_schema',
  'extend_existing',
  'keep_existing',
  'implicit_returning',
  'must_exist',
]

const createTable: Directive = {
  signature: [
    ...['table_name|name', '*columns', 'schema', 'if_not_exists', 'comment', 'prefixes', '_constraints_included'],
    ...['_namespace_metadata', 'listeners', 'autoload', 'autoload_with', 'include_columns', ...ofTable, '**'],
  ],
  read: (args, target) => {
    refuse(args, 'autoload', 'autoload_with', 'include_columns')
    const ifNotExists = args.bool('if_not_exists')
    return {
      kind: 'createTable',
      table: tableDefinition(args, target),
      ...(ifNotExists && { ifNotExists }),
    }
  },
  // the table, whose columns still know their defaults
  result: (args, operation) => {
    if (operation.kind !== 'createTable') return null
    return new SaTable(operation.table, undefined, { columns: itemsOf(vmOf(args), itemsIn(args)).columns })
  },
}

/** What stands behind the name; Alembic passes over what is neither column, constraint nor index. */
function itemsIn(args: Arguments): readonly Value[] {
  const vm = vmOf(args)
  // `ops.CreateTableOp` has its columns as a list
  const items = args.has('columns') ? listOf(vm, args.value('columns') ?? null, args.call.at) : args.rest
  return items.filter((item) => {
    const value = vm.resolve(item)
    return value !== null && typeof value !== 'string' && !(value instanceof SaMetaData)
  })
}

function tableDefinition(args: Arguments, target: Target): TableDefinition {
  const { columns, constraints, indexes } = tableItems(vmOf(args), itemsIn(args))
  const flagless = args.bool('_constraints_included')
  return {
    ...tableIn(args),
    columns: flagless ? columns.map(({ unique: _, index: __, ...column }) => column) : columns,
    ...(constraints.length > 0 && { constraints }),
    ...(indexes.length > 0 && { indexes }),
    ...present({
      comment: args.optionalText('comment'),
      prefixes: args.texts('prefixes'),
      options: dialectOptions(args, target),
    }),
  }
}

const dropTable: Directive = {
  signature: ['table_name|name', 'schema', 'if_exists', 'info', 'comment', 'table_kw', '_reverse', 'listeners', '**'],
  read: (args) => ({ kind: 'dropTable', table: tableIn(args), ...present({ ifExists: args.bool('if_exists') }) }),
}

const renameTable: Directive = {
  signature: ['old_table_name|old_name', 'new_table_name|new_name', 'schema'],
  table: ['old_table_name', 'schema'],
  read: (args) => ({
    kind: 'renameTable',
    table: tableIn(args, ['old_table_name', 'schema']),
    to: args.text('new_table_name'),
  }),
}

const createTableComment: Directive = {
  signature: ['table_name', 'comment', 'existing_comment', 'schema'],
  batch: ['comment', 'existing_comment'],
  read: (args) => ({ kind: 'commentTable', table: tableIn(args), comment: args.optionalText('comment') ?? null }),
}

const dropTableComment: Directive = {
  signature: ['table_name', 'existing_comment', 'schema'],
  batch: ['existing_comment'],
  read: (args) => ({ kind: 'commentTable', table: tableIn(args), comment: null }),
}

export const tableDirectives = {
  create_table: createTable,
  drop_table: dropTable,
  rename_table: renameTable,
  create_table_comment: createTableComment,
  drop_table_comment: dropTableComment,
}
