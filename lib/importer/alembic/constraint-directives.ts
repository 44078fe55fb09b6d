import type { Value } from '../../python/values.ts'
import type { DropConstraint } from '../../schema/operation.ts'
import type { Constraint, Name } from '../../schema/table.ts'
import { type Arguments, listOf } from '../arguments.ts'
import { columnReference, excludeCall } from '../sqlalchemy/item-calls.ts'
import { sqlFrom } from '../sqlalchemy/read-options.ts'
import { constraintFrom } from '../sqlalchemy/read-schema.ts'
import { nameFrom } from '../sqlalchemy/sa-name.ts'
import { unreadable } from '../unreadable.ts'
import { type Directive, dialectOptions, present, tableIn, tableName, vmOf } from './directive.ts'

type Reader = Directive['read']

/** Keywords of the constraint's own class that say nothing to the database, or that only CREATE TABLE looks at. */
const ofConstraint = ['deferrable', 'initially', 'info', '_create_rule', '_type_bound', '**']

function adding(read: (...given: Parameters<Reader>) => Constraint, table: Directive['table'] = undefined): Reader {
  return (args, target) => ({ kind: 'addConstraint', table: tableIn(args, table), constraint: read(args, target) })
}

const createPrimaryKey: Directive = {
  signature: ['constraint_name|name', 'table_name', 'columns|cols', 'schema', ...ofConstraint],
  batch: ['constraint_name|name', 'columns|cols', ...ofConstraint],
  read: adding((args, target) => ({
    kind: 'primaryKey',
    ...named(args),
    columns: columnNames(args, 'columns'),
    ...deferrability(args),
    ...present({ options: dialectOptions(args, target) }),
  })),
}

const createUnique: Directive = {
  signature: ['constraint_name|name', 'table_name|source', 'columns|local_cols', 'schema', ...ofConstraint],
  batch: ['constraint_name|name', 'columns|local_cols', 'schema', ...ofConstraint],
  read: adding((args, target) => ({
    kind: 'unique',
    ...named(args),
    columns: columnNames(args, 'columns'),
    ...deferrability(args),
    ...present({ options: dialectOptions(args, target) }),
  })),
}

const foreignKeyEnd = ['onupdate', 'ondelete', 'deferrable', 'initially', 'match']
const source = ['source_table', 'source_schema'] as const
const schemas = ['source_schema', 'referent_schema']
const inForeignKey = ['use_alter', 'link_to_name', 'info', '**']

const createForeignKey: Directive = {
  signature: [
    ...['constraint_name|name', 'source_table|source', 'referent_table|referent', 'local_cols', 'remote_cols'],
    ...[...foreignKeyEnd, ...schemas, ...inForeignKey],
  ],
  batch: [
    ...['constraint_name|name', 'referent_table|referent', 'local_cols', 'remote_cols', 'referent_schema'],
    ...[...foreignKeyEnd, 'source_schema', ...inForeignKey],
  ],
  table: source,
  read: adding(
    (args, target) => ({
      kind: 'foreignKey',
      ...named(args),
      columns: columnNames(args, 'local_cols'),
      target: tableName(args.text('referent_table'), args.optionalText('referent_schema')),
      targetColumns: columnNames(args, 'remote_cols'),
      ...present({
        onDelete: args.optionalText('ondelete'),
        onUpdate: args.optionalText('onupdate'),
        match: args.optionalText('match'),
        options: dialectOptions(args, target),
      }),
      ...deferrability(args),
    }),
    source,
  ),
}

const createCheck: Directive = {
  signature: ['constraint_name|name', 'table_name|source', 'condition|sqltext', 'schema', ...ofConstraint],
  batch: ['constraint_name|name', 'condition|sqltext', 'schema', ...ofConstraint],
  read: adding((args, target) => ({
    kind: 'check',
    ...named(args),
    expression: sqlFrom(vmOf(args), args.value('condition') ?? null, 'the condition'),
    ...deferrability(args),
    ...present({ options: dialectOptions(args, target) }),
  })),
}

const createExclude: Directive = {
  signature: ['constraint_name|name', 'table_name', '*elements', 'where', 'schema', 'using', 'ops', ...ofConstraint],
  batch: ['constraint_name|name', '*elements', 'where', 'schema', 'using', 'ops', ...ofConstraint],
  read: adding((args) => {
    const { vm } = args.call
    // `ops.CreateExcludeConstraintOp` has its elements as a list
    const elements = args.list('elements') ?? args.rest
    const words = ['where', 'using', 'ops', 'deferrable', 'initially'].map((name) => [name, args.value(name) ?? null])
    const kwargs = new Map([...words, ['name', args.value('constraint_name') ?? null]] as [string, Value][])
    return constraintFrom(vm, excludeCall({ ...args.call, args: elements, kwargs }))
  }),
}

const kinds: Readonly<Record<string, NonNullable<DropConstraint['type']>>> = {
  foreignkey: 'foreignKey',
  primary: 'primaryKey',
  unique: 'unique',
  check: 'check',
}

const dropConstraint: Directive = {
  signature: ['constraint_name|name', 'table_name|tablename', 'type_|type', 'schema', 'if_exists', '_reverse'],
  batch: ['constraint_name|name', 'type_|type', 'schema', 'if_exists'],
  read: (args) => {
    const word = args.optionalText('type_')
    const type = word === undefined ? undefined : (kinds[word] ?? unreadable(`there is no type_ ${word}`))
    return {
      kind: 'dropConstraint',
      table: tableIn(args),
      name: nameFrom(vmOf(args), args.value('constraint_name') ?? null) ?? unreadable('the constraint has no name'),
      ...present({ type, ifExists: args.bool('if_exists') }),
    }
  },
}

function named(args: Arguments): { readonly name?: Name } {
  return present({ name: nameFrom(vmOf(args), args.value('constraint_name') ?? null) })
}

function deferrability(args: Arguments): { readonly deferrable?: boolean; readonly initially?: string } {
  return present({ deferrable: args.bool('deferrable'), initially: args.optionalText('initially') })
}

/** Names of columns; Alembic takes nothing else here, and SQLAlchemy's columns by their names. */
function columnNames(args: Arguments, parameter: string): readonly string[] {
  const value = args.given(parameter) ?? unreadable(`${parameter} is missing`)
  if (typeof value === 'string' && value.length > 1) return unreadable(`${parameter} is a text and no list`)
  return listOf(vmOf(args), value, args.call.at).map((given) => {
    const column = columnReference(vmOf(args), given)
    return typeof column === 'string' ? column : unreadable(`${parameter} has an expression`)
  })
}

export const constraintDirectives = {
  create_primary_key: createPrimaryKey,
  create_unique_constraint: createUnique,
  create_foreign_key: createForeignKey,
  create_check_constraint: createCheck,
  create_exclude_constraint: createExclude,
  drop_constraint: dropConstraint,
}
