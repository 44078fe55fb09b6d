import { renderValue } from '../../compiler/expression.ts'
import type { DialectName } from '../../dialects/dialect-name.ts'
import type { Span } from '../../python/ast.ts'
import type { Interpreter } from '../../python/interpreter.ts'
import { Dict, List, Tuple, type Value } from '../../python/values.ts'
import type { Expression, Literal } from '../../schema/expression.ts'
import { known, listOf } from '../arguments.ts'
import { rendering } from '../rendering.ts'
import { insertsRow, parameterValue } from '../sqlalchemy/bind.ts'
import { Moment } from '../sqlalchemy/moments.ts'
import { unreadable } from '../unreadable.ts'

/** What a driver was given beside its SQL. */
interface Given {
  readonly named: ReadonlyMap<string, Value> | undefined
  readonly listed: readonly Value[]
}

/** SQL as a driver sends it: its own kind of parameters written out. */
export function withDriverParameters(
  vm: Interpreter,
  sql: string,
  parameters: Value | undefined,
  dialect: DialectName,
  at: Span,
): string {
  if (parameters === undefined || parameters === null) return sql
  const given = givenTo(vm, parameters, at)
  const write = (value: Value | undefined): string =>
    value === undefined
      ? unreadable('a parameter of the SQL has no value')
      : rendering(() => renderValue(ofRow(vm, value, sql), undefined, { dialect }))
  let next = 0
  // a script may have a connection of its own that translates one kind into the other
  const percent = /%s|%\(\w+\)s/.test(sql)
  if (!percent && (dialect === 'sqlite' || sql.includes('?'))) {
    return outsideStrings(sql, /\?(\d+)?|[:@$](\w+)/g, ([text, place, name]) => {
      if (text.startsWith('?')) return write(given.listed[place === undefined ? next++ : Number(place) - 1])
      return write(given.named?.get(name!))
    })
  }
  if (percent || sql.includes('%%')) {
    return sql.replace(/%%|%s|%\((\w+)\)s/g, (text, name: string | undefined) => {
      if (text === '%%') return '%'
      return write(name === undefined ? given.listed[next++] : given.named?.get(name))
    })
  }
  return outsideStrings(sql, /\$(\d+)/g, ([, place]) => write(given.listed[Number(place) - 1]))
}

/** One row takes a new UUID. */
function ofRow(vm: Interpreter, given: Value, sql: string): Literal | Expression {
  const value = vm.resolve(given)
  return value instanceof Moment && insertsRow(sql) ? value.cell(undefined) : parameterValue(vm, value, undefined)
}

function givenTo(vm: Interpreter, parameters: Value, at: Span): Given {
  const value = known(vm, parameters)
  if (!(value instanceof Dict)) {
    const isList = value instanceof List || value instanceof Tuple
    return { named: undefined, listed: isList ? listOf(vm, value, at) : [value] }
  }
  if (value.taint) return unreadable(value.taint.reason)
  return { named: new Map([...value.map.values()].map(({ key, value: of }) => [String(key), of])), listed: [] }
}

const strings = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\//

function outsideStrings(sql: string, pattern: RegExp, write: (match: RegExpExecArray) => string): string {
  const all = new RegExp(`${strings.source}|${pattern.source}`, 'g')
  return sql.replace(all, (text) => {
    const match = new RegExp(`^(?:${pattern.source})$`).exec(text)
    return match ? write(match) : text
  })
}
