import type { Span } from './ast.ts'
import type { Interpreter } from './interpreter.ts'
import type { Completion } from './outcome.ts'
import { Either, Guarded, type Value } from './values.ts'

/** Does something with a value, under each branch where the value depends on one. */
export function lift(vm: Interpreter, given: Value, node: Span, run: (value: Value) => Value): Value {
  if (!(given instanceof Either) && !(given instanceof Guarded)) return run(given)
  const value = vm.resolve(given)
  if (value instanceof Guarded)
    return run(vm.unknown('it is set only where a condition about the database holds', node))
  if (!(value instanceof Either)) return run(value)
  const normal = (inner: Value) => (): Completion => ({ type: 'normal', value: lift(vm, inner, node, run) })
  const completion = vm.branches.branch(value.predicate, normal(value.yes), normal(value.no))
  return completion.type === 'normal' ? completion.value : null
}

/** The same for several values at once. */
export function liftAll(
  vm: Interpreter,
  values: readonly Value[],
  node: Span,
  run: (values: readonly Value[]) => Value,
): Value {
  const at = values.findIndex((value) => value instanceof Either || value instanceof Guarded)
  if (at < 0) return run(values)
  return lift(vm, values[at]!, node, (value) => {
    if (value instanceof Either || value instanceof Guarded) return run(values)
    return liftAll(vm, values.with(at, value), node, run)
  })
}
