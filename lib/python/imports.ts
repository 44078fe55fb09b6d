import type { Alias, ImportFrom, Span } from './ast.ts'
import { findAttribute } from './attributes.ts'
import type { Interpreter } from './interpreter.ts'
import { assignLater, assignName } from './names.ts'
import { standardModule } from './stdlib.ts'
import { PyModule, Unknown, type Value } from './values.ts'

/** `import a.b as c`, `import a.b` */
export function importName(vm: Interpreter, alias: Alias): void {
  const [top] = alias.name.split('.', 1) as [string]
  bind(vm, alias.asname ?? top, alias, () => {
    if (alias.asname !== undefined) return resolveModule(vm, alias.name, alias)
    const module = resolveModule(vm, top, alias)
    if (alias.name !== top) attach(vm, module, alias)
    return module
  })
}

/**
 * Binds what is imported. In a module that was itself imported it is looked up when somebody asks for it: of an
 * application's source a script needs little, and each of its modules would bring all the others.
 */
function bind(vm: Interpreter, name: string, node: Span, find: () => Value): void {
  const { currentModule } = vm
  if (currentModule === vm.main) assignName(vm, name, find())
  else assignLater(vm, name, () => vm.within(currentModule, node, find))
}

/** `import a.b.c` makes b and c attributes of the modules around them. */
function attach(vm: Interpreter, top: Value, alias: Alias): void {
  const parts = alias.name.split('.')
  let parent = top
  for (let at = 1; at < parts.length; at++) {
    const name = parts.slice(0, at + 1).join('.')
    const own = parent instanceof PyModule ? parent : undefined
    const has = own?.map.get(parts[at]!)
    const child: Value = has ? has.value : resolveModule(vm, name, alias)
    if (own && !has) own.map.set(parts[at]!, { key: parts[at]!, value: child })
    parent = child
  }
}

export function resolveModule(vm: Interpreter, name: string, node: Span): Value {
  const key = moduleKey(vm, name)
  const known = vm.modules.get(key)
  if (known !== undefined) return known
  const made = findModule(vm, name, node)
  if (!vm.modules.has(key)) vm.modules.set(key, made)
  return made
}

/** A relative name means another module in each file. */
function moduleKey(vm: Interpreter, name: string): string {
  return name.startsWith('.') ? `${vm.currentModule.name} ${name}` : name
}

function findModule(vm: Interpreter, name: string, node: Span): Value {
  const given = vm.host.resolveModule(name, vm.currentModule.name)
  if (given !== null && typeof given === 'object' && 'source' in given && !('kind' in given)) {
    return vm.modules.get(given.name) ?? vm.load(given)
  }
  if (given !== undefined) return given as Value
  const standard = standardModule(vm, name)
  if (standard) return standard
  return new PyModule(name, undefined, (attr, at) => {
    return vm.host.nameOf?.(name, attr) ?? vm.unknown(`from ${name} import ${attr}`, at ?? node)
  })
}

export function importFrom(vm: Interpreter, node: ImportFrom): void {
  const name = '.'.repeat(node.level) + (node.module ?? '')
  if (name === '__future__') return
  for (const alias of node.names) {
    if (alias.name === '*') importStar(vm, resolveModule(vm, name, node), name, node)
    else bind(vm, alias.asname ?? alias.name, alias, () => importedName(vm, resolveModule(vm, name, node), name, alias))
  }
}

/** A name of a module, or the submodule of that name. */
function importedName(vm: Interpreter, module: Value, from: string, alias: Alias): Value {
  if (module instanceof PyModule) {
    const held = module.map.get(alias.name)
    if (held) return vm.resolve(held.value)
    const submodule = submoduleOf(vm, from, alias)
    if (submodule !== undefined) return submodule
  }
  const found = findAttribute(vm, module, alias.name, alias)
  if (found instanceof Unknown && module instanceof Unknown)
    return vm.unknown(`from ${from} import ${alias.name}`, alias)
  return found ?? vm.raise('ImportError', `cannot import name '${alias.name}' from '${from}'`)
}

function submoduleOf(vm: Interpreter, from: string, alias: Alias): Value | undefined {
  const name = from.endsWith('.') ? from + alias.name : `${from}.${alias.name}`
  const known = vm.modules.get(moduleKey(vm, name))
  if (known !== undefined) return known
  const given = vm.host.resolveModule(name, vm.currentModule.name)
  if (given === undefined) return standardModule(vm, name)
  const made = resolveModule(vm, name, alias)
  return made
}

function importStar(vm: Interpreter, module: Value, name: string, node: Span): void {
  const { store } = vm.frame.env
  if (!(module instanceof PyModule) || (module.map.size === 0 && module.fallback)) {
    store.taint ??= vm.unknown(`from ${name} import *`, node)
    return
  }
  for (const [key, entry] of module.map) {
    if (typeof key === 'string' && !key.startsWith('_')) assignName(vm, key, entry.value)
  }
  // The host knows some of its names; any other may be among them.
  if (module.fallback) store.taint ??= vm.unknown(`from ${name} import *`, node)
}
