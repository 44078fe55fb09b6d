import { renderLiteral } from '../../compiler/literal.ts'
import type { Span } from '../../python/ast.ts'
import { HostObject } from '../../python/host.ts'
import type { Interpreter } from '../../python/interpreter.ts'
import type { Value } from '../../python/values.ts'
import { known, listOf, textOf } from '../arguments.ts'
import { type Call, hostFunction } from '../host-function.ts'
import type { Names } from '../modules.ts'
import { literalFrom } from '../sqlalchemy/read-expression.ts'
import { unreadable } from '../unreadable.ts'

/** `psycopg2.sql`: SQL put together of parts, each of which knows how it is quoted. */
export class ComposedSql extends HostObject {
  readonly sql: string

  constructor(sql: string) {
    super('composed SQL')
    this.sql = sql
  }

  override get(name: string): Value | undefined {
    if (name === 'format') return hostFunction(name, (call) => this.#format(call))
    if (name === 'join') {
      return hostFunction(name, ({ vm, args, at }) => {
        const parts = listOf(vm, args[0] ?? null, at).map((part) => composed(vm, part))
        return new ComposedSql(parts.join(this.sql))
      })
    }
    return name === 'as_string' ? hostFunction(name, () => this.sql) : undefined
  }

  #format({ vm, args, kwargs }: Call): Value {
    let next = 0
    const text = this.sql.replace(/\{\{|\}\}|\{(\w*)\}/g, (mark, name: string | undefined) => {
      if (name === undefined) return mark[0]!
      const given = name === '' ? args[next++] : (kwargs.get(name) ?? args[Number(name)])
      return given === undefined ? unreadable('a part of composed SQL is missing') : composed(vm, given)
    })
    return new ComposedSql(text)
  }

  override binary(operator: string, other: Value, reflected: boolean, vm: Interpreter, at: Span): Value | undefined {
    if (operator !== '+' || !(other instanceof ComposedSql)) return vm.unknown('composed SQL', at)
    return new ComposedSql(reflected ? other.sql + this.sql : this.sql + other.sql)
  }
}

function composed(vm: Interpreter, given: Value): string {
  const part = known(vm, given)
  return part instanceof ComposedSql ? part.sql : unreadable('a part of composed SQL is not known')
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

export function composedSql(): Names {
  const made = (name: string, write: (call: Call) => string) =>
    hostFunction(name, (call) => new ComposedSql(write(call)))
  return {
    SQL: made('SQL', ({ vm, args }) => textOf(vm, args[0] ?? null, 'SQL')),
    Identifier: made('Identifier', ({ vm, args }) => args.map((name) => quoted(textOf(vm, name, 'a name'))).join('.')),
    Literal: made('Literal', ({ vm, args }) => renderLiteral(literalFrom(vm, args[0] ?? null), 'postgres')),
    Placeholder: made('Placeholder', ({ args }) => (args.length > 0 ? `%(${String(args[0])})s` : '%s')),
    Composed: made('Composed', ({ vm, args, at }) =>
      listOf(vm, args[0] ?? null, at)
        .map((part) => composed(vm, part))
        .join(''),
    ),
  }
}
