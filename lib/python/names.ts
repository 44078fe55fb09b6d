import type { Span } from './ast.ts'
import type { Interpreter } from './interpreter.ts'
import { type Env, Guarded, PyClass, type Value } from './values.ts'

export function lookup(vm: Interpreter, name: string, node: Span): Value {
  const { env, func } = vm.frame
  if (func && declaredGlobal(vm, name)) return inGlobals(vm, env, name, node)
  for (let scope: Env | undefined = env; scope; scope = scope.parent) {
    if (scope !== env && scope.store instanceof PyClass) continue
    const found = scope.store.map.get(name)
    if (found) return present(vm, found.value, name, node)
    if (scope.parent && scope.store === scope && scope.locals?.has(name)) {
      if (scope.taint) return scope.taint
      return vm.raise(
        'UnboundLocalError',
        `cannot access local variable '${name}' where it is not associated with a value`,
      )
    }
  }
  return inGlobals(vm, env, name, node)
}

function inGlobals(vm: Interpreter, env: Env, name: string, node: Span): Value {
  const { store } = env.global
  const found = store.map.get(name) ?? vm.builtins.get(name)
  if (found) return present(vm, found.value, name, node)
  // After `from unknown import *` any name may be there.
  if (store.taint) return vm.unknown(`${name}: ${store.taint.reason}`, node)
  return vm.raise('NameError', `name '${name}' is not defined`)
}

function present(vm: Interpreter, given: Value, name: string, node: Span): Value {
  const value = vm.resolve(given)
  if (!(value instanceof Guarded)) return value
  return vm.unknown(`${name} is set only where a condition about the database holds`, node)
}

function declaredGlobal(vm: Interpreter, name: string): boolean {
  return vm.frame.func?.node.scope.globals.has(name) ?? false
}

/** The scope that an assignment to the name goes to. */
function scopeOf(vm: Interpreter, name: string): Env {
  const { env, func } = vm.frame
  if (!func) return env
  if (func.node.scope.globals.has(name)) return env.global
  if (!func.node.scope.nonlocals.has(name)) return env
  for (let scope = env.parent; scope?.parent; scope = scope.parent) if (scope.map.has(name)) return scope
  return env
}

/** `:=` in a comprehension binds in the function around it. */
export function assignOutward(vm: Interpreter, name: string, value: Value): void {
  let { env } = vm.frame
  while (env.parent && env.locals === undefined && env.store === env) env = env.parent
  vm.branches.touch(env.store)
  env.store.map.set(name, { key: name, value })
}

export function assignName(vm: Interpreter, name: string, value: Value): void {
  const { store } = scopeOf(vm, name)
  vm.branches.touch(store)
  store.map.set(name, { key: name, value })
}

/** Binds a name to what is found out when somebody asks for it. */
export function assignLater(vm: Interpreter, name: string, find: () => Value): void {
  const { store } = scopeOf(vm, name)
  vm.branches.touch(store)
  let value: Value | undefined
  const entry = {
    key: name,
    get value(): Value {
      if (value === undefined) {
        // where modules import each other, what is asked for meanwhile is not there yet
        value = vm.unknown(`${name}, which is being imported`)
        value = find()
      }
      return value
    },
  }
  store.map.set(name, entry)
}

export function deleteName(vm: Interpreter, name: string): void {
  const { store } = scopeOf(vm, name)
  vm.branches.touch(store)
  if (!store.map.delete(name)) vm.raise('NameError', `name '${name}' is not defined`)
}
