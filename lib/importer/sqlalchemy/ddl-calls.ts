import type { Value } from '../../python/values.ts'
import type { TableDefinition } from '../../schema/definition.ts'
import type { Operation } from '../../schema/operation.ts'
import { withFinalName } from '../../schema/resolve.ts'
import { plainName } from '../../schema/table.ts'
import { Arguments, known } from '../arguments.ts'
import type { Call } from '../host-function.ts'
import { recorderOf } from '../recorder-of.ts'
import { unreadable } from '../unreadable.ts'
import { createdDefinition, nameOf } from './create-all.ts'
import { namedIndex } from './item-effects.ts'
import { modelTable } from './model-table.ts'
import { SaConstraint, SaIndex, SaSequence } from './sa-items.ts'
import { SaStatement } from './sa-statement.ts'
import { SaColumn, type SaTable } from './sa-table.ts'
import { sequenceOperation } from './sequence-effects.ts'

/** `CreateTable(t)` and its like: one statement each, to be executed. */

type Make = (call: Call, given: Arguments) => Operation

function statement(make: Make): (call: Call) => Value {
  return (call) => {
    const given = new Arguments(
      call,
      'element',
      '*',
      'bind',
      'on',
      'if_exists',
      'if_not_exists',
      'cascade',
      'isolate_from_table',
    )
    return new SaStatement({ kind: 'operation', operation: make(call, given) })
  }
}

function tableIn(call: Call, given: Arguments): SaTable {
  return modelTable(call.vm, known(call.vm, given.value('element') ?? null)) ?? unreadable('the table of a statement')
}

/** CREATE TABLE alone makes no indexes and (outside of MySQL, which has them inside) no comments. */
function bare(definition: TableDefinition, isMysql: boolean): TableDefinition {
  const { indexes: _, comment, ...rest } = definition
  return {
    ...rest,
    columns: definition.columns.map(({ index, unique, comment: of, ...column }) => ({
      ...column,
      ...(unique !== undefined && !index && { unique }),
      ...(of !== undefined && isMysql && { comment: of }),
    })),
    ...(comment !== undefined && isMysql && { comment }),
  }
}

const createTable = statement((call, given) => {
  const definition = createdDefinition(tableIn(call, given))
  const isMysql = recorderOf(call.vm).target.dialect === 'mysql'
  const ifNotExists = given.bool('if_not_exists')
  return { kind: 'createTable', table: bare(definition, isMysql), ...(ifNotExists && { ifNotExists }) }
})

const dropTable = statement((call, given) => {
  const ifExists = given.bool('if_exists')
  return { kind: 'dropTable', table: nameOf(tableIn(call, given).definition), ...(ifExists && { ifExists }) }
})

function indexIn(call: Call, given: Arguments) {
  const item = known(call.vm, given.value('element') ?? null)
  if (!(item instanceof SaIndex)) return unreadable('the index of a statement')
  const owner = item.table ?? unreadable('an Index is used without a table')
  return { table: nameOf(owner.definition), index: namedIndex(item.definition, owner, recorderOf(call.vm)) }
}

const createIndex = statement((call, given) => {
  const ifNotExists = given.bool('if_not_exists')
  return { kind: 'createIndex', ...indexIn(call, given), ...(ifNotExists && { ifNotExists }) }
})

const dropIndex = statement((call, given) => {
  const { table, index } = indexIn(call, given)
  const ifExists = given.bool('if_exists')
  const name = index.name ?? unreadable('an Index without a name is dropped')
  return {
    kind: 'dropIndex',
    name,
    table,
    ...(table.schema && { schema: table.schema }),
    ...(ifExists && { ifExists }),
  }
})

function constraintIn(call: Call, given: Arguments) {
  const item = known(call.vm, given.value('element') ?? null)
  if (!(item instanceof SaConstraint)) return unreadable('the constraint of a statement')
  const owner = item.table ?? unreadable('a constraint is used without a table')
  const head = { ...nameOf(owner.definition), constraints: [] }
  const { target } = recorderOf(call.vm)
  const { naming } = owner
  const named = naming ? withFinalName(item.constraint, head, { ...target, namingConvention: naming }) : item.constraint
  const name = plainName(named.name)
  return {
    table: nameOf(owner.definition),
    constraint: { ...named, ...(name !== undefined && { name: { fixed: name } }) },
  }
}

const addConstraint = statement((call, given) => ({ kind: 'addConstraint', ...constraintIn(call, given) }))

const dropConstraint = statement((call, given) => {
  const { table, constraint } = constraintIn(call, given)
  const [cascade, ifExists] = [given.bool('cascade'), given.bool('if_exists')]
  const { kind, name } = constraint
  return {
    kind: 'dropConstraint',
    table,
    name: name ?? unreadable('a constraint without a name is dropped'),
    ...(kind !== 'exclude' && { type: kind }),
    ...(cascade && { cascade }),
    ...(ifExists && { ifExists }),
  }
})

function sequenceIn(call: Call, given: Arguments): SaSequence {
  const item = known(call.vm, given.value('element') ?? null)
  return item instanceof SaSequence ? item : unreadable('the sequence of a statement')
}

const createSequence = statement((call, given) => sequenceOperation(sequenceIn(call, given)))
const dropSequence = statement((call, given) => ({ kind: 'dropSequence', sequence: sequenceIn(call, given).sequence }))

const createSchema = statement((_call, given) => {
  const ifNotExists = given.bool('if_not_exists')
  return { kind: 'createSchema', name: given.text('element'), ...(ifNotExists && { ifNotExists }) }
})

const dropSchema = statement((_call, given) => {
  const [cascade, ifExists] = [given.bool('cascade'), given.bool('if_exists')]
  return {
    kind: 'dropSchema',
    name: given.text('element'),
    ...(cascade && { cascade }),
    ...(ifExists && { ifExists }),
  }
})

const setTableComment = statement((call, given) => {
  const { definition } = tableIn(call, given)
  return { kind: 'commentTable', table: nameOf(definition), comment: definition.comment ?? null }
})

const dropTableComment = statement((call, given) => {
  return { kind: 'commentTable', table: nameOf(tableIn(call, given).definition), comment: null }
})

const setColumnComment = statement((call, given) => {
  const column = known(call.vm, given.value('element') ?? null)
  if (!(column instanceof SaColumn) || !column.table) return unreadable('the column of a statement')
  const { name, comment = null, type, nullable } = column.definition
  return {
    kind: 'alterColumn',
    table: nameOf(column.table.definition),
    column: name,
    changes: { comment },
    existing: { type, ...(nullable !== undefined && { nullable }) },
  }
})

/** `DDL('…')`: text that goes to the driver once `%(table)s` and `%%` are replaced. */
function ddl(call: Call): Value {
  const given = new Arguments(call, 'statement', 'on', 'context', 'bind')
  const text = given.text('statement')
  if (given.given('on') !== undefined || given.given('context') !== undefined) return unreadable('a DDL with context')
  if (/%(?!%)/.test(text.replaceAll('%%', ''))) return unreadable('a DDL with %-parameters')
  return new SaStatement({ kind: 'text', sql: text.replaceAll('%%', '%'), raw: true })
}

export const ddlCalls = {
  CreateTable: createTable,
  DropTable: dropTable,
  CreateIndex: createIndex,
  DropIndex: dropIndex,
  AddConstraint: addConstraint,
  DropConstraint: dropConstraint,
  CreateSequence: createSequence,
  DropSequence: dropSequence,
  CreateSchema: createSchema,
  DropSchema: dropSchema,
  SetTableComment: setTableComment,
  DropTableComment: dropTableComment,
  SetColumnComment: setColumnComment,
  DDL: ddl,
}
