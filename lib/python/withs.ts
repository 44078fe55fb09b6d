import type * as ast from './ast.ts'
import { findAttribute } from './attributes.ts'
import { awaited, callValue, runFunction } from './calls.ts'
import { evaluate } from './eval.ts'
import { assignTarget, execBlock } from './exec.ts'
import { HostObject } from './host.ts'
import type { Interpreter } from './interpreter.ts'
import { type Completion, done } from './outcome.ts'
import { runTry } from './tries.ts'
import { Either, Generator, Guarded, Instance, List, Tuple, type Value } from './values.ts'

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
  const given = context.enter(vm, node)
  const entered = given === undefined ? context : given
  let failed = true
  try {
    const completion = body(entered)
    failed = false
    return completion
  } finally {
    context.exit(vm, node, failed)
  }
}

/**
 * `@contextmanager`: the generator runs, and the block runs inside its `yield`. Where the block leaves with `return`,
 * `break` or `continue`, the generator goes on first: the way out is kept as state, so that it has its own predicate.
 */
function managed(
  vm: Interpreter,
  context: Generator,
  node: ast.Span,
  body: (entered: Value) => Completion,
): Completion {
  const left = new List()
  const frame = vm.frame
  let entered = false
  context.started = true
  runFunction(vm, context.func, context.env, node, (value) => {
    if (entered) return null
    entered = true
    // The block belongs to the function around it, not to the generator.
    const inner = vm.frames.splice(vm.frames.indexOf(frame) + 1)
    try {
      each(
        vm,
        () => body(value),
        (completion) => keepWayOut(vm, left, completion),
      )
    } finally {
      vm.frames.length = vm.frames.indexOf(frame) + 1
      vm.frames.push(...inner)
    }
    return null
  })
  return wayOut(vm, left, node, 0)
}

/** Runs a block and then, under each of the ways in which it may end, something more. */
function each(vm: Interpreter, run: () => Completion, then: (completion: Completion) => Completion): Completion {
  const base = vm.branches.path.length
  const ends = vm.branches.separate(run)
  const all = ends.flatMap((end) => vm.branches.resume(end, base, () => then(end.completion)))
  return vm.branches.join(all, base, () => false)
}

function keepWayOut(vm: Interpreter, left: List, completion: Completion): Completion {
  if (completion.type === 'raise') throw completion.error
  if (completion.type === 'normal') return completion
  vm.branches.touch(left)
  left.items.push(new Tuple([completion.type, completion.type === 'return' ? completion.value : null]))
  return done
}

function wayOut(vm: Interpreter, left: List, node: ast.Span, at: number): Completion {
  if (left.taint)
    return vm.branchOn(
      left.taint,
      node,
      () => ({ type: 'return', value: left.taint! }),
      () => done,
    )
  const item = left.items[at]
  if (item === undefined) return done
  const tuple = item instanceof Guarded ? item.value : item
  const [type, value] = (tuple as Tuple).items as [string, Value]
  const leave = (): Completion =>
    type === 'return' ? { type, value } : { type: type === 'break' ? 'break' : 'continue' }
  return item instanceof Guarded
    ? vm.branches.branch(item.predicate, leave, () => wayOut(vm, left, node, at + 1))
    : leave()
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
  const leave = (args: readonly Value[]): Value => awaited(vm, callValue(vm, exit, args, new Map(), node), node)
  return each(
    vm,
    () => body(entered),
    (completion) => {
      const { exc } = completion.type === 'raise' ? completion.error : { exc: null }
      const swallowed = leave(exc ? [exc.cls, exc, null] : [null, null, null])
      if (completion.type !== 'raise') return completion
      if (vm.truth(swallowed, node) === true) return done
      throw completion.error
    },
  )
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
