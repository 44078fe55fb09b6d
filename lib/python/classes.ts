import type { ClassDef, Span } from './ast.ts'
import { findInClass } from './attributes.ts'
import { callValue } from './calls.ts'
import { enumMembersOf, finishEnum, isEnum } from './enums.ts'
import { evaluate } from './eval.ts'
import { execBlock } from './exec.ts'
import { HostObject } from './host.ts'
import type { Interpreter } from './interpreter.ts'
import { isKnown, iterate } from './iterate.ts'
import { keyOf } from './keys.ts'
import { Env, Func, Instance, type Kwargs, Property, PyClass, Unknown, type Value } from './values.ts'

/** Executes a class statement and gives the class, decorators not yet applied. */
export function makeClass(vm: Interpreter, node: ClassDef): Value {
  const bases = node.bases.flatMap((base) => {
    if (base.kind !== 'Starred') return [evaluate(vm, base)]
    const all = iterate(vm, evaluate(vm, base.value), base)
    return isKnown(all) ? [...all] : [all as Value]
  })
  const cls = new PyClass(
    node.name,
    bases.map((base) => genericBase(base)),
  )
  cls.module = vm.currentModule.name
  cls.place = vm.place(node)
  cls.make = inheritedMake(cls)
  const keywords = new Map<string, Value>()
  for (const keyword of node.keywords) if (keyword.arg) keywords.set(keyword.arg, evaluate(vm, keyword.value))
  cls.keywords = keywords
  const metaclass = keywords.get('metaclass')
  executeBody(vm, node, cls)
  for (const { value } of cls.map.values()) {
    const func = value instanceof Property ? value.get : value
    if (func instanceof Func) func.cls ??= cls
  }
  if (isEnum(cls)) finishEnum(vm, cls)
  if (metaclass instanceof Unknown) cls.taint = metaclass
  initSubclass(vm, cls, keywords, node)
  return hostClass(vm, cls, node)
}

/** `Base[T]` is Base to the one who inherits. */
function genericBase(base: Value): Value {
  return base instanceof Instance && base.cls.name === 'GenericAlias'
    ? (base.map.get('__origin__')?.value ?? base)
    : base
}

function inheritedMake(cls: PyClass): PyClass['make'] {
  return cls.mro.find((base) => base !== cls && base.make)?.make
}

/** The body's names are the class's, and functions in it do not see them. */
function executeBody(vm: Interpreter, node: ClassDef, cls: PyClass): void {
  const env = new Env(vm.frame.env, node.scope.locals, cls)
  const { module } = vm.frame
  cls.map.set('__module__', { key: '__module__', value: module.name })
  cls.map.set('__qualname__', { key: '__qualname__', value: node.name })
  vm.frames.push({ name: node.name, env, module, func: undefined, node, yielder: undefined })
  try {
    execBlock(vm, node.body)
  } finally {
    vm.frames.pop()
  }
}

function initSubclass(vm: Interpreter, cls: PyClass, keywords: Kwargs, node: Span): void {
  const hook = cls.mro.slice(1).map((base) => base.map.get('__init_subclass__')?.value)
  const found = hook.find((value) => value !== undefined)
  const func = found instanceof Property ? found.get : found
  if (func instanceof Func)
    callValue(vm, func, [cls], new Map([...keywords].filter(([name]) => name !== 'metaclass')), node)
}

function hostClass(vm: Interpreter, cls: PyClass, node: Span): Value {
  for (const base of cls.foreign) {
    const made = base instanceof HostObject ? base.subclass(cls, vm, node) : undefined
    if (made !== undefined) return made
  }
  return cls
}

/** `cls(…)` */
export function instantiate(vm: Interpreter, cls: PyClass, args: readonly Value[], kwargs: Kwargs, node: Span): Value {
  if (isEnum(cls) && cls.map.has('__members__')) return enumByValue(vm, cls, args, node)
  const maker = findInClass(cls, '__new__')
  if (maker instanceof Property || maker instanceof Func) {
    const made = callValue(vm, maker instanceof Property ? maker.get : maker, [cls, ...args], kwargs, node)
    return made instanceof Instance && made.cls === cls ? initialised(vm, made, args, kwargs, node) : made
  }
  if (!cls.make) return initialised(vm, new Instance(cls), args, kwargs, node)
  const made = cls.make(cls, args, kwargs, node)
  return made instanceof Instance && findInClass(cls, '__init__') ? initialised(vm, made, args, kwargs, node) : made
}

function initialised(vm: Interpreter, made: Instance, args: readonly Value[], kwargs: Kwargs, node: Span): Value {
  made.made = { args, kwargs }
  const { cls } = made
  const init = findInClass(cls, '__init__')
  if (init !== undefined) callValue(vm, init, [made, ...args], kwargs, node)
  else if (cls.fields) fillFields(vm, made, args, kwargs, node)
  else if (args.length + kwargs.size > 0 && cls.foreign.length === 0 && !cls.make) {
    vm.raise('TypeError', `${cls.name}() takes no arguments`)
  }
  return made
}

/** What the `__init__` of a dataclass does. */
function fillFields(vm: Interpreter, made: Instance, args: readonly Value[], kwargs: Kwargs, node: Span): void {
  const fields = made.cls.fields ?? []
  const given = fields.filter((field) => field.init)
  if (args.length > given.length) vm.raise('TypeError', `${made.cls.name}() takes ${given.length} positional arguments`)
  const left = new Map(kwargs)
  for (const field of fields) {
    const at = given.indexOf(field)
    let value = at >= 0 && at < args.length ? args[at] : left.get(field.name)
    left.delete(field.name)
    if (value === undefined && field.value === undefined) {
      vm.raise('TypeError', `${made.cls.name}() missing a required argument: '${field.name}'`)
    }
    value ??=
      field.value instanceof Instance && field.value.cls.name === '_factory'
        ? madeBy(vm, field.value, node)
        : field.value
    made.map.set(field.name, { key: field.name, value: value! })
  }
  const extra = [...left.keys()][0]
  if (extra !== undefined) vm.raise('TypeError', `${made.cls.name}() got an unexpected keyword argument '${extra}'`)
  const after = findInClass(made.cls, '__post_init__')
  if (after !== undefined) callValue(vm, after, [made], new Map(), node)
}

function madeBy(vm: Interpreter, factory: Instance, node: Span): Value {
  return callValue(vm, factory.map.get('factory')!.value, [], new Map(), node)
}

function enumByValue(vm: Interpreter, cls: PyClass, args: readonly Value[], node: Span): Value {
  const wanted = args[0] ?? null
  const key = keyOf(vm, wanted)
  if (key === undefined) return vm.unknown(`a member of ${cls.name}`, node)
  for (const { value } of enumMembersOf(cls).map.values()) {
    if (value === wanted) return value
    if (value instanceof Instance && keyOf(vm, value.map.get('value')?.value ?? null) === key) return value
  }
  return vm.raise('ValueError', `${vm.shown(wanted)} is not a valid ${cls.name}`)
}
