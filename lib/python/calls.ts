import type { Arguments, Span } from './ast.ts'
import { findInClass, typeName } from './attributes.ts'
import { instantiate } from './classes.ts'
import { evaluate } from './eval.ts'
import { execBlock } from './exec.ts'
import { HostObject } from './host.ts'
import type { Interpreter } from './interpreter.ts'
import { keyOf } from './keys.ts'
import { lift, liftAll } from './lift.ts'
import { BoundsExceeded } from './outcome.ts'
import { ofFirst } from './symbolic.ts'
import {
  BoundMethod,
  Builtin,
  Dict,
  Env,
  Func,
  Generator,
  Instance,
  type Kwargs,
  Property,
  PyClass,
  Sym,
  Tuple,
  Unknown,
  type Value,
} from './values.ts'

const maxYields = 100_000

/** `fn(*args, **kwargs)`; where the function or an argument depends on a condition, once under each branch. */
export function callValue(vm: Interpreter, fn: Value, args: readonly Value[], kwargs: Kwargs, node: Span): Value {
  vm.step()
  return lift(vm, fn, node, (callee) => callResolved(vm, callee, args, kwargs, node))
}

function callResolved(vm: Interpreter, callee: Value, args: readonly Value[], kwargs: Kwargs, node: Span): Value {
  if (callee instanceof Func) return callFunction(vm, callee, args, kwargs, node)
  if (callee instanceof BoundMethod) return callValue(vm, callee.func, [callee.self, ...args], kwargs, node)
  if (callee instanceof Unknown) return callUnknown(vm, callee, args, kwargs, node)
  const all = [...args, ...kwargs.values()]
  return liftAll(vm, all, node, (settled) => {
    const given = settled.slice(0, args.length)
    const named: Kwargs = new Map([...kwargs.keys()].map((name, at) => [name, settled[args.length + at]!]))
    return callSettled(vm, callee, given, named, node)
  })
}

function callSettled(vm: Interpreter, callee: Value, args: readonly Value[], kwargs: Kwargs, node: Span): Value {
  if (callee instanceof Builtin) return callee.run(args, kwargs, node)
  if (callee instanceof HostObject) {
    const given = callee.call(args, kwargs, vm, node)
    // None is an answer
    if (given !== undefined) return given
    return callUnknown(vm, vm.unknown(`${callee.label}(…)`, node, [callee]), args, kwargs, node)
  }
  if (callee instanceof PyClass) return instantiate(vm, callee, args, kwargs, node)
  if (callee instanceof Sym) {
    return (
      ofFirst(callee, (first) => callValue(vm, first, args, kwargs, node)) ??
      new Sym({ op: 'call', of: callee.expr, args })
    )
  }
  if (callee instanceof Property) return callValue(vm, callee.get, args, kwargs, node)
  const method = callee instanceof Instance ? findInClass(callee.cls, '__call__') : undefined
  if (method) return callValue(vm, method, [callee, ...args], kwargs, node)
  if (callee instanceof Instance && callee.cls.foreign.length > 0) {
    return callUnknown(vm, vm.unknown(`a ${callee.cls.name}(…)`, node, [callee]), args, kwargs, node)
  }
  return vm.raise('TypeError', `'${typeName(callee)}' object is not callable`)
}

/** The host looks at what is handed over; functions of the script that are may be called, so they are visited. */
function callUnknown(vm: Interpreter, callee: Unknown, args: readonly Value[], kwargs: Kwargs, node: Span): Value {
  vm.host.onUnknownCall?.(callee, args, kwargs, vm.site(node))
  const all = [...args, ...kwargs.values()]
  for (const value of [...callee.carries, ...all]) visitCallable(vm, callee, value, node)
  const carried = all.filter((value) => isCarried(value)).slice(0, 8)
  return new Unknown(callee.reason, callee.place, [...callee.carries, ...carried].slice(0, 8))
}

function isCarried(value: Value): boolean {
  return (
    value instanceof HostObject || value instanceof Func || value instanceof BoundMethod || value instanceof Generator
  )
}

function visitCallable(vm: Interpreter, callee: Unknown, value: Value, node: Span): void {
  if (value instanceof Generator && !value.started) {
    vm.visit(callee, node, () => ({ type: 'normal', value: awaited(vm, value, node) }))
    return
  }
  const func = value instanceof BoundMethod ? value.func : value
  if (!(func instanceof Func) || vm.visiting.has(func)) return
  vm.visiting.add(func)
  const { posonly, args, kwonly } = func.node.args
  const self = value instanceof BoundMethod ? [value.self] : []
  const given = [...posonly, ...args].slice(self.length).map(() => vm.unknown(callee.reason, node))
  const named = new Map<string, Value>(kwonly.map((parameter) => [parameter.arg, vm.unknown(callee.reason, node)]))
  vm.visit(callee, node, () => ({ type: 'normal', value: callFunction(vm, func, [...self, ...given], named, node) }))
  vm.visiting.delete(func)
}

export function callFunction(vm: Interpreter, func: Func, args: readonly Value[], kwargs: Kwargs, node: Span): Value {
  const env = new Env(func.env, func.node.scope.locals)
  bindArguments(vm, func, env, args, kwargs)
  const isAsync = func.node.kind === 'FunctionDef' && func.node.isAsync
  if (func.node.scope.generator || isAsync) {
    const generator = new Generator(func, env, !func.node.scope.generator)
    return generator
  }
  return runFunction(vm, func, env, node)
}

/** Runs a body whose arguments are bound. */
export function runFunction(
  vm: Interpreter,
  func: Func,
  env: Env,
  node: Span,
  yielder?: (value: Value) => Value,
): Value {
  if (vm.frames.length >= vm.bounds.calls) throw new BoundsExceeded('calls', vm.place(node))
  // Nothing stops a recursion whose condition is unknown.
  if (!vm.certain && vm.frames.filter((frame) => frame.func === func).length > 1) {
    // What it does once more is not known either: whoever waits for effects under this condition is told of one.
    vm.effect(node)
    return vm.unknown(`${func.name} calls itself under an unknown condition`, node)
  }
  if (vm.frames.length > 0) vm.frame.node = node
  const { module, name } = func
  vm.frames.push({ name, env, module, func, node, yielder })
  try {
    const completion = vm.branches.boundary(
      () => {
        if (func.node.kind === 'Lambda') return { type: 'return', value: evaluate(vm, func.node.body) }
        return execBlock(vm, func.node.body)
      },
      (ended) => ended.type === 'return',
    )
    return completion.type === 'return' ? completion.value : null
  } finally {
    vm.frames.pop()
  }
}

function bindArguments(vm: Interpreter, func: Func, env: Env, args: readonly Value[], kwargs: Kwargs): void {
  const spec = func.node.args
  const positional = [...spec.posonly, ...spec.args]
  const set = (name: string, value: Value): void => void env.map.set(name, { key: name, value })
  positional.slice(0, args.length).forEach((parameter, at) => {
    set(parameter.arg, args[at]!)
  })
  if (args.length > positional.length && !spec.vararg) {
    vm.raise(
      'TypeError',
      `${func.name}() takes ${positional.length} positional arguments but ${args.length} were given`,
    )
  }
  if (spec.vararg) set(spec.vararg.arg, new Tuple(args.slice(positional.length)))
  const extra = bindKeywords(vm, func, env, kwargs, set)
  if (spec.kwarg) set(spec.kwarg.arg, extra)
  else if (extra.map.size > 0) {
    const name = [...extra.map.values()][0]!.key as string
    vm.raise('TypeError', `${func.name}() got an unexpected keyword argument '${name}'`)
  }
  bindDefaults(vm, func, env, spec, set)
}

function bindKeywords(
  vm: Interpreter,
  func: Func,
  env: Env,
  kwargs: Kwargs,
  set: (name: string, value: Value) => void,
): Dict {
  const spec = func.node.args
  const names = new Set([...spec.args, ...spec.kwonly].map((parameter) => parameter.arg))
  const extra = new Dict()
  for (const [name, value] of kwargs) {
    if (!names.has(name)) extra.map.set(keyOf(vm, name) as string, { key: name, value })
    else if (env.map.has(name)) vm.raise('TypeError', `${func.name}() got multiple values for argument '${name}'`)
    else set(name, value)
  }
  return extra
}

function bindDefaults(
  vm: Interpreter,
  func: Func,
  env: Env,
  spec: Arguments,
  set: (name: string, value: Value) => void,
): void {
  const positional = [...spec.posonly, ...spec.args]
  const from = positional.length - func.defaults.length
  positional.forEach((parameter, at) => {
    if (env.map.has(parameter.arg)) return
    if (at < from) vm.raise('TypeError', `${func.name}() missing a required argument: '${parameter.arg}'`)
    set(parameter.arg, func.defaults[at - from]!)
  })
  spec.kwonly.forEach((parameter, at) => {
    if (env.map.has(parameter.arg)) return
    const value = func.kwDefaults[at]
    if (value === undefined) vm.raise('TypeError', `${func.name}() missing a required argument: '${parameter.arg}'`)
    set(parameter.arg, value)
  })
}

/** A coroutine's value; other values are themselves. */
export function awaited(vm: Interpreter, value: Value, node: Span): Value {
  return lift(vm, value, node, (inner) => {
    if (!(inner instanceof Generator) || !inner.coroutine) return inner
    if (!inner.started) {
      inner.started = true
      inner.result = runFunction(vm, inner.func, inner.env, node)
    }
    return inner.result
  })
}

/** Runs a generator to its end; what it yields is drawn from the list afterwards. */
export function runGenerator(vm: Interpreter, generator: Generator, node: Span): Value[] {
  const found: Value[] = []
  generator.started = true
  generator.result = runFunction(vm, generator.func, generator.env, node, (value) => {
    if (found.length >= maxYields) throw new BoundsExceeded('steps', vm.place(node))
    vm.step()
    found.push(value)
    return null
  })
  return found
}
