import { argument } from '../arguments.ts'
import type { Interpreter } from '../interpreter.ts'
import { type Builtin, Instance, Property, type PyClass, Unknown, type Value } from '../values.ts'
import { type Definitions, type Modules, native, standardClass } from './define.ts'

/** What differs from run to run: the embedder says what it stands for, or it is unknown. */
function volatile(vm: Interpreter, name: string): Builtin {
  return native(
    name,
    (_args, _kwargs, node) =>
      vm.host.volatile?.(name, vm.site(node)) ?? vm.unknown(`${name}() differs from run to run`, node),
  )
}

const parts = ['year', 'month', 'day', 'hour', 'minute', 'second', 'microsecond'] as const

function two(value: Value | undefined): string {
  return String(value ?? 0n).padStart(2, '0')
}

function isoText(self: Instance, between: string): string {
  const at = (name: string): Value | undefined => self.map.get(name)?.value
  const date = `${String(at('year')).padStart(4, '0')}-${two(at('month'))}-${two(at('day'))}`
  if (self.cls.name === 'date') return date
  const micro = at('microsecond')
  const zone = at('tzinfo') === null || at('tzinfo') === undefined ? '' : '+00:00'
  const fraction = micro === 0n || micro === undefined ? '' : `.${String(micro).padStart(6, '0')}`
  return `${date}${between}${two(at('hour'))}:${two(at('minute'))}:${two(at('second'))}${fraction}${zone}`
}

/** A fixed date or moment: its parts and its ISO text are known; anything computed from it is unknown. */
function moment(vm: Interpreter, name: 'date' | 'datetime', names: readonly string[]): PyClass {
  const cls = standardClass(name, 'datetime', [vm.unknown(`what is computed from a ${name}`)])
  cls.make = (made, args, kwargs, node) => {
    const given = names.map((part, at) => argument(args, kwargs, at, part) ?? 0n)
    const open = given.find((value) => typeof value !== 'bigint')
    if (open !== undefined) return open instanceof Unknown ? open : vm.unknown(`a ${name} that is not known`, node)
    const zone = kwargs.get('tzinfo') ?? args[7] ?? null
    if (zone !== null && !(zone instanceof Instance && zone.cls.name === 'timezone'))
      return vm.unknown('a time zone', node)
    const instance = new Instance(made)
    names.forEach((part, at) => {
      instance.map.set(part, { key: part, value: given[at]! })
    })
    instance.map.set('tzinfo', { key: 'tzinfo', value: zone })
    return instance
  }
  const set = (key: string, value: Value): void => void cls.map.set(key, { key, value })
  set(
    '__str__',
    native('method __str__', ([self]) => isoText(self as Instance, ' ')),
  )
  set(
    'isoformat',
    native('method isoformat', ([self, between]) =>
      isoText(self as Instance, typeof between === 'string' ? between : 'T'),
    ),
  )
  for (const made of ['now', 'utcnow', 'today', 'fromtimestamp', 'utcfromtimestamp']) {
    set(made, new Property('staticmethod', volatile(vm, `${name}.${made}`)))
  }
  return cls
}

function datetime(vm: Interpreter): Definitions {
  const zone = standardClass('timezone', 'datetime', [vm.unknown('a time zone')])
  const utc = new Instance(zone)
  zone.map.set('utc', { key: 'utc', value: utc })
  return {
    attrs: {
      datetime: moment(vm, 'datetime', parts),
      date: moment(vm, 'date', parts.slice(0, 3)),
      timezone: zone,
      UTC: utc,
    },
  }
}

function time(vm: Interpreter): Definitions {
  return {
    attrs: {
      sleep: native('sleep', () => null),
      time: volatile(vm, 'time.time'),
      monotonic: volatile(vm, 'time.monotonic'),
      perf_counter: volatile(vm, 'time.perf_counter'),
      strftime: volatile(vm, 'time.strftime'),
    },
  }
}

export const timeModules: Modules = { datetime, time }
