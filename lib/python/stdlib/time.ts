import { argument } from '../arguments.ts'
import type { Interpreter } from '../interpreter.ts'
import { type Builtin, Instance, Property, type PyClass, Unknown, type Value } from '../values.ts'
import { type Definitions, type Modules, native, standardClass } from './define.ts'

/** What differs from run to run: the embedder says what it stands for, or it is unknown. */
function volatile(vm: Interpreter, name: string): Builtin {
  return native(
    name,
    (args, kwargs, node) =>
      vm.host.volatile?.(name, vm.site(node), [...args, ...kwargs.values()]) ??
      vm.unknown(`${name}() differs from run to run`, node),
  )
}

const parts = ['year', 'month', 'day', 'hour', 'minute', 'second', 'microsecond'] as const

/** `datetime.min`, `date.max` */
const edges = {
  min: [1n, 1n, 1n, 0n, 0n, 0n, 0n],
  max: [9999n, 12n, 31n, 23n, 59n, 59n, 999_999n],
} as const

function two(value: Value | undefined): string {
  return String(value ?? 0n).padStart(2, '0')
}

function isoText(self: Instance, between: string): string {
  const at = (name: string): Value | undefined => self.map.get(name)?.value
  const date = `${String(at('year')).padStart(4, '0')}-${two(at('month'))}-${two(at('day'))}`
  if (self.cls.name === 'date') return date
  const zone = at('tzinfo') === null || at('tzinfo') === undefined ? '' : '+00:00'
  return `${date}${between}${clockText(self)}${zone}`
}

function clockText(self: Instance): string {
  const at = (name: string): Value | undefined => self.map.get(name)?.value
  const micro = at('microsecond')
  const fraction = micro === 0n || micro === undefined ? '' : `.${String(micro).padStart(6, '0')}`
  return `${two(at('hour'))}:${two(at('minute'))}:${two(at('second'))}${fraction}`
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
  for (const [edge, values] of Object.entries(edges)) {
    const at = new Instance(cls)
    parts.forEach((part, place) => {
      if (names.includes(part)) at.map.set(part, { key: part, value: values[place]! })
    })
    at.map.set('tzinfo', { key: 'tzinfo', value: null })
    set(edge, at)
  }
  for (const made of ['now', 'utcnow', 'today', 'fromtimestamp', 'utcfromtimestamp']) {
    set(made, new Property('staticmethod', volatile(vm, `${name}.${made}`)))
  }
  return cls
}

const units = {
  days: 86_400_000_000n,
  seconds: 1_000_000n,
  microseconds: 1n,
  milliseconds: 1_000n,
  minutes: 60_000_000n,
  hours: 3_600_000_000n,
  weeks: 604_800_000_000n,
} as const

/** A length of time, in the parts that Python keeps: days, seconds, microseconds. */
function timedelta(vm: Interpreter): PyClass {
  const cls = standardClass('timedelta', 'datetime', [vm.unknown('what is computed from a timedelta')])
  cls.make = (made, args, kwargs, node) => {
    let total = 0n
    for (const [at, [unit, size]] of Object.entries(units).entries()) {
      const given = argument(args, kwargs, at, unit) ?? 0n
      if (typeof given === 'bigint') total += given * size
      else if (typeof given === 'number' && Number.isFinite(given)) total += BigInt(Math.round(given * Number(size)))
      else return given instanceof Unknown ? given : vm.unknown('a timedelta that is not known', node)
    }
    const instance = new Instance(made)
    const days = (total - (((total % units.days) + units.days) % units.days)) / units.days
    const rest = total - days * units.days
    const parts = { days, seconds: rest / units.seconds, microseconds: rest % units.seconds }
    for (const [key, value] of Object.entries(parts)) instance.map.set(key, { key, value })
    return instance
  }
  return cls
}

/** A time of the day. */
function timeOfDay(vm: Interpreter): PyClass {
  const cls = standardClass('time', 'datetime', [vm.unknown('what is computed from a time')])
  cls.make = (made, args, kwargs, node) => {
    const names = parts.slice(3)
    const given = names.map((part, at) => argument(args, kwargs, at, part) ?? 0n)
    const open = given.find((value) => typeof value !== 'bigint')
    if (open !== undefined) return open instanceof Unknown ? open : vm.unknown('a time that is not known', node)
    if ((kwargs.get('tzinfo') ?? args[4] ?? null) !== null) return vm.unknown('a time zone', node)
    const instance = new Instance(made)
    names.forEach((part, at) => {
      instance.map.set(part, { key: part, value: given[at]! })
    })
    return instance
  }
  const isoformat = native('method isoformat', ([self]) => clockText(self as Instance))
  cls.map.set('isoformat', { key: 'isoformat', value: isoformat })
  cls.map.set('__str__', { key: '__str__', value: isoformat })
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
      time: timeOfDay(vm),
      timedelta: timedelta(vm),
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
