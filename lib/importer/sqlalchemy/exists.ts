import type { Span } from '../../python/ast.ts'
import type { Interpreter } from '../../python/interpreter.ts'
import type { Value } from '../../python/values.ts'
import { type Call, hostFunction } from '../host-function.ts'
import { unreadable } from '../unreadable.ts'
import { itemsOf } from './coerce.ts'
import { boolean } from './result-types.ts'
import { SaExpression } from './sa-expression.ts'
import { SaSelect } from './sa-select.ts'
import { selecting, shownFrom } from './selectables.ts'

/** `sa.exists(…)`; its SELECT can be gone on with. */
export class SaExists extends SaExpression {
  readonly of: SaSelect

  constructor(of: SaSelect) {
    super({ kind: 'prefix', prefix: 'EXISTS', of: { kind: 'subquery', select: of.draft } }, boolean)
    this.of = of
  }

  override get(name: string, vm: Interpreter, at: Span): Value | undefined {
    if (name === 'select') return hostFunction(name, () => selecting([{ expression: this.expression, type: boolean }]))
    if (!['where', 'select_from', 'correlate', 'correlate_except', 'filter'].includes(name))
      return super.get(name, vm, at)
    return hostFunction(name, ({ args, kwargs, at: node }) => {
      const select = vm.invoke(vm.attribute(this.of, name, node), args, kwargs, node)
      return select instanceof SaSelect ? new SaExists(select) : unreadable('what EXISTS asks for')
    })
  }
}

export function existsOf(select: SaSelect): SaExists {
  return new SaExists(select)
}

/** `exists()`, `exists(select(…))`, `exists([columns])`, `exists(column)`, each with `.where(…)`. */
export function existsCall(call: Call): Value {
  const { vm } = call
  const [first] = call.args.map((value) => vm.resolve(value))
  if (first instanceof SaSelect) return new SaExists(first)
  if (first instanceof SaExpression && first.expression.kind === 'subquery')
    return new SaExpression({ kind: 'prefix', prefix: 'EXISTS', of: first.expression }, boolean)
  const shown = itemsOf(vm, call.args).flatMap((value) => shownFrom(vm, value))
  return new SaExists(selecting(shown.length > 0 ? shown : [{ expression: { kind: 'sql', text: '*' } }]))
}
