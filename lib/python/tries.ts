import type * as ast from './ast.ts'
import { callValue } from './calls.ts'
import { evaluate } from './eval.ts'
import { exceptionClass, isException, makeException } from './exceptions.ts'
import { execBlock } from './exec.ts'
import type { HandlerEnd, HandlerNature, Site, TryInfo } from './host.ts'
import { excPlace, type Interpreter } from './interpreter.ts'
import { assignName } from './names.ts'
import { type Alternative, type Completion, done, PyRaise } from './outcome.ts'
import { not } from './predicates.ts'
import { PyClass, Tuple, Unknown, type Value } from './values.ts'

export interface Handler {
  /** The class or classes that it catches; undefined for all. */
  readonly type: Value | undefined
  readonly nature: HandlerNature
  readonly run: (exc: Value) => Completion
}

export function execRaise(vm: Interpreter, node: ast.Raise): Completion {
  if (!node.exc) {
    const handled = vm.handling.at(-1)
    if (handled) throw handled
    return vm.raise('RuntimeError', 'No active exception to reraise')
  }
  const value = vm.resolve(evaluate(vm, node.exc))
  if (node.cause) evaluate(vm, node.cause)
  const made = value instanceof PyClass ? callValue(vm, value, [], new Map(), node) : value
  const reason = made instanceof Unknown ? made.reason : 'an exception that is not known'
  const exc = isException(made) ? made : makeException(exceptionClass('Exception'), [reason])
  if (!excPlace.has(exc)) excPlace.set(exc, vm.place(node))
  throw new PyRaise(exc)
}

export function execTry(vm: Interpreter, node: ast.Try): Completion {
  if (node.finalbody.length === 0) return execHandled(vm, node)
  const base = vm.branches.path.length
  const alternatives = vm.branches.separate(() => execHandled(vm, node))
  const finished = alternatives.flatMap((alternative) =>
    vm.branches.resume(alternative, base, () => {
      const completion = execBlock(vm, node.finalbody)
      if (completion.type !== 'normal') return completion
      return rethrown(alternative.completion)
    }),
  )
  return vm.branches.join(finished, base, () => false)
}

function rethrown(completion: Completion): Completion {
  if (completion.type === 'raise') throw completion.error
  return completion
}

function execHandled(vm: Interpreter, node: ast.Try): Completion {
  if (node.handlers.length === 0) return execBlock(vm, node.body)
  const handlers = node.handlers.map((handler) => handlerOf(vm, handler))
  const fromElse = new Set<PyRaise>()
  const body = (): Completion => {
    const completion = execBlock(vm, node.body)
    if (completion.type !== 'normal' || node.orelse.length === 0) return completion
    try {
      return execBlock(vm, node.orelse)
    } catch (error) {
      if (error instanceof PyRaise) fromElse.add(error)
      throw error
    }
  }
  return runTry(vm, node, body, handlers, fromElse)
}

function handlerOf(vm: Interpreter, node: ast.ExceptHandler): Handler {
  const { source } = vm.currentModule.node ?? { source: '' }
  const types = node.type ? (node.type.kind === 'Tuple' ? node.type.elts : [node.type]) : []
  const names = types.map((type) => source.slice(type.start, type.end))
  const everything = names.length === 0 || names.some((name) => /^(?:Base)?Exception$/.test(name))
  return {
    type: node.type && evaluateQuietly(vm, node.type),
    nature: { types: names, catchesEverything: everything, ends: endOf(node.body), node },
    run: (exc) => {
      if (node.name !== undefined) assignName(vm, node.name, exc)
      return execBlock(vm, node.body)
    },
  }
}

/** A class that cannot be named catches nothing that is known. */
function evaluateQuietly(vm: Interpreter, node: ast.Expr): Value {
  try {
    return evaluate(vm, node)
  } catch (error) {
    if (error instanceof PyRaise) return vm.unknown('an exception class', node)
    throw error
  }
}

/** How a block ends, as far as its form tells. */
export function endOf(body: readonly ast.Stmt[]): HandlerEnd {
  const last = body.at(-1)
  if (!last) return 'falls-through'
  if (last.kind === 'Raise') return 'raises'
  if (last.kind === 'Return') return 'returns'
  if (last.kind === 'Break' || last.kind === 'Continue') return 'leaves-loop'
  if (last.kind === 'With') return endOf(last.body)
  if (last.kind === 'If' && last.orelse.length > 0) {
    const [yes, no] = [endOf(last.body), endOf(last.orelse)]
    return yes === no ? yes : 'falls-through'
  }
  if (last.kind === 'Expr' && last.value.kind === 'Call') {
    const { func } = last.value
    const exits =
      (func.kind === 'Attribute' && func.attr === 'exit') || (func.kind === 'Name' && /^(?:exit|quit)$/.test(func.id))
    if (exits) return 'raises'
  }
  return 'falls-through'
}

export function runTry(
  vm: Interpreter,
  node: ast.Span,
  body: () => Completion,
  handlers: readonly Handler[],
  uncatchable: ReadonlySet<PyRaise> = new Set(),
): Completion {
  const info: TryInfo = { site: vm.site(node), handlers: handlers.map((handler) => handler.nature) }
  vm.host.onTryEnter?.(info)
  const base = vm.branches.path.length
  const effectsBefore = vm.effectCount
  const goesOn = handlers.some(({ nature }) => nature.ends === 'falls-through' || nature.ends === 'leaves-loop')
  const ended = vm.withinTry(goesOn, () => vm.branches.separate(body))
  const hadEffects = vm.effectCount > effectsBefore
  let raised = false
  const handled = ended.flatMap((alternative) => {
    const handler = catcher(vm, alternative, handlers, uncatchable)
    if (!handler || alternative.completion.type !== 'raise') return [alternative]
    raised = true
    const { error } = alternative.completion
    return vm.branches.resume(alternative, base, () => handle(vm, handler, error))
  })
  const completion = settleEnd(() => vm.branches.join(handled, base, () => false))
  const effects: Site[] = []
  if (!raised && completion.type !== 'raise') visitHandlers(vm, node, handlers, hadEffects, effects)
  vm.host.onTryLeave?.({ ...info, effects, raised })
  return rethrown(completion)
}

function settleEnd(run: () => Completion): Completion {
  try {
    return run()
  } catch (error) {
    if (error instanceof PyRaise) return { type: 'raise', error }
    throw error
  }
}

function handle(vm: Interpreter, handler: Handler, error: PyRaise): Completion {
  vm.handling.push(error)
  try {
    return handler.run(error.exc)
  } finally {
    vm.handling.pop()
  }
}

/** The first handler that catches for sure; where the class of one is unknown, it is taken to be the one. */
function catcher(
  vm: Interpreter,
  alternative: Alternative,
  handlers: readonly Handler[],
  uncatchable: ReadonlySet<PyRaise>,
): Handler | undefined {
  const { completion } = alternative
  if (completion.type !== 'raise' || uncatchable.has(completion.error)) return undefined
  const { cls } = completion.error.exc
  const catches = (type: Value | undefined): boolean => {
    if (type === undefined) return true
    const resolved = vm.resolve(type)
    if (resolved instanceof Tuple) return resolved.items.some(catches)
    return resolved instanceof PyClass && cls.mro.includes(resolved)
  }
  return handlers.find((handler) => catches(handler.type))
}

/**
 * The handlers of a body that did not fail here, but may fail where it is run: they are visited for the effects in them.
 * One that goes on leaves behind what it assigned, as unknown; one that ends the script leaves nothing.
 */
function visitHandlers(
  vm: Interpreter,
  node: ast.Span,
  handlers: readonly Handler[],
  hadEffects: boolean,
  effects: Site[],
): void {
  const unknown = vm.unknown('whether a statement of the try block fails', node)
  for (const handler of handlers) {
    const exc = vm.unknown('the exception', node)
    const doubt = vm.doubt(unknown, handler.nature.node, effects)
    const error = new PyRaise(makeException(exceptionClass('Exception'), ['…']))
    const run = (): Completion => {
      vm.handling.push(error)
      try {
        return handler.run(exc)
      } finally {
        vm.handling.pop()
      }
    }
    const goesOn = hadEffects && (handler.nature.ends === 'falls-through' || handler.nature.ends === 'leaves-loop')
    const ends = vm.branches.arm(doubt, run)
    vm.tellAgain(doubt)
    if (goesOn)
      vm.branches.join(
        [...ends.filter(stays(handler)), ...vm.branches.arm(not(doubt), () => done)],
        vm.path.length,
        () => false,
      )
  }
}

/** A handler that raises or returns, be it under a condition of its own, ends the script there: nothing goes on from it. */
function stays(handler: Handler): (end: Alternative) => boolean {
  return ({ completion: { type } }) =>
    type === 'normal' || (handler.nature.ends === 'leaves-loop' && (type === 'break' || type === 'continue'))
}
