import type { AlterColumn, ColumnChanges } from '../../schema/operation.ts'
import type { Target } from '../../schema/target.ts'
import type { Arguments } from '../arguments.ts'
import { columnFrom, serverDefaultFrom } from '../sqlalchemy/read-schema.ts'
import { typeFrom } from '../sqlalchemy/read-type.ts'
import { type Directive, present, refuse, tableIn, vmOf } from './directive.ts'

const places = ['insert_before', 'insert_after'] as const
const inAddColumn = ['if_not_exists', 'inline_references', 'inline_primary_key']

const addColumn: Directive = {
  signature: ['table_name', 'column', 'schema', ...inAddColumn],
  batch: ['column', ...places, ...inAddColumn],
  read: (args) => ({
    kind: 'addColumn',
    table: tableIn(args),
    column: columnFrom(vmOf(args), args.value('column') ?? null),
    ...present({
      ifNotExists: args.bool('if_not_exists'),
      insertBefore: args.optionalText('insert_before'),
      insertAfter: args.optionalText('insert_after'),
      inlineReferences: args.bool('inline_references'),
      inlinePrimaryKey: args.bool('inline_primary_key'),
    }),
  }),
}

const dropColumn: Directive = {
  signature: ['table_name', 'column_name', 'schema', 'if_exists', '_reverse', '**ignored'],
  batch: ['column_name', 'if_exists', '**ignored'],
  read: (args) => ({
    kind: 'dropColumn',
    table: tableIn(args),
    column: args.text('column_name'),
    ...present({ ifExists: args.bool('if_exists') }),
  }),
}

const changes = [
  ...['nullable|modify_nullable', 'comment|modify_comment', 'server_default|modify_server_default'],
  ...['new_column_name|name|modify_name', 'type_|modify_type'],
]
const existing = ['existing_type', 'existing_server_default', 'existing_nullable', 'existing_comment']
/** Alembic hands keywords on to the dialect, which ignores those that it does not know. */
const forDialects = ['autoincrement|modify_autoincrement', 'existing_autoincrement', '**ignored']

const alterColumn: Directive = {
  signature: ['table_name', 'column_name', ...changes, ...existing, 'schema', ...forDialects],
  batch: ['column_name', ...changes, ...existing, ...places, ...forDialects],
  read: (args, target) => {
    refuse(args, ...places)
    const said = existingFrom(args, target)
    const using = usingFrom(args, target)
    return {
      kind: 'alterColumn',
      table: tableIn(args),
      column: args.text('column_name'),
      changes: changesFrom(args),
      ...(Object.keys(said).length > 0 && { existing: said }),
      ...(using !== undefined && { using }),
    }
  },
}

function changesFrom(args: Arguments): ColumnChanges {
  const vm = vmOf(args)
  const type = args.given('type_')
  return present({
    type: type === undefined ? undefined : typeFrom(vm, type),
    nullable: args.bool('nullable'),
    serverDefault: isGiven(args, 'server_default') ? serverDefaultFrom(vm, args.value('server_default')!) : undefined,
    name: args.optionalText('new_column_name'),
    comment: isGiven(args, 'comment') ? (args.optionalText('comment') ?? null) : undefined,
    autoincrement: args.bool('autoincrement'),
  })
}

/** For `server_default` and `comment` False says nothing, and None takes away. */
function isGiven(args: Arguments, name: string): boolean {
  const value = args.value(name)
  return value !== undefined && value !== false
}

/**
 * MySQL needs to be told the whole column. The others look at the type only where it changes (its CHECK), and at the
 * default only where that changes; so what is not known of them does no harm elsewhere.
 */
function existingFrom(args: Arguments, { dialect }: Target): NonNullable<AlterColumn['existing']> {
  const vm = vmOf(args)
  const type = args.given('existing_type')
  const old = args.given('existing_server_default')
  const whole = dialect === 'mysql'
  const needsType = whole || args.given('type_') !== undefined || args.given('new_column_name') !== undefined
  const needsDefault = whole || isGiven(args, 'server_default')
  return present({
    type: needsType || dialect === 'sqlite' ? optional(type, (value) => typeFrom(vm, value)) : undefined,
    nullable: args.bool('existing_nullable'),
    serverDefault: needsDefault && old !== false ? optional(old, (value) => serverDefaultFrom(vm, value)) : undefined,
    comment: args.optionalText('existing_comment'),
    autoincrement: args.bool('existing_autoincrement'),
  })
}

function optional<T, R>(value: T | undefined, read: (value: T) => R): R | undefined {
  return value === undefined ? undefined : read(value)
}

function usingFrom(args: Arguments, { dialect }: Target): string | undefined {
  return dialect === 'postgres' ? args.optionalText('postgresql_using') : undefined
}

export const columnDirectives = { add_column: addColumn, drop_column: dropColumn, alter_column: alterColumn }
