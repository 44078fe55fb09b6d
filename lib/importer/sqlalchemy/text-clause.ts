import type { Span } from '../../python/ast.ts'
import type { Interpreter } from '../../python/interpreter.ts'
import type { Value } from '../../python/values.ts'
import type { Expression, Parameters } from '../../schema/expression.ts'
import { known, textOf } from '../arguments.ts'
import { type Call, hostFunction } from '../host-function.ts'
import { Unreadable, unreadable } from '../unreadable.ts'
import { type Given, namesIn, parametersFrom, textParameters, withValue } from './bind.ts'
import { executeMethod } from './implicit-execution.ts'
import { SaExpression } from './sa-expression.ts'
import { SaSelect } from './sa-select.ts'
import type { StatementData } from './sa-statement.ts'
import { SaColumn } from './sa-table.ts'

/** `sa.text(…)` with what was bound to it. */
export class SaText extends SaExpression {
  readonly sql: string
  readonly parameters: Readonly<Record<string, Expression>>

  /** Why its values are not known. */
  readonly #unreadable: string | undefined

  constructor(sql: string, parameters: Readonly<Record<string, Expression>> = {}, why?: string) {
    super(
      namesIn(sql).length > 0 || sql.includes('\\:')
        ? { kind: 'sql', text: sql, parameters }
        : { kind: 'sql', text: sql },
    )
    this.sql = sql
    this.parameters = parameters
    this.#unreadable = why
  }

  /** The statement, with the values that it was executed with. */
  statement(vm: Interpreter, given: Given): StatementData {
    if (this.#unreadable !== undefined) return unreadable(this.#unreadable)
    const parameters: Parameters = { ...this.parameters, ...this.#filled(vm, given) }
    const plain = Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, plainParameter(value)]))
    return { kind: 'text', sql: this.sql, ...(Object.keys(plain).length > 0 && { parameters: plain }) }
  }

  #filled(vm: Interpreter, given: Given): Readonly<Record<string, Expression>> {
    const declared = Object.entries(this.parameters).flatMap(([name, parameter]) =>
      given.has(name) && parameter.kind === 'parameter'
        ? [[name, withValue(vm, parameter, given.get(name)!)] as const]
        : [],
    )
    return { ...textParameters(vm, this.sql, given), ...Object.fromEntries(declared) }
  }

  override get(name: string, vm: Interpreter, at: Span): Value | undefined {
    switch (name) {
      case 'bindparams':
      case 'params':
        return hostFunction(name, (call) => this.#boundStill(call))
      case 'columns':
        return hostFunction(name, (call) => this.#withColumns(call))
      case 'text':
        return this.sql
      case 'execute':
        return executeMethod(({ vm: within }, given) => this.statement(within, given ?? new Map()))
      case 'execution_options':
        return hostFunction(name, () => this)
      default:
        return super.get(name, vm, at)
    }
  }

  override text(how: 'str' | 'repr'): string | undefined {
    return how === 'str' ? this.sql : undefined
  }

  /** Whatever its values are, it is the same statement. */
  #boundStill(call: Call): Value {
    try {
      return this.#bound(call)
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error
      return new SaText(this.sql, this.parameters, error.message)
    }
  }

  /** `bindparams(x=1)`, `bindparams(bindparam('x', expanding=True))` */
  #bound({ vm, args, kwargs }: Call): Value {
    const declared = args.flatMap((value) => {
      const found = known(vm, value)
      if (!(found instanceof SaExpression)) return []
      const { expression } = found
      return expression.kind === 'parameter' ? [[expression.name, expression] as const] : unreadable('a bindparam')
    })
    const dicts = args.filter((value) => !(known(vm, value) instanceof SaExpression))
    const text = new SaText(this.sql, { ...this.parameters, ...Object.fromEntries(declared) })
    const given = parametersFrom(vm, dicts, kwargs)
    const names = namesIn(this.sql)
    const foreign = [...given.keys()].find((name) => !names.includes(name))
    if (foreign !== undefined) return unreadable(`the SQL has no parameter :${foreign}`)
    return new SaText(this.sql, { ...text.parameters, ...text.#filled(vm, given) })
  }

  /** `text('SELECT …').columns(a=Integer)`: a SELECT that is known by its columns. */
  #withColumns({ vm, args, kwargs }: Call): Value {
    const named = args.map((value) => {
      const found = known(vm, value)
      return found instanceof SaColumn ? found.definition.name : textOf(vm, found, 'a column')
    })
    const shown = [...named, ...kwargs.keys()].map((key) => ({
      expression: { kind: 'column', name: key } as const,
      key,
    }))
    return new SaSelect({ compound: '', of: [{ text: this.sql }] }, shown)
  }
}

function plainParameter(value: Parameters[string]): Parameters[string] {
  if (typeof value !== 'object' || value === null || !('kind' in value) || value.kind !== 'parameter') return value
  return value.type || value.value === undefined ? value : value.value
}
