import type * as ast from './ast.ts'
import { evaluate } from './eval.ts'
import { assignTarget, execBlock } from './exec.ts'
import type { Interpreter } from './interpreter.ts'
import { isKnown, iterate } from './iterate.ts'
import { type Completion, done } from './outcome.ts'
import { execForSymbolic } from './symbolic-loops.ts'
import { decided } from './truth.ts'
import { Either, Guarded, SymSeq, Unknown, type Value } from './values.ts'

export function execFor(vm: Interpreter, node: ast.For): Completion {
  return forOver(vm, node, vm.resolve(evaluate(vm, node.iter)))
}

function forOver(vm: Interpreter, node: ast.For, value: Value): Completion {
  if (value instanceof Either) {
    const over = (inner: Value) => () => forOver(vm, node, vm.resolve(inner))
    return vm.branches.branch(value.predicate, over(value.yes), over(value.no))
  }
  const iterated = iterate(vm, value, node.iter)
  if (iterated instanceof SymSeq) return execForSymbolic(vm, node, iterated)
  if (!isKnown(iterated)) {
    return visitLoop(vm, node, iterated, () => {
      assignTarget(vm, node.target, iterated)
      return execBlock(vm, node.body)
    })
  }
  return loop(vm, node, () => runItems(vm, node, iterated))
}

/** A loop catches `break`; its `else` runs where none was taken. */
function loop(vm: Interpreter, node: ast.For | ast.While, run: () => Completion): Completion {
  const completion = vm.branches.boundary(
    () => {
      const ended = run()
      return ended.type === 'normal' ? execBlock(vm, node.orelse) : ended
    },
    (ended) => ended.type === 'break',
  )
  return completion.type === 'break' ? done : completion
}

function runItems(vm: Interpreter, node: ast.For, items: Iterable<Value>): Completion {
  for (const given of items) {
    vm.step()
    const item = vm.resolve(given)
    const completion = item instanceof Guarded ? guardedTurn(vm, node, item) : turn(vm, node, item)
    if (completion.type === 'break' || completion.type === 'return') return completion
  }
  return done
}

function guardedTurn(vm: Interpreter, node: ast.For, item: Guarded): Completion {
  const there = decided(vm.branches.settle(item.predicate))
  return vm.branchOn(
    there,
    node,
    () => turn(vm, node, item.value),
    () => done,
  )
}

function turn(vm: Interpreter, node: ast.For, item: Value): Completion {
  return once(vm, () => {
    assignTarget(vm, node.target, item)
    return execBlock(vm, node.body)
  })
}

/** One turn of a loop catches `continue`. */
export function once(vm: Interpreter, run: () => Completion): Completion {
  const completion = vm.branches.boundary(run, (ended) => ended.type === 'continue')
  return completion.type === 'continue' ? done : completion
}

/**
 * A loop of which nobody knows how often it runs: its body is visited to find the effects in it. Twice, since what the
 * first turn assigns is unknown to the second.
 */
export function visitLoop(
  vm: Interpreter,
  node: ast.For | ast.While,
  unknown: Unknown,
  run: () => Completion,
): Completion {
  const doubt = vm.doubt(unknown, node)
  return loop(vm, node, () => {
    const body = (): Completion => {
      const completion = once(vm, run)
      return completion
    }
    // Inside another visit, that one's second turn is the second turn here.
    if (!vm.certain) return vm.branches.branch(doubt, body, () => done)
    vm.branches.branch(doubt, body, () => done)
    return vm.branches.branch(vm.doubtAgain(doubt), body, () => done)
  })
}

const maxConditionalTurns = 40

export function execWhile(vm: Interpreter, node: ast.While): Completion {
  return loop(vm, node, () => {
    const depth = vm.branches.depth
    const endless = node.test.kind === 'Constant'
    for (let conditional = 0; ; ) {
      vm.step()
      const truth = vm.truth(evaluate(vm, node.test), node.test)
      if (truth === false) return done
      const open = vm.branches.depth > depth
      if (open) conditional++
      if (truth !== true || (open && (endless || conditional > maxConditionalTurns))) return openEnded(vm, node, truth)
      const completion = once(vm, () => execBlock(vm, node.body))
      if (completion.type === 'break' || completion.type === 'return') return completion
    }
  })
}

function openEnded(vm: Interpreter, node: ast.While, truth: unknown): Completion {
  const unknown = truth instanceof Unknown ? truth : vm.unknown('a loop whose end depends on the database', node)
  const doubt = vm.doubt(unknown, node)
  const body = (): Completion => {
    const completion = once(vm, () => execBlock(vm, node.body))
    return completion.type === 'break' ? done : completion
  }
  if (!vm.certain) return vm.branches.branch(doubt, body, () => done)
  vm.branches.branch(doubt, body, () => done)
  return vm.branches.branch(vm.doubtAgain(doubt), body, () => done)
}
