import { awaited, callValue } from '../calls.ts'
import type { Interpreter } from '../interpreter.ts'
import { Func, Instance, List, type PyClass, Tuple, type Value } from '../values.ts'
import { type Definitions, Ignored, type Modules, native, standardClass } from './define.ts'

function manager(args: readonly Value[]): Value {
  const [func] = args
  if (func instanceof Func) func.contextManager = true
  return func ?? null
}

function suppress(): PyClass {
  const cls = standardClass('suppress', 'contextlib')
  cls.make = (made, args) => {
    const instance = new Instance(made)
    instance.map.set('types', { key: 'types', value: new Tuple(args) })
    return instance
  }
  return cls
}

/** A class whose `with` gives one value and does nothing else. */
function giving(name: string): PyClass {
  const cls = standardClass(name, 'contextlib')
  cls.make = (made, args) => {
    const instance = new Instance(made)
    const set = (key: string, value: Value): void => void instance.map.set(key, { key, value })
    set(
      '__enter__',
      native('__enter__', () => args[0] ?? null),
    )
    set(
      '__exit__',
      native('__exit__', () => null),
    )
    return instance
  }
  return cls
}

function contextlib(): Definitions {
  return {
    attrs: {
      contextmanager: native('contextmanager', manager),
      asynccontextmanager: native('asynccontextmanager', manager),
      suppress: suppress(),
      nullcontext: giving('nullcontext'),
      closing: giving('closing'),
      AbstractContextManager: standardClass('AbstractContextManager', 'contextlib'),
      ContextDecorator: standardClass('ContextDecorator', 'contextlib'),
    },
  }
}

/** Everything async runs where it is awaited, one after the other. */
function asyncio(vm: Interpreter): Definitions {
  const run = native('run', (args, _kwargs, node) => awaited(vm, args[0] ?? null, node))
  const loopClass = standardClass('AbstractEventLoop', 'asyncio')
  const loop = new Instance(loopClass)
  const set = (key: string, value: Value): void => void loop.map.set(key, { key, value })
  set('run_until_complete', run)
  for (const name of ['close', 'stop', 'run_forever', 'shutdown_asyncgens', 'set_debug'])
    set(
      name,
      native(name, () => null),
    )
  set(
    'is_running',
    native('is_running', () => false),
  )
  set(
    'is_closed',
    native('is_closed', () => false),
  )
  set(
    'run_in_executor',
    native('run_in_executor', (args, _kwargs, node) => callValue(vm, args[1] ?? null, args.slice(2), new Map(), node)),
  )
  const getLoop = native('get_event_loop', () => loop)
  return {
    attrs: {
      run,
      get_event_loop: getLoop,
      new_event_loop: getLoop,
      get_running_loop: getLoop,
      set_event_loop: native('set_event_loop', () => null),
      set_event_loop_policy: native('set_event_loop_policy', () => null),
      gather: native('gather', (args, _kwargs, node) => new List(args.map((arg) => awaited(vm, arg, node)))),
      create_task: native('create_task', (args, _kwargs, node) => awaited(vm, args[0] ?? null, node)),
      ensure_future: native('ensure_future', (args, _kwargs, node) => awaited(vm, args[0] ?? null, node)),
      wait_for: native('wait_for', (args, _kwargs, node) => awaited(vm, args[0] ?? null, node)),
      sleep: native('sleep', () => null),
      to_thread: native('to_thread', (args, kwargs, node) =>
        callValue(vm, args[0] ?? null, args.slice(1), kwargs, node),
      ),
    },
  }
}

const ignored = (name: string) => (): Definitions => {
  const object = new Ignored(name)
  return { attrs: {}, fallback: () => object }
}

function logging(): Definitions {
  const levels = { DEBUG: 10n, INFO: 20n, WARNING: 30n, WARN: 30n, ERROR: 40n, CRITICAL: 50n }
  const object = new Ignored('logging')
  return { attrs: levels, fallback: () => object }
}

export const contextModules: Modules = {
  contextlib,
  asyncio,
  logging,
  'logging.config': ignored('logging.config'),
  'logging.handlers': ignored('logging.handlers'),
  traceback: ignored('traceback'),
  warnings: ignored('warnings'),
  pprint: ignored('pprint'),
  gc: ignored('gc'),
}
