import { compile } from '../../compiler/compile.ts'
import { renderSelect } from '../../compiler/select.ts'
import { HostObject } from '../../python/host.ts'
import type { Interpreter } from '../../python/interpreter.ts'
import { Dict, type Value } from '../../python/values.ts'
import { emptySchema } from '../../schema/table.ts'
import { known } from '../arguments.ts'
import type { Call } from '../host-function.ts'
import { recorderOf } from '../recorder-of.ts'
import { rendering } from '../rendering.ts'
import { unreadable } from '../unreadable.ts'
import type { SaStatement } from './sa-statement.ts'

/** `statement.compile(…)`, which becomes SQL by `str()`. */
class SaCompiled extends HostObject {
  readonly #sql: string

  constructor(sql: string) {
    super('a compiled statement')
    this.#sql = sql
  }

  override text(): string {
    return this.#sql
  }

  override get(name: string): Value | undefined {
    return name === 'string' || name === '__str__' ? this.#sql : undefined
  }
}

/** Without `literal_binds` there are placeholders in it, which are of no use alone. */
export function compiledMethod(of: SaStatement, { vm, kwargs }: Call): Value {
  const options = known(vm, kwargs.get('compile_kwargs') ?? null)
  const binds = options instanceof Dict ? options.map.get('sliteral_binds')?.value : undefined
  if (binds !== true) return unreadable('a compiled statement without literal_binds')
  return new SaCompiled(sqlOf(vm, of))
}

function sqlOf(vm: Interpreter, { data }: SaStatement): string {
  const { target } = recorderOf(vm)
  if (data.kind === 'select') return rendering(() => renderSelect(data.select, target))
  if (data.kind === 'text') return unreadable('a compiled text')
  const { statements, problems } = compile(data.operation, emptySchema, target)
  const [problem] = problems
  if (problem) return unreadable(problem.reason)
  return statements.length === 1 ? statements[0]! : unreadable('a compiled statement that is several')
}
