import type { Interpreter } from '../../python/interpreter.ts'
import type { Value } from '../../python/values.ts'
import type { Operation } from '../../schema/operation.ts'
import type { Options, TableName } from '../../schema/table.ts'
import type { Target } from '../../schema/target.ts'
import type { Arguments } from '../arguments.ts'
import { optionsFrom } from '../sqlalchemy/read-options.ts'
import { unreadable } from '../unreadable.ts'
import type { Signature } from './signature.ts'

type TableParameters = readonly [name: string, schema: string]

const usual: TableParameters = ['table_name', 'schema']

/** A method of `op` that is one operation on the schema. */
export interface Directive {
  readonly signature: Signature
  /** As a method of a batch, which knows its table; without one it is none. */
  readonly batch?: Signature
  /** Where the arguments name the table that is changed; `table_name` and `schema` unless told. */
  readonly table?: TableParameters
  readonly read: (args: Arguments, target: Target) => Operation
  /** What the call gives back; None unless told. */
  readonly result?: (args: Arguments, operation: Operation) => Value
}

/** The table that the arguments name. */
export function tableIn(args: Arguments, [name, schema] = usual): TableName {
  return tableName(args.text(name), args.optionalText(schema))
}

export function tableName(name: string, schema: string | undefined): TableName {
  return { name, ...(schema !== undefined && schema !== '' && { schema }) }
}

export function vmOf(args: Arguments): Interpreter {
  return args.call.vm
}

/** Keywords of the dialects: those of the others say nothing here. */
export function dialectOptions(args: Arguments, { dialect }: Target, ...left: readonly string[]): Options | undefined {
  const prefixes = { postgres: ['postgresql_'], mysql: ['mysql_', 'mariadb_'], sqlite: ['sqlite_'] }[dialect]
  const entries = args.more.filter(
    ([name, value]) => value !== null && !left.includes(name) && prefixes.some((prefix) => name.startsWith(prefix)),
  )
  const options = optionsFrom(vmOf(args), entries)
  return Object.keys(options).length > 0 ? options : undefined
}

/** An object without the keys that have no value: what is absent must not be `undefined`. */
export function present<T extends object>(of: T): { readonly [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(of).filter(([, value]) => value !== undefined)) as never
}

/** Arguments that ask for something the importer has no operation for. */
export function refuse(args: Arguments, ...names: readonly string[]): void {
  const given = names.find((name) => args.given(name) !== undefined)
  if (given !== undefined) unreadable(`the argument ${given} cannot be converted`)
}
