import type { Value } from '../../python/values.ts'
import type { BatchStep, Operation } from '../../schema/operation.ts'
import type { TableName } from '../../schema/table.ts'
import type { Target } from '../../schema/target.ts'
import type { Arguments } from '../arguments.ts'
import type { Call } from '../host-function.ts'
import { Unreadable } from '../unreadable.ts'
import { columnDirectives } from './column-directives.ts'
import { constraintDirectives } from './constraint-directives.ts'
import { type Directive, tableIn } from './directive.ts'
import { indexDirectives } from './index-directives.ts'
import { bindArguments, checkArguments, type Signature } from './signature.ts'
import { tableDirectives } from './table-directives.ts'

const directives: Readonly<Record<string, Directive>> = {
  ...tableDirectives,
  ...columnDirectives,
  ...constraintDirectives,
  ...indexDirectives,
}

export function directiveNamed(name: string): Directive | undefined {
  return Object.hasOwn(directives, name) ? directives[name] : undefined
}

/** What a call of a directive says, or why it cannot be told and which tables it is about (undefined: any). */
export type Reading =
  | { readonly operation: Operation; readonly result: Value }
  | { readonly reason: string; readonly tables: readonly TableName[] | undefined }

export function readDirective(directive: Directive, call: Call, target: Target, signature?: Signature): Reading {
  const own = signature ?? directive.signature
  const args = bindArguments(call, own)
  try {
    checkArguments(args, own)
    const operation = directive.read(args, target)
    return { operation, result: directive.result?.(args, operation) ?? null }
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    return { reason: error.message, tables: tablesIn(args, directive) }
  }
}

/** The same inside a batch, which gives the table itself. */
export function readStep(directive: Directive, call: Call, table: TableName, target: Target): Reading {
  const [name, schema] = directive.table ?? (['table_name', 'schema'] as const)
  const kwargs = new Map(call.kwargs).set(name, table.name).set(schema, table.schema ?? null)
  const own = directive.batch ?? []
  return readDirective(directive, { ...call, kwargs }, target, [...own, '*', name, schema])
}

export function isStep(operation: Operation): operation is BatchStep {
  return !['createTable', 'dropTable', 'renameTable'].includes(operation.kind)
}

function tablesIn(args: Arguments, directive: Directive): readonly TableName[] | undefined {
  try {
    return [tableIn(args, directive.table)]
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    return undefined
  }
}
