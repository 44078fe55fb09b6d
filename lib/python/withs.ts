import type * as ast from './ast.ts'
import { findAttribute } from './attributes.ts'
import { awaited, callValue, runFunction } from './calls.ts'
import { evaluate } from './eval.ts'
import { assignTarget, execBlock } from './exec.ts'
import { HostObject } from './host.ts'
import type { Interpreter } from './interpreter.ts'
import { type Completion, done, PyRaise } from './outcome.ts'
import { runTry } from './tries.ts'
import { Either, Generator, Instance, Tuple, type Value } from './values.ts'

export function execWith(vm: Interpreter, node: ast.With, at: number): Completion {
  const item = node.items[at]
  if (!item) return execBlock(vm, node.body)
  const context = vm.resolve(evaluate(vm, item.context))
  return enterWith(vm, context, node, (entered) => {
    if (item.target) assignTarget(vm, item.target, entered)
    return execWith(vm, node, at + 1)
  })
}

export function enterWith(
  vm: Interpreter,
  context: Value,
  node: ast.Span,
  body: (entered: Value) => Completion,
): Completion {
  if (context instanceof Either) {
    const within = (inner: Value) => () => enterWith(vm, vm.resolve(inner), node, body)
    return vm.branches.branch(context.predicate, within(context.yes), within(context.no))
  }
  if (context instanceof HostObject) return hostWith(vm, context, node, body)
  if (context instanceof Generator && context.func.contextManager) return managed(vm, context, node, body)
  if (context instanceof Instance && context.cls.name === 'suppress') return suppressed(vm, context, node, body)
  if (context instanceof Instance) return instanceWith(vm, context, node, body)
  // What is not known may do anything around the block, but it runs the block.
  return body(context)
}

function hostWith(
  vm: Interpreter,
  context: HostObject,
  node: ast.Span,
  body: (entered: Value) => Completion,
): Completion {
  const entered = context.enter(vm, node) ?? context
  let failed = true
  try {
    const completion = body(entered)
    failed = false
    return completion
  } finally {
    context.exit(vm, node, failed)
  }
}

/** `@contextmanager`: the generator runs, and the block runs inside its `yield`. */
function managed(
  vm: Interpreter,
  context: Generator,
  node: ast.Span,
  body: (entered: Value) => Completion,
): Completion {
  let completion: Completion = done
  let entered = false
  const frame = vm.frame
  context.started = true
  runFunction(vm, context.func, context.env, node, (value) => {
    if (entered) return null
    entered = true
    // The block belongs to the function around it, not to the generator.
    const inner = vm.frames.splice(vm.frames.indexOf(frame) + 1)
    try {
      completion = body(value)
    } finally {
      vm.frames.length = vm.frames.indexOf(frame) + 1
      vm.frames.push(...inner)
    }
    return null
  })
  return completion
}

function instanceWith(
  vm: Interpreter,
  context: Instance,
  node: ast.Span,
  body: (entered: Value) => Completion,
): Completion {
  const enter = findAttribute(vm, context, '__enter__', node) ?? findAttribute(vm, context, '__aenter__', node)
  const exit = findAttribute(vm, context, '__exit__', node) ?? findAttribute(vm, context, '__aexit__', node)
  if (enter === undefined || exit === undefined) return body(context)
  const entered = awaited(vm, callValue(vm, enter, [], new Map(), node), node)
  let completion: Completion
  try {
    completion = body(entered)
  } catch (error) {
    if (!(error instanceof PyRaise)) throw error
    const swallowed = awaited(vm, callValue(vm, exit, [error.exc.cls, error.exc, null], new Map(), node), node)
    if (vm.truth(swallowed, node) !== true) throw error
    return done
  }
  awaited(vm, callValue(vm, exit, [null, null, null], new Map(), node), node)
  return completion
}

function suppressed(
  vm: Interpreter,
  context: Instance,
  node: ast.Span,
  body: (entered: Value) => Completion,
): Completion {
  const types = context.map.get('types')?.value
  return runTry(vm, node, () => body(null), [
    {
      type: types ?? new Tuple([]),
      nature: { types: ['suppress'], catchesEverything: false, ends: 'falls-through', node },
      run: () => done,
    },
  ])
}
