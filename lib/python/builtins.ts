import { isOpen } from './arguments.ts'
import type { Span } from './ast.ts'
import { findAttribute, findInClass, setAttribute, typeName } from './attributes.ts'
import { Bytes } from './bytes.ts'
import { callValue } from './calls.ts'
import { typeMaker } from './constructors.ts'
import { builtinExceptions } from './exceptions.ts'
import { HostObject } from './host.ts'
import { rangeLength } from './indexing.ts'
import type { Interpreter } from './interpreter.ts'
import { drawAll, drawGuarded, isKnown, iterate } from './iterate.ts'
import { sorted } from './list-methods.ts'
import { binary, ordering, plain } from './operators.ts'
import { PyRaise } from './outcome.ts'
import { formatValue, textOf } from './text.ts'
import { allOf, anyOf, decided, negated, truthValue } from './truth.ts'
import { BuiltinTypes, isInstance, isSubclass } from './types.ts'
import {
  BoundMethod,
  Builtin,
  Dict,
  EllipsisValue,
  type Entry,
  Func,
  Guarded,
  Instance,
  Iter,
  type Kwargs,
  List,
  Property,
  PyClass,
  PySet,
  Range,
  Sym,
  SymSeq,
  type Truth,
  Tuple,
  Unknown,
  type Value,
} from './values.ts'

type Run = (vm: Interpreter, args: readonly Value[], kwargs: Kwargs, node: Span) => Value

/** The names that every module has, each made when a script asks for it: most of them nobody ever does. */
export class Builtins {
  readonly types: BuiltinTypes
  readonly #vm: Interpreter
  readonly #made = new Map<string, Entry | undefined>()

  constructor(vm: Interpreter) {
    this.#vm = vm
    this.types = new BuiltinTypes((name) => typeMaker(vm, name))
  }

  get(name: string): Entry | undefined {
    if (this.#made.has(name)) return this.#made.get(name)
    const value = this.#make(name)
    const entry = value === undefined ? undefined : { key: name, value }
    this.#made.set(name, entry)
    return entry
  }

  #make(name: string): Value | undefined {
    if (name === 'NotImplemented') return new Instance(new PyClass('NotImplementedType', []))
    if (name === 'Ellipsis') return new EllipsisValue()
    if (name === '__debug__') return true
    if (name === '__name__') return 'builtins'
    const run = Object.hasOwn(functions, name) ? functions[name] : undefined
    if (run) return new Builtin(name, (args, kwargs, node) => run(this.#vm, args, kwargs, node))
    const hidden = ['NoneType', 'function', 'module'].includes(name)
    return builtinExceptions().get(name) ?? (hidden ? undefined : this.types.get(name))
  }
}

function length(vm: Interpreter, value: Value, node: Span): Value {
  if (typeof value === 'string') return BigInt(/[\ud800-\udfff]/.test(value) ? [...value].length : value.length)
  if (value instanceof Bytes) return BigInt(value.data.length)
  if (value instanceof Tuple) return BigInt(value.items.length)
  if (value instanceof Range) return rangeLength(value)
  if (value instanceof SymSeq) return new Sym({ op: 'len', seq: value })
  if (value instanceof List || value instanceof Dict || value instanceof PySet) return containerLength(vm, value, node)
  if (value instanceof HostObject) return value.length(vm, node) ?? vm.unknown(`len(${value.label})`, node, [value])
  if (value instanceof PyClass && vm.isEnum(value)) return BigInt(vm.enumMembers(value).map.size)
  if (isOpen(value)) return value instanceof Unknown ? value : vm.unknown('a number of the database', node)
  const method = value instanceof Instance ? findInClass(value.cls, '__len__') : undefined
  if (method && value instanceof Instance) return callValue(vm, new BoundMethod(value, method), [], new Map(), node)
  if (value instanceof Instance && value.native !== undefined) return length(vm, value.native, node)
  if (value instanceof Instance && value.cls.foreign.length > 0) return vm.unknown(`len of a ${value.cls.name}`, node)
  return vm.raise('TypeError', `object of type '${typeName(value)}' has no len()`)
}

function containerLength(vm: Interpreter, value: List | Dict | PySet, node: Span): Value {
  if (value.taint) return value.taint
  const held = value instanceof List ? value.items : [...value.map.values()].map((entry) => entry.value)
  const open = held.filter((item) => item instanceof Guarded && vm.branches.settle(item.predicate).op !== 'const')
  const sure = held.filter((item) => !(item instanceof Guarded) || !isNever(vm, item)).length - open.length
  if (value.tails.length === 1 && held.length === 0) return new Sym({ op: 'len', seq: value.tails[0]! })
  if (value.tails.length > 0) return vm.unknown('how many rows there are in the database', node)
  return open.length === 0 ? BigInt(sure) : counted(vm, open as Guarded[], BigInt(sure), node)
}

function isNever(vm: Interpreter, item: Guarded): boolean {
  const settled = vm.branches.settle(item.predicate)
  return settled.op === 'const' && !settled.value
}

/** A few items that are there only sometimes: a number for each case. */
function counted(vm: Interpreter, open: readonly Guarded[], sure: bigint, node: Span): Value {
  const [first, ...rest] = open
  if (!first) return sure
  if (open.length > 4) return vm.unknown('how many there are depends on the database', node)
  const more = (by: bigint) => () => ({ type: 'normal', value: counted(vm, rest, sure + by, node) }) as const
  const completion = vm.branches.branch(first.predicate, more(1n), more(0n))
  return completion.type === 'normal' ? completion.value : null
}

/** `any` and `all` over what is known, guarded or symbolic. */
function quantified(vm: Interpreter, value: Value, node: Span, all: boolean): Truth {
  const iterated = iterate(vm, value, node)
  if (iterated instanceof Unknown) return iterated
  if (iterated instanceof SymSeq) return symbolicAny(vm, iterated, node, all)
  const truths: Truth[] = []
  for (const given of iterated) {
    vm.step()
    const item = vm.resolve(given)
    const truth = vm.truth(item instanceof Guarded ? item.value : item, node)
    const wanted = all ? negated(truth) : truth
    const there = item instanceof Guarded ? decided(vm.branches.settle(item.predicate)) : true
    const counts = there === true ? wanted : allOf([there, wanted])
    if (counts === true) return !all
    truths.push(counts)
  }
  const found = anyOf(truths)
  return all ? negated(found) : found
}

function symbolicAny(vm: Interpreter, seq: SymSeq, node: Span, all: boolean): Truth {
  const truth = vm.truth(seq.projection, node)
  const wanted = all ? negated(truth) : truth
  if (wanted instanceof Unknown) return wanted
  const filter = typeof wanted === 'boolean' ? ({ op: 'const', value: wanted } as const) : wanted
  const found = vm.truth(seq.where(filter), node)
  return all ? negated(found) : found
}

function next(vm: Interpreter, args: readonly Value[], node: Span): Value {
  const [given, fallback] = args
  const value = vm.resolve(given ?? null)
  if (value instanceof SymSeq) return new Sym({ op: 'first', seq: value, fallback: fallback ?? null })
  if (value instanceof Instance) return nextOfInstance(vm, value, fallback, node)
  const iterated = iterate(vm, value, node)
  if (!isKnown(iterated))
    return iterated instanceof SymSeq ? new Sym({ op: 'first', seq: iterated, fallback: fallback ?? null }) : iterated
  return firstOf(vm, iterated[Symbol.iterator](), fallback, node)
}

/** The first item; one that is there only sometimes leaves the choice to its condition. */
function firstOf(vm: Interpreter, source: Iterator<Value>, fallback: Value | undefined, node: Span): Value {
  const drawn = source.next()
  if (drawn.done) return fallback !== undefined ? fallback : vm.raise('StopIteration', '')
  const item = vm.resolve(drawn.value)
  if (!(item instanceof Guarded)) return item
  const completion = vm.branches.branch(
    item.predicate,
    () => ({ type: 'normal', value: item.value }),
    () => ({ type: 'normal', value: firstOf(vm, source, fallback, node) }),
  )
  return completion.type === 'normal' ? completion.value : null
}

function nextOfInstance(vm: Interpreter, value: Instance, fallback: Value | undefined, node: Span): Value {
  try {
    return callValue(vm, vm.attribute(value, '__next__', node), [], new Map(), node)
  } catch (error) {
    if (fallback !== undefined && error instanceof PyRaise && error.exc.cls.name === 'StopIteration') return fallback
    throw error
  }
}

function extreme(vm: Interpreter, args: readonly Value[], kwargs: Kwargs, node: Span, sign: 1 | -1): Value {
  const items = args.length === 1 ? drawAll(vm, args[0]!, node) : [...args]
  if (items instanceof Unknown) return items
  if (items.length === 0)
    return (
      kwargs.get('default') ?? (kwargs.has('default') ? null : vm.raise('ValueError', 'max() arg is an empty sequence'))
    )
  const key = kwargs.get('key') ?? null
  const keyOf = (item: Value): Value => plain(key === null ? item : callValue(vm, key, [item], new Map(), node))
  let best: Value = items[0]!
  for (const item of items.slice(1)) {
    const order = ordering(vm, keyOf(item), keyOf(best), '<', node)
    if (typeof order !== 'number')
      return order instanceof Unknown ? order : vm.unknown('an order that is not known', node)
    if (order * sign > 0) best = item
  }
  return best
}

function lazily(source: IterableIterator<Value>): Iter {
  return new Iter(source)
}

function* mapped(vm: Interpreter, fn: Value, lists: readonly Iterable<Value>[], node: Span): IterableIterator<Value> {
  const sources = lists.map((list) => list[Symbol.iterator]())
  for (;;) {
    const drawn = sources.map((source) => source.next())
    if (drawn.some((item) => item.done)) return
    vm.step()
    const args = drawn.map((item) => item.value as Value)
    const guards = args.filter((arg): arg is Guarded => arg instanceof Guarded)
    if (guards.length === 0) yield fn === null ? new Tuple(args) : callValue(vm, fn, args, new Map(), node)
    else if (guards.length === 1 && args.length === 1)
      yield new Guarded(guards[0]!.predicate, callValue(vm, fn, [guards[0]!.value], new Map(), node))
    else yield vm.unknown('an item that depends on the state of the database', node)
  }
}

function over(vm: Interpreter, values: readonly Value[], node: Span, run: (lists: Iterable<Value>[]) => Value): Value {
  const lists = values.map((value) => iterate(vm, value, node))
  const open = lists.find((list) => !isKnown(list))
  if (open === undefined) return run(lists as Iterable<Value>[])
  return open instanceof Unknown ? open : vm.unknown('rows of the database', node)
}

function map(vm: Interpreter, args: readonly Value[], node: Span): Value {
  const [fn, ...values] = args
  const only = values.length === 1 ? iterate(vm, values[0]!, node) : undefined
  if (only instanceof SymSeq)
    return only.map(
      vm.symbolicBody(vm.unknown('rows of the database', node), () =>
        callValue(vm, fn ?? null, [only.projection], new Map(), node),
      ),
    )
  // what it would be called with is not known, but it is called
  if (only instanceof Unknown) return callValue(vm, only, [fn ?? null], new Map(), node)
  if (only && isKnown(only)) return lazily(mapped(vm, fn ?? null, [only], node))
  return over(vm, values, node, (lists) => lazily(mapped(vm, fn ?? null, lists, node)))
}

function filter(vm: Interpreter, args: readonly Value[], node: Span): Value {
  const [fn, value] = args
  const list = iterate(vm, value ?? null, node)
  if (list instanceof Unknown) return callValue(vm, list, [fn ?? null], new Map(), node)
  const test = (item: Value): Truth =>
    vm.truth(fn === null || fn === undefined ? item : callValue(vm, fn, [item], new Map(), node), node)
  if (list instanceof SymSeq) {
    const truth = vm.symbolicBody(vm.unknown('rows of the database', node), () => test(list.projection))
    if (truth instanceof Unknown) return truth
    return list.where(typeof truth === 'boolean' ? { op: 'const', value: truth } : truth)
  }
  const kept = new List()
  for (const item of list) {
    const truth = test(item instanceof Guarded ? item.value : item)
    if (truth === true) kept.items.push(item)
    else if (truth instanceof Unknown) return truth
    else if (truth !== false) kept.items.push(new Guarded(truth, item))
  }
  return new Iter(kept.items[Symbol.iterator]())
}

function* numbered(vm: Interpreter, list: Iterable<Value>, start: bigint): IterableIterator<Value> {
  let at = start
  for (const item of list) {
    vm.step()
    yield item instanceof Guarded ? vm.unknown('a number that depends on the database') : new Tuple([at, item])
    at++
  }
}

function sum(vm: Interpreter, args: readonly Value[], kwargs: Kwargs, node: Span): Value {
  const items = drawAll(vm, args[0] ?? null, node)
  if (items instanceof Unknown) return items
  return items.reduce<Value>((total, item) => binary(vm, '+', total, item, node), args[1] ?? kwargs.get('start') ?? 0n)
}

function hasattr(vm: Interpreter, args: readonly Value[], node: Span): Value {
  const value = vm.resolve(args[0] ?? null)
  if (value instanceof Unknown) return value
  const found = findAttribute(vm, value, String(args[1]), node)
  return found instanceof Unknown ? vm.unknown(`whether it has ${String(args[1])}`, node) : found !== undefined
}

function getattr(vm: Interpreter, args: readonly Value[], node: Span): Value {
  const [target, name, fallback] = args
  if (typeof name !== 'string')
    return name instanceof Unknown ? name : vm.unknown('an attribute whose name is not known', node)
  if (fallback === undefined) return vm.attribute(target ?? null, name, node)
  return findAttribute(vm, vm.resolve(target ?? null), name, node) ?? fallback
}

function callable(value: Value): boolean {
  if (value instanceof Instance) return findInClass(value.cls, '__call__') !== undefined
  return (
    value instanceof Func ||
    value instanceof Builtin ||
    value instanceof BoundMethod ||
    value instanceof PyClass ||
    value instanceof HostObject
  )
}

function round(vm: Interpreter, args: readonly Value[], node: Span): Value {
  const value = plain(args[0] ?? 0n)
  if (typeof value === 'bigint') return value
  if (typeof value !== 'number')
    return value instanceof Unknown ? value : vm.unknown('a number that is not known', node)
  const digits = typeof args[1] === 'bigint' ? Number(args[1]) : undefined
  if (digits !== undefined) return Number(value.toFixed(Math.min(100, Math.max(0, digits))))
  const floor = Math.floor(value)
  const half = value - floor === 0.5
  return BigInt(half ? (floor % 2 === 0 ? floor : floor + 1) : Math.round(value))
}

/** `super()` and `super(C, self)`: attributes are looked for behind C. */
function superOf(vm: Interpreter, args: readonly Value[], node: Span): Value {
  const { func, env } = vm.frame
  const name = func?.node.args.posonly[0]?.arg ?? func?.node.args.args[0]?.arg
  const self = args[1] ?? (name === undefined ? null : (env.map.get(name)?.value ?? null))
  const cls = args[0] ?? func?.cls
  const of = self instanceof Instance ? self.cls : self
  if (!(cls instanceof PyClass) || !(of instanceof PyClass)) return vm.unknown('super()', node)
  const behind = new PyClass('super', of.foreign.length > 0 ? [new Foreign(of, self)] : [])
  const rest = of.mro.slice(of.mro.indexOf(cls) + 1)
  for (const base of [...rest].reverse())
    for (const [key, entry] of base.map) behind.map.set(key, { key: entry.key, value: boundTo(entry.value, self, of) })
  const proxy = new Instance(behind)
  for (const [key, entry] of behind.map) proxy.map.set(key, entry)
  if (!proxy.map.has('__init__') && of.foreign.length === 0)
    proxy.map.set('__init__', { key: '__init__', value: superInit(vm, self) })
  if (!proxy.map.has('__setattr__'))
    proxy.map.set('__setattr__', {
      key: '__setattr__',
      value: new Builtin('__setattr__', ([key, value]) => {
        setAttribute(vm, self, String(key), value ?? null, node)
        return null
      }),
    })
  return proxy
}

/** The bases of a class that are not Python's, as `super()` finds them. */
class Foreign extends HostObject {
  readonly #cls: PyClass
  readonly #self: Value

  constructor(cls: PyClass, self: Value) {
    super(`what ${cls.name} inherits`)
    this.#cls = cls
    this.#self = self
  }

  override inherited(_proxy: Value, name: string, vm: Interpreter, node: Span): Value {
    for (const base of this.#cls.foreign) {
      const found = base instanceof HostObject ? base.inherited(this.#self, name, vm, node) : undefined
      if (found !== undefined) return found
    }
    return vm.unknown(this.label, node, [this.#self])
  }
}

/** The `__init__` of built-in bases: exceptions take their arguments. */
function superInit(vm: Interpreter, self: Value): Value {
  return new Builtin('__init__', (args) => {
    if (self instanceof Instance && self.map.has('args')) {
      vm.branches.touch(self)
      self.map.set('args', { key: 'args', value: new Tuple(args) })
    }
    return null
  })
}

function boundTo(value: Value, self: Value, cls: PyClass): Value {
  if (value instanceof Func) return new BoundMethod(self, value)
  if (value instanceof Property && value.type === 'classmethod') return new BoundMethod(cls, value.get)
  return value instanceof Property && value.type === 'staticmethod' ? value.get : value
}

/** What reaches outside is refused by name: its value is unknown, and so is what a script does with it. */
function refused(name: string): Run {
  return (vm, args, kwargs, node) => callValue(vm, vm.unknown(`${name}() is not run`, node), args, kwargs, node)
}

function print(vm: Interpreter, args: readonly Value[], node: Span): Value {
  if (!vm.host.onPrint || !vm.certain) return null
  const parts = args.map((value) => textOf(vm, value, 'str'))
  vm.host.onPrint(parts.map((part) => (typeof part === 'string' ? part : '…')).join(' '), vm.site(node))
  return null
}

const functions: Readonly<Record<string, Run>> = {
  len: (vm, args, _kwargs, node) => length(vm, args[0] ?? null, node),
  any: (vm, args, _kwargs, node) => truthValue(quantified(vm, args[0] ?? null, node, false)),
  all: (vm, args, _kwargs, node) => truthValue(quantified(vm, args[0] ?? null, node, true)),
  print: (vm, args, _kwargs, node) => print(vm, args, node),
  isinstance: (vm, args, _kwargs, node) => truthValue(isInstance(vm, args[0] ?? null, args[1] ?? null, node)),
  issubclass: (vm, args, _kwargs, node) => truthValue(isSubclass(vm, args[0] ?? null, args[1] ?? null, node)),
  hasattr: (vm, args, _kwargs, node) => hasattr(vm, args, node),
  getattr: (vm, args, _kwargs, node) => getattr(vm, args, node),
  setattr: (vm, args, _kwargs, node) => {
    setAttribute(vm, args[0] ?? null, String(args[1]), args[2] ?? null, node)
    return null
  },
  delattr: (vm, args) => {
    const [target, name] = args
    if (target instanceof Instance) {
      vm.branches.touch(target)
      target.map.delete(String(name))
    }
    return null
  },
  callable: (_vm, args) => (args[0] instanceof Unknown ? args[0] : callable(args[0] ?? null)),
  next: (vm, args, _kwargs, node) => next(vm, args, node),
  iter: (vm, args, _kwargs, node) => {
    const list = iterate(vm, args[0] ?? null, node)
    return isKnown(list) ? new Iter(list[Symbol.iterator]()) : list
  },
  min: (vm, args, kwargs, node) => extreme(vm, args, kwargs, node, -1),
  max: (vm, args, kwargs, node) => extreme(vm, args, kwargs, node, 1),
  sum,
  abs: (vm, args, _kwargs, node) => {
    const value = plain(args[0] ?? 0n)
    if (typeof value === 'bigint') return value < 0n ? -value : value
    return typeof value === 'number'
      ? Math.abs(value)
      : value instanceof Unknown
        ? value
        : vm.unknown('a number that is not known', node)
  },
  round: (vm, args, _kwargs, node) => round(vm, args, node),
  divmod: (vm, args, _kwargs, node) =>
    new Tuple([
      binary(vm, '//', args[0] ?? null, args[1] ?? null, node),
      binary(vm, '%', args[0] ?? null, args[1] ?? null, node),
    ]),
  pow: (vm, args, _kwargs, node) =>
    args.length > 2 ? vm.unknown('pow with a modulus', node) : binary(vm, '**', args[0] ?? null, args[1] ?? null, node),
  sorted: (vm, args, kwargs, node) => {
    const items = drawAll(vm, args[0] ?? null, node)
    const open = drawn(vm, args[0] ?? null, items, node)
    if (open !== undefined) return open
    const made = sorted(vm, items as Value[], kwargs, node)
    return made instanceof Unknown ? made : new List(made)
  },
  reversed: (vm, args, _kwargs, node) => {
    const items = drawGuarded(vm, args[0] ?? null, node)
    return Array.isArray(items) ? new Iter([...items].reverse()[Symbol.iterator]()) : items
  },
  zip: (vm, args, _kwargs, node) =>
    over(vm, args, node, (lists) => (lists.length === 0 ? new List() : lazily(mapped(vm, null, lists, node)))),
  enumerate: (vm, args, kwargs, node) =>
    over(vm, [args[0] ?? null], node, ([list]) =>
      lazily(numbered(vm, list!, BigInt((args[1] ?? kwargs.get('start') ?? 0n) as bigint))),
    ),
  map: (vm, args, _kwargs, node) => map(vm, args, node),
  filter: (vm, args, _kwargs, node) => filter(vm, args, node),
  repr: (vm, args) => textOf(vm, args[0] ?? null, 'repr'),
  ascii: (vm, args) => textOf(vm, args[0] ?? null, 'repr'),
  format: (vm, args, _kwargs, node) => formatValue(vm, args[0] ?? null, '', args[1] ?? '', node),
  chr: (vm, args) =>
    typeof args[0] === 'bigint' && args[0] >= 0n && args[0] < 0x110000n
      ? String.fromCodePoint(Number(args[0]))
      : vm.unknown('a character'),
  ord: (vm, args) =>
    typeof args[0] === 'string' && args[0] !== ''
      ? BigInt(args[0].codePointAt(0)!)
      : vm.unknown('the number of a character'),
  hex: (vm, args, _kwargs, node) => formatValue(vm, args[0] ?? null, '', '#x', node),
  oct: (vm, args, _kwargs, node) => formatValue(vm, args[0] ?? null, '', '#o', node),
  bin: (vm, args, _kwargs, node) => formatValue(vm, args[0] ?? null, '', '#b', node),
  hash: (vm, _args, _kwargs, node) => vm.unknown('hash() differs between runs', node),
  id: (vm, _args, _kwargs, node) => vm.unknown('id() differs between runs', node),
  super: (vm, args, _kwargs, node) => superOf(vm, args, node),
  property: (_vm, args) => new Property('property', args[0] ?? null, args[1] ?? null),
  classmethod: (_vm, args) => new Property('classmethod', args[0] ?? null),
  staticmethod: (_vm, args) => new Property('staticmethod', args[0] ?? null),
  vars: (vm, args, _kwargs, node) =>
    args.length > 0 ? vm.attribute(args[0]!, '__dict__', node) : vm.unknown('vars()', node),
  globals: (vm, _args, _kwargs, node) => vm.attribute(vm.frame.module, '__dict__', node),
  locals: (vm, _args, _kwargs, node) => vm.unknown('locals()', node),
  dir: (vm, _args, _kwargs, node) => vm.unknown('dir()', node),
  slice: (vm, _args, _kwargs, node) => vm.unknown('a slice object', node),
  memoryview: refused('memoryview'),
  bytearray: refused('bytearray'),
  complex: refused('complex'),
  open: refused('open'),
  input: refused('input'),
  exec: refused('exec'),
  eval: refused('eval'),
  compile: refused('compile'),
  __import__: refused('__import__'),
  breakpoint: () => null,
  exit: (vm, args) => vm.raise('SystemExit', args.length > 0 ? vm.shown(args[0]!) : ''),
  quit: (vm, args) => vm.raise('SystemExit', args.length > 0 ? vm.shown(args[0]!) : ''),
  _dict_fromkeys: (vm, args, _kwargs, node) => {
    const keys = drawAll(vm, args[0] ?? null, node)
    if (keys instanceof Unknown) return keys
    const dict = new Dict()
    for (const key of keys)
      callValue(vm, vm.attribute(dict, 'setdefault', node), [key, args[1] ?? null], new Map(), node)
    return dict
  },
}

/** What `sorted` gives of something that is not all known: the contents stay, the order is lost. */
function drawn(vm: Interpreter, value: Value, items: Value[] | Unknown, node: Span): Value | undefined {
  if (!(items instanceof Unknown)) return undefined
  const all = drawGuarded(vm, value, node)
  if (all instanceof Unknown) return all
  const list = new List()
  if (all instanceof SymSeq) list.tails = [all]
  else list.items = [...all]
  return list
}
