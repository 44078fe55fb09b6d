import { argument, isOpen } from './arguments.ts'
import type { Span } from './ast.ts'
import { typeName } from './attributes.ts'
import { Bytes } from './bytes.ts'
import { setEntry } from './eval.ts'
import { indexValue } from './indexing.ts'
import type { Interpreter } from './interpreter.ts'
import { drawAll } from './iterate.ts'
import type { Method, Methods } from './methods.ts'
import { plain } from './operators.ts'
import { formatValue } from './text.ts'
import { Dict, type Kwargs, List, Tuple, Unknown, type Value } from './values.ts'

/** A method of text arguments: an argument that is not known makes the result unknown. */
function simple(run: (self: string, args: readonly Value[], vm: Interpreter, kwargs: Kwargs) => Value): Method<string> {
  return (vm, self, given, kwargs, node) => {
    const args = given.map((value) => plain(value))
    const open = [...args, ...kwargs.values()].find(isOpen)
    if (open instanceof Unknown) return open
    if (open !== undefined) return vm.unknown('a text of the database', node)
    vm.allocate(self.length / 8)
    vm.step(Math.ceil(self.length / 256))
    return run(self, args, vm, kwargs)
  }
}

function text(vm: Interpreter, value: Value | undefined): string {
  if (typeof value === 'string') return value
  return vm.raise('TypeError', `must be str, not ${typeName(value ?? null)}`)
}

function count(value: Value | undefined, fallback: number): number {
  return typeof value === 'bigint' ? Number(value) : fallback
}

const space = ' \t\n\r\f\v\x1c\x1d\x1e\x1f\x85\xa0\u2028\u2029'

function strip(self: string, characters: Value | undefined, left: boolean, right: boolean): string {
  const set = new Set(typeof characters === 'string' ? characters : space)
  let from = 0
  let to = self.length
  while (left && from < to && set.has(self[from]!)) from++
  while (right && to > from && set.has(self[to - 1]!)) to--
  return self.slice(from, to)
}

function splitSpace(self: string, limit: number, fromRight: boolean): string[] {
  const words = self.trim().split(/\s+/).filter(Boolean)
  if (limit < 0 || words.length <= limit + 1) return words
  if (!fromRight) {
    const rest = new RegExp(`^\\s*(?:\\S+\\s+){${limit}}`)
    return [...words.slice(0, limit), self.replace(rest, '').trimEnd()]
  }
  const rest = new RegExp(`(?:\\s+\\S+){${limit}}\\s*$`)
  return [self.replace(rest, '').trimStart(), ...words.slice(words.length - limit)]
}

function split(self: string, args: readonly Value[], vm: Interpreter, kwargs: Kwargs, fromRight: boolean): Value {
  const separator = argument(args, kwargs, 0, 'sep') ?? null
  const limit = count(argument(args, kwargs, 1, 'maxsplit'), -1)
  if (separator === null) return new List(splitSpace(self, Math.min(limit, 1000), fromRight))
  const by = text(vm, separator)
  if (by === '') return vm.raise('ValueError', 'empty separator')
  const parts = self.split(by)
  vm.allocate(parts.length * 16)
  if (limit < 0 || parts.length <= limit + 1) return new List(parts)
  if (!fromRight) return new List([...parts.slice(0, limit), parts.slice(limit).join(by)])
  return new List([parts.slice(0, parts.length - limit).join(by), ...parts.slice(parts.length - limit)])
}

function affix(args: readonly Value[], vm: Interpreter, test: (part: string) => boolean): Value {
  const [wanted] = args
  return wanted instanceof Tuple ? wanted.items.some((part) => test(text(vm, plain(part)))) : test(text(vm, wanted))
}

function section(self: string, args: readonly Value[]): [string, number] {
  const start = count(args[1], 0)
  const end = count(args[2], self.length)
  const from = start < 0 ? Math.max(0, start + self.length) : start
  return [self.slice(0, end < 0 ? end + self.length : end), from]
}

function found(self: string, args: readonly Value[], vm: Interpreter, last: boolean): number {
  const [within, from] = section(self, args)
  const part = text(vm, args[0])
  if (!last) return from > self.length ? -1 : within.indexOf(part, from)
  const at = within.lastIndexOf(part)
  return at < from ? -1 : at
}

function partition(self: string, args: readonly Value[], vm: Interpreter, last: boolean): Value {
  const by = text(vm, args[0])
  const at = last ? self.lastIndexOf(by) : self.indexOf(by)
  if (at < 0) return new Tuple(last ? ['', '', self] : [self, '', ''])
  return new Tuple([self.slice(0, at), by, self.slice(at + by.length)])
}

function titled(self: string): string {
  return self.replace(/\p{L}+/gu, (word) => word[0]!.toUpperCase() + word.slice(1).toLowerCase())
}

function replaced(self: string, args: readonly Value[], vm: Interpreter): string {
  const [from, to] = [text(vm, args[0]), text(vm, args[1])]
  const limit = count(args[2], -1)
  const parts = self.split(from)
  vm.allocate(self.length + parts.length * to.length * 2)
  if (limit < 0) return self.replaceAll(from, () => to)
  return parts.slice(0, limit + 1).join(to) + (parts.length > limit + 1 ? from + parts.slice(limit + 1).join(from) : '')
}

function lines(self: string, keep: boolean): Value {
  const parts = self.match(/[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]*(?:\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]|$)/g) ?? []
  const kept = parts.filter((part) => part !== '')
  return new List(keep ? kept : kept.map((line) => line.replace(/(?:\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029])$/, '')))
}

function just(align: '<' | '>' | '^') {
  return simple((self, args, vm) => {
    const width = count(args[0], 0)
    vm.allocate(width * 2)
    const fill = typeof args[1] === 'string' ? args[1] : ' '
    const missing = Math.max(0, width - self.length)
    if (align === '<') return self + fill.repeat(missing)
    if (align === '>') return fill.repeat(missing) + self
    const left = Math.floor(missing / 2) + (missing & width & 1)
    return fill.repeat(left) + self + fill.repeat(missing - left)
  })
}

const test = (pattern: RegExp): Method<string> => simple((self) => pattern.test(self))

/** `sep.join(items)`: also the items are text, or the result is unknown. */
const join: Method<string> = (vm, self, args, _kwargs, node) => {
  const items = drawAll(vm, args[0] ?? null, node)
  if (items instanceof Unknown) return items
  const parts = items.map(plain)
  const open = parts.find((part) => typeof part !== 'string')
  if (open instanceof Unknown) return open
  if (open !== undefined && typeof open === 'object' && open !== null)
    return vm.unknown('a text that is not known', node)
  if (open !== undefined) return vm.raise('TypeError', `sequence item: expected str instance, ${typeName(open)} found`)
  const made = (parts as string[]).join(self)
  vm.allocate(made.length * 2)
  return made
}

/** `'{} {name!r:>5}'.format(…)` */
const format: Method<string> = (vm, self, args, kwargs, node) => {
  const dict = new Dict()
  for (const [name, value] of kwargs) setEntry(vm, dict, name, value)
  return formatted(vm, self, { args, kwargs, node, next: { at: 0n } }, 0)
}

interface Fields {
  readonly args: readonly Value[]
  readonly kwargs: Kwargs
  readonly node: Span
  readonly next: { at: bigint }
}

const field = /\{\{|\}\}|\{([^{}!:]*)(?:!([rsa]))?(?::((?:[^{}]|\{[^{}]*\})*))?\}/g

function formatted(vm: Interpreter, template: string, fields: Fields, depth: number): Value {
  let unknown: Unknown | undefined
  vm.step(Math.ceil(template.length / 256))
  const made = template.replace(field, (all, name, conversion, spec) => {
    if (all === '{{') return '{'
    if (all === '}}') return '}'
    const value = fieldValue(vm, name, fields)
    const how = spec && depth === 0 ? formatted(vm, spec, fields, 1) : (spec ?? '')
    const text = formatValue(vm, value, conversion ?? '', how, fields.node)
    if (typeof text === 'string') return text
    unknown ??=
      text instanceof Unknown ? text : vm.unknown('text that depends on the state of the database', fields.node)
    return ''
  })
  vm.allocate(made.length)
  return unknown ?? made
}

function fieldValue(vm: Interpreter, path: string, { args, kwargs, node, next }: Fields): Value {
  const head = /^[^.[]*/.exec(path)?.[0] ?? ''
  let value: Value | undefined
  if (head === '') value = args[Number(next.at++)]
  else value = /^\d+$/.test(head) ? args[Number(head)] : kwargs.get(head)
  if (value === undefined) {
    return /^\d*$/.test(head)
      ? vm.raise('IndexError', 'Replacement index out of range for positional args tuple')
      : vm.raiseKey(head)
  }
  for (const [, attr, item] of path.slice(head.length).matchAll(/\.([^.[]+)|\[([^\]]*)\]/g)) {
    value =
      attr !== undefined
        ? vm.attribute(value, attr, node)
        : indexValue(vm, value, /^\d+$/.test(item!) ? BigInt(item!) : item!, node)
  }
  return value
}

export const stringMethods: Methods<string> = {
  upper: simple((self) => self.toUpperCase()),
  lower: simple((self) => self.toLowerCase()),
  casefold: simple((self) => self.toLowerCase().replaceAll('ß', 'ss')),
  title: simple(titled),
  capitalize: simple((self) => self.slice(0, 1).toUpperCase() + self.slice(1).toLowerCase()),
  swapcase: simple((self) =>
    self.replace(/\p{L}/gu, (c) => (c === c.toUpperCase() ? c.toLowerCase() : c.toUpperCase())),
  ),
  strip: simple((self, args) => strip(self, args[0], true, true)),
  lstrip: simple((self, args) => strip(self, args[0], true, false)),
  rstrip: simple((self, args) => strip(self, args[0], false, true)),
  split: simple((self, args, vm, kwargs) => split(self, args, vm, kwargs, false)),
  rsplit: simple((self, args, vm, kwargs) => split(self, args, vm, kwargs, true)),
  splitlines: simple((self, args, _vm, kwargs) =>
    lines(self, (argument(args, kwargs, 0, 'keepends') ?? false) === true),
  ),
  join,
  format,
  replace: simple((self, args, vm) => replaced(self, args, vm)),
  startswith: simple((self, args, vm) => affix(args, vm, (part) => self.startsWith(part, count(args[1], 0)))),
  endswith: simple((self, args, vm) => affix(args, vm, (part) => self.endsWith(part))),
  find: simple((self, args, vm) => BigInt(found(self, args, vm, false))),
  rfind: simple((self, args, vm) => BigInt(found(self, args, vm, true))),
  index: simple((self, args, vm) => {
    const at = found(self, args, vm, false)
    return at < 0 ? vm.raise('ValueError', 'substring not found') : BigInt(at)
  }),
  count: simple((self, args, vm) => {
    const part = text(vm, args[0])
    return part === '' ? BigInt(self.length + 1) : BigInt(self.split(part).length - 1)
  }),
  partition: simple((self, args, vm) => partition(self, args, vm, false)),
  rpartition: simple((self, args, vm) => partition(self, args, vm, true)),
  zfill: simple((self, args, vm) => {
    const width = count(args[0], 0)
    vm.allocate(width * 2)
    return /^[-+]/.test(self) ? self[0] + self.slice(1).padStart(width - 1, '0') : self.padStart(width, '0')
  }),
  ljust: just('<'),
  rjust: just('>'),
  center: just('^'),
  removeprefix: simple((self, args, vm) =>
    self.startsWith(text(vm, args[0])) ? self.slice(text(vm, args[0]).length) : self,
  ),
  removesuffix: simple((self, args, vm) => {
    const end = text(vm, args[0])
    return end !== '' && self.endsWith(end) ? self.slice(0, -end.length) : self
  }),
  isdigit: test(/^\d+$/),
  isdecimal: test(/^\p{Nd}+$/u),
  isnumeric: test(/^\p{N}+$/u),
  isalpha: test(/^\p{L}+$/u),
  isalnum: test(/^[\p{L}\p{N}]+$/u),
  isspace: test(/^\s+$/),
  isupper: simple((self) => /\p{L}/u.test(self) && self === self.toUpperCase()),
  islower: simple((self) => /\p{L}/u.test(self) && self === self.toLowerCase()),
  istitle: simple((self) => self !== '' && self === titled(self)),
  isidentifier: test(/^[\p{XIDS}_][\p{XIDC}]*$/u),
  isascii: test(/^[\x00-\x7f]*$/),
  encode: simple(
    (self) => new Bytes([...new TextEncoder().encode(self)].map((byte) => String.fromCharCode(byte)).join('')),
  ),
}
