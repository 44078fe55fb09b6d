import { isOpen } from '../arguments.ts'
import type { Span } from '../ast.ts'
import type { Interpreter } from '../interpreter.ts'
import { plain } from '../operators.ts'
import { floatText } from '../text.ts'
import { type Builtin, Instance, Unknown, type Value } from '../values.ts'
import { type Definitions, type Modules, native, standardClass } from './define.ts'
import { readJson, writeJson } from './json.ts'

/** A function of one text; of anything unknown it is unknown. */
function ofText(
  vm: Interpreter,
  name: string,
  run: (text: string, args: readonly Value[], node: Span) => Value,
): Builtin {
  return native(name, (args, kwargs, node) => {
    const text = plain(args[0] ?? kwargs.get('text') ?? null)
    if (typeof text === 'string') return run(text, [...args, ...kwargs.values()], node)
    return text instanceof Unknown ? text : vm.unknown(`${name} of something that is no text`, node)
  })
}

function dedent(text: string): string {
  const lines = text.split('\n').map((line) => (/^[ \t]+$/.test(line) ? '' : line))
  const margins = lines.filter((line) => line !== '').map((line) => /^[ \t]*/.exec(line)![0])
  const common = margins.reduce((margin, next) => shared(margin, next), margins[0] ?? '')
  return lines.map((line) => line.slice(common.length)).join('\n')
}

function shared(a: string, b: string): string {
  let at = 0
  while (at < a.length && a[at] === b[at]) at++
  return a.slice(0, at)
}

function textwrap(vm: Interpreter): Definitions {
  return {
    attrs: {
      dedent: ofText(vm, 'dedent', dedent),
      indent: ofText(vm, 'indent', (text, args) => {
        const prefix = String(args[1] ?? '')
        return text.replace(/^(?=.*\S)/gm, () => prefix)
      }),
    },
  }
}

function json(vm: Interpreter): Definitions {
  return {
    attrs: {
      dumps: native('dumps', (args, kwargs, node) => writeJson(vm, args[0] ?? null, kwargs, node)),
      loads: native('loads', (args, _kwargs, node) => readJson(vm, args[0] ?? null, node)),
      JSONDecodeError: standardClass('JSONDecodeError', 'json', [vm.builtins.get('ValueError')!.value]),
    },
  }
}

function string(): Definitions {
  const lower = 'abcdefghijklmnopqrstuvwxyz'
  return {
    attrs: {
      ascii_lowercase: lower,
      ascii_uppercase: lower.toUpperCase(),
      ascii_letters: lower + lower.toUpperCase(),
      digits: '0123456789',
      hexdigits: '0123456789abcdefABCDEF',
      punctuation: '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
      whitespace: ' \t\n\r\v\f',
    },
  }
}

/** Decimal and UUID: values that are their text, and of which nothing else is computed. */
function textual(vm: Interpreter, name: string, module: string, canonical: (text: string) => string | undefined) {
  const cls = standardClass(name, module, [vm.unknown(`${module}.${name}`)])
  cls.make = (made, args, _kwargs, node) => {
    const given = plain(args[0] ?? '0')
    if (isOpen(given)) return given instanceof Unknown ? given : vm.unknown(`a ${name} of the database`, node)
    const text = canonical(typeof given === 'number' ? floatText(given) : String(given))
    if (text === undefined) return vm.unknown(`${name}(${String(given)})`, node)
    const instance = new Instance(made)
    const set = (key: string, value: Value): void => void instance.map.set(key, { key, value })
    set('_text', text)
    if (name === 'UUID') set('hex', text.replaceAll('-', ''))
    return instance
  }
  const set = (key: string, value: Value): void => void cls.map.set(key, { key, value })
  const textOf = (self: Value | undefined): string => String((self as Instance).map.get('_text')?.value)
  set(
    '__str__',
    native('method __str__', ([self]) => textOf(self)),
  )
  set(
    '__repr__',
    native('method __repr__', ([self]) => `${name}('${textOf(self)}')`),
  )
  set(
    '__eq__',
    native(
      'method __eq__',
      ([self, other]) => other instanceof Instance && other.cls === cls && textOf(other) === textOf(self),
    ),
  )
  return cls
}

function decimal(vm: Interpreter): Definitions {
  return {
    attrs: {
      Decimal: textual(vm, 'Decimal', 'decimal', (text) => (/^[-+]?\d+(?:\.\d*)?$/.test(text) ? text : undefined)),
    },
  }
}

function uuid(vm: Interpreter): Definitions {
  const made = (name: string): Builtin =>
    native(
      name,
      (args, _kwargs, node) =>
        vm.host.volatile?.(`uuid.${name}`, vm.site(node), args) ??
        vm.unknown(`${name}() is made anew by each run`, node),
    )
  const canonical = (text: string): string | undefined => {
    const hex = text.toLowerCase().replace(/^urn:uuid:|[{}-]/g, '')
    return /^[0-9a-f]{32}$/.test(hex) ? hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') : undefined
  }
  return { attrs: { UUID: textual(vm, 'UUID', 'uuid', canonical), uuid1: made('uuid1'), uuid4: made('uuid4') } }
}

function math(vm: Interpreter): Definitions {
  const of = (name: string, run: (x: number) => Value): [string, Builtin] => [
    name,
    native(name, ([given], _kwargs, node) => {
      const x = plain(given ?? null)
      return typeof x === 'bigint' || typeof x === 'number'
        ? run(Number(x))
        : x instanceof Unknown
          ? x
          : vm.unknown(`math.${name}`, node)
    }),
  ]
  return {
    attrs: {
      pi: Math.PI,
      e: Math.E,
      inf: Number.POSITIVE_INFINITY,
      nan: Number.NaN,
      ...Object.fromEntries([
        of('floor', (x) => BigInt(Math.floor(x))),
        of('ceil', (x) => BigInt(Math.ceil(x))),
        of('sqrt', (x) => (x < 0 ? vm.raise('ValueError', 'math domain error') : Math.sqrt(x))),
        of('trunc', (x) => BigInt(Math.trunc(x))),
        of('isnan', (x) => Number.isNaN(x)),
      ]),
    },
  }
}

export const dataModules: Modules = { textwrap, json, string, decimal, uuid, math }
