import type { Interpreter } from '../../python/interpreter.ts'
import { Dict, List, PySet, Tuple, type Value } from '../../python/values.ts'
import { type Expression, withoutTables } from '../../schema/expression.ts'
import type { Options, OptionValue, SequenceOptions } from '../../schema/table.ts'
import { boolOf, entriesOf, known, listOf, numberOf, textOf } from '../arguments.ts'
import { unreadable } from '../unreadable.ts'
import { SaExpression } from './sa-expression.ts'
import { plainText, SaName } from './sa-name.ts'
import { SaColumn } from './sa-table.ts'

/** SQL inside DDL: text as `sa.text` has it, or an expression, whose columns stand without their table. */
export function sqlFrom(vm: Interpreter, value: Value, what: string): Expression {
  const found = known(vm, value)
  if (found instanceof SaExpression) return withoutTables(found.expression)
  const text = plainText(found)
  return text === undefined ? unreadable(`${what} is no SQL`) : { kind: 'sql', text: unescaped(text) }
}

/** `\:` in `sa.text` is a colon and no parameter. */
export function unescaped(text: string): string {
  return text.replace(/\\(:[\w$]*)(?![:\w$])/g, '$1')
}

const dialectPrefix = /^(postgresql|mysql|mariadb|sqlite|mssql|oracle)_/

/** The dialect keywords among the arguments: `postgresql_where=…`, `mysql_engine=…`. */
export function optionsFrom(vm: Interpreter, entries: readonly (readonly [string, Value])[]): Options {
  const own = entries.filter(([name]) => dialectPrefix.test(name))
  return Object.fromEntries(own.map(([name, value]) => [name, optionFrom(vm, name, value)]))
}

/** What a call has besides, as an `options` entry or nothing. */
export function optionsEntry(
  vm: Interpreter,
  entries: readonly (readonly [string, Value])[],
): { readonly options?: Options } {
  const options = optionsFrom(vm, entries)
  return Object.keys(options).length > 0 ? { options } : {}
}

function optionFrom(vm: Interpreter, name: string, value: Value): OptionValue {
  const found = known(vm, value)
  if (found === null || typeof found === 'boolean' || typeof found === 'string') return found
  if (typeof found === 'number' || typeof found === 'bigint') return Number(found)
  if (found instanceof SaColumn) return /_where$/.test(name) ? withoutTables(found.expression) : found.definition.name
  if (found instanceof SaExpression) return withoutTables(found.expression)
  if (found instanceof Dict)
    return Object.fromEntries(entriesOf(vm, found, name).map(([k, v]) => [k, scalar(vm, v, name)]))
  if (found instanceof List || found instanceof Tuple || found instanceof PySet)
    return listOf(vm, found, vm.node).map((item) => element(vm, item, name))
  const text = plainText(found) ?? (found instanceof SaName ? found.name : undefined)
  return text ?? unreadable(`${name} is not readable`)
}

function scalar(vm: Interpreter, value: Value, name: string): string | number | boolean {
  const found = known(vm, value)
  if (typeof found === 'string' || typeof found === 'boolean' || typeof found === 'number') return found
  return typeof found === 'bigint' ? Number(found) : textOf(vm, found, name)
}

function element(vm: Interpreter, value: Value, name: string): string | number {
  const found = known(vm, value)
  if (found instanceof SaColumn) return found.definition.name
  return typeof found === 'bigint' ? Number(found) : textOf(vm, found, name)
}

const numbers = ['start', 'increment', 'minvalue', 'maxvalue', 'cache'] as const
const booleans = ['nominvalue', 'nomaxvalue', 'cycle', 'order'] as const

/** The arguments that Identity and Sequence share. */
export function sequenceOptionsFrom(vm: Interpreter, value: (name: string) => Value | undefined): SequenceOptions {
  const counts = numbers.flatMap((name) => {
    const given = value(name) ?? null
    return given === null ? [] : [[name, numberOf(vm, given, name)] as const]
  })
  const flags = booleans.flatMap((name) => {
    const given = value(name) ?? null
    return given === null ? [] : [[name, boolOf(vm, given, name)] as const]
  })
  return Object.fromEntries<number | boolean>([...counts, ...flags])
}
