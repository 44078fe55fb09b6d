import type { Failed, Interpreter } from '../python/interpreter.ts'
import { Func, PyClass, type Value } from '../python/values.ts'
import { backendNames, dialectValue } from './connection/dialect-value.ts'
import { entryArgument } from './connection/entry.ts'
import type { Entry } from './history/entry.ts'
import type { Modules } from './modules.ts'
import type { Recorder } from './recorder.ts'

/** What the arguments of an entry are made of. */
interface World {
  readonly modules: Modules
  readonly recorder: Recorder
}

/** Starts a script that has been loaded, as its tool would. */
export function startEntry(vm: Interpreter, entry: Entry, world: World): Failed | undefined {
  if (entry.kind === 'function') return start(vm, vm.getGlobal(entry.name), entry.name, world)
  if (entry.kind !== 'method') return undefined
  const cls = vm.getGlobal(entry.cls)
  if (!(cls instanceof PyClass)) return undefined
  const { args, kwargs } = argumentsFor(vm, vm.attribute(cls, '__init__'), entry.cls, world, 1)
  const made = vm.call(cls, args, kwargs)
  if ('failed' in made) return made.failed
  return start(vm, vm.attribute(made.value, entry.name), entry.name, world)
}

function start(vm: Interpreter, entry: Value | undefined, name: string, world: World): Failed | undefined {
  if (entry === undefined) return undefined
  const isMethod = typeof entry === 'object' && entry?.kind === 'method'
  const { args, kwargs } = argumentsFor(vm, isMethod ? entry.func : entry, name, world, isMethod ? 1 : 0)
  const result = vm.call(entry, args, kwargs)
  return 'failed' in result ? result.failed : undefined
}

/** An engine, a connection and the like by the names of the parameters; another parameter keeps its default. */
function argumentsFor(
  vm: Interpreter,
  entry: Value,
  name: string,
  world: World,
  bound: number,
): { args: Value[]; kwargs: Map<string, Value> } {
  const given = { args: [] as Value[], kwargs: new Map<string, Value>() }
  if (!(entry instanceof Func)) return given
  const { posonly, args, kwonly } = entry.node.args
  const positional = [...posonly, ...args]
  const required = positional.length - entry.defaults.length
  positional.forEach(({ arg }, at) => {
    if (at < bound) return
    const value = argument(vm, arg, world)
    if (at < required) given.args.push(value ?? vm.unknown(`the argument ${arg} of ${name}()`))
    else if (value !== undefined) given.kwargs.set(arg, value)
  })
  kwonly.forEach(({ arg }, at) => {
    const value = argument(vm, arg, world)
    if (value !== undefined) given.kwargs.set(arg, value)
    else if (entry.kwDefaults[at] === undefined) given.kwargs.set(arg, vm.unknown(`the argument ${arg} of ${name}()`))
  })
  return given
}

function argument(vm: Interpreter, name: string, { modules, recorder }: World): Value | undefined {
  if (name === 'op') return vm.attribute(modules.resolve(vm, 'alembic') ?? null, 'op')
  if (dialectNames.test(name)) return dialectArgument(vm, name, recorder)
  const asked = /^is_(postgres|mysql|sqlite)(?:ql)?$/.exec(name)
  return asked ? asked[1] === recorder.target.dialect : entryArgument(recorder, name)
}

const dialectNames = /^(?:(?:db|database|sql)_?)?(?:dialect(?:_name)?|vendor)$|^(?:db|database)_?(?:type|kind|backend)$/

/** The dialect itself where the script asks for its name, else the name. */
function dialectArgument(vm: Interpreter, name: string, recorder: Recorder): Value {
  const asObject = new RegExp(`\\b${name}\\.(?:name|has_table|driver)\\b`).test(vm.main.node?.source ?? '')
  return asObject ? dialectValue(recorder) : backendNames[recorder.target.dialect]
}
