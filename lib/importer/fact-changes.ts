import type { Operation, RenameTable } from '../schema/operation.ts'
import { plainName, type TableName } from '../schema/table.ts'
import type { DbFact } from './facts.ts'

/** What is true after an operation, whatever was before. */
export interface FactChange {
  readonly fact: DbFact
  readonly becomes: boolean
}

/** The tables that an operation changes, makes or drops; undefined where that cannot be told. */
export function tablesChanged(operation: Operation): readonly TableName[] | undefined {
  switch (operation.kind) {
    case 'renameTable':
      return [operation.table, { ...operation.table, ...movedTo(operation) }]
    case 'dropIndex':
    case 'renameIndex':
      return operation.table ? [operation.table] : []
    case 'createEnum':
    case 'alterEnum':
    case 'dropEnum':
    case 'createSequence':
    case 'dropSequence':
    case 'createSchema':
    case 'dropSchema':
      return []
    case 'execute':
      return undefined
    default:
      return [operation.table]
  }
}

/** Only rows change, or nothing that a guard can ask for except rows. */
export function changesRowsOnly(operation: Operation): boolean {
  return ['bulkInsert', 'update', 'delete', 'insertSelect'].includes(operation.kind)
}

export function factChanges(operation: Operation): readonly FactChange[] {
  switch (operation.kind) {
    case 'createTable':
      return [
        { fact: { kind: 'table', table: operation.table }, becomes: true },
        ...operation.table.columns.map((c) => column(operation.table, c.name, true)),
      ]
    case 'dropTable':
      return [{ fact: { kind: 'table', table: operation.table }, becomes: false }]
    case 'renameTable':
      return [
        { fact: { kind: 'table', table: operation.table }, becomes: false },
        { fact: { kind: 'table', table: { ...operation.table, ...movedTo(operation) } }, becomes: true },
      ]
    case 'addColumn':
      return [column(operation.table, operation.column.name, true)]
    case 'dropColumn':
      return [column(operation.table, operation.column, false)]
    case 'alterColumn': {
      const { name } = operation.changes
      if (!name || name === operation.column) return []
      return [column(operation.table, operation.column, false), column(operation.table, name, true)]
    }
    case 'createIndex':
      return named('index', operation.table, plainName(operation.index.name), true)
    case 'dropIndex':
      return operation.table ? named('index', operation.table, plainName(operation.name), false) : []
    case 'renameIndex':
      return operation.table
        ? [
            ...named('index', operation.table, operation.name, false),
            ...named('index', operation.table, operation.to, true),
          ]
        : []
    case 'renameConstraint':
      return [
        ...named('constraint', operation.table, operation.name, false),
        ...named('constraint', operation.table, operation.to, true),
      ]
    case 'addConstraint':
      return named('constraint', operation.table, plainName(operation.constraint.name), true)
    case 'dropConstraint':
      return named('constraint', operation.table, plainName(operation.name), false)
    case 'batch':
      return operation.steps.flatMap(factChanges)
    default:
      return []
  }
}

/** The attributes of a column that an operation changes, besides whether it is there; undefined: any of them, of any column. */
export function attributesChanged(
  operation: Operation,
): readonly { readonly column: string; readonly attributes: readonly string[] | undefined }[] | undefined {
  switch (operation.kind) {
    case 'addColumn':
      return [{ column: operation.column.name, attributes: undefined }]
    case 'dropColumn':
      return [{ column: operation.column, attributes: undefined }]
    case 'alterColumn': {
      const { name, ...changes } = operation.changes
      if (name !== undefined && name !== operation.column)
        return [operation.column, name].map((column) => ({ column, attributes: undefined }))
      return [{ column: operation.column, attributes: Object.keys(changes) }]
    }
    case 'createIndex':
    case 'dropIndex':
    case 'renameIndex':
    case 'renameConstraint':
    case 'commentTable':
      return []
    case 'batch': {
      const steps = operation.steps.map(attributesChanged)
      return steps.includes(undefined) ? undefined : steps.flatMap((step) => step ?? [])
    }
    default:
      return undefined
  }
}

function movedTo({ to, toSchema }: RenameTable): TableName {
  return { name: to, ...(toSchema !== undefined && { schema: toSchema }) }
}

function column(table: TableName, name: string, becomes: boolean): FactChange {
  return { fact: { kind: 'column', table, column: name }, becomes }
}

function named(
  kind: 'index' | 'constraint',
  table: TableName,
  name: string | undefined,
  becomes: boolean,
): readonly FactChange[] {
  return name === undefined ? [] : [{ fact: { kind, table, name }, becomes }]
}

/** Where one of these is as given before an operation, the server refuses it. */
export function failsWhere(operation: Operation): readonly FactChange[] {
  const lenient =
    ('ifNotExists' in operation && operation.ifNotExists) || ('ifExists' in operation && operation.ifExists)
  if (lenient || operation.kind === 'batch') return []
  const [first] = factChanges(operation)
  if (!first) return []
  if (operation.kind === 'renameTable' || operation.kind === 'alterColumn') return [{ ...first, becomes: false }]
  return [{ fact: first.fact, becomes: first.becomes }]
}
